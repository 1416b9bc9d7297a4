//! Files: finding pictures, decoding them, writing tables. The only room that knows a file system;
//! `decode` is the only folder that knows the image decoders; `jpeg`, `png` and `tiff` encode pictures.

pub mod cache;
mod class_names;
mod decode;
mod descriptor;
mod encoding;
mod endings;
mod entry;
mod flat_field;
mod in_memory;
mod jpeg;
#[cfg(feature = "review")]
mod label_table;
mod labelled;
mod layout;
mod litter;
mod located;
mod manifest;
mod masks;
mod numbers;
mod order;
#[cfg(feature = "report")]
mod packed;
mod pages;
mod part;
mod passed_over;
mod path_text;
mod png;
mod precomputed;
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

pub use crate::texture::descriptor::parse_descriptor;
pub use class_names::Twins;
pub(crate) use class_names::{GivenClasses, key_of, shown, sort_names, trimmed};
pub use decode::{Decoded, Limits, decode, is_decoding};
pub use descriptor::read_descriptor;
pub use encoding::{Encoding, PictureFormat};
pub use endings::ending;
pub use entry::{Entry, Listing};
pub use flat_field::read_flat_field;
pub use in_memory::{Content, InMemory};
pub use jpeg::{jpeg_again, jpeg_bytes};
#[cfg(feature = "review")]
pub(crate) use label_table::{Label, LabelTable, folder_of, identity, path_from};
pub use labelled::{list_labelled, list_labelled_by};
pub use layout::Layout;
pub use masks::{Masks, find_masks, without_masks};
pub use numbers::{FOLDER, Numbered, NumbersFrom, check_names, list_numbered};
pub(crate) use order::ByNumber;
#[cfg(feature = "report")]
pub(crate) use packed::unpacked;
pub use pages::by_page;
pub use part::Part;
pub use passed_over::PassedOver;
pub use path_text::{path_from_text, path_to_text};
pub use png::write_png;
pub(crate) use precomputed::number_in;
pub(crate) use read::hash_of;
pub use read::{Encoded, Labels, Picture, read_content, read_encoded, read_picture};
pub use recording::Recording;
pub(crate) use rows::{Line, SCORE, read_rows};
pub use source::{Source, list, list_lines};
pub use table::{Cell, Column, Format, Kind, TableWriter, usual_separator};
pub use tiff::{TiffSamples, write_tiff};
pub use whole::{Whole, list_whole};
pub use write::{AtomicFile, write_atomically};

#[cfg(test)]
mod tests;
