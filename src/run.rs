//! What a run is asked to do, and what it needs before it reads: settings, the edition, the rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::document::is_date;
use crate::edition::{self, Chosen, EditionFacts};
use crate::error::Error;
use crate::git::{Revision, root_of_file};
use crate::hcl::{SavedPlan, VariableInputs};
use crate::input::{self, InputKind, Inputs, Progress};
use crate::limits::Limits;
use crate::location::{Location, display_path};
use crate::policy::{self, File};
use crate::report::EditionRecord;
use crate::rule::{Rule, RuleId, Severity};
use crate::settings::{self, Settings};

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and directories, `-` for standard input; none: the working directory.
    pub paths: Vec<PathBuf>,
    /// Name or file of the edition; `None`: the settings', else the newest complete one.
    pub edition: Option<String>,
    /// Name or file of another edition: the report says which verdicts would change under it.
    pub compare_edition: Option<String>,
    /// Directories with rules of one's own.
    pub policies: Vec<PathBuf>,
    /// Settings file; `None`: looked for.
    pub settings: Option<PathBuf>,
    /// Settings are not looked for.
    pub ignore_settings: bool,
    /// A git revision: settings and ignores in source count as that has them.
    pub waivers_from: Option<String>,
    /// The JSON report of an earlier run: only what is new fails.
    pub baseline: Option<PathBuf>,
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
    pub variables: VariableInputs,
    /// Bounds on what is read, evaluated and waited for.
    pub limits: Limits,
    /// Who is told how far the reading of inputs is.
    pub progress: Option<Arc<dyn Progress>>,
}

/// What a run needs before it reads.
pub(crate) struct Run {
    pub(crate) working_directory: PathBuf,
    /// The revision that settings and ignores count of.
    pub(crate) revision: Option<Revision>,
    pub(crate) settings: Option<Settings>,
    pub(crate) edition: Option<Chosen>,
    /// The rules of the product and of policy directories, without tests.
    pub(crate) files: Vec<File>,
    pub(crate) problems: Vec<Error>,
}

impl Run {
    pub(crate) fn new(options: &Options) -> Run {
        let working_directory = std::env::current_dir().unwrap_or_default();
        let mut problems = Vec::new();
        let revision = options.waivers_from.as_deref().map(Revision::new);
        let readable = revision
            .as_ref()
            .map_or(Ok(()), |revision| settings::check_revision(&paths(options), &working_directory, revision));
        let found = readable.and_then(|()| match &options.settings {
            Some(path) => Ok(Some(path.clone())),
            None if options.ignore_settings => Ok(None),
            None => settings::find(&paths(options), &working_directory, revision.as_ref()),
        });
        let mut files = policy::embedded();
        let own_are_read = std::cell::Cell::new(false);
        let mut known_rules = |directories: &[PathBuf]| {
            let directories: Vec<PathBuf> = directories.iter().chain(&options.policies).cloned().collect();
            own_are_read.set(true);
            if !directories.is_empty() {
                let taken = policy::embedded_for_gates();
                let (own, wrong) = policy::read_directories(&directories, &working_directory, &taken);
                problems.extend(wrong);
                files.extend(own.into_iter().filter(|file| !file.is_test()));
            }
            policy::rule_ids(&files).iter().map(RuleId::to_string).collect::<Vec<_>>()
        };
        let read = found.map_err(|e| vec![e]).and_then(|path| match path {
            Some(path) => settings::read(&path, &mut known_rules, &working_directory, revision.as_ref()).map(Some),
            None => Ok(None),
        });
        if !own_are_read.get() {
            known_rules(&[]);
        }
        let run_settings = read.unwrap_or_else(|wrong| {
            problems.extend(wrong);
            None
        });
        let name = options.edition.as_deref().or(run_settings.as_ref().and_then(|s: &Settings| s.edition.as_deref()));
        let named_at = run_settings.as_ref().and_then(|s| s.edition_at.clone()).filter(|_| options.edition.is_none());
        let edition =
            edition::choose(name).map_err(|wrong| problems.push(at_its_name(wrong, named_at, &working_directory))).ok();
        let own = edition.as_ref().and_then(|chosen| chosen.path.as_ref());
        if let (Some(revision), Some(path)) = (&revision, own) {
            problems.extend(changed_since(revision, &working_directory.join(path), &working_directory));
        }
        problems.extend(options.sources.iter().filter_map(|source| wrong_source(source, &working_directory)));
        Run { working_directory, revision, settings: run_settings, edition, files, problems }
    }

    /// The same for a run that compares days with one that is given. Compared with what is no day, nothing would ever expire.
    pub(crate) fn dated(options: &Options) -> Run {
        let mut run = Run::new(options);
        if !is_date(&options.today) {
            let message = format!("{:?} is no day of the calendar as YYYY-MM-DD", options.today);
            run.problems.push(Error::new("--today", message).help("give the day that dates are compared with"));
        }
        run
    }

    pub(crate) fn edition_facts(&self) -> Option<EditionFacts> {
        self.edition.as_ref().map(|chosen| EditionFacts::new(&chosen.edition))
    }

    pub(crate) fn read(&self, options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> Option<Inputs> {
        let edition = self.edition_facts()?;
        let mut organization = options.organization.clone();
        organization.extend(self.settings.iter().flat_map(|s| s.organization.iter().cloned()));
        let asked = input::Options {
            kind: options.kind,
            organization,
            sources: options.sources.clone(),
            assume_equal_keys: options.assume_equal_keys,
            require_projects: options.require_projects,
            recursive: options.recursive,
            policies: options
                .policies
                .iter()
                .chain(self.settings.iter().flat_map(|settings| &settings.policies))
                .cloned()
                .collect(),
            variables: options.variables.clone(),
            limits: options.limits,
            progress: options.progress.clone(),
            forks: self.settings.as_ref().map(|s| s.forks.clone()).unwrap_or_default(),
            working_directory: self.working_directory.clone(),
        };
        Some(input::read(&paths(options), standard_input, edition, &options.today, &asked))
    }

    /// What is wrong with what the user's own rules say of themselves: told also where they are not run.
    pub(crate) fn wrong_rules(&self) -> Vec<Error> {
        let own: Vec<File> = self.files.iter().filter(|file| file.is_own()).cloned().collect();
        policy::list(&own).1
    }

    pub(crate) fn fail_on(&self, options: &Options) -> Severity {
        options.fail_on.or(self.settings.as_ref().and_then(|s| s.fail_on)).unwrap_or(Severity::Medium)
    }

    pub(crate) fn is_enabled(&self, id: &RuleId) -> bool {
        let set = self.settings.as_ref().and_then(|s| s.rules.get(id.as_str())).and_then(|s| s.enabled);
        set != Some(false)
    }

    pub(crate) fn enabled(&self) -> usize {
        policy::rule_ids(&self.files).iter().filter(|id| self.is_enabled(id)).count()
    }

    /// What the settings take from the rules, and that settings do not count where somebody may think so.
    pub(crate) fn settings_notes(&self, options: &Options) -> Vec<String> {
        let Some(settings) = &self.settings else {
            let asked = options.settings.is_none() && !options.ignore_settings;
            let beside = asked.then(|| settings::find_above(&self.working_directory)).flatten();
            let note = |path: PathBuf| {
                let shown = display_path(&path, &self.working_directory);
                format!("no settings count: none is beside the inputs, or above them; {shown} does with --settings")
            };
            return beside.map(note).into_iter().collect();
        };
        let known = policy::rule_ids(&self.files);
        let listed = |what: &str, is_one: &dyn Fn(&settings::RuleSettings) -> bool| {
            let named = |id: &&RuleId| settings.rules.get(id.as_str()).is_some_and(is_one);
            let ids: Vec<&str> = known.iter().filter(named).map(RuleId::as_str).collect();
            let (first, rest) = ids.split_at(ids.len().min(3));
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            (!ids.is_empty()).then(|| format!("the settings {what}: {}{more}", first.join(", ")))
        };
        let off = listed("switch off", &|rule| rule.enabled == Some(false));
        let graded = listed("set the severity of", &|rule| rule.severity.is_some() && rule.enabled != Some(false));
        off.into_iter().chain(graded).collect()
    }

    /// That a file's edition is not the one that the program has under its name.
    pub(crate) fn edition_note(&self) -> Option<String> {
        let chosen = self.edition.as_ref()?;
        let (path, name) = (chosen.path.as_ref()?, &chosen.edition.edition);
        let own = edition::names().find(|own| *own == name.as_str()).and_then(|own| edition::find(own).ok())?;
        let shown = display_path(path, &self.working_directory);
        (own.sha256 != chosen.sha256).then(|| {
            format!("the edition {name} is that of {shown}: it is not the one that the program has under this name")
        })
    }

    pub(crate) fn with_settings(&self, rule: &Rule) -> Rule {
        let set = self.settings.as_ref().and_then(|s| s.rules.get(rule.id.as_str())).and_then(|s| s.severity);
        Rule { severity: set.unwrap_or(rule.severity), ..rule.clone() }
    }

    pub(crate) fn edition_record(&self, today: &str) -> Option<EditionRecord> {
        self.edition.as_ref().map(|chosen| edition_record(chosen, today))
    }
}

/// What is wrong where the edition's file is not as the revision has it.
fn changed_since(revision: &Revision, path: &Path, working_directory: &Path) -> Option<Error> {
    const MOST: u64 = 64 << 20;
    let held = match revision.file(path, MOST) {
        Ok(held) => held,
        Err(wrong) => return Some(wrong),
    };
    // One that is part of no repository is part of no change.
    root_of_file(path)?;
    let same = held.is_some_and(|held| std::fs::read(path).is_ok_and(|now| now == held));
    let message = format!("the edition is not as {} has it", revision.name());
    let help = "with --waivers-from settings and editions count as the base has them: merge the edition first";
    (!same).then(|| Error::new(display_path(path, working_directory), message).help(help).firm())
}

/// What is wrong with the edition that settings name, at the place where they do. What has a place in its own file keeps that.
fn at_its_name(wrong: Error, named_at: Option<Location>, working_directory: &Path) -> Error {
    let Some(place) = named_at.filter(|_| wrong.location.is_none()) else { return wrong };
    let message = match edition::is_path(&wrong.what) {
        true => format!("{}: {}", display_path(Path::new(&wrong.what), working_directory), wrong.message),
        false => wrong.message,
    };
    Error { what: place.path.clone(), message, location: Some(place), ..wrong }
}

/// What reports say of an edition.
pub(crate) fn edition_record(chosen: &Chosen, today: &str) -> EditionRecord {
    let edition = &chosen.edition;
    EditionRecord {
        name: edition.edition.clone(),
        date: edition.edition_date.clone(),
        date_range: edition.edition_date.is_none().then(|| edition.edition_date_estimate.clone()).flatten(),
        source: edition.source.url.clone(),
        sha256: chosen.sha256.to_string(),
        age_days: edition.age(today),
        certainty: edition.certainty(),
    }
}

fn wrong_source(source: &Path, working_directory: &Path) -> Option<Error> {
    let path = working_directory.join(source);
    let why = match std::fs::metadata(&path) {
        Ok(kind) if kind.is_dir() => return None,
        Ok(_) => SavedPlan::read(&path).err()?,
        Err(e) => format!("can't be read: {e}"),
    };
    let help = "give the directory of the root module that was planned, or the file of terraform plan -out";
    Some(Error::new(source.display().to_string(), format!("the source {why}")).help(help))
}

pub(crate) fn paths(options: &Options) -> Vec<PathBuf> {
    if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() }
}
