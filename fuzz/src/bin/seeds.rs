//! Writes the seeds of every target into a folder, one folder a target: `seeds FOLDER`.

use std::path::PathBuf;

use textura_fuzz::{seeds, targets};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("seeds FOLDER"));
    for (name, _) in targets::ALL {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        for (at, seed) in seeds::of(name).into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed_{at:03}")), seed)?;
        }
    }
    Ok(())
}
