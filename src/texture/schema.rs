//! Named blocks of features: the contract between `texture`, `scale`, `nn` and `model`.
//!
//! A descriptor is a list of blocks, each either a few statistics or one histogram, because the two are
//! scaled differently. Names and order are frozen by a digest: a model refuses features whose digest is
//! not its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// How the numbers of a block belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Each column is a measure of its own, with its own unit.
    Statistic,
    /// The columns are the bins of one histogram that sums to one.
    Histogram,
}

/// Features that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Statistics or a histogram.
    pub kind: BlockKind,
    /// One name a column, in order.
    pub columns: Vec<String>,
}

impl Block {
    /// A block of statistics.
    pub fn statistics(columns: Vec<String>) -> Self {
        Self { kind: BlockKind::Statistic, columns }
    }

    /// The same with something before every name.
    #[must_use]
    pub fn named(self, prefix: &str) -> Self {
        let columns = self.columns.into_iter().map(|name| format!("{prefix}{name}")).collect();
        Self { columns, ..self }
    }

    /// A histogram with bins `{name}_0` to `{name}_{bins - 1}`.
    pub fn histogram(name: &str, bins: usize) -> Self {
        let columns = (0..bins).map(|bin| format!("{name}_{bin}")).collect();
        Self { kind: BlockKind::Histogram, columns }
    }
}

/// All blocks of a descriptor, in order, with unique names.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Schema {
    blocks: Vec<Block>,
    n_columns: usize,
}

impl Schema {
    /// Joins blocks.
    ///
    /// # Errors
    /// [`Error::Setting`] where two columns share a name.
    ///
    /// ```
    /// use textura::texture::schema::{Block, Schema};
    /// let schema = Schema::new(vec![Block::histogram("lbp", 2)])?;
    /// assert_eq!(schema.names().collect::<Vec<_>>(), ["lbp_0", "lbp_1"]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(blocks: Vec<Block>) -> Result<Self> {
        let mut seen = BTreeSet::new();
        for name in blocks.iter().flat_map(|block| &block.columns) {
            if !seen.insert(name) {
                let (found, advice) =
                    (format!("`{name}` twice"), "give each family once for each setting");
                let problem = Problem::new("feature names that differ", found, advice);
                return Err(Error::setting("descriptor", problem));
            }
        }
        let n_columns = seen.len();
        Ok(Self { blocks, n_columns })
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// All column names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| block.columns.iter().map(String::as_str))
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.n_columns
    }

    /// Whether there is no column at all.
    pub fn is_empty(&self) -> bool {
        self.n_columns == 0
    }
}

#[cfg(test)]
mod tests;
