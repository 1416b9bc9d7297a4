//! What else is done with folders of pictures and models: looked through, sorted, exported, timed; and one update
//! of a network compared with a program's.

pub mod bench;
#[cfg(feature = "onnx")]
pub mod export;
pub mod scan;
pub mod sorting;
pub mod trace;
