use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::key::Key;
use super::store::{Found, Note, Store};
use super::{Cache, Contents, Notes, Place, Stamp};
use crate::image::View;
use crate::image::change::Change;
use crate::image::{Channels, ValueRange};
use crate::io::Limits;
use crate::texture::Engine;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};

fn place(folder: &tempfile::TempDir) -> Place {
    Place::in_folder(folder.path().join("cache"))
}

fn key(number: u32) -> Key {
    *blake3::hash(&number.to_le_bytes()).as_bytes()
}

fn store(folder: &tempfile::TempDir) -> (PathBuf, Store) {
    let path = folder.path().join("store.sqlite");
    let store = Store::open(&path).unwrap();
    (path, store)
}

fn values(store: &Store, numbers: std::ops::Range<u32>) -> Vec<u32> {
    numbers.filter(|&number| store.get(&key(number)).unwrap().is_some()).collect()
}

#[test]
fn every_setting_and_every_content_has_keys_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(place(&folder), 1 << 20).unwrap();
    let fast = DescriptorOptions::preset("fast").unwrap();
    let ranged = DescriptorOptions { values: ValueRange::Bits(12), ..fast.clone() };
    let colored = DescriptorOptions { channels: Channels::Rgb, ..fast.clone() };
    let fewer = DescriptorOptions { families: fast.families[..1].to_vec(), ..fast.clone() };
    let mut keys = BTreeSet::new();
    let mut n = 0;
    let limits = Limits::default();
    let changes = [
        None,
        Some(Change::from_text("noise:5", 0).unwrap()),
        Some(Change::from_text("noise:5", 1).unwrap()),
        Some(Change::from_text("noise:5.000000000000001", 0).unwrap()),
        Some(Change::from_text("blur:5", 0).unwrap()),
    ];
    for options in [fast, ranged, colored, fewer] {
        let descriptor = Descriptor::new(options).unwrap();
        for engine in [Engine::Fast, Engine::Reference] {
            for limits in
                [limits, Limits { max_pixels: 9, ..limits }, Limits { max_memory: 9, ..limits }]
            {
                for change in changes {
                    let named = cache.keys(&descriptor, engine, limits, change).unwrap();
                    for (picture, mask) in
                        [([1; 32], None), ([2; 32], None), ([1; 32], Some([2; 32]))]
                    {
                        for view in [View::AsItIs, View::Smaller, View::Larger, View::Worse] {
                            for ending in ["png", "tif"] {
                                let contents = Contents { picture, mask };
                                keys.insert(named.of_view(&contents, ending, view));
                                n += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!((keys.len(), n), (4 * 2 * 3 * 5 * 3 * 4 * 2, keys.len()));
}

#[test]
fn what_is_put_is_found_by_another_and_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let other = Store::open(&path).unwrap();
    for value in [vec![1, 2, 3], Vec::new(), vec![7; 10_000]] {
        assert!(store.write(&[Note::Put(key(1), value.clone())], 5, 1 << 30).unwrap());
        let Some(Found::Value { bytes, used }) = other.get(&key(1)).unwrap() else { panic!() };
        assert_eq!((bytes, used), (value, 5));
    }
    store.write(&[Note::Use(key(1)), Note::Use(key(2))], 6, 1 << 30).unwrap();
    let Some(Found::Value { used, .. }) = other.get(&key(1)).unwrap() else { panic!() };
    assert_eq!((used, other.count().unwrap()), (6, 1));
    assert!(other.get(&key(2)).unwrap().is_none());
}

#[test]
fn a_value_that_was_altered_or_moved_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let notes = [1, 2, 3].map(|n| Note::Put(key(n), vec![n as u8; 100]));
    store.write(&notes, 0, 1 << 30).unwrap();
    let raw = rusqlite::Connection::open(path).unwrap();
    // One bit; the bytes of another; fewer bytes than a checksum.
    raw.execute("UPDATE value SET bytes = CAST(bytes || x'00' AS BLOB) WHERE id = 1", []).unwrap();
    raw.execute("UPDATE value SET bytes = (SELECT bytes FROM value WHERE id = 3) WHERE id = 2", [])
        .unwrap();
    raw.execute("UPDATE value SET bytes = x'00' WHERE id = 3", []).unwrap();
    for n in [1, 2, 3] {
        assert!(matches!(store.get(&key(n)).unwrap(), Some(Found::Damaged)), "{n}");
    }
}

#[test]
fn a_full_store_forgets_what_was_used_longest_ago_and_nothing_of_this_hour() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let most = 1 << 20;
    let batch = |numbers: std::ops::Range<u32>| -> Vec<Note> {
        numbers.map(|n| Note::Put(key(n), vec![0; 10_000])).collect()
    };
    assert!(store.write(&batch(0..40), 1, most).unwrap());
    assert!(store.write(&batch(40..80), 2, most).unwrap());
    // The first half is used once more, so the second one goes.
    let used: Vec<Note> = (0..40).map(|n| Note::Use(key(n))).collect();
    assert!(store.write(&used, 3, most).unwrap());
    assert!(store.write(&batch(80..110), 4, most).unwrap());
    let left = values(&store, 0..110);
    assert!((0..40).chain(80..110).all(|n| left.contains(&n)), "{left:?}");
    assert!(left.len() < 110, "nothing was forgotten");
    assert!(std::fs::metadata(&path).unwrap().len() < 2 * most);

    // More of one hour than there is room for: what is there stays.
    assert!(!store.write(&batch(200..400), 5, most).unwrap());
    assert_eq!(values(&store, 0..400), left);
    // A smaller limit is kept to as soon as something is written.
    assert!(store.write(&batch(500..501), 6, most / 4).unwrap());
    store.shrink(most / 4).unwrap();
    assert_eq!(values(&store, 500..501), [500]);
    assert!(store.count().unwrap() < 30);
    drop(store);
    assert!(std::fs::metadata(&path).unwrap().len() <= most / 4);
}

#[test]
fn a_database_of_another_program_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE name (id INTEGER)").unwrap();
    drop(other);
    assert!(Store::open(&path).is_err_and(|error| super::is_damage(&error)));
}

#[test]
fn a_file_is_known_only_while_its_stamp_is_the_same_and_old() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(place(&folder), 1 << 20).unwrap();
    let known = |path: &Path| cache.content(path, &Stamp::of(path)?, &mut Notes::default());
    let note = |path: &Path, stamp: &Stamp, content: [u8; 32]| {
        let mut notes = Notes::default();
        notes.put_content(path, stamp, &content);
        cache.keep(notes);
        cache.flush();
    };
    // A file that has lain there for longer than a step of time.
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let stamp = Stamp::of(&old).unwrap();
    assert_eq!(known(&old), None);
    note(&old, &stamp, [1; 32]);
    assert_eq!(known(&old), Some([1; 32]));
    // By another path to it, too, but not by a path to another file.
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let other_stamp = Stamp::of(&other).unwrap();
    assert_eq!(known(&other), None);
    // A stamp that the file no longer had when it had been read.
    note(&other, &stamp, [2; 32]);
    assert_eq!(known(&other), None);
    note(&other, &other_stamp, [3; 32]);
    assert_eq!(known(&other), Some([3; 32]));
    assert_eq!(cache.content(&other, &stamp, &mut Notes::default()), None);

    // A file of this moment could change once more without another stamp.
    let new = folder.path().join("new.png");
    std::fs::write(&new, "1").unwrap();
    note(&new, &Stamp::of(&new).unwrap(), [4; 32]);
    assert_eq!(known(&new), None);
    // That cannot be hidden by another time.
    let file = std::fs::File::options().write(true).open(&new).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    note(&new, &Stamp::of(&new).unwrap(), [4; 32]);
    assert_eq!(known(&new), None);
    assert!(Stamp::of(folder.path()).is_none() && Stamp::of(Path::new("no such file")).is_none());
}

#[test]
fn a_place_is_cleared_of_the_store_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(&folder);
    place.clear().unwrap();
    assert_eq!(place.bytes(), 0);
    drop(Cache::open(place.clone(), 1 << 20).unwrap());
    assert!(place.bytes() > 0);
    std::fs::write(place.folder().join("mine.txt"), "mine").unwrap();
    place.clear().unwrap();
    assert_eq!(place.bytes(), 0);
    assert_eq!(std::fs::read_to_string(place.folder().join("mine.txt")).unwrap(), "mine");
}
