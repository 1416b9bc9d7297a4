//! `--config`: flags from a file, as if they had been typed before the others.
//!
//! Nothing here knows a flag by its name: what a file may hold is what clap knows.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::{Problem, advice_for};
use anyhow::Result;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _};
use toml::{Table, Value};

use super::args::Args;

/// One setting of a file with the flag that it stands for.
struct Setting<'a> {
    arg: &'a Arg,
    key: &'a str,
    value: &'a Value,
}

/// What was typed with the settings of the file that `--config` names, and that file. What was typed wins over them,
/// also where it excludes them.
///
/// # Errors
/// [`Error::Setting`] for a file that is missing or no TOML, and for keys and values that are no flags.
pub fn with_file(typed: Vec<OsString>) -> Result<(Vec<OsString>, Option<PathBuf>)> {
    let mut textura = Args::command().disable_help_subcommand(true).ignore_errors(true);
    textura.build();
    let parse = |args: &[OsString]| textura.clone().try_get_matches_from(args).ok();
    let named = parse(&typed).and_then(|matches| {
        let file = matches.try_get_one::<PathBuf>("config").ok()??.clone();
        let (name, matches) = matches.subcommand()?;
        Some((file, textura.find_subcommand(name)?, matches.clone()))
    });
    let Some((file, command, matches)) = named else {
        return Ok((typed, None));
    };
    let table = read(&file)?;
    let in_file = |problem: Problem| {
        let found = format!("{} in {}", problem.found, file.display());
        Error::setting("config", Problem { found, ..problem })
    };
    let settings = settings(&table, &textura, command).map_err(in_file)?;

    let (mut flags, mut positionals) = (Vec::new(), Vec::new());
    for setting in settings.iter().filter(|setting| !gives_way(setting, command, &matches)) {
        if setting.arg.is_positional() {
            let texts = texts(setting).map_err(in_file)?;
            positionals.push((setting.arg.get_index(), texts));
        } else {
            flags.extend(typed_form(setting).map_err(in_file)?);
        }
    }
    // The shortest beginning that names the command ends with its name.
    let has_command = |&end: &usize| {
        parse(&typed[..end]).is_some_and(|matches| matches.subcommand_name().is_some())
    };
    let after_name = (1..=typed.len()).find(has_command).unwrap_or(typed.len());
    let mut args = typed;
    if !positionals.is_empty() {
        positionals.sort_by_key(|(index, _)| *index);
        if !args.iter().any(|arg| arg == "--") {
            args.push("--".into());
        }
        args.extend(positionals.into_iter().flat_map(|(_, texts)| texts).map(OsString::from));
    }
    args.splice(after_name..after_name, flags.into_iter().map(OsString::from));
    Ok((args, Some(file)))
}

fn read(file: &Path) -> Result<Table> {
    let refuse = |found: String, advice: &str| {
        Error::setting("config", Problem::new("a TOML file of flags", found, advice))
    };
    if !file.is_file() {
        let found = format!("{}, which is no file", file.display());
        return Err(refuse(found, "check the name").into());
    }
    let bytes = std::fs::read(file).map_err(|e| Error::io("read", file, e))?;
    let parsed = String::from_utf8(bytes).map_err(|e| e.to_string());
    let parsed = parsed.and_then(|text| text.parse::<Table>().map_err(|e| e.to_string()));
    Ok(parsed.map_err(|e| {
        let found = format!("{}: {}", file.display(), e.trim_end());
        refuse(found, "write key = value; textura COMMAND --help lists the keys")
    })?)
}

/// All that concerns this command. The tables of the others are checked, too, so that a mistake is heard of before
/// the night it was meant for.
fn settings<'a>(
    table: &'a Table,
    textura: &'a Command,
    command: &'a Command,
) -> Result<Vec<Setting<'a>>, Problem> {
    let (mut general, mut own) = (Vec::new(), Vec::new());
    for (key, value) in table {
        let Value::Table(inner) = value else {
            general.push(setting(key, value, textura)?);
            continue;
        };
        let Some(owner) = textura.find_subcommand(key) else {
            let names = textura.get_subcommands().map(Command::get_name);
            let advice = advice_for(key, names, "textura --help lists the commands");
            return Err(Problem::new("the name of a command", format!("[{key}]"), advice));
        };
        for (key, value) in inner {
            let setting = setting(key, value, owner)?;
            if owner.get_name() == command.get_name() {
                own.push(setting);
            }
        }
    }
    // What is said of one command is more special than what is said of all.
    general.retain(|setting| own.iter().all(|other| other.arg.get_id() != setting.arg.get_id()));
    general.extend(own);
    Ok(general)
}

fn setting<'a>(
    key: &'a str,
    value: &'a Value,
    command: &'a Command,
) -> Result<Setting<'a>, Problem> {
    let usable = || command.get_arguments().filter(|arg| arg.get_id() != "config");
    let found = usable().find(|arg| names(arg).iter().any(|name| name == key));
    let arg = found.ok_or_else(|| {
        let names: Vec<String> = usable().flat_map(names).collect();
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let help = format!("{} --help lists the flags", name.replace('-', " "));
        let advice = advice_for(key, names.iter().map(String::as_str), &help);
        let expected = format!("a flag of {}", name.replace('-', " "));
        Problem::new(expected, format!("`{key}`"), advice)
    })?;
    Ok(Setting { arg, key, value })
}

/// How an argument is called in a file: by its long flag, or as it stands in the usage.
fn names(arg: &Arg) -> Vec<String> {
    if matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    ) {
        return Vec::new();
    }
    if let Some(long) = arg.get_long() {
        return vec![long.to_owned()];
    }
    let shown = arg.get_value_names().and_then(|names| names.first());
    let shown = shown.map_or_else(|| arg.get_id().to_string(), |name| name.to_string());
    shown.split('|').map(str::to_lowercase).collect()
}

/// Whether something typed stands in its place or excludes it. Positional arguments cannot be told apart, so that
/// one that was typed puts all of the file's out of use.
fn gives_way(setting: &Setting<'_>, command: &Command, matches: &ArgMatches) -> bool {
    let is_typed =
        |arg: &Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
    };
    command.get_arguments().filter(|typed| is_typed(typed)).any(|typed| {
        typed.get_id() == setting.arg.get_id()
            || (typed.is_positional() && setting.arg.is_positional())
            || excludes(setting.arg, typed)
            || excludes(typed, setting.arg)
    })
}

/// The words that would have been typed for a flag.
fn typed_form(setting: &Setting<'_>) -> Result<Vec<String>, Problem> {
    let key = setting.key;
    if !setting.arg.get_action().takes_values() {
        return match setting.value {
            Value::Boolean(true) => Ok(vec![format!("--{key}")]),
            Value::Boolean(false) => Ok(Vec::new()),
            other => Err(unfit(setting, "true or false", other)),
        };
    }
    let texts = texts(setting)?;
    let is_repeated = matches!(setting.arg.get_action(), ArgAction::Append)
        && setting.arg.get_value_delimiter().is_none();
    if is_repeated {
        return Ok(texts.iter().map(|text| format!("--{key}={text}")).collect());
    }
    Ok(vec![format!("--{key}={}", texts.join(","))])
}

/// A value in words; several for a list.
fn texts(setting: &Setting<'_>) -> Result<Vec<String>, Problem> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        other => Err(unfit(setting, "a text, a number or a list of them", other)),
    };
    match setting.value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => Ok(vec![text(value)?]),
    }
}

fn unfit(setting: &Setting<'_>, expected: &str, found: &Value) -> Problem {
    let found = format!("{} `{}`", found.type_str(), setting.key);
    Problem::new(expected, found, "write it as you would type it")
}
