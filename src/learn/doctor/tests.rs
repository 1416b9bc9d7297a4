use std::collections::BTreeSet;

use ndarray::Array2;

use super::nearest::{Agreement, Example};
use super::{Cause, Finding, Monitor, examine_data, in_order, mended};
use crate::learn::classifier::{ClassWeight, FirstWeights, FitSettings, LossName, Scaling};
use crate::learn::dataset::{Dataset, Origin};
use crate::nn::loss::{Loss, Targets};
use crate::nn::{Architecture, Epoch, OptimizerKind, Schedule, Task, TrainSettings, train};
use crate::random::Random;
use crate::texture::schema::{Block, Schema};

#[test]
fn causes_have_names_titles_and_an_order() {
    let names: BTreeSet<_> = Cause::ALL.iter().map(|cause| cause.name()).collect();
    let titles: BTreeSet<_> = Cause::ALL.iter().map(|cause| cause.title()).collect();
    assert_eq!((names.len(), titles.len()), (24, 24));
    assert!(Cause::ALL.is_sorted());
    let finding = |cause| Finding::new(cause, "e", "r");
    let ordered = in_order(vec![finding(Cause::StandsStill), finding(Cause::NotScaled)]);
    assert_eq!(ordered[0].cause, Cause::NotScaled);
    assert_eq!(ordered[0].to_string(), "the inputs are not scaled: e; r");
}

#[test]
fn a_softmax_of_one_output_is_named_first() {
    let x = Array2::from_shape_fn((30, 2), |(row, column)| ((row * 3 + column) as f64).sin());
    let mut network = Architecture::plain(2, &[4], 1).build(&mut Random::new(0, 0)).unwrap();
    let settings = TrainSettings {
        loss: Loss::CrossEntropy { smoothing: 0.0 },
        optimizer: OptimizerKind::Momentum { momentum: 0.9 },
        rate: 0.1,
        schedule: Schedule::Constant,
        clip_norm: None,
        weight_decay: 0.0,
        epochs: 30,
        batch: 10,
        patience: 0,
        class_weights: vec![1.0],
    };
    let mut go_on = |_: &Epoch| false;
    let mut monitor = Monitor::new(&mut go_on);
    let task = Task { x: &x, targets: Targets::Labels(&[0; 30]) };
    train(&mut network, task, None, &settings, &mut Random::new(0, 1), &mut monitor).unwrap();
    let findings = monitor.findings();
    assert_eq!(findings[0].cause, Cause::SingleOutput, "{findings:?}");
    assert!(findings[0].remedy.contains("two outputs"));
}

#[test]
fn a_remedy_changes_the_settings_it_names() {
    let plain = FitSettings::default();
    let mut n_mended = 0;
    for &cause in Cause::ALL {
        let Some((better, flags)) = mended(cause, &plain) else { continue };
        assert!(flags.starts_with("--") && better != plain, "{flags}");
        n_mended += 1;
    }
    // A rate, other units, or batch normalisation; the rest is as it should be already.
    assert_eq!(n_mended, 6);
    let odd = FitSettings {
        scale: Scaling::None,
        init: Some(FirstWeights::Lecun),
        init_scale: 0.5,
        loss: LossName::SquaredError,
        class_weight: ClassWeight::None,
        weight_decay: 3.0,
        schedule: Schedule::Cosine,
        ..plain.clone()
    };
    let flags = |cause| mended(cause, &odd).map(|(_, flags)| flags).unwrap_or_default();
    assert_eq!(flags(Cause::NotScaled), "--scale auto");
    assert_eq!(flags(Cause::OversizedWeights), "--init auto --init-scale 1");
    assert_eq!(flags(Cause::ExplodingGradients), "--init auto --init-scale 1");
    assert_eq!(
        flags(Cause::VanishingGradients),
        "--activation relu --norm batch --init auto --init-scale 1"
    );
    assert_eq!(flags(Cause::SquaredError), "--loss cross-entropy");
    assert_eq!(flags(Cause::DecayTooLarge), "--weight-decay 0.0001");
    assert_eq!(flags(Cause::RateTooSmall), "--schedule constant");
    assert_eq!(flags(Cause::Imbalance), "--class-weight balanced");
    assert_eq!(flags(Cause::TwoLabels), "");
    let rate = |rate, cause| {
        let settings = FitSettings { rate: Some(rate), ..FitSettings::default() };
        mended(cause, &settings).and_then(|(settings, _)| settings.rate)
    };
    assert_eq!(rate(5.0, Cause::RateTooLarge), Some(0.001));
    assert_eq!(rate(1e-4, Cause::RateTooLarge), Some(1e-5));
    assert_eq!(rate(1e-9, Cause::RateTooSmall), Some(0.001));
    assert_eq!(rate(0.5, Cause::RateTooSmall), Some(5.0));
}

/// Rows of two clouds, `apart` from each other.
fn clouds(n: usize, apart: f64, random: &mut Random) -> (Array2<f64>, Vec<usize>) {
    let labels: Vec<usize> = (0..n).map(|row| row % 2).collect();
    let mut x = Array2::from_shape_simple_fn((n, 3), || random.normal());
    for (mut row, &label) in x.rows_mut().into_iter().zip(&labels) {
        row += apart * label as f64;
    }
    (x, labels)
}

fn agreement(x: &Array2<f64>, labels: &[usize], contents: &[[u8; 1]], most: usize) -> Agreement {
    let examples = labels.iter().zip(contents).map(|(&label, content)| Example { label, content });
    Agreement::of(x, &examples.collect::<Vec<_>>(), most)
}

#[test]
fn neighbours_agree_in_clouds_and_not_by_chance() {
    let mut random = Random::new(1, 0);
    let contents: Vec<[u8; 1]> = (0..100).map(|row| [row]).collect();
    let (x, labels) = clouds(100, 6.0, &mut random);
    let apart = agreement(&x, &labels, &contents, 1000);
    assert!(apart.found > 0.99 && apart.limit().is_some_and(|limit| limit < 0.6), "{apart:?}");
    // Each of 50 has 49 fellows among 99 others.
    assert!((apart.by_chance - 49.0 / 99.0).abs() < 4.0 * apart.spread);
    let mut below = 0;
    for seed in 0..100 {
        let mut random = Random::new(seed, 1);
        let (x, labels) = clouds(100, 0.0, &mut random);
        let mixed = agreement(&x, &labels, &contents, 1000);
        below += usize::from(mixed.limit().is_some_and(|limit| mixed.found <= limit));
    }
    assert!(below >= 95, "{below} of 100");
    assert_eq!(agreement(&x, &labels, &contents, 30).n, 30);
    assert_eq!(agreement(&x, &labels, &contents, 4).limit(), None, "too few to tell");
    // Copies, and rows that are all alike, are no evidence of anything.
    assert_eq!(agreement(&x, &labels, &[[7]; 100], 1000).limit(), None);
    assert_eq!(agreement(&Array2::ones((100, 3)), &labels, &contents, 1000).limit(), None);
}

#[test]
fn pictures_are_judged_by_labels_columns_and_counts() {
    let schema =
        Schema::new(vec![Block::statistics(vec!["a".into(), "b".into(), "c".into()])]).unwrap();
    let examine = |x: &Array2<f64>, labels: &[usize], content: &dyn Fn(usize) -> u8| {
        let origin = |(row, &label): (usize, &usize)| Origin {
            label,
            content: [content(row); 32],
            group: None,
        };
        let origins = labels.iter().enumerate().map(origin).collect();
        let classes = vec!["left".to_owned(), "right".to_owned()];
        let data = Dataset::new(classes, x.clone(), origins).unwrap();
        let rows: Vec<usize> = (0..labels.len()).collect();
        let findings = examine_data(&data, &rows, &schema, &FitSettings::default()).unwrap();
        findings.into_iter().map(|finding| finding.cause).collect::<Vec<_>>()
    };
    let mut random = Random::new(2, 0);
    let (x, labels) = clouds(100, 6.0, &mut random);
    let own = |row: usize| row as u8;
    assert_eq!(examine(&x, &labels, &own), []);
    let mut constant = x.clone();
    constant.column_mut(0).fill(1e9);
    assert_eq!(examine(&constant, &labels, &own), [], "one of three");
    constant.column_mut(1).fill(0.1);
    assert_eq!(examine(&constant, &labels, &own), [Cause::ConstantColumns]);
    let mut shuffled = labels.clone();
    random.shuffle(&mut shuffled);
    assert_eq!(examine(&x, &shuffled, &own), [Cause::ShuffledLabels]);
    // Rows 2k and 2k + 1 have different labels.
    let twice =
        x.select(ndarray::Axis(0), &(0..x.nrows()).map(|row| row / 2 * 2).collect::<Vec<_>>());
    assert!(examine(&twice, &labels, &|row| row as u8 / 2).contains(&Cause::TwoLabels));
    // Regions of one picture have its content and other numbers, and may have other labels.
    assert_eq!(examine(&x, &labels, &|row| row as u8 / 2), []);
    let few: Vec<usize> = (0..100).map(|row| usize::from(row < 9)).collect();
    let mut x_of_few = x.clone();
    for (mut row, &label) in x_of_few.rows_mut().into_iter().zip(&few) {
        row += 9.0 * label as f64;
    }
    assert!(examine(&x_of_few, &few, &own).contains(&Cause::Imbalance));
}

#[test]
fn too_few_steps_say_nothing_of_the_run() {
    let mut random = Random::new(3, 0);
    let (x, labels) = clouds(40, 3.0, &mut random);
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let causes = |epochs: usize| {
        let settings = TrainSettings {
            loss: Loss::CrossEntropy { smoothing: 0.0 },
            optimizer: OptimizerKind::Adam,
            rate: 1e-9,
            schedule: Schedule::Constant,
            clip_norm: None,
            weight_decay: 0.0,
            epochs,
            batch: 40,
            patience: 0,
            class_weights: vec![1.0, 1.0],
        };
        let mut network = Architecture::plain(3, &[8], 2).build(&mut Random::new(1, 0)).unwrap();
        let mut go_on = |_: &Epoch| false;
        let mut monitor = Monitor::new(&mut go_on);
        train(&mut network, task, None, &settings, &mut Random::new(0, 0), &mut monitor).unwrap();
        let findings = monitor.findings();
        // Before the first step, after 1, 2, 4, ... epochs, and at the end.
        let expected =
            if epochs == 19 { vec![0, 1, 2, 4, 8, 16, 19] } else { vec![0, 1, 2, 4, 8, 16, 20] };
        let read: Vec<usize> = monitor.snapshots().iter().map(|r| r.epoch).collect();
        assert_eq!(read, expected);
        findings.into_iter().map(|finding| finding.cause).collect::<Vec<_>>()
    };
    assert!(!causes(19).contains(&Cause::RateTooSmall));
    assert!(causes(20).contains(&Cause::RateTooSmall));
}
