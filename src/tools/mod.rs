//! What else is done with folders of pictures and models: looked through, sorted, exported, timed.

pub mod bench;
#[cfg(feature = "onnx")]
pub mod export;
pub mod scan;
pub mod sorting;
