//! Files: finding pictures, decoding them, writing tables. The only room that knows a file system;
//! `decode` is the only file that knows the image decoders; `jpeg`, `png` and `tiff` encode pictures.

mod bounds;
mod decode;
mod descriptor;
mod encoding;
mod grades;
mod header;
mod held;
mod jpeg;
mod located;
mod manifest;
mod masks;
mod measured;
mod pages;
mod part;
mod path_text;
mod png;
mod read;
mod recording;
mod rows;
mod seal;
mod source;
mod table;
mod tiff;
mod unfinished;
mod walk;
mod whole;
mod write;

pub use decode::{Decoded, Limits, decode, is_decoding};
pub use descriptor::{parse_descriptor, read_descriptor};
pub use encoding::{Encoding, PictureFormat};
pub use grades::read_grades;
pub use held::{Content, Held};
pub use jpeg::{jpeg_again, jpeg_bytes};
pub use masks::find_masks;
pub use measured::Measured;
pub(crate) use measured::SCORE;
pub use pages::by_page;
pub use part::Part;
pub use path_text::{path_from_text, path_to_text};
pub use png::write_png;
pub use read::{Encoded, Labels, Picture, ending, read_content, read_encoded, read_picture};
pub use recording::Recording;
pub use source::{Entry, Listing, Source, is_picture_name, list, list_labelled, list_lines};
pub use table::{Cell, Column, Format, Kind, TableWriter, usual_separator};
pub use tiff::{TiffSamples, write_tiff};
pub use whole::{Whole, list_whole};
pub use write::{AtomicFile, write_atomically};

#[cfg(test)]
mod tests;
