//! `doctor`, and what `train` says of its findings.

use super::support::{Folder, fixtures};

#[test]
fn it_names_the_cause_the_evidence_and_the_remedy() {
    let folder = Folder::with_cache();
    let textures = fixtures("textures");
    let doctor = |flags: &[&str]| {
        let args = ["doctor".as_ref(), textures.as_os_str()];
        folder.run(args.into_iter().chain(flags.iter().map(AsRef::as_ref)))
    };
    let well = doctor(&[]).expect(0).out();
    assert!(well.contains("Nothing is wrong with this training"), "{well}");
    assert!(well.contains("dense 2") && well.contains("relu 1"), "{well}");
    let ill = doctor(&["--rate", "1e-7", "-q"]).expect(0).out();
    assert!(ill.contains("1. the rate is too small (rate-too-small)"), "{ill}");
    assert!(ill.contains("evidence: in 300 steps") && ill.contains("try --rate 0.001"), "{ill}");
    assert!(ill.contains("Tried with --rate 0.001, for as many epochs: loss 0."), "{ill}");
    let json = doctor(&["--loss", "squared-error", "--json"]).expect(0).json();
    assert_eq!(json["findings"][0]["cause"], "squared-error-on-softmax");
    assert_eq!(json["trial"]["flags"], "--loss cross-entropy");
    assert_eq!(json["readings"][0]["epoch"], 0);
    // A rate whose very first step leaves all bounds is a finding, not an error.
    let flags = ["--rate", "1e308", "--optimizer", "sgd", "--json"];
    let json = doctor(&flags).expect(0).json();
    assert_eq!(json["findings"][0]["cause"], "rate-too-large");
    doctor(&["--rate", "-1"]).expect(2);
    let brief = doctor(&["--epochs", "1"]).expect(0).out();
    assert!(brief.contains("3 steps are too few"), "{brief}");
    // No finding breaks the learning but the second, so that its remedy is the one that helps.
    let flags = ["--loss", "squared-error", "--rate", "1e-9", "--json"];
    let json = doctor(&flags).expect(0).json();
    assert_eq!(json["findings"][1]["cause"], "rate-too-small", "{json}");
    assert_eq!(json["trial"]["flags"], "--rate 0.001");
    folder.run(["doctor", "nowhere"]).expect(4);
}

#[test]
fn it_looks_at_models_too() {
    let folder = Folder::with_cache();
    folder.small_model();
    let well = folder.run(["doctor", "model.json"]).expect(0).out();
    assert!(well.contains("Nothing is wrong with the model"), "{well}");
    let textures = fixtures("textures").to_string_lossy().into_owned();
    let train = ["train", &textures, "--model", "ill.json", "--epochs", "30", "--augment", "none"];
    for (flags, cause) in [
        (vec!["--init", "he", "--loss", "squared-error"], "squared-error-on-softmax"),
        (vec!["--hidden", "128", "--scale", "none"], "inputs-not-scaled"),
        (vec!["--init", "he", "--rate", "1e-8"], "rate-too-small"),
        (vec!["--hidden", "128", "--init-scale", "0"], "zero-weights"),
        (vec!["--hidden", "128", "--init-scale", "100"], "oversized-weights"),
        (
            vec!["--hidden", "9,9,9,9,9,9", "--activation", "sigmoid", "--init", "xavier"],
            "vanishing-gradients",
        ),
    ] {
        folder.run(train.iter().copied().chain(flags.iter().copied())).expect(0);
        let json = folder.run(["doctor", "ill.json", "--json"]).expect(0).json();
        assert_eq!(json["findings"][0]["cause"], cause, "{flags:?}: {json}");
    }
    let none = ["--epochs", "0", "--init", "he"];
    folder.run(["train", &textures, "--model", "raw.json"].into_iter().chain(none)).expect(0);
    let raw = folder.run(["doctor", "raw.json"]).expect(0).out();
    assert!(raw.contains("trained for 0 epochs") && !raw.contains("shuffled"), "{raw}");
    std::fs::write(folder.path("broken.json"), "{").unwrap();
    folder.run(["doctor", "broken.json"]).expect(5);
}

/// Weights as no training leaves them, in a file that is whole in every other respect.
#[test]
fn it_sees_stuck_units_in_a_models_weights() {
    let folder = Folder::with_cache();
    folder.small_model();
    for (unit, bias, cause) in [
        ("relu", -300.0, "dead-relus"),
        ("tanh", 300.0, "saturated-units"),
        ("sigmoid", -300.0, "saturated-units"),
    ] {
        let hidden = ["--hidden", "128", "--activation", unit];
        let train =
            ["train", "two", "--model", "m.json", "--epochs", "60"].into_iter().chain(hidden);
        folder.run(train).expect(0);
        let well = folder.run(["doctor", "m.json", "--json"]).expect(0).json();
        assert_eq!(well["findings"], serde_json::json!([]), "{unit}");
        let mut file: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.path("m.json")).unwrap()).unwrap();
        for entry in file["model"]["network"][0]["dense"]["bias"].as_array_mut().unwrap() {
            *entry = bias.into();
        }
        let model = serde_json::to_vec(&file["model"]).unwrap();
        file["checksum"] = blake3::hash(&model).to_hex().to_string().into();
        std::fs::write(folder.path("m.json"), file.to_string()).unwrap();
        let ill = folder.run(["doctor", "m.json", "--json"]).expect(0).json();
        assert_eq!(ill["findings"][0]["cause"], cause, "{unit}: {ill}");
    }
}

#[test]
fn train_warns_of_what_the_doctor_would_name() {
    let folder = Folder::with_cache();
    let textures = fixtures("textures").to_string_lossy().into_owned();
    let train = ["train", &textures, "--model", "m.json", "--epochs", "60", "--hidden", "128"];
    let more = ["--init", "he", "--descriptor", "fast"];
    let train = train.into_iter().chain(more).collect::<Vec<_>>();
    let well = folder.run(&train).expect(0);
    assert!(!well.err().contains("warning"), "{}", well.err());
    for (flags, title) in [
        (vec!["--loss", "squared-error"], "squared error learns slowly"),
        (vec!["--rate", "1e-8"], "the rate is too small"),
        (vec!["--init-scale", "0"], "the first weights are zero"),
    ] {
        let run = folder.run(train.iter().copied().chain(flags.iter().copied())).expect(0);
        assert!(run.err().contains(&format!("warning: {title}")), "{flags:?}: {}", run.err());
        let quiet = train.iter().copied().chain(flags.iter().copied()).chain(["-q"]);
        assert_eq!(folder.run(quiet).expect(0).err(), "");
    }
}

#[test]
fn a_training_that_leaves_all_bounds_ends_with_its_cause() {
    let folder = Folder::new();
    let textures = fixtures("textures").to_string_lossy().into_owned();
    let flags = ["--hidden", "64,64,64", "--init-scale", "1e200"];
    let train = ["train", &textures, "--model", "m.json"];
    let run = folder.run(train.iter().copied().chain(flags)).expect(2);
    assert!(run.err().contains("the first weights are too large"), "{}", run.err());
    assert!(!folder.path("m.json").exists());
}

/// Grain of three classes that differ in the width of a blur by a tenth: few columns tell, most say nothing.
fn near_alike(folder: &Folder) {
    let mut random = textura::random::Random::new(1, 0);
    let side = 48;
    for (class, width) in [("a", 1.0f64), ("b", 1.12), ("c", 1.25)] {
        std::fs::create_dir_all(folder.path(format!("grain/{class}"))).unwrap();
        let taps: Vec<f64> =
            (-4i32..=4).map(|d| (-0.5 * (f64::from(d) / width).powi(2)).exp()).collect();
        // Each row blurred along itself, and what comes of it turned: twice is both ways.
        let blurred = |values: &[f64]| -> Vec<f64> {
            let at =
                |x: usize, y: usize, tap: usize| values[y * side + (x + side + tap - 4) % side];
            let sum = |x, y| (0..9).map(|tap| taps[tap] * at(x, y, tap)).sum();
            (0..side * side).map(|at| sum(at / side, at % side)).collect()
        };
        for k in 0..30 {
            let noise: Vec<f64> = (0..side * side).map(|_| random.normal()).collect();
            let grain = blurred(&blurred(&noise));
            let size = (grain.iter().map(|v| v * v).sum::<f64>() / grain.len() as f64).sqrt();
            let bytes = grain.iter().map(|v| (120.0 + 30.0 * v / size).clamp(0.0, 255.0) as u8);
            let picture = image::GrayImage::from_raw(side as u32, side as u32, bytes.collect());
            picture.unwrap().save(folder.path(format!("grain/{class}/{k}.png"))).unwrap();
        }
    }
}

#[test]
fn pictures_learned_by_heart_are_seen_and_the_flag_it_names_mends_it() {
    let folder = Folder::new();
    near_alike(&folder);
    let doctor = folder.run(["doctor", "grain", "--holdout", "0.4", "--json"]).expect(0).json();
    let findings = doctor["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["cause"] == "overfitting"), "{doctor}");
    assert!(doctor["right_of_learned"].as_f64() > doctor["right_of_kept_back"].as_f64());
    let train = ["train", "grain", "--model", "m.json", "--holdout", "0.4"];
    let random = train.into_iter().chain(["--hidden", "64", "--init", "he"]);
    let run = folder.run(random).expect(0);
    assert!(run.err().contains("learned by heart"), "{}", run.err());
    assert!(run.err().contains("--init discriminant"), "{}", run.err());
    let mended = folder.run(train).expect(0);
    assert!(!mended.err().contains("learned by heart"), "{}", mended.err());
    let accuracy = |out: &str| -> f64 {
        let rest = out.split("held-out accuracy ").nth(1).unwrap();
        rest.split(' ').next().unwrap().parse().unwrap()
    };
    let (before, after) = (accuracy(&run.out()), accuracy(&mended.out()));
    assert!(before + 10.0 < after, "{before} {after}");
}
