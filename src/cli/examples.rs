//! What stands below the flags in every command's help: examples, and what a source may be.
//!
//! `tests/docs_examples.rs` runs every example. There, `surfaces/` is a labelled folder, `new/` a folder of unknown
//! pictures, and `model.json` a model of `surfaces/`.

/// What a source may be, and how a run ends.
macro_rules! sources {
    () => {
        "\
Sources:
  picture.png          a file, decoded by its content whatever its ending says
  folder/              searched recursively, in order of names, numbers in them as numbers
  folder/class/        labelled: one folder a class
  folder/train/class/  split: train (training, trn), val (valid, validation) and test (testing,
                       tst), in any case
  list.csv             a manifest with a column path, and label, group, mask, split and skip where
                       known; .jsonl and .parquet too; a table that score wrote, with labels, is one
                       whose pictures need not be read
  -                    a list of paths on standard input, one a line

Exit status: 0 all good, 1 failed, 2 usage, 3 finished but some inputs failed, 4 the data cannot be
used, 5 a model or table is corrupt, too new or does not fit, 6 worse than was asked for, 130
interrupted."
    };
}

/// Examples above the sources.
macro_rules! and_sources {
    ($examples:literal) => {
        concat!($examples, "\n\n", sources!())
    };
}

pub const TEXTURA: &str = and_sources!(
    "\
Examples:
  textura train surfaces/ --model model.json
  textura classify model.json new/ --output classes.csv
  textura score new/ --output scores.csv"
);

pub const SCORE: &str = and_sources!(
    "\
Examples:
  textura score surfaces/ --output scores.csv
  textura score new/ --descriptor fast --output scores.jsonl
  find new -name '*.png' | textura score - > scores.csv"
);

pub const TRAIN: &str = and_sources!(
    "\
Examples:
  textura train surfaces/ --model model.json
  textura train surfaces/ --model model.json --descriptor fast --hidden none
  textura train surfaces/ --model model.json --hidden 128,64 --activation prelu --norm batch"
);

pub const EVALUATE: &str = and_sources!(
    "\
Examples:
  textura evaluate model.json surfaces/
  textura evaluate model.json surfaces/ --json --fail-under macro_f1=0.9
  textura evaluate model.json surfaces/ --corrupt noise:5 --output predictions.csv"
);

pub const CV: &str = and_sources!(
    "\
Examples:
  textura cv surfaces/
  textura cv surfaces/ --train-per-class 5,10 --repeats 3
  textura cv surfaces/ --hidden 64 --augment none --json"
);

pub const CLASSIFY: &str = and_sources!(
    "\
Examples:
  textura classify model.json new/ --output classes.csv
  textura classify model.json new/ --sort-into sorted/ --copy
  find new -name '*.png' | textura classify model.json - --reject-at none > classes.csv"
);

pub const RETRAIN: &str = and_sources!(
    "\
Examples:
  textura retrain model.json surfaces/ --output better.json
  textura retrain model.json surfaces/ --output better.json --rate 0.0005 --epochs 50"
);

pub const SCAN: &str = and_sources!(
    "\
Examples:
  textura scan surfaces/
  textura scan surfaces/ --json
  textura scan surfaces/ --output clean.csv"
);

pub const MAP: &str = "\
Examples:
  textura map model.json new/part_01.png --window 32 -o map.png
  textura map model.json new/part_01.png --window 32 --stride 4 --table windows.csv
  textura map --feature glcm_d1_mean_contrast --window 16 new/part_01.png -o contrast.png";

pub const CACHE: &str = "\
Examples:
  textura cache
  textura cache --clear";

pub const EXPLAIN: &str = "\
Examples:
  textura explain model.json new/part_01.png
  textura explain model.json new/part_01.png --pictures surfaces/ --output why.svg
  textura explain model.json new/part_01.png --class dots --json";

pub const INSPECT: &str = "\
Examples:
  textura inspect model.json
  textura inspect model.json --descriptor > descriptor.json";

pub const DOCTOR: &str = and_sources!(
    "\
Examples:
  textura doctor surfaces/
  textura doctor surfaces/ --hidden 48,48,48,48 --activation sigmoid --json
  textura doctor model.json"
);

pub const BENCH: &str = "\
Examples:
  textura bench surfaces/
  textura bench surfaces/ --jobs 1 --json";

pub const GRADCHECK: &str = "\
Examples:
  textura gradcheck
  textura gradcheck --seed 1 --json";
