//! `explain`: what it prints and draws, whether its reasons matter, and what it refuses.

use std::collections::BTreeSet;

use serde_json::Value;
use textura::batch::{Batch, Interrupt, Workers};
use textura::io::{Part, list_labelled};
use textura::model::Model;
use textura::model::labelled::extract_labelled;
use textura::random::Random;
use textura::report::explain::{Question, explain};

use super::support::{Folder, fixtures};

/// A model of two classes, one of them with a name that would break a page.
const NASTY: &str = "<script>a&b";

fn nasty_model(folder: &Folder) {
    folder.copy_class("brick", 8, "two/brick");
    folder.copy_class("dots", 8, format!("two/{NASTY}"));
    let args = ["train", "two", "--model", "model.json", "--epochs", "60", "--descriptor", "fast"];
    folder.run(args).expect(0);
    folder.copy(fixtures("textures/dots/dots_15.png"), "new.png");
}

#[test]
fn text_names_class_reasons_and_nearest_pictures() {
    let folder = Folder::new();
    nasty_model(&folder);
    let text = folder.run(["explain", "model.json", "new.png"]).expect(0).out();
    for words in [
        "new.png",
        NASTY,
        "familiarity 0.",
        "Probabilities",
        "  glcm ",
        "  lbp_p8r1_riu2",
        "Strongest features for",
        "Strongest features against",
        "of 100 draws mattered less",
        "Nearest training pictures",
        "--pictures DIR",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    // The same picture, wherever training pictures were moved to.
    std::fs::rename(folder.path("two"), folder.path("moved")).unwrap();
    std::fs::rename(
        folder.path(format!("moved/{NASTY}/dots_00.png")),
        folder.path("moved/other.png"),
    )
    .unwrap();
    let args = ["explain", "model.json", "moved/other.png", "--pictures", "moved", "--json"];
    let nearest = folder.run(args).expect(0).json()["nearest"].clone();
    let first = nearest.as_array().unwrap().iter().find(|near| near["path"] == "other.png");
    if let Some(first) = first {
        assert_eq!(first["is_same"], true);
    }
    assert!(nearest.as_array().unwrap().iter().all(|near| near["path"].is_string()), "{nearest}");
}

#[test]
fn json_agrees_with_classify_and_does_not_depend_on_jobs() {
    let folder = Folder::new();
    nasty_model(&folder);
    let args = ["explain", "model.json", "new.png", "--json", "--top", "4"];
    let run = folder.run(args).expect(0);
    let again = folder.run(args.iter().chain(&["-j", "3"])).expect(0);
    assert_eq!(run.out(), again.out());
    let json = run.json();
    let row = folder.run(["classify", "model.json", "new.png"]).expect(0).table().remove(0);
    for name in ["probability", "margin", "familiarity"] {
        assert_eq!(json[name].as_f64().unwrap(), row[name].parse::<f64>().unwrap(), "{name}");
    }
    assert_eq!(json["status"].as_str().unwrap(), row["status"]);
    assert_eq!(json["label"].as_str().unwrap(), row["label"]);
    let number = |value: &Value| value.as_f64().unwrap();
    let of_classes = json["classes"].as_array().unwrap();
    let sum: f64 = of_classes.iter().map(|class| number(&class["probability"])).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    assert_eq!(json["families"].as_array().unwrap().len(), 4);
    for (list, sign) in [("features_for", 1.0), ("features_against", -1.0)] {
        let attributions: Vec<f64> =
            json[list].as_array().unwrap().iter().map(|f| sign * number(&f["push"])).collect();
        assert!(
            attributions.len() == 4 && attributions.iter().all(|&p| 0.0 < p),
            "{list} {attributions:?}"
        );
        assert!(attributions.is_sorted_by(|a, b| a >= b), "{list} {attributions:?}");
    }
    // Another class is explained by the other side of the same numbers.
    let other = folder.run(args.iter().chain(&["--class", "brick"])).expect(0).json();
    assert!((number(&other["log_odds"]) + number(&json["log_odds"])).abs() < 1e-9);
    assert_eq!(other["features_for"][0]["feature"], json["features_against"][0]["feature"]);
    let strict = folder.run(args.iter().chain(&["--reject-at", "1"])).expect(0).json();
    assert_eq!((&strict["status"], &strict["label"]), (&"rejected".into(), &Value::Null));
}

#[test]
fn the_drawing_is_well_formed_whole_and_escaped() {
    let folder = Folder::new();
    nasty_model(&folder);
    let args = ["explain", "model.json", "new.png", "-o", "why.svg", "--pictures", "two"];
    folder.run(args).expect(0);
    let svg = std::fs::read_to_string(folder.path("why.svg")).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let nodes = |name: &'static str| {
        document.descendants().filter(move |node| node.tag_name().name() == name)
    };
    assert_eq!(nodes("script").count(), 0);
    assert_eq!(nodes("image").count(), 6, "the picture and the five nearest");
    let is_inside = |node: roxmltree::Node<'_, '_>| {
        node.attribute("href").unwrap().starts_with("data:image/jpeg;base64,")
    };
    assert!(nodes("image").all(is_inside), "no other file is needed");
    assert!(nodes("text").any(|node| node.text().unwrap_or_default().contains(NASTY)));
    // Without the folder the nearest pictures stay blank.
    folder.run(&args[..5]).expect(0);
    let svg = std::fs::read_to_string(folder.path("why.svg")).unwrap();
    assert_eq!(svg.matches("<image").count(), 1);
}

#[test]
fn a_model_that_does_not_name_its_pictures_explains_all_the_same() {
    let folder = Folder::new();
    nasty_model(&folder);
    let bytes = std::fs::read(folder.path("model.json")).unwrap();
    let mut document: Value = serde_json::from_slice(&bytes).unwrap();
    let rejection = document["model"]["rejection"].as_object_mut().unwrap();
    let contents = rejection.remove("contents").unwrap();
    // Of the 8 pictures of each class two bricks are held out.
    let counts: Vec<usize> =
        contents.as_array().unwrap().iter().map(|class| class.as_array().unwrap().len()).collect();
    assert_eq!(counts, [8, 6]);
    let text = serde_json::to_vec(&document["model"]).unwrap();
    document["checksum"] = blake3::hash(&text).to_hex().to_string().into();
    std::fs::write(folder.path("old.json"), serde_json::to_vec(&document).unwrap()).unwrap();
    let run = folder.run(["explain", "old.json", "new.png", "--pictures", "two", "--json"]);
    let run = run.expect(0);
    assert!(run.err().contains("train again"), "{}", run.err());
    let nearest = run.json()["nearest"].as_array().unwrap().clone();
    assert_eq!(nearest.len(), 5);
    assert!(nearest.iter().all(|near| near["content"].is_null() && near["path"].is_null()));
    let text = folder.run(["explain", "old.json", "new.png"]).expect(0).out();
    assert!(text.contains("not named by this older model"), "{text}");
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason_and_nothing_is_written() {
    let folder = Folder::new();
    nasty_model(&folder);
    std::fs::write(folder.path("text.png"), "no picture").unwrap();
    std::fs::write(folder.path("corrupt.json"), "{\"format\":\"textura model\"").unwrap();
    let mut n_refused = 0;
    for (args, status, words) in [
        (&["model.json", "text.png"][..], 3, "text.png"),
        (&["model.json", "missing.png"], 3, "missing.png"),
        (&["model.json", "two"], 3, "a folder"),
        (&["corrupt.json", "new.png"], 5, "cut short"),
        (&["missing.json", "new.png"], 1, "missing.json"),
        (&["model.json", "new.png", "--class", "rust"], 2, "rust"),
        (&["model.json", "new.png", "--pictures", "nowhere"], 2, "nowhere"),
        (&["model.json", "new.png", "--reject-at", "2"], 2, "reject-at"),
    ] {
        let all = ["explain"].iter().chain(args).chain(&["-o", "why.svg"]);
        let run = folder.run(all).expect(status);
        assert!(run.err().contains(words) && run.out().is_empty(), "{}", run.err());
        n_refused += 1;
    }
    assert_eq!(n_refused, 8);
    assert!(!folder.path("why.svg").exists());
    let run = folder.run(["explain", "model.json", "new.png", "-o", "why.png"]).expect(2);
    assert!(run.err().contains(".svg") && !folder.path("why.png").exists(), "{}", run.err());
}

/// Features at their mean are put there by hand and judged by the model's log-odds.
#[test]
fn the_three_strongest_features_matter_more_than_three_at_random() {
    let folder = Folder::new();
    let textures = std::fs::read_dir(fixtures("textures")).unwrap();
    for class in textures.map(|class| class.unwrap().file_name().into_string().unwrap()) {
        folder.copy_class(&class, 12, format!("learn/{class}"));
        for k in 12..18 {
            let from = fixtures(&format!("textures/{class}/{class}_{k}.png"));
            folder.copy(from, format!("new/{class}/{k}.png"));
        }
    }
    let args = ["train", "learn", "-m", "m.json", "--epochs", "60", "--descriptor", "fast"];
    folder.run(args.iter().chain(&["--holdout", "0"])).expect(0);
    let model = Model::load(&folder.path("m.json")).unwrap();
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    let listing = list_labelled(&folder.path("new"), Part::Test).unwrap();
    let averaged = model.classifier.views.averaged();
    let batch = Batch::new(&workers);
    let extractor = batch.prepared(model.extractor());
    let names: Vec<&str> = model.descriptor.schema().names().collect();
    let question = Question { class: None, most_features: 3, reject_below: 0.0, seed: 0 };
    let mut random = Random::new(0, 77);
    let (mut n_pictures, mut n_lower) = (0, 0);
    let entries = listing.entries;
    let labelled = extract_labelled(entries, &model.classes, None, &extractor, batch).unwrap();
    for row in labelled.rows() {
        let views = labelled.data.features_by(averaged, &[row]).unwrap();
        let example = example_of(&views);
        let explained = explain(&model, String::new(), example, question).unwrap();
        let columns: Vec<usize> = explained
            .features_for
            .iter()
            .map(|f| names.iter().position(|name| *name == f.feature).unwrap())
            .collect();
        let mut drawn = BTreeSet::new();
        while drawn.len() < 3 {
            drawn.insert(random.below(names.len()));
        }
        let class = model.class_index(&explained.class).unwrap();
        let sets = [columns, drawn.into_iter().collect()];
        let logits = model.classifier.logits_without(&views, &sets).unwrap();
        let [strongest, at_random] = [0, 1].map(|at| {
            let others = (0..model.classes.len()).filter(|&other| other != class);
            let sum: f64 = others.map(|o| (logits[[at, o]] - logits[[at, class]]).exp()).sum();
            -sum.ln()
        });
        n_lower += usize::from(strongest < at_random);
        n_pictures += 1;
    }
    assert_eq!(n_pictures, 48);
    assert!(10 * n_lower >= 9 * n_pictures, "{n_lower} of {n_pictures}");
}

fn example_of(views: &[ndarray::Array2<f64>]) -> textura::batch::Example {
    let row = |at: usize| views[at].row(0).to_vec();
    textura::batch::Example {
        windows: 1,
        features: textura::texture::descriptor::Features {
            texture_score: 0.0,
            values: row(0),
            flags: Default::default(),
        },
        views: (1..views.len()).map(row).collect(),
        width: 1,
        height: 1,
        content: [0; 32],
        recording: None,
        bits: 8,
        brightest: 0,
        levels_used: Vec::new(),
    }
}
