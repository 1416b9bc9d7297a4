//! That neither a step of training nor a batch of predictions asks for memory: what they need is taken once,
//! at the beginning.

use allocation_counter::measure;
use ndarray::{Array2, s};
use textura::learn::classifier::{Classifier, Examples, FitSettings, Hidden, Norm};
use textura::learn::dataset::{Dataset, Origin};
use textura::nn::loss::{Loss, Targets};
use textura::nn::{
    ActivationKind, Architecture, EpsilonPlacement, Network, OptimizerKind, Schedule, Task,
    TrainSettings, Unobserved, train,
};
use textura::random::Random;
use textura::texture::schema::{Block, Schema};

const N_CLASSES: usize = 3;

fn rows(n: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Random::new(5, 0);
    let x = Array2::from_shape_simple_fn((n, 7), || random.normal());
    (x, (0..n).map(|row| row % N_CLASSES).collect())
}

/// A plain network, and one with every other kind of layer.
fn networks() -> [Network; 2] {
    let plain = Architecture::plain(7, &[9, 5], N_CLASSES);
    let all = Architecture { batch_norm: true, residual: 2, dropout: 0.2, ..plain.clone() };
    [plain, all.with_activation(ActivationKind::Prelu)]
        .map(|a| a.build(&mut Random::new(1, 0)).expect("sizes"))
}

fn n_allocations(network: &Network, task: Task<'_>, settings: &TrainSettings) -> u64 {
    let mut network = network.clone();
    let counted = measure(|| {
        train(&mut network, task, None, settings, &mut Random::new(0, 1), &mut Unobserved)
            .expect("settings that fit");
    });
    counted.count_total
}

#[test]
fn training_longer_asks_for_memory_no_oftener() {
    let (x, labels) = rows(50);
    let shares = Array2::from_elem((50, N_CLASSES), 1.0 / N_CLASSES as f64);
    let kinds = [
        OptimizerKind::Momentum { momentum: 0.9 },
        OptimizerKind::Nesterov { momentum: 0.9 },
        OptimizerKind::Rmsprop { decay: 0.9, root: EpsilonPlacement::Inside },
        OptimizerKind::Adam,
        OptimizerKind::AdamW,
    ];
    let losses =
        [Loss::CrossEntropy { smoothing: 0.1 }, Loss::SquaredError, Loss::BinaryCrossEntropy];
    let mut n_compared = 0;
    for network in networks() {
        for targets in [Targets::Labels(&labels), Targets::Shares(&shares)] {
            for (optimizer, loss) in kinds.into_iter().flat_map(|k| losses.map(|l| (k, l))) {
                let of = |epochs: usize| TrainSettings {
                    loss,
                    optimizer,
                    rate: 0.01,
                    schedule: Schedule::Cosine,
                    clip_norm: Some(1.0),
                    weight_decay: 0.01,
                    epochs,
                    // Of 50 rows, batches of 16, 16, 16 and 2.
                    batch: 16,
                    patience: 0,
                    class_weights: vec![1.0; N_CLASSES],
                };
                let task = Task { x: &x, targets };
                // The first entry makes room for four in the list of epochs.
                let [short, long] = [1, 4].map(|epochs| n_allocations(&network, task, &of(epochs)));
                assert!(0 < short, "the counter counts");
                assert_eq!(short, long, "{optimizer:?} {loss:?}");
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 2 * 2 * 5 * 3);
}

#[test]
fn a_pass_used_again_asks_for_none() {
    let (x, _) = rows(40);
    for network in networks() {
        let mut pass = network.new_pass();
        network.forward_into(x.view(), &mut pass).expect("columns that fit");
        let whole = pass.logits().clone();
        let counted = measure(|| {
            for batch in [x.view(), x.slice(s![3..20, ..]), x.slice(s![7..8, ..])] {
                network.forward_into(batch, &mut pass).expect("columns that fit");
            }
        });
        assert_eq!(counted.count_total, 0);
        // And a row alone is what it was among the others, to the last bit.
        assert_eq!(pass.logits().row(0), whole.row(7));
    }
}

#[test]
fn predicting_more_rows_asks_for_memory_no_oftener() {
    let (x, labels) = rows(300);
    let schema = Schema::new(vec![
        Block::statistics((0..4).map(|column| format!("statistic {column}")).collect()),
        Block::histogram("bins", 3),
    ])
    .expect("names that differ");
    let origin = |label| Origin { label, content: [0; 32], group: None };
    let classes = (0..N_CLASSES).map(|class| class.to_string()).collect();
    let data = Dataset::new(classes, x.clone(), labels.into_iter().map(origin).collect());
    let data = data.expect("an origin a row");
    let settings = FitSettings {
        hidden: Hidden::Layers(vec![9]),
        norm: Norm::Batch,
        residual: 1,
        epochs: 2,
        ..FitSettings::default()
    };
    let all: Vec<usize> = (0..300).collect();
    let examples = Examples::new(&data, &all);
    let (classifier, _) =
        Classifier::fit(examples, &schema, &settings, 0, &mut Unobserved).expect("sizes that fit");

    let predict = |rows: &Array2<f64>| {
        classifier.predict(std::slice::from_ref(rows)).expect("columns that fit")
    };
    let few = x.slice(s![..100, ..]).to_owned();
    let [few, many] = [&few, &x].map(|rows| measure(|| drop(predict(rows))).count_total);
    assert!(0 < few, "the counter counts");
    assert_eq!(few, many);

    // The same bits for a picture alone as beside others.
    let together = predict(&x);
    for row in 0..300 {
        let alone = predict(&x.slice(s![row..=row, ..]).to_owned());
        assert_eq!(alone.probs.row(0), together.probs.row(row), "row {row}");
        assert_eq!(alone.familiarity[0], together.familiarity[row], "row {row}");
    }
}
