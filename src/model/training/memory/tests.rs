use ndarray::Array2;

use super::{Remembered, remember};
use crate::learn::dataset::{Dataset, Origin, Sample, Split};

fn dataset(classes: &[&str], rows: &[(usize, u8)]) -> Dataset {
    let origin = |&(label, content): &(usize, u8)| Origin {
        label,
        content: [content; 32],
        group: Some(format!("g{content}")),
    };
    let features = Array2::from_shape_fn((rows.len(), 1), |(row, _)| f64::from(rows[row].1));
    let classes = classes.iter().map(|&class| class.to_owned()).collect();
    Dataset::new(classes, features, rows.iter().map(origin).collect()).unwrap()
}

#[test]
fn what_the_source_does_not_show_is_remembered_on_its_side() {
    let old = dataset(&["a", "b"], &[(0, 1), (0, 2), (1, 3), (1, 4)]).with_group_digests();
    let sample = Sample::new(2, old, vec![false, true, false, true]).unwrap();
    // Picture 3 is of class a now, picture 4 is seen again under its label, 9 is new, of a new class.
    let source = dataset(&["a", "b", "c"], &[(0, 3), (1, 4), (2, 9)]);
    let split = Split { train: vec![0, 1], test: vec![2] };
    let memory = remember(source, split, Some(&sample)).unwrap();
    assert_eq!(memory.n_remembered, Remembered { learned: 1, held_out: 1, relabelled: 1 });
    assert_eq!(memory.split, Split { train: vec![0, 1, 3], test: vec![2, 4] });
    assert_eq!(memory.data.labels(&[0, 1, 2, 3, 4]), [0, 1, 2, 0, 0]);
    assert_eq!(memory.data.features(&[3, 4]), ndarray::array![[1.0], [2.0]]);
    let group = memory.data.origins()[0].group.clone().unwrap();
    assert_eq!(Some(group), sample.data().origins()[2].group);
}

#[test]
fn without_a_sample_the_source_is_all() {
    let source = dataset(&["a", "b"], &[(0, 3), (1, 4)]);
    let split = Split { train: vec![0, 1], test: vec![] };
    let memory = remember(source, split.clone(), None).unwrap();
    assert_eq!((memory.data.len(), memory.split), (2, split));
    assert_eq!(memory.n_remembered, Remembered::default());
}

#[test]
fn a_sample_of_other_classes_or_columns_does_not_fit() {
    let source = dataset(&["b", "a"], &[(0, 3), (1, 4)]);
    let split = Split { train: vec![0, 1], test: vec![] };
    let sample = Sample::new(1, dataset(&["a", "b"], &[(0, 1)]), vec![false]).unwrap();
    assert!(remember(source, split.clone(), Some(&sample)).is_err());
    let source = dataset(&["a", "b"], &[(0, 3), (1, 4)]);
    let origin = Origin { label: 0, content: [1; 32], group: None };
    let wide = Dataset::new(vec!["a".into()], Array2::zeros((1, 2)), vec![origin]).unwrap();
    let sample = Sample::new(1, wide, vec![false]).unwrap();
    assert!(remember(source, split, Some(&sample)).is_err());
}
