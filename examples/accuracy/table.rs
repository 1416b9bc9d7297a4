//! Markdown, written row by row, so that a long run shows what it has so far.

use std::io::{self, Write};

use super::command::Call;

/// A table whose last columns are the time and the commands of each row.
pub struct Table<'a> {
    output: &'a mut dyn Write,
}

impl<'a> Table<'a> {
    /// Begins a table under a heading and what is to be said about it.
    ///
    /// # Errors
    /// Where it cannot be written; so the other functions.
    pub fn begin(
        output: &'a mut dyn Write,
        heading: &str,
        about: &str,
        columns: &[&str],
    ) -> io::Result<Self> {
        writeln!(output, "\n## {heading}\n\n{about}\n")?;
        let mut table = Self { output };
        let mut columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        columns.extend(["seconds".to_owned(), "command".to_owned()]);
        table.cells(&columns)?;
        table.cells(&vec!["---".to_owned(); columns.len()])?;
        Ok(table)
    }

    /// Writes a row, with the time that its calls took together.
    pub fn row(&mut self, mut cells: Vec<String>, calls: &[Call]) -> io::Result<()> {
        let seconds: f64 = calls.iter().map(|call| call.seconds).sum();
        let lines: Vec<String> = calls.iter().map(|call| format!("`{}`", call.line)).collect();
        cells.extend([format!("{seconds:.1}"), lines.join(", then ")]);
        self.cells(&cells)
    }

    fn cells(&mut self, cells: &[String]) -> io::Result<()> {
        // Even between backticks a bar would end the cell.
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', r"\|")).collect();
        writeln!(self.output, "| {} |", cells.join(" | "))?;
        self.output.flush()
    }
}

/// A share from 0 to 1 as a percentage.
pub fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
}
