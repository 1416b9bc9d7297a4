//! What is no file, leads in circles, cannot be opened, or has a name that other programs stumble over.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use textura::io::path_from_text;

use super::claims::{strip, tiff};
use super::support::{Folder, row, seed};

const FAST: [&str; 2] = ["--descriptor", "fast"];

fn pipe(path: PathBuf) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_is_no_file_has_its_row_and_is_not_waited_for() {
    let folder = Folder::new();
    folder.write("odd/good.png", &seed("gray.png"));
    std::fs::create_dir(folder.path("odd/folder.png")).unwrap();
    folder.write("odd/folder.png/inside.png", &seed("gray.png"));
    for name in ["pipe.png", "pipe.tif"] {
        pipe(folder.path("odd").join(name));
    }
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("odd/socket.png")).unwrap();
    for (name, device) in
        [("zero.png", "/dev/zero"), ("null.tif", "/dev/null"), ("random.jpg", "/dev/urandom")]
    {
        symlink(device, folder.path("odd").join(name)).unwrap();
    }
    symlink("nowhere", folder.path("odd/broken.png")).unwrap();
    symlink("self.png", folder.path("odd/self.png")).unwrap();
    symlink("nowhere", folder.path("odd/broken")).unwrap();
    symlink("self", folder.path("odd/self")).unwrap();
    folder.write("odd/locked.png", &seed("gray.png"));
    let locked = folder.path("odd/locked.png");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Some users may read everything.
    let locked = if std::fs::File::open(&locked).is_ok() { "ok" } else { "error" };
    let refused = [
        "pipe.png",
        "pipe.tif",
        "socket.png",
        "zero.png",
        "null.tif",
        "random.jpg",
        "broken.png",
        "self.png",
    ];
    let fine = ["good.png", "folder.png/inside.png"];
    let n = refused.len() + fine.len() + 1;
    for more in [&[][..], &["--pages", "all"]] {
        let rows = folder.run(["score", "odd"].iter().chain(&FAST).chain(more)).expect(3).table();
        assert_eq!(rows.len(), n);
        for name in refused {
            assert_eq!(row(&rows, &format!("odd/{name}"))["status"], "error", "{name}");
        }
        for name in fine {
            assert_eq!(row(&rows, &format!("odd/{name}"))["status"], "ok", "{name}");
        }
        assert_eq!(row(&rows, "odd/locked.png")["status"], locked);
    }
    folder.run(["scan", "odd", "-o", "s.csv"]).expect(3);

    // The same by name, in a manifest, and as masks.
    let rows = folder.run(["score", "/dev/zero", "odd/pipe.png", "odd"].iter().chain(&FAST));
    assert_eq!(rows.expect(3).table().len(), n + 2);
    let manifest = "path,mask\n/dev/zero,\nodd/pipe.png,\nodd/good.png,/dev/zero\nodd/good.png,odd/pipe.tif\n\
                    odd/good.png,odd\nodd,\nm.csv,\nodd/good.png,odd/good.png\n";
    folder.write("m.csv", manifest.as_bytes());
    let rows = folder.run(["score", "m.csv"].iter().chain(&FAST)).expect(3).table();
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(statuses, ["error", "error", "error", "error", "error", "error", "error", "ok"]);
    std::fs::create_dir(folder.path("masks")).unwrap();
    pipe(folder.path("masks/good.png"));
    let args = ["score", "odd/good.png", "--mask-dir", "masks"];
    let rows = folder.run(args.iter().chain(&FAST)).expect(3).table();
    assert_eq!(rows[0]["status"], "error");
}

#[test]
fn links_lead_to_every_folder_but_not_in_every_way() {
    let folder = Folder::new();
    // Twelve folders, each with a link to every other: 12! ways to go.
    for from in 0..12 {
        folder.write(format!("web/{from:02}/x.png"), &seed("gray.png"));
        for to in (0..12).filter(|&to| to != from) {
            symlink(format!("../{to:02}"), folder.path(format!("web/{from:02}/l{to:02}"))).unwrap();
        }
    }
    let run = folder.run(["score", "web"].iter().chain(&FAST)).expect(0);
    let rows = run.table();
    for at in 0..12 {
        assert_eq!(row(&rows, &format!("web/{at:02}/x.png"))["status"], "ok");
    }
    // By itself, and once more by the first link that leads there.
    assert!(rows.len() <= 24, "{}", rows.len());
    assert!(run.err.contains("which is listed") && run.err.contains("leads back to"));
    // A link beside what it leads to is one more way, and no more.
    folder.write("two/a/x.png", &seed("gray.png"));
    symlink("a", folder.path("two/b")).unwrap();
    symlink("a", folder.path("two/A")).unwrap();
    let rows = folder.run(["score", "two"].iter().chain(&FAST)).expect(0).table();
    let paths: Vec<&str> = rows.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!(paths, ["two/A/x.png", "two/a/x.png"]);
}

#[test]
fn names_of_any_bytes_come_back_from_the_table() {
    let folder = Folder::new();
    let names: [&[u8]; 14] = [
        b"new\nline.png",
        b"quote\".png",
        b"comma,.png",
        b"=cmd|' 'A0.png",
        b"+1.png",
        b"-rf.png",
        b"@sum.png",
        b"\xff\xfe.png",
        b"half\xc3.png",
        b"back\\x41.png",
        b"\x1b[31mred.png",
        b"tab\t\r.png",
        b" space .png",
        "\u{202e}gnp.猫.png".as_bytes(),
    ];
    std::fs::create_dir(folder.path("names")).unwrap();
    let mut expected = Vec::new();
    for name in names {
        let path = Path::new("names").join(OsStr::from_bytes(name));
        folder.write(&path, &seed("gray.png"));
        expected.push(path);
    }
    let long = PathBuf::from(format!("names/{}.png", "n".repeat(251)));
    folder.write(&long, &seed("gray.png"));
    expected.push(long);
    expected.sort();
    let run = folder.run(["score", "names"].iter().chain(&FAST)).expect(0);
    let mut found: Vec<PathBuf> =
        run.table().iter().map(|row| path_from_text(&row["path"])).collect();
    found.sort();
    assert_eq!(found, expected);
    // A table is a manifest that leads to the same files.
    folder.write("t.csv", run.out.as_bytes());
    folder.run(["scan", "t.csv", "-o", "s.csv"]).expect(0);
    let rows = super::support::read_table(std::fs::File::open(folder.path("s.csv")).unwrap());
    let mut found: Vec<PathBuf> = rows.iter().map(|row| path_from_text(&row["path"])).collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn deep_folders_are_read_and_too_deep_ones_are_told() {
    let folder = Folder::new();
    // A name of `depth` folders below each other, and a picture at its end.
    let nest = |root: &str, name: &str, depth: usize| {
        let deepest = (0..depth).fold(folder.path(root), |path, _| path.join(name));
        std::fs::create_dir_all(&deepest).unwrap();
        std::fs::write(deepest.join("x.png"), seed("gray.png")).unwrap();
        deepest
    };
    nest("deep", "n", 1000);
    let rows = folder.run(["score", "deep"].iter().chain(&FAST)).expect(0).table();
    assert_eq!((rows.len(), rows[0]["status"].as_str()), (1, "ok"));
    // Two halves that make a path longer than any may be: no picture below can be named, and that is said.
    let name = "n".repeat(200);
    let upper = nest("long", &name, 15);
    nest("lower", &name, 15);
    std::fs::rename(folder.path("lower"), upper.join("lower")).unwrap();
    let rows = folder.run(["score", "long"].iter().chain(&FAST)).expect(3).table();
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(statuses, ["error", "ok"]);
    assert!(rows[0]["error"].contains("too long"), "{}", rows[0]["error"]);
}

#[test]
fn pages_that_lead_in_a_circle_end() {
    let folder = Folder::new();
    let own = strip(16, 16, 1, 256);
    folder.write("pages/circle.tif", &tiff(&own, 8, &[7; 256]));
    folder.write("pages/far.tif", &tiff(&own, u32::MAX, &[7; 256]));
    folder.write("pages/three.tif", &seed("pages.tif"));
    let rows =
        folder.run(["score", "pages", "--pages", "all"].iter().chain(&FAST)).expect(3).table();
    let of = |name: &str| rows.iter().filter(|row| row["path"].ends_with(name)).count();
    assert_eq!((of("circle.tif"), of("far.tif"), of("three.tif")), (1, 1, 3));
    assert!(row(&rows, "pages/circle.tif")["error"].contains("cycle"));
    // Seen by its first page only, such a file has its row as well.
    let rows = folder.run(["score", "pages"].iter().chain(&FAST)).expect(3).table();
    assert_eq!(rows.len(), 3);
    assert_eq!(row(&rows, "pages/three.tif")["status"], "ok");
}

#[test]
fn labels_that_lie_everywhere_do_not_multiply_the_work() {
    let folder = Folder::new();
    // Sixteen bits of noise: about 60,000 labels, each of which spans the picture.
    let side = 512;
    let mut random = textura::random::Random::new(3, 0);
    let bytes: Vec<u8> = (0..2 * side * side).map(|_| random.below(256) as u8).collect();
    let labels = [format!("P5\n{side} {side}\n65535\n").as_bytes(), &bytes].concat();
    folder.write("masks/x.pgm", &labels);
    let gray: Vec<u8> = bytes.iter().step_by(2).copied().collect();
    folder.write("x.pgm", &[format!("P5\n{side} {side}\n255\n").as_bytes(), &gray].concat());
    let args = ["score", "x.pgm", "--mask-dir", "masks", "--regions"];
    let run = folder.run(args.iter().chain(&FAST)).expect(3);
    let rows = run.table();
    assert!(rows[0]["error"].contains("regions in rectangles"), "{:?}", rows[0]["error"]);
}
