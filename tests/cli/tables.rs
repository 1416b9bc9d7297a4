//! Tables in the three formats, out and in: results, manifests, and scores to learn from.

use std::collections::BTreeMap;

use textura::io::{Cell, Column, Format, TableWriter};

use super::support::{Folder, Run, read_table};

const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];

fn two_classes(folder: &Folder) {
    folder.copy_class("brick", 8, "two/brick");
    folder.copy_class("dots", 8, "two/dots");
}

/// The probabilities in a table, by path.
fn probs(run: &Run) -> BTreeMap<String, (String, String)> {
    let rows = run.table().into_iter();
    rows.map(|row| (row["path"].clone(), (row["p_brick"].clone(), row["p_dots"].clone()))).collect()
}

#[test]
fn a_table_of_scores_is_a_source_whatever_its_format() {
    let folder = Folder::new();
    two_classes(&folder);
    let mut models = Vec::new();
    for format in FORMATS {
        let table = format!("scores.{format}");
        let score = ["score", "two", "--labels", "--descriptor", "fast", "-o", table.as_str()];
        folder.run(score).expect(0);
        let model = format!("{format}.json");
        let train = ["train", &table, "-m", &model, "--descriptor", "fast", "--epochs", "60"];
        let run = folder.run(train).expect(0);
        assert!(run.err().contains("other views need the pictures"), "{}", run.err());
        models.push(std::fs::read(folder.path(model)).unwrap());
    }
    assert_eq!(models.len(), 3);
    assert!(models.iter().all(|model| *model == models[0]), "the same numbers, the same model");

    // The model knows pictures, and the tables give what the pictures give.
    let evaluation = folder.run(["evaluate", "csv.json", "two", "--json"]).expect(0).json();
    assert_eq!(evaluation["images"], 16);
    assert!(0.9 < evaluation["accuracy"].as_f64().unwrap(), "{evaluation}");
    let pictures = probs(&folder.run(["classify", "csv.json", "two"]).expect(0));
    assert_eq!(pictures.len(), 16);
    std::fs::rename(folder.path("two"), folder.path("away")).unwrap();
    for format in FORMATS {
        let table = format!("scores.{format}");
        let tables = probs(&folder.run(["classify", "csv.json", table.as_str()]).expect(0));
        assert_eq!(tables, pictures, "{format}");
        let again = folder.run(["evaluate", "csv.json", table.as_str(), "--json"]).expect(0).json();
        assert_eq!(again["confusion"], evaluation["confusion"], "{format}");
    }
    let cv = ["cv", "scores.parquet", "--descriptor", "fast", "--folds", "2", "--epochs", "40"];
    folder.run(cv).expect(0);
}

#[test]
fn a_table_that_does_not_fit_is_refused_before_anything_is_learned() {
    let folder = Folder::new();
    two_classes(&folder);
    folder.run(["score", "two", "--labels", "--descriptor", "fast", "-o", "fast.csv"]).expect(0);
    let run = folder.run(["train", "fast.csv", "-m", "m.json"]).expect(5);
    assert!(run.err().contains("fast.csv") && run.err().contains("--descriptor"), "{}", run.err());
    assert!(!folder.path("m.json").exists());

    // A change of pictures needs pictures.
    let train = ["train", "two", "-m", "m.json", "--descriptor", "fast", "--augment", "none"];
    folder.run(train).expect(0);
    folder.run(["classify", "m.json", "fast.csv"]).expect(0);
    let run = folder.run(["evaluate", "m.json", "fast.csv", "--corrupt", "noise:5"]).expect(5);
    assert!(run.err().contains("expected pictures"), "{}", run.err());

    folder.run(["score", "two", "--descriptor", "fast", "-o", "bare.csv"]).expect(0);
    let run = folder.run(["train", "bare.csv", "-m", "n.json", "--descriptor", "fast"]).expect(5);
    assert!(run.err().contains("score --labels"), "{}", run.err());
}

#[test]
fn rows_of_pictures_that_failed_stay_failures() {
    let folder = Folder::new();
    two_classes(&folder);
    folder.copy(super::support::fixtures("broken/truncated.png"), "two/dots/bad.png");
    folder.run(["score", "two", "--labels", "--descriptor", "fast", "-o", "s.parquet"]).expect(3);
    let train = ["train", "s.parquet", "-m", "m.json", "--descriptor", "fast", "--epochs", "40"];
    let run = folder.run(train).expect(3);
    assert!(run.err().contains("bad.png"), "{}", run.err());
    let run = folder.run(["classify", "m.json", "s.parquet"]).expect(3);
    assert_eq!(run.table().iter().filter(|row| row["status"] == "error").count(), 1);
    assert_eq!(run.table().len(), 17);
}

#[test]
fn manifests_come_in_every_format() {
    let folder = Folder::new();
    two_classes(&folder);
    let mut n_seen = 0;
    for format in FORMATS {
        let path = folder.path(format!("list.{format}"));
        let columns = vec![Column::text("label"), Column::text("path"), Column::count("weight")];
        let file = std::fs::File::create(&path).unwrap();
        let mut table = TableWriter::new(file, Format::of(&path).unwrap(), columns).unwrap();
        for class in ["brick", "dots"] {
            for k in 0..8 {
                let picture = format!("two/{class}/{class}_{k:02}.png");
                let label = Cell::Text(class.into());
                table.write(&[label, Cell::Text(picture), Cell::Count(k)]).unwrap();
            }
        }
        table.finish().unwrap();
        let (list, model) = (format!("list.{format}"), format!("{format}.json"));
        folder.run(["train", &list, "-m", &model, "--epochs", "20"]).expect(0);
        let model = std::fs::read(folder.path(model)).unwrap();
        assert_eq!(model, std::fs::read(folder.path("csv.json")).unwrap(), "{format}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 3);
}

#[test]
fn a_folder_may_be_a_table_in_parts() {
    let folder = Folder::new();
    two_classes(&folder);
    let mut n_seen = 0;
    for format in FORMATS {
        let whole = format!("whole.{format}");
        folder.run(["score", "two", "--labels", "--descriptor", "fast", "-o", &whole]).expect(0);
        let parts = folder.path(format!("parts.{format}"));
        std::fs::create_dir(&parts).unwrap();
        for (name, class) in [("part-00000", "brick"), ("part-00001", "dots")] {
            let (part, class) = (parts.join(format!("{name}.{format}")), format!("two/{class}"));
            let part = part.to_str().unwrap().to_owned();
            folder.run(["score", &class, "--descriptor", "fast", "-o", &part]).expect(0);
        }
        std::fs::write(parts.join("_SUCCESS"), "").unwrap();
        std::fs::write(parts.join(format!(".part.{format}.crc")), "x").unwrap();
        std::fs::write(parts.join(format!("_notes.{format}")), "x").unwrap();
        let parts = format!("parts.{format}");
        for (source, scores) in [(&whole, "a.csv"), (&parts, "b.csv")] {
            folder.run(["score", source, "--descriptor", "fast", "-o", scores]).expect(0);
        }
        let [a, b] = ["a.csv", "b.csv"].map(|name| std::fs::read(folder.path(name)).unwrap());
        assert!(a == b, "{format}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 3);
    // A folder of pictures may have any name.
    folder.copy_class("brick", 3, "some.csv");
    let run = folder.run(["score", "some.csv", "--descriptor", "fast"]);
    assert_eq!(run.table().len(), 3);
}

#[test]
fn pages_of_a_tiff_are_rows_of_their_own() {
    use tiff::encoder::{TiffEncoder, colortype::Gray8};
    let folder = Folder::new();
    let model = folder.small_model();
    let read = |name: &str| image::open(super::support::fixtures("textures").join(name)).unwrap();
    let pages = ["brick/brick_12.png", "dots/dots_12.png", "brick/brick_13.png"];
    let file = std::fs::File::create(folder.path("stack.tif")).unwrap();
    let mut encoder = TiffEncoder::new(file).unwrap();
    for name in pages {
        let page = read(name).to_luma8();
        encoder.write_image::<Gray8>(page.width(), page.height(), &page).unwrap();
    }
    drop(encoder);
    for (k, name) in pages.iter().enumerate() {
        read(name).to_luma8().save(folder.path(format!("page_{k}.tif"))).unwrap();
    }
    let alone = folder.run(["score", "page_0.tif", "page_1.tif", "page_2.tif"]).expect(0).table();
    let first = folder.run(["score", "stack.tif"]).expect(0).table();
    assert_eq!(first.len(), 1);
    assert!(!first[0].contains_key("page"));
    let all = folder.run(["score", "stack.tif", "page_0.tif", "--pages", "all"]).expect(0).table();
    let numbers: Vec<&str> = all.iter().map(|row| row["page"].as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3", "1"]);
    for (row, own) in all.iter().zip(&alone) {
        for (column, value) in own.iter().filter(|(column, _)| *column != "path") {
            assert_eq!(row[column], *value, "{column}");
        }
    }
    let classify = ["classify", model.to_str().unwrap(), "stack.tif", "--pages", "all"];
    let rows = folder.run(classify).expect(0).table();
    let labels: Vec<&str> = rows.iter().map(|row| row["second"].as_str()).collect();
    assert_eq!(labels, ["dots", "brick", "dots"]);
    folder.run(classify.into_iter().chain(["--sort-into", "out"])).expect(2);
}

#[test]
fn results_are_written_in_every_format() {
    let folder = Folder::new();
    folder.small_model();
    for format in FORMATS {
        let table = format!("c.{format}");
        folder.run(["classify", "model.json", "two", "-o", &table]).expect(0);
        let table = format!("e.{format}");
        folder.run(["evaluate", "model.json", "two", "-o", &table]).expect(0);
        // A table of predictions is a manifest like any other.
        let run = folder.run(["classify", "model.json", &table]).expect(0);
        let paths: Vec<String> = run.table().iter().map(|row| row["path"].clone()).collect();
        let direct =
            read_table(folder.run(["classify", "model.json", "two"]).expect(0).out().as_bytes());
        let expected: Vec<String> = direct.iter().map(|row| row["path"].clone()).collect();
        assert_eq!(paths, expected, "{format}");
    }
    let run = folder.run(["classify", "model.json", "two", "-o", "c.xlsx"]).expect(2);
    assert!(run.err().contains(".parquet"), "{}", run.err());
}
