//! The targets: each takes any bytes and must neither panic nor take more memory or time than they justify.

use std::cell::RefCell;
use std::panic::{set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

use ndarray::Array2;
use serde_json::Value;
use textura::Error;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};
use textura::batch::extraction::{Setup, check_measured};
use textura::batch::Interrupt;
use textura::io::{
    Limits, Part, Source, decode as decode_picture, is_decoding, list, list_labelled,
};
use textura::model::Model;
use textura::batch::Workers;
use textura::image::{Gray, Mask, Samples};
use textura::texture::glcm::{Counts, Offset};
use textura::texture::{Engine, Input};

use crate::engines as compare;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Target; 4] =
    [("decode", decode), ("model", model), ("table", table), ("engines", engines)];

thread_local! {
    static FAST: Descriptor = {
        let options = DescriptorOptions::preset("fast").expect("a preset");
        Descriptor::new(options).expect("settings that can be")
    };
    static WORKERS: Workers = Workers::new(1, Interrupt::default()).expect("one worker");
    /// Where a table stands while it is read: its ending decides its format.
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

/// Panics that the library contains become a file's error and are no finds; libFuzzer would end at each.
fn let_contained_panics_pass() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if !is_decoding() {
                usual(info);
            }
        }));
    });
}

/// A picture's file, decoded and measured. Its features are finite, whatever it shows.
pub fn decode(data: &[u8]) {
    let_contained_panics_pass();
    let limits = Limits { max_pixels: 1 << 14, max_memory: 1 << 26, ..Limits::default() };
    let Ok(decoded) = decode_picture(data, "png", limits, true) else { return };
    let features = FAST.with(|fast| fast.extract(decoded.planes.gray(), Engine::Fast));
    assert!(features.values.iter().all(|value| value.is_finite()));
    assert!((0.0..=100.0).contains(&features.texture_score));
}

/// A model's file as it is, and once more with a checksum that fits, so that what lies behind it is reached. A model
/// that is accepted can be written, and answers with probabilities or says why it cannot.
pub fn model(data: &[u8]) {
    let _ = Model::from_json(data);
    let Ok(mut document) = serde_json::from_slice::<Value>(data) else { return };
    if let Some(body) = document.get("model") {
        let text = serde_json::to_vec(body).expect("what was JSON");
        document["checksum"] = blake3::hash(&text).to_hex().to_string().into();
    }
    let text = serde_json::to_vec(&document).expect("what was JSON");
    let Ok(model) = Model::from_json(&text) else { return };
    let n_columns = model.descriptor.schema().len();
    let rows = Array2::from_shape_fn((2, n_columns), |(row, at)| row as f64 * (at as f64 + 0.5));
    if let Ok(predictions) = model.classifier.predict(&rows) {
        for row in predictions.probs.rows() {
            assert!((row.sum() - 1.0).abs() < 1e-9 && row.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        assert!(predictions.familiarity.iter().all(|f| (0.0..=1.0).contains(f)));
    }
}

/// A table as a manifest and as a source of numbers, in the format that its first byte names.
pub fn table(data: &[u8]) {
    let_contained_panics_pass();
    let Some((&first, content)) = data.split_first() else { return };
    let name = ["t.csv", "t.jsonl", "t.parquet"][usize::from(first) % 3];
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(temporary);
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a folder to write into");
        read(&path);
    });
}

/// In memory, where the system has a place for that.
fn temporary() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder for temporary files")
}

fn read(path: &Path) {
    let sound = |error: Error| match error {
        Error::Model { path: named, .. } => assert_eq!(named, path),
        Error::Data { .. } => {}
        other => panic!("{other:?}"),
    };
    match list(&[Source::Path(PathBuf::from(path))], &mut std::io::empty()) {
        Ok(listing) => {
            assert!(!listing.entries.is_empty());
            let outcome = FAST.with(|fast| {
                WORKERS.with(|workers| check_measured(&listing.entries, fast, Setup::new(workers)))
            });
            if let Err(error) = outcome {
                sound(error);
            }
        }
        Err(error) => sound(error),
    }
    for part in Part::ALL {
        if let Err(error) = list_labelled(path, part) {
            sound(error);
        }
    }
}

/// Numbers out of bytes, the later ones 0 where there are not enough.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn below(&mut self, n: usize) -> usize {
        usize::from(u16::from_le_bytes([self.next(), self.next()])) % n
    }
}

/// A picture, a mask and settings drawn from the bytes, by both engines.
pub fn engines(data: &[u8]) {
    let mut bytes = Bytes(data);
    let (width, height) = (1 + bytes.below(70), 1 + bytes.below(40));
    let settings = bytes.next();
    let at = (bytes.below(85) as isize - 42, bytes.below(85) as isize - 42);
    let n_levels = 2 + bytes.below(255);
    let ring = (1 + bytes.below(24), 0.5 + bytes.below(1150) as f64 / 100.0);
    let first = 0.3 + bytes.below(300) as f64 / 100.0;
    let second = first + 0.05 + bytes.below(300) as f64 / 100.0;
    let scales = [first, second, second + 0.05 + bytes.below(500) as f64 / 100.0];
    let n = width * height;
    let inside: Option<Vec<bool>> =
        (settings & 3 != 0).then(|| (0..n).map(|_| bytes.next() % 4 < (settings & 3)).collect());
    let picture = if settings & 4 == 0 {
        Samples::Eight((0..n).map(|_| bytes.next()).collect())
    } else {
        Samples::Sixteen((0..n).map(|_| bytes.below(1 << 16) as u16).collect())
    };
    let picture = Gray::new(width, height, picture).expect("a value a pixel");
    let mask = inside.map(|inside| Mask::new(width, height, inside).expect("a flag a pixel"));
    let input = Input { mask: mask.as_ref(), ..Input::whole(&picture) };
    let what = "fuzzed";
    match settings >> 4 {
        0 | 1 => {
            compare::compare_counts(what, &picture, n_levels, at);
            compare::compare_statistics(what, &picture, n_levels, at);
            masked_counts(input, n_levels, at);
        }
        2..=4 => drop(compare::compare_ring(what, input, ring)),
        5..=7 => drop(compare::compare_clbp(what, input, ring)),
        8 | 9 => drop(compare::compare_mrelbp(what, input)),
        10..=12 => drop(compare::compare_letrist(what, input, scales)),
        13 => drop(compare::compare_score(what, input)),
        _ if input.values().next().is_some() => drop(compare::compare_first_order(what, input)),
        _ => {}
    }
}

fn masked_counts(input: Input<'_>, n_levels: usize, (dx, dy): (isize, isize)) {
    use textura::image::{Levels, Quantize, Quantizer};
    let quantizer = Quantizer::new(Some(n_levels), Quantize::Fixed).expect("levels");
    let levels = Levels::new(input.picture, input.mask, input.range, quantizer);
    let [fast, reference] =
        compare::both(|engine| Counts::count(&levels, Offset { dx, dy }, engine));
    assert_eq!(fast, reference);
}
