use ndarray::{Array2, array};

use super::*;
use crate::random::Random;
use crate::texture::schema::{Block, Schema};

/// Rows of normal classes around means that are far apart, class after class in turn, with the class of each.
fn clusters(n: usize, n_classes: usize, width: usize, seed: u64) -> (Array2<f32>, Vec<usize>) {
    let mut random = Random::new(seed, 0);
    let means = Array2::from_shape_simple_fn((n_classes, width), || 8.0 * random.normal());
    let of =
        |(row, column): (usize, usize)| (means[[row % n_classes, column]] + random.normal()) as f32;
    let rows = Array2::from_shape_fn((n, width), of);
    (rows, (0..n).map(|row| row % n_classes).collect())
}

fn labels(classes: &[usize], rows: &[usize]) -> Vec<Label> {
    rows.iter().map(|&row| Label { row, class: Some(classes[row]) }).collect()
}

fn known<'a>(graph: &'a Graph, labels: &'a [Label], learned: &'a Learned) -> Known<'a> {
    Known {
        n_rows: graph.n_rows(),
        graph: Some(graph),
        labels,
        probs: Some(&learned.probs),
        familiarity: Some(&learned.familiarity),
        reach: Some(&learned.reach),
        ..Known::default()
    }
}

const ORDERS: [AskOrder; 5] = [
    AskOrder::Mixed,
    AskOrder::Uncertain,
    AskOrder::Unlike,
    AskOrder::Contradicted,
    AskOrder::Random,
];

fn schema(width: usize) -> Schema {
    let names = (0..width).map(|at| format!("s{at}"));
    Schema::new(vec![Block::statistics(names.collect())]).unwrap()
}

#[test]
fn a_space_keeps_what_varies_and_needs_no_more() {
    let (mut rows, _) = clusters(300, 3, 10, 1);
    rows.column_mut(4).fill(7.0);
    let space = Space::learn(rows.view(), &schema(10)).unwrap();
    let compact = space.compact(rows.view()).unwrap();
    assert_eq!(compact.dim(), (300, 9));
    assert!(compact.iter().all(|v| v.is_finite()));
    // The direction that varies most comes first.
    let spread = |at: usize| compact.column(at).iter().map(|v| v * v).sum::<f32>();
    assert!(spread(8) < spread(0));
    assert_eq!(space.compact(rows.view()).unwrap(), compact);
    assert!(space.compact(array![[1.0f32]].view()).is_err());
    assert!(Space::learn(Array2::zeros((0, 10)).view(), &schema(10)).is_err());
}

#[test]
fn constant_columns_and_one_row_give_a_space_without_directions() {
    for n in [1, 5] {
        let rows = Array2::from_elem((n, 3), 2.0f32);
        let compact = Space::learn(rows.view(), &schema(3)).unwrap().compact(rows.view()).unwrap();
        assert_eq!(compact.dim(), (n, 0));
        let graph = Graph::of(&compact);
        let label = [Label { row: 0, class: Some(0) }];
        let learned = Learned::fit(&compact, &graph, &label, 1).unwrap();
        assert_eq!(learned.probs[[0, 0]], 1.0);
        assert_eq!(likeness_order(&compact).len(), n);
    }
}

#[test]
fn rows_that_look_alike_stand_beside_each_other() {
    let (rows, classes) = clusters(400, 5, 8, 2);
    let order = likeness_order(&rows);
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..400).collect::<Vec<usize>>());
    let changes = order.windows(2).filter(|pair| classes[pair[0]] != classes[pair[1]]).count();
    // Five classes that are parted a few times make more than 4 changes, but far fewer than the 319 of a random order.
    assert!(changes <= 24, "{changes}");
    assert_eq!(likeness_order(&Array2::zeros((0, 3))), Vec::<usize>::new());
    // Along a line they stand from one end to the other, whichever way its parts were looked at.
    let mut random = Random::new(2, 0);
    let line = Array2::from_shape_simple_fn((77, 1), || random.normal() as f32);
    let order = likeness_order(&line);
    let ascends = |ends: &[usize]| line[[ends[0], 0]] <= line[[ends[1], 0]];
    let n_ascending = order.windows(2).filter(|ends| ascends(ends)).count();
    assert!([0, 76].contains(&n_ascending), "{n_ascending}");
}

#[test]
fn many_rows_find_nearly_the_neighbours_that_all_pairs_show() {
    let (rows, _) = clusters(5000, 40, 12, 3);
    let found = super::near::nearest_others(&rows, 8);
    let row = |at: usize| rows.row(at).to_vec();
    let (mut n_found, mut n_all) = (0, 0);
    for at in (0..5000).step_by(100) {
        let distance = |other: usize| super::near::squared_distance(&row(at), &row(other));
        let mut all: Vec<(f32, usize)> =
            (0..5000).filter(|&o| o != at).map(|other| (distance(other), other)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let is_found = |near: &&(f32, usize)| found[at].iter().any(|f| f.1 as usize == near.1);
        n_found += all[..8].iter().filter(is_found).count();
        n_all += 8;
    }
    assert_eq!(n_all, 400);
    assert!(380 <= n_found, "{n_found}");
}

#[test]
fn one_label_a_class_labels_all_of_it() {
    let (rows, classes) = clusters(300, 4, 8, 4);
    let graph = Graph::of(&rows);
    let labels = labels(&classes, &[0, 1, 2, 3]);
    let learned = Learned::fit(&rows, &graph, &labels, 4).unwrap();
    for (row, &class) in classes.iter().enumerate() {
        let own = learned.probs.row(row);
        assert!(own.iter().all(|p| (0.0..=1.0).contains(p)));
        assert!((own.sum() - 1.0).abs() < 1e-9);
        assert!(0.9 < own[class], "{row}: {own}");
    }
    let expected = learned.expected_accuracy(&labels).unwrap();
    assert!(0.9 < expected && expected <= 1.0 + 1e-9, "{expected}");
    let all: Vec<Label> = (0..300).map(|row| Label { row, class: None }).collect();
    assert_eq!(learned.expected_accuracy(&all), None);
    assert_eq!(learned.familiarity[0], 1.0);
    assert!(learned.familiarity.iter().all(|f| 0.0 < *f && *f <= 1.0));
    let near = nearest_labelled(&rows, &labels, 8, 2);
    assert!(nearest_labelled(&rows, &labels, 300, 2).is_empty());
    assert_eq!((near.len(), near[0].0), (2, 0));
    assert!(near[0].1 < near[1].1);
}

#[test]
fn chances_are_those_of_walks() {
    // Three rows in a line, equally far: the middle one goes either way, or ends with 1 in 101.
    let rows = array![[0.0f32], [1.0], [2.0]];
    let graph = Graph::of(&rows);
    let chances = graph.chances(&[Some(0), None, Some(1)], 2, 1e-9);
    assert_eq!((chances[[0, 0]], chances[[2, 1]]), (1.0, 1.0));
    assert!((chances[[1, 0]] - 0.5 / 1.01).abs() < 1e-9, "{chances}");
    assert!((chances[[1, 1]] - 0.5 / 1.01).abs() < 1e-9, "{chances}");
    let meetings = graph.meetings(&[false, false, true], &[1], 1e-9);
    assert!(meetings[[1, 0]] == 1.0 && meetings[[2, 0]] == 0.0);
    // From the end, to the middle or to the fixed one.
    let to_middle = graph.around(0).find(|edge| edge.0 == 1).unwrap().1;
    assert!((meetings[[0, 0]] - to_middle / 1.01).abs() < 1e-9, "{meetings}");
}

#[test]
fn what_is_none_of_the_classes_is_said_to_be_so() {
    let (rows, classes) = clusters(200, 4, 8, 5);
    let graph = Graph::of(&rows);
    let mut given = labels(&classes, &[0, 1, 2]);
    given.push(Label { row: 3, class: None });
    let learned = Learned::fit(&rows, &graph, &given, 3).unwrap();
    for (row, &class) in classes.iter().enumerate() {
        let any = learned.probs.row(row).sum();
        assert_eq!(any < 0.5, class == 3, "{row}: {any}");
        assert!(class != 3 || learned.familiarity[row] < 0.25);
    }
    let only = [Label { row: 3, class: None }];
    let learned = Learned::fit(&rows, &graph, &only, 0).unwrap();
    assert_eq!(learned.probs.dim(), (200, 0));
    assert!(learned.familiarity.iter().all(|f| *f == 0.0));
    assert!(ask(AskOrder::Mixed, &known(&graph, &only, &learned), 3, 0).unwrap().len() == 3);
}

#[test]
fn one_class_and_no_label_work() {
    let (rows, classes) = clusters(100, 2, 8, 6);
    let graph = Graph::of(&rows);
    let learned = Learned::fit(&rows, &graph, &[], 2).unwrap();
    assert!(learned.probs.iter().chain(&learned.reach).all(|v| *v == 0.0));
    let one = labels(&classes, &[0]);
    let learned = Learned::fit(&rows, &graph, &one, 1).unwrap();
    assert!(learned.probs.iter().all(|p| (p - 1.0).abs() < 1e-9));
    // The other class is asked about, as unlike.
    let asked = ask(AskOrder::Mixed, &known(&graph, &one, &learned), 4, 0).unwrap();
    let other = asked.iter().find(|asked| asked.reason != Reason::Random).unwrap();
    assert_eq!((other.row % 2, other.reason), (1, Reason::Unlike));
    let left_out = OutOfFold::of(&rows, &graph, &one, 1).unwrap();
    assert_eq!(left_out.accuracy(), LabelledAccuracy { right: 0, n: 0, interval: [0.0, 1.0] });
    assert!(suspects(&left_out).is_empty());
    assert!(Learned::fit(&rows, &graph, &[Label { row: 100, class: None }], 1).is_err());
    assert!(Learned::fit(&rows, &graph, &[Label { row: 0, class: Some(1) }], 1).is_err());
    let learning = learning_curve(&rows, &graph, &[], 0).unwrap();
    assert_eq!((learning.points.len(), learning.more), (0, MoreLabels::TooFew));
}

#[test]
fn the_first_asked_stand_for_different_kinds() {
    let (rows, classes) = clusters(300, 6, 8, 7);
    let graph = Graph::of(&rows);
    let known = Known { n_rows: 300, graph: Some(&graph), ..Known::default() };
    let asked = ask(AskOrder::Mixed, &known, 10, 1).unwrap();
    let typical: Vec<&Asked> =
        asked.iter().filter(|asked| asked.reason == Reason::Typical).collect();
    assert!(6 <= typical.len());
    let mut kinds: Vec<usize> = typical[..6].iter().map(|asked| classes[asked.row]).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [0, 1, 2, 3, 4, 5]);
    assert!(typical.iter().all(|asked| 0.0 < asked.value && asked.value <= 1.0));
    assert_eq!(ask(AskOrder::Mixed, &known, 10, 1).unwrap(), asked);
}

#[test]
fn every_order_asks_for_each_picture_once_and_none_that_is_labelled() {
    let (mut rows, classes) = clusters(60, 3, 8, 8);
    // Copies of a picture.
    for copy in 20..40 {
        let first = rows.row(0).to_owned();
        rows.row_mut(copy).assign(&first);
    }
    let graph = Graph::of(&rows);
    let given = labels(&classes, &[0, 1, 2, 5]);
    let learned = Learned::fit(&rows, &graph, &given, 3).unwrap();
    assert!(learned.probs.iter().all(|p| p.is_finite()));
    let mut n_seen = 0;
    for order in ORDERS {
        for compact in [None, Some(&rows)] {
            let known = Known { compact, skipped: &[7, 99], ..known(&graph, &given, &learned) };
            let asked = ask(order, &known, 1000, 0).unwrap();
            let mut all: Vec<usize> = asked.iter().map(|asked| asked.row).collect();
            all.sort_unstable();
            let left: Vec<usize> = (0..60).filter(|row| ![0, 1, 2, 5, 7].contains(row)).collect();
            assert_eq!(all, left, "{order:?}");
            assert!(asked.iter().all(|asked| (0.0..=1.0).contains(&asked.value)), "{order:?}");
            assert_eq!(ask(order, &known, 5, 0).unwrap().len(), 5);
            assert!(ask(order, &known, 0, 0).unwrap().is_empty());
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 10);
}

#[test]
fn a_model_alone_is_asked_by_what_it_predicts() {
    let probs = array![[0.9, 0.1], [0.5, 0.5], [0.6, 0.4], [1.0, 0.0]];
    let familiarity = [0.9, 0.8, 0.9, 0.01];
    let known = Known {
        n_rows: 4,
        probs: Some(&probs),
        familiarity: Some(&familiarity),
        ..Known::default()
    };
    let first = |order| ask(order, &known, 1, 3).unwrap()[0];
    assert_eq!((first(AskOrder::Uncertain).row, first(AskOrder::Unlike).row), (1, 3));
    let mixed = ask(AskOrder::Mixed, &known, 4, 3).unwrap();
    assert_eq!(mixed.len(), 4);
    let chosen: Vec<usize> =
        mixed.iter().filter(|a| a.reason != Reason::Random).map(|a| a.row).collect();
    assert_eq!(chosen[0], 1);
    assert!(ask(AskOrder::Mixed, &Known { n_rows: 5, ..known }, 4, 3).is_err());
    // With one class no picture is between two: the least familiar is next.
    let one = array![[1.0], [1.0], [1.0]];
    let known =
        Known { n_rows: 3, probs: Some(&one), familiarity: Some(&[0.9, 0.2, 0.8]), ..known };
    assert_eq!(ask(AskOrder::Uncertain, &known, 1, 0).unwrap()[0].row, 1);
    let two = Graph::of(&array![[0.0f32], [1.0]]);
    let known = Known { n_rows: 2, graph: Some(&two), ..Known::default() };
    assert_eq!(ask(AskOrder::Mixed, &known, 9, 0).unwrap().len(), 2);
}

#[test]
fn a_contradicted_prediction_comes_first() {
    let (rows, classes) = clusters(100, 2, 8, 9);
    let graph = Graph::of(&rows);
    let given = labels(&classes, &(0..40).collect::<Vec<usize>>());
    let mut learned = Learned::fit(&rows, &graph, &given, 2).unwrap();
    learned.probs.row_mut(50).assign(&array![0.1, 0.9]);
    for compact in [None, Some(&rows)] {
        let labels: &[Label] = if compact.is_some() { &given } else { &[] };
        let known = Known { compact, ..known(&graph, labels, &learned) };
        let asked = ask(AskOrder::Contradicted, &known, 1, 0).unwrap();
        assert_eq!(asked[0].row, 50);
        assert!(0.9 < asked[0].value);
    }
}

#[test]
fn wrong_labels_are_suspected_first() {
    let (rows, classes) = clusters(120, 3, 8, 10);
    let graph = Graph::of(&rows);
    let mut given = labels(&classes, &(0..90).collect::<Vec<usize>>());
    for row in [6, 31, 80] {
        given[row].class = Some((classes[row] + 1) % 3);
    }
    given.push(Label { row: 100, class: None });
    let left_out = OutOfFold::of(&rows, &graph, &given, 3).unwrap();
    let all: Vec<Suspect> = suspects(&left_out);
    // The only one that is none of the classes cannot be judged.
    assert_eq!(all.len(), 90);
    let mut first: Vec<usize> = all[..3].iter().map(|suspect| suspect.row).collect();
    first.sort_unstable();
    assert_eq!(first, [6, 31, 80]);
    assert!(all[..3].iter().all(|s| s.is_likely && s.likelier == Some(classes[s.row])));
    assert!(all[3..].iter().all(|s| !s.is_likely));
    let accuracy = left_out.accuracy();
    assert_eq!((accuracy.right, accuracy.n), (87, 90));
    assert!(accuracy.interval[0] < 0.967 && 0.967 < accuracy.interval[1]);
}

#[test]
fn the_curve_tells_whether_labels_help() {
    let (rows, classes) = clusters(300, 3, 8, 11);
    let graph = Graph::of(&rows);
    let given = labels(&classes, &(0..200).collect::<Vec<usize>>());
    let easy: LearningCurve = learning_curve(&rows, &graph, &given, 3).unwrap();
    let sizes: Vec<usize> = easy.points.iter().map(|point| point.n_labels).collect();
    assert_eq!(sizes, [25, 50, 100, 150, 200]);
    let is_full =
        |point: &super::curve::CurvePoint| point.accuracy == 1.0 && point.interval[1] == 1.0;
    assert!(easy.points.iter().all(is_full));
    assert_eq!(easy.more, MoreLabels::HelpLittle);
    // Of 40 small classes only a few are known by the first labels.
    let (rows, classes) = clusters(300, 40, 8, 12);
    let graph = Graph::of(&rows);
    let given = labels(&classes, &(0..40).collect::<Vec<usize>>());
    // No class is known from another label than its own.
    let unknown = learning_curve(&rows, &graph, &given, 40).unwrap();
    assert!(unknown.points.iter().all(|point| point.accuracy == 0.0), "{unknown:?}");
    let order: Vec<usize> = (0..80).map(|at| at / 4 + 40 * (at % 4)).collect();
    let given = labels(&classes, &order);
    let rising = learning_curve(&rows, &graph, &given, 40).unwrap();
    assert_eq!(rising.more, MoreLabels::Help, "{rising:?}");
}
