//! What suits the pictures to learn from, by pictures among them that are left out in turn.

mod closed_form;
mod folds;
mod trial;

#[cfg(feature = "decode")]
use crate::batch::Batch;
use crate::batch::{Progress, Workers};
use crate::error::{Error, Result};
use crate::image::Views;
use crate::learn::classifier::{
    Augment, Classifier, ClosedForm, Examples, FitSettings, Hidden, OutOfFold, Start, TrialRecord,
    most_epochs, run,
};
use crate::learn::dataset::Dataset;
use crate::nn::Epoch;
use crate::texture::schema::Schema;
use closed_form::Search;
pub(crate) use folds::Folds;
pub(crate) use trial::Trial;

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    /// The settings with the hidden layers chosen.
    pub settings: FitSettings,
    /// Which views of the pictures.
    pub views: Views,
    /// Where the network begins.
    pub start: Start,
    /// What the networks of the chosen kind predicted for the pictures that they were not shown; none where the
    /// pictures are too few to leave some out.
    pub out_of_fold: Option<OutOfFold>,
    /// Of those pictures, the share that was given its label.
    pub out_of_fold_accuracy: Option<f64>,
    /// All that was tried, in order.
    pub trials: Vec<TrialRecord>,
}

impl Selection {
    /// Rows to learn from in the way that was chosen.
    pub fn examples<'a>(&'a self, data: &'a Dataset, rows: &'a [usize]) -> Examples<'a> {
        let (views, start, out_of_fold) = (self.views, self.start, self.out_of_fold.as_ref());
        Examples { views, start, out_of_fold, ..Examples::new(data, rows) }
    }
}

/// Who works on the folds.
#[derive(Clone, Copy)]
pub(crate) struct TrialContext<'a> {
    pub workers: &'a Workers,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
    /// Whether folds are worked on at once, rather than one after the other inside a worker's own work.
    pub at_once: bool,
}

impl<'a> TrialContext<'a> {
    /// The workers of a batch, on all folds at once.
    #[cfg(feature = "decode")]
    pub fn at_once(batch: &Batch<'a>) -> Self {
        Self { workers: batch.workers, progress: batch.progress, at_once: true }
    }

    /// Does some work for each of `n` parts, given by its number, and gives what comes of it in their order.
    ///
    /// # Errors
    /// The first of the work, [`Error::Interrupted`].
    pub fn each<T: Send>(
        self,
        n: usize,
        work: impl Fn(usize) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let mut all = Vec::with_capacity(n);
        let mut take = |outcome: Result<T>| {
            all.push(outcome?);
            self.workers.interrupt().check()
        };
        if self.at_once {
            self.workers.in_order(0..n, work, take)?;
        } else {
            (0..n).map(work).try_for_each(&mut take)?;
        }
        Ok(all)
    }
}

/// Lower differences of the log loss are the same to any user.
const MATTERS: f64 = 1e-3;

/// Where a linear classifier's log loss on out-of-fold pictures is below this, or all are right, hidden layers and more
/// epochs, which take longer than everything before them, have nothing to gain.
const WORTH_MORE: f64 = 0.05;

/// Epochs that are tried after a linear start. Most out-of-fold pictures are best at none, or at one or two.
const LINEAR_EPOCHS: usize = 6;

/// Chooses the views first, by linear classifiers in closed form, then how their covariance is shrunk, then the hidden
/// layers and how many epochs of back-propagation follow, each where the settings leave it open. Of two ways to learn
/// the simpler one is taken unless the other's mean log loss on out-of-fold pictures is lower by more than
/// [`MATTERS`] and by more than chance would do.
///
/// What it takes is bounded: of more than 3,000 pictures those 3,000 decide that stand evenly among them, a linear
/// candidate is one factorisation a part, of columns or of rows, of 2,048 at the most, and hidden layers are trained
/// for at most 24 epochs, or 600 steps, on a few directions instead of all columns.
///
/// # Errors
/// [`Error::Interrupted`]; [`Error::Size`] where the data are not of the schema.
pub(crate) fn select(
    data: &Dataset,
    rows: &[usize],
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
    context: TrialContext<'_>,
) -> Result<Selection> {
    let available = match settings.augment {
        Augment::Auto => data.views(),
        Augment::None => Views::ONE,
    };
    let Some(folds) = Folds::new(data, rows, seed)? else {
        return Ok(untried(available, settings));
    };
    let select = || select_by(&folds, available, schema, settings, seed, context);
    if context.at_once {
        context.progress.counted("ways to learn", N_STEPS, select)
    } else {
        select()
    }
}

/// Views, shrinkage and hidden layers.
const N_STEPS: usize = 3;

fn select_by(
    folds: &Folds,
    available: Views,
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
    context: TrialContext<'_>,
) -> Result<Selection> {
    let step = || {
        if context.at_once {
            context.progress.advance();
        }
    };
    let mut closed = Vec::new();
    let search = Search::new(folds, available, schema, settings, context)?;
    let views = search.choose_views(&mut closed)?;
    step();
    let is_closed = settings.may_start_in_closed_form();
    let linear = is_closed.then(|| search.choose_shrinkage(views, &mut closed)).transpose()?;
    step();
    let mut trials: Vec<TrialRecord> = closed.iter().map(Trial::record).collect();

    let hidden_search =
        HiddenSearch { folds, search: &search, views, schema, settings, seed, context };
    let mut best: Option<Trial> = None;
    for hidden in layers(settings) {
        let is_linear = hidden.is_empty() && settings.residual == 0;
        let other = match linear.as_ref().zip(linear.as_ref().and_then(Trial::form)) {
            None => hidden_search.after_random(&hidden),
            Some((linear, form)) if is_linear => {
                best = Some(linear.clone());
                if linear.log_loss() < WORTH_MORE || linear.accuracy == 1.0 {
                    break;
                }
                let epochs = LINEAR_EPOCHS.min(settings.epochs);
                hidden_search.after_closed_form(&hidden, ClosedForm { epochs, ..form }, 0)
            }
            Some((_, form)) => {
                let epochs = most_epochs(folds.data.len() * views.count(), settings);
                // Hidden layers know nothing before the first epoch, where one is allowed.
                hidden_search.after_closed_form(
                    &hidden,
                    ClosedForm { epochs, ..form },
                    epochs.min(1),
                )
            }
        };
        let other = match other {
            // A way that leaves all bounds is left out.
            Err(Error::Setting { .. }) => continue,
            other => other?,
        };
        trials.push(other.record());
        if best.as_ref().is_none_or(|best| other.surely_beats(best)) {
            best = Some(other);
        }
    }
    step();
    // Where every way failed, the fit that follows will say why.
    let Some(best) = best else {
        let nothing = untried(available, settings);
        return Ok(Selection { views, trials, ..nothing });
    };
    let out_of_fold = Some(OutOfFold { at: folds.at.clone(), logits: best.logits });
    Ok(Selection {
        settings: settings.with_hidden(&best.hidden),
        views,
        start: best.start,
        out_of_fold,
        out_of_fold_accuracy: Some(best.accuracy),
        trials,
    })
}

/// The hidden layers to choose from, the simplest first.
fn layers(settings: &FitSettings) -> Vec<Vec<usize>> {
    match &settings.hidden {
        Hidden::Auto => Hidden::CANDIDATES.map(<[usize]>::to_vec).to_vec(),
        Hidden::Layers(sizes) => vec![sizes.clone()],
    }
}

/// Where no picture can be left out.
fn untried(available: Views, settings: &FitSettings) -> Selection {
    let settings = settings.with_hidden(&layers(settings)[0]);
    let is_linear = settings.hidden.sizes().is_empty() && settings.residual == 0;
    let epochs = if is_linear { 0 } else { ClosedForm::UNTRIED_EPOCHS.min(settings.epochs) };
    let start = if settings.may_start_in_closed_form() {
        Start::Discriminant(ClosedForm { epochs, ..ClosedForm::UNTRIED })
    } else {
        Start::Random
    };
    let (views, trials) = (available, Vec::new());
    Selection { settings, views, start, out_of_fold: None, out_of_fold_accuracy: None, trials }
}

/// What trainings on the folds need.
struct HiddenSearch<'a> {
    folds: &'a Folds,
    search: &'a Search<'a>,
    views: Views,
    schema: &'a Schema,
    settings: &'a FitSettings,
    seed: u64,
    context: TrialContext<'a>,
}

impl HiddenSearch<'_> {
    /// Trains after a start in closed form, for as many epochs as its losses are lowest after, from `first` on.
    fn after_closed_form(&self, hidden: &[usize], form: ClosedForm, first: usize) -> Result<Trial> {
        let settings = self.settings.with_hidden(hidden);
        let run = self.folds.each(self.context, |part| {
            let known = self.search.known(part, self.views)?;
            let (rows, labels) = self.search.learned(part, self.views)?;
            let others = self.search.out_of_fold(part, self.views.averaged());
            let interrupt = self.context.workers.interrupt();
            let examples = (&rows, labels.as_slice());
            run(&known, examples, &others, form, &settings, (self.seed, interrupt))
        })?;
        let start = |epochs| Start::Discriminant(ClosedForm { epochs, ..form });
        let (labels, way) = (self.folds.labels(), (self.views, hidden));
        let best = Trial::best_of_run(run, first, &labels, way, start)?;
        Ok(best.ok_or(Error::Interrupted)?.1)
    }

    /// Trains from random weights as long as the settings let it.
    fn after_random(&self, hidden: &[usize]) -> Result<Trial> {
        let settings = self.settings.with_hidden(hidden);
        let logits = self.folds.each(self.context, |part| {
            let (data, split) = (&self.folds.data, &self.folds.splits[part]);
            let examples = Examples { views: self.views, ..Examples::new(data, &split.train) };
            let interrupt = self.context.workers.interrupt();
            let mut on_epoch = |_: &Epoch| interrupt.is_requested();
            let (schema, seed) = (self.schema, self.seed);
            let logits =
                Classifier::try_out(examples, &split.test, schema, &settings, seed, &mut on_epoch)?;
            Ok(vec![logits])
        })?;
        let logits = logits.into_iter().next().unwrap_or_default();
        Trial::new(self.views, hidden, Start::Random, logits, &self.folds.labels())
    }
}

#[cfg(test)]
mod tests;
