//! From flags to the settings of a fit.

use std::path::Path;

use crate::image::Views;
use crate::learn::classifier::{
    Augment, ClassWeight, FirstWeights, FitSettings, Hidden, LossName, Norm, OptimizerName, Scaling,
};
use crate::learn::regression::NumberLoss;
use crate::model::training::{GradesFrom, Request};
use crate::nn::{ActivationKind, Schedule, Spread};
use serde::Deserialize;

use super::common::{from_name, named};
use super::settings::{DescriptorArgs, refuse_given};

/// What the network looks like; a retrained model keeps its own.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The network")]
pub struct NetworkArgs {
    /// Units of the hidden layers, such as 128,64; none for a linear classifier; auto: none or 64,
    /// whichever does better on out-of-fold pictures; for numbers one radial unit a picture, in closed form, but 64
    /// with any other flag of the network or of its learning
    #[arg(long, value_name = "SIZES", default_value = "auto", value_parser = hidden)]
    hidden: Hidden,
    /// What hidden units do
    #[arg(long, value_name = "NAME", default_value = "relu", value_parser = named::<ActivationKind>(&["relu", "leaky-relu", "prelu", "sigmoid", "tanh", "identity"]))]
    activation: ActivationKind,
    /// The first weights; discriminant: those of linear discriminant analysis with a shrunk covariance,
    /// or, before hidden layers, the whitening that belongs to it; he, xavier, lecun: random ones;
    /// auto: discriminant, but random ones with --scale none or --init-scale
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = ["auto", "discriminant", "he", "xavier", "lecun"])]
    init: String,
    /// Whether the first weights are spread evenly or normally
    #[arg(long, value_name = "NAME", default_value = "uniform", value_parser = named::<Spread>(&["uniform", "normal"]))]
    init_spread: Spread,
    /// Multiplies all first weights; other values than 1 show what goes wrong
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    init_scale: f64,
    /// batch: batch normalisation before every hidden unit
    #[arg(long, value_name = "NAME", default_value = "none", value_parser = named::<Norm>(&["none", "batch"]))]
    norm: Norm,
    /// Residual blocks after the last hidden layer
    #[arg(long, value_name = "N", default_value_t = 0)]
    residual: u16,
    /// The share of hidden units left out at random in every step
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    dropout: f64,
    /// none: give the network the features as they are, which shows why scaling matters
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = named::<Scaling>(&["auto", "none"]))]
    scale: Scaling,
}

fn hidden(text: &str) -> std::result::Result<Hidden, String> {
    match text {
        "auto" => Ok(Hidden::Auto),
        "none" => Ok(Hidden::Layers(Vec::new())),
        sizes => {
            let sizes: Option<Vec<usize>> = sizes
                .split(',')
                .map(|size| size.trim().parse().ok().filter(|size| (1..=65_536).contains(size)))
                .collect();
            sizes
                .map(Hidden::Layers)
                .ok_or("expected auto, none, or sizes from 1 to 65536 such as 128,64".into())
        }
    }
}

/// Where in a labelled folder the classes are.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct ClassLevelArg {
    /// How many folders below the source, or below its train, val and test, the classes are: 2 for
    /// folder/lot/class/
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    class_level: u8,
}

impl ClassLevelArg {
    pub fn level(self) -> usize {
        self.class_level.into()
    }
}

/// Where the numbers come from that the classes stand for: `none`, or a table. A table of that name is `./none`.
pub fn grades_from(given: Option<&Path>) -> GradesFrom<'_> {
    match given {
        None => GradesFrom::Names,
        Some(none) if none.as_os_str() == "none" => GradesFrom::Nowhere,
        Some(table) => GradesFrom::Table(table),
    }
}

/// How to learn; what is not given stays as it is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Learning")]
pub struct FitArgs {
    /// What is to become small; squared-error learns slowly [default: cross-entropy]. For numbers squared, or huber, where some
    /// may be wrong [default: squared]
    #[arg(long, value_name = "NAME", value_parser = named::<LossArg>(&["cross-entropy", "squared-error", "squared", "huber"]))]
    loss: Option<LossArg>,
    /// auto: learn from several views of each picture (in other light, out of focus, with noise, from
    /// nearer and from further away, but not so for numbers), but for those that cost accuracy
    /// [default: auto; none for numbers]
    #[arg(long, value_name = "NAME", value_parser = named::<Augment>(&["auto", "none"]))]
    augment: Option<Augment>,
    /// The share of certainty spread over all classes, for cross-entropy [default: 0.05]
    #[arg(long, value_name = "SHARE")]
    label_smoothing: Option<f64>,
    /// The rule for the steps [default: adam]
    #[arg(long, value_name = "NAME", value_parser = named::<OptimizerName>(&["adam", "adamw", "rmsprop", "momentum", "nesterov", "sgd"]))]
    optimizer: Option<OptimizerName>,
    /// The size of the steps [default: 0.001 for adam, adamw and rmsprop, 0.01 for the others]
    #[arg(long, value_name = "R")]
    rate: Option<f64>,
    /// How the rate changes: constant, cosine, step:EPOCHS:FACTOR after every so many epochs,
    /// plateau:EPOCHS:FACTOR after so many, fewer than the patience, without a better loss
    /// [default: constant]
    #[arg(long, value_name = "RULE", value_parser = schedule)]
    schedule: Option<Schedule>,
    /// Shorten the gradients of a step to this norm where they are longer [default: none]
    #[arg(long, value_name = "NORM", value_parser = clip_norm)]
    clip_norm: Option<ClipNorm>,
    /// How much of the last step stays, for momentum and nesterov [default: 0.9]
    #[arg(long, value_name = "M")]
    momentum: Option<f64>,
    /// Times through all views of all pictures, at the most; after a start in closed form as many
    /// as are best for out-of-fold pictures, at most 24 (or 600 steps) [default: 100]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Pictures a step [default: 64]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Stop after so many epochs without progress; 0 never stops early [default: 20]
    #[arg(long, value_name = "N")]
    patience: Option<usize>,
    /// How strongly weights are drawn to zero [default: 0.0001]
    #[arg(long, value_name = "W")]
    weight_decay: Option<f64>,
    /// balanced: every class counts alike; none: every picture does [default: balanced]
    #[arg(long, value_name = "NAME", value_parser = named::<ClassWeight>(&["balanced", "none"]))]
    class_weight: Option<ClassWeight>,
}

/// A loss of classes, or of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LossArg {
    CrossEntropy,
    SquaredError,
    Squared,
    Huber,
}

impl LossArg {
    fn of_classes(self) -> Option<LossName> {
        match self {
            Self::CrossEntropy => Some(LossName::CrossEntropy),
            Self::SquaredError => Some(LossName::SquaredError),
            Self::Squared | Self::Huber => None,
        }
    }
}

/// A norm, or none.
#[derive(Debug, Clone, Copy)]
struct ClipNorm(Option<f64>);

fn clip_norm(text: &str) -> std::result::Result<ClipNorm, String> {
    match text.parse() {
        _ if text == "none" => Ok(ClipNorm(None)),
        Ok(norm) => Ok(ClipNorm(Some(norm))),
        Err(_) => Err("expected none or a number such as 1".into()),
    }
}

fn schedule(text: &str) -> std::result::Result<Schedule, String> {
    let mut parts = text.split(':');
    let name = parts.next().unwrap_or_default();
    let epochs = parts.next().map(str::parse::<usize>);
    let factor = parts.next().map(str::parse::<f64>);
    match (name, epochs, factor, parts.next()) {
        ("constant", None, None, None) => Ok(Schedule::Constant),
        ("cosine", None, None, None) => Ok(Schedule::Cosine),
        ("step", Some(Ok(every)), Some(Ok(factor)), None) => Ok(Schedule::Step { every, factor }),
        ("plateau", Some(Ok(patience)), Some(Ok(factor)), None) => {
            Ok(Schedule::Plateau { patience, factor })
        }
        _ => Err("expected constant, cosine, step:EPOCHS:FACTOR or plateau:EPOCHS:FACTOR, such as step:50:0.5".into()),
    }
}

impl NetworkArgs {
    /// The default settings with this network.
    pub fn settings(&self) -> FitSettings {
        FitSettings {
            scale: self.scale,
            hidden: self.hidden.clone(),
            activation: self.activation,
            // `auto` is the name of none.
            init: from_name::<FirstWeights>(&self.init).ok(),
            init_spread: self.init_spread,
            init_scale: self.init_scale,
            norm: self.norm,
            residual: self.residual.into(),
            dropout: self.dropout,
            ..FitSettings::default()
        }
    }
}

impl FitArgs {
    /// Checks that the loss is one of classes.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) where it is one of numbers.
    pub fn check_of_classes(&self) -> crate::Result<()> {
        let is_other = self.loss.is_some_and(|loss| loss.of_classes().is_none());
        refuse_given(&[("loss", is_other)], "cross-entropy or squared-error", "a loss of numbers")
    }

    /// The flags of back-propagation, and whether each is there.
    fn of_steps(&self) -> [(&'static str, bool); 9] {
        [
            ("optimizer", self.optimizer.is_some()),
            ("rate", self.rate.is_some()),
            ("schedule", self.schedule.is_some()),
            ("clip-norm", self.clip_norm.is_some()),
            ("momentum", self.momentum.is_some()),
            ("epochs", self.epochs.is_some()),
            ("batch", self.batch.is_some()),
            ("patience", self.patience.is_some()),
            ("weight-decay", self.weight_decay.is_some()),
        ]
    }

    /// The loss for numbers.
    fn of_numbers(&self) -> crate::Result<NumberLoss> {
        let is_other = self.loss.is_some_and(|loss| loss.of_classes().is_some());
        let given = [
            ("loss", is_other),
            ("label-smoothing", self.label_smoothing.is_some()),
            ("class-weight", self.class_weight.is_some()),
        ];
        refuse_given(&given, "flags for numbers", "one for classes")?;
        let is_huber = self.loss == Some(LossArg::Huber);
        Ok(if is_huber { NumberLoss::Huber } else { NumberLoss::Squared })
    }

    /// The loss for numbers, or that of an old model where none was given.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for flags that are for classes.
    pub fn loss_after(&self, old: NumberLoss) -> crate::Result<NumberLoss> {
        let asked = self.of_numbers()?;
        Ok(if self.loss.is_some() { asked } else { old })
    }

    /// The views of pictures that numbers may be learned from anew, by those that they were learned from.
    pub fn views_after(&self, old: Views) -> Views {
        if self.augment == Some(Augment::None) { Views::ONE } else { old }
    }

    /// The settings of a network of numbers that learns anew, by those of the old one, where it was trained by back-propagation.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for flags of back-propagation where it was not.
    pub fn network_after(&self, old: Option<&FitSettings>) -> crate::Result<Option<FitSettings>> {
        let Some(old) = old else {
            let found = "a flag of back-propagation";
            let expected =
                "a model that was trained with --hidden, since this one has radial units";
            refuse_given(&self.of_steps(), expected, found)?;
            return Ok(None);
        };
        Ok(Some(self.over(old.clone())))
    }

    /// The settings given, with what was typed put in their place.
    pub fn over(&self, settings: FitSettings) -> FitSettings {
        FitSettings {
            augment: self.augment.unwrap_or(settings.augment),
            loss: self.loss.and_then(LossArg::of_classes).unwrap_or(settings.loss),
            label_smoothing: self.label_smoothing.unwrap_or(settings.label_smoothing),
            optimizer: self.optimizer.unwrap_or(settings.optimizer),
            rate: self.rate.or(settings.rate),
            schedule: self.schedule.unwrap_or(settings.schedule),
            clip_norm: self.clip_norm.map_or(settings.clip_norm, |clip| clip.0),
            momentum: self.momentum.unwrap_or(settings.momentum),
            epochs: self.epochs.unwrap_or(settings.epochs),
            batch: self.batch.unwrap_or(settings.batch),
            patience: self.patience.unwrap_or(settings.patience),
            weight_decay: self.weight_decay.unwrap_or(settings.weight_decay),
            class_weight: self.class_weight.unwrap_or(settings.class_weight),
            ..settings
        }
    }
}

/// What to learn from, and how.
#[derive(Debug, clap::Args)]
pub struct LearnArgs {
    #[command(flatten)]
    pub descriptor: DescriptorArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    fit: FitArgs,
    /// Keep pictures together whose paths match this pattern alike (the first brackets name the group)
    #[arg(long, value_name = "REGEX")]
    group_by: Option<regex::Regex>,
    #[command(flatten)]
    class_level: ClassLevelArg,
    /// Learn from windows of N x N pixels, side by side over every picture, instead of whole pictures; they vote on
    /// what a picture shows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub tile: Option<u16>,
}

/// How much is held out.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct HoldoutArg {
    /// About this share of the pictures is held out, chosen by their content; 0 trains on all [default: 0.2; 0 for numbers,
    /// of which each is measured by the others]
    #[arg(long, value_name = "SHARE")]
    pub holdout: Option<f64>,
}

impl HoldoutArg {
    /// The share for models of classes.
    pub fn of_classes(self) -> f64 {
        self.holdout.unwrap_or(0.2)
    }
}

impl LearnArgs {
    /// How numbers are learned: the loss, and the settings of a network that is trained by back-propagation, where any flag asks
    /// for one.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for flags that are for classes.
    pub fn of_numbers(&self) -> crate::Result<(NumberLoss, Option<FitSettings>)> {
        let loss = self.fit.of_numbers()?;
        // Views are asked for by themselves.
        let settings = FitSettings { augment: Augment::Auto, ..self.settings() };
        let is_of_classes = settings.init == Some(FirstWeights::Discriminant);
        refuse_given(&[("init", is_of_classes)], "auto, he, xavier or lecun", "one for classes")?;
        let takes_steps = self.fit.of_steps().iter().any(|(_, is_given)| *is_given);
        let is_asked_for = takes_steps || settings != FitSettings::default();
        Ok((loss, is_asked_for.then_some(settings)))
    }

    /// The views of pictures that numbers may be learned from: none where nothing is said, since they seldom pay. Those of other
    /// sizes are left out: a number often is a size.
    pub fn views_of_numbers(&self) -> Views {
        match self.fit.augment {
            Some(Augment::Auto) => Views::of_one_size(),
            _ => Views::ONE,
        }
    }

    /// Checks that no flag is for numbers.
    ///
    /// # Errors
    /// As [`FitArgs::check_of_classes`].
    pub fn check_of_classes(&self) -> crate::Result<()> {
        self.fit.check_of_classes()
    }

    pub fn settings(&self) -> FitSettings {
        self.fit.over(self.network.settings())
    }

    pub fn group_by(&self) -> Option<&regex::Regex> {
        self.group_by.as_ref()
    }

    pub fn request<'a>(
        &'a self,
        source: &'a Path,
        settings: &'a FitSettings,
        holdout: f64,
        seed: u64,
    ) -> Request<'a> {
        let group_by = self.group_by();
        let (class_level, grades) = (self.class_level.level(), GradesFrom::default());
        let tile = self.tile.map(usize::from);
        Request { source, settings, holdout, group_by, seed, class_level, grades, tile, replay: 0 }
    }
}
