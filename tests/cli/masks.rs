//! Masks, regions and colour.

use image::{GrayImage, Luma, Rgb, RgbImage};

use super::support::{Folder, columns, fixtures};

const NUMBERS: usize = 90;

/// A 64x64 fixture beside another one, with masks that part them.
fn pair() -> Folder {
    let folder = Folder::new();
    let read = |path: &str| image::open(fixtures(path)).unwrap().to_luma8();
    let (brick, dots) = (read("textures/brick/brick_00.png"), read("textures/dots/dots_00.png"));
    let both = GrayImage::from_fn(128, 64, |x, y| {
        if x < 64 { *brick.get_pixel(x, y) } else { *dots.get_pixel(x - 64, y) }
    });
    for name in ["pictures/deep", "masks/deep", "labels"] {
        std::fs::create_dir_all(folder.path(name)).unwrap();
    }
    both.save(folder.path("pictures/deep/both.png")).unwrap();
    brick.save(folder.path("brick.png")).unwrap();
    let left = GrayImage::from_fn(128, 64, |x, _| Luma([u8::from(x < 64)]));
    left.save(folder.path("masks/deep/both.tif")).unwrap();
    let labels = GrayImage::from_fn(128, 64, |x, y| {
        Luma([if y < 4 {
            0
        } else if x < 64 {
            9
        } else {
            4
        }])
    });
    labels.save(folder.path("labels/both.png")).unwrap();
    folder
}

#[test]
fn a_mask_measures_its_pixels_alone() {
    let folder = pair();
    let run = folder.run(["score", "pictures", "--mask-dir", "masks", "--descriptor", "ibsi"]);
    let (inside, header) = (run.table(), columns(&run.out()));
    run.expect(0);
    let alone = folder.run(["score", "brick.png", "--descriptor", "ibsi"]).expect(0).table();
    // Families that look at no pixel outside: the same numbers as the part cut out.
    let mut n_equal = 0;
    for column in header.iter().filter(|c| c.contains('_') && *c != "texture_score") {
        assert_eq!(inside[0][column], alone[0][column], "{column}");
        n_equal += 1;
    }
    assert!(n_equal > 90, "{n_equal}");
    assert_eq!(inside[0]["texture_score"], alone[0]["texture_score"]);
    assert_eq!(inside[0]["width"], "128");
}

#[test]
fn masks_that_cannot_be_used_are_rows_with_their_reason() {
    let folder = pair();
    GrayImage::new(128, 64).save(folder.path("masks/deep/both.png")).unwrap();
    let score = ["score", "pictures", "--mask-dir", "masks"];
    let rows = folder.run(score).expect(3).table();
    assert!(rows[0]["error"].contains("an empty mask"), "{rows:?}");
    GrayImage::new(64, 64).save(folder.path("masks/deep/both.png")).unwrap();
    let rows = folder.run(score).expect(3).table();
    assert!(rows[0]["error"].contains("128 x 64") && rows[0]["error"].contains("64 x 64"));
    std::fs::remove_dir_all(folder.path("masks/deep")).unwrap();
    let rows = folder.run(score).expect(3).table();
    assert!(rows[0]["error"].contains("a mask of the same name in masks"), "{rows:?}");
    folder.run(["score", "pictures", "--mask-dir", "nowhere"]).expect(2);
    let rows = folder.run(["score", "pictures", "--regions"]).expect(3).table();
    assert!(rows[0]["error"].contains("--mask-dir"), "{rows:?}");
    RgbImage::from_pixel(128, 64, Rgb([0, 0, 1])).save(folder.path("labels/both.png")).unwrap();
    folder.run(["score", "pictures", "--mask-dir", "labels"]).expect(0);
    let colored = folder.run(["score", "pictures", "--mask-dir", "labels", "--regions"]).expect(3);
    assert!(colored.table()[0]["error"].contains("labels in grey"));
}

#[test]
fn each_region_is_a_row_as_if_it_had_a_mask_of_its_own() {
    let folder = pair();
    let run = folder.run(["score", "pictures", "--mask-dir", "labels", "--regions"]);
    let (rows, header) = (run.table(), columns(&run.out()));
    run.expect(0);
    assert_eq!(rows.len(), 2);
    assert_eq!(header[header.len() - 3..], ["flags", "region", "pixels"]);
    assert_eq!((rows[0]["region"].as_str(), rows[0]["pixels"].as_str()), ("4", "3840"));
    assert_eq!(rows[1]["region"], "9");
    for (row, label) in rows.iter().zip([4, 9]) {
        let labels = image::open(folder.path("labels/both.png")).unwrap().to_luma8();
        let mask = GrayImage::from_fn(128, 64, |x, y| {
            Luma([if labels.get_pixel(x, y)[0] == label { 200 } else { 0 }])
        });
        std::fs::create_dir_all(folder.path("one")).unwrap();
        mask.save(folder.path("one/both.png")).unwrap();
        let alone = folder.run(["score", "pictures", "--mask-dir", "one"]).expect(0).table();
        for column in &header[5..header.len() - 2] {
            assert_eq!(row[column], alone[0][column], "{label} {column}");
        }
    }
}

#[test]
fn a_manifest_may_name_masks_for_every_command() {
    let folder = Folder::new();
    let mut manifest = String::from("path,label,mask\n");
    std::fs::create_dir_all(folder.path("m")).unwrap();
    for class in ["brick", "dots"] {
        folder.copy_class(class, 8, class);
        for k in 0..8 {
            let side = |x, y| Luma([u8::from((x + y) % 7 != 0 && x < 50)]);
            GrayImage::from_fn(64, 64, side)
                .save(folder.path(format!("m/{class}{k}.png")))
                .unwrap();
            manifest += &format!("{class}/{class}_{k:02}.png,{class},m/{class}{k}.png\n");
        }
    }
    std::fs::write(folder.path("list.csv"), manifest).unwrap();
    folder.run(["train", "list.csv", "--model", "m.json", "--epochs", "60"]).expect(0);
    let json = folder.run(["evaluate", "m.json", "list.csv", "--json"]).expect(0).json();
    assert_eq!(json["accuracy"], 1.0);
    let masked = folder.run(["score", "list.csv"]).expect(0).table();
    let whole = folder.run(["score", "brick", "dots"]).expect(0).table();
    assert_eq!(masked.len(), 16);
    assert_ne!(masked[0]["glcm_d1_mean_contrast"], whole[0]["glcm_d1_mean_contrast"]);
    folder.run(["classify", "m.json", "brick", "--mask-dir", "m"]).expect(3);
}

#[test]
fn colour_is_measured_plane_by_plane() {
    let folder = Folder::new();
    let brick = image::open(fixtures("textures/brick/brick_00.png")).unwrap().to_luma8();
    let red = RgbImage::from_fn(64, 64, |x, y| Rgb([brick.get_pixel(x, y)[0], 90, 90]));
    red.save(folder.path("red.png")).unwrap();
    brick.save(folder.path("brick.png")).unwrap();
    let run =
        folder.run(["score", "red.png", "--descriptor", "fast", "--channels", "rgb"]).expect(0);
    let (row, header) = (&run.table()[0], columns(&run.out()));
    assert_eq!(header.len(), 6 + 3 * NUMBERS + 1);
    let gray = &folder.run(["score", "brick.png", "--descriptor", "fast"]).expect(0).table()[0];
    for column in columns(&folder.run(["score", "brick.png", "--descriptor", "fast"]).out())
        .iter()
        .skip(6)
        .take(NUMBERS)
    {
        assert_eq!(row[&format!("red_{column}")], gray[column], "{column}");
        assert_eq!(row[&format!("green_{column}")], row[&format!("blue_{column}")], "{column}");
    }
    assert_eq!(row["blue_glcm_d1_mean_contrast"], "0");
    let run = folder
        .run(["score", "red.png", "--descriptor", "fast", "--channels", "opponent"])
        .expect(0);
    let row = &run.table()[0];
    assert_ne!(row["red_green_glcm_d1_mean_contrast"], "0.0");
    assert_ne!(row["intensity_lbp_p8r1_riu2_0"], "");
    // A model remembers its planes.
    folder.copy_class("brick", 4, "two/brick");
    folder.copy_class("dots", 4, "two/dots");
    let train = ["train", "two", "--model", "m.json", "--channels", "opponent", "--epochs", "30"];
    folder.run(train).expect(0);
    assert!(folder.run(["inspect", "m.json", "--descriptor"]).out().contains("opponent"));
    folder.run(["classify", "m.json", "two"]).expect(0);
}

#[test]
fn who_asks_hears_how_many_levels_a_picture_uses() {
    let folder = Folder::new();
    folder.copy(fixtures("edge/flat.png"), "flat.png");
    let run = folder.run(["score", "-v", "flat.png"]).expect(0);
    assert!(run.err().contains("flat.png: uses 1 of 32 levels"), "{}", run.err());
}
