use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;

use super::{Groups, Identities};
use crate::learn::dataset::{Dataset, Origin, Split};

fn dataset(rows: &[(u8, Option<&str>)]) -> Dataset {
    let origin = |&(content, group): &(u8, Option<&str>)| Origin {
        label: 0,
        content: [content; 32],
        group: group.map(str::to_owned),
    };
    let features = Array2::zeros((rows.len(), 1));
    Dataset::new(vec!["a".into()], features, rows.iter().map(origin).collect()).unwrap()
}

#[test]
fn pictures_and_groups_are_known_again() {
    let data = dataset(&[(1, None), (2, Some("roll 7")), (3, None), (4, Some("roll 8"))]);
    let split = Split { train: vec![0, 1], test: vec![2, 3] };
    let known = Identities::of(&data, Groups::Names, &split);
    let digested = Identities::of(&data.with_group_digests(), Groups::Digests, &split);
    assert_eq!(known, digested);
    assert_eq!(
        [1, 2, 3, 4, 5].map(|n| known.has_learned(&[n; 32])),
        [true, true, false, false, false]
    );
    // Another picture of a known roll.
    let others = dataset(&[(9, Some("roll 7")), (9, Some("roll 8")), (9, Some("roll 9"))]);
    let sides: Vec<_> = others
        .origins()
        .iter()
        .map(|o| (known.has_learned_of(o), known.has_kept_back(o)))
        .collect();
    assert_eq!(sides, [(true, false), (false, true), (false, false)]);
}

#[test]
fn keys_come_back_and_others_are_refused() {
    let data = dataset(&[(1, None), (2, Some("x")), (3, None)]);
    let known = Identities::of(&data, Groups::Names, &Split { train: vec![1, 2], test: vec![0] });
    let value = serde_json::to_value(&known).unwrap();
    let bytes = STANDARD.decode(value["learned"].as_str().unwrap()).unwrap();
    assert_eq!(bytes.len(), 24);
    assert_eq!(STANDARD.decode(value["kept_back"].as_str().unwrap()).unwrap().len(), 8);
    assert_eq!(serde_json::from_value::<Identities>(value.clone()).unwrap(), known);
    let backwards = [&bytes[8..], &bytes[..8]].concat();
    for learned in [STANDARD.encode(&bytes[1..]), STANDARD.encode(backwards), "?".to_owned()] {
        let mut other = value.clone();
        other["learned"] = learned.into();
        let error = serde_json::from_value::<Identities>(other).unwrap_err().to_string();
        assert!(error.starts_with("expected hashes of pictures, ascending, found"), "{error}");
    }
}

#[test]
fn what_was_ever_learned_is_not_kept_back() {
    let data = dataset(&[(1, None), (2, None), (3, None)]);
    let of = |train: &[usize], test: &[usize]| {
        let split = Split { train: train.to_vec(), test: test.to_vec() };
        Identities::of(&data, Groups::Names, &split)
    };
    let both = of(&[0], &[1, 2]).joined(&of(&[1], &[0]));
    assert_eq!(both, of(&[0, 1], &[2]));
    assert!(both.is_within(&of(&[0, 1, 2], &[])) && !both.is_within(&of(&[1, 2], &[0])));
}

#[test]
fn sides_stay_whatever_is_asked_later() {
    let rows: Vec<(u8, Option<&str>)> = (0..40).map(|n| (6 * n, None)).collect();
    let data = dataset(&rows);
    let before = data.hold_out(0.3).unwrap();
    assert!(5 < before.test.len() && before.test.len() < 20);
    let known = Identities::of(&data, Groups::Names, &before);
    for fraction in [0.0, 0.9] {
        assert_eq!(data.hold_out_after(fraction, &known).unwrap(), before);
    }
    // A new group with a picture from each side is not torn, and what was learned is not compared on.
    let (learned, kept) = (6 * before.train[0] as u8, 6 * before.test[0] as u8);
    let mixed = dataset(&[(learned, Some("g")), (kept, Some("g")), (251, None)]);
    let split = mixed.hold_out_after(0.0, &known).unwrap();
    assert_eq!(split, Split { train: vec![2], test: vec![1] });
}
