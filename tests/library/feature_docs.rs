//! `docs/features.md` says what the code says: it is made of the same tables that name the columns.
//! After a change of those, `TEXTURA_REGENERATE=1 cargo test --locked --test library feature_docs` writes it anew.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use textura::texture::{FamilyOptions, Term, Topic, topics};

const HEAD: &str = "\
# Features

Every number that textura can compute, by family. Each family is an entry of a descriptor file, for instance
`{\"families\":[{\"glcm\":{\"levels\":16}},{\"tamura\":{}}]}`; the names of the columns are given with it. All numbers are
finite for every picture; the column \"edge\" gives the value for a flat picture unless it says otherwise. Names elsewhere
are given where the same quantity exists there; [conventions.md](conventions.md) says how the tools differ.

`quantize` is one of `\"fixed\"`, `\"fixed_bin_number\"` (also `\"min_max\"`), `{\"fixed_bin_width\": 25}`,
`{\"percentile\": [1, 99]}` and `\"equal_probability\"`: see [conventions.md](conventions.md#levels).

This file is made from the tables in `src/texture/` that name the columns; a test keeps it so.
";

fn render(topics: &[Topic]) -> String {
    let mut text = HEAD.to_owned();
    for topic in topics {
        text += &format!("\n## {} (`{}`)\n\n{}\n\n", topic.title, topic.key, topic.about);
        text += "| name | IBSI | formula | range | in plain words | edge | elsewhere |\n";
        text += "| --- | --- | --- | --- | --- | --- | --- |\n";
        for term in &topic.terms {
            let cells = [
                format!("`{}`", term.name),
                term.ibsi.to_owned(),
                format!("`{}`", term.formula),
                term.range.to_owned(),
                term.meaning.to_owned(),
                term.edge.to_owned(),
                elsewhere(term),
            ];
            let cells = cells.map(|cell| cell.replace('|', "\\|"));
            text += &format!("| {} |\n", cells.join(" | "));
        }
    }
    text
}

fn elsewhere(term: &Term) -> String {
    let peers = [
        ("scikit-image", term.scikit_image),
        ("mahotas", term.mahotas),
        ("MATLAB", term.matlab),
        ("PyRadiomics", term.pyradiomics),
    ];
    let known = peers.iter().filter(|(_, name)| !name.is_empty());
    known.map(|(peer, name)| format!("{peer}: {name}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_list_of_features_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/features.md");
    let expected = render(&topics());
    if std::env::var_os("TEXTURA_REGENERATE").is_some() {
        std::fs::write(&path, &expected).expect("docs/features.md can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(found == expected, "TEXTURA_REGENERATE=1 writes docs/features.md anew: {differs:?}");
}

#[test]
fn everything_is_said_about_every_feature() {
    let mut n_terms = 0;
    for topic in topics() {
        assert!(topic.about.contains("Settings:"), "{}", topic.key);
        assert!(topic.about.contains("Columns:"), "{}", topic.key);
        assert!(topic.about.contains("Edge cases:"), "{}", topic.key);
        assert!(topic.about.contains("Source:"), "{}", topic.key);
        let mut names = BTreeSet::new();
        for term in &topic.terms {
            for said in [term.name, term.formula, term.range, term.meaning, term.edge] {
                assert!(!said.is_empty(), "{} {}", topic.key, term.name);
            }
            assert!(names.insert(term.name), "{} {} twice", topic.key, term.name);
            assert!([0, 4].contains(&term.ibsi.len()), "{} {}", topic.key, term.name);
            n_terms += 1;
        }
    }
    assert!(n_terms > 90, "only {n_terms}");
}

/// Settings under which each family shows every feature.
fn everything(key: &str) -> Vec<serde_json::Value> {
    match key {
        "glcm" => vec![json!({"statistics": "all"})],
        "lbp" => ["default", "ror", "riu2", "u2", "var"]
            .iter()
            .map(|mapping| json!({"p": 8, "r": 1, "mapping": mapping}))
            .collect(),
        _ => vec![json!({})],
    }
}

#[test]
fn every_column_is_documented_and_every_documented_feature_has_a_column() {
    let mut n_columns = 0;
    for topic in topics() {
        let mut columns = Vec::new();
        for settings in everything(topic.key) {
            let entry = json!({ topic.key: settings });
            let options: FamilyOptions = serde_json::from_value(entry).expect("a family's entry");
            let family = options.check().expect("settings that can be used");
            columns.extend(family.blocks().into_iter().flat_map(|block| block.columns));
        }
        let parts = |name: &str| format!("_{name}_");
        let holds = |column: &String, term: &Term| parts(column).contains(&parts(term.name));
        for column in &columns {
            let is_known = topic.terms.iter().any(|term| holds(column, term));
            assert!(is_known, "{}: {column} is not documented", topic.key);
        }
        for term in &topic.terms {
            let is_there = columns.iter().any(|column| holds(column, term));
            assert!(is_there, "{}: no column has {}", topic.key, term.name);
        }
        n_columns += columns.len();
    }
    assert!(n_columns > 150, "only {n_columns}");
}
