//! Files: finding pictures, decoding them, writing tables. The only room that knows a file system;
//! `decode` is the only file that knows the image decoders, `jpeg` the only one that encodes a picture.

mod decode;
mod grades;
mod jpeg;
mod manifest;
mod masks;
mod path_text;
mod read;
mod source;
mod table;
mod write;

pub use decode::{Limits, decode, is_decoding};
pub use grades::read_grades;
pub use jpeg::{jpeg_again, jpeg_bytes};
pub use masks::find_masks;
pub use path_text::{path_from_text, path_to_text};
pub use read::{Labels, Picture, read_content, read_labels, read_picture};
pub use source::{Entry, Listing, Part, Source, is_picture_name, list, list_labelled};
pub use table::{Cell, Format, TableWriter};
pub use write::{AtomicFile, write_atomically};

#[cfg(test)]
mod tests;
