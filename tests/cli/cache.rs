//! The cache of features: it saves time and changes nothing.

use std::path::{Path, PathBuf};

use super::support::{Folder, Run, fixtures};

/// The folder with the features, in the folder that `--cache c` names.
pub const STORE: &str = "c/features-2";

/// The files with the features, in the order of their names.
pub fn stored(folder: &Folder) -> Vec<PathBuf> {
    let shards = std::fs::read_dir(folder.path(STORE)).into_iter().flatten().flatten();
    let files = shards.filter_map(|shard| std::fs::read_dir(shard.path()).ok()).flatten().flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files
}

/// Two classes of pictures that have lain there for a while, so that their stamps can be trusted.
pub fn source() -> PathBuf {
    fixtures("textures")
}

impl Folder {
    /// Runs a command on a source with the cache `c`, and gives how many pictures were asked for, read and
    /// measured, and the run.
    pub fn cached(&self, words: &str, source: &Path) -> ([usize; 3], Run) {
        let run =
            self.run(told(words, source).into_iter().chain(["--cache", "c", "-v"].map(Into::into)));
        let err = run.err();
        let line = err.lines().find(|line| line.contains("cache: of ")).unwrap_or("");
        let numbers = line.split(' ').filter_map(|word| word.parse().ok());
        let numbers: Vec<usize> = numbers.collect();
        (numbers.try_into().unwrap_or_else(|_| panic!("{err}")), run)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_default()
    }
}

/// The words of a command, the source in place of `SOURCE`.
pub fn told(words: &str, source: &Path) -> Vec<std::ffi::OsString> {
    let word = |word: &str| if word == "SOURCE" { source.into() } else { word.into() };
    words.split(' ').map(word).collect()
}

pub const TRAIN: &str = "train SOURCE --model m.json --descriptor fast --epochs 8 --hidden none";

/// The bytes of a model that was trained without a cache.
pub fn uncached(folder: &Folder, words: &str, source: &Path) -> Vec<u8> {
    folder.run(told(words, source)).expect(0);
    let bytes = folder.read("m.json");
    std::fs::remove_file(folder.path("m.json")).unwrap();
    assert!(!bytes.is_empty());
    bytes
}

#[test]
fn cold_warm_and_none_give_the_same_bytes_and_warm_reads_no_picture() {
    let (folder, source) = (Folder::new(), source());
    let n = 8 * 20;
    let model = uncached(&folder, TRAIN, &source);
    for (jobs, expected) in [(2, [n, n, n]), (1, [n, 0, 0]), (3, [n, 0, 0])] {
        let (numbers, run) = folder.cached(&format!("{TRAIN} -j {jobs}"), &source);
        run.expect(0);
        assert_eq!((numbers, folder.read("m.json") == model), (expected, true), "{jobs} jobs");
    }
    // The same pictures by fewer views, and by other commands.
    let commands = [
        ("cv SOURCE --descriptor fast --epochs 8 --hidden none --folds 2 --json", 0),
        ("evaluate m.json SOURCE --json", 0),
        ("classify m.json SOURCE --top 2", 0),
        ("doctor SOURCE --descriptor fast --epochs 8 --json", 0),
        ("retrain m.json SOURCE -o r.json --epochs 8 --force", 0),
        (
            "cv SOURCE --descriptor fast --epochs 8 --hidden none --folds 2 --json --corrupt blur:1",
            n,
        ),
    ];
    for (words, n_measured) in commands {
        let plain = folder.run(told(words, &source)).expect(0);
        let (bytes, out) = (folder.read("r.json"), plain.out());
        let (numbers, run) = folder.cached(words, &source);
        let run = run.expect(0);
        assert_eq!(numbers[1..], [n_measured, n_measured], "{words}");
        assert_eq!((run.out(), folder.read("r.json")), (out, bytes), "{words}");
    }
    // Other names and other places of the same contents: read, but not measured.
    for class in ["brick", "dots"] {
        folder.copy_class(class, 20, format!("two/{class}"));
    }
    let (numbers, run) = folder.cached(TRAIN, Path::new("two"));
    run.expect(0);
    assert_eq!(numbers, [40, 40, 0]);
    assert_eq!(folder.read("m.json"), uncached(&folder, TRAIN, Path::new("two")));
}

#[test]
fn a_changed_picture_is_noticed_at_once_also_with_the_same_size_and_time() {
    let folder = Folder::new();
    let source = Path::new("s");
    let picture = |class: &str, n: u32, add: u32| {
        std::fs::create_dir_all(folder.path(format!("s/{class}"))).unwrap();
        let path = folder.path(format!("s/{class}/{n}.pgm"));
        let grey = |at: u32| (at * (7 + 6 * class.len() as u32) + n * at / 9 + add * at % 5) as u8;
        let bytes = [b"P5 32 32 255\n".to_vec(), (0..32 * 32).map(grey).collect()].concat();
        std::fs::write(&path, bytes).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    };
    for n in 0..10 {
        picture("a", n, 0);
        picture("bb", n, 0);
    }
    let mut models = vec![uncached(&folder, TRAIN, source)];
    folder.cached(TRAIN, source).1.expect(0);
    for add in 1..5 {
        picture("a", 3, add);
        let (numbers, run) = folder.cached(TRAIN, source);
        run.expect(0);
        let cached = folder.read("m.json");
        assert_eq!((numbers[0], numbers[2]), (20, 1));
        assert_eq!(cached, uncached(&folder, TRAIN, source));
        assert!(!models.contains(&cached), "the change has no effect");
        models.push(cached);
    }
    assert_eq!(models.len(), 5);
}

/// Links to pictures that have lain there for a while, two classes of eight.
#[cfg(unix)]
fn linked(folder: &Folder) -> &'static Path {
    for class in ["brick", "dots"] {
        std::fs::create_dir_all(folder.path(format!("s/{class}"))).unwrap();
        for k in 0..8 {
            let name = format!("{class}_{k:02}.png");
            let to = folder.path(format!("s/{class}/{name}"));
            std::os::unix::fs::symlink(source().join(class).join(name), to).unwrap();
        }
    }
    Path::new("s")
}

#[cfg(unix)]
#[test]
fn another_file_in_the_place_of_an_unchanged_one_is_noticed() {
    let folder = Folder::new();
    let source = linked(&folder);
    assert_eq!(folder.cached(TRAIN, source).0, [16, 16, 16]);
    assert_eq!(folder.cached(TRAIN, source).0, [16, 0, 0]);
    let link = folder.path("s/dots/dots_03.png");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(fixtures("textures/dots/dots_12.png"), link).unwrap();
    assert_eq!(folder.cached(TRAIN, source).0, [16, 1, 1]);
    assert_eq!(folder.read("m.json"), uncached(&folder, TRAIN, source));
}

#[cfg(unix)]
#[test]
fn no_setting_takes_the_features_of_another() {
    let folder = Folder::new();
    let source = linked(&folder);
    for name in ["upper", "lower"] {
        let mask = image::GrayImage::from_fn(64, 64, |_, y| {
            image::Luma([u8::from((y < 32) == (name == "upper"))])
        });
        mask.save(folder.path(format!("{name}.png"))).unwrap();
        let light = mask.enumerate_pixels().map(|(x, _, half)| 100 + half.0[0] * x as u8).collect();
        let light = image::GrayImage::from_raw(64, 64, light).unwrap();
        light.save(folder.path(format!("{name}_light.png"))).unwrap();
        let rows: String = (0..8)
            .flat_map(|k| ["brick", "dots"].map(|class| (k, class)))
            .map(|(k, class)| format!("s/{class}/{class}_{k:02}.png,{class},{name}.png\n"))
            .collect();
        std::fs::write(folder.path(format!("{name}.csv")), format!("path,label,mask\n{rows}"))
            .unwrap();
    }
    folder.run(told(TRAIN, source)).expect(0);
    std::fs::rename(folder.path("m.json"), folder.path("old.json")).unwrap();
    let lit = format!("{TRAIN} --flat-field upper_light.png");
    folder.run(told(&lit, source)).expect(0);
    std::fs::rename(folder.path("m.json"), folder.path("lit.json")).unwrap();
    let learn = "--epochs 8 --hidden none";
    let json = r#"{"families":[{"glcm":{"levels":16,"distances":[1]}}]}"#;
    std::fs::write(folder.path("d.json"), json).unwrap();
    let commands = [
        TRAIN.to_owned(),
        format!("train SOURCE --model m.json --descriptor d.json {learn}"),
        format!("train SOURCE --model m.json --descriptor default {learn}"),
        format!("{TRAIN} --augment none"),
        format!("{TRAIN} --range 10,200"),
        lit,
        format!("{TRAIN} --flat-field lower_light.png"),
        format!("{TRAIN} --channels rgb"),
        format!("{TRAIN} --engine reference"),
        TRAIN.replace("SOURCE", "upper.csv"),
        TRAIN.replace("SOURCE", "lower.csv"),
        "evaluate old.json SOURCE -o m.json.csv --corrupt noise:9".to_owned(),
        "evaluate old.json SOURCE -o m.json.csv --corrupt noise:9 --seed 1".to_owned(),
        "evaluate old.json SOURCE -o m.json.csv --corrupt noise:10".to_owned(),
        "evaluate old.json SOURCE -o m.json.csv --corrupt scale:0.5".to_owned(),
        "evaluate old.json SOURCE -o m.json.csv".to_owned(),
        // What the model was made by is not what is asked for.
        "evaluate lit.json SOURCE -o m.json.csv".to_owned(),
        "evaluate lit.json SOURCE -o m.json.csv --flat-field upper_light.png".to_owned(),
        "evaluate lit.json SOURCE -o m.json.csv --flat-field lower_light.png".to_owned(),
    ];
    let files = || [folder.read("m.json"), folder.read("m.json.csv")];
    let mut expected = Vec::new();
    let clear = || {
        for name in ["m.json", "m.json.csv"] {
            // Most commands write only one of them.
            let _ = std::fs::remove_file(folder.path(name));
        }
    };
    for words in &commands {
        clear();
        folder.run(told(words, source)).expect(0);
        expected.push(files());
    }
    for round in ["cold", "warm"] {
        for (words, expected) in commands.iter().zip(&expected) {
            clear();
            let (numbers, run) = folder.cached(words, source);
            run.expect(0);
            assert_eq!(numbers[0], 16, "{words}");
            if round == "warm" {
                assert_eq!(numbers[2], 0, "{words}");
            }
            assert!(files() == *expected, "{round}: {words}");
        }
    }
    let mut models = expected;
    models.sort();
    models.dedup();
    assert_eq!(models.len(), commands.len(), "some setting has no effect");
}

#[test]
fn pictures_that_cannot_be_read_are_complained_of_every_time() {
    let folder = Folder::new();
    folder.copy_class("brick", 8, "s/brick");
    folder.copy_class("dots", 8, "s/dots");
    folder.copy(fixtures("broken/empty.png"), "s/dots/empty.png");
    let plain = folder.run(told(TRAIN, Path::new("s"))).expect(3);
    let model = folder.read("m.json");
    for _ in 0..2 {
        let (_, run) = folder.cached(TRAIN, Path::new("s"));
        let run = run.expect(3);
        assert!(run.err().contains(plain.err().trim_end()), "{}", run.err());
        assert_eq!(folder.read("m.json"), model);
    }
    // Larger than is allowed now, whatever is known of them.
    let words = format!("{TRAIN} --max-pixels 1000");
    let run = folder.cached(&words, Path::new("s")).1.expect(4);
    assert!(run.err().contains("none in `brick`"), "{}", run.err());
}

#[test]
fn the_cache_is_bounded_and_says_when_it_is_full() {
    let (folder, source) = (Folder::new(), source());
    let model = uncached(&folder, TRAIN, &source);
    let size = 200_000;
    let words = format!("{TRAIN} --cache-size {size}");
    for _ in 0..2 {
        let (_, run) = folder.cached(&words, &source);
        assert!(run.err().contains("--cache-size"), "{}", run.err());
        run.expect(0);
        assert!(folder.read("m.json") == model);
    }
    let files = stored(&folder);
    let bytes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(!files.is_empty() && bytes <= size, "{bytes}");
}

#[test]
fn the_cache_is_shown_and_cleared_and_found_by_its_variables() {
    let folder = Folder::new();
    folder.copy_class("brick", 4, "s/brick");
    folder.copy_class("dots", 4, "s/dots");
    let with = |name: &str, value: &str, words: &str| {
        let mut command = folder.command(told(words, Path::new("s")));
        command.env_remove("TEXTURA_CACHE").env("HOME", folder.path("home"));
        let output = command.env(name, value).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(with("TEXTURA_CACHE", "c", "cache").contains("holds nothing"));
    with("TEXTURA_CACHE", "c", TRAIN);
    assert!(stored(&folder).len() >= 80);
    // Ten views and one stamp of eight pictures, where those are old enough.
    let told = with("TEXTURA_CACHE", "c", "cache");
    assert!(told.contains("holds 80 entries") || told.contains("holds 88 entries"), "{told}");
    assert!(with("TEXTURA_CACHE", "c", "cache --clear").starts_with("removed"));
    assert!(!folder.path(STORE).exists());
    assert!(with("TEXTURA_CACHE", "none", "cache").contains("no cache is used"));
    if cfg!(target_os = "linux") {
        let home = folder.path("xdg");
        with("XDG_CACHE_HOME", home.to_str().unwrap(), TRAIN);
        assert!(home.join("textura/features-2").is_dir());
    }
}
