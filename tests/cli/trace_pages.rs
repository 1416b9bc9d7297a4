//! The numbers on the pages about one update are those that `trace` prints.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::support::Folder;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The blocks of a page marked with a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let open = format!("```{language}\n");
    page.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// What the commands of a page print, one after another.
fn printed(folder: &Folder, page: &str) -> String {
    let built = Path::new(env!("CARGO_BIN_EXE_textura")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(built.to_path_buf()).chain(std::env::split_paths(&path));
    let places = std::env::join_paths(places).unwrap();
    let mut text = String::new();
    for block in blocks(page, "sh") {
        let mut sh = Command::new("sh");
        let output =
            sh.args(["-eu", "-c", block]).current_dir(folder.path(".")).env("PATH", &places);
        let output = output.output().unwrap();
        assert!(output.status.success(), "{block}");
        text += &String::from_utf8(output.stdout).unwrap();
    }
    text
}

/// Numbers in a text with at least four decimals.
fn numbers(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let words = text.split(|c: char| !is_part(c)).map(|word| word.trim_matches('.'));
    let decimals = |word: &str| word.split_once('.').map_or(0, |(_, behind)| behind.len());
    words
        .filter(|word| 4 <= decimals(word))
        .map(|word| word.trim_end_matches('0').to_owned())
        .collect()
}

#[test]
fn every_number_of_one_update_is_printed_or_computed_here() {
    for name in ["learning/one-update.md", "learning/one-update.zh.md"] {
        let (folder, page) = (Folder::new(), page(name));
        let output = printed(&folder, &page);
        let lines: BTreeSet<&str> = output.lines().collect();
        let mut n_lines = 0;
        for block in blocks(&page, "text") {
            for line in block.lines().filter(|line| line.contains(|c: char| c.is_ascii_digit())) {
                assert!(lines.contains(line), "{name}: {line}");
                n_lines += 1;
            }
        }
        assert!(50 < n_lines, "{name}: {n_lines}");
        // What the reader computes on the way through the batch normalisation.
        let norm = folder.run(["trace", "--net", "norm.json", "--json"]).expect(0).json();
        let column = |field: &str| -> Vec<f64> {
            norm[field].as_array().unwrap().iter().map(|row| row[0].as_f64().unwrap()).collect()
        };
        let (d, h) = (column("hidden_scaled_deltas"), column("hidden_normalised"));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let products: Vec<f64> = d.iter().zip(&h).map(|(d, h)| d * h).collect();
        let root = (2.0f64 / 3.0 + 1e-5).sqrt();
        let own = [mean(&d), products[0], mean(&products), root, 0.9 * -0.1 + 0.25058, 1e-5];
        let first = (d[0] - mean(&d) - h[0] * mean(&products)) / root;
        assert!((first - column("hidden_deltas")[0]).abs() < 1e-12);
        let own: String = own.map(|value| format!("{value:.5} {value:.4} ")).concat();
        let known: BTreeSet<String> = numbers(&(output.clone() + &own));
        let unknown: Vec<_> = numbers(&page).difference(&known).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "{name}");
        assert!(30 < numbers(&page).len());
    }
}

#[test]
fn the_numbers_to_compare_are_those_of_the_two_lines() {
    let folder = Folder::new();
    let right = folder.run(["trace"]).expect(0).out();
    let wrong = folder.run(["trace", "--mistake", "diagonal-jacobian"]).expect(0).out();
    for name in ["learning/the-two-lines.md", "learning/the-two-lines.zh.md"] {
        let page = page(name);
        let mut n_numbers = 0;
        let is_number = |line: &&str| {
            let names = ["| p |", "| loss |", "| output_deltas |", "| hidden_deltas |"];
            names.iter().any(|name| line.starts_with(name))
        };
        for row in page.lines().filter(is_number) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            for (cell, output) in [(cells[2], &right), (cells[3], &wrong)] {
                let numbers: Vec<&str> =
                    cell.split(' ').filter(|word| word.contains('.')).collect();
                let is_there = |line: &str| line.split_whitespace().collect::<Vec<_>>() == numbers;
                let is_single =
                    numbers.len() == 1 && output.contains(&format!(" {}\n", numbers[0]));
                assert!(
                    numbers.is_empty() || is_single || output.lines().any(is_there),
                    "{name}: {cell}"
                );
                n_numbers += numbers.len();
            }
        }
        // Of p and the loss once, of both deltas in both columns.
        assert_eq!(n_numbers, 3 + 1 + 2 * (3 + 2), "{name}");
        assert!(page.lines().count() < 70, "more than a screen");
    }
}

#[test]
fn the_verdict_on_the_page_is_what_check_says() {
    let (folder, page) = (Folder::new(), page("trace.md"));
    let output = printed(&folder, &page);
    for line in blocks(&page, "text").concat().lines() {
        assert!(output.contains(line), "{line}\n{output}");
    }
    for field in ["hidden_weights_velocity_before", "jacobian_product", "probability_gradients"] {
        assert!(output.contains(field));
    }
}
