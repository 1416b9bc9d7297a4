//! Numbers by networks that are trained by back-propagation, and `doctor` with numbers.

use std::fs;

use super::numbers::{FAST, number, workshop};
use super::support::Folder;

fn train(folder: &Folder, model: &str, more: &[&str]) -> String {
    let words = ["train", "train.csv", "--target", "pitch_px", "--model", model];
    folder.run(words.iter().chain(&FAST).chain(more)).expect(0).out()
}

#[test]
fn a_network_of_the_flags_learns_numbers_and_every_command_takes_it() {
    let folder = workshop();
    let flags = ["--hidden", "16", "--activation", "tanh", "--rate", "0.01", "--batch", "10"];
    let told = train(&folder, "net.json", &flags);
    assert!(told.contains("by back-propagation in") && told.contains("R2 0."), "{told}");
    let first = fs::read(folder.path("net.json")).unwrap();
    train(&folder, "net.json", &[&flags[..], &["-j", "2"]].concat());
    assert_eq!(first, fs::read(folder.path("net.json")).unwrap());
    train(&folder, "net.json", &[&flags[..], &["--seed", "1"]].concat());
    assert_ne!(first, fs::read(folder.path("net.json")).unwrap());

    let shown = folder.run(["inspect", "net.json"]).expect(0).out();
    assert!(shown.contains("5 of: dense 90 to 16, tanh, dense 16 to 1"), "{shown}");
    assert!(shown.contains("radial units, for familiarity") && shown.contains("epochs"), "{shown}");
    let json = folder.run(["evaluate", "net.json", "test.csv", "--json"]).expect(0).json();
    let target = &json["targets"][0];
    assert!(0.8 < target["r2"].as_f64().unwrap() && 0.7 < target["coverage"].as_f64().unwrap());
    let rows = folder.run(["classify", "net.json", "test.csv"]).expect(0).table();
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let [value, low, high] =
            ["", "_low", "_high"].map(|end| number(row, &format!("pitch_px{end}")));
        assert!(low < value && value < high && 0.0 < number(row, "familiarity"), "{row:?}");
    }
    folder.run(["export", "net.json", "--onnx", "net.onnx"]).expect(0);
    assert!(fs::metadata(folder.path("net.onnx")).unwrap().len() < 100_000);
    let cv = ["cv", "train.csv", "--target", "pitch_px", "--folds", "3", "--hidden", "8", "--json"];
    let json = folder.run(cv.iter().chain(&FAST)).expect(0).json();
    assert!(json["r2_mean"].is_f64(), "{json}");
    // It goes on with the network that it was, or with other flags of it.
    let retrain = ["retrain", "net.json", "test.csv", "--output", "more.json"];
    let told = folder.run(retrain.iter().chain(&["--epochs", "40"])).expect(0).out();
    assert!(told.contains("by back-propagation in"), "{told}");
    let shown = folder.run(["inspect", "more.json"]).expect(0).out();
    assert!(shown.contains("5 of: dense 90 to 16, tanh, dense 16 to 1"), "{shown}");
    train(&folder, "radial.json", &[]);
    let radial = ["retrain", "radial.json", "test.csv", "--output", "more.json", "--epochs", "4"];
    let told = folder.run(radial).expect(2).err();
    assert!(
        told.contains("trained with --hidden") && told.contains("leave out --epochs"),
        "{told}"
    );
}

#[test]
fn a_flag_of_back_propagation_alone_asks_for_a_network() {
    let folder = workshop();
    train(
        &folder,
        "net.json",
        &["--optimizer", "momentum", "--loss", "huber", "--augment", "auto"],
    );
    let shown = folder.run(["inspect", "net.json"]).expect(0).out();
    assert!(shown.contains("5 of: dense 90 to 64, relu, dense 64 to 1"), "{shown}");
    assert!(shown.contains("loss huber"), "{shown}");
    let fast = ["--rate", "1e308", "--optimizer", "sgd"];
    let words = ["train", "train.csv", "--target", "pitch_px", "--model", "ill.json"];
    let told = folder.run(words.iter().chain(&FAST).chain(&fast)).expect(2).err();
    assert!(told.contains("rate"), "{told}");
    assert!(!folder.path("ill.json").exists());
}

#[test]
fn the_doctor_judges_numbers_networks_of_them_and_models() {
    let folder = workshop();
    let doctor = |more: &[&str]| {
        let words = ["doctor", "train.csv", "--target", "pitch_px"];
        folder.run(words.iter().chain(&FAST).chain(more)).expect(0)
    };
    let well = doctor(&[]).out();
    assert!(well.contains("learned in closed form from 50 pictures, 50 of their own"), "{well}");
    assert!(well.contains("Nothing is wrong with these numbers"), "{well}");
    let well = doctor(&["--hidden", "16"]).out();
    for part in ["then a network was trained for", "R2", "dense 2", "relu 1"] {
        assert!(well.contains(part), "{part}: {well}");
    }
    let json = doctor(&["--rate", "1e-8", "--json"]).json();
    assert_eq!(json["findings"][0]["cause"], "rate-too-small", "{json}");
    assert_eq!(json["trial"]["flags"], "--rate 0.001");
    let [without, with] =
        ["r2_without", "r2_with"].map(|name| json["trial"][name].as_f64().unwrap());
    assert!(without + 0.3 < with, "{json}");
    // About a fifth is held out, by the contents of the pictures.
    assert!((33..=46).contains(&json["images"].as_u64().unwrap()), "{json}");
    assert_eq!(json["targets"][0]["name"], "pitch_px");
    let json = doctor(&["--hidden", "16", "--scale", "none", "--json"]).json();
    assert_eq!(json["findings"][0]["cause"], "inputs-not-scaled", "{json}");

    // A number that is wrong, and one picture with two.
    let list = fs::read_to_string(folder.path("train.csv")).unwrap();
    let (head, rest) = list.split_once('\n').unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    let odd = format!("{head}\nimg/0.png,400,1,g0\nimg/1.png,9,1,again\n{rest}");
    fs::write(folder.path("train.csv"), odd).unwrap();
    let json = doctor(&["--json"]).json();
    let causes: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["cause"].as_str().unwrap())
        .collect();
    assert_eq!(causes, ["same-picture-two-numbers", "wrong-numbers"], "{json}");
    assert!(json["findings"][1]["evidence"].as_str().unwrap().contains("0.png"), "{json}");
    let words = ["train", "train.csv", "--target", "pitch_px", "--model", "m.json"];
    let told = folder.run(words.iter().chain(&FAST)).expect(0).err();
    assert!(
        told.contains("1.png") && told.contains("are the same picture, but `pitch_px`"),
        "{told}"
    );

    let few: String = rest.lines().take(12).map(|line| line.to_owned() + "\n").collect();
    fs::write(folder.path("train.csv"), format!("{head}\n{few}")).unwrap();
    train(&folder, "few.json", &[]);
    let told = folder.run(["doctor", "few.json"]).expect(0).out();
    assert!(told.contains("few-units") && told.contains("on 12 pictures or groups"), "{told}");
    // A model is looked at as it is, whatever is asked of a source.
    let words = ["doctor", "few.json", "--target", "pitch_px", "--json"];
    let json = folder.run(words).expect(0).json();
    assert_eq!(json["findings"][0]["cause"], "few-units");
}
