use super::*;
#[test]
fn measure() {
    use crate::change::Change;
    use crate::io::*;
    for root in ["/work/shared/data/kth-tips", "/work/shared/data/neu-cls"] {
        let l = list(&[Source::Path(root.into())], &mut std::io::empty()).unwrap();
        let changes = [
            "jpeg:20",
            "jpeg:50",
            "jpeg:80",
            "brightness:0.8",
            "brightness:1.1",
            "brightness:1.25",
            "contrast:0.7",
            "scale:0.5",
            "scale:0.7",
            "scale:1.5",
            "noise:5",
        ];
        let mut found = vec![0; changes.len()];
        let mut n = 0;
        let mut sk = vec![];
        for (k, e) in l.entries.iter().enumerate() {
            let p = read_picture(&e.path, Limits::default(), false).unwrap();
            let s = Sketch::of(p.planes.gray()).unwrap();
            if k % 2 == 0 {
                n += 1;
                for (k, c) in changes.iter().enumerate() {
                    let q = Change::from_text(c, 0)
                        .unwrap()
                        .apply(&p.planes, &p.content, Limits::default())
                        .unwrap();
                    if Sketch::of(q.gray()).is_some_and(|t| s.is_copy_of(&t)) {
                        found[k] += 1;
                    }
                }
            }
            sk.push((e.path.clone(), s));
        }
        for (c, f) in changes.iter().zip(&found) {
            eprintln!("{root} {c}: {:.1}", 100.0 * f64::from(*f) / f64::from(n));
        }
        let mut all = vec![];
        for i in 0..sk.len() {
            for j in 0..i {
                let d = sk[i].1.distance(&sk[j].1);
                if d < 0.2 {
                    all.push((d, i, j))
                }
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (d, i, j) in all.iter().take(6) {
            eprintln!(
                "{d:.4} {:?} {:?}",
                sk[*i].0.file_name().unwrap(),
                sk[*j].0.file_name().unwrap()
            );
        }
    }
}
