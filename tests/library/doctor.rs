//! The doctor on faults made on purpose, each with five seeds, and on healthy trainings.

mod folders;
mod networks;

use std::path::Path;
use std::sync::OnceLock;

use crate::common::golden::shared;
use folders::{Folder, textures};
use textura::batch::{Batch, Interrupt, Workers};
use textura::io::cache::{Cache, Place};
use textura::learn::classifier::{FitSettings, Hidden, LossName, Norm, OptimizerName, Scaling};
use textura::learn::doctor::{Cause, Finding};
use textura::model::training::{Checkup, GradesFrom, Request, Trainer, check_model, check_source};
use textura::nn::{ActivationKind, Schedule};
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

const SEEDS: u64 = 5;

/// The features of pictures that an earlier check measured: nearly all checks are of the same ones.
fn cache() -> &'static Cache {
    static CACHE: OnceLock<(tempfile::TempDir, Cache)> = OnceLock::new();
    let open = || {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(Place::in_folder(folder.path()), 1 << 28).expect("a cache");
        (folder, cache)
    };
    &CACHE.get_or_init(open).1
}

/// Does something with two threads and the descriptor `fast`.
fn with_batch<T>(work: impl FnOnce(Descriptor, Batch<'_>) -> textura::Result<T>) -> T {
    let workers = Workers::new(2, Interrupt::default()).expect("two threads");
    let fast = DescriptorOptions::preset("fast").expect("a preset");
    let descriptor = Descriptor::new(fast).expect("a good preset");
    let batch = Batch { cache: Some(cache()), ..Batch::new(&workers) };
    work(descriptor, batch).unwrap_or_else(|error| panic!("{error}"))
}

fn check(source: &Path, settings: &FitSettings, seed: u64) -> Checkup {
    let (group_by, grades, class_level) = (None, GradesFrom::Names, 1);
    let request = Request {
        source,
        settings,
        holdout: 0.0,
        group_by,
        seed,
        class_level,
        grades,
        tile: None,
        replay: 0,
    };
    with_batch(|descriptor, batch| check_source(&request, descriptor, batch))
}

fn causes(findings: &[Finding]) -> Vec<Cause> {
    findings.iter().map(|finding| finding.cause).collect()
}

fn plain() -> FitSettings {
    FitSettings::default()
}

/// Settings with a fault, by the cause that must be named first.
fn faulty_settings() -> Vec<(Cause, FitSettings)> {
    let layers = |sizes: &[usize]| Hidden::Layers(sizes.to_vec());
    let rate = |optimizer, rate| FitSettings { optimizer, rate: Some(rate), ..plain() };
    let deep_sigmoid =
        FitSettings { hidden: layers(&[32; 6]), activation: ActivationKind::Sigmoid, ..plain() };
    let scaled_by = |init_scale| FitSettings { init_scale, ..plain() };
    vec![
        (Cause::RateTooLarge, rate(OptimizerName::Adam, 1.0)),
        (Cause::RateTooLarge, rate(OptimizerName::Momentum, 5.0)),
        (Cause::RateTooLarge, rate(OptimizerName::Rmsprop, 3.0)),
        (
            Cause::RateTooLarge,
            FitSettings { activation: ActivationKind::Tanh, ..rate(OptimizerName::Adam, 0.5) },
        ),
        (Cause::RateTooSmall, rate(OptimizerName::Adam, 1e-7)),
        (Cause::RateTooSmall, rate(OptimizerName::Sgd, 1e-6)),
        (Cause::SquaredError, FitSettings { loss: LossName::SquaredError, ..plain() }),
        (Cause::ZeroWeights, scaled_by(0.0)),
        (Cause::OversizedWeights, scaled_by(10.0)),
        (
            Cause::OversizedWeights,
            FitSettings { activation: ActivationKind::Tanh, ..scaled_by(30.0) },
        ),
        (Cause::NotScaled, FitSettings { scale: Scaling::None, ..plain() }),
        (Cause::VanishingGradients, deep_sigmoid.clone()),
        (
            Cause::VanishingGradients,
            FitSettings { optimizer: OptimizerName::Momentum, ..deep_sigmoid },
        ),
        (Cause::ExplodingGradients, FitSettings { hidden: layers(&[64; 10]), ..scaled_by(2.0) }),
        (Cause::DecayTooLarge, FitSettings { weight_decay: 10.0, ..plain() }),
    ]
}

#[test]
fn the_cause_is_named_first_for_settings_with_a_fault() {
    let mut n_runs = 0;
    for (cause, settings) in faulty_settings() {
        for seed in 0..SEEDS {
            let checkup = check(&textures(), &settings, seed);
            let found = causes(&checkup.findings);
            assert_eq!(found.first(), Some(&cause), "{settings:?} seed {seed}: {found:?}");
            let trial = checkup.trial.expect("a setting mends it");
            // Where the fault keeps the network from learning, its remedy makes it learn.
            assert!(0.9 < trial.with.score, "{cause:?} seed {seed}: {trial:?}");
            n_runs += 1;
        }
    }
    assert_eq!(n_runs, 15 * 5);
}

#[test]
fn the_cause_is_named_first_for_pictures_with_a_fault() {
    let mut n_runs = 0;
    for seed in 0..SEEDS {
        let made: [(Cause, Folder); 4] = [
            (Cause::TwoLabels, Folder::with_two_labels(seed)),
            (Cause::ConstantColumns, Folder::of_flat_pictures(seed)),
            (Cause::ShuffledLabels, Folder::with_shuffled_labels(seed)),
            (Cause::Imbalance, Folder::out_of_balance(seed)),
        ];
        for (cause, folder) in made {
            let found = causes(&check(folder.path(), &plain(), seed).findings);
            // Shuffled labels may also keep the loss where it was.
            let is_effect = |other: &Cause| *other == Cause::StandsStill;
            assert_eq!(found.first(), Some(&cause), "seed {seed}: {found:?}");
            assert!(found[1..].iter().all(is_effect), "seed {seed}: {found:?}");
            n_runs += 1;
        }
    }
    assert_eq!(n_runs, 4 * 5);
}

/// What no setting of the command can make: networks whose first biases stop their units.
#[test]
fn the_cause_is_named_first_for_networks_with_a_fault() {
    let mut n_runs = 0;
    for seed in 0..SEEDS {
        for (cause, found) in [
            (Cause::DeadUnits, networks::with_dead_units(seed)),
            (Cause::SaturatedUnits, networks::with_saturated_units(ActivationKind::Tanh, seed)),
            (Cause::SaturatedUnits, networks::with_saturated_units(ActivationKind::Sigmoid, seed)),
            (Cause::OneClass, networks::of_one_class(seed)),
        ] {
            assert_eq!(found.first(), Some(&cause), "seed {seed}: {found:?}");
            n_runs += 1;
        }
    }
    assert_eq!(n_runs, 4 * 5);
}

#[test]
fn a_loss_that_stands_still_is_named_after_its_cause() {
    let mut n_seen = 0;
    for (cause, settings) in faulty_settings() {
        let is_slow = settings.optimizer == OptimizerName::Momentum;
        if cause == Cause::ZeroWeights || cause == Cause::VanishingGradients && is_slow {
            let found = causes(&check(&textures(), &settings, 0).findings);
            assert!(found[1..].contains(&Cause::StandsStill), "{cause:?}: {found:?}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 2);
}

/// Settings that are well, different in every respect.
fn healthy_settings() -> Vec<FitSettings> {
    let hidden =
        |sizes: &[usize]| FitSettings { hidden: Hidden::Layers(sizes.to_vec()), ..plain() };
    let unit = |activation| FitSettings { activation, ..plain() };
    let optimizer = |optimizer| FitSettings { optimizer, ..plain() };
    vec![
        plain(),
        hidden(&[]),
        hidden(&[64, 64, 64]),
        unit(ActivationKind::Tanh),
        unit(ActivationKind::Sigmoid),
        FitSettings { residual: 2, ..unit(ActivationKind::Prelu) },
        // First weights that make up for the small slopes of a deep sigmoid network.
        FitSettings {
            hidden: Hidden::Layers(vec![48; 6]),
            init_scale: 4.0,
            batch: 16,
            optimizer: OptimizerName::Momentum,
            ..unit(ActivationKind::Sigmoid)
        },
        FitSettings { norm: Norm::Batch, ..plain() },
        FitSettings { dropout: 0.5, ..plain() },
        optimizer(OptimizerName::Momentum),
        optimizer(OptimizerName::Rmsprop),
        FitSettings { activation: ActivationKind::LeakyRelu, ..optimizer(OptimizerName::Nesterov) },
        FitSettings {
            label_smoothing: 0.1,
            schedule: Schedule::Cosine,
            ..optimizer(OptimizerName::Adamw)
        },
    ]
}

#[test]
fn nothing_is_named_on_healthy_trainings() {
    let mut n_runs = 0;
    for settings in healthy_settings() {
        for seed in 0..2 {
            let checkup = check(&textures(), &settings, seed);
            assert_eq!(checkup.findings, [], "{settings:?} seed {seed}");
            assert!(checkup.trial.is_none());
            n_runs += 1;
        }
    }
    assert_eq!(n_runs, 13 * 2);
}

/// What is found of a real folder: nothing, but that `dtd-sample` has too few pictures for its classes, which is
/// true and no fault of the training.
fn named_of(folder: &str) -> &'static [Cause] {
    if folder == "dtd-sample" { &[Cause::Overfitting] } else { &[] }
}

#[test]
fn nothing_is_named_on_real_pictures() {
    let Some(oracles) = shared("nothing_is_named_on_real_pictures") else { return };
    let data = oracles.join("../data");
    let mut n_runs = 0;
    for name in ["kth-tips", "neu-cls", "outex-tc12-tl84", "dtd-sample"] {
        for seed in 0..2 {
            let checkup = check(&data.join(name), &plain(), seed);
            // A brief training need not have learned them by heart yet.
            let mut found = causes(&checkup.findings);
            found.retain(|cause| !named_of(name).contains(cause));
            assert_eq!(found, [], "{name} seed {seed}");
            n_runs += 1;
        }
        for activation in [ActivationKind::Relu, ActivationKind::Tanh] {
            let settings = FitSettings { activation, ..plain() };
            let source = &data.join(name);
            let request = Request {
                source,
                settings: &settings,
                holdout: 0.2,
                group_by: None,
                seed: 0,
                grades: GradesFrom::Names,
                class_level: 1,
                tile: None,
                replay: 0,
            };
            let trained =
                with_batch(|descriptor, batch| Trainer::new(&request, batch).fresh(descriptor));
            assert_eq!(causes(&trained.findings), named_of(name), "{name} {activation:?}");
            let findings = check_model(&trained.model).expect("parts that fit");
            assert_eq!(causes(&findings), named_of(name), "the model of {name} {activation:?}");
            n_runs += 1;
        }
    }
    assert_eq!(n_runs, 4 * 4);
}
