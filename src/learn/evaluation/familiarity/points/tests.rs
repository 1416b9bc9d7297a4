use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Holder {
    #[serde(with = "super")]
    classes: Vec<Vec<Vec<f32>>>,
    #[serde(with = "super::one")]
    directions: Vec<Vec<f32>>,
}

#[test]
fn points_come_back_as_they_were() {
    let holder = Holder {
        classes: vec![vec![vec![1.5, -0.1], vec![f32::MIN_POSITIVE, 3e38]], vec![]],
        directions: vec![vec![], vec![]],
    };
    let value = serde_json::to_value(&holder).unwrap();
    assert_eq!(value["classes"][0]["count"], 2);
    assert_eq!(serde_json::from_value::<Holder>(value).unwrap(), holder);
}

#[test]
fn lists_of_older_files_are_read() {
    let older = json!({"classes": [[[1.5, 2.0]], []], "directions": [[0.5]]});
    let holder: Holder = serde_json::from_value(older).unwrap();
    assert_eq!(holder.classes, [vec![vec![1.5, 2.0]], vec![]]);
    assert_eq!(holder.directions, [vec![0.5]]);
}

#[test]
fn what_is_no_list_of_points_is_refused() {
    let wrong = |points: Value| {
        let value = json!({"classes": [], "directions": points});
        serde_json::from_value::<Holder>(value).is_err()
    };
    // Three bytes; four bytes that are not two points; no base64; a number that no memory has room for.
    assert!(wrong(json!({"count": 1, "values": "AAAA"})));
    assert!(wrong(json!({"count": 2, "values": "AAAAAA=="})));
    assert!(wrong(json!({"count": 1, "values": "?"})));
    assert!(wrong(json!({"count": usize::MAX, "values": "AAAAAA=="})));
    assert!(!wrong(json!({"count": 1, "values": "AAAAAA=="})));
}
