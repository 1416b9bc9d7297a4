use ndarray::{Array2, Axis, s};

use super::conformal::Conformal;
use super::kernel::{Kernel, Rows};
use super::machine::Machine;
use super::{
    Answer, Estimate, Examples, Lessons, NumberLoss, Regression, Training, measures, spread,
};
use crate::batch::{Interrupt, Silent, Workers};
use crate::image::{Purpose, Views};
use crate::learn::classifier::{FitSettings, Hidden};
use crate::learn::selection::TrialContext;
use crate::nn::loss::Loss;
use crate::nn::{Network, Schedule};
use crate::random::Random;
use crate::texture::schema::{Block, Schema};

fn schema(n: usize) -> Schema {
    let names = (0..n).map(|at| format!("statistic_{at}")).collect();
    Schema::new(vec![Block::statistics(names)]).unwrap()
}

fn random_rows(n: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut random = Random::new(seed, 0);
    Array2::from_shape_simple_fn((n, columns), || random.normal())
}

/// Two numbers of rows of three columns: a curved one with a little noise, and a straight one.
fn lessons(n: usize, seed: u64) -> (Array2<f64>, Array2<f64>) {
    let rows = random_rows(n, 3, seed);
    let mut random = Random::new(seed, 1);
    let mut values = Array2::zeros((n, 2));
    for (x, mut y) in rows.rows().into_iter().zip(values.rows_mut()) {
        y[0] = (1.5 * x[0]).sin() + 0.5 * x[1] + 0.05 * random.normal();
        y[1] = 10.0 + 2.0 * x[2];
    }
    (rows, values)
}

const KERNEL: Kernel = Kernel { statistics: 1.0, length: 1.4, linear: 0.1 };

#[test]
fn leaving_a_unit_out_in_closed_form_is_leaving_it_out() {
    let schema = schema(3);
    let rows = random_rows(12, 3, 1);
    let values: Vec<f64> = rows.rows().into_iter().map(|x| x[0] * x[1] + x[2]).collect();
    let units = [0, 1, 2, 0, 4, 5, 2, 7, 2, 9, 10, 11];
    let known = Rows::new(rows.view(), &schema);
    let (_, left_out) =
        Machine::fit(&known.products(&known), (KERNEL, 0.01), &values, &units).unwrap();
    let mut compared = 0;
    for unit in [0, 1, 2, 4] {
        let others: Vec<usize> = (0..12).filter(|&at| units[at] != unit).collect();
        let own: Vec<usize> = (0..12).filter(|&at| units[at] == unit).collect();
        let their = Rows::new(rows.select(Axis(0), &others).view(), &schema);
        // The unit of length is that of all pictures, so the lengths of the others are put into it.
        let square = |rows: &Rows| rows.mean_squares()[1];
        let factor = (square(&known) / square(&their)).sqrt();
        let kernel = Kernel {
            length: KERNEL.length * factor,
            linear: KERNEL.linear / (factor * factor),
            ..KERNEL
        };
        let their_values: Vec<f64> = others.iter().map(|&at| values[at]).collect();
        let units: Vec<usize> = (0..others.len()).collect();
        let (machine, _) =
            Machine::fit(&their.products(&their), (kernel, 0.01), &their_values, &units).unwrap();
        let own_rows = Rows::new(rows.select(Axis(0), &own).view(), &schema);
        for (said, &at) in machine.say(&own_rows.products(&their)).iter().zip(&own) {
            assert!((values[at] - said.value - left_out.errors[at]).abs() < 1e-9);
            assert!((said.variance - left_out.variances[at]).abs() < 1e-9);
            compared += 1;
        }
    }
    assert_eq!(compared, 7);
}

#[test]
fn straight_and_curved_courses_are_learned_and_intervals_hold_what_they_promise() {
    let schema = schema(3);
    let (rows, values) = lessons(150, 2);
    let (fresh, right) = lessons(400, 3);
    let names = ["curved".to_owned(), "straight".to_owned()];
    let units: Vec<usize> = (0..150).collect();
    let lessons = Lessons {
        features: std::slice::from_ref(&rows),
        available: Views::ONE,
        values: &values,
        names: &names,
        units: &units,
        loss: NumberLoss::Squared,
        training: None,
    };
    let fitted = Regression::fit(lessons, &schema, 0.9).unwrap();
    assert_eq!((fitted.regression.n_units(), fitted.out_of_fold.len()), (150, 150));
    let answers = fitted.regression.answers(&fresh, &schema, 0.9).unwrap();
    let units: Vec<usize> = (0..400).collect();
    let [curved, straight] = &measures(&names, &answers, &right, &units)[..] else { panic!() };
    assert!(0.95 < curved.r2.unwrap() && 0.999 < straight.r2.unwrap(), "{curved:?} {straight:?}");
    for measured in [curved, straight] {
        assert!((0.85..0.96).contains(&measured.coverage), "{measured:?}");
        assert!(0.95 < measured.rank_correlation.unwrap());
        let [low, high] = measured.mae_interval.unwrap();
        assert!(low < measured.mae && measured.mae < high);
    }
    // What is said of the pictures learned from without them is as good as of new ones, not better.
    let units: Vec<usize> = (0..150).collect();
    let own = measures(&names, &fitted.out_of_fold, &values, &units);
    assert!((own[0].rmse / curved.rmse).ln().abs() < 0.5, "{} {}", own[0].rmse, curved.rmse);
    // Familiar pictures are as familiar as all others on average; one far away is not.
    let mean = answers.iter().map(|a| a.familiarity).sum::<f64>() / 400.0;
    assert!((0.35..0.65).contains(&mean), "{mean}");
    let far = fitted.regression.answers(&Array2::from_elem((1, 3), 30.0), &schema, 0.9).unwrap();
    assert!(far[0].familiarity < 0.001 && far[0].estimates[1].is_beyond, "{far:?}");
}

#[test]
fn the_same_lessons_give_the_same_numbers_and_a_file_keeps_them() {
    let schema = schema(3);
    let (rows, values) = lessons(40, 4);
    let names = ["curved".to_owned(), "straight".to_owned()];
    let units: Vec<usize> = (0..40).map(|at| at / 2).collect();
    let lessons = Lessons {
        features: std::slice::from_ref(&rows),
        available: Views::ONE,
        values: &values,
        names: &names,
        units: &units,
        loss: NumberLoss::Squared,
        training: None,
    };
    let fit = || Regression::fit(lessons, &schema, 0.9).unwrap().regression;
    let (first, second) = (fit(), fit());
    let answers = first.answers(&rows, &schema, 0.8).unwrap();
    assert_eq!(answers, second.answers(&rows, &schema, 0.8).unwrap());
    assert_eq!(first.n_units(), 20);
    let centres = first.centres().clone();
    let again = Regression::from_form(first.form(), centres.clone(), Vec::new(), &schema).unwrap();
    let kept = again.answers(&rows, &schema, 0.8).unwrap();
    for (a, b) in answers.iter().zip(&kept) {
        assert!((a.estimates[0].value - b.estimates[0].value).abs() < 1e-12);
    }
    let fewer = centres.slice(s![1.., ..]).to_owned();
    let error = Regression::from_form(first.form(), fewer, Vec::new(), &schema).unwrap_err();
    assert!(error.to_string().contains("train it again"));
}

#[test]
fn a_number_over_several_sizes_is_learned_by_its_logarithm() {
    let schema = schema(3);
    let (rows, values) = lessons(80, 5);
    let values = values.mapv(f64::exp);
    let names = ["a".to_owned(), "b".to_owned()];
    let units: Vec<usize> = (0..80).collect();
    let lessons = Lessons {
        features: std::slice::from_ref(&rows),
        available: Views::ONE,
        values: &values,
        names: &names,
        units: &units,
        loss: NumberLoss::Squared,
        training: None,
    };
    let regression = Regression::fit(lessons, &schema, 0.9).unwrap().regression;
    assert!(regression.targets[1].described().starts_with("by its logarithm"));
    for answer in regression.answers(&rows, &schema, 0.9).unwrap() {
        let Estimate { value, low, high, .. } = answer.estimates[1];
        assert!(0.0 < low && low < value && value < high && high.is_finite());
    }
}

#[test]
fn numbers_that_do_not_vary_and_too_few_units_are_refused_by_name() {
    let schema = schema(3);
    let (rows, mut values) = lessons(10, 6);
    let names = ["a".to_owned(), "moisture".to_owned()];
    values.column_mut(1).fill(4.0);
    let of = |units: &[usize]| {
        let lessons = Lessons {
            features: std::slice::from_ref(&rows),
            available: Views::ONE,
            values: &values,
            names: &names,
            units,
            loss: NumberLoss::Squared,
            training: None,
        };
        Regression::fit(lessons, &schema, 0.9).unwrap_err().to_string()
    };
    let found = of(&(0..10).collect::<Vec<_>>());
    assert!(found.contains("`moisture`") && found.contains("4 everywhere"), "{found}");
    let found = of(&[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    assert!(found.contains("at least 3") && found.contains("found 2"), "{found}");
}

#[test]
fn conformal_quantiles_by_hand() {
    // Nine units of one picture: the 0.9 quantile needs 0.9 * 10 = 9 of them.
    let errors: Vec<f64> = (1..=9).map(f64::from).collect();
    let units: Vec<usize> = (0..9).collect();
    let conformal = Conformal::new(&errors, &[1.0; 9], &units);
    let factor = (1.0f64 - 6.0 / 12.0).sqrt().recip();
    assert!((conformal.half_width(0.9, 1.0) - 9.0 * factor).abs() < 1e-12);
    // 0.8 * 10 = 8, and 0.5 * 10 = 5.
    assert!((conformal.half_width(0.8, 1.0) - 8.0 * factor).abs() < 1e-12);
    assert!((conformal.half_width(0.5, 1.0) - 5.0 * factor).abs() < 1e-12);
    // Errors that grow with the deviation are scaled by it; those that do not are not.
    let deviations = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    let scaled = Conformal::new(&errors, &deviations, &units);
    assert!(scaled.is_scaled() && !conformal.is_scaled());
    assert!((scaled.half_width(0.9, 2.0) - 2.0 * factor).abs() < 1e-12);
    // A unit of nine alike pictures weighs as much as one of one.
    let (mut errors, mut units) = (vec![1.0; 9], vec![0; 9]);
    for unit in 1..=9 {
        errors.push(2.0);
        units.push(unit);
    }
    let conformal = Conformal::new(&errors, &[1.0; 18], &units);
    assert!(1.9 < conformal.half_width(0.5, 1.0));
}

#[test]
fn measures_by_hand() {
    let answer = |value: f64| Answer {
        estimates: vec![Estimate { value, low: value - 1.0, high: value + 1.0, is_beyond: false }],
        familiarity: 1.0,
    };
    let answers = [answer(1.0), answer(2.5), answer(5.0)];
    let right = Array2::from_shape_vec((3, 1), vec![1.0, 2.0, 3.0]).unwrap();
    let measured = &measures(&["y".to_owned()], &answers, &right, &[0, 1, 2])[0];
    // Errors 0, 0.5 and 2.
    assert!((measured.mae - 2.5 / 3.0).abs() < 1e-15);
    assert!((measured.rmse - (4.25f64 / 3.0).sqrt()).abs() < 1e-15);
    assert!((measured.r2.unwrap() - (1.0 - 4.25 / 2.0)).abs() < 1e-12);
    assert_eq!((measured.rank_correlation, measured.width), (Some(1.0), 2.0));
    assert!((measured.coverage - 2.0 / 3.0).abs() < 1e-15);
    let equal = Array2::ones((3, 1));
    let measured = &measures(&["y".to_owned()], &answers, &equal, &[0, 1, 2])[0];
    assert_eq!((measured.r2, measured.rank_correlation), (None, None));
}

#[test]
fn many_pictures_are_thinned_evenly_along_their_numbers() {
    let values = ndarray::Array1::from((0..100).map(|v| f64::from(99 - v)).collect::<Vec<_>>());
    assert_eq!(spread(&values.view(), 100).len(), 100);
    let chosen = spread(&values.view(), 10);
    assert_eq!(chosen, [9, 19, 29, 39, 49, 59, 69, 79, 89, 99]);
}

#[test]
fn a_few_wrong_numbers_do_not_decide_by_hubers_loss() {
    let schema = schema(3);
    let (rows, right) = lessons(80, 7);
    let (fresh, fresh_right) = lessons(200, 8);
    let names = ["curved".to_owned(), "straight".to_owned()];
    let units: Vec<usize> = (0..80).collect();
    let mut wrong = right.clone();
    for at in (0..80).step_by(10) {
        wrong[[at, 1]] += 40.0;
    }
    let error = |loss: NumberLoss, values: &Array2<f64>| {
        let lessons = Lessons {
            features: std::slice::from_ref(&rows),
            available: Views::ONE,
            values,
            names: &names,
            units: &units,
            loss,
            training: None,
        };
        let regression = Regression::fit(lessons, &schema, 0.9).unwrap().regression;
        // What is written down says the same.
        let again = Regression::from_form(
            regression.form(),
            regression.centres().clone(),
            Vec::new(),
            &schema,
        );
        let answers = again.unwrap().answers(&fresh, &schema, 0.9).unwrap();
        let first = &regression.answers(&fresh, &schema, 0.9).unwrap()[0];
        assert!((answers[0].estimates[1].high - first.estimates[1].high).abs() < 1e-9);
        measures(&names, &answers, &fresh_right, &(0..200).collect::<Vec<_>>())[1].mae
    };
    let [squared, huber] = [NumberLoss::Squared, NumberLoss::Huber].map(|loss| error(loss, &wrong));
    assert!(huber < 0.5 && 4.0 * huber < squared, "{huber} {squared}");
    assert!(error(NumberLoss::Huber, &right) < 0.2);
}

#[test]
fn a_network_trained_by_back_propagation_answers_in_the_place_of_the_radial_one() {
    let schema = schema(3);
    let (rows, values) = lessons(150, 9);
    let (fresh, right) = lessons(300, 10);
    let names = ["curved".to_owned(), "straight".to_owned()];
    // Pairs of rows are units, so that a part left out never has one row of a pair.
    let units: Vec<usize> = (0..150).map(|at| at / 2).collect();
    let settings = FitSettings {
        hidden: Hidden::Layers(vec![32]),
        rate: Some(0.01),
        epochs: 200,
        batch: 16,
        ..FitSettings::default()
    };
    let workers = Workers::new(1, Interrupt::default()).unwrap();
    let context = TrialContext { workers: &workers, progress: &Silent, at_once: false };
    for loss in [NumberLoss::Squared, NumberLoss::Huber] {
        let training = Some(Training { settings: &settings, seed: 5, context });
        let lessons = Lessons {
            features: std::slice::from_ref(&rows),
            available: Views::ONE,
            values: &values,
            names: &names,
            units: &units,
            loss,
            training,
        };
        let fitted = Regression::fit(lessons, &schema, 0.9).unwrap();
        let history = fitted.history.as_ref().unwrap();
        assert!((1..=200).contains(&history.epochs.len()), "{}", history.epochs.len());
        let regression = fitted.regression;
        assert_eq!((regression.n_units(), fitted.out_of_fold.len()), (75, 150));
        let answers = regression.answers(&fresh, &schema, 0.9).unwrap();
        let all: Vec<usize> = (0..300).collect();
        let measured = measures(&names, &answers, &right, &all);
        let own = measures(&names, &fitted.out_of_fold, &values, &units);
        for (new, own) in measured.iter().zip(&own) {
            assert!(0.85 < new.r2.unwrap(), "{new:?}");
            // By 75 units it varies with a standard deviation of 0.035.
            assert!(0.8 < new.coverage, "{new:?}");
            // What is said of the rows learned from without their units is as good as of new ones.
            assert!((own.mae / new.mae).ln().abs() < 0.6, "{} {}", own.mae, new.mae);
        }
        // The radial units do not answer, but say how far a row lies from all others.
        let radial = Regression { networks: Vec::new(), ..regression.clone() };
        let other = radial.answers(&fresh, &schema, 0.9).unwrap();
        assert!(answers.iter().zip(&other).all(|(a, b)| a.familiarity == b.familiarity));
        assert!(answers.iter().zip(&other).all(|(a, b)| a.estimates[0] != b.estimates[0]));
        let (form, centres) = (regression.form(), regression.centres().clone());
        let networks = regression.networks.clone();
        assert_eq!(networks.len(), 5);
        let again = Regression::from_form(form, centres, networks, &schema).unwrap();
        let kept = again.answers(&fresh, &schema, 0.9).unwrap();
        for (a, b) in answers.iter().zip(&kept) {
            assert!((a.estimates[0].low - b.estimates[0].low).abs() < 1e-9);
        }
        assert_eq!(answers, {
            let fitted = Regression::fit(lessons, &schema, 0.9).unwrap();
            fitted.regression.answers(&fresh, &schema, 0.9).unwrap()
        });
    }
}

#[test]
fn what_is_said_out_of_fold_is_said_by_the_networks_that_are_kept() {
    let (rows, values) = lessons(60, 15);
    let units: Vec<usize> = (0..60).map(|at| at / 3).collect();
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    let context = TrialContext { workers: &workers, progress: &Silent, at_once: true };
    let mut n_seen = 0;
    for (patience, epochs) in [(4, 30), (0, 7), (3, 0)] {
        // This schedule looks at the rows left out.
        let schedule = Schedule::Plateau { patience: 2, factor: 0.5 };
        let hidden = Hidden::Layers(vec![8]);
        let settings = FitSettings { hidden, schedule, patience, epochs, ..FitSettings::default() };
        let training = Training { settings: &settings, seed: 2, context };
        let examples = Examples { rows: &rows, values: &values };
        let trained = training.run(examples, &units, Loss::HalfSquared).unwrap();
        assert_eq!((trained.networks.len(), trained.out_of_fold.dim()), (5, (60, 2)));
        assert!(trained.history.epochs.len() <= epochs);
        for (at, row) in rows.rows().into_iter().enumerate() {
            let row = row.insert_axis(Axis(0)).to_owned();
            let own = trained.out_of_fold.row(at);
            let is_said = |network: &Network| network.logits(&row).unwrap().row(0) == own;
            assert!(trained.networks.iter().any(is_said), "row {at}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 180);
}

#[test]
fn more_pictures_than_radial_units_all_train_the_network_and_make_its_intervals() {
    let schema = schema(3);
    let n = super::MAX_CENTRES + 40;
    let (rows, values) = lessons(n, 11);
    let (values, names) = (values.slice(s![.., 1..]).to_owned(), ["straight".to_owned()]);
    let settings = FitSettings {
        hidden: Hidden::Layers(Vec::new()),
        epochs: 3,
        patience: 0,
        ..FitSettings::default()
    };
    let workers = Workers::new(1, Interrupt::default()).unwrap();
    let context = TrialContext { workers: &workers, progress: &Silent, at_once: false };
    let lessons = Lessons {
        features: std::slice::from_ref(&rows),
        available: Views::ONE,
        values: &values,
        names: &names,
        units: &(0..n).collect::<Vec<_>>(),
        loss: NumberLoss::Squared,
        training: Some(Training { settings: &settings, seed: 0, context }),
    };
    let fitted = Regression::fit(lessons, &schema, 0.9).unwrap();
    assert_eq!(fitted.regression.n_centres(), super::MAX_CENTRES);
    assert_eq!((fitted.regression.n_units(), fitted.out_of_fold.len()), (n, n));
    // Without patience it learns for as long as it may.
    assert_eq!(fitted.history.unwrap().epochs.len(), 3);
}

#[test]
fn views_that_cost_nothing_are_learned_from_and_those_that_teach_what_is_wrong_are_not() {
    let schema = schema(3);
    // The first column is the number, but for noise. Light moves the third, which says nothing of it; blur the first.
    let noisy = |n: usize, seed: u64| {
        let (rows, mut random) = (random_rows(n, 3, seed), Random::new(seed, 1));
        let values =
            rows.slice(s![.., ..1]).mapv(|x| x + 0.1 * (3.0 * x).sin() + 0.3 * random.normal());
        (rows, values)
    };
    let (rows, values) = noisy(120, 12);
    let names = ["first".to_owned()];
    let lit = |rows: &Array2<f64>| rows + &ndarray::array![[0.0, 0.0, 2.0]];
    let blurred = rows.mapv(|v| v * 0.3);
    let features = [rows.clone(), lit(&rows), blurred];
    let available = Views::ONE.with(Purpose::Light).with(Purpose::Focus);
    let units: Vec<usize> = (0..120).map(|at| at / 2).collect();
    let given = Lessons {
        features: &features,
        available,
        values: &values,
        names: &names,
        units: &units,
        loss: NumberLoss::Squared,
        training: None,
    };
    let fitted = Regression::fit(given, &schema, 0.9).unwrap();
    let regression = fitted.regression;
    assert_eq!(regression.views, Views::ONE.with(Purpose::Light));
    assert_eq!((regression.n_centres(), regression.n_units()), (240, 60));
    assert_eq!((fitted.out_of_fold.len(), fitted.centres.len()), (120, 120));
    let plain = Lessons { features: &features[..1], available: Views::ONE, ..given };
    let plain = Regression::fit(plain, &schema, 0.9).unwrap().regression;
    let (fresh, right) = noisy(200, 13);
    let all: Vec<usize> = (0..200).collect();
    let error = |regression: &Regression, rows: &Array2<f64>| {
        let answers = regression.answers(rows, &schema, 0.9).unwrap();
        measures(&names, &answers, &right, &all)[0].mae
    };
    assert!(error(&regression, &fresh) < 1.1 * error(&plain, &fresh));
    assert!(error(&regression, &lit(&fresh)) < error(&plain, &lit(&fresh)));
    let (form, centres) = (regression.form(), regression.centres().clone());
    let again = Regression::from_form(form, centres, Vec::new(), &schema).unwrap();
    assert_eq!(again.views, regression.views);
    // A network learns from the same views, and its errors are those of pictures as they are.
    let settings = FitSettings { epochs: 5, ..FitSettings::default() };
    let workers = Workers::new(1, Interrupt::default()).unwrap();
    let context = TrialContext { workers: &workers, progress: &Silent, at_once: false };
    let training = Some(Training { settings: &settings, seed: 0, context });
    let fitted = Regression::fit(Lessons { training, ..given }, &schema, 0.9).unwrap();
    assert_eq!((fitted.out_of_fold.len(), fitted.regression.n_units()), (120, 60));
    // Two rows a picture are more than there may be units.
    let n = super::MAX_CENTRES / 2 + 1;
    let (rows, values) = noisy(n, 14);
    let many = Lessons {
        features: &[rows.clone(), lit(&rows)],
        available: Views::ONE.with(Purpose::Light),
        values: &values,
        units: &(0..n).collect::<Vec<_>>(),
        ..given
    };
    let fitted = Regression::fit(many, &schema, 0.9).unwrap();
    assert_eq!((fitted.regression.views, fitted.regression.n_centres()), (Views::ONE, n));
}
