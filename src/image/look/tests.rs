use super::*;

#[test]
fn every_look_stands_in_its_place() {
    for (at, (look, ..)) in LOOKS.iter().enumerate() {
        assert_eq!(*look as usize, at);
    }
    assert_eq!(Looks::all().count(), LOOKS.len() - 1);
    assert!(!Looks::all().has(Look::Worse));
    assert!(Looks::all().contains(Looks::of_one_size()));
}

#[test]
fn sets_are_written_and_read_again() {
    let every = (0..1u16 << LOOKS.len()).filter(|set| set % 2 == 1).map(Looks);
    let mut n_cases = 0;
    for looks in every {
        let text = serde_json::to_string(&looks).unwrap();
        assert_eq!(serde_json::from_str::<Looks>(&text).unwrap(), looks, "{text}");
        n_cases += 1;
    }
    assert_eq!(n_cases, 1024);
    assert_eq!(serde_json::from_str::<Looks>("\"sizes\"").unwrap().averaged().count(), 3);
    for text in ["\"size\"", "[]", "[\"noisy\"]", "[\"as-it-is\",\"new\"]", "3"] {
        assert!(serde_json::from_str::<Looks>(text).is_err(), "{text}");
    }
}
