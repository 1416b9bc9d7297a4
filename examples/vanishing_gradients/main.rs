//! A deep sigmoid network that does not learn, and five remedies, each alone:
//! `cargo run --release --example vanishing_gradients`.
//!
//! Prints the table of `docs/learning/vanishing-gradients.md` and draws its picture, `--output FILE` to
//! another place. `--seed N` takes other first weights, batches and pictures to learn from, and draws
//! only where `--output` says so. Takes some seconds; a test compares both with the page.

mod experiment;
mod plot;
mod table;

use std::path::PathBuf;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let (seed, place) = arguments()?;
    let lesson = experiment::Lesson::read()?;
    let measured = experiment::trials()
        .iter()
        .map(|trial| lesson.measure(trial, seed))
        .collect::<textura::error::Result<Vec<_>>>()?;
    print!("{}", table::table(&measured));
    if let Some(place) = place {
        std::fs::write(&place, plot::svg(&measured)?)?;
        eprintln!("the gradients by layer are drawn in {}", place.display());
    }
    Ok(())
}

/// The seed, and where the picture goes: the page's own shows the page's seed.
fn arguments() -> Outcome<(u64, Option<PathBuf>)> {
    let (mut seed, mut place) = (experiment::SEED, None);
    let mut words = std::env::args_os().skip(1);
    while let Some(flag) = words.next() {
        match (flag.to_str(), words.next()) {
            (Some("--seed"), Some(n)) => seed = n.to_string_lossy().parse()?,
            (Some("--output"), Some(file)) => place = Some(file.into()),
            _ => return Err("expected nothing, --seed N or --output FILE".into()),
        }
    }
    let own = (seed == experiment::SEED).then(|| experiment::root().join(plot::PLACE));
    Ok((seed, place.or(own)))
}
