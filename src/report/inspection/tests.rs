use std::path::{Path, PathBuf};

use super::evaluation::{ClassRow, Scored, per_class};
use super::pictures::part_around;
use super::scores::{Bars, roc_points};
use super::{Evaluated, Inspected, of_good_pictures};
use crate::batch::{Batch, Interrupt, Workers};
use crate::image::Area;
use crate::io::Entry;
use crate::model::inspection::{Learned, Learning, evaluate_inspector, learn_good};
use crate::texture::descriptor::{Descriptor, DescriptorOptions};

#[test]
fn every_score_stands_in_a_bar_and_far_ones_in_the_last() {
    let scores = [(2.0, false), (3.0, false), (6.0, true), (500.0, true)];
    let Bars { ends, counts, n_beyond } = Bars::of(&scores, Some(5.0));
    assert_eq!((ends, n_beyond), (2.0..14.0, 1));
    assert_eq!(counts.iter().map(|[good, _]| good).sum::<usize>(), 2);
    assert_eq!(counts.last(), Some(&[0, 1]));
    assert_eq!(counts.iter().flatten().sum::<usize>(), 4);
    // The limit is inside the axis, and one score or none makes one, too.
    assert!(Bars::of(&[(2.0, false)], Some(5.0)).ends.contains(&5.0));
    assert_eq!(Bars::of(&[(2.0, false)], None).ends, 2.0..3.0);
    assert_eq!(Bars::of(&[], None).ends, 0.0..1.0);
}

#[test]
fn a_roc_curve_passes_equal_scores_at_once() {
    let scores = [(3.0, true), (2.0, true), (2.0, false), (1.0, false)];
    let expected = [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)];
    assert_eq!(roc_points(&scores), expected);
    assert!(roc_points(&scores[..2]).is_empty());
}

#[test]
fn classes_are_compared_with_all_good_pictures() {
    let scored = |class, score| Scored { class, score, is_rejected: 2.5 < score };
    let all = [(None, 1.0), (None, 2.0), (Some("b"), 3.0), (Some("a"), 1.5), (Some("a"), 4.0)];
    let rows = per_class(all.into_iter().map(|(class, score)| scored(class, score)));
    let row = |name: &str, n, auroc, rejected| ClassRow { name: name.into(), n, auroc, rejected };
    assert_eq!(rows, [row("a", 2, 0.75, 0.5), row("b", 1, 1.0, 1.0)]);
    assert!(per_class([scored(Some("a"), 1.0)].into_iter()).is_empty());
}

#[test]
fn of_a_long_picture_the_part_around_its_worst_window_is_shown() {
    let worst = |x| Area { x, y: 10, width: 64, height: 64 };
    let part = |x| part_around(worst(x), 4096, 256);
    assert_eq!(part(2000), Area { x: 1648, y: 0, width: 768, height: 256 });
    assert_eq!((part(0).x, part(4032).x), (0, 4096 - 768));
    assert_eq!(part_around(worst(9), 200, 100), Area { x: 0, y: 0, width: 200, height: 100 });
}

fn fixture(class: &str, number: usize) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/textures");
    root.join(format!("{class}/{class}_{number:02}.png"))
}

fn entries(class: &str, numbers: std::ops::Range<usize>) -> Vec<Entry> {
    numbers.map(|n| Entry::new(fixture(class, n), Some(class.to_owned()))).collect()
}

fn learned(workers: &Workers) -> Learned {
    let entries = entries("brick", 0..14);
    let learning = Learning { entries, group_by: None, tile: Some(32), seed: 1 };
    let descriptor = Descriptor::new(DescriptorOptions::preset("default").unwrap()).unwrap();
    learn_good(learning, descriptor, Batch::new(workers)).unwrap()
}

#[test]
fn the_three_pages_count_and_show_and_escape() {
    let workers = Workers::new(1, Interrupt::default()).unwrap();
    let batch = Batch::new(&workers);
    let mut learned = learned(&workers);
    let asked = [("command".to_owned(), "train --normal <b>".to_owned())];
    let warnings = ["<i>odd</i>".to_owned()];
    // The oddest is a file that is no longer there, with a name that is no markup.
    learned.out_of_fold[3].doubt = 1e3;
    learned.out_of_fold[3].familiarity = 0.0;
    learned.out_of_fold[3].path = PathBuf::from("<script>gone</script>.png");
    let page = of_good_pictures(&learned, &warnings, &asked, batch).unwrap();
    assert_eq!(page.matches("<img ").count(), 11);
    assert_eq!(page.matches("cannot be shown").count(), 1);
    assert!(page.contains("&#60;script&#62;gone&#60;/script&#62;.png"));
    assert!(page.contains("&#60;i&#62;odd") && page.contains("train --normal &#60;b&#62;"));
    assert!(!page.contains("<script") && !page.contains("NaN"));
    let n_rejected = learned.out_of_fold.iter().filter(|p| p.familiarity < 0.01).count();
    assert!(page.contains(&format!("<strong>{n_rejected}</strong><small>of 14 out of fold")));
    assert!(page.contains("extrapolated from 14 pictures or groups"));

    let inspector = &learned.inspector;
    let extractor = batch.prepared(inspector.extractor());
    let mut seen = Inspected::new(inspector, 0.01);
    let missing = Entry::new(PathBuf::from("none<a>.png"), None);
    let mut n_rejected = 0;
    for entry in entries("dots", 0..3).into_iter().chain(entries("brick", 14..20)).chain([missing])
    {
        let outcome = inspector.judge(&entry, &extractor);
        n_rejected += usize::from(outcome.as_ref().is_ok_and(|known| known.familiarity < 0.01));
        seen.add(&entry, &outcome);
    }
    let page = seen.into_html(&asked, &[], batch).unwrap();
    assert_eq!(page.matches("<img ").count(), 9);
    assert!(page.contains("none&#60;a&#62;.png") && !page.contains("none<a>"));
    assert!(page.contains("<strong>10</strong><small>looked at"));
    assert!(page.contains(&format!("<strong>{n_rejected}</strong><small>familiarity below 0.01")));
    assert!(page.contains("<strong>1</strong><small>could not be used"));
    let nothing = Inspected::new(inspector, 0.0).into_html(&asked, &[], batch).unwrap();
    assert!(nothing.contains("Nothing is rejected") && !nothing.contains("<img "));

    let mut all = entries("brick", 14..20);
    all.extend(entries("dots", 0..16));
    let (measures, judged) = evaluate_inspector(inspector, all, "brick", 0.01, batch).unwrap();
    let evaluated = Evaluated {
        inspector,
        measures: &measures,
        judged: &judged,
        normal: "brick",
        reject_below: 0.01,
        warnings: &warnings,
    };
    let page = evaluated.to_html(&asked, batch).unwrap();
    // Six good ones and twelve of the odd ones.
    assert_eq!(page.matches("<img ").count(), 18);
    assert!(page.contains("ROC curve") && page.contains("(mean)") && page.contains("dots: "));
    assert!(page.contains(&format!("{:.4}", measures.image_auroc.unwrap())));
}
