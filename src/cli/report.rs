//! `--report`: where the page goes, and what it repeats of the command line.

use std::path::PathBuf;

use crate::Error;
use crate::error::Problem;
use crate::io::{AtomicFile, path_to_text, write_atomically};
use crate::report::Asked;
use anyhow::Result;

use super::common::ends_in;

/// A page to write, where one is wanted.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// Write a page to look at, .html: plots, tables and pictures in one file that needs no network
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

impl ReportArgs {
    pub fn is_wanted(&self) -> bool {
        self.report.is_some()
    }

    /// Checks, before the work, that the page can be written after it.
    ///
    /// # Errors
    /// [`Error::Setting`] for a name that is not one of a page, or a folder; [`Error::Io`] where its folder cannot be written to.
    pub fn check(&self) -> Result<()> {
        let Some(path) = &self.report else { return Ok(()) };
        if !ends_in(path, &["html", "htm"]) {
            let advice = "name it something.html";
            let problem = Problem::new("a name that ends with .html", path_to_text(path), advice);
            return Err(Error::setting("report", problem).into());
        }
        if path.is_dir() {
            let problem = Problem::new("the name of a file", "a folder", "give another name");
            return Err(Error::setting("report", problem).into());
        }
        drop(AtomicFile::create(path)?);
        Ok(())
    }

    /// Writes the page, where one is wanted, with the command, its sources and the settings that were given.
    ///
    /// # Errors
    /// Those of making it; [`Error::Io`].
    pub fn write<'a>(
        &self,
        command: &str,
        sources: impl IntoIterator<Item = &'a PathBuf>,
        settings: &[(&str, Option<String>)],
        page: impl FnOnce(&Asked) -> crate::Result<String>,
    ) -> Result<()> {
        let Some(path) = &self.report else { return Ok(()) };
        let mut asked = vec![("command".to_owned(), command.to_owned())];
        asked.extend(
            sources.into_iter().map(|source| ("pictures".to_owned(), path_to_text(source))),
        );
        let given = settings.iter().filter_map(|(name, value)| Some((*name, value.clone()?)));
        asked.extend(given.map(|(name, value)| (name.to_owned(), value)));
        Ok(write_atomically(path, page(&asked)?.as_bytes())?)
    }
}
