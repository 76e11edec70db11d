//! Inputs: what a path holds is recognised by its content, read, and merged into one set of facts.

mod admin_api;
mod called;
pub mod clients;
pub mod definition;
mod discover;
mod fact_name;
mod kind;
mod lay_over;
pub mod mapping;
mod marks;
mod merge;
mod options;
mod plan;
mod progress;
mod reading;
mod recognise;
mod repeated;
mod resources;
mod scan;
mod source;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::digest::sha256;
use schemars::JsonSchema;
use serde::Serialize;

use crate::document::{parse_hcl, parse_json};
use crate::edition::EditionFacts;
use crate::error::Error;
use crate::facts::{Facts, SourceFacts};
use crate::hcl::Modules;
use crate::limits::Limits;
use crate::location::{FileId, LineIndex, SourceMap, display_path};
use discover::Found;
pub(crate) use discover::SETTINGS;
pub use discover::is_definition;
pub use kind::InputKind;
pub use options::Options;
pub use progress::Progress;
use reading::Reading;

/// An input as the report shows it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InputRecord {
    /// Path, or `-` for standard input.
    pub path: String,
    /// Kind; null where it was not recognised.
    pub kind: Option<InputKind>,
    /// Projects that it declares.
    pub projects: usize,
    /// False where it shows only a part, or could not be read in full.
    pub complete: bool,
    /// Digest of its bytes, in hex; of source, of all files with declarations and with values for variables.
    pub sha256: Option<String>,
}

/// What the inputs of a run hold.
#[derive(Debug)]
pub struct Inputs {
    /// The facts.
    pub facts: Facts,
    /// Where they stand.
    pub map: SourceMap,
    /// The inputs, in the order given.
    pub records: Vec<InputRecord>,
    /// What could not be read or checked.
    pub problems: Vec<Error>,
    /// What is worth knowing.
    pub notes: Vec<String>,
    /// Whether anything could be checked.
    pub checked: bool,
    /// The files read so far, so that none is read twice.
    seen: BTreeSet<PathBuf>,
}

/// The size in bytes from which work on a text is shared out to a second thread.
const LARGE: usize = 1 << 20;

/// The stack of the thread that reads, in bytes: expressions of the source refer to each other to some depth.
const STACK: usize = 256 << 20;

/// What a file is, by its content; `None` where it is no input, or can't be read.
pub fn kind_of(path: &Path) -> Option<InputKind> {
    let bytes = discover::load(path, &mut std::io::empty(), Limits::default().input_bytes).ok()?;
    let text = recognise::text_of(bytes).ok()?;
    recognise::recognise(&text, None).ok().map(|found| found.kind)
}

/// Reads the inputs at `paths`: files, directories, `-` for `standard_input`. Every problem is reported; what can be
/// read is read.
pub fn read(
    paths: &[PathBuf],
    standard_input: &mut (dyn std::io::Read + Send),
    edition: EditionFacts,
    today: &str,
    options: &Options,
) -> Inputs {
    std::thread::scope(|scope| {
        let read = move || read_here(paths, standard_input, edition, today, options);
        match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read) {
            Ok(reading) => reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(e) => {
                let mut inputs = Inputs::new(EditionFacts::default(), today);
                let wrong = Error::new("inputs", format!("no thread to read them could be started: {e}"));
                inputs.problems.push(wrong.firm());
                inputs
            }
        }
    })
}

fn read_here(
    paths: &[PathBuf],
    standard_input: &mut (dyn std::io::Read + Send),
    edition: EditionFacts,
    today: &str,
    options: &Options,
) -> Inputs {
    let mut inputs = Inputs::new(edition, today);
    let found = discover::discover(paths, options);
    inputs.problems.extend(found.problems);
    inputs.notes.extend(found.notes);
    let mut readings = Vec::new();
    let mut modules = Modules::new(options.limits);
    for (number, input) in found.inputs.iter().enumerate() {
        if let Some(progress) = &options.progress {
            progress.reads(number, found.inputs.len(), &display_path(input.path(), &options.working_directory));
        }
        match input {
            Found::File(path) => readings.extend(inputs.read_file(path, options.kind, standard_input, options)),
            Found::Root(directory) => readings.extend(inputs.read_root(directory, &mut modules, options)),
            Found::Beside(path) => {
                readings.extend(inputs.read_file(path, Some(InputKind::Definition), standard_input, options));
            }
        }
    }
    readings.extend(inputs.read_uncalled(found.modules, &mut modules, options));
    let asked_for = readings.len();
    for path in &options.organization {
        readings.extend(inputs.read_file(path, Some(InputKind::Definition), standard_input, options));
    }
    for reading in &mut readings {
        reading.clean = reading.problems.is_empty();
        inputs.problems.append(&mut reading.problems);
        inputs.notes.append(&mut reading.notes);
    }
    let shows = |r: &Reading| !r.projects.is_empty() || !r.organization.is_empty();
    // A definition that holds for every input is none by itself.
    inputs.checked = readings.iter().take(asked_for).any(|r| r.clean || shows(r));
    // A run that read nothing can't pass, whatever is acknowledged.
    inputs.problems.iter_mut().for_each(|problem| problem.firm |= asked_for == 0);
    inputs.problems.extend(merge::merge(readings, &mut inputs.facts, &mut inputs.map, &mut inputs.notes));
    inputs.facts.complete();
    for setting in inputs.facts.unjoined.values().filter(|u| u.candidates.is_empty()) {
        inputs.notes.push(format!("{} is not judged: {}", setting.address, setting.reason));
    }
    let mut declared: BTreeMap<&str, usize> = BTreeMap::new();
    for source in inputs.facts.projects.values().filter_map(|project| project.origin.source.as_deref()) {
        *declared.entry(source).or_default() += 1;
    }
    for record in &mut inputs.records {
        record.projects = declared.get(record.path.as_str()).copied().unwrap_or_default();
    }
    let has_none = |kind| !matches!(kind, InputKind::TerraformPlan | InputKind::TerraformState);
    if !options.sources.is_empty() && inputs.records.iter().all(|record| record.kind.is_some_and(has_none)) {
        let note = "--source gives the source of plans and states, and no input is one";
        inputs.notes.push(note.to_owned());
    }
    inputs.check_that_something_was_read(options);
    inputs.facts.note_unread(&inputs.problems);
    inputs
}

impl Inputs {
    fn new(edition: EditionFacts, today: &str) -> Inputs {
        Inputs {
            facts: Facts::new(edition, today.to_owned()),
            map: SourceMap::default(),
            records: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
            checked: false,
            seen: BTreeSet::new(),
        }
    }

    fn read_file(
        &mut self,
        path: &Path,
        kind: Option<InputKind>,
        standard_input: &mut (dyn std::io::Read + Send),
        options: &Options,
    ) -> Option<Reading> {
        let shown =
            if path == Path::new("-") { "-".to_owned() } else { display_path(path, &options.working_directory) };
        let file = options.working_directory.join(path);
        let file = if shown == "-" { path.to_owned() } else { std::fs::canonicalize(&file).unwrap_or(file) };
        if !self.seen.insert(file) {
            return None;
        }
        let mut record = InputRecord { path: shown.clone(), kind: None, projects: 0, complete: false, sha256: None };
        let joined = options.working_directory.join(path);
        let from = if shown == "-" { path } else { &joined };
        let bytes = match discover::load(from, standard_input, options.limits.input_bytes) {
            Ok(bytes) => bytes,
            Err(mut error) => {
                error.what = shown;
                self.problems.push(error);
                self.records.push(record);
                return None;
            }
        };
        let reading = self.read_bytes(&shown, path, bytes, kind, options, &mut record);
        if let Some(reading) = &reading {
            record.complete = !(reading.incomplete || reading.errored) && reading.problems.is_empty();
            let kind = record.kind.map(|kind| kind.name().to_owned());
            let known = SourceFacts { kind, complete: !reading.incomplete, errored: reading.errored };
            self.facts.sources.insert(shown, known);
        }
        self.records.push(record);
        reading
    }

    /// Reads the root module in a directory.
    fn read_root(&mut self, directory: &Path, modules: &mut Modules, options: &Options) -> Option<Reading> {
        let own = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
        if !self.seen.insert(own) {
            return None;
        }
        let shown = display_path(directory, &options.working_directory);
        let reading_options = resources::Options {
            sources: &[],
            own_directory: None,
            assume_equal_keys: options.assume_equal_keys,
            limits: options.limits,
            working_directory: &options.working_directory,
            forks: &options.forks,
        };
        let map = &mut self.map;
        let (reading, digest) = source::read(directory, &shown, modules, &options.variables, &reading_options, map);
        let complete = !reading.incomplete && reading.problems.is_empty();
        let kind = InputKind::TerraformSource;
        let known = SourceFacts { kind: Some(kind.name().to_owned()), complete: !reading.incomplete, errored: false };
        self.facts.sources.insert(shown.clone(), known);
        self.records.push(InputRecord { path: shown, kind: Some(kind), projects: 0, complete, sha256: Some(digest) });
        Some(reading)
    }

    fn read_bytes(
        &mut self,
        shown: &str,
        path: &Path,
        bytes: Vec<u8>,
        kind: Option<InputKind>,
        options: &Options,
        record: &mut InputRecord,
    ) -> Option<Reading> {
        let mark: &[u8] = if bytes.starts_with(recognise::BYTE_ORDER_MARK) { recognise::BYTE_ORDER_MARK } else { &[] };
        let text: Arc<String> = match recognise::text_of(bytes) {
            Ok(text) => Arc::new(text),
            Err((mut error, bytes)) => {
                record.sha256 = Some(sha256([bytes.as_slice()]));
                error.what = shown.to_owned();
                self.problems.push(error);
                return None;
            }
        };
        let file = self.map.add_file(shown, text.clone());
        let lines = self.map.line_index(file);
        // For large texts the digest and the index of lines are made beside the reading, where there is a thread.
        let digest = || sha256([mark, text.as_bytes()]);
        let (reading, digest) = std::thread::scope(|scope| {
            let beside = (text.len() > LARGE).then(|| {
                let work = || {
                    lines.get_or_init(|| LineIndex::new(&text));
                    digest()
                };
                std::thread::Builder::new().spawn_scoped(scope, work)
            });
            let reading = self.read_text(shown, path, (file, &text), kind, options, record);
            let digest = match beside {
                Some(Ok(beside)) => beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Some(Err(_)) | None => digest(),
            };
            (reading, digest)
        });
        record.sha256 = Some(digest);
        reading
    }

    fn read_text(
        &mut self,
        shown: &str,
        path: &Path,
        (file, text): (FileId, &str),
        kind: Option<InputKind>,
        options: &Options,
        record: &mut InputRecord,
    ) -> Option<Reading> {
        let mut fail = |map: &SourceMap, problem: crate::document::SyntaxError| {
            self.problems.push(problem.told_of(shown, file, map));
        };
        let found = match recognise::recognise(text, kind) {
            Ok(found) => found,
            Err(problem) => {
                fail(&self.map, problem);
                return None;
            }
        };
        record.kind = Some(found.kind);
        match found.kind {
            InputKind::Definition => {
                if let Some(problem) = recognise::too_large(text, options.limits.definition_bytes) {
                    fail(&self.map, problem);
                    return None;
                }
                let parsed = if found.json { parse_json(text) } else { parse_hcl(text, definition::LABELLED) };
                match parsed {
                    Ok(node) => {
                        self.map.allow_quotes(file);
                        Some(definition::read(&node, file, shown, &self.map))
                    }
                    Err(problem) => {
                        fail(&self.map, problem);
                        None
                    }
                }
            }
            InputKind::TerraformPlan | InputKind::TerraformState => {
                let own = if shown == "-" { None } else { Some(path.parent().unwrap_or(Path::new("."))) };
                let own = own.map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
                let own = own.map(|p| options.working_directory.join(p));
                let sources: Vec<PathBuf> = options.sources.iter().map(|s| options.working_directory.join(s)).collect();
                let options = resources::Options {
                    sources: &sources,
                    own_directory: own.as_deref(),
                    assume_equal_keys: options.assume_equal_keys,
                    limits: options.limits,
                    working_directory: &options.working_directory,
                    forks: &options.forks,
                };
                let scan = found.scan.unwrap_or_default();
                let place = (file, shown);
                let wrapped = match scan.wrapped(text) {
                    Ok(wrapped) => wrapped,
                    Err(problem) => {
                        fail(&self.map, problem);
                        return None;
                    }
                };
                Some(match (found.kind, wrapped) {
                    (InputKind::TerraformState, _) => state::read(text, &scan, place, &options, &mut self.map),
                    (_, Some((key, inner))) => plan::read(text, inner, Some(key), place, &options, &mut self.map),
                    (_, None) => plan::read(text, &scan, None, place, &options, &mut self.map),
                })
            }
            InputKind::TerraformSource => {
                fail(&self.map, recognise::source_is_not_read(0..1.min(text.len())));
                None
            }
            InputKind::AdminApi => {
                if let Some(problem) = recognise::too_large(text, options.limits.definition_bytes) {
                    fail(&self.map, problem);
                    return None;
                }
                match parse_json(text) {
                    Ok(node) => Some(admin_api::read(&node, file, shown, &self.map)),
                    Err(problem) => {
                        fail(&self.map, problem);
                        None
                    }
                }
            }
        }
    }

    /// A run in which nothing could be read, or no project where one is required, must not pass.
    fn check_that_something_was_read(&mut self, options: &Options) {
        if self.records.is_empty() && self.problems.is_empty() {
            let none = Error::new("inputs", "nothing to check: no plan and no definition was found")
                .help("name a plan (terraform show -json tfplan > plan.json) or write a definition, openai.hcl");
            self.problems.push(none.firm());
        }
        // What can be acknowledged does not stand for a project.
        if self.facts.projects.is_empty() && options.require_projects && !self.problems.iter().any(|p| p.firm) {
            let none = Error::new("inputs", "no OpenAI project was found, and --require-projects asks for one");
            self.problems.push(none.help("give the input that declares the projects").firm());
        }
        if self.facts.projects.is_empty() && self.problems.is_empty() {
            let note = match self.facts.organization.data_retention.is_absent() {
                true => "nothing to check: the inputs hold no OpenAI project",
                false => "no project was found; only the organization was checked",
            };
            self.notes.push(note.to_owned());
        }
    }
}
