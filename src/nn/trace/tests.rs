//! A trace is what the library computes, with every kind of layer and optimizer, and mistakes are those of programs.

use ndarray::{Array2, array};

use super::{Field, HiddenSlope, Mistake, Order, Update, Variation};
use crate::nn::loss::{Loss, Targets};
use crate::nn::{
    ActivationKind, Architecture, EpsilonPlacement, Gradients, Network, Optimizer, OptimizerKind,
};
use crate::random::Random;

const KINDS: [OptimizerKind; 5] = [
    OptimizerKind::Momentum { momentum: 0.9 },
    OptimizerKind::Nesterov { momentum: 0.8 },
    OptimizerKind::Rmsprop { decay: 0.9, root: EpsilonPlacement::Outside },
    OptimizerKind::Adam,
    OptimizerKind::AdamW,
];

fn memory(kind: OptimizerKind, n: usize, random: &mut Random) -> [Vec<f64>; 2] {
    let mut numbers = |n: usize| (0..n).map(|_| random.unit()).collect();
    match kind {
        OptimizerKind::Momentum { .. } | OptimizerKind::Nesterov { .. } => [numbers(n), vec![]],
        OptimizerKind::Rmsprop { .. } => [vec![], numbers(n)],
        _ => [numbers(n), numbers(n)],
    }
}

/// A network, seven rows for it, and what its optimizer remembers of three steps.
fn update(architecture: &Architecture, kind: OptimizerKind, loss: Loss, seed: u64) -> Update {
    let mut random = Random::new(seed, 0);
    let network = architecture.build(&mut random).unwrap();
    let x = Array2::from_shape_simple_fn((7, architecture.n_inputs), || random.normal());
    let k = architecture.n_outputs;
    let targets = Array2::from_shape_fn((7, k), |(row, column)| f64::from(row % k == column));
    let memory = memory(kind, network.n_parameters(), &mut random);
    let rule = (kind, 0.1, 0.01);
    Update::new(network, (x, targets), loss, rule, (3, memory), Random::new(seed, 1)).unwrap()
}

fn field<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The update by the functions that training uses.
fn by_the_library(update: &Update) -> (f64, Gradients, Network, Optimizer) {
    let mut pass =
        update.network.forward_training(update.x.clone(), &mut Random::new(5, 1)).unwrap();
    let ones = vec![1.0; update.network.n_outputs()];
    let value = update.loss.of(pass.logits(), Targets::Shares(&update.targets), &ones).unwrap();
    let gradients = update.network.backward(&mut pass, &value.gradient).unwrap();
    let (mut network, mut optimizer) = (update.network.clone(), update.optimizer().clone());
    optimizer.step(&mut network, &gradients, update.rate()).unwrap();
    network.update_running_statistics(&pass);
    (value.loss, gradients, network, optimizer)
}

#[test]
fn every_number_is_the_librarys_bit_for_bit() {
    let mut n_compared = 0;
    for (at, unit) in ActivationKind::ALL.into_iter().enumerate() {
        for (residual, batch_norm, dropout) in [(0, false, 0.0), (2, true, 0.3), (1, false, 0.0)] {
            let architecture = Architecture {
                residual,
                batch_norm,
                dropout,
                ..Architecture::plain(3, &[5, 4], 3).with_activation(unit)
            };
            let kind = KINDS[at % KINDS.len()];
            let losses = [Loss::CrossEntropy { smoothing: 0.1 }, Loss::SquaredError];
            let update = update(&architecture, kind, losses[residual % 2], 5);
            let fields = update.trace(&[]).unwrap();
            let (loss, gradients, network, _) = by_the_library(&update);
            assert_eq!(field(&fields, "loss").values, [loss]);
            let ending = |end: &str| {
                let of = fields.iter().filter(move |field| field.name.ends_with(end));
                of.flat_map(|field| field.values.iter().copied()).collect::<Vec<f64>>()
            };
            assert_eq!(ending("_gradient"), gradients.values());
            let after: Vec<f64> =
                network.parameters().iter().flat_map(|p| p.values.iter().copied()).collect();
            let found = ending("_after");
            assert_eq!(found[..after.len()], after);
            // What the rate is multiplied by leads from the weights before to those after.
            let before = update.network.parameters();
            let before = before.iter().flat_map(|p| p.values.iter().copied());
            for ((before, step), after) in before.zip(ending("_step")).zip(&after) {
                let error = (before - 0.1 * step - after).abs();
                assert!(error < 1e-12 * (1.0 + after.abs()), "{before} {step} {after}");
                n_compared += 1;
            }
            let product = &field(&fields, "jacobian_product").values;
            for (product, delta) in product.iter().zip(&field(&fields, "output_deltas").values) {
                assert!((product - delta).abs() < 1e-14, "{product} {delta}");
            }
            assert_eq!(batch_norm, fields.iter().any(|f| f.name == "hidden1_normalised"));
            assert_eq!(residual == 2, fields.iter().any(|f| f.name == "block2_second_deltas"));
            assert_eq!(residual == 1, fields.iter().any(|f| f.name == "block_total"));
        }
    }
    assert!(n_compared > 1000, "{n_compared}");
}

#[test]
fn a_small_update_is_what_a_hand_computes() {
    // One input that is 1, one unit with the sum 0, weights of 0: p = 1/2 and 1/2, delta -1/2 and 1/2.
    let architecture = Architecture { init_scale: 0.0, ..Architecture::plain(1, &[1], 2) };
    let architecture = architecture.with_activation(ActivationKind::Sigmoid);
    let network = architecture.build(&mut Random::new(0, 0)).unwrap();
    let n = network.n_parameters();
    let rule = (OptimizerKind::Momentum { momentum: 0.5 }, 0.1, 0.0);
    let rows = (array![[1.0]], array![[1.0, 0.0]]);
    let loss = Loss::CrossEntropy { smoothing: 0.0 };
    let memory = (1, [vec![1.0; n], vec![]]);
    let update = Update::new(network, rows, loss, rule, memory, Random::new(0, 0)).unwrap();
    let fields = update.trace(&[]).unwrap();
    let values = |name: &str| field(&fields, name).values.clone();
    assert_eq!(values("hidden_outputs"), [0.5]);
    assert_eq!(values("probabilities"), [0.5, 0.5]);
    assert_eq!(values("jacobian"), [0.25, -0.25, -0.25, 0.25]);
    assert_eq!(values("output_deltas"), [-0.5, 0.5]);
    assert_eq!(values("output_weights_gradient"), [-0.25, 0.25]);
    assert_eq!(values("output_weights_velocity"), [0.25, 0.75]);
    assert_eq!(values("output_weights_after"), [-0.025, -0.1 * 0.75]);
    assert_eq!(values("hidden_deltas"), [0.0]);
    let phases: Vec<_> = fields.iter().map(|field| field.phase).collect();
    assert!(phases.is_sorted());
}

#[test]
fn a_mistake_changes_what_it_should_and_nothing_before() {
    let architecture = Architecture::plain(3, &[4], 3).with_activation(ActivationKind::Sigmoid);
    let loss = Loss::CrossEntropy { smoothing: 0.0 };
    let update = update(&architecture, OptimizerKind::Momentum { momentum: 0.9 }, loss, 1);
    let right = update.trace(&[]).unwrap();
    let first = |variation: &Variation| {
        let wrong = update.trace(std::slice::from_ref(variation)).unwrap();
        let differs = |(a, b): &(&Field, &Field)| {
            a.values.iter().zip(&b.values).any(|(a, b)| (a - b).abs() > 1e-12)
        };
        right.iter().zip(&wrong).find(differs).map(|(field, _)| field.name.clone())
    };
    let mut seen = std::collections::BTreeSet::new();
    for variation in Variation::all(7, 3) {
        // Rows of one class may change places.
        let Some(place) = first(&variation) else {
            assert!(matches!(variation, Variation::WrongOrder(Order::Rows(_))), "{variation:?}");
            continue;
        };
        let expected = match variation.mistake() {
            Mistake::HiddenSoftmax => "hidden_outputs",
            Mistake::BatchSoftmax => "probabilities",
            Mistake::Diagonal => match variation {
                Variation::Diagonal { of_entropy: true } => "jacobian",
                _ => "probability_gradients",
            },
            Mistake::JacobianTwice => "probability_gradients",
            Mistake::MissingDivision => "probability_gradients",
            Mistake::SquaredError => "losses",
            Mistake::Sign if variation == (Variation::Sign { of_deltas: true }) => {
                "probability_gradients"
            }
            Mistake::Sign => "hidden_weights_after",
            Mistake::LateDeltas => "hidden_back",
            Mistake::ForgetfulMomentum => match variation {
                Variation::ForgetfulMomentum { is_computed: true } => "hidden_weights_after",
                _ => "hidden_weights_velocity",
            },
            Mistake::DoubleSoftmax => match variation {
                Variation::DoubleSoftmax { is_shown: true, .. } => "probabilities",
                _ => "losses",
            },
            Mistake::NotOneHot | Mistake::WrongOrder => "targets",
            Mistake::SingleOutput => unreachable!("there are three outputs"),
        };
        assert_eq!(place, expected, "{variation:?}");
        seen.insert(variation.mistake());
    }
    assert_eq!(seen.len(), Mistake::ALL.len() - 1);
}

/// The value of a formula, where it has no words in it.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    number: &'a dyn Fn(&str) -> f64,
}

impl Reader<'_> {
    fn takes(&mut self, word: &str) -> bool {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let is_there = self.text[self.at..].starts_with(word.as_bytes());
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            if self.takes("+ ") {
                sum += self.product();
            } else if self.takes("- ") {
                sum -= self.product();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.power();
        loop {
            if self.takes("* ") {
                product *= self.power();
            } else if self.takes("/ ") {
                product /= self.power();
            } else {
                return product;
            }
        }
    }

    fn power(&mut self) -> f64 {
        let base = self.atom();
        if self.takes("^") { base.powf(self.atom()) } else { base }
    }

    fn atom(&mut self) -> f64 {
        if self.takes("-") {
            return -self.power();
        }
        if self.takes("e^") {
            return self.atom().exp();
        }
        for (word, of) in
            [("sqrt(", f64::sqrt as fn(f64) -> f64), ("tanh(", f64::tanh), ("(", |x| x)]
        {
            if self.takes(word) {
                let inside = self.sum();
                assert!(self.takes(")"));
                return of(inside);
            }
        }
        if self.takes("max(") {
            let first = self.sum();
            assert!(self.takes(","));
            let second = self.sum();
            assert!(self.takes(")"));
            return first.max(second);
        }
        if self.takes("ln") {
            return self.atom().ln();
        }
        let rest = &self.text[self.at..];
        if self.takes("{") {
            let end = rest.iter().position(|c| *c == b'}').unwrap();
            self.at += end;
            return (self.number)(std::str::from_utf8(&rest[1..end]).unwrap());
        }
        let is_number = |c: &u8| c.is_ascii_digit() || *c == b'.';
        let n = rest.iter().position(|c| !is_number(c)).unwrap_or(rest.len());
        let is_power_of_ten = rest[n..].starts_with(b"e-");
        let n = if is_power_of_ten { n + 3 } else { n };
        self.at += n;
        std::str::from_utf8(&rest[..n]).unwrap().parse().unwrap()
    }
}

#[test]
fn every_formula_gives_its_number() {
    let (mut n_read, mut names) = (0, std::collections::BTreeSet::new());
    for (at, unit) in ActivationKind::ALL.into_iter().enumerate() {
        for kind in KINDS {
            let architecture = Architecture {
                residual: at % 3,
                batch_norm: at % 2 == 0,
                dropout: if at == 1 { 0.4 } else { 0.0 },
                ..Architecture::plain(3, &[5, 4][at % 2..], 3).with_activation(unit)
            };
            let loss = [Loss::CrossEntropy { smoothing: 0.1 }, Loss::SquaredError][at / 4];
            let update = update(&architecture, kind, loss, 9);
            let forms = Variation::all(7, 3);
            for variations in
                std::iter::once(vec![]).chain(forms.into_iter().take(22).map(|v| vec![v]))
            {
                let fields = update.trace(&variations).unwrap();
                let number = |token: &str| {
                    let parts: Vec<&str> = token.split(',').collect();
                    match (parts[0], kind) {
                        ("rate", _) => return 0.1,
                        (
                            "momentum",
                            OptimizerKind::Momentum { momentum }
                            | OptimizerKind::Nesterov { momentum },
                        ) => {
                            return momentum;
                        }
                        _ => {}
                    }
                    let field = field(&fields, parts[0]);
                    let columns = field.shape.last().copied().unwrap_or(1);
                    field.values[parts[1].parse::<usize>().unwrap() * columns
                        + parts[2].parse::<usize>().unwrap()]
                };
                let formulas = update.formulas(&variations);
                for field in &fields {
                    let columns = field.shape.last().copied().unwrap_or(1);
                    for (at, value) in field.values.iter().enumerate() {
                        let text = formulas.of(&field.name, at / columns, at % columns);
                        let has_words = [" if ", "the ", "with ", "...", "softmax("]
                            .iter()
                            .any(|w| text.contains(w));
                        if text.is_empty() || has_words {
                            continue;
                        }
                        let mut reader = Reader { text: text.as_bytes(), at: 0, number: &number };
                        let found = reader.sum();
                        assert_eq!(reader.at, text.len(), "{text}");
                        let error = (found - value).abs();
                        // Epsilon is printed, and the velocity of Nesterov's step is the one before.
                        assert!(
                            error < 1e-9 * (1.0 + value.abs()),
                            "{variations:?} {}: {text} = {found}, not {value}",
                            field.name
                        );
                        n_read += 1;
                        names.insert(field.name.clone());
                    }
                }
            }
        }
    }
    assert!(n_read > 10_000 && names.len() > 100, "{n_read} of {} fields", names.len());
}

#[test]
fn a_hidden_softmax_with_its_whole_jacobian_has_the_right_gradient() {
    let architecture = Architecture::plain(3, &[4], 3).with_activation(ActivationKind::Sigmoid);
    let kind = OptimizerKind::Momentum { momentum: 0.0 };
    let update = update(&architecture, kind, Loss::CrossEntropy { smoothing: 0.0 }, 2);
    let loss = |update: &Update| {
        let softmax = [Variation::HiddenSoftmax(HiddenSlope::Jacobian)];
        field(&update.trace(&softmax).unwrap(), "loss").values[0]
    };
    let fields = update.trace(&[Variation::HiddenSoftmax(HiddenSlope::Jacobian)]).unwrap();
    let gradient = field(&fields, "hidden_weights_gradient").values[0];
    let moved = |by: f64| {
        let mut moved = update.clone();
        moved.network.parameters_mut()[0].values[0] += by;
        loss(&moved)
    };
    let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
    assert!((gradient - difference).abs() < 1e-8, "{gradient} {difference}");
}

#[test]
fn one_output_has_a_sigmoid_and_its_softmax_never_moves_the_loss() {
    let architecture = Architecture::plain(2, &[3], 1).with_activation(ActivationKind::Sigmoid);
    let network = architecture.build(&mut Random::new(3, 0)).unwrap();
    let rows = || (array![[1.0, 0.0], [0.0, 1.0]], array![[1.0], [0.0]]);
    let n = network.n_parameters();
    let rule = (OptimizerKind::Momentum { momentum: 0.9 }, 0.5, 0.0);
    let with = |loss: Loss| {
        let memory = (0, [vec![0.0; n], vec![]]);
        Update::new(network.clone(), rows(), loss, rule, memory, Random::new(0, 0))
    };
    let update = with(Loss::BinaryCrossEntropy).unwrap();
    let losses = update.losses(&[], 200).unwrap();
    assert!(losses[200] < 0.1 * losses[0], "{losses:?}");
    let fields = update.trace(&[Variation::SingleOutput]).unwrap();
    assert_eq!(field(&fields, "probabilities").values, [1.0, 1.0]);
    assert_eq!(field(&fields, "loss").values, [0.0]);
    let refusal = with(Loss::CrossEntropy { smoothing: 0.0 }).unwrap_err().to_string();
    assert!(refusal.contains("always 1"), "{refusal}");
}
