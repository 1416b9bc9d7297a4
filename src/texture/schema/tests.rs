use super::{Block, BlockKind, Schema};

#[test]
fn names_keep_the_order_of_the_blocks() {
    let schema = Schema::new(vec![
        Block::statistics(vec!["b".into(), "a".into()]),
        Block::histogram("h", 2),
    ])
    .unwrap();
    assert_eq!(schema.names().collect::<Vec<_>>(), ["b", "a", "h_0", "h_1"]);
    assert_eq!(schema.len(), 4);
    assert_eq!(schema.blocks()[1].kind, BlockKind::Histogram);
}

#[test]
fn a_name_that_stands_twice_is_refused_by_name() {
    let error = Schema::new(vec![Block::histogram("h", 2), Block::statistics(vec!["h_1".into()])])
        .unwrap_err();
    assert!(error.to_string().contains("`h_1` twice"), "{error}");
}
