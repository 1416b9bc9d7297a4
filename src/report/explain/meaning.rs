//! Names and plain words for families and features.

use crate::texture::descriptor::Descriptor;
use crate::texture::{Topic, topics};

/// For every family of a descriptor, in order: a name that no other has, and its title.
pub(super) fn family_names(descriptor: &Descriptor) -> Vec<(String, String)> {
    let families = descriptor.family_columns();
    let names: Vec<&str> = descriptor.schema().names().collect();
    let planes = descriptor.options().channels.prefixes();
    let keys: Vec<&str> = families.iter().map(|(settings, _)| key(settings)).collect();
    let topics = topics();
    let of = |(settings, columns): &(String, Vec<usize>)| {
        let key = key(settings);
        let title = topic(&topics, key).map_or(key, |topic| topic.title).to_owned();
        if keys.iter().filter(|&&other| other == key).count() == 1 {
            return (key.to_owned(), title);
        }
        // All planes have the same columns, one plane after the other.
        let of_plane = columns.len() / planes.len().max(1);
        let own: Vec<&str> = columns.iter().take(of_plane).map(|&column| names[column]).collect();
        let shared = own.iter().fold(own.first().copied().unwrap_or(key), |a, b| common(a, b));
        let first_plane = planes.first().copied().unwrap_or_default();
        let shared = shared.strip_prefix(first_plane).unwrap_or(shared);
        (shared.trim_end_matches('_').to_owned(), title)
    };
    families.iter().map(of).collect()
}

/// What a feature says, in plain words; of a bin of a histogram also which one it is.
pub(super) fn meaning_of(descriptor: &Descriptor, column: usize) -> String {
    let families = descriptor.family_columns();
    let topics = topics();
    let family = families.iter().find(|(_, columns)| columns.contains(&column));
    let known = family.and_then(|(settings, _)| topic(&topics, key(settings)));
    let name = descriptor.schema().names().nth(column).unwrap_or_default();
    let framed = format!("_{name}_");
    let terms = known.iter().flat_map(|topic| &topic.terms);
    // What stands last is the feature: `glcm_d1_mean_asm` is the mean of a distance's angular second moments.
    let end_of = |name: &str| framed.rfind(&format!("_{name}_")).map(|at| at + name.len());
    let fitting = terms.filter_map(|term| Some((end_of(term.name)?, term.name.len(), term)));
    let Some((_, _, term)) = fitting.max_by_key(|(end, length, _)| (*end, *length)) else {
        return String::new();
    };
    let after = framed.rsplit(&format!("_{}_", term.name)).next().unwrap_or_default();
    match after.trim_end_matches('_') {
        bin if !bin.is_empty() && bin.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{}: share of code {bin}", term.meaning)
        }
        _ => term.meaning.to_owned(),
    }
}

/// Settings begin with the family's name.
fn key(settings: &str) -> &str {
    settings.split(' ').next().unwrap_or_default()
}

fn topic<'a>(topics: &'a [Topic], key: &str) -> Option<&'a Topic> {
    topics.iter().find(|topic| topic.key == key)
}

/// What two names both begin with.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    &a[..same.map(|(x, _)| x.len_utf8()).sum()]
}
