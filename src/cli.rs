//! What the command line looks like.

mod editions;
mod formats;
mod init;
mod manual;
mod output;
mod progress;
mod rules;
mod verify;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
pub(crate) use editions::editions;
pub(crate) use formats::{Output, check_outputs, keep_what_was_read, output, write_report};
pub(crate) use init::init;
pub(crate) use manual::{completions, manual};
use openai_data_controls::facts::CONTROLS;
use openai_data_controls::input::InputKind;
use openai_data_controls::limits::Limits;
use openai_data_controls::retention;
use openai_data_controls::rule::Severity;
pub(crate) use output::{Out, out, write_atomically, write_json};
pub(crate) use progress::Bar;
pub(crate) use rules::{explain, list_rules};
pub(crate) use verify::{verify, write_rule};

/// Checks Terraform plans and project definitions against OpenAI's data controls.
#[derive(Debug, Parser)]
#[command(
    name = "openai-data-controls",
    version,
    about,
    max_term_width = 100,
    before_help = "Most common:\n  openai-data-controls init             first settings, from what lies here\n  openai-data-controls check            source and definitions that lie here\n  openai-data-controls check plan.json  a plan: terraform show -json tfplan",
    after_help = "check leaves with 0 pass, 3 violation, 4 undetermined, 5 could not check; verify with 0, 3 a failed test or example, 5; the other commands with 0 or 5."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge plans and definitions
    Check(Box<Check>),
    /// Show what the rules see, as JSON
    Facts(Box<Reading>),
    /// Show what is kept of what is sent, for how long, where and why: project by endpoint
    Retention {
        #[command(flatten)]
        reading: Box<Reading>,
        /// Output format
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
    },
    /// List every rule, or write a new one
    Rules {
        /// Directory with rules of your own, GROUP/NAME.rego
        #[arg(long = "policy", value_name = "DIR")]
        policies: Vec<PathBuf>,
        /// Write a new rule with its test and its examples [directory: that of --policy, else ./policy]
        #[arg(long, value_name = "GROUP/NAME", conflicts_with = "format")]
        scaffold: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Tell why a rule exists, how to mend what it finds, and what fails and passes
    Explain {
        /// Its id, GROUP/NAME
        #[arg(value_name = "RULE")]
        rule: String,
        /// Directory with rules of your own, GROUP/NAME.rego
        #[arg(long = "policy", value_name = "DIR")]
        policies: Vec<PathBuf>,
        /// Output format
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// List the editions of OpenAI's page, show one, or tell what changed between two
    Editions {
        /// Name or file of an edition: shown in full, with the facts that no rule judges
        #[arg(value_name = "A")]
        one: Option<String>,
        /// Another: what changed from A to B
        #[arg(value_name = "B")]
        other: Option<String>,
        /// The day that ages are counted to, YYYY-MM-DD [default: today, UTC]
        #[arg(long, value_name = "DATE", value_parser = day)]
        today: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Write the rules as an OPA bundle, for gates that run OPA, conftest or an OPA server themselves
    Bundle(Bundle),
    /// Run the Rego tests and examples of rules, with line coverage, and tell what their authors got wrong
    Verify {
        /// Directory with rules of your own, GROUP/NAME.rego [default: the product's own rules]
        #[arg(long = "policy", value_name = "DIR")]
        policies: Vec<PathBuf>,
        /// Output format
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Write the first settings, and a definition of the organization, from what a directory holds
    Init {
        /// The directory
        #[arg(value_name = "DIR", default_value = ".")]
        directory: PathBuf,
        /// The control selected for the organization
        #[arg(long, value_name = "CONTROL", value_parser = CONTROLS, default_value = "none")]
        data_retention: String,
        /// The day from which ends are proposed, YYYY-MM-DD [default: today, UTC]
        #[arg(long, value_name = "DATE", value_parser = day)]
        today: Option<String>,
    },
    /// Print the completions of a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page (roff), or write a page for each command
    Man {
        /// Directory to write all pages to
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Print a JSON Schema
    Schema {
        /// Whose
        #[arg(value_enum)]
        name: SchemaName,
    },
}

/// What every reading command takes.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Plans, definitions, directories; `-` is standard input [default: the current directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Edition of OpenAI's page [default: the newest complete one]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) edition: Option<String>,
    /// Directory with rules of your own, GROUP/NAME.rego
    #[arg(long = "policy", value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
    /// Settings file [default: .openai-data-controls.hcl, beside the input and upwards]
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// A definition that holds for every input
    #[arg(long, value_name = "FILE")]
    pub(crate) organization: Vec<PathBuf>,
    /// Take every input for this kind
    #[arg(long = "as", value_name = "KIND", value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Source of a plan, for joins and places: its directory, or the saved plan file
    #[arg(long, value_name = "DIR|TFPLAN")]
    pub(crate) source: Vec<PathBuf>,
    /// Take equal key sets as proof that equal keys belong together
    #[arg(long)]
    pub(crate) assume_equal_keys: bool,
    /// Look for root modules and definitions in all directories below
    #[arg(long)]
    pub(crate) recursive: bool,
    /// A value for a variable of the root module
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) var: Vec<String>,
    /// A file with values for variables of the root module
    #[arg(long, value_name = "FILE")]
    pub(crate) var_file: Vec<PathBuf>,
    /// The value of terraform.workspace
    #[arg(long, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// Take variables from TF_VAR_… of the environment, too
    #[arg(long)]
    pub(crate) env_vars: bool,
    /// Move a bound: input-bytes, definition-bytes, directories, module-calls, module-depth, instances, steps or
    /// rule-seconds; may be given several times
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = limit)]
    pub(crate) limits: Vec<(String, u64)>,
    /// Fail if no project is found
    #[arg(long)]
    pub(crate) require_projects: bool,
    /// The day that dates are compared with, YYYY-MM-DD [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) today: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Directory with rules of your own, GROUP/NAME.rego
    #[arg(long = "policy", value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
    /// Settings file, for severities and disabled rules [default: .openai-data-controls.hcl, here and upwards]
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The severity from which a finding is denied, not warned of [default: medium]
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) fail_on: Option<Severity>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The severity from which a finding fails the run [default: medium]
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) fail_on: Option<Severity>,
    /// Undetermined verdicts do not fail the run
    #[arg(long)]
    pub(crate) allow_undetermined: bool,
    /// Leave with 0 if any input was checked
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Say which verdicts would be others under this edition
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) compare_edition: Option<String>,
    /// The JSON report of an earlier run: only what is new fails
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Take settings and ignores in source as this git revision has them
    #[arg(long, value_name = "REF")]
    pub(crate) waivers_from: Option<String>,
    /// Report passes and what does not apply, too
    #[arg(long)]
    pub(crate) verdicts: bool,
    /// Output format, and a file to write it to: text, json, sarif, junit, github, gitlab, azure, tap, markdown or
    /// conftest; may be given several times
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = output, default_value = "text")]
    pub(crate) formats: Vec<Output>,
    /// Colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Findings and the last line only
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    TerraformPlan,
    TerraformState,
    TerraformSource,
    Definition,
    AdminApi,
}

impl From<Kind> for InputKind {
    fn from(kind: Kind) -> InputKind {
        match kind {
            Kind::TerraformPlan => InputKind::TerraformPlan,
            Kind::TerraformState => InputKind::TerraformState,
            Kind::TerraformSource => InputKind::TerraformSource,
            Kind::Definition => InputKind::Definition,
            Kind::AdminApi => InputKind::AdminApi,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum TableFormat {
    Text,
    Json,
    Markdown,
    Csv,
}

impl From<TableFormat> for retention::TableFormat {
    fn from(format: TableFormat) -> retention::TableFormat {
        match format {
            TableFormat::Text => retention::TableFormat::Text,
            TableFormat::Json => retention::TableFormat::Json,
            TableFormat::Markdown => retention::TableFormat::Markdown,
            TableFormat::Csv => retention::TableFormat::Csv,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaName {
    /// What rules see: `facts`
    Facts,
    /// A definition in JSON, as `check` reads it
    Definition,
    /// `check --format json`
    Report,
    /// An edition's file
    Edition,
    /// `retention --format json`
    Table,
    /// `editions A B --format json`
    Comparison,
    /// `verify --format json`
    Verification,
}

/// A severity, by its name; completions and help know all of them.
fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name)).try_map(|name| name.parse::<Severity>())
}

/// Name and value of a bound that is moved.
fn limit(text: &str) -> Result<(String, u64), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("expected NAME=VALUE, such as rule-seconds=60".to_owned());
    };
    let value = value.parse().map_err(|_| format!("expected a whole number for {name}"))?;
    Limits::default().set(name, value)?;
    Ok((name.to_owned(), value))
}

fn day(text: &str) -> Result<String, String> {
    if openai_data_controls::document::is_date(text) {
        Ok(text.to_owned())
    } else {
        Err("expected a day of the calendar as YYYY-MM-DD".to_owned())
    }
}
