//! Who imports whom: read from the sources, braces and `super` included.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, sources};

/// For each module the modules that it imports, and a file that does.
type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// Imports between the modules that stand `depth` levels below a module, by the modules' names. Names of the crate's root
/// that are no module, such as `crate::Error`, are left out.
fn imports_below(parent: &[String], sources: &[Source]) -> Imports {
    let depth = parent.len();
    let below = |path: &[String]| -> Option<String> {
        (path.len() > depth && path.starts_with(parent)).then(|| path[depth].clone())
    };
    let modules: BTreeSet<String> =
        sources.iter().filter_map(|source| below(&source.modules)).collect();
    let mut imports = Imports::new();
    for source in sources {
        let Some(from) = below(&source.modules) else { continue };
        for to in source.paths().iter().filter_map(|path| below(path)) {
            if to != from && modules.contains(&to) {
                let file = source.path.display().to_string();
                imports.entry(from.clone()).or_default().entry(to).or_insert(file);
            }
        }
    }
    imports
}

/// Sets of modules that import each other, directly or by way of others.
fn circles(imports: &Imports) -> Vec<Vec<String>> {
    let reached = |from: &String| {
        let mut known = BTreeSet::new();
        let mut open = vec![from];
        while let Some(module) = open.pop() {
            for next in imports.get(module).into_iter().flat_map(BTreeMap::keys) {
                if known.insert(next) {
                    open.push(next);
                }
            }
        }
        known
    };
    let reaches: BTreeMap<&String, BTreeSet<&String>> =
        imports.keys().map(|module| (module, reached(module))).collect();
    let mut circles = BTreeSet::new();
    for (module, known) in reaches.iter().filter(|(module, known)| known.contains(**module)) {
        let back = known.iter().filter(|m| reaches.get(**m).is_some_and(|r| r.contains(module)));
        circles.insert(back.map(|module| (*module).clone()).collect::<Vec<String>>());
    }
    circles.into_iter().collect()
}

#[test]
fn modules_of_the_crate_form_no_circle() {
    let imports = imports_below(&[], &sources());
    assert!(imports.len() > 9, "only {} modules were seen", imports.len());
    let n_edges: usize = imports.values().map(BTreeMap::len).sum();
    assert!(n_edges > 30, "only {n_edges} imports were seen");
    assert_eq!(circles(&imports), Vec::<Vec<String>>::new(), "{imports:#?}");
}

/// Circles inside a module that are meant: a pass remembers what each layer has to know again, and a layer writes into it;
/// what a report knows of its pictures chooses those that its confusion matrix shows.
const MEANT: [(&str, &[&str]); 2] =
    [("nn", &["layer", "pass"]), ("report", &["labelled_predictions", "matrix"])];

#[test]
fn parts_of_a_module_form_only_the_circles_that_are_meant() {
    let sources = sources();
    let names: BTreeSet<&String> =
        sources.iter().filter_map(|source| source.modules.first()).collect();
    let mut found = Vec::new();
    for name in names {
        for circle in circles(&imports_below(std::slice::from_ref(name), &sources)) {
            found.push((name.clone(), circle));
        }
    }
    let meant: Vec<(String, Vec<String>)> = MEANT
        .map(|(name, circle)| (name.to_owned(), circle.iter().map(|&m| m.to_owned()).collect()))
        .to_vec();
    assert_eq!(found, meant);
}

/// What a module must not import, and why.
const FORBIDDEN: [(&str, &str, &str); 9] = [
    ("texture", "nn", "features know no network"),
    ("texture", "io", "features know no file"),
    ("image", "io", "a picture in memory knows no file"),
    ("image", "texture", "a picture knows no feature"),
    ("io", "learn", "files know no classifier"),
    ("io", "model", "files know no model"),
    ("batch", "learn", "features are extracted without a classifier"),
    ("batch", "model", "features are extracted without a model"),
    ("learn", "io", "learning knows no file"),
];

#[test]
fn some_imports_are_forbidden() {
    let imports = imports_below(&[], &sources());
    for (from, to, why) in FORBIDDEN {
        let file = imports[from].get(to);
        assert!(file.is_none(), "{file:?} imports {to} into {from}: {why}");
    }
    for (from, to) in &imports {
        assert!(!to.contains_key("cli"), "{from} imports the command line: {to:?}");
        assert!(!to.contains_key("facade"), "{from} imports the facade: {to:?}");
    }
    let of_network: Vec<&String> = imports["nn"].keys().collect();
    assert_eq!(of_network, ["error", "random", "vectors"], "the network stands alone");
}
