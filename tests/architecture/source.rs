//! The source files, without their tests.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// One file.
pub struct Source {
    pub path: PathBuf,
    /// The modules that lead to it: `io`, `decode`, `tiff`; none for the crate's root.
    pub modules: Vec<String>,
    /// What stands in it.
    pub text: String,
    /// Its lines that are no comments.
    pub code: String,
}

/// Every file of the library and the command but for tests, sorted by path.
pub fn sources() -> Vec<Source> {
    fn visit(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    visit(&root, &mut files);
    files.sort();
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let names = inside.iter().map(|name| name.to_str().unwrap().to_owned());
        let modules = names.filter(|name| !["mod", "lib", "main"].contains(&name.as_str()));
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.collect::<Vec<_>>().join("\n");
        Source { modules: modules.collect(), path, text, code }
    };
    files.into_iter().filter(|path| !path.ends_with("tests.rs")).map(read).collect()
}

impl Source {
    /// The paths in the code that begin with `crate` or `super`, macros included, from the crate's root on. Paths to what
    /// only tests have are left out.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        let tokens: TokenStream = self.text.parse().unwrap();
        self.collect(tokens, &mut found);
        found
    }

    fn collect(&self, tokens: TokenStream, found: &mut Vec<Vec<String>>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_for_tests(&tokens[at..]) {
                at = after_item(&tokens, at + 2);
                continue;
            }
            match &tokens[at] {
                TokenTree::Group(group) => self.collect(group.stream(), found),
                TokenTree::Ident(word) if word == "crate" || word == "super" => {
                    let begins = at == 0 || !is_colon(&tokens[at - 1]);
                    if begins {
                        let base = if word == "crate" { Vec::new() } else { self.parent() };
                        at = follow(&tokens, at + 1, base, found);
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn parent(&self) -> Vec<String> {
        let n = self.modules.len().saturating_sub(1);
        self.modules[..n].to_vec()
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':')
}

/// Whether `#[cfg(test)]` stands at the beginning.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(mark), TokenTree::Group(group), ..] = tokens else { return false };
    mark.as_char() == '#' && group.to_string().replace(' ', "") == "[cfg(test)]"
}

/// The place after the item that begins here: after its semicolon or its braces.
fn after_item(tokens: &[TokenTree], from: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    };
    tokens[from..].iter().position(ends).map_or(tokens.len(), |n| from + n + 1)
}

/// Follows `::a::{b, c::d}` from a place on, adds the paths that it names, and gives the place behind it.
fn follow(
    tokens: &[TokenTree],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> usize {
    while at + 2 < tokens.len() && is_colon(&tokens[at]) && is_colon(&tokens[at + 1]) {
        match &tokens[at + 2] {
            TokenTree::Ident(word) if word == "super" => {
                path.pop();
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
                for tree in inner.split(is_comma).filter(|tree| !tree.is_empty()) {
                    match &tree[0] {
                        TokenTree::Ident(word) => {
                            let mut longer = path.clone();
                            longer.push(word.to_string());
                            follow(tree, 1, longer, found);
                        }
                        _ => found.push(path.clone()),
                    }
                }
                return at + 3;
            }
            _ => break,
        }
        at += 3;
    }
    found.push(path);
    at
}

#[test]
fn braces_super_and_macros_are_read_and_tests_are_not() {
    let text = "use crate::a::{b, c::{d, self}, *}; fn f() { g!(super::h::I) }
        #[cfg(test)] mod tests { use crate::x::y; } #[cfg(test)] use crate::x::z;
        use super::super::k;";
    let modules = ["m", "n", "o"].map(str::to_owned).to_vec();
    let (text, code) = (text.to_owned(), String::new());
    let source = Source { path: PathBuf::new(), modules, text, code };
    let paths: Vec<String> = source.paths().iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::b", "a::c::d", "a::c::self", "a", "m::n::h::I", "m::k"]);
}
