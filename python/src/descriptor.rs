//! Which numbers are computed.

use std::path::Path;
use std::sync::Arc;

use pyo3::prelude::*;
use textura::io::{parse_descriptor, read_descriptor};

use crate::errors::to_python;

/// A checked descriptor, shared by all who use it.
#[pyclass(frozen, module = "textura._textura")]
pub struct Descriptor {
    pub inner: Arc<textura::texture::descriptor::Descriptor>,
}

#[pymethods]
impl Descriptor {
    /// The descriptor of a preset's name, or of a JSON file.
    #[staticmethod]
    fn read(name: std::path::PathBuf) -> PyResult<Self> {
        read_descriptor(&name).and_then(of).map_err(to_python)
    }

    /// The descriptor that a JSON text describes.
    #[staticmethod]
    fn parse(json: &str) -> PyResult<Self> {
        parse_descriptor(json.as_bytes(), Path::new("descriptor")).and_then(of).map_err(to_python)
    }

    /// The columns, in order.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.inner.schema().names().map(str::to_owned).collect()
    }

    /// 64 hexadecimal digits that change with the numbers that it gives.
    #[getter]
    fn digest(&self) -> String {
        self.inner.digest()
    }
}

fn of(options: textura::texture::descriptor::DescriptorOptions) -> textura::Result<Descriptor> {
    Ok(Descriptor { inner: Arc::new(textura::texture::descriptor::Descriptor::new(options)?) })
}
