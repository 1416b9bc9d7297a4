//! Pages for people: `--report` of `train`, `evaluate` and `classify`.

use super::support::{Folder, fixtures};

fn page(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// What holds for every page.
#[track_caller]
fn check(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    let policy = "content=\"default-src 'none'; img-src data:; style-src 'sha256-";
    assert!(page.contains(policy));
    for word in ["<script", "http://", "src=\"/", "url(", "NaN", " style=", " onclick", "/tmp/"] {
        // The one address is the name of the SVG language.
        let text = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains(word), "{word}");
    }
    let n_pictures = page.matches("<img ").count();
    assert!(0 < n_pictures && n_pictures <= 300, "{n_pictures}");
    assert_eq!(page.matches("<img src=\"data:image/jpeg;base64,").count(), n_pictures);
    assert!(page.len() < 2 << 20, "{} bytes", page.len());
    // Everything that a link or a button of the page names is there.
    let mut n_targets = 0;
    for before in ["href=\"#", "popovertarget=\""] {
        for rest in page.split(before).skip(1) {
            let name = rest.split('"').next().unwrap();
            assert!(page.contains(&format!(" id=\"{name}\"")), "{name}");
            n_targets += 1;
        }
    }
    assert!(n_targets >= 5, "{n_targets}");
}

#[track_caller]
fn contains(page: &str, words: &[&str]) {
    for word in words {
        assert!(page.contains(word), "no {word}");
    }
}

fn fast(extra: &[&str]) -> Vec<String> {
    let base = ["--descriptor", "fast", "--hidden", "none", "--augment", "none", "--epochs", "30"];
    base.iter().chain(extra).map(|&word| word.to_owned()).collect()
}

#[test]
fn the_three_commands_write_pages_with_what_belongs_on_them() {
    let folder = Folder::new();
    folder.copy_class("brick", 14, "data/train/brick");
    folder.copy_class("dots", 14, "data/train/dots");
    for k in 14..18 {
        for class in ["brick", "dots"] {
            let from = fixtures(&format!("textures/{class}/{class}_{k}.png"));
            folder.copy(from, format!("data/val/{class}/{k}.png"));
        }
    }
    std::fs::write(folder.path("data/train/dots/broken.png"), "no picture").unwrap();
    let train = ["train", "data", "--model", "m.json", "--report", "t.html"].map(str::to_owned);
    folder.run(train.into_iter().chain(fast(&[]))).expect(3);
    let text = page(&folder, "t.html");
    check(&text);
    contains(
        &text,
        &[
            "Training report",
            ">Loss<",
            ">Accuracy<",
            "epoch",
            "mean loss",
            ">val<",
            "Confusion matrix",
            "popovertarget=\"cell-0-0\"",
            "Class by class",
            "Reliability",
            "Least certain",
            "What each family contributes",
            "<bdi>glcm</bdi>",
            "<bdi>lbp</bdi>",
            "Features that separate the classes best",
            "Classes that are alike",
            "digest of the pictures and labels",
            "texture score",
            " sd</span>",
            "broken.png",
            "content that starts with",
            "<bdi>data</bdi>",
            "95 % interval",
        ],
    );

    folder.copy_class("brick", 18, "mixed/brick");
    folder.copy_class("grain", 6, "mixed/dots");
    let run = ["evaluate", "m.json", "mixed", "--corrupt", "noise:9", "--report", "e.html"];
    folder.run(run).expect(0);
    let text = page(&folder, "e.html");
    check(&text);
    contains(&text, &["Evaluation report", "noise:9", "Class by class", "Worst mistakes"]);
    assert!(!text.contains("Learning curves"));

    let run = ["classify", "m.json", "mixed", "data", "--report", "c.html", "-o", "rows.csv"];
    folder.run(run).expect(3);
    let text = page(&folder, "c.html");
    check(&text);
    contains(
        &text,
        &[
            "Classification report",
            "How many of each",
            "(rejected)",
            "Familiarity",
            "broken.png",
            "Most certain of each class",
            ">61</strong>",
        ],
    );
    assert!(!text.contains("Confusion"));
}

#[test]
fn odd_names_of_classes_stay_text() {
    let folder = Folder::new();
    // A folder's name holds no slash, so the end of the element is written otherwise.
    let classes = ["<script>alert(1)<script>", "a\"b'c&d", "<img src=x onerror=alert(2)>\n"];
    for (class, from) in classes.iter().zip(["brick", "dots", "grain"]) {
        folder.copy_class(from, 10, format!("odd/{class}"));
    }
    let train = ["train", "odd", "--model", "m.json", "--report", "t.html"].map(str::to_owned);
    folder.run(train.into_iter().chain(fast(&[]))).expect(0);
    folder.run(["evaluate", "m.json", "odd", "--report", "e.html"]).expect(0);
    folder.run(["classify", "m.json", "odd", "--report", "c.html", "-o", "c.csv"]).expect(0);
    for name in ["t.html", "e.html", "c.html"] {
        let text = page(&folder, name);
        check(&text);
        contains(&text, &["&#60;script&#62;alert(1)", "a&#34;b&#39;c&#38;d"]);
        assert!(!text.contains("<img src=x") && !text.contains("a\"b"), "{name}");
    }
}

#[test]
fn a_page_is_the_same_whatever_the_number_of_jobs() {
    let folder = Folder::new();
    folder.copy_class("brick", 10, "two/brick");
    folder.copy_class("dots", 10, "two/dots");
    let mut pages = Vec::new();
    for jobs in ["1", "2"] {
        let train = ["train", "two", "--model", "m.json", "--report", "t.html", "-j", jobs]
            .map(str::to_owned);
        folder.run(train.into_iter().chain(fast(&[]))).expect(0);
        folder.run(["evaluate", "m.json", "two", "--report", "e.html", "-j", jobs]).expect(0);
        folder.run(["classify", "m.json", "two", "--report", "c.html", "-j", jobs]).expect(0);
        pages.push(["t.html", "e.html", "c.html"].map(|name| page(&folder, name)));
    }
    assert!(pages[0] == pages[1]);
}

#[test]
fn a_page_about_many_rows_stays_small() {
    let folder = Folder::new();
    folder.copy_class("brick", 10, "two/brick");
    folder.copy_class("dots", 10, "two/dots");
    let train = ["train", "two", "--model", "m.json"].map(str::to_owned);
    folder.run(train.into_iter().chain(fast(&[]))).expect(0);
    let mut list = "path\n".to_owned();
    for at in 0..3000 {
        let class = ["brick", "dots"][at % 2];
        list += &format!("two/{class}/{class}_{:02}.png\n", at / 2 % 10);
        if at % 10 == 0 {
            list += &format!("two/none_{at}.png\n");
        }
    }
    std::fs::write(folder.path("many.csv"), list).unwrap();
    let run = ["classify", "m.json", "many.csv", "--report", "c.html", "-o", "rows.csv"];
    folder.run(run).expect(3);
    let text = page(&folder, "c.html");
    check(&text);
    contains(&text, &[">3300</strong>", "300 could not be used; 100 are not listed."]);
    assert!(text.len() < 600_000, "{} bytes", text.len());
}

#[test]
fn a_page_that_cannot_be_written_loses_nothing() {
    let folder = Folder::new();
    folder.copy_class("brick", 6, "two/brick");
    folder.copy_class("dots", 6, "two/dots");
    let train = |report: &str| {
        let words = ["train", "two", "--model", "m.json", "--report", report].map(str::to_owned);
        folder.run(words.into_iter().chain(fast(&[])))
    };
    // What can be known before the work is said before it.
    std::fs::create_dir(folder.path("folder.html")).unwrap();
    for (report, status) in [("page.json", 2), ("folder.html", 2), ("nowhere/page.html", 1)] {
        let run = train(report).expect(status);
        assert!(run.err().contains("report") || run.err().contains(report), "{}", run.err());
        assert!(!folder.path("m.json").exists());
    }
    // A full disk is met only at the end.
    #[cfg(target_os = "linux")]
    {
        std::os::unix::fs::symlink("/dev/full", folder.path("full.html")).unwrap();
        let run = train("full.html").expect(1);
        assert!(run.err().contains("cannot write full.html"), "{}", run.err());
        assert!(run.out().contains("wrote m.json"));
        folder.run(["inspect", "m.json"]).expect(0);
    }
}
