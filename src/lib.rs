//! Checks Terraform plans and project definitions for OpenAI API projects against OpenAI's page "Data controls in the
//! OpenAI platform": data residency, abuse monitoring, Zero Data Retention and their approval.
//!
//! One line: paths → [`input`] → [`facts`] → [`policy`] → [`verdict`] → [`report`]. Readers turn what they are given into
//! one facts document; Rego rules judge it with a dated [`edition`] of the page as data; a source map goes around the
//! rules, so that lines are looked up afterwards, in one place ([`location`]).
//!
//! ```
//! use openai_data_controls::{Options, check};
//!
//! let directory = std::env::temp_dir().join("openai-data-controls-example");
//! std::fs::create_dir_all(&directory)?;
//! std::fs::write(directory.join("openai.hcl"), "project \"eu-support\" {\n  region = \"EU\"\n}\n")?;
//!
//! let options = Options { paths: vec![directory], today: "2026-11-22".into(), ..Options::default() };
//! let (report, _places) = check(&options, &mut std::io::empty());
//! assert_eq!(report.summary.exit_code, 3);
//! assert!(report.findings.iter().any(|f| f.rule.as_str() == "residency/non-us-region-without-zdr-amendment"));
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod digest;
pub mod document;
pub mod edition;
pub mod error;
pub mod facts;
pub mod hcl;
pub mod input;
pub mod location;
pub mod policy;
pub mod report;
pub mod rule;
pub mod secret;
pub mod settings;
pub mod verdict;

use std::path::PathBuf;
use std::sync::Arc;

use edition::EditionFacts;
use error::Error;
use input::{InputKind, Inputs, Progress};
use location::SourceMap;
use policy::{Document, PolicySet};
use report::{EditionRecord, Policies, Report, SettingsRecord};
use rule::Severity;
use settings::Settings;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and directories, `-` for standard input; none: the working directory.
    pub paths: Vec<PathBuf>,
    /// Name of the edition; `None`: the settings', else the newest complete one.
    pub edition: Option<String>,
    /// Settings file; `None`: looked for.
    pub settings: Option<PathBuf>,
    /// Definitions that hold for every input.
    pub organization: Vec<PathBuf>,
    /// The kind that every input is taken for.
    pub kind: Option<InputKind>,
    /// The severity from which a finding fails the run; `None`: the settings', else medium.
    pub fail_on: Option<Severity>,
    /// Undetermined verdicts do not fail the run.
    pub allow_undetermined: bool,
    /// A run without a project could not check anything.
    pub require_projects: bool,
    /// The day that dates are compared with, `YYYY-MM-DD`.
    pub today: String,
    /// Every verdict becomes a finding.
    pub verdicts: bool,
    /// Directories with the source of plans.
    pub sources: Vec<PathBuf>,
    /// Take equal key sets as proof that equal keys belong together.
    pub assume_equal_keys: bool,
    /// Read every root module below a directory.
    pub recursive: bool,
    /// The values of root variables and the workspace, for source.
    pub variables: hcl::VariableInputs,
    /// Who is told how far the reading of inputs is.
    pub progress: Option<Arc<dyn Progress>>,
}

/// The facts that the rules would see, with what could not be read.
pub fn facts(options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> (Option<Inputs>, Vec<Error>) {
    let mut run = Run::new(options, &policy::embedded());
    let inputs = run.read(options, standard_input);
    (inputs, run.problems)
}

/// The main job: reads, judges, reports. Nothing that goes wrong ends in a pass: it stands in the report.
pub fn check(options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> (Report, SourceMap) {
    let files = policy::embedded();
    let mut run = Run::new(options, &files);
    let fail_on = options.fail_on.or(run.settings.as_ref().and_then(|s| s.fail_on)).unwrap_or(Severity::Medium);
    let mut report = Report::new(&options.today, fail_on, options.allow_undetermined);

    let (inputs, ahead) = std::thread::scope(|scope| {
        // While a large input is read, all rules are loaded; else only those that its facts need.
        let ahead = is_large(options).then(|| scope.spawn(|| PolicySet::load(&files)));
        let inputs = run.read(options, standard_input);
        (inputs, ahead.map(|loading| loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
    });
    let Some(inputs) = inputs else {
        report.settle(verdict::Verdicts::default(), &run.problems);
        return (report, SourceMap::default());
    };
    // The facts are handed over while the rules that they need are loaded.
    let (facts, (mut policies, problems)) = std::thread::scope(|scope| {
        let handing = scope.spawn(|| Document::new(&inputs.facts));
        let kinds = verdict::kinds(&inputs.facts);
        let loaded = ahead.map_or_else(
            || PolicySet::load_for(&files, &kinds),
            |(mut policies, problems)| {
                policies.retain(|rule| kinds.iter().any(|kind| rule.judges(kind)));
                (policies, problems)
            },
        );
        (handing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), loaded)
    });
    run.problems.extend(problems);
    run.problems.extend(inputs.problems.iter().cloned());
    policies.retain(|rule| run.is_enabled(&rule.id));
    let (outcomes, problems) = match facts {
        Ok(facts) => policies.evaluate(facts),
        Err(problem) => (Default::default(), vec![problem]),
    };
    run.problems.extend(problems);
    let rules: Vec<rule::Rule> = policies.rules().iter().map(|rule| run.with_settings(rule)).collect();
    let verdicts = verdict::judge(&rules, &outcomes, &inputs.facts, &inputs.map, options.verdicts);
    run.problems.extend(verdicts.problems.iter().cloned());
    let enabled = run.enabled(&policy::rule_ids(&files));
    report.edition = run.edition;
    report.checked = inputs.checked;
    report.inputs = inputs.records;
    report.notes = inputs.notes;
    report.policies = Policies { sha256: policies.sha256().to_owned(), rules: enabled };
    report.settings = run.settings.map(|s| SettingsRecord { path: s.path, sha256: s.sha256 });
    report.settle(verdicts, &run.problems);
    (report, inputs.map)
}

/// What a run needs before it reads: settings and the edition.
struct Run {
    working_directory: PathBuf,
    settings: Option<Settings>,
    edition: Option<EditionRecord>,
    edition_facts: Option<EditionFacts>,
    problems: Vec<Error>,
}

impl Run {
    fn new(options: &Options, files: &[policy::File]) -> Run {
        let working_directory = std::env::current_dir().unwrap_or_default();
        let mut problems = Vec::new();
        let known: Vec<rule::RuleId> = policy::rule_ids(files);
        let known: Vec<&str> = known.iter().map(rule::RuleId::as_str).collect();
        let mut settings = None;
        let found = match &options.settings {
            Some(path) => Ok(Some(path.clone())),
            None => settings::find(&paths(options), &working_directory),
        };
        match found.map_err(|e| vec![e]).and_then(|path| match path {
            Some(path) => settings::read(&path, &known, &working_directory).map(Some),
            None => Ok(None),
        }) {
            Ok(read) => settings = read,
            Err(wrong) => problems.extend(wrong),
        }
        let name = options.edition.as_deref().or(settings.as_ref().and_then(|s| s.edition.as_deref()));
        let (mut edition, mut edition_facts) = (None, None);
        match edition::choose(name) {
            Ok((chosen, text)) => {
                edition = Some(EditionRecord {
                    name: chosen.edition.clone(),
                    date: chosen.edition_date.clone(),
                    date_range: chosen.edition_date.is_none().then(|| chosen.edition_date_estimate.clone()).flatten(),
                    source: chosen.source.url.clone(),
                    sha256: digest::sha256([text.as_bytes()]),
                });
                edition_facts = Some(EditionFacts::new(&chosen));
            }
            Err(wrong) => problems.push(wrong),
        }
        for source in &options.sources {
            let path = working_directory.join(source);
            let why = match std::fs::metadata(&path) {
                Ok(kind) if kind.is_dir() => continue,
                Ok(_) => hcl::SavedPlan::read(&path).err(),
                Err(e) => Some(format!("can't be read: {e}")),
            };
            if let Some(why) = why {
                let what = source.display().to_string();
                let help = "give the directory of the root module that was planned, or the file of terraform plan -out";
                problems.push(Error::new(what, format!("the source {why}")).help(help));
            }
        }
        Run { working_directory, settings, edition, edition_facts, problems }
    }

    fn read(&mut self, options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> Option<Inputs> {
        let edition = self.edition_facts.take()?;
        let mut organization = options.organization.clone();
        organization.extend(self.settings.iter().flat_map(|s| s.organization.iter().cloned()));
        let options = (
            paths(options),
            input::Options {
                kind: options.kind,
                organization,
                sources: options.sources.clone(),
                assume_equal_keys: options.assume_equal_keys,
                require_projects: options.require_projects,
                recursive: options.recursive,
                variables: options.variables.clone(),
                progress: options.progress.clone(),
                forks: self.settings.as_ref().map(|s| s.forks.clone()).unwrap_or_default(),
                working_directory: self.working_directory.clone(),
            },
            &options.today,
        );
        Some(input::read(&options.0, standard_input, edition, options.2, &options.1))
    }

    fn is_enabled(&self, id: &rule::RuleId) -> bool {
        let set = self.settings.as_ref().and_then(|s| s.rules.get(id.as_str())).and_then(|s| s.enabled);
        set != Some(false)
    }

    fn enabled(&self, ids: &[rule::RuleId]) -> usize {
        ids.iter().filter(|id| self.is_enabled(id)).count()
    }

    fn with_settings(&self, rule: &rule::Rule) -> rule::Rule {
        let set = self.settings.as_ref().and_then(|s| s.rules.get(rule.id.as_str())).and_then(|s| s.severity);
        rule::Rule { severity: set.unwrap_or(rule.severity), ..rule.clone() }
    }
}

/// Whether the inputs are so large that rules are loaded before they are read.
fn is_large(options: &Options) -> bool {
    const LARGE: u64 = 4 << 20;
    let sizes = options.paths.iter().map(|path| std::fs::metadata(path).map_or(0, |m| m.len()));
    sizes.sum::<u64>() >= LARGE
}

fn paths(options: &Options) -> Vec<PathBuf> {
    if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() }
}
