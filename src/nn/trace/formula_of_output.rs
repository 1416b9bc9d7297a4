//! The formulas between the logits and the output deltas.

use super::formula::{Formulas, at, sum};
use super::mistake::{Coding, Order, Variation};
use crate::nn::loss::Loss;

impl Formulas<'_> {
    /// The formula of a number between the logits and the output deltas; none for other fields.
    pub(super) fn of_output(&self, field: &str, row: usize, column: usize) -> Option<String> {
        let (n, k) = (self.n_rows(), self.n_classes());
        let p = |column| at("probabilities", row, column);
        let y = |column| self.goal(row, column);
        let is_hidden =
            |v: &Variation| matches!(v, Variation::DoubleSoftmax { is_shown: false, .. });
        Some(match field {
            "losses" | "probability_gradients" | "jacobian" if self.has(is_hidden) => {
                "as without the mistake, with softmax(p) in the place of p".to_owned()
            }
            "targets" => self.target(row, column),
            "probabilities" => self.probability(row, column),
            "losses" if self.is_squared() => {
                format!("({}) / 2", sum(k, |c| format!("({} - {})^2", p(c), y(c))))
            }
            "losses" if self.is_sigmoid() => {
                format!("-{0} * ln {1} - (1 - {0}) * ln(1 - {1})", y(0), p(0))
            }
            "losses" => format!("-({})", sum(k, |c| format!("{} * ln {}", y(c), p(c)))),
            "loss" => format!("({}) / {n}", sum(n, |row| at("losses", row, 0))),
            "probability_gradients" => {
                let error = if self.takes_error() {
                    format!("({} - {})", p(column), y(column))
                } else {
                    format!("-{} / {}", y(column), p(column))
                };
                self.divided(&error)
            }
            "jacobian" => {
                let (n, i, j) = (row / k.max(1), row % k.max(1), column);
                let p = |column| at("probabilities", n, column);
                match (i == j, self.is_diagonal()) {
                    (true, _) => format!("{0} * (1 - {0})", p(i)),
                    (false, true) => "0".to_owned(),
                    (false, false) => format!("-{} * {}", p(i), p(j)),
                }
            }
            "jacobian_product" => self.product(row, column),
            "output_deltas" => self.delta(row, column),
            _ => return None,
        })
    }

    fn is_squared(&self) -> bool {
        self.loss() == Loss::SquaredError || self.has(|v| *v == Variation::SquaredError)
    }

    fn is_sigmoid(&self) -> bool {
        let is_softmax =
            |v: &Variation| matches!(v, Variation::BatchSoftmax | Variation::SingleOutput);
        self.loss() == Loss::BinaryCrossEntropy && !self.has(is_softmax)
    }

    fn is_diagonal(&self) -> bool {
        self.has(|v| matches!(v, Variation::Diagonal { .. }))
    }

    /// Whether what the Jacobian is multiplied by is `p - y`.
    fn takes_error(&self) -> bool {
        let of_error = |v: &Variation| {
            matches!(v, Variation::JacobianTwice | Variation::Diagonal { of_entropy: false })
        };
        let of_entropy = |v: &Variation| *v == Variation::Diagonal { of_entropy: true };
        (self.is_squared() || self.has(of_error)) && !self.has(of_entropy)
    }

    /// The target, less what smoothing takes of it.
    fn goal(&self, row: usize, column: usize) -> String {
        let y = at("targets", row, column);
        match self.loss() {
            Loss::CrossEntropy { smoothing } if smoothing != 0.0 => {
                format!("({} * {y} + {smoothing} / {})", 1.0 - smoothing, self.n_classes())
            }
            _ => y,
        }
    }

    fn divided(&self, term: &str) -> String {
        let sign = if self.has(|v| *v == Variation::Sign { of_deltas: true }) { "-" } else { "" };
        if self.has(|v| *v == Variation::MissingDivision) {
            return format!("{sign}{term}");
        }
        format!("{sign}{term} / {}", self.n_rows())
    }

    fn product(&self, row: usize, column: usize) -> String {
        let k = self.n_classes();
        let entry = |j| at("jacobian", row * k + column, j);
        sum(k, |j| format!("{} * {}", entry(j), at("probability_gradients", row, j)))
    }

    fn delta(&self, row: usize, column: usize) -> String {
        let error = format!("({} - {})", at("probabilities", row, column), self.goal(row, column));
        let twice = self.variations.iter().find_map(|variation| match variation {
            Variation::DoubleSoftmax { is_shown, is_chained } => Some((*is_shown, *is_chained)),
            _ => None,
        });
        if let Some((_, true)) = twice {
            return "the Jacobian of the first softmax times what the second gives back".to_owned();
        }
        if self.is_diagonal() || self.takes_error() {
            return self.product(row, column);
        }
        match twice {
            Some((false, _)) => self.divided("(softmax(p) - y)"),
            _ => self.divided(&error),
        }
    }

    fn probability(&self, row: usize, column: usize) -> String {
        let z = |row, column| format!("e^{}", at("logits", row, column));
        if self.has(|v| *v == Variation::SingleOutput) {
            return format!("{0} / {0}", z(row, column));
        }
        if self.has(|v| *v == Variation::BatchSoftmax) {
            return format!("{} / ({})", z(row, column), sum(self.n_rows(), |n| z(n, column)));
        }
        if self.is_sigmoid() {
            return format!("1 / (1 + e^-{})", at("logits", row, column));
        }
        let once = format!("{} / ({})", z(row, column), sum(self.n_classes(), |k| z(row, k)));
        if self.has(|v| matches!(v, Variation::DoubleSoftmax { is_shown: true, .. })) {
            return format!("e^q / (sum over all classes of e^q), with q = {once}");
        }
        once
    }

    fn target(&self, row: usize, column: usize) -> String {
        let words = self.variations.iter().find_map(|variation| match variation {
            Variation::NotOneHot(Coding::Number) => {
                Some("the number of the class, from 0".to_owned())
            }
            Variation::NotOneHot(Coding::NumberFromOne) => {
                Some("the number of the class, from 1".into())
            }
            Variation::NotOneHot(Coding::NumberInPlace) => {
                Some("the number of the class, from 1, in its column".into())
            }
            Variation::NotOneHot(Coding::PlusMinus) => Some("1 for the class, else -1".into()),
            Variation::NotOneHot(Coding::Tenths) => Some("0.9 for the class, else 0.1".into()),
            Variation::WrongOrder(Order::Rows(order)) => {
                Some(format!("the target of row {}", order.get(row)?))
            }
            Variation::WrongOrder(Order::Columns(order)) => {
                Some(format!("the target of column {}", order.get(column)?))
            }
            _ => None,
        });
        words.unwrap_or_default()
    }
}
