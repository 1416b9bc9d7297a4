//! What the crate shows to others: every public name, held by a list, so that none comes or goes unnoticed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::{ImplItem, Item, TraitItem, UseTree, Visibility};

use super::source::sources;

/// The most public names. Whoever needs more takes others away.
const MAX_ITEMS: usize = 200;

/// The items of every module, by its path.
type Modules = BTreeMap<Vec<String>, Vec<Item>>;

fn modules() -> Modules {
    let mut modules = Modules::new();
    for source in sources().into_iter().filter(|source| !source.path.ends_with("main.rs")) {
        let items = syn::parse_file(&source.text).unwrap().items;
        add(&mut modules, source.modules, items);
    }
    modules
}

/// A module with the modules that stand within it.
fn add(modules: &mut Modules, path: Vec<String>, items: Vec<Item>) {
    for item in &items {
        if let Item::Mod(inner) = item
            && let Some((_, content)) = &inner.content
        {
            let path = [path.as_slice(), &[inner.ident.to_string()]].concat();
            add(modules, path, content.clone());
        }
    }
    modules.insert(path, items);
}

/// Whether something is only there with the feature `internals`.
fn is_internal(attributes: &[syn::Attribute]) -> bool {
    let is_meant = |attribute: &&syn::Attribute| match &attribute.meta {
        syn::Meta::List(list) => {
            let tokens = list.tokens.to_string().replace(' ', "");
            attribute.path().is_ident("cfg")
                && tokens.contains(r#"feature="internals""#)
                && !tokens.contains(r#"not(feature="internals")"#)
        }
        _ => false,
    };
    attributes.iter().any(|attribute| is_meant(&attribute))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Paths that a `use` names, each with the name that it gives.
fn uses(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            uses(&inner.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            found.push(([path.as_slice(), std::slice::from_ref(&name)].concat(), name));
        }
        UseTree::Rename(name) => {
            found.push((
                [path.as_slice(), &[name.ident.to_string()]].concat(),
                name.rename.to_string(),
            ));
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| uses(tree, path, found)),
        UseTree::Glob(_) => panic!("a glob hides what it shows"),
    }
}

/// A path from the crate's root, whichever way it is written in a module.
fn absolute(modules: &Modules, here: &[String], path: &[String]) -> Vec<String> {
    match path[0].as_str() {
        "crate" => path[1..].to_vec(),
        "self" => [here, &path[1..]].concat(),
        "super" => {
            absolute(modules, &here[..here.len() - 1], &[&["self".to_owned()], &path[1..]].concat())
        }
        first => {
            let inside = [here, &[first.to_owned()]].concat();
            if modules.contains_key(&inside) { [here, path].concat() } else { path.to_vec() }
        }
    }
}

struct Surface<'a> {
    modules: &'a Modules,
    /// What was found: a kind and a path, as others write it.
    items: BTreeSet<String>,
    /// Places of definition whose methods were added already.
    seen: BTreeSet<Vec<String>>,
}

impl Surface<'_> {
    /// Adds what a module shows under a name.
    fn module(&mut self, module: &[String], shown: &str) {
        for item in &self.modules[module] {
            match item {
                Item::Use(item) if is_public(&item.vis) => {
                    let mut found = Vec::new();
                    uses(&item.tree, &mut Vec::new(), &mut found);
                    for (path, name) in found {
                        let path = absolute(self.modules, module, &path);
                        self.path(&path, &format!("{shown}::{name}"));
                    }
                }
                Item::Mod(inner) if is_public(&inner.vis) && !is_internal(&inner.attrs) => {
                    let name = inner.ident.to_string();
                    self.items.insert(format!("mod {shown}::{name}"));
                    let inside = [module, std::slice::from_ref(&name)].concat();
                    self.module(&inside, &format!("{shown}::{name}"));
                }
                Item::Fn(item) if is_public(&item.vis) => {
                    self.items.insert(format!("fn {shown}::{}", item.sig.ident));
                }
                _ => {}
            }
        }
    }

    /// Adds what a path leads to, under the name that others use.
    fn path(&mut self, path: &[String], shown: &str) {
        let (name, module) = path.split_last().unwrap();
        let items = self.modules.get(module).unwrap_or_else(|| panic!("no module {module:?}"));
        for item in items {
            let (kind, ident, visibility) = match item {
                Item::Struct(item) => ("struct", &item.ident, &item.vis),
                Item::Enum(item) => ("enum", &item.ident, &item.vis),
                Item::Type(item) => ("type", &item.ident, &item.vis),
                Item::Const(item) => ("const", &item.ident, &item.vis),
                Item::Fn(item) => ("fn", &item.sig.ident, &item.vis),
                Item::Trait(item) => ("trait", &item.ident, &item.vis),
                Item::Mod(inner) if inner.ident == name && is_public(&inner.vis) => {
                    self.items.insert(format!("mod {shown}"));
                    self.module(path, shown);
                    return;
                }
                Item::Use(item) => {
                    let mut found = Vec::new();
                    uses(&item.tree, &mut Vec::new(), &mut found);
                    if let Some((path, _)) = found.iter().find(|(_, given)| given == name) {
                        let path = absolute(self.modules, module, path);
                        self.path(&path, shown);
                        return;
                    }
                    continue;
                }
                _ => continue,
            };
            if ident == name && is_public(visibility) {
                self.items.insert(format!("{kind} {shown}"));
                if self.seen.insert(path.to_vec()) {
                    if let Item::Trait(item) = item {
                        let methods = item.items.iter().filter_map(|item| match item {
                            TraitItem::Fn(method) => Some(method.sig.ident.to_string()),
                            _ => None,
                        });
                        self.items.extend(methods.map(|method| format!("fn {shown}::{method}")));
                    }
                    self.methods(module, name, shown);
                }
                return;
            }
        }
        panic!("nothing is {path:?}");
    }

    /// Adds the public functions and constants of a type, wherever in its module's folder they stand.
    fn methods(&mut self, module: &[String], name: &str, shown: &str) {
        // Siblings below one part of a module may add methods to its types.
        let folder = if module.len() > 2 { &module[..module.len() - 1] } else { module };
        for (_, items) in self.modules.iter().filter(|(path, _)| path.starts_with(folder)) {
            for item in items {
                let Item::Impl(block) = item else { continue };
                let syn::Type::Path(of) = &*block.self_ty else { continue };
                let is_meant = of.path.segments.last().is_some_and(|last| last.ident == name);
                if !is_meant || block.trait_.is_some() {
                    continue;
                }
                for item in &block.items {
                    match item {
                        ImplItem::Fn(method) if is_public(&method.vis) => {
                            self.items.insert(format!("fn {shown}::{}", method.sig.ident));
                        }
                        ImplItem::Const(item) if is_public(&item.vis) => {
                            self.items.insert(format!("const {shown}::{}", item.ident));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

/// What the crate shows, sorted.
fn surface() -> BTreeSet<String> {
    let modules = modules();
    let mut surface = Surface { modules: &modules, items: BTreeSet::new(), seen: BTreeSet::new() };
    surface.module(&[], "textura");
    surface.items
}

#[test]
fn the_public_names_are_those_of_the_list() {
    let found = surface();
    let text: String = found.iter().map(|item| format!("{item}\n")).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/architecture/public.txt");
    if std::env::var_os("TEXTURA_REGENERATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let listed = std::fs::read_to_string(&path).unwrap();
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}, gone: {gone:#?}; TEXTURA_REGENERATE=1 cargo test --locked --test architecture writes the list"
    );
    assert!(found.len() > 50, "only {} were seen", found.len());
    assert!(found.len() <= MAX_ITEMS, "{} public names", found.len());
}
