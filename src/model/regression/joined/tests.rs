use ndarray::{Array2, array};

use super::{Counts, Joined, Recognition, Seen, join};
use crate::learn::dataset::{Dataset, Groups, Identities, Origin, Split};
use crate::learn::scale::Scaler;
use crate::model::regression::memory::Memory;
use crate::texture::schema::{Block, Schema};

/// Pictures of one feature: their contents, groups and features.
fn pictures(known: &[(u8, Option<&str>, f64)]) -> Dataset {
    let origin = |&(content, group, _): &(u8, Option<&str>, f64)| {
        let group = group.map(str::to_owned);
        Origin { label: 0, content: [content; 32], group }
    };
    let features = known.iter().map(|known| known.2).collect();
    let features = Array2::from_shape_vec((known.len(), 1), features).unwrap();
    Dataset::new(vec!["pictures".into()], features, known.iter().map(origin).collect()).unwrap()
}

/// Three pictures learned from, two of which are regions of one, and one held out.
fn old() -> (Memory, Identities, Scaler) {
    let known =
        [(1, Some("roll"), 1.0), (2, None, 2.0), (2, None, 2.5), (3, Some("other"), 1e6 + 0.3)];
    let data = pictures(&known);
    let split = Split { train: vec![0, 1, 2], test: vec![3] };
    let identities = Identities::of(&data, Groups::Names, &split);
    let schema = Schema::new(vec![Block::statistics(vec!["a".into()])]).unwrap();
    let scaler = Scaler::fit(&data.features(&split.train), &schema).unwrap();
    let values = array![[10.0], [20.0], [25.0], [30.0]];
    // As a file holds them: 1e6 + 0.3 is another number in single precision.
    let rounded = known.map(|(content, group, value)| (content, group, f64::from(value as f32)));
    let data = pictures(&rounded).with_group_digests();
    let left_out = array![[11.0], [19.0], [24.0]];
    (Memory { data, values, left_out }, identities, scaler)
}

fn joined(known: &[(u8, Option<&str>, f64)], values: &[f64], how: [bool; 2]) -> Joined {
    let (memory, identities, scaler) = old();
    let data = pictures(known);
    let split = data.hold_out_after(0.0, &identities).unwrap();
    let values = Array2::from_shape_vec((values.len(), 1), values.to_vec()).unwrap();
    let [is_other_reading, is_forgetting] = how;
    let how = Recognition { scaler: &scaler, is_other_reading, is_forgetting };
    join(Seen { data, values, split }, Some(&memory), &identities, how).unwrap()
}

#[test]
fn the_same_picture_is_known_by_its_content_and_features() {
    // The first again, the second region with another number, a third region of that picture, the one held out, a new one.
    let seen = [
        (1, None, 1.0),
        (2, None, 2.5 + 1e-9),
        (2, None, 9.0),
        (3, Some("other"), 1e6 + 0.3),
        (4, None, 4.0),
    ];
    let found = joined(&seen, &[10.0, 26.0, 50.0, 30.0, 40.0], [false; 2]);
    let places = [Some(0), Some(2), None, Some(3), None, Some(1)];
    assert_eq!(found.places, places);
    assert_eq!(found.split, Split { train: vec![0, 1, 2, 4, 5], test: vec![3] });
    assert_eq!(found.values, array![[10.0], [26.0], [50.0], [30.0], [40.0], [20.0]]);
    let counts = Counts {
        of_source: 4,
        new: 2,
        again: 2,
        renumbered: 1,
        regrouped: 0,
        remembered: 1,
        newly_held_out: 0,
    };
    assert_eq!(found.counts, counts);
    // The first has kept its group.
    let group = |row: usize| found.data.origins()[row].group.clone();
    let digest = |name: &str| Some(blake3::hash(name.as_bytes()).to_hex().to_string());
    assert_eq!([group(0), group(3), group(5)], [digest("roll"), digest("other"), None]);
    // Regions of one picture are one unit, seen or remembered.
    let units = found.data.units(&found.data.all_rows());
    assert!(units[1] == units[2] && units[2] == units[5] && units[0] != units[1]);
}

#[test]
fn a_new_group_counts_and_forgetting_leaves_the_source_alone() {
    let seen = [(1, Some("sheet"), 1.0), (4, None, 4.0)];
    let found = joined(&seen, &[10.0, 40.0], [false; 2]);
    assert_eq!((found.counts.regrouped, found.counts.again), (1, 1));
    assert_eq!(found.split, Split { train: vec![0, 1, 2, 3], test: vec![4] });
    let alone = joined(&seen, &[10.0, 40.0], [false, true]);
    assert_eq!(alone.split, Split { train: vec![0, 1], test: Vec::new() });
    assert_eq!((alone.counts.remembered, alone.values.nrows()), (0, 2));
    // What was learned from is known without its file.
    assert_eq!(alone.places, [Some(0), None]);
}

#[test]
fn pictures_read_in_another_way_are_known_by_their_contents() {
    let seen = [(1, None, 7.0), (4, None, 4.0)];
    assert_eq!(joined(&seen, &[10.0, 40.0], [false; 2]).places[0], None);
    let found = joined(&seen, &[10.0, 40.0], [true, false]);
    assert_eq!((found.places[0], found.counts.again), (Some(0), 1));
    assert_eq!(found.split.train.len(), 4);
    // All regions of a picture are read anew.
    let found = joined(&[(2, None, 7.0)], &[20.0], [true, false]);
    assert_eq!(found.places, [Some(1), Some(0), Some(3)]);
}
