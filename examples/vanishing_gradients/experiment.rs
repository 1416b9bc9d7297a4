//! What is tried, and what is measured.
//!
//! Each network is described by the settings of `textura train`, so that every row of the table can be
//! had from the command line, too.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use textura::batch::{Batch, Interrupt, Workers};
use textura::error::{Error, Problem, Result};
use textura::io::{Part, list_labelled};
use textura::learn::classifier::{
    Classifier, Examples, FirstWeights, FitSettings, Hidden, Norm, OptimizerName,
};
use textura::learn::dataset::Dataset;
use textura::model::labelled::extract_labelled;
use textura::nn::loss::{self, Targets};
use textura::nn::{ActivationKind, Layer, Network, Role, Unobserved};
use textura::random::Random;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

/// Hidden layers of the plain network.
const DEPTH: usize = 6;
/// Units of each.
const WIDTH: usize = 48;
/// Times through the pictures learned from; nothing stops earlier.
const EPOCHS: usize = 1000;
/// Pictures a step.
const BATCH: usize = 16;
/// Pictures of each class to learn from; as many are held out, so that an answer that is always the
/// same is right in exactly one case of as many as there are classes.
const LEARNED_PER_CLASS: usize = 10;
/// The seed of the page.
pub const SEED: u64 = 0;

/// What a trial is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The network that does not learn.
    Plain,
    /// The same with one thing changed.
    Remedy,
    /// A look at what a remedy needs.
    Beside,
}

/// One network and how it learns.
#[derive(Debug, Clone)]
pub struct Trial {
    /// In a few words.
    pub name: &'static str,
    /// What differs from the plain network, as flags of `textura train` where there are some.
    pub change: String,
    /// Why it is tried.
    pub kind: Kind,
    settings: FitSettings,
    /// Whether the ways round the residual blocks are taken away.
    is_cut: bool,
}

/// The numbers of a trial.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Which.
    pub trial: Trial,
    /// Mean loss of the last epoch.
    pub train_loss: f64,
    /// Pictures held out.
    pub n_held_out: usize,
    /// How many of them got the right label.
    pub n_right: usize,
    /// Classes.
    pub n_classes: usize,
    /// The norms of the gradients by the weights before the first step: of the layer before each hidden
    /// unit, from the input on, and of the output layer.
    pub gradient_norms: Vec<f64>,
}

impl Measured {
    /// The share of held-out pictures with the right label.
    pub fn accuracy(&self) -> f64 {
        self.n_right as f64 / self.n_held_out as f64
    }

    /// The accuracy as a multiple of what guessing has.
    pub fn times_chance(&self) -> f64 {
        self.accuracy() * self.n_classes as f64
    }
}

/// The plain network, its remedies, and four networks beside them.
pub fn trials() -> Vec<Trial> {
    let layers = |depth| Hidden::Layers(vec![WIDTH; depth]);
    let plain = || FitSettings {
        hidden: layers(DEPTH),
        activation: ActivationKind::Sigmoid,
        optimizer: OptimizerName::Momentum,
        epochs: EPOCHS,
        batch: BATCH,
        // A loss that stands still is what is to be seen, so it must not end the training.
        patience: 0,
        label_smoothing: 0.0,
        ..FitSettings::default()
    };
    // Without another word, ReLU would bring first weights of its own: a second change.
    let relu = |init| FitSettings { activation: ActivationKind::Relu, init, ..plain() };
    // With its usual rate, 0.001.
    let adam = || FitSettings { optimizer: OptimizerName::Adam, ..plain() };
    // As many sigmoids in a row as the plain network has; every one but the first is inside a block.
    let blocks = || FitSettings { hidden: layers(1), residual: DEPTH - 1, ..plain() };
    let trial = |kind, name, change: &str, settings| Trial {
        name,
        change: change.to_owned(),
        kind,
        settings,
        is_cut: false,
    };
    let remedy = |name, change: &str, settings| trial(Kind::Remedy, name, change, settings);
    let beside = |name, change: &str, settings| trial(Kind::Beside, name, change, settings);
    let plain_in_words = format!("{DEPTH} hidden layers of {WIDTH} sigmoids");
    let blocks_in_words = format!("`--hidden {WIDTH} --residual {}`", DEPTH - 1);
    vec![
        trial(Kind::Plain, "plain", &plain_in_words, plain()),
        remedy("ReLU", "`--activation relu --init xavier`", relu(Some(FirstWeights::Xavier))),
        remedy(
            "tanh",
            "`--activation tanh`",
            FitSettings { activation: ActivationKind::Tanh, ..plain() },
        ),
        remedy("initialisation", "`--init-scale 4`", FitSettings { init_scale: 4.0, ..plain() }),
        remedy("batch norm", "`--norm batch`", FitSettings { norm: Norm::Batch, ..plain() }),
        remedy("adaptive rates", "`--optimizer adam`", adam()),
        remedy("residual blocks", &blocks_in_words, blocks()),
        beside("ReLU, He", "`--activation relu`", relu(None)),
        beside(
            "sigmoid, He",
            "`--init he`",
            FitSettings { init: Some(FirstWeights::He), ..plain() },
        ),
        beside(
            "deeper, Adam",
            &format!("{} layers, `--optimizer adam`", DEPTH + 2),
            FitSettings { hidden: layers(DEPTH + 2), ..adam() },
        ),
        Trial { is_cut: true, ..beside("blocks, cut", "no ways round the blocks", blocks()) },
    ]
}

/// The pictures, in numbers.
pub struct Lesson {
    data: Dataset,
    descriptor: Descriptor,
}

impl Lesson {
    /// Reads the textures among the fixtures.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn read() -> Result<Self> {
        let listing = list_labelled(&root().join("fixtures/textures"), Part::Train)?;
        let fast = DescriptorOptions::preset("fast").ok_or_else(|| problem("the preset fast"))?;
        let descriptor = Descriptor::new(fast)?;
        let workers = Workers::new(1, Interrupt::default())?;
        let batch = Batch::new(&workers);
        let labelled = extract_labelled(
            listing.entries,
            &listing.classes,
            None,
            &batch.extractor(&descriptor),
            batch,
        )?;
        match labelled.failures.into_iter().next() {
            Some(failure) => Err(failure.error),
            None => Ok(Self { data: labelled.data, descriptor }),
        }
    }

    /// Trains a network and measures it on the pictures held out.
    ///
    /// Draws and seeds are those of `textura cv --train-per-class 10 --repeats 1`, so that the command
    /// line finds the same accuracy.
    ///
    /// # Errors
    /// Those of [`Classifier::fit`].
    pub fn measure(&self, trial: &Trial, seed: u64) -> Result<Measured> {
        let split = self.data.draw_per_class(LEARNED_PER_CLASS, &mut Random::new(seed, 3))?;
        let examples = Examples::new(&self.data, &split.train);
        let schema = self.descriptor.schema();
        // Without an epoch, it is the network as it was drawn.
        let untrained = FitSettings { epochs: 0, ..trial.settings.clone() };
        let (mut fresh, _) = Classifier::fit(examples, schema, &untrained, seed, &mut Unobserved)?;
        if trial.is_cut {
            fresh.network = Network::new(in_a_row(&fresh.network).cloned().collect())?;
        }
        let x = fresh.scaler.apply(&self.data.features(&split.train))?;
        let gradient_norms =
            gradient_norms(&fresh.network, x, &self.data.labels(&split.train), seed)?;

        let (learned, history) =
            fresh.refit(examples, schema, &trial.settings, seed, &mut Unobserved)?;
        let predicted = learned.predict(&[self.data.features(&split.test)])?.labels();
        let labels = self.data.labels(&split.test);
        Ok(Measured {
            trial: trial.clone(),
            train_loss: history.epochs.last().map_or(f64::NAN, |epoch| epoch.train_loss),
            n_held_out: labels.len(),
            n_right: predicted.iter().zip(&labels).filter(|(p, l)| p == l).count(),
            n_classes: self.data.classes().len(),
            gradient_norms,
        })
    }
}

/// The norms of the gradients by the weights, one a hidden unit's layer and one of the output layer.
fn gradient_norms(
    network: &Network,
    x: Array2<f64>,
    labels: &[usize],
    seed: u64,
) -> Result<Vec<f64>> {
    // All rows at once, as in training: batch normalisation takes the mean and variance of them.
    let mut pass = network.forward_training(x, &mut Random::new(seed, 2))?;
    let alike = vec![1.0; network.n_outputs()];
    let loss = loss::cross_entropy(pass.logits(), Targets::Labels(labels), &alike, 0.0)?;
    let gradients = network.backward(&mut pass, &loss.gradient)?;
    let parameters = network.parameters();
    let mut weights = parameters.iter().filter(|parameter| parameter.role == Role::Weight);
    let layers: Vec<&Layer> = in_a_row(network).collect();
    let mut norms = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        if !matches!(layer, Layer::Dense(_)) {
            continue;
        }
        let parameter = weights.next().ok_or_else(|| problem("weights of every dense layer"))?;
        // The second layer of a block has no unit behind it; without it, the k-th norm of every network
        // belongs to its k-th row of units.
        if !matches!(layers.get(at + 1), Some(Layer::Dense(_))) {
            let squares = gradients.values()[parameter.range.clone()].iter().map(|g| g * g);
            norms.push(squares.sum::<f64>().sqrt());
        }
    }
    Ok(norms)
}

/// The layers, those of residual blocks in the place of the block.
fn in_a_row(network: &Network) -> impl Iterator<Item = &Layer> {
    network.layers().iter().flat_map(|layer| match layer {
        Layer::Residual(block) => block.inner().layers(),
        other => std::slice::from_ref(other),
    })
}

/// The project's folder, from wherever the command is run.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn problem(expected: &str) -> Error {
    Error::setting("vanishing_gradients", Problem::new(expected, "none", "mend the example"))
}
