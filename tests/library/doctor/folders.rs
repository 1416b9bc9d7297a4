//! Folders of pictures with a fault.

use std::path::{Path, PathBuf};

use textura::random::Random;

/// The project's own pictures: 8 classes of 20.
pub fn textures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/textures")
}

/// A folder that vanishes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Copies the pictures, each to the class that is chosen for it: `(class, number)` to a class or none.
    fn of(mut choose: impl FnMut(usize, usize) -> Option<usize>) -> Self {
        let folder = Self::new();
        let mut classes: Vec<PathBuf> = std::fs::read_dir(textures())
            .expect("fixtures/textures")
            .map(|entry| entry.expect("a readable entry").path())
            .collect();
        classes.sort();
        let name = |class: usize| classes[class].file_name().expect("a name").to_owned();
        for (class, from) in classes.iter().enumerate() {
            let class_name = name(class).to_string_lossy().into_owned();
            for number in 0..20 {
                let Some(to) = choose(class, number) else { continue };
                let to = folder.path().join(name(to));
                std::fs::create_dir_all(&to).expect("a new folder");
                let file = format!("{class_name}_{number:02}.png");
                std::fs::copy(from.join(&file), to.join(&file)).expect("a copy");
            }
        }
        folder
    }

    /// Every picture in a class drawn at random.
    pub fn with_shuffled_labels(seed: u64) -> Self {
        let mut random = Random::new(seed, 0);
        let mut labels: Vec<usize> = (0..160).map(|at| at % 8).collect();
        random.shuffle(&mut labels);
        Self::of(|class, number| Some(labels[class * 20 + number]))
    }

    /// One class of 20, and of another two pictures.
    pub fn out_of_balance(seed: u64) -> Self {
        let mut random = Random::new(seed, 0);
        let rare = random.below(8);
        let kept = random.below(10);
        Self::of(|class, number| (class != rare || number / 2 == kept).then_some(class))
    }

    /// A few pictures also in the class after their own.
    pub fn with_two_labels(seed: u64) -> Self {
        let mut random = Random::new(seed, 0);
        let folder = Self::of(|class, _| Some(class));
        for _ in 0..8 {
            let number = random.below(20);
            let (from, to) = [("brick", "dots"), ("grain", "weave")][random.below(2)];
            let file = format!("{from}/{from}_{number:02}.png");
            let copy = folder.path().join(format!("{to}/copy_{number:02}.png"));
            std::fs::copy(folder.path().join(file), copy).expect("a copy");
        }
        folder
    }

    /// Three classes of flat pictures of different sizes and greys.
    pub fn of_flat_pictures(seed: u64) -> Self {
        let folder = Self::new();
        let mut random = Random::new(seed, 0);
        for class in ["dark", "middle", "bright"] {
            let place = folder.path().join(class);
            std::fs::create_dir(&place).expect("a new folder");
            for number in 0..12 {
                let gray = random.below(256) as u8;
                let picture = image::GrayImage::from_pixel(32 + number, 32, image::Luma([gray]));
                picture.save(place.join(format!("{number}.png"))).expect("a new file");
            }
        }
        folder
    }
}
