//! Arguments in, exit code out.

mod cli;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{ArgMatches, CommandFactory, FromArgMatches, ValueEnum};
use openai_data_controls::error;
use openai_data_controls::hcl::{VariableInput, VariableInputs};
use openai_data_controls::input::Progress;
use openai_data_controls::limits::Limits;
use openai_data_controls::policy::let_go;
use openai_data_controls::report::{Style, placed, plain};
use openai_data_controls::{Options, bundle, check, facts, retention, schemas};

use cli::{
    Bar, Bundle, Check, Cli, Color, Command, Reading, SchemaName, TableFormat, check_outputs, completions, editions,
    explain, init, keep_what_was_read, list_rules, manual, out, verify, write_atomically, write_json, write_report,
    write_rule,
};

/// The allocator of musl takes one lock for all threads, and that of glibc asks the kernel for little at a time.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let parsed = Cli::command().try_get_matches().and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(usage) => {
            let printed = usage.print().and_then(|()| std::io::stdout().flush());
            let is_told = printed.is_ok() || printed.is_err_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
            let fails = usage.use_stderr() || !is_told;
            return if fails { leave(error::ExitCode::Unchecked) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli.command, &variables(&matches)) {
        Ok(code) => ExitCode::from(code),
        Err(e) => {
            complain(&printable(&format!("{e:#}")));
            leave(error::ExitCode::Unchecked)
        }
    }
}

fn leave(code: error::ExitCode) -> ExitCode {
    ExitCode::from(u8::from(code))
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "error: {text}");
}

fn run(command: Command, variables: &[VariableInput]) -> anyhow::Result<u8> {
    match command {
        Command::Check(arguments) => run_check(&arguments, variables),
        Command::Facts(arguments) => run_facts(&arguments, variables),
        Command::Retention { reading, format } => run_retention(&reading, variables, format),
        Command::Rules { policies, scaffold: Some(id), format: _ } => write_rule(&id, &policies),
        Command::Rules { policies, scaffold: None, format } => list_rules(&policies, format),
        Command::Explain { rule, policies, format } => explain(&rule, &policies, format),
        Command::Verify { policies, format } => verify(&policies, format),
        Command::Editions { one, other, today, format } => {
            editions(one.as_deref(), other.as_deref(), &today.unwrap_or_else(today_utc), format)
        }
        Command::Bundle(arguments) => run_bundle(&arguments),
        Command::Init { directory, data_retention, today } => {
            init(&directory, &data_retention, &today.unwrap_or_else(today_utc))
        }
        Command::Completions { shell } => completions(shell),
        Command::Man { output } => manual(output.as_deref()),
        Command::Schema { name } => print_schema(name),
    }
}

/// `--var` and `--var-file` in the order in which they were given.
fn variables(matches: &ArgMatches) -> Vec<VariableInput> {
    let Some((_, matches)) = matches.subcommand() else { return Vec::new() };
    let mut ordered: Vec<(usize, VariableInput)> = Vec::new();
    if let Ok(Some(given)) = matches.try_get_many::<String>("var") {
        let given = given.cloned().map(VariableInput::Assignment);
        ordered.extend(matches.indices_of("var").into_iter().flatten().zip(given));
    }
    if let Ok(Some(given)) = matches.try_get_many::<PathBuf>("var_file") {
        let given = given.cloned().map(VariableInput::File);
        ordered.extend(matches.indices_of("var_file").into_iter().flatten().zip(given));
    }
    ordered.sort_by_key(|(index, _)| *index);
    ordered.into_iter().map(|(_, input)| input).collect()
}

/// `TF_VAR_…` of the environment.
fn environment() -> anyhow::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix("TF_VAR_")) else { continue };
        let Ok(value) = value.into_string() else { bail!("--env-vars: the value of TF_VAR_{name} is not UTF-8") };
        found.insert(name.to_owned(), value);
    }
    Ok(found)
}

fn today_utc() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn options(reading: &Reading, variables: &[VariableInput]) -> anyhow::Result<Options> {
    let mut limits = Limits::default();
    for (name, value) in &reading.limits {
        // Each was tried when the arguments were read.
        let _ = limits.set(name, *value);
    }
    Ok(Options {
        limits,
        paths: reading.paths.clone(),
        edition: reading.edition.clone(),
        policies: reading.policies.clone(),
        settings: reading.settings.clone(),
        organization: reading.organization.clone(),
        kind: reading.kind.map(Into::into),
        require_projects: reading.require_projects,
        today: reading.today.clone().unwrap_or_else(today_utc),
        sources: reading.source.clone(),
        assume_equal_keys: reading.assume_equal_keys,
        recursive: reading.recursive,
        variables: VariableInputs {
            given: variables.to_vec(),
            environment: if reading.env_vars { environment()? } else { BTreeMap::new() },
            workspace: reading.workspace.clone(),
        },
        ..Options::default()
    })
}

fn run_check(arguments: &Check, variables: &[VariableInput]) -> anyhow::Result<u8> {
    check_outputs(&arguments.formats, &arguments.reading)?;
    let bar = (!arguments.quiet).then(|| Arc::new(Bar::new()) as Arc<dyn Progress>);
    let options = Options {
        progress: bar,
        fail_on: arguments.fail_on,
        allow_undetermined: arguments.allow_undetermined,
        verdicts: arguments.verdicts,
        compare_edition: arguments.compare_edition.clone(),
        waivers_from: arguments.waivers_from.clone(),
        baseline: arguments.baseline.clone(),
        ..options(&arguments.reading, variables)?
    };
    let (report, map) = check(&options, &mut standard_input());
    // The bar goes with them.
    drop(options);
    for entry in report.unchecked.iter().filter(|entry| !entry.acknowledged) {
        let placed = |path: &String| placed(path, entry.line, entry.column);
        let place = entry.path.as_ref().map_or_else(|| entry.what.clone(), placed);
        complain(&printable(&format!("{place}: {}", entry.why)));
    }
    let color = match arguments.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_coloured(),
    };
    let of_options = [&arguments.reading.edition, &arguments.compare_edition].into_iter().flatten().map(String::as_str);
    let settings = report.settings.as_ref().map(|settings| settings.path.as_str());
    let inputs = report.inputs.iter().map(|input| input.path.as_str());
    let read = map.paths().chain(inputs).chain(settings).chain(of_options).map(Path::new);
    keep_what_was_read(&arguments.formats, read.chain(arguments.baseline.as_deref()))?;
    let style = Style { color, quiet: arguments.quiet, width: width() };
    write_report(&report, &arguments.formats, style, &map)?;
    let code = if arguments.exit_zero && report.checked { 0 } else { report.summary.exit_code };
    let_go((report, map));
    Ok(code)
}

/// The columns that text is wrapped to: `COLUMNS`, else those of the terminal.
fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| {
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size)??;
        Some(terminal.0.0.into())
    })
}

/// Text of one line for a terminal.
fn printable(text: &str) -> String {
    plain(text).into_owned()
}

fn standard_input() -> impl Read + Send {
    std::io::stdin()
}

fn run_facts(arguments: &Reading, variables: &[VariableInput]) -> anyhow::Result<u8> {
    let (inputs, mut problems) = {
        let progress = Some(Arc::new(Bar::new()) as Arc<dyn Progress>);
        facts(&Options { progress, ..options(arguments, variables)? }, &mut standard_input())
    };
    if let Some(inputs) = &inputs {
        problems.extend(inputs.problems.iter().cloned());
    }
    for problem in &problems {
        complain(&printable(&problem.to_string()));
    }
    let code = if problems.is_empty() { error::ExitCode::Pass } else { error::ExitCode::Unchecked };
    inputs.map_or(Ok(()), |inputs| write_json(&inputs.facts))?;
    Ok(code.into())
}

fn run_retention(arguments: &Reading, variables: &[VariableInput], format: TableFormat) -> anyhow::Result<u8> {
    let (table, problems) = {
        let progress = Some(Arc::new(Bar::new()) as Arc<dyn Progress>);
        retention(&Options { progress, ..options(arguments, variables)? }, &mut standard_input())
    };
    for problem in &problems {
        complain(&printable(&problem.to_string()));
    }
    let code = if problems.is_empty() { error::ExitCode::Pass } else { error::ExitCode::Unchecked };
    if let Some(table) = table {
        let mut out = std::io::BufWriter::new(out());
        table.write(format.into(), &mut out).and_then(|()| out.flush()).context("the table can't be written")?;
    }
    Ok(code.into())
}

fn run_bundle(arguments: &Bundle) -> anyhow::Result<u8> {
    let options = Options {
        policies: arguments.policies.clone(),
        settings: arguments.settings.clone(),
        fail_on: arguments.fail_on,
        ..Options::default()
    };
    match bundle(&options) {
        Ok(bytes) => {
            write_atomically(&arguments.output, &bytes)?;
            Ok(error::ExitCode::Pass.into())
        }
        Err(problems) => {
            problems.iter().for_each(|problem| complain(&printable(&problem.to_string())));
            Ok(error::ExitCode::Unchecked.into())
        }
    }
}

/// Whether a report is coloured where nobody says: on a terminal that takes colours, elsewhere by `CLICOLOR_FORCE`, and never
/// with `NO_COLOR`.
fn is_coloured() -> bool {
    let said = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if said("NO_COLOR").is_some() {
        return false;
    }
    let is_forced = said("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    is_forced || std::io::stdout().is_terminal() && said("TERM").is_none_or(|value| value != "dumb")
}

fn print_schema(name: SchemaName) -> anyhow::Result<u8> {
    let name = name.to_possible_value().context("a hidden name")?;
    let schema = schemas::published(name.get_name()).context("no schema of this name is embedded")?;
    out().write_all(schema.as_bytes())?;
    Ok(0)
}
