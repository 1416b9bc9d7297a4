//! Every class left out in turn: how well `familiarity` tells it from the classes that were learned.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use textura::io::path_to_text;
use textura::learn::evaluation::area_under_roc;
use textura::random::Random;

use super::command::{Call, Outcome, Textura};
use super::folder::{Classes, Folder};

/// The limit that `classify` has unless another is given.
pub const REJECT_BELOW: f64 = 0.01;

/// One to leave out and two to learn.
pub const MIN_CLASSES: usize = 3;

/// The stream of random numbers that parts the pictures; textura takes others.
const HALVES: u64 = 7;

/// What came of leaving one class out.
struct LeftOut<'a> {
    class: &'a str,
    area: f64,
    /// Shares that the limit would reject.
    known_rejected: f64,
    unknown_rejected: f64,
}

/// What came of all classes.
pub struct Summary<'a> {
    pub mean_area: f64,
    pub least_area: f64,
    /// The class that is hardest to tell from the others.
    pub least_class: &'a str,
    pub known_rejected: f64,
    pub unknown_rejected: f64,
    /// The two calls that every class takes, with the time that all took.
    pub calls: [Call; 2],
}

/// A row of `classify`, as far as it is needed. The rows come in the order of the manifest.
#[derive(Deserialize)]
struct Row {
    familiarity: f64,
}

/// Leaves out each of at least [`MIN_CLASSES`] classes.
///
/// # Errors
/// Where a call fails or a class has no picture on one side.
pub fn measure<'a>(textura: &Textura, folder: &'a Folder, seed: u64) -> Outcome<Summary<'a>> {
    let (learned, tested) = halves(folder, seed);
    let mut results = Vec::new();
    let mut calls: Option<[Call; 2]> = None;
    for class in folder.train.keys() {
        let (result, [mut train, mut classify]) =
            leave_out(textura, folder, class, &learned, &tested)?;
        results.push(result);
        if let Some([trains, classifies]) = &calls {
            train.seconds += trains.seconds;
            classify.seconds += classifies.seconds;
        }
        calls = Some([train, classify]);
    }
    let n = results.len() as f64;
    let mean = |part: fn(&LeftOut<'_>) -> f64| results.iter().map(part).sum::<f64>() / n;
    let least = results.iter().min_by(|a, b| a.area.total_cmp(&b.area));
    let (least, calls) = least.zip(calls).ok_or("no class to leave out")?;
    Ok(Summary {
        mean_area: mean(|result| result.area),
        least_area: least.area,
        least_class: least.class,
        known_rejected: mean(|result| result.known_rejected),
        unknown_rejected: mean(|result| result.unknown_rejected),
        calls,
    })
}

/// The pictures of every class to learn from and to test on: the folder's own split, or halves drawn by the
/// seed, which are the same whichever class is left out.
fn halves(folder: &Folder, seed: u64) -> (Classes, Classes) {
    if let Some(test) = &folder.test {
        return (folder.train.clone(), test.clone());
    }
    let mut random = Random::new(seed, HALVES);
    let (mut learned, mut tested) = (Classes::new(), Classes::new());
    for (class, paths) in &folder.train {
        let mut paths = paths.clone();
        random.shuffle(&mut paths);
        let mut rest = paths.split_off(paths.len().div_ceil(2));
        // Files are read in the order of their names, as of any folder.
        paths.sort();
        rest.sort();
        learned.insert(class.clone(), paths);
        tested.insert(class.clone(), rest);
    }
    (learned, tested)
}

fn leave_out<'a>(
    textura: &Textura,
    folder: &Folder,
    class: &'a str,
    learned: &Classes,
    tested: &Classes,
) -> Outcome<(LeftOut<'a>, [Call; 2])> {
    let others = |classes: &Classes| -> Vec<(PathBuf, String)> {
        let others = classes.iter().filter(|(other, _)| other.as_str() != class);
        others.flat_map(|(other, paths)| paths.iter().map(|p| (p.clone(), other.clone()))).collect()
    };
    let (to_learn, mut to_test) = (others(learned), others(tested));
    let n_known = to_test.len();
    let mut strangers = folder.train.get(class).cloned().unwrap_or_default();
    let test = folder.test.as_ref().and_then(|test| test.get(class));
    strangers.extend(test.cloned().unwrap_or_default());
    to_test.extend(strangers.into_iter().map(|path| (path, class.to_owned())));

    let (known_list, test_list) = (textura.scratch("learned.csv"), textura.scratch("tested.csv"));
    let model = textura.scratch("model.json");
    write_manifest(&known_list, &to_learn)?;
    write_manifest(&test_list, &to_test)?;
    let train = textura.run([
        "train".as_ref(),
        known_list.as_os_str(),
        "--model".as_ref(),
        model.as_os_str(),
        "--holdout".as_ref(),
        "0".as_ref(),
    ])?;
    let classify = textura.run([
        "classify".as_ref(),
        model.as_os_str(),
        test_list.as_os_str(),
        "--reject-at".as_ref(),
        "none".as_ref(),
    ])?;
    let mut table = csv::Reader::from_reader(classify.output.as_slice());
    let rows = table.deserialize().collect::<Result<Vec<Row>, _>>()?;
    if rows.len() != to_test.len() {
        let (found, expected) = (rows.len(), to_test.len());
        return Err(format!("{}\nwrote {found} rows, not {expected}", classify.line).into());
    }
    let familiarity: Vec<f64> = rows.iter().map(|row| row.familiarity).collect();
    let (known, unknown) = familiarity.split_at(n_known);
    let area = area_under_roc(known, unknown)
        .ok_or_else(|| format!("{}: nothing to test on without `{class}`", folder.name))?;
    let rejected = |values: &[f64]| {
        values.iter().filter(|&&value| value < REJECT_BELOW).count() as f64 / values.len() as f64
    };
    let (known_rejected, unknown_rejected) = (rejected(known), rejected(unknown));
    Ok((LeftOut { class, area, known_rejected, unknown_rejected }, [train, classify]))
}

fn write_manifest(place: &Path, pictures: &[(PathBuf, String)]) -> Outcome<()> {
    let mut table = csv::Writer::from_path(place)?;
    table.write_record(["path", "label"])?;
    for (path, label) in pictures {
        table.write_record([&path_to_text(path), label])?;
    }
    table.flush()?;
    Ok(())
}
