//! `cache`: what is kept of pictures for the next time; and the flags of the commands that use it.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::batch::Batch;
use crate::io::cache::{Cache, Place, USUAL_BYTES};
use crate::io::path_to_text;
use anyhow::Result;

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::print;

/// Names the cache where no flag does.
const VARIABLE: &str = "TEXTURA_CACHE";

#[derive(Debug, clap::Args)]
pub struct PlaceArgs {
    /// Where the features of pictures are kept for the next time; none: nowhere [default: $TEXTURA_CACHE, or
    /// else textura in the user's cache folder]
    #[arg(long, value_name = "DIR|none", help_heading = "Cache")]
    cache: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct CacheArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// What the cache may grow to; what was used longest ago goes first
    #[arg(long, value_name = "BYTES", default_value_t = USUAL_BYTES, help_heading = "Cache")]
    cache_size: u64,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::CACHE)]
pub struct CacheCommandArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Remove all that is kept
    #[arg(long)]
    clear: bool,
}

impl PlaceArgs {
    fn place(&self) -> Option<Place> {
        let of_variable = || std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        match self.cache.clone().or_else(|| of_variable().map(PathBuf::from)) {
            Some(folder) if folder.as_os_str() == "none" => None,
            Some(folder) => Some(Place::in_folder(folder)),
            None => Place::usual(),
        }
    }
}

impl CacheArgs {
    /// The cache, where one is wanted and can be had.
    pub fn open(&self, context: &Context) -> Option<Cache> {
        // The work goes on without a cache that cannot be had.
        let refused = |error: &crate::Error| {
            context.warn(&format!("{error}; the work goes on without a cache"))
        };
        Cache::open(self.place.place()?, self.cache_size).inspect_err(refused).ok()
    }

    /// The flags with which another command uses the same cache.
    pub fn flags(&self) -> Vec<OsString> {
        let place = self.place.cache.iter().flat_map(|folder| ["--cache".into(), folder.into()]);
        place.chain(["--cache-size".into(), self.cache_size.to_string().into()]).collect()
    }

    /// Does some work with a batch that asks and fills the cache, and says what became of that.
    pub fn with<T>(&self, context: &Context, work: impl FnOnce(Batch<'_>) -> T) -> T {
        let cache = self.open(context);
        let outcome = work(Batch { cache: cache.as_ref(), ..context.batch() });
        if let Some(cache) = &cache {
            if let Some(trouble) = cache.trouble() {
                context.warn(&trouble);
            }
            let tally = cache.tally();
            context.debug(&format!(
                "cache: of {} pictures {} were read and {} measured",
                tally.asked, tally.read, tally.measured
            ));
        }
        outcome
    }
}

pub fn run(args: &CacheCommandArgs, context: &Context) -> Result<Status> {
    let Some(place) = args.place.place() else {
        print("no cache is used\n")?;
        return Ok(Status::Good);
    };
    let (folder, bytes) = (path_to_text(place.folder()), place.bytes());
    if args.clear {
        place.clear()?;
        print(&format!("removed {} from {folder}\n", size(bytes)))?;
    } else if bytes == 0 {
        print(&format!("{folder}\nholds nothing\n"))?;
    } else {
        let cache = Cache::open(place, USUAL_BYTES)?;
        let n_values = cache.n_values();
        print(&format!("{folder}\nholds {n_values} entries in {}\n", size(bytes)))?;
        if let Some(trouble) = cache.trouble() {
            context.warn(&trouble);
        }
    }
    Ok(Status::Good)
}

/// A number of bytes for a person.
fn size(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
