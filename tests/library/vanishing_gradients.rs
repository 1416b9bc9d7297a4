//! mechanics: what `docs/learning/vanishing-gradients.md` says is what its command prints and draws.

#[path = "../../examples/vanishing_gradients/experiment.rs"]
mod experiment;
#[path = "../../examples/vanishing_gradients/plot.rs"]
mod plot;
#[path = "../../examples/vanishing_gradients/table.rs"]
mod table;

use experiment::{Kind, Lesson, Measured, SEED, root, trials};

const HOW_TO_MEND: &str = "cargo run --release --example vanishing_gradients draws the picture anew \
    and prints the table, which both pages must contain";

fn measure(lesson: &Lesson, seed: u64, wanted: impl Fn(Kind) -> bool) -> Vec<Measured> {
    let trials = trials().into_iter().filter(|trial| wanted(trial.kind));
    trials.map(|trial| lesson.measure(&trial, seed).unwrap()).collect()
}

/// The plain network must stay near chance, and every remedy must get well above it.
fn check(measured: &[Measured], seed: u64) {
    let mut counts = [0; 2];
    for one in measured {
        let (name, times) = (one.trial.name, one.times_chance());
        match one.trial.kind {
            Kind::Plain => assert!(times < 1.5, "{name}, seed {seed}: {times} times chance"),
            Kind::Remedy => assert!(3.0 < times, "{name}, seed {seed}: {times} times chance"),
            Kind::Beside => continue,
        }
        counts[usize::from(one.trial.kind == Kind::Remedy)] += 1;
    }
    // One network without, and five remedies, of which other activations are two.
    assert_eq!(counts, [1, 6]);
}

#[test]
fn every_remedy_alone_rescues_the_plain_network_and_the_page_says_so() {
    let lesson = Lesson::read().unwrap();
    let measured = measure(&lesson, SEED, |_| true);
    check(&measured, SEED);
    // Few digits are printed, so that processors that add in another order still print the same.
    let table = table::table(&measured);
    for page in ["vanishing-gradients.md", "vanishing-gradients.zh.md"] {
        let text = std::fs::read_to_string(root().join("docs/learning").join(page)).unwrap();
        assert!(text.contains(&table), "{page}: {HOW_TO_MEND}:\n{table}");
    }
    let drawn = std::fs::read_to_string(root().join(plot::PLACE)).unwrap();
    assert!(drawn == plot::svg(&measured).unwrap(), "{}: {HOW_TO_MEND}", plot::PLACE);
}

#[test]
fn it_is_no_luck_of_one_seed() {
    let lesson = Lesson::read().unwrap();
    for seed in [1, 2] {
        check(&measure(&lesson, seed, |kind| kind != Kind::Beside), seed);
    }
}
