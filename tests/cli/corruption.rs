//! `--corrupt`: pictures made worse on purpose.

use super::support::Folder;

#[test]
fn evaluate_measures_worse_pictures_alike_with_any_number_of_jobs() {
    let folder = Folder::new();
    folder.small_model();
    let evaluate = |flags: &[&str]| {
        let base = ["evaluate", "model.json", "two", "--json"];
        folder.run(base.iter().chain(flags)).expect(0).out()
    };
    let clean = evaluate(&[]);
    assert_eq!(clean, evaluate(&["--corrupt", "brightness:1"]), "a factor of 1 changes nothing");
    let mut n_kinds = 0;
    for kind in ["noise:20", "jpeg:5", "brightness:1.5", "contrast:0.5", "scale:0.5", "blur:1"] {
        let worse = evaluate(&["--corrupt", kind, "-j", "1"]);
        assert_ne!(worse, clean, "{kind} changed nothing");
        assert_eq!(worse, evaluate(&["--corrupt", kind, "-j", "2"]));
        n_kinds += 1;
    }
    assert_eq!(n_kinds, 6);
    let seeded = |seed| evaluate(&["--corrupt", "noise:20", "--seed", seed]);
    assert_ne!(seeded("0"), seeded("1"));
}

#[test]
fn kinds_and_values_that_cannot_be_used_end_with_status_two() {
    let folder = Folder::new();
    folder.small_model();
    for wrong in ["fog:1", "noise", "jpeg:0", "scale:-1"] {
        let run = folder.run(["evaluate", "model.json", "two", "--corrupt", wrong]).expect(2);
        assert!(run.err().contains("noise:0 to 255"), "{}", run.err());
    }
}

#[test]
fn a_picture_that_cannot_be_made_worse_has_its_row() {
    let folder = Folder::new();
    folder.small_model();
    let deep = image::ImageBuffer::<image::Luma<u16>, _>::from_raw(8, 8, vec![9u16; 64]).unwrap();
    deep.save(folder.path("two/dots/deep.png")).unwrap();
    let args = ["evaluate", "model.json", "two", "--corrupt", "jpeg:50", "-o", "p.csv", "--json"];
    let run = folder.run(args).expect(3);
    assert!(run.err().contains("16 bits"), "{}", run.err());
    assert_eq!((&run.json()["images"], &run.json()["errors"]), (&17.into(), &1.into()));
    // cv would test on other pictures than without it.
    let run = folder.run(["cv", "two", "--folds", "2", "--corrupt", "jpeg:50"]).expect(4);
    assert!(run.err().contains("deep.png") && run.err().contains("16 bits"), "{}", run.err());
}

#[test]
fn cv_learns_from_clean_pictures_and_tests_on_worse_ones() {
    let folder = Folder::new();
    folder.small_model();
    let cv = |flags: &[&str]| {
        let base = ["cv", "two", "--folds", "2", "--epochs", "20", "--json"];
        folder.run(base.iter().chain(flags)).expect(0).out()
    };
    let clean = cv(&[]);
    assert_eq!(clean, cv(&["--corrupt", "contrast:1"]), "a factor of 1 changes nothing");
    let dark = cv(&["--corrupt", "brightness:0.1", "-j", "1"]);
    assert_ne!(dark, clean);
    assert_eq!(dark, cv(&["--corrupt", "brightness:0.1", "-j", "2"]));
    folder.run(["cv", "two", "--corrupt", "jpeg:half"]).expect(2);
}

/// All pictures are black once they are tested on. Had a fit learned from black ones, they would be
/// familiar to it; had black pictures counted as copies of each other, they could not have been parted.
#[test]
fn what_a_fit_of_cv_learned_is_that_of_clean_pictures() {
    let folder = Folder::new();
    folder.small_model();
    let cv = |flags: &[&str]| {
        let base = ["cv", "two", "--folds", "2", "--epochs", "20", "--json", "-q"];
        folder.run(base.iter().chain(flags)).expect(0).json()
    };
    let (clean, black) = (cv(&[]), cv(&["--corrupt", "brightness:0"]));
    let mut n_fits = 0;
    for (clean, black) in
        clean["fits"].as_array().unwrap().iter().zip(black["fits"].as_array().unwrap())
    {
        assert_eq!((&black["images"], &black["rejected"]), (&8.into(), &8.into()));
        assert_eq!(black["images"], clean["images"]);
        for class in 0..2 {
            let support = |fit: &serde_json::Value| fit["per_class"][class]["support"].clone();
            assert_eq!(support(black), support(clean));
        }
        n_fits += 1;
    }
    assert_eq!(n_fits, 2);
}

/// Masks have the size of the picture as it is stored, and are scaled with it.
#[test]
fn masks_and_colours_are_made_worse_with_their_picture() {
    let folder = Folder::new();
    let mut random = textura::random::Random::new(0, 0);
    let mut manifest = "path,label,mask\n".to_owned();
    std::fs::create_dir_all(folder.path("c")).unwrap();
    let half = image::GrayImage::from_fn(24, 20, |x, _| image::Luma([u8::from(x < 12)]));
    half.save(folder.path("half.png")).unwrap();
    for k in 0..12 {
        let (label, step) = if k % 2 == 0 { ("fine", 1) } else { ("coarse", 4) };
        let tiles: Vec<[u8; 3]> =
            (0..24 * 20).map(|_| [0, 1, 2].map(|_| random.below(256) as u8)).collect();
        let picture = image::RgbImage::from_fn(24, 20, |x, y| {
            image::Rgb(tiles[((y / step) * 24 + x / step) as usize])
        });
        picture.save(folder.path(format!("c/{k}.png"))).unwrap();
        manifest += &format!("c/{k}.png,{label},half.png\n");
    }
    std::fs::write(folder.path("list.csv"), manifest).unwrap();
    let train = [
        "train",
        "list.csv",
        "--model",
        "m.json",
        "--channels",
        "rgb",
        "--descriptor",
        "fast",
        "--hidden",
        "8",
    ];
    folder.run(train).expect(0);
    let evaluate = |flags: &[&str]| {
        let base = ["evaluate", "m.json", "list.csv", "--json"];
        folder.run(base.iter().chain(flags)).expect(0).json()
    };
    let clean = evaluate(&[]);
    let mut n_kinds = 0;
    for kind in ["noise:20", "jpeg:5", "brightness:1.5", "contrast:0.5", "scale:0.6", "blur:1"] {
        let worse = evaluate(&["--corrupt", kind]);
        assert_eq!((&worse["images"], &worse["errors"]), (&12.into(), &0.into()), "{kind}");
        assert_ne!(worse["log_loss"], clean["log_loss"], "{kind}");
        n_kinds += 1;
    }
    assert_eq!(n_kinds, 6);
}
