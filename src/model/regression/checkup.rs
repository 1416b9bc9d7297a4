//! What `doctor` does with numbers.

use ndarray::{Array2, Axis};

use super::copies::{contradictions, finding};
use super::learning::{Prepared, prepare};
use super::request::NumbersRequest;
use super::teach::fit;
use super::{Regressor, check_level};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{Part, path_to_text};
use crate::learn::classifier::{FitSettings, Scaling};
use crate::learn::dataset::Split;
use crate::learn::doctor::{
    Cause, Finding, Known, examine_numbers, examine_regression, explained, in_order,
};
use crate::learn::regression::{Examples, Regression, TargetMeasures, measures, train_network};
use crate::learn::selection::TrialContext;
use crate::model::training::{ShortRun, Trial, Warnings, brief_epochs};
use crate::nn::Network;
use crate::texture::descriptor::Descriptor;

/// What the doctor saw of pictures with numbers.
#[derive(Debug)]
pub struct NumbersCheckup {
    /// Pictures learned from.
    pub pictures: usize,
    /// Units among them.
    pub units: usize,
    /// How far the closed form is from each number, by the pictures of other units.
    pub measures: Vec<TargetMeasures>,
    /// The brief training of a network, where one was asked for.
    pub run: Option<ShortRun>,
    /// R2 of that network on the pictures that it learned from, and on those held out, where some were.
    pub explained: Option<[f64; 2]>,
    /// What is wrong, the cause before its effects.
    pub findings: Vec<Finding>,
    /// What came of a finding's remedy.
    pub trial: Option<Trial>,
    /// What else to say.
    pub warnings: Warnings,
}

/// So much more of the variance is explained where pictures were learned by heart.
const BY_HEART: f64 = 0.2;

/// Fewer pictures held out than this show nothing.
const FEW_HELD_OUT: usize = 10;

/// Learns in closed form what [`super::learn_numbers`] would learn from, and trains a network briefly where one is asked for; says what is
/// wrong. Where findings can be mended by a setting, it trains once more with the first, or with the first of three that helps.
///
/// # Errors
/// As [`super::learn_numbers`], but a loss that is no longer finite is a finding.
pub fn check_numbers(
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<NumbersCheckup> {
    check_level(request.level)?;
    let mut warnings = Warnings::default();
    let prepared = prepare(request, Part::Train, false, &descriptor, batch, &mut warnings)?;
    let (prepared, descriptor) = prepared.suited(descriptor, request.change, batch)?;
    let Prepared { mut labelled, names, values } = prepared;
    let split = labelled.data.hold_out(request.holdout)?;
    let data = &labelled.data;
    let closed = NumbersRequest { network: None, ..*request };
    let context = TrialContext::at_once(&batch);
    let fitted = fit(data, (&values, &names), &split.train, &descriptor, &closed, context)?;
    let rows: Vec<usize> = fitted.places.iter().map(|&at| split.train[at]).collect();
    let right = values.select(Axis(0), &rows);
    let measures = measures(&names, &fitted.out_of_fold, &right, &data.units(&rows));
    let known = Known {
        regression: &fitted.regression,
        loss: request.loss,
        answers: &fitted.out_of_fold,
        values: &right,
        measures: &measures,
    };
    let mut findings = examine_numbers(&known, |at| path_to_text(&labelled.paths[rows[at]]));
    findings.extend(finding(&contradictions(data, &values, &split.train), &values, &names));
    let units = fitted.regression.n_units();
    let mut checkup = NumbersCheckup {
        pictures: split.train.len(),
        units,
        measures,
        run: None,
        explained: None,
        findings,
        trial: None,
        warnings: Warnings::default(),
    };
    if let Some(settings) = request.network {
        let errors: Vec<Vec<f64>> = (0..names.len())
            .map(|target| fitted.regression.errors(target, &fitted.out_of_fold, &right))
            .collect();
        let features = [data.features(&split.train), data.features(&split.test)];
        let rows =
            Rows { regression: &fitted.regression, features, values: &values, split: &split };
        rows.train(settings, request, &errors, &mut checkup, batch)?;
    }
    checkup.findings = in_order(checkup.findings);
    warnings.failures.append(&mut labelled.failures);
    Ok(NumbersCheckup { warnings, ..checkup })
}

/// Pictures in numbers, learned from and held out.
struct Rows<'a> {
    regression: &'a Regression,
    features: [Array2<f64>; 2],
    /// Of all pictures.
    values: &'a Array2<f64>,
    split: &'a Split,
}

impl Rows<'_> {
    /// Trains a network briefly, and notes what comes of it.
    fn train(
        &self,
        settings: &FitSettings,
        request: &NumbersRequest<'_>,
        errors: &[Vec<f64>],
        checkup: &mut NumbersCheckup,
        batch: Batch<'_>,
    ) -> Result<()> {
        let Self { regression, values, split, .. } = self;
        let [learned, held_out] = [&split.train, &split.test]
            .map(|rows| regression.standardised(&values.select(Axis(0), rows)));
        let how = (request.loss.of_network(errors), request.seed);
        let epochs = brief_epochs(split.train.len(), settings);
        let run = |settings: &FitSettings| {
            let rows = self.scaled(0, settings)?;
            ShortRun::of(settings, epochs, batch, |brief, monitor| {
                let examples = Examples { rows: &rows, values: &learned };
                Ok(train_network(examples, None, brief, how, monitor)?.0)
            })
        };
        let (mut brief, network) = run(settings)?;
        checkup.findings.append(&mut brief.findings);
        if let Some(network) = network.filter(|_| FEW_HELD_OUT <= split.test.len()) {
            let of = |part: usize, right: &Array2<f64>, network: &Network| -> Result<f64> {
                Ok(explained(&network.logits(&self.scaled(part, settings)?)?, right))
            };
            let found = [of(0, &learned, &network)?, of(1, &held_out, &network)?];
            checkup.findings.extend(by_heart(found, split));
            checkup.explained = Some(found);
        }
        let again = |better: &FitSettings| Ok(run(better)?.0);
        let findings = in_order(checkup.findings.clone());
        checkup.trial = brief.try_remedies(settings, &findings, again)?;
        checkup.run = Some(brief);
        Ok(())
    }

    /// What the network is given of a part.
    fn scaled(&self, part: usize, settings: &FitSettings) -> Result<Array2<f64>> {
        match settings.scale {
            Scaling::Auto => self.regression.scaler.apply(&self.features[part]),
            Scaling::None => Ok(self.features[part].clone()),
        }
    }
}

fn by_heart([learned, held_out]: [f64; 2], split: &Split) -> Option<Finding> {
    (held_out + BY_HEART < learned).then(|| {
        let evidence = format!(
            "the network explains {:.0} % of the variance of the {} pictures learned from, and {:.0} % of that of {} others",
            100.0 * learned,
            split.train.len(),
            100.0 * held_out.max(0.0),
            split.test.len()
        );
        let remedy = "leave out --hidden: radial units take their penalty from pictures left out; or give --dropout 0.3, or a larger --weight-decay";
        Finding { cause: Cause::Overfitting, evidence, remedy: remedy.to_owned() }
    })
}

/// Examines a trained model of numbers, without pictures.
///
/// # Errors
/// [`crate::Error::Size`] where its parts do not fit each other, which loading it has checked.
pub fn check_regressor(regressor: &Regressor) -> Result<Vec<Finding>> {
    let scores = regressor.record.scores.iter();
    let known: Vec<(String, Option<f64>)> =
        scores.map(|score| (score.name.clone(), score.r2)).collect();
    examine_regression(&regressor.regression, &known)
}
