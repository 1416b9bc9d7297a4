//! One weekend: pictures are looked at, learned from, sorted, corrected, learned from again with two more classes, and
//! all of it is taken back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::support::{Folder, columns};

/// Every file below a folder, with its bytes.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn visit(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                found.insert(path, bytes);
            }
        }
    }
    let mut found = BTreeMap::new();
    visit(root, &mut found);
    found
}

#[test]
fn from_friday_to_monday() {
    let folder = Folder::new();
    // Friday: three classes to learn from, and a heap of pictures, one of them broken.
    for class in ["brick", "dots", "weave"] {
        folder.copy_class(class, 10, Path::new("known").join(class));
        folder.copy_class(class, 16, "heap");
    }
    for class in ["brick", "dots", "weave"] {
        for k in 0..10 {
            std::fs::remove_file(folder.path(format!("heap/{class}_{k:02}.png"))).unwrap();
        }
    }
    folder.copy(super::support::fixtures("broken/truncated.png"), "heap/broken.png");
    let heap = files(&folder.path("heap"));
    assert_eq!(heap.len(), 19);

    folder.run(["scan", "known", "--output", "clean.csv"]).expect(0);
    let columns = columns(&std::fs::read_to_string(folder.path("clean.csv")).unwrap());
    assert_eq!(columns[..2], ["path", "label"]);
    let train = ["train", "clean.csv", "-m", "friday.json", "--epochs", "60", "--report", "r.html"];
    folder.run(train).expect(0);
    assert!(folder.path("r.html").exists());

    // Everything gets a place; what is broken or strange, too.
    let sort = ["classify", "friday.json", "heap", "--sort-into", "sorted", "--move"];
    let run = folder.run(sort.into_iter().chain(["--reject-at", "none"])).expect(3);
    assert_eq!(run.table().len(), 19);
    assert_eq!(files(&folder.path("heap")).len(), 0);
    assert!(folder.path("sorted/_error/broken.png").exists());
    let n_right = ["brick", "dots", "weave"]
        .iter()
        .flat_map(|class| {
            std::fs::read_dir(folder.path("sorted").join(class)).into_iter().flatten()
        })
        .count();
    assert_eq!(n_right, 18);

    // Monday: someone finds that these bricks are another class, and brings one more.
    std::fs::create_dir_all(folder.path("sorted/wall")).unwrap();
    for k in 10..16 {
        let name = format!("brick_{k}.png");
        let at = files(&folder.path("sorted")).into_keys().find(|path| path.ends_with(&name));
        std::fs::rename(at.unwrap(), folder.path("sorted/wall").join(name)).unwrap();
    }
    folder.copy_class("stripes", 12, "sorted/stripes");
    let retrain = ["retrain", "friday.json", "sorted", "-o", "monday.json", "--force"];
    let run = folder.run(retrain).expect(0);
    assert!(run.err().contains("_error"), "passed over: {}", run.err());
    let inspected = folder.run(["inspect", "monday.json"]).expect(0).out();
    for class in ["brick", "dots", "weave", "stripes", "wall"] {
        assert!(inspected.contains(class), "{class}: {inspected}");
    }

    // The old classes are known still, and the new ones as well.
    folder.copy_class("stripes", 16, "known/stripes");
    let known = folder.run(["evaluate", "monday.json", "known", "--json"]).expect(0).json();
    let recall = |label: &str| {
        let classes = known["per_class"].as_array().unwrap();
        let class = classes.iter().find(|class| class["label"] == label).unwrap();
        class["recall"].as_f64().unwrap()
    };
    for class in ["dots", "weave", "stripes"] {
        assert!(0.8 <= recall(class), "{class}: {}", recall(class));
    }

    // And back: what nobody touched returns to its old place, the rest is named and stays.
    let run = folder.run(["classify", "--undo", "sorted/textura-sorted.csv"]).expect(3);
    assert!(run.err().contains("brick_10.png"), "{}", run.err());
    let back = files(&folder.path("heap"));
    assert_eq!(back.len(), 19 - 6);
    assert!(back.iter().all(|(path, bytes)| heap[path] == *bytes));
    assert!(files(&folder.path("sorted")).into_keys().any(|path| path.ends_with("brick_10.png")));
}
