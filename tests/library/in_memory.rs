//! Pictures that a program has in memory give what their files give.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use textura::Error;
use textura::batch::{Batch, Example, Extractor, Interrupt, Progress, Workers};
use textura::error::Problem;
use textura::image::{Gray, Planes, Samples};
use textura::io::cache::{Cache, Place};
use textura::io::{Content, Entry, InMemory, Limits, Part, list_labelled, read_picture};
use textura::learn::classifier::{Augment, FitSettings, Hidden};
use textura::model::inspection::{Learned, Learning, learn_good};
use textura::model::training::{GradesFrom, Request, Trainer};
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

fn fast() -> Descriptor {
    Descriptor::new(DescriptorOptions::preset("fast").unwrap()).unwrap()
}

fn workers() -> Workers {
    Workers::new(2, Interrupt::default()).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn file(path: &Path) -> Content {
    Content::File(Arc::new(std::fs::read(path).unwrap()))
}

fn example(entry: &Entry) -> textura::Result<Example> {
    Extractor::new(&fast()).example(entry)
}

fn in_memory(picture: Content, mask: Option<Content>, path: &Path) -> Entry {
    let in_memory = InMemory { picture: Some(picture), mask };
    Entry { in_memory, ..Entry::new(path.to_path_buf(), None) }
}

/// mechanics: bytes and pixels give the bits of the file; only a name can have a wrong ending.
#[test]
fn bytes_and_pixels_give_what_the_file_gives() {
    let mut n_seen = 0;
    for name in ["textures/brick/brick_00.png", "edge/png_named.jpg"] {
        let path = fixture(name);
        let of_file = example(&Entry::new(path.clone(), None)).unwrap();
        let named = example(&in_memory(file(&path), None, &path)).unwrap();
        assert_eq!(named.features, of_file.features);
        assert_eq!((named.content, named.width), (of_file.content, of_file.width));

        let nameless = example(&in_memory(file(&path), None, Path::new(""))).unwrap();
        assert_eq!(nameless.features.values, of_file.features.values);
        assert!(!nameless.features.flags.to_string().contains("wrong_ending"));

        let planes = read_picture(&path, Limits::default(), true).unwrap().planes;
        let pixels = Content::Planes(Arc::new(planes));
        let of_pixels = example(&in_memory(pixels, None, Path::new("array"))).unwrap();
        assert_eq!(of_pixels.features.values, of_file.features.values);
        n_seen += 1;
    }
    assert_eq!(n_seen, 2);
}

/// mechanics: pictures are told apart by their pixels, their size and their depth.
#[test]
fn pixels_have_contents_of_their_own() {
    let content = |width, height, samples| {
        let planes = Planes::from_gray(Gray::new(width, height, samples).unwrap());
        let entry = in_memory(Content::Planes(Arc::new(planes)), None, Path::new("array"));
        example(&entry).unwrap().content
    };
    let all = [
        content(2, 3, Samples::Eight(vec![1; 6])),
        content(3, 2, Samples::Eight(vec![1; 6])),
        content(2, 3, Samples::Eight(vec![1, 1, 1, 1, 1, 2])),
        content(2, 3, Samples::Sixteen(vec![1; 6])),
    ];
    let n_different = all.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(n_different, all.len());
    assert_eq!(all[0], content(2, 3, Samples::Eight(vec![1; 6])));
}

/// mechanics: a mask in memory restricts, and its faults are told as those of a file.
#[test]
fn masks_in_memory_restrict_too() {
    let path = fixture("textures/brick/brick_00.png");
    let picture = || read_picture(&path, Limits::default(), false).unwrap().planes;
    let (width, height) = (picture().gray().width(), picture().gray().height());
    let mask = |of: &dyn Fn(usize) -> u8, width: usize| {
        let values = (0..width * height).map(of).collect();
        let gray = Gray::new(width, height, Samples::Eight(values)).unwrap();
        Content::Planes(Arc::new(Planes::from_gray(gray)))
    };
    let with = |mask| example(&in_memory(file(&path), Some(mask), &path));
    let whole = example(&Entry::new(path.clone(), None)).unwrap();
    assert_eq!(with(mask(&|_| 1, width)).unwrap().features.values, whole.features.values);
    let upper = with(mask(&|at| u8::from(at < width * height / 2), width)).unwrap();
    assert_ne!(upper.features.values, whole.features.values);
    let small = with(mask(&|_| 1, width - 1)).unwrap_err().to_string();
    assert!(small.contains("the mask given") && small.contains("as its picture"), "{small}");
    let empty = with(mask(&|_| 0, width)).unwrap_err().to_string();
    assert!(empty.contains("an empty mask (the mask given)"), "{empty}");
}

/// mechanics: a damaged file in memory is its entry's error, as one on the disk is.
#[test]
fn damaged_bytes_are_an_error() {
    let path = fixture("broken/truncated.bmp");
    let of_file = example(&Entry::new(path.clone(), None)).unwrap_err();
    let of_bytes = example(&in_memory(file(&path), None, &path)).unwrap_err();
    assert_eq!(of_bytes.to_string(), of_file.to_string());
}

/// mechanics: the cache, which knows files by their stamps, is not asked for what is in memory.
#[test]
fn the_cache_does_not_answer_for_memory() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(Place::in_folder(folder.path()), 1 << 20).unwrap();
    let workers = workers();
    let batch = Batch { cache: Some(&cache), ..Batch::new(&workers) };
    let fast = fast();
    let (brick, grain) =
        (fixture("textures/brick/brick_00.png"), fixture("textures/grain/grain_00.png"));
    let mut found = Vec::new();
    // Other bytes under the name of a file that the cache knows.
    let entries = || vec![Entry::new(brick.clone(), None), in_memory(file(&grain), None, &brick)];
    for _ in 0..2 {
        batch
            .extract(entries(), &batch.extractor(&fast), |_, outcome| {
                found.push(outcome?.features.values);
                Ok(())
            })
            .unwrap();
    }
    let expected = example(&Entry::new(grain.clone(), None)).unwrap().features.values;
    assert_eq!(found.len(), 4);
    assert_eq!((&found[1], &found[3]), (&expected, &expected));
    // Nor does it learn from memory what a file holds.
    assert_eq!(found[2], found[0]);
    assert_ne!(found[0], expected);
}

/// mechanics: training and retraining on bytes gives the model of the files.
#[test]
fn models_of_bytes_are_those_of_files() {
    let source = fixture("textures");
    let settings = FitSettings {
        epochs: 5,
        augment: Augment::None,
        hidden: Hidden::Layers(Vec::new()),
        ..FitSettings::default()
    };
    let (group_by, grades) = (None, GradesFrom::Names);
    let request = Request {
        source: &source,
        settings: &settings,
        holdout: 0.2,
        group_by,
        seed: 1,
        class_level: 1,
        grades,
        tile: None,
        replay: 3,
    };
    let workers = workers();
    let batch = Batch::new(&workers);
    let trainer = || Trainer::new(&request, batch);
    let listing = || {
        let mut listing = list_labelled(&source, Part::Train).unwrap();
        for entry in &mut listing.entries {
            entry.in_memory.picture = Some(file(&entry.path));
            // The bytes are all there is.
            entry.path = PathBuf::from("nowhere.png");
        }
        listing
    };
    let of_files = trainer().fresh(fast()).unwrap().model;
    let of_bytes = trainer().listed(listing()).fresh(fast()).unwrap().model;
    let json = of_files.to_json().unwrap();
    assert!(json == of_bytes.to_json().unwrap(), "the models differ");

    let again = trainer().from(&of_files, None).unwrap().model;
    let again_of_bytes = trainer().listed(listing()).from(&of_files, None).unwrap().model;
    assert!(again.to_json().unwrap() == again_of_bytes.to_json().unwrap(), "the models differ");
    assert!(again.to_json().unwrap() != json, "retraining changed nothing");
}

/// mechanics: good pictures in memory that share one path, or have none, are learned as their files are, each by its own
/// place and never by what had learned from it.
#[test]
fn good_pictures_need_no_paths_of_their_own() {
    let paths: Vec<PathBuf> =
        (0..6).map(|n| fixture(&format!("textures/weave/weave_{n:02}.png"))).collect();
    let workers = workers();
    let learn = |entries: Vec<Entry>| -> Learned {
        let learning = Learning { entries, group_by: None, tile: None, seed: 1 };
        learn_good(learning, fast(), Batch::new(&workers)).unwrap()
    };
    let of_files = learn(paths.iter().map(|path| Entry::new(path.clone(), None)).collect());
    let scores = |learned: &Learned| -> Vec<(f64, f64)> {
        learned.out_of_fold.iter().map(|p| (p.anomaly_score, p.familiarity)).collect()
    };
    assert_eq!(scores(&of_files).len(), 6);
    let json = of_files.inspector.to_json().unwrap();
    for name in ["", "picture"] {
        let named = |path: &PathBuf| in_memory(file(path), None, Path::new(name));
        let of_bytes = learn(paths.iter().map(named).collect());
        assert!(of_bytes.failures.is_empty());
        assert_eq!(scores(&of_bytes), scores(&of_files));
        assert!(of_bytes.inspector.to_json().unwrap() == json, "the models differ");
    }
}

/// mechanics: what kept a picture from being named is told, and the others are learned from.
#[test]
fn good_pictures_that_cannot_be_read_are_told() {
    let workers = workers();
    let mut entries: Vec<Entry> = (0..4)
        .map(|n| fixture(&format!("textures/weave/weave_{n:02}.png")))
        .map(|path| in_memory(file(&path), None, Path::new("")))
        .collect();
    let problem = Problem::new("a picture", "a list", "mend it");
    entries[1].problem = Some(Box::new(Error::picture(Path::new("picture 1"), problem)));
    let learning = Learning { entries, group_by: None, tile: None, seed: 1 };
    let learned = learn_good(learning, fast(), Batch::new(&workers)).unwrap();
    assert_eq!((learned.failures.len(), learned.out_of_fold.len()), (1, 3));
    assert_eq!(learned.failures[0].at, 1);
    assert!(learned.failures[0].error.to_string().contains("found a list"));
}

/// Takes a file away when the fourth stretch of work begins: depths, the survey, the first look, the second look.
struct Thief {
    file: PathBuf,
    stretches: AtomicUsize,
}

impl Progress for Thief {
    fn begin(&self, _what: &'static str, _total: usize) {
        if self.stretches.fetch_add(1, Ordering::Relaxed) == 3 {
            std::fs::remove_file(&self.file).unwrap();
        }
    }

    fn advance(&self) {}

    fn end(&self) {}
}

/// mechanics: a good picture that vanishes between the two times it is read fails alone, and the model is made all the same.
#[test]
fn a_good_picture_that_vanishes_meanwhile_costs_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..6)
        .map(|n| {
            let to = folder.path().join(format!("{n}.png"));
            std::fs::copy(fixture(&format!("textures/weave/weave_{n:02}.png")), &to).unwrap();
            to
        })
        .collect();
    let thief = Thief { file: paths[2].clone(), stretches: AtomicUsize::new(0) };
    let workers = workers();
    let batch = Batch { progress: &thief, ..Batch::new(&workers) };
    let entries = paths.iter().map(|path| Entry::new(path.clone(), None)).collect();
    let learning = Learning { entries, group_by: None, tile: None, seed: 1 };
    let learned = learn_good(learning, fast(), batch).unwrap();
    assert_eq!(thief.stretches.into_inner(), 4);
    let failures: Vec<(usize, &PathBuf)> =
        learned.failures.iter().map(|failure| (failure.at, &failure.path)).collect();
    assert_eq!(failures, [(2, &paths[2])]);
    let judged: Vec<&PathBuf> = learned.out_of_fold.iter().map(|picture| &picture.path).collect();
    assert_eq!(judged, [&paths[0], &paths[1], &paths[3], &paths[4], &paths[5]]);
    assert_eq!((learned.inspector.record.pictures, learned.inspector.n_units()), (6, 5));
}

/// invariant: a score is accepted up to the largest accepted one, and not beyond.
#[test]
fn the_largest_accepted_score_parts_scores() {
    let workers = workers();
    let paths = (0..5).map(|n| fixture(&format!("textures/grain/grain_{n:02}.png")));
    let entries = paths.map(|path| Entry::new(path, None)).collect();
    let learning = Learning { entries, group_by: None, tile: Some(32), seed: 0 };
    let Learned { inspector, out_of_fold, .. } =
        learn_good(learning, fast(), Batch::new(&workers)).unwrap();
    for limit in [1.0, 0.5, 0.2, 0.01] {
        let largest = inspector.largest_accepted(limit);
        assert!(largest.is_finite());
        for picture in &out_of_fold {
            assert_eq!(picture.anomaly_score <= largest, picture.familiarity >= limit, "{limit}");
        }
    }
    assert!(inspector.largest_accepted(0.5) < inspector.largest_accepted(0.01));
    assert_eq!(inspector.largest_accepted(0.0), f64::INFINITY);
    assert_eq!(inspector.largest_accepted(1.5), f64::NEG_INFINITY);
}
