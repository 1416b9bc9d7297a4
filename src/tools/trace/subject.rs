//! From the fields and settings of a file to the update that they describe.

use std::path::Path;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::given::{Array, Given};
use crate::error::{Error, Problem, Result};
use crate::learn::classifier::{FitSettings, Norm, OptimizerName};
use crate::nn::loss::Loss;
use crate::nn::trace::{Update, parameter_names};
use crate::nn::{ActivationKind, Init, Network, OptimizerKind};
use crate::random::Random;

/// The network and the rule of an update, in the words of `train`. What a file does not say is as here.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Sizes of the hidden layers; where the file has weights, theirs.
    pub hidden: Option<Vec<usize>>,
    pub activation: ActivationKind,
    pub norm: Norm,
    pub residual: usize,
    pub dropout: f64,
    /// The first weights, where the file has none.
    pub init: Option<Init>,
    pub init_scale: f64,
    pub loss_function: LossFunction,
    pub label_smoothing: f64,
    pub optimizer: OptimizerName,
    pub rate: f64,
    pub momentum: f64,
    pub weight_decay: f64,
    /// How many updates came before this one.
    pub steps_before: i32,
}

/// What is to become small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LossFunction {
    CrossEntropy,
    SquaredError,
    /// Of a sigmoid: what a single output has.
    BinaryCrossEntropy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hidden: None,
            activation: ActivationKind::Sigmoid,
            norm: Norm::None,
            residual: 0,
            dropout: 0.0,
            init: None,
            init_scale: 1.0,
            loss_function: LossFunction::CrossEntropy,
            label_smoothing: 0.0,
            optimizer: OptimizerName::Momentum,
            rate: 0.1,
            momentum: 0.9,
            weight_decay: 0.0,
            steps_before: 1,
        }
    }
}

/// An update with what is said of it besides its numbers.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub settings: Settings,
    pub update: Update,
    /// One a row.
    pub labels: Vec<usize>,
}

/// The numbers of [`Given::from_json`] that the pages use.
const EXAMPLE: &str = include_str!("example.json");

/// The most weights and rows: every number is to be looked at.
const MAX_WEIGHTS: usize = 20_000;
const MAX_ROWS: usize = 1_000;
const MAX_SLOPES: usize = 2_000_000;

impl Given {
    /// The built-in example: two inputs, two sigmoid units, three classes, four rows, momentum.
    ///
    /// # Errors
    /// None: a test reads it.
    pub fn example() -> Result<Self> {
        Self::from_json(EXAMPLE).map_err(|problem| Error::data("the built-in example", problem))
    }

    /// Nothing but hidden layers of these sizes.
    pub fn with_hidden(sizes: &[usize]) -> Self {
        let mut given = Self::default();
        given.settings.insert("hidden".into(), sizes.into());
        given
    }

    /// What these fields and settings describe; weights that they do not have are random.
    ///
    /// # Errors
    /// [`Error::Model`] naming the file for what does not fit.
    pub fn subject(&self, path: &Path, seed: u64) -> Result<Subject> {
        let settings: Settings = serde_json::from_value(Value::Object(self.settings.clone()))
            .map_err(|e| {
                let expected = "settings as `textura trace --json` prints them";
                let advice = "`textura trace --help` and docs/trace.md list them";
                Error::model(path, Problem::new(expected, e.to_string(), advice))
            })?;
        self.build(&settings, seed).map_err(|error| match error {
            Error::Setting { name, problem } | Error::Data { place: name, problem } => {
                let expected = format!("{} as {name}", problem.expected);
                Error::model(path, Problem { expected, ..problem })
            }
            Error::Size { what, expected, found } => {
                let advice = "compare the sizes of inputs, weights and targets";
                let expected = format!("{expected} {what}");
                Error::model(path, Problem::new(expected, found.to_string(), advice))
            }
            other => other,
        })
    }

    fn build(&self, settings: &Settings, seed: u64) -> Result<Subject> {
        let refuse = |name: &str, expected: &str, found: &str, advice: &str| {
            Err(Error::data(name, Problem::new(expected, found, advice)))
        };
        let Some(inputs) = self.get("inputs") else {
            return refuse("inputs", "one row an example", "none", "give `inputs`");
        };
        let x = matrix(inputs);
        let n_outputs = self.n_outputs();
        let network = self.network(settings, (x.ncols(), n_outputs), seed)?;
        if let Some(odd) = x.iter().find(|value| !value.is_finite()) {
            return refuse("inputs", "finite numbers", &odd.to_string(), "leave the row out");
        }
        if MAX_ROWS < x.nrows() {
            let found = x.nrows().to_string();
            let expected = format!("at most {MAX_ROWS} rows");
            return refuse("inputs", &expected, &found, "give fewer rows");
        }
        let n_outputs = network.n_outputs();
        let n_slopes = n_outputs.saturating_mul(n_outputs).saturating_mul(x.nrows());
        if MAX_SLOPES < n_slopes {
            let expected = format!("at most {MAX_SLOPES} numbers in the Jacobians of all rows");
            let found = n_slopes.to_string();
            return refuse("classes", &expected, &found, "give fewer classes or rows");
        }
        let targets = self.targets(x.nrows(), n_outputs)?;
        let labels = targets.rows().into_iter().map(|row| {
            let larger = |best: usize, at: usize| if row[best] < row[at] { at } else { best };
            if row.len() == 1 { usize::from(0.5 < row[0]) } else { (0..row.len()).fold(0, larger) }
        });
        let labels = labels.collect();
        let loss = match settings.loss_function {
            _ if n_outputs == 1 => Loss::BinaryCrossEntropy,
            LossFunction::BinaryCrossEntropy => Loss::BinaryCrossEntropy,
            LossFunction::CrossEntropy => {
                Loss::CrossEntropy { smoothing: settings.label_smoothing }
            }
            LossFunction::SquaredError => Loss::SquaredError,
        };
        let kind = settings.optimizer.kind(settings.momentum);
        let memory = self.memory(&network, kind)?;
        let rule = (kind, settings.rate, settings.weight_decay);
        let steps = (settings.steps_before.max(0), memory);
        let update = Update::new(network, (x, targets), loss, rule, steps, Random::new(seed, 1))?;
        let mut settings = settings.clone();
        settings.hidden = Some(update.network.hidden_sizes());
        if loss == Loss::BinaryCrossEntropy {
            settings.loss_function = LossFunction::BinaryCrossEntropy;
        }
        Ok(Subject { settings, update, labels })
    }

    /// How many outputs there are: by the last layer's numbers, else by the targets, else by the labels.
    pub(super) fn n_outputs(&self) -> usize {
        let columns = |name: &str| self.get(name).map(|array| array.dim().1);
        let of_labels = self.get("labels").map(|labels| {
            labels.values.iter().fold(1, |most, &label| most.max(label.clamp(0.0, 1e6) as usize))
                + 1
        });
        let biases = self.get("output_biases").map(|biases| biases.values.len());
        biases.or(columns("output_weights")).or(columns("targets")).or(of_labels).unwrap_or(2)
    }

    /// The sizes of hidden layers that the fields have: `hidden_weights`, or `hidden1_weights` and so on.
    fn hidden(&self) -> Vec<usize> {
        let size = |name: &str| {
            let biases = self.get(&format!("{name}_biases")).map(|biases| biases.values.len());
            biases.or(self.get(&format!("{name}_weights")).map(|weights| weights.dim().1))
        };
        let numbered = (1..).map_while(|at| size(&format!("hidden{at}")));
        size("hidden").map_or_else(|| numbered.collect(), |one| vec![one])
    }

    fn network(&self, settings: &Settings, ends: (usize, usize), seed: u64) -> Result<Network> {
        let hidden = settings.hidden.clone().unwrap_or_else(|| self.hidden());
        let fit = FitSettings {
            activation: settings.activation,
            norm: settings.norm,
            residual: settings.residual,
            dropout: settings.dropout,
            init_scale: settings.init_scale,
            ..FitSettings::default()
        };
        let mut architecture = fit.with_hidden(&hidden).architecture(ends.0, ends.1);
        // Before there is memory for them.
        let mut sizes = vec![ends.0];
        sizes.extend(&hidden);
        sizes.push(ends.1);
        let last = hidden.last().copied().unwrap_or_default();
        let in_rows = sizes.windows(2).map(|pair| pair[0].saturating_mul(pair[1]));
        let in_blocks =
            last.saturating_mul(last).saturating_mul(2).saturating_mul(settings.residual);
        let n_weights = in_rows.fold(in_blocks, usize::saturating_add);
        if MAX_WEIGHTS < n_weights {
            let expected = format!("at most {MAX_WEIGHTS} weights");
            let problem = Problem::new(expected, n_weights.to_string(), "give smaller layers");
            return Err(Error::data("hidden", problem));
        }
        architecture.init = settings.init.unwrap_or(architecture.init);
        let mut network = architecture.build(&mut Random::new(seed, 0))?;
        let names = parameter_names(&network);
        let given = |name: &&String| self.get(name).is_some();
        let has_weights =
            names.iter().filter(|name| name.ends_with("weights")).any(|name| given(&name));
        for (name, parameter) in names.iter().zip(network.parameters_mut()) {
            match self.get(name) {
                Some(array) => copy(name, array, parameter.values)?,
                None if has_weights && name.ends_with("weights") => {
                    let problem = Problem::new("weights of every layer", "none", "give them, too");
                    return Err(Error::data(name, problem));
                }
                None => {}
            }
        }
        Ok(network)
    }

    /// What the optimizer remembers; zeros where the fields do not say it.
    fn memory(&self, network: &Network, kind: OptimizerKind) -> Result<[Vec<f64>; 2]> {
        let (has_first, has_second) = match kind {
            OptimizerKind::Momentum { .. } | OptimizerKind::Nesterov { .. } => (true, false),
            OptimizerKind::Rmsprop { .. } => (false, true),
            OptimizerKind::Adam | OptimizerKind::AdamW => (true, true),
        };
        let first = if has_second { "moment" } else { "velocity" };
        let mut memory = [Vec::new(), Vec::new()];
        for (has, word, numbers) in [(has_first, first, 0), (has_second, "squares", 1)]
            .map(|(has, word, at)| (has, word, at))
        {
            if !has {
                continue;
            }
            for (name, parameter) in parameter_names(network).iter().zip(network.parameters()) {
                let mut values = vec![0.0; parameter.values.len()];
                let name = format!("{name}_{word}_before");
                if let Some(array) = self.get(&name) {
                    copy(&name, array, &mut values)?;
                }
                memory[numbers].extend(values);
            }
        }
        Ok(memory)
    }

    /// Targets by the labels, else as they stand.
    fn targets(&self, n_rows: usize, n_outputs: usize) -> Result<Array2<f64>> {
        let Some(labels) = self.get("labels") else {
            let Some(targets) = self.get("targets") else {
                let problem =
                    Problem::new("the class of every row", "none", "give `labels`, counted from 0");
                return Err(Error::data("labels", problem));
            };
            return match Array2::from_shape_vec((n_rows, n_outputs), targets.values.clone()) {
                Ok(targets) => Ok(targets),
                Err(_) => {
                    let expected = format!("{n_rows} rows of {n_outputs} targets");
                    let found = format!("{} numbers", targets.values.len());
                    let advice = "give one row a row of the inputs and one column an output";
                    Err(Error::data("targets", Problem::new(expected, found, advice)))
                }
            };
        };
        let n_classes = n_outputs.max(2);
        if labels.values.len() != n_rows {
            let found = labels.values.len().to_string();
            let problem = Problem::new(format!("{n_rows} labels"), found, "give one a row");
            return Err(Error::data("labels", problem));
        }
        let mut targets = Array2::zeros((n_rows, n_outputs));
        for (row, &label) in labels.values.iter().enumerate() {
            let class = label as usize;
            if label.fract() != 0.0 || !(0.0..n_classes as f64).contains(&label) {
                let expected = format!("a whole number from 0 to {} in row {row}", n_classes - 1);
                let problem = Problem::new(expected, label.to_string(), "count classes from 0");
                return Err(Error::data("labels", problem));
            }
            if n_outputs == 1 {
                targets[[row, 0]] = label;
            } else {
                targets[[row, class]] = 1.0;
            }
        }
        Ok(targets)
    }
}

fn matrix(array: &Array) -> Array2<f64> {
    // As many numbers as rows times columns, by the definition of `dim`.
    Array2::from_shape_vec(array.dim(), array.values.clone()).unwrap_or_default()
}

fn copy(name: &str, array: &Array, values: &mut [f64]) -> Result<()> {
    if array.values.len() != values.len() {
        let found = format!("{} numbers", array.values.len());
        let expected = format!("{} numbers", values.len());
        let advice = "compare the sizes of inputs, weights and biases";
        return Err(Error::data(name, Problem::new(expected, found, advice)));
    }
    if let Some(odd) = array.values.iter().find(|value| !value.is_finite()) {
        let problem = Problem::new(
            "finite numbers",
            odd.to_string(),
            "give weights as they are before the update",
        );
        return Err(Error::data(name, problem));
    }
    values.copy_from_slice(&array.values);
    Ok(())
}
