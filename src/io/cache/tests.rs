use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::key::Key;
use super::store::{Found, Note, Store, this_hour};
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
    let path = folder.path().join("store");
    let store = Store::open(&path).unwrap();
    (path, store)
}

/// The file of a value.
fn file_of(store: &Path, number: u32) -> PathBuf {
    let name = blake3::Hash::from_bytes(key(number)).to_hex();
    store.join(&name[..2]).join(&name[2..])
}

/// Bytes of all files.
fn bytes_in(store: &Path) -> u64 {
    let files = walkdir::WalkDir::new(store).into_iter().flatten();
    files.filter(|e| e.file_type().is_file()).map(|e| e.metadata().unwrap().len()).sum()
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
    let divided = [None, Some(&[1; 32]), Some(&[2; 32])];
    let divided = divided.into_iter().flat_map(|by| changes.map(|change| (by, change)));
    let divided: Vec<_> = divided.collect();
    for options in [fast, ranged, colored, fewer] {
        let descriptor = Descriptor::new(options).unwrap();
        for engine in [Engine::Fast, Engine::Reference] {
            for limits in
                [limits, Limits { max_pixels: 9, ..limits }, Limits { max_memory: 9, ..limits }]
            {
                for &divided in &divided {
                    let named = cache.keys(&descriptor, engine, limits, divided).unwrap();
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
    assert_eq!((keys.len(), n), (4 * 2 * 3 * 5 * 3 * 3 * 4 * 2, keys.len()));
}

#[test]
fn what_is_put_is_found_by_another_and_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let other = Store::open(&path).unwrap();
    let now = this_hour();
    for value in [vec![1, 2, 3], Vec::new(), vec![7; 10_000]] {
        assert!(store.write(&[Note::Put(key(1), value.clone())], now, 1 << 30).unwrap());
        let Some(Found::Value { bytes, used }) = other.get(&key(1)).unwrap() else { panic!() };
        assert!(bytes == value && (now..=now + 1).contains(&used), "{used}");
    }
    store.write(&[Note::Use(key(1)), Note::Use(key(2))], 6, 1 << 30).unwrap();
    let Some(Found::Value { used, .. }) = other.get(&key(1)).unwrap() else { panic!() };
    assert_eq!((used, other.count()), (6, 1));
    assert!(other.get(&key(2)).unwrap().is_none());
}

#[test]
fn a_value_that_was_altered_or_moved_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let notes = [1, 2, 3].map(|n| Note::Put(key(n), vec![n as u8; 100]));
    store.write(&notes, 0, 1 << 30).unwrap();
    // One byte more; the bytes of another; fewer bytes than a checksum; a folder in its place.
    let [longer, swapped, short, folder] = [1, 2, 3, 4].map(|n| file_of(&path, n));
    let mut bytes = std::fs::read(&longer).unwrap();
    bytes.push(0);
    std::fs::write(&longer, bytes).unwrap();
    std::fs::copy(&short, &swapped).unwrap();
    std::fs::write(&short, [0]).unwrap();
    std::fs::create_dir_all(folder.join("x")).unwrap();
    for n in [1, 2, 3, 4] {
        assert!(matches!(store.get(&key(n)).unwrap(), Some(Found::Damaged)), "{n}");
        store.write(&[Note::Put(key(n), vec![9])], 1, 1 << 30).unwrap();
        assert!(matches!(store.get(&key(n)).unwrap(), Some(Found::Value { .. })), "{n}");
    }
    // A file in the place of a folder of values.
    let in_the_way = file_of(&path, 5).parent().unwrap().to_owned();
    let _ = std::fs::remove_dir_all(&in_the_way);
    std::fs::write(&in_the_way, "x").unwrap();
    assert!(matches!(store.get(&key(5)).unwrap(), Some(Found::Damaged)));
    store.write(&[Note::Put(key(5), vec![9])], 1, 1 << 30).unwrap();
    assert_eq!(values(&store, 5..6), [5]);
}

#[test]
fn a_full_store_forgets_what_was_used_longest_ago_and_nothing_of_this_hour() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let now = this_hour();
    let most = 1 << 20;
    let batch = |numbers: std::ops::Range<u32>| -> Vec<Note> {
        numbers.map(|n| Note::Put(key(n), vec![0; 10_000])).collect()
    };
    let used = |numbers: std::ops::Range<u32>| -> Vec<Note> {
        numbers.map(|n| Note::Use(key(n))).collect()
    };
    assert!(store.write(&batch(0..80), now, most).unwrap());
    // The first half was used later than the second one, which goes.
    assert!(store.write(&used(0..40), now - 2, most).unwrap());
    assert!(store.write(&used(40..80), now - 3, most).unwrap());
    assert!(store.write(&batch(80..110), now, most).unwrap());
    let left = values(&store, 0..110);
    assert!((0..40).chain(80..110).all(|n| left.contains(&n)), "{left:?}");
    assert!(left.len() < 110, "nothing was forgotten");
    assert!(bytes_in(&path) <= most);

    // More of one hour than there is room for: what is there stays, and as much is added as fits.
    assert!(store.write(&used(0..110), now, most).unwrap());
    assert!(!store.write(&batch(200..400), now, most).unwrap());
    let more = values(&store, 0..400);
    assert!(more.starts_with(&left) && more.len() < left.len() + 20, "{more:?}");
    assert!(bytes_in(&path) <= most);
    // A smaller limit is kept to as soon as something is written, by another process, too.
    assert!(store.write(&used(0..400), now - 1, most).unwrap());
    let mut other = Store::open(&path).unwrap();
    assert!(other.write(&batch(500..501), now, most / 4).unwrap());
    assert_eq!(values(&store, 500..501), [500]);
    assert!(store.count() < 30);
    assert!(bytes_in(&path) <= most / 4);
}

#[test]
fn what_a_killed_writer_left_is_removed_by_a_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut store) = store(&folder);
    let (old, new) = (path.join("new-old"), path.join("new-new"));
    for (file, hours) in [(&old, 3), (&new, 0)] {
        std::fs::write(file, "half").unwrap();
        let time = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600);
        std::fs::File::options().write(true).open(file).unwrap().set_modified(time).unwrap();
    }
    store.write(&[Note::Put(key(1), vec![1])], this_hour(), 1 << 20).unwrap();
    // The new one may be of a process that works now.
    assert_eq!((old.exists(), new.exists(), store.count()), (false, true, 1));
}

#[test]
fn a_store_of_an_earlier_version_is_left_alone_and_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(&folder);
    let former = place.folder().join("features-1/store.sqlite");
    std::fs::create_dir_all(former.parent().unwrap()).unwrap();
    std::fs::write(&former, "old").unwrap();
    let named = || Cache::open(place.clone(), 1 << 20).unwrap().trouble();
    assert!(named().is_some_and(|message| message.contains("features-1")));
    assert_eq!(named(), None);
    assert_eq!(std::fs::read(&former).unwrap(), b"old");
    place.clear().unwrap();
    assert!(!former.exists());
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
    let mut store = Store::open(&place.store()).unwrap();
    store.write(&[Note::Put(key(1), vec![1])], 0, 1 << 20).unwrap();
    assert!(place.bytes() > 0);
    std::fs::write(place.folder().join("mine.txt"), "mine").unwrap();
    place.clear().unwrap();
    assert_eq!(place.bytes(), 0);
    assert_eq!(std::fs::read_to_string(place.folder().join("mine.txt")).unwrap(), "mine");
}
