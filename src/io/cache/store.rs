//! Bytes by their keys, in a file that survives a crash and serves several processes at once: the only file
//! that knows the database.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};

use super::key::Key;

pub(super) type Outcome<T> = Result<T, rusqlite::Error>;

/// Says that a file is ours: the first bytes of the hash of the program's name.
const APPLICATION: i64 = 0x7465_7874;

/// As long as another process may take to write a batch.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes of the checksum that stands before every value.
const CHECK: usize = 16;

const SCHEMA: &str = "
    CREATE TABLE name (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL);
    CREATE TABLE value (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);";
const GET: &str = "SELECT used, bytes FROM name JOIN value USING (id) WHERE key = ?1";
const COUNT: &str = "SELECT count(*) FROM name";
const NAME: &str = "INSERT INTO name (key, used) VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE SET used = excluded.used RETURNING id";
const PUT: &str = "INSERT OR REPLACE INTO value (id, bytes) VALUES (?1, ?2)";
const USE: &str = "UPDATE name SET used = ?2 WHERE key = ?1";
const OLDEST: &str = "WITH old AS (SELECT id FROM name WHERE used < ?1
    ORDER BY used, id LIMIT (SELECT 1 + count(*) / 10 FROM name))";

/// What is found under a key.
pub(super) enum Found {
    /// What was put there, and when it was used last.
    Value { bytes: Vec<u8>, used: i64 },
    /// Something else.
    Damaged,
}

/// Something to write.
pub(super) enum Note {
    /// A value, new or in place of another.
    Put(Key, Vec<u8>),
    /// A value was used.
    Use(Key),
}

/// One connection to the file.
pub(super) struct Store(Connection);

impl Store {
    /// Opens the file, or makes it.
    pub fn open(path: &Path) -> Outcome<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        let application: i64 =
            connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if application == 0 && tables == 0 {
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION}; COMMIT;"
            ))?;
        } else if application != APPLICATION {
            return Err(of_another_kind());
        }
        // After a crash of the machine the last batches may be missing, but what is there is whole.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        for text in [GET, COUNT, NAME, PUT, USE] {
            connection.prepare_cached(text)?;
        }
        Ok(Self(connection))
    }

    /// What stands under a key.
    pub fn get(&self, key: &Key) -> Outcome<Option<Found>> {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(i64, Vec<u8>)> =
            self.0.prepare_cached(GET)?.query_row([&key[..]], row).optional()?;
        Ok(found.map(|(used, mut bytes)| match bytes.split_at_checked(CHECK) {
            Some((sum, value)) if *sum == check(key, value) => {
                bytes.drain(..CHECK);
                Found::Value { bytes, used }
            }
            _ => Found::Damaged,
        }))
    }

    /// How many values there are.
    pub fn count(&self) -> Outcome<u64> {
        self.0.prepare_cached(COUNT)?.query_row([], |row| row.get(0))
    }

    /// Writes all notes at once. Where the file would then be larger than `most_bytes`, what was used longest
    /// ago goes first. Where all that is left was used at `now`, nothing is written, and the answer is false.
    pub fn write(&mut self, notes: &[Note], now: i64, most_bytes: u64) -> Outcome<bool> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for note in notes {
            match note {
                Note::Use(key) => {
                    transaction.prepare_cached(USE)?.execute(params![&key[..], now])?;
                }
                Note::Put(key, value) => {
                    let mut named = transaction.prepare_cached(NAME)?;
                    let id: i64 = named.query_row(params![&key[..], now], |row| row.get(0))?;
                    let bytes = [&check(key, value)[..], value].concat();
                    transaction.prepare_cached(PUT)?.execute(params![id, bytes])?;
                }
            }
        }
        while most_bytes < bytes_in_use(&transaction)? {
            let values = format!("{OLDEST} DELETE FROM value WHERE id IN old");
            let names = format!("{OLDEST} DELETE FROM name WHERE id IN old");
            transaction.execute(&values, [now])?;
            if transaction.execute(&names, [now])? == 0 {
                transaction.rollback()?;
                return Ok(false);
            }
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Gives room that is no longer needed back to the system.
    pub fn shrink(&self, most_bytes: u64) -> Outcome<()> {
        let pages: u64 = self.0.pragma_query_value(None, "page_count", |row| row.get(0))?;
        if most_bytes < pages.saturating_mul(page_size(&self.0)?) {
            // Each step frees some pages, and only the last says that it is done.
            let mut vacuum = self.0.prepare("PRAGMA incremental_vacuum")?;
            let mut steps = vacuum.query([])?;
            while steps.next()?.is_some() {}
        }
        Ok(())
    }
}

fn page_size(connection: &Connection) -> Outcome<u64> {
    connection.pragma_query_value(None, "page_size", |row| row.get(0))
}

fn bytes_in_use(connection: &Connection) -> Outcome<u64> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let pages = number("page_count")?.saturating_sub(number("freelist_count")?);
    Ok(pages.saturating_mul(page_size(connection)?))
}

/// Over the key, too, so that a value under another's key is noticed.
fn check(key: &Key, value: &[u8]) -> [u8; CHECK] {
    let mut hasher = blake3::Hasher::new_derive_key("textura cache: checksum");
    hasher.update(key).update(value);
    let mut sum = [0; CHECK];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

fn of_another_kind() -> rusqlite::Error {
    let code = rusqlite::ffi::Error { code: ErrorCode::NotADatabase, extended_code: 0 };
    rusqlite::Error::SqliteFailure(code, Some("a database of another program".into()))
}

/// Whether an error says that the file is broken or is something else, rather than that it cannot be had now.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(code, _) => matches!(
            code.code,
            ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::ConstraintViolation
                | ErrorCode::Unknown
        ),
        // Other tables or other types than ours.
        rusqlite::Error::SqlInputError { .. }
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::QueryReturnedNoRows => true,
        _ => false,
    }
}
