//! Folders in which how the files were recorded tells their class.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder as _, ImageFormat};
use textura::random::Random;

use super::support::Folder;

/// Grain, different for every number.
fn grain(seed: usize, side: u32) -> DynamicImage {
    let mut random = Random::new(seed as u64, 0);
    DynamicImage::ImageLuma8(GrayImage::from_fn(side, side, |_, _| {
        image::Luma([60 + random.below(120) as u8])
    }))
}

/// One picture as a file; the ending says how.
fn store(folder: &Folder, name: &str, picture: &DynamicImage, how: &str) {
    let (ending, quality) = how.split_once('-').unwrap_or((how, "90"));
    let path = folder.path(format!("{name}.{}", if ending == "exif" { "jpg" } else { ending }));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    match ending {
        "jpg" | "exif" => {
            let mut bytes = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality.parse().unwrap());
            if ending == "exif" {
                encoder.set_exif_metadata(b"MM\0*\0\0\0\x08\0\0".to_vec()).unwrap();
            }
            encoder.encode_image(&picture.to_luma8()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        _ => picture.save_with_format(path, ImageFormat::Png).unwrap(),
    }
}

/// Two classes of ten pictures of one kind; `shot` says how each is stored.
fn two_classes(
    folder: &Folder,
    root: &str,
    shot: impl Fn(usize, usize) -> (DynamicImage, &'static str),
) {
    for (class, name) in ["A", "B"].into_iter().enumerate() {
        for k in 0..10 {
            let (picture, how) = shot(class, k);
            store(folder, &format!("{root}/{name}/{k}"), &picture, how);
        }
    }
}

/// What a scan says of the recording.
fn found(folder: &Folder, source: &str) -> Vec<String> {
    let json = folder.run(["scan", source, "--json"]).expect(0).json();
    let mut findings = json["findings"].as_array().unwrap().iter();
    let finding = findings.find(|finding| finding["kind"] == "recording");
    let cases = finding.map(|finding| {
        assert_eq!(finding["weight"], "warning");
        let cases = finding["cases"].as_array().unwrap().iter();
        cases.map(|case| case.as_str().unwrap().to_owned()).collect()
    });
    cases.unwrap_or_default()
}

#[test]
fn a_scan_names_what_tells_the_class() {
    let folder = Folder::new();
    let at = |class: usize, k: usize| grain(100 * class + k, 48);
    two_classes(&folder, "format", |class, k| (at(class, k), ["png", "jpg"][class]));
    two_classes(&folder, "quality", |class, k| (at(class, k), ["jpg-75", "jpg-95"][class]));
    two_classes(&folder, "exif", |class, k| (at(class, k), ["jpg", "exif"][class]));
    two_classes(&folder, "size", |class, k| (grain(100 * class + k, [48, 56][class]), "png"));
    two_classes(&folder, "depth", |class, k| match class {
        0 => (at(class, k), "png"),
        _ => (DynamicImage::ImageLuma16(at(class, k).to_luma16()), "png"),
    });
    two_classes(&folder, "colour", |class, k| match class {
        0 => (at(class, k), "png"),
        _ => (DynamicImage::ImageRgb8(at(class, k).to_rgb8()), "png"),
    });
    let mut n_seen = 0;
    for (source, words) in [
        ("format", ["the format", "`A` 10 png; `B` 10 jpeg"]),
        ("quality", ["the JPEG quality", "10 of quality 75; `B` 10 of quality 95"]),
        ("exif", ["EXIF", "`B` 10 with EXIF data"]),
        ("size", ["the size", "`A` 10 of 48 x 48"]),
        ("depth", ["the depth", "`B` 10 of 16 bits"]),
        ("colour", ["the colour", "`B` 10 in colour"]),
    ] {
        let cases = found(&folder, source);
        assert_eq!(cases.len(), 1, "{source}: {cases:?}");
        assert!(words.iter().all(|word| cases[0].contains(word)), "{source}: {cases:?}");
        assert!(cases[0].contains("20 of 20 pictures"), "{cases:?}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 6);
    two_classes(&folder, "control", |class, k| {
        (at(class, k), ["png", "jpg", "jpg-75", "exif"][k % 4])
    });
    assert!(found(&folder, "control").is_empty());
    let text = folder.run(["scan", "format"]).expect(0).out();
    assert!(text.contains("the format coincides") && text.contains("--group-by"), "{text}");
    // Of a split folder that part is looked at which is learned from.
    two_classes(&folder, "split/train", |class, k| (at(class, k), ["png", "jpg"][class]));
    two_classes(&folder, "split/test", |class, k| {
        (grain(1000 + 100 * class + k, 48), ["jpg", "png"][class])
    });
    assert_eq!(found(&folder, "split").len(), 1);
}

#[test]
fn training_says_it_too_also_when_no_file_is_opened() {
    let folder = Folder::new();
    let shot = |how: [&'static str; 2]| {
        move |class: usize, k: usize| (grain(100 * class + k, 40), how[class])
    };
    two_classes(&folder, "format", shot(["png", "jpg"]));
    two_classes(&folder, "control", shot(["png", "png"]));
    let train = |args: &[&str]| {
        let last =
            ["--descriptor", "fast", "--augment", "none", "--epochs", "2", "--cache", "kept", "-v"];
        folder.run(args.iter().chain(&last).copied()).expect(0)
    };
    let words = "the format coincides with the class: it alone tells 20 of 20 pictures right";
    // Files that were changed just now are read again, so they are looked at a little later.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let args = ["train", "format", "-m", "m.json", "--report", "r.html"];
    let first = train(&args);
    let page = std::fs::read(folder.path("r.html")).unwrap();
    let second = train(&args);
    assert!(first.err().contains("20 were read"), "{}", first.err());
    assert!(second.err().contains("0 were read"), "{}", second.err());
    for run in [&first, &second] {
        assert_eq!(run.err().matches(words).count(), 1, "{}", run.err());
    }
    assert_eq!(std::fs::read(folder.path("r.html")).unwrap(), page);
    assert!(String::from_utf8_lossy(&page).contains(words));
    for args in
        [&["cv", "format", "--folds", "2"][..], &["retrain", "m.json", "format", "-o", "n.json"]]
    {
        let run = folder.run(args.iter().copied().chain(["--cache", "kept"]));
        assert!(run.err().contains(words), "{args:?}: {}", run.err());
    }
    let control = train(&["train", "control", "-m", "c.json"]);
    assert!(!control.err().contains("coincides"), "{}", control.err());
}
