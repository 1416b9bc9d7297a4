use std::collections::BTreeSet;

use ndarray::Array2;

use super::nearest::{Agreement, Example};
use super::{
    Cause, Finding, Known, Monitor, examine_data, examine_numbers, examine_regression, explained,
    in_order, mended,
};
use crate::image::Views;
use crate::learn::classifier::{ClassWeight, FirstWeights, FitSettings, LossName, Scaling};
use crate::learn::dataset::{Dataset, Origin};
use crate::learn::regression::{Lessons, NumberLoss, Regression, measures};
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

/// Trains a network of numbers, and gives what the monitor found.
fn causes_of_numbers(
    values: &Array2<f64>,
    architecture: &Architecture,
    settings: &TrainSettings,
) -> (Vec<Cause>, f64) {
    let mut random = Random::new(4, 0);
    let x = Array2::from_shape_simple_fn((values.nrows(), 3), || random.normal());
    let mut network = architecture.build(&mut Random::new(1, 0)).unwrap();
    let mut go_on = |_: &Epoch| false;
    let mut monitor = Monitor::new(&mut go_on);
    let task = Task { x: &x, targets: Targets::Values(values) };
    // What leaves all bounds is a finding, too.
    let _ = train(&mut network, task, None, settings, &mut Random::new(0, 1), &mut monitor);
    let last = monitor.snapshots().last().map_or(0.0, |snapshot| snapshot.score);
    assert!(monitor.snapshots().iter().all(|snapshot| snapshot.predicted.is_empty()));
    (monitor.findings().into_iter().map(|finding| finding.cause).collect(), last)
}

#[test]
fn networks_of_numbers_are_watched_like_those_of_classes() {
    let mut random = Random::new(4, 0);
    let x = Array2::from_shape_simple_fn((120, 3), || random.normal());
    let values = Array2::from_shape_fn((120, 1), |(row, _)| x[[row, 0]] * x[[row, 1]]);
    let healthy = TrainSettings {
        loss: Loss::HalfSquared,
        optimizer: OptimizerKind::Adam,
        rate: 0.01,
        schedule: Schedule::Constant,
        clip_norm: None,
        weight_decay: 0.0,
        epochs: 100,
        batch: 20,
        patience: 0,
        class_weights: vec![1.0],
    };
    let plain = Architecture::plain(3, &[24], 1);
    // One output is right here, and no class is predicted.
    let (causes, r2) = causes_of_numbers(&values, &plain, &healthy);
    assert!(causes.is_empty() && 0.9 < r2, "{causes:?} {r2}");
    let huber = TrainSettings { loss: Loss::Huber { delta: 0.5 }, ..healthy.clone() };
    assert_eq!(causes_of_numbers(&values, &plain, &huber).0, []);
    let of = |values: &Array2<f64>, architecture: &Architecture, settings: &TrainSettings| {
        causes_of_numbers(values, architecture, settings).0
    };
    let far = values.mapv(|y| 1000.0 + y);
    assert_eq!(of(&far, &plain, &healthy)[0], Cause::NumbersNotScaled);
    let slow = TrainSettings { rate: 1e-9, ..healthy.clone() };
    let causes = of(&values, &plain, &slow);
    assert!(causes.contains(&Cause::RateTooSmall) && causes.contains(&Cause::StandsStill));
    let fast = TrainSettings { rate: 30.0, ..healthy.clone() };
    assert!(of(&values, &plain, &fast).contains(&Cause::RateTooLarge));
    let zero = Architecture { init_scale: 1e-9, ..plain.clone() };
    assert!(of(&values, &zero, &slow).contains(&Cause::ZeroWeights));
}

#[test]
fn the_variance_explained_by_hand() {
    let right = ndarray::array![[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]];
    let said = ndarray::array![[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]];
    // 1 - 1 / 2 of the first, and 0 of the second, which does not vary.
    assert_eq!(explained(&said, &right), 0.25);
}

#[test]
fn numbers_are_judged_by_what_the_other_pictures_say() {
    let schema =
        Schema::new(vec![Block::statistics(vec!["a".into(), "b".into(), "c".into()])]).unwrap();
    let names = ["y".to_owned()];
    let examine = |x: &Array2<f64>, values: &Array2<f64>, loss: NumberLoss| {
        let units: Vec<usize> = (0..x.nrows()).collect();
        let (names, units) = (&names[..], &units[..]);
        let (features, available) = (std::slice::from_ref(x), Views::ONE);
        let lessons = Lessons { features, available, values, names, units, loss, training: None };
        let fitted = Regression::fit(lessons, &schema, 0.9).unwrap();
        let known = Known {
            regression: &fitted.regression,
            loss,
            answers: &fitted.out_of_fold,
            values,
            measures: &measures(names, &fitted.out_of_fold, values, units),
        };
        let findings = examine_numbers(&known, |at| format!("picture {at}"));
        let scores = [("y".to_owned(), known.measures[0].r2)];
        let of_model = examine_regression(&fitted.regression, &scores).unwrap();
        let causes = |findings: &[Finding]| -> Vec<Cause> {
            findings.iter().map(|finding| finding.cause).collect()
        };
        let said = findings.iter().map(ToString::to_string).collect::<String>();
        (causes(&findings), causes(&of_model), said)
    };
    let mut random = Random::new(6, 0);
    let x = Array2::from_shape_simple_fn((80, 3), || random.normal());
    let mut values = Array2::from_shape_fn((80, 1), |(row, _)| x[[row, 0]] + 0.5 * x[[row, 1]]);
    values.mapv_inplace(|y| y + 0.1 * random.normal());
    let squared = NumberLoss::Squared;
    assert_eq!(examine(&x, &values, squared).0, []);
    let mut wrong = values.clone();
    wrong[[17, 0]] += 30.0;
    let (causes, _, said) = examine(&x, &wrong, squared);
    assert!(causes == [Cause::WrongNumbers] && said.contains("picture 17"), "{said}");
    assert!(said.contains("--loss huber"), "{said}");
    assert_eq!(examine(&x, &wrong, NumberLoss::Huber).0, []);
    let mut order: Vec<usize> = (0..80).collect();
    random.shuffle(&mut order);
    let dealt = values.select(ndarray::Axis(0), &order);
    let (causes, of_model, _) = examine(&x, &dealt, squared);
    assert_eq!((causes, of_model), (vec![Cause::UnrelatedNumbers], vec![Cause::UnrelatedNumbers]));
    let some: Vec<usize> = (0..12).collect();
    let few = |array: &Array2<f64>| array.select(ndarray::Axis(0), &some);
    let (causes, of_model, _) = examine(&few(&x), &few(&values), squared);
    assert_eq!((causes, of_model), (vec![Cause::FewUnits], vec![Cause::FewUnits]));
    let mut flat = x.clone();
    flat.column_mut(1).fill(3.0);
    flat.column_mut(2).fill(4.0);
    assert_eq!(examine(&flat, &values, squared).0, [Cause::ConstantColumns]);
}
