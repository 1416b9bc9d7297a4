//! Training, evaluation and retraining as a whole.

use super::support::{Folder, fixtures};

#[test]
fn the_fixtures_are_learned_and_the_held_out_pictures_recognised() {
    let folder = Folder::new();
    let textures = fixtures("textures");
    let args = ["train".as_ref(), textures.as_os_str(), "--model".as_ref(), "m.json".as_ref()];
    let run = folder.run(args).expect(0);
    let accuracy =
        run.out().split("held-out accuracy ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    assert!(accuracy.parse::<f64>().unwrap() > 90.0, "{}", run.out());
}

#[test]
fn split_folders_use_each_part_for_its_purpose() {
    let folder = Folder::new();
    for class in ["brick", "dots"] {
        folder.copy_class(class, 10, format!("s/train/{class}"));
        for k in 10..13 {
            let name = format!("{class}_{k}.png");
            folder.copy(
                fixtures("textures").join(class).join(&name),
                format!("s/val/{class}/{name}"),
            );
        }
        for k in 13..20 {
            let name = format!("{class}_{k}.png");
            folder.copy(
                fixtures("textures").join(class).join(&name),
                format!("s/test/{class}/{name}"),
            );
        }
    }
    folder.copy_class("grain", 2, "s/leftover/grain");
    // A copy in val of what is learned from would tell nothing; a picture beside the classes changes nothing.
    folder.copy(fixtures("textures/brick/brick_00.png"), "s/val/brick/copy.png");
    folder.copy(fixtures("textures/brick/brick_00.png"), "s/train/stray.png");
    folder.copy(fixtures("textures/brick/brick_00.png"), "s/test/stray.png");
    let run = folder
        .run(["train", "s", "--model", "m.json", "--holdout", "0", "--epochs", "80"])
        .expect(0);
    assert!(run.err().contains("leftover"), "{}", run.err());
    assert!(run.err().contains("1 pictures of the val part are copies"), "{}", run.err());
    let model: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path("m.json")).unwrap()).unwrap();
    let record = &model["model"]["training"];
    assert_eq!(record["learned"], serde_json::json!([10, 10]));
    assert_eq!(record["watched"], serde_json::json!([3, 3]));
    assert_ne!(model["model"]["calibration"]["temperature"], 1.0);
    let json = folder.run(["evaluate", "m.json", "s", "--json"]).expect(0).json();
    assert_eq!(json["images"], 14);
    std::fs::remove_dir_all(folder.path("s/test")).unwrap();
    let json = folder.run(["evaluate", "m.json", "s", "--json"]).expect(0).json();
    assert_eq!(json["images"], 7);
    std::fs::remove_dir_all(folder.path("s/train")).unwrap();
    folder.run(["train", "s", "--model", "m2.json"]).expect(4);
    folder.run(["cv", "s"]).expect(4);
}

#[test]
fn retrain_goes_on_from_the_old_weights_and_compares() {
    let folder = Folder::new();
    folder.copy_class("brick", 20, "all/brick");
    folder.copy_class("dots", 20, "all/dots");
    folder.run(["train", "all", "--model", "m.json", "--epochs", "3", "--init", "he"]).expect(0);
    let run = folder.run(["retrain", "m.json", "all", "-o", "n.json", "--epochs", "60"]).expect(0);
    assert!(run.out().contains("old: ") && run.out().contains("new: "), "{}", run.out());
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(folder.path(name)).unwrap()).unwrap()
    };
    let (old, new) = (read("m.json"), read("n.json"));
    assert_eq!(new["model"]["training"]["retrained_from"], old["model"]["training"]["data_digest"]);
    assert_eq!(new["model"]["scaling"], old["model"]["scaling"]);
    assert_ne!(new["model"]["network"], old["model"]["network"]);
    // No step at all leaves the weights.
    folder.run(["retrain", "m.json", "all", "-o", "same.json", "--epochs", "0"]).expect(0);
    assert_eq!(read("same.json")["model"]["network"], old["model"]["network"]);
}

#[test]
fn training_finds_the_depth_of_sixteen_bit_pictures() {
    let folder = Folder::new();
    let mut random = textura::random::Random::new(0, 0);
    for (class, step) in [("fine", 1), ("coarse", 8)] {
        std::fs::create_dir_all(folder.path(format!("deep/{class}"))).unwrap();
        for k in 0..6 {
            let values: Vec<u16> =
                (0..24 * 24).map(|_| random.below(4096 / step) as u16 * step as u16).collect();
            let picture =
                image::ImageBuffer::<image::Luma<u16>, _>::from_raw(24, 24, values).unwrap();
            picture.save(folder.path(format!("deep/{class}/{k}.png"))).unwrap();
        }
    }
    folder.run(["train", "deep", "--model", "m.json", "--epochs", "5"]).expect(0);
    let descriptor = folder.run(["inspect", "m.json", "--descriptor"]).expect(0).out();
    assert!(descriptor.contains(r#""values":{"bits":12}"#), "{descriptor}");
    let rows = folder.run(["classify", "m.json", "deep"]).expect(0).table();
    assert!(rows.iter().all(|row| row["flags"].is_empty()), "{rows:?}");
}

#[test]
fn every_setting_of_train_has_its_effect() {
    let folder = Folder::with_cache();
    folder.small_model();
    // The record of a model states its settings, so only what was learned shows whether they had an effect.
    let learned = |name: &str| -> Vec<serde_json::Value> {
        let bytes = std::fs::read(folder.path(name)).unwrap();
        let model: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        ["network", "scaling", "calibration"].map(|part| model["model"][part].clone()).to_vec()
    };
    let mut models = vec![learned("model.json")];
    for flags in [
        vec!["--hidden", "none"],
        vec!["--hidden", "9,5"],
        vec!["--activation", "tanh"],
        vec!["--activation", "sigmoid"],
        vec!["--init", "xavier"],
        vec!["--optimizer", "momentum"],
        vec!["--optimizer", "sgd"],
        vec!["--rate", "0.01"],
        vec!["--batch", "4"],
        vec!["--weight-decay", "0.1"],
        vec!["--holdout", "0"],
        vec!["--class-weight", "none", "--holdout", "0.45"],
        vec!["--patience", "1", "--rate", "0.05"],
        vec!["--optimizer", "momentum", "--momentum", "0.5"],
        vec!["--activation", "leaky-relu"],
        vec!["--activation", "prelu"],
        vec!["--activation", "identity"],
        vec!["--init", "lecun"],
        vec!["--init", "discriminant"],
        vec!["--init-spread", "normal"],
        vec!["--init-scale", "0.5"],
        vec!["--norm", "batch"],
        vec!["--residual", "2"],
        vec!["--dropout", "0.3"],
        vec!["--scale", "none"],
        vec!["--loss", "squared-error"],
        vec!["--label-smoothing", "0.1"],
        vec!["--optimizer", "adamw"],
        vec!["--optimizer", "rmsprop"],
        vec!["--optimizer", "nesterov"],
        vec!["--schedule", "cosine"],
        vec!["--schedule", "step:20:0.5"],
        vec!["--schedule", "plateau:1:0.9", "--rate", "0.05"],
        vec!["--clip-norm", "0.0001", "--optimizer", "sgd"],
    ] {
        let mut base = vec!["train", "two", "--model", "x.json", "--epochs", "60"];
        base.extend(["--descriptor", "fast", "--augment", "none"]);
        if flags[0] != "--hidden" {
            base.extend(["--hidden", "128"]);
        }
        // After a start in closed form, most settings matter only as far as pictures left out ask for epochs.
        if flags[0] != "--init" {
            base.extend(["--init", "he"]);
        }
        folder.run(base.iter().copied().chain(flags.iter().copied())).expect(0);
        let model = learned("x.json");
        assert!(!models.contains(&model), "{flags:?} changed nothing");
        models.push(model);
    }
    assert_eq!(models.len(), 35);
    for wrong in [
        ["--hidden", "0"],
        ["--rate", "-1"],
        ["--holdout", "1"],
        ["--batch", "0"],
        ["--momentum", "2"],
        ["--momentum", "nan"],
        ["--hidden", "65536,65536"],
        ["--init-scale", "-1"],
        ["--dropout", "1"],
        ["--label-smoothing", "1"],
        ["--clip-norm", "0"],
        ["--schedule", "step:0:0.5"],
        ["--schedule", "plateau:3:2"],
        ["--schedule", "sometimes"],
        ["--schedule", "plateau:20:0.5"],
        ["--clip-norm", "some"],
    ] {
        for optimizer in ["momentum", "adam"] {
            let base = ["train", "two", "--model", "y.json", "--optimizer", optimizer];
            folder.run(base.iter().copied().chain(wrong)).expect(2);
        }
    }
    // A rate that throws the weights out of all bounds in the one step there is.
    let wild = ["train", "two", "--model", "y.json", "--optimizer", "sgd", "--epochs", "1"];
    let rate = ["--rate", "1e308", "--batch", "99", "--init", "he"];
    folder.run(wild.into_iter().chain(rate)).expect(2);
    assert!(!folder.path("y.json").exists());
}

#[test]
fn draws_that_groups_cut_short_are_told() {
    let folder = Folder::new();
    for class in ["brick", "dots"] {
        folder.copy_class(class, 12, format!("g/{class}"));
        for k in 0..12 {
            let name = |group: usize| format!("g/{class}/s{group}_{k}.png");
            let from = folder.path(format!("g/{class}/{class}_{k:02}.png"));
            std::fs::rename(from, folder.path(name(k / 3))).unwrap();
        }
    }
    let cv = ["cv", "g", "--train-per-class", "4", "--repeats", "2", "--descriptor", "fast"];
    let groups = ["--group-by", "(s[0-9]+)_"];
    let run = folder.run(cv.into_iter().chain(groups).chain(["--json"])).expect(0);
    // Groups have three pictures of each class, so that only one has room.
    assert_eq!(run.json()["fewest_per_class"], 3);
    assert!(run.err().contains("learned from 3"), "{}", run.err());
    let plain = folder.run(cv.into_iter().chain(["--json"])).expect(0);
    assert_eq!(plain.json()["fewest_per_class"], serde_json::Value::Null);
    assert!(!plain.err().contains("groups stay whole"), "{}", plain.err());
}
