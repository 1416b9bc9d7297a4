//! How a number is computed: its formula, with every number in it named by the place where it stands.
//!
//! A formula is text in which `{field,row,column}` stands for a number of the trace and `{rate}` or `{momentum}` for a
//! setting. [`Formulas::of`] gives that of one number; who shows it puts the numbers in.

use super::chain::{Link, chain};
use super::{Update, Variation};
use crate::nn::loss::Loss;
use crate::nn::trace::mistake::HiddenSlope;
use crate::nn::{Activation, Layer, OptimizerKind};

/// The formulas of an update.
pub struct Formulas<'a> {
    update: &'a Update,
    links: Vec<Link<'a>>,
    pub(super) variations: &'a [Variation],
}

/// More terms than this are not written out.
const MAX_TERMS: usize = 12;

/// `{field,row,column}`.
pub(super) fn at(field: &str, row: usize, column: usize) -> String {
    format!("{{{field},{row},{column}}}")
}

/// Terms with plus signs between them.
pub(super) fn sum(n: usize, term: impl Fn(usize) -> String) -> String {
    let mut terms: Vec<String> = (0..n.min(MAX_TERMS)).map(term).collect();
    if MAX_TERMS < n {
        terms.push(format!("... ({n} terms)"));
    }
    terms.join(" + ")
}

impl Update {
    /// The formulas of this update, with the mistakes of `variations`.
    pub fn formulas<'a>(&'a self, variations: &'a [Variation]) -> Formulas<'a> {
        Formulas { update: self, links: chain(&self.network), variations }
    }

    /// The dense layers in the order of the forward pass: name, the field that goes in, and how many units there are.
    pub fn links(&self) -> Vec<(String, String, usize)> {
        let links = chain(&self.network);
        let dense = self.network.dense_layers();
        let each = links.into_iter().zip(dense);
        each.map(|(link, dense)| (link.name, link.input, dense.bias().len())).collect()
    }
}

impl Formulas<'_> {
    /// The formula of one number; empty where it is given. Rows of Jacobians are those of all examples one below the other.
    pub fn of(&self, field: &str, row: usize, column: usize) -> String {
        let of_output = self.of_output(field, row, column);
        of_output.or_else(|| self.of_layer(field, row, column)).unwrap_or_default()
    }

    pub(super) fn n_rows(&self) -> usize {
        self.update.x.nrows()
    }

    pub(super) fn n_classes(&self) -> usize {
        self.update.targets.ncols()
    }

    pub(super) fn loss(&self) -> Loss {
        self.update.loss
    }

    pub(super) fn has(&self, is: impl Fn(&Variation) -> bool) -> bool {
        self.variations.iter().any(is)
    }

    fn of_layer(&self, field: &str, row: usize, column: usize) -> Option<String> {
        if field == "logits" {
            return self.links.last().map(|link| dense(link, row, column));
        }
        // The longest name is the right one: `block_second_sums` is not of `block`.
        let owns = |link: &&Link<'_>| {
            field.strip_prefix(&link.name).is_some_and(|rest| rest.starts_with('_'))
        };
        let link = self.links.iter().filter(owns).max_by_key(|link| link.name.len());
        if let Some(block) = field.strip_suffix("_total") {
            let second = self.links.iter().find(|link| link.name == format!("{block}_second"))?;
            let around = second.around.as_ref()?;
            return Some(format!(
                "{} + {}",
                at(around, row, column),
                at(&second.field("sums"), row, column)
            ));
        }
        let link = link?;
        let what = field.strip_prefix(&link.name)?.strip_prefix('_')?;
        let n = self.n_rows();
        let own = |what: &str, row: usize| at(&link.field(what), row, column);
        Some(match what {
            "sums" => dense(link, row, column),
            "means" => format!("({}) / {n}", sum(n, |r| own("sums", r))),
            "variances" => {
                let square = |r| format!("({} - {})^2", own("sums", r), own("means", 0));
                format!("({}) / {n}", sum(n, square))
            }
            "normalised" => {
                let (x, m, v) = (own("sums", row), own("means", 0), own("variances", 0));
                format!("({x} - {m}) / sqrt({v} + 0.00001)")
            }
            "scaled" => {
                format!("{} * {} + {}", own("gamma", 0), own("normalised", row), own("beta", 0))
            }
            "outputs" => self.unit(link, row, column)?,
            "dropped" => format!("{} * {}", own("outputs", row), own("dropout", row)),
            "back" if link.has_dropout => {
                format!("{} * {}", own("dropped_back", row), own("dropout", row))
            }
            "back" | "dropped_back" => self.back(link, row, column),
            "scaled_deltas" => self.slope(link, row, column)?,
            "deltas" if link.around.is_some() => self.back(link, row, column),
            "deltas" if link.has_norm => {
                let d = |r| own("scaled_deltas", r);
                let h = |r| own("normalised", r);
                let (gamma, v) = (own(&self.passed_by("gamma"), 0), own("variances", 0));
                let mean_d = sum(n, d);
                let mean_dh = sum(n, |r| format!("{} * {}", d(r), h(r)));
                format!(
                    "{gamma} / sqrt({v} + 0.00001) * ({} - ({mean_d}) / {n} - {} * ({mean_dh}) / {n})",
                    d(row),
                    h(row)
                )
            }
            "deltas" => self.slope(link, row, column)?,
            _ => self.of_parameter(link, what, (row, column))?,
        })
    }

    fn unit(&self, link: &Link<'_>, row: usize, column: usize) -> Option<String> {
        let input = link.before_unit();
        let a = at(&input, row, column);
        if self.has(|v| matches!(v, Variation::HiddenSoftmax(_))) && !link.name.starts_with("block")
        {
            let n = self.width(link);
            return Some(format!("e^{a} / ({})", sum(n, |k| format!("e^{}", at(&input, row, k)))));
        }
        Some(match link.unit? {
            Layer::Activation(Activation::Sigmoid) => format!("1 / (1 + e^-{a})"),
            Layer::Activation(Activation::Tanh) => format!("tanh({a})"),
            Layer::Activation(Activation::Relu) => format!("max(0, {a})"),
            Layer::Activation(Activation::LeakyRelu) => format!("max({a}, {a} / 100)"),
            Layer::Prelu(_) => {
                format!("{a} if above 0, else {} * {a}", at(&link.field("slopes"), 0, column))
            }
            _ => a,
        })
    }

    fn width(&self, link: &Link<'_>) -> usize {
        link.next
            .iter()
            .filter_map(|&next| self.links.get(next))
            .map(|next| next.n_inputs)
            .next()
            .unwrap_or(1)
    }

    /// The parameters by which a gradient goes back: those before the update, or, by mistake, those after it.
    fn passed_by(&self, parameters: &str) -> String {
        let is_late = self.has(|v| *v == Variation::LateDeltas);
        if is_late { format!("{parameters}_after") } else { parameters.to_owned() }
    }

    /// The gradient by what a layer hands on: through the weights of the next layer, and round a residual block.
    fn back(&self, link: &Link<'_>, row: usize, column: usize) -> String {
        let end = self.passed_by("weights");
        let of = |&next: &usize| {
            let next = &self.links[next];
            let deltas = next.field("deltas");
            if next.around.as_ref() == Some(&link.end()) {
                return at(&deltas, row, column);
            }
            let n = next_width(&self.links, next, self.n_classes());
            sum(n, |k| format!("{} * {}", at(&next.field(&end), column, k), at(&deltas, row, k)))
        };
        link.next.iter().map(of).collect::<Vec<_>>().join(" + ")
    }

    /// The delta of a unit: what comes back times the slope of its function.
    fn slope(&self, link: &Link<'_>, row: usize, column: usize) -> Option<String> {
        let (back, h) =
            (at(&link.field("back"), row, column), at(&link.field("outputs"), row, column));
        let is_block = link.name.starts_with("block");
        let slope = self.variations.iter().find_map(|variation| match variation {
            Variation::HiddenSoftmax(slope) if !is_block => Some(*slope),
            _ => None,
        });
        if slope == Some(HiddenSlope::Jacobian) {
            let n = self.width(link);
            let both = |k| {
                format!(
                    "{} * {}",
                    at(&link.field("outputs"), row, k),
                    at(&link.field("back"), row, k)
                )
            };
            return Some(format!("{h} * ({back} - ({}))", sum(n, both)));
        }
        let sigmoid = format!("{back} * {h} * (1 - {h})");
        if slope == Some(HiddenSlope::Diagonal) {
            return Some(sigmoid);
        }
        Some(match link.unit? {
            Layer::Activation(Activation::Sigmoid) => sigmoid,
            Layer::Activation(Activation::Tanh) => format!("{back} * (1 - {h}^2)"),
            Layer::Activation(Activation::Relu) => format!("{back} if {h} is above 0, else 0"),
            Layer::Activation(Activation::LeakyRelu) => {
                format!("{back} if {h} is above 0, else {back} / 100")
            }
            Layer::Prelu(_) => {
                let (a, slope) = (
                    at(&link.before_unit(), row, column),
                    at(&link.field(&self.passed_by("slopes")), 0, column),
                );
                format!("{back} if {a} is above 0, else {back} * {slope}")
            }
            _ => back,
        })
    }

    /// Gradients, velocities, steps and weights after the update.
    fn of_parameter(&self, link: &Link<'_>, what: &str, place: (usize, usize)) -> Option<String> {
        let (row, column) = place;
        let (parameter, end) = what.split_once('_')?;
        let base = link.field(parameter);
        let own = |end: &str| at(&format!("{base}_{end}"), row, column);
        let (w, n) = (at(&base, row, column), self.n_rows());
        let deltas = |r| {
            at(
                &link.field(if link.has_norm && parameter != "weights" && parameter != "biases" {
                    "scaled_deltas"
                } else {
                    "deltas"
                }),
                r,
                column,
            )
        };
        let decay = self.update.optimizer().weight_decay();
        let g =
            if decay != 0.0 && parameter == "weights" && self.update.kind() != OptimizerKind::AdamW
            {
                format!("({} + {decay} * {w})", own("gradient"))
            } else {
                own("gradient")
            };
        let forgets = self.has(|v| *v == Variation::ForgetfulMomentum { is_computed: false });
        let before = |end: &str| if forgets { "0".to_owned() } else { own(end) };
        Some(match end {
            "gradient" => match parameter {
                "weights" => sum(n, |r| format!("{} * {}", at(&link.input, r, row), deltas(r))),
                "gamma" => sum(n, |r| {
                    format!("{} * {}", deltas(r), at(&link.field("normalised"), r, column))
                }),
                "slopes" => {
                    "the sum of back * sum over the examples whose sum is not above 0".to_owned()
                }
                _ => sum(n, deltas),
            },
            "velocity" if forgets => g,
            "velocity" => format!("{{momentum}} * {} + {g}", own("velocity_before")),
            "moment" => format!("0.9 * {} + 0.1 * {g}", before("moment_before")),
            "squares" => match self.update.kind() {
                OptimizerKind::Rmsprop { decay, .. } => {
                    format!("{decay} * {} + {:.3} * {g}^2", before("squares_before"), 1.0 - decay)
                }
                _ => format!("0.999 * {} + 0.001 * {g}^2", before("squares_before")),
            },
            "step" => match self.update.kind() {
                OptimizerKind::Momentum { .. } => own("velocity"),
                OptimizerKind::Nesterov { .. } => {
                    format!("{g} + {{momentum}} * {}", own("velocity"))
                }
                OptimizerKind::Rmsprop { .. } => format!("{g} / (sqrt({}) + 1e-8)", own("squares")),
                OptimizerKind::Adam | OptimizerKind::AdamW => {
                    let n_before = if forgets { 0 } else { self.update.optimizer().n_steps() };
                    let t = n_before.saturating_add(1);
                    let decayed = if self.update.kind() == OptimizerKind::AdamW
                        && parameter == "weights"
                        && decay != 0.0
                    {
                        format!(" + {decay} * {w}")
                    } else {
                        String::new()
                    };
                    format!(
                        "({} / (1 - 0.9^{t})) / (sqrt({} / (1 - 0.999^{t})) + 1e-8){decayed}",
                        own("moment"),
                        own("squares")
                    )
                }
            },
            "after" => {
                let sign = if self.has(|v| *v == Variation::Sign { of_deltas: false }) {
                    "+"
                } else {
                    "-"
                };
                let is_unseen =
                    self.has(|v| *v == Variation::ForgetfulMomentum { is_computed: true });
                let step = match self.update.kind() {
                    _ if !is_unseen => own("step"),
                    OptimizerKind::Momentum { .. } => g,
                    _ => "the step of a first update".to_owned(),
                };
                format!("{w} {sign} {{rate}} * {step}")
            }
            "mean_after" => format!(
                "0.9 * the old running mean + 0.1 * {}",
                at(&link.field("means"), 0, column)
            ),
            "variance_after" => format!(
                "0.9 * the old running variance + 0.1 * {} * {n} / ({n} - 1)",
                at(&link.field("variances"), 0, column)
            ),
            _ => return None,
        })
    }
}

/// `b + x w`.
fn dense(link: &Link<'_>, row: usize, column: usize) -> String {
    let term =
        |i| format!("{} * {}", at(&link.input, row, i), at(&link.field("weights"), i, column));
    format!("{} + {}", at(&link.field("biases"), 0, column), sum(link.n_inputs, term))
}

/// How many outputs a layer has.
fn next_width(links: &[Link<'_>], link: &Link<'_>, n_classes: usize) -> usize {
    let next = link.next.first().and_then(|&next| links.get(next));
    next.map_or(n_classes, |next| next.n_inputs)
}
