//! What operating systems leave in folders, which nobody put there.

use std::ffi::OsStr;

/// Names of files and folders, in any case: of Windows and its shares, of macOS and its archives, of the file systems of
/// Linux, of network disks by Synology and QNAP, and of Android's memory cards. `docs/scan.md` lists them.
const LITTER: [&str; 21] = [
    "thumbs.db",
    "thumbs.db:encryptable",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "$recycle.bin",
    "recycler",
    "system volume information",
    "icon\r",
    "__macosx",
    "network trash folder",
    "temporary items",
    "thevolumesettingsfolder",
    "lost+found",
    "@eadir",
    "#recycle",
    "#snapshot",
    "@recycle",
    "@recently-snapshot",
    "@tmp",
    "lost.dir",
];

/// Whether a file or folder of such a name is left alone without a word: it is hidden (its name begins with a full
/// stop) or litter.
pub(super) fn is_unseen(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || LITTER.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}
