//! One file to another name, without ever replacing a file.

use std::fs::{self, File, FileTimes};
use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::Action;
use crate::image::ContentHash;

/// How files get other names on behalf of one list.
pub(super) struct Transfer<'a> {
    /// The list, by which half-written files are told from those of others.
    pub list: &'a Path,
}

impl Transfer<'_> {
    /// Does what is to be done with a file that has this content.
    ///
    /// # Errors
    /// `AlreadyExists` where something has the new name; what the system says. Then everything is as it was.
    pub fn perform(
        &self,
        action: Action,
        source: &Path,
        target: &Path,
        content: &ContentHash,
    ) -> Result<()> {
        match action {
            Action::Link => self.link(source, target, content),
            Action::Copy => self.copy(source, target, content, false),
            Action::Move => self.move_file(source, target, content),
        }
    }

    fn link(&self, source: &Path, target: &Path, content: &ContentHash) -> Result<()> {
        // A link to a link would break with it.
        let real = fs::canonicalize(source)?;
        let unless_taken = |e: Error| match e.kind() {
            ErrorKind::AlreadyExists => Err(e),
            _ => Ok(()),
        };
        fs::hard_link(&real, target)
            .or_else(|e| unless_taken(e).and_then(|()| symbolic_link(&real, target)))
            .or_else(|e| unless_taken(e).and_then(|()| self.copy(&real, target, content, false)))
    }

    /// Writes beside the target under a hidden name, which the target's then replaces.
    fn copy(
        &self,
        source: &Path,
        target: &Path,
        content: &ContentHash,
        is_only: bool,
    ) -> Result<()> {
        let part = self.part_of(target);
        self.remove_part(target)?;
        let outcome =
            write_copy(source, &part, content, is_only).and_then(|()| rename_to_new(&part, target));
        if outcome.is_err() {
            let _ = fs::remove_file(&part);
        }
        outcome
    }

    /// Gives a file another name, on another file system by a copy.
    pub fn move_file(&self, source: &Path, target: &Path, content: &ContentHash) -> Result<()> {
        if fs::symlink_metadata(source)?.is_symlink() {
            return Err(Error::other(
                "it is a symbolic link, which might not lead to its file from elsewhere; \
                 move the file itself, or use --link",
            ));
        }
        match rename_to_new(source, target) {
            Err(e) if e.kind() == ErrorKind::CrossesDevices => {
                self.move_by_copy(source, target, content)
            }
            outcome => outcome,
        }
    }

    pub fn move_by_copy(&self, source: &Path, target: &Path, content: &ContentHash) -> Result<()> {
        self.copy(source, target, content, true)?;
        sync_folder(target)?;
        // Where the source has to stay, the picture must not be there twice.
        fs::remove_file(source).inspect_err(|_| {
            let _ = fs::remove_file(target);
        })
    }

    /// The name under which a file is written before it is whole.
    fn part_of(&self, target: &Path) -> PathBuf {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.list.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
        hasher.update(target.as_os_str().as_encoded_bytes());
        let name = hasher.finalize().to_hex();
        target.with_file_name(format!(".textura-{}.part", &name[..16]))
    }

    /// Removes what a killed run had begun to write.
    pub fn remove_part(&self, target: &Path) -> Result<()> {
        match fs::remove_file(self.part_of(target)) {
            Err(e) if e.kind() != ErrorKind::NotFound && e.kind() != ErrorKind::NotADirectory => {
                Err(e)
            }
            _ => Ok(()),
        }
    }
}

fn write_copy(source: &Path, part: &Path, content: &ContentHash, is_only: bool) -> Result<()> {
    let mut from = File::open(source)?;
    let metadata = from.metadata()?;
    let mut to = File::create_new(part)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
    }
    if hasher.finalize() != *content {
        return Err(Error::other("its content changed since it was classified; classify it again"));
    }
    to.set_permissions(metadata.permissions())?;
    let mut times = FileTimes::new().set_modified(metadata.modified()?);
    if let Ok(accessed) = metadata.accessed() {
        times = times.set_accessed(accessed);
    }
    to.set_times(times)?;
    if is_only { to.sync_all() } else { Ok(()) }
}

/// Renames a file where nothing has the new name.
fn rename_to_new(from: &Path, to: &Path) -> Result<()> {
    let mut path = TempPath::try_from_path(from)?;
    // It is no temporary file: only the renaming is wanted.
    path.disable_cleanup(true);
    path.persist_noclobber(to).map_err(|e| e.error)?;
    // Where renaming is done by a second name, the first one may have stayed.
    if is_same_file(from, to) { fs::remove_file(from) } else { Ok(()) }
}

/// So that the new name outlives a power cut before the old one goes.
#[cfg(unix)]
fn sync_folder(file: &Path) -> Result<()> {
    File::open(file.parent().unwrap_or(Path::new("/")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symbolic_link(source: &Path, target: &Path) -> Result<()> {
    std::os::unix::fs::symlink(source, target)
}

#[cfg(windows)]
fn symbolic_link(source: &Path, target: &Path) -> Result<()> {
    std::os::windows::fs::symlink_file(source, target)
}

#[cfg(not(any(unix, windows)))]
fn symbolic_link(_: &Path, _: &Path) -> Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Whether two names, links not followed, are those of one file.
#[cfg(unix)]
pub(super) fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::symlink_metadata(a), fs::symlink_metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Elsewhere the contents have to decide.
#[cfg(not(unix))]
pub(super) fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

/// Whether something has this name, a link that leads nowhere included.
pub(super) fn is_taken(path: &Path) -> Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == ErrorKind::NotFound || e.kind() == ErrorKind::NotADirectory => {
            Ok(false)
        }
        Err(e) => Err(e),
    }
}
