//! What stands below the flags in every command's help: examples, and what a source may be.
//!
//! `tests/cli/pages.rs` runs every example. There, `surfaces/` is a labelled folder, `new/` a folder of unknown
//! pictures, and `model.json` a model of `surfaces/`.

/// What a source may be, and how a run ends.
macro_rules! sources {
    () => {
        "

Sources:
  picture.png          a file, decoded by its content whatever its ending says
  folder/              searched recursively, in order of names, numbers in them as numbers
  folder/class/        labelled: one folder a class
  folder/train/class/  split: train (training, trn), val (valid, validation) and test (testing,
                       tst), in any case
  list.csv             a manifest with a column path, and label, group, mask, defect_mask, split and
                       skip where known; .jsonl and .parquet too; a table that score wrote, with
                       labels, is one whose pictures need not be read
  -                    a list of paths on standard input, one a line

Exit status: 0 all good, 1 failed, 2 usage, 3 finished but some inputs failed, 4 the data cannot be
used, 5 a model or table is corrupt, too new or does not fit, 6 worse than was asked for, 130
interrupted."
    };
}

/// One constant a command: its examples, and the sources below them where it takes some.
macro_rules! examples {
    ($($name:ident $($sources:ident)?: $($example:literal)+;)+) => {
        $(pub const $name: &str =
            concat!("Examples:" $(, "\n  ", $example)+ $(, $sources!())?);)+
    };
}

examples! {
    TEXTURA sources:
        "textura train surfaces/ --model model.json"
        "textura classify model.json new/ --output classes.csv"
        "textura score new/ --output scores.csv";
    SCORE sources:
        "textura score surfaces/ --output scores.csv"
        "textura score new/ --descriptor fast --output scores.jsonl"
        "find new -name '*.png' | textura score - > scores.csv";
    TRAIN sources:
        "textura train surfaces/ --model model.json"
        "textura train surfaces/ --model model.json --descriptor fast --hidden none"
        "textura train surfaces/ --model model.json --hidden 128,64 --activation prelu --norm batch"
        "textura train --normal surfaces/brick --model good.json";
    EVALUATE sources:
        "textura evaluate model.json surfaces/"
        "textura evaluate model.json surfaces/ --json --fail-under macro_f1=0.9"
        "textura evaluate model.json surfaces/ --corrupt noise:5 --output predictions.csv";
    CV sources:
        "textura cv surfaces/"
        "textura cv surfaces/ --train-per-class 5,10 --repeats 3"
        "textura cv surfaces/ --hidden 64 --augment none --json";
    CLASSIFY sources:
        "textura classify model.json new/ --output classes.csv"
        "textura classify model.json new/ --sort-into sorted/ --copy"
        "find new -name '*.png' | textura classify model.json - --reject-at none > classes.csv";
    RETRAIN sources:
        "textura retrain model.json surfaces/ --output better.json"
        "textura retrain model.json surfaces/ --output better.json --rate 0.0005 --epochs 50";
    SCAN sources:
        "textura scan surfaces/"
        "textura scan surfaces/ --json"
        "textura scan surfaces/ --output clean.csv";
    REVIEW:
        "textura review new/"
        "textura review new/ --labels new.csv --model model.json";
    ASK:
        "textura ask model.json new/ -n 20 > next.csv"
        "textura ask model.json new/ --order uncertain";
    MAP:
        "textura map model.json new/part_01.png --window 32 -o map.png"
        "textura map model.json new/part_01.png --window 32 --stride 4 --table windows.csv"
        "textura map --feature glcm_d1_mean_contrast --window 16 new/part_01.png -o contrast.png";
    CACHE:
        "textura cache"
        "textura cache --clear";
    EXPLAIN:
        "textura explain model.json new/part_01.png"
        "textura explain model.json new/part_01.png --pictures surfaces/ --output why.svg"
        "textura explain model.json new/part_01.png --class dots --json";
    INSPECT:
        "textura inspect model.json"
        "textura inspect model.json --descriptor > descriptor.json";
    DOCTOR sources:
        "textura doctor surfaces/"
        "textura doctor surfaces/ --hidden 48,48,48,48 --activation sigmoid --json"
        "textura doctor model.json";
    BENCH:
        "textura bench surfaces/"
        "textura bench surfaces/ --jobs 1 --json";
    GRADCHECK:
        "textura gradcheck"
        "textura gradcheck --seed 1 --json";
    TRACE:
        "textura trace"
        "textura trace --json > my.json"
        "textura trace --check my.json"
        "textura trace -o page.html";
    EXPORT:
        "textura export model.json --onnx model.onnx"
        "textura export model.json --onnx model.onnx --dtype float64"
        "textura score new/ --model model.json --output features.csv";
    COMPLETIONS:
        "textura completions bash > textura.bash"
        "textura completions zsh > _textura"
        "textura completions fish > textura.fish";
    MAN:
        "textura man --output man1/"
        "textura man train > textura-train.1";
}
