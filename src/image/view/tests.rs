use super::*;

#[test]
fn every_view_stands_in_its_place() {
    for (at, (view, ..)) in VIEWS.iter().enumerate() {
        assert_eq!(*view as usize, at);
    }
    assert_eq!(Views::all().count(), VIEWS.len() - 1);
    assert!(!Views::all().has(View::Worse));
    assert!(Views::all().contains(Views::of_one_size()));
}

#[test]
fn sets_are_written_and_read_again() {
    let every = (0..1u16 << VIEWS.len()).filter(|set| set % 2 == 1).map(Views);
    let mut n_cases = 0;
    for views in every {
        let text = serde_json::to_string(&views).unwrap();
        assert_eq!(serde_json::from_str::<Views>(&text).unwrap(), views, "{text}");
        n_cases += 1;
    }
    assert_eq!(n_cases, 1024);
    assert_eq!(serde_json::from_str::<Views>("\"sizes\"").unwrap().averaged().count(), 3);
    for text in ["\"size\"", "[]", "[\"noisy\"]", "[\"as-it-is\",\"new\"]", "3"] {
        assert!(serde_json::from_str::<Views>(text).is_err(), "{text}");
    }
}
