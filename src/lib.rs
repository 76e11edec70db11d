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

pub mod baseline;
mod compare;
pub mod digest;
pub mod document;
pub mod edition;
pub mod error;
mod excuses;
pub mod facts;
pub mod git;
mod go;
pub mod hcl;
pub mod init;
pub mod input;
pub mod limits;
pub mod location;
pub mod policy;
pub mod report;
pub mod retention;
pub mod rule;
mod run;
pub mod scaffold;
pub mod schemas;
pub mod secret;
pub mod settings;
pub mod verdict;
pub mod verify;
pub mod waivers;

use error::Error;
use excuses::Excuses;
use input::Inputs;
use location::SourceMap;
use policy::{Document, EditionDocument, Held, PolicySet};
use report::{Policies, Report, SettingsRecord};
use run::Run;

pub use run::Options;

/// The facts that the rules would see, with what could not be read beside the inputs; what is wrong with these stands in
/// [`Inputs::problems`]. `None` where no edition could be chosen: the problems say why.
pub fn facts(options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> (Option<Inputs>, Vec<Error>) {
    let mut run = Run::dated(options);
    run.problems.extend(run.wrong_rules());
    let mut inputs = run.read(options, standard_input);
    if let Some(inputs) = &mut inputs {
        inputs.facts.note_unread(&run.problems);
    }
    (inputs, run.problems)
}

/// The main job: reads, judges, reports. Nothing that goes wrong ends in a pass: it stands in the report. The source map has the
/// texts that were read, from which [`Report::write`] quotes lines, and the paths of all files that a report must not overwrite.
pub fn check(options: &Options, standard_input: &mut (dyn std::io::Read + Send)) -> (Report, SourceMap) {
    // While inputs are read, the rules that judge projects in regions are loaded, and the edition is handed over.
    if options.policies.is_empty() {
        PolicySet::load_ahead();
    }
    let mut run = Run::dated(options);
    let mut report = Report::new(&options.today, run.fail_on(options), options.allow_undetermined);
    let (inputs, edition) = std::thread::scope(|scope| {
        let hand = || run.edition_facts().map(|edition| EditionDocument::new(&edition));
        // Where there is no thread for it, it is done here.
        let edition = std::thread::Builder::new().spawn_scoped(scope, hand);
        let inputs = run.read(options, standard_input);
        (inputs, edition.map_or_else(|_| hand(), joined))
    });
    let Some((mut inputs, edition)) = inputs.zip(edition) else {
        report.settle(verdict::Verdicts::default(), &run.problems);
        return (report, SourceMap::default());
    };
    // The facts are handed over while the rules that they need are loaded.
    let (facts, (mut policies, problems)) = std::thread::scope(|scope| {
        let hand = || Document::of_facts(&inputs.facts, edition.clone()?);
        let handing = std::thread::Builder::new().spawn_scoped(scope, hand);
        // What is stated under another edition is not asked.
        let stated = if options.compare_edition.is_some() { facts::NEEDS.to_vec() } else { inputs.facts.stated() };
        let held = Held { kinds: verdict::kinds(&inputs.facts), stated };
        let loaded = PolicySet::load_for(&run.files, &held);
        (handing.map_or_else(|_| hand(), joined), loaded)
    });
    run.problems.extend(problems);
    let mut excuses = Excuses::new(&run, options, &inputs);
    run.problems.append(&mut excuses.problems);
    excuses.acknowledge(&run, &mut inputs);
    run.problems.append(&mut inputs.problems);
    policies.retain(|rule| run.is_enabled(&rule.id));
    policies.set_rule_time(std::time::Duration::from_secs(options.limits.rule_seconds));
    let (outcomes, problems) = match facts {
        Ok(facts) => policies.evaluate(facts),
        Err(problem) => (Default::default(), vec![problem]),
    };
    run.problems.extend(problems);
    let rules: Vec<rule::Rule> = policies.rules().iter().map(|rule| run.with_settings(rule)).collect();
    let mut verdicts = verdict::judge(&rules, &outcomes, &inputs.facts, &inputs.map, options.verdicts);
    run.problems.extend(verdicts.problems.iter().cloned());
    let compared = options
        .compare_edition
        .as_deref()
        .map(|name| compare::under(name, &policies, &rules, &outcomes, &inputs, &excuses, &report));
    let baseline = excuses.apply(&mut verdicts);
    match compared {
        Some(Ok((compared, problems))) => {
            report.compared_edition = Some(compared);
            run.problems.extend(problems);
        }
        Some(Err(problem)) => run.problems.push(problem),
        None => {}
    }
    let enabled = run.enabled();
    report.edition = run.edition_record(&options.today);
    report.checked = inputs.checked;
    report.inputs = inputs.records;
    report.notes = inputs.notes;
    report.notes.extend(run.settings_notes(options));
    report.notes.extend(run.edition_note());
    report.notes.extend(report.edition.as_ref().and_then(report::EditionRecord::age_note));
    report.policies = Policies { sha256: policies.sha256().to_owned(), rules: enabled };
    report.settings = run.settings.as_ref().map(|s| SettingsRecord { path: s.path.clone(), sha256: s.sha256.clone() });
    excuses.report(&run, baseline, &mut report);
    report.settle(verdicts, &run.problems);
    run.files.iter().filter(|file| file.is_own()).for_each(|file| inputs.map.note_read(&file.path));
    let edition = run.edition.as_ref().and_then(|chosen| chosen.path.as_ref());
    edition.iter().for_each(|path| inputs.map.note_read(&path.to_string_lossy()));
    policy::let_go((policies, inputs.facts, outcomes));
    (report, inputs.map)
}

/// What a thread answered.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The effective table, project × endpoint, with what could not be read. `None` where no edition could be chosen, or the
/// libraries that the table asks could not be loaded: the problems say why.
pub fn retention(
    options: &Options,
    standard_input: &mut (dyn std::io::Read + Send),
) -> (Option<retention::Table>, Vec<Error>) {
    let mut run = Run::dated(options);
    run.problems.extend(run.wrong_rules());
    let Some(inputs) = run.read(options, standard_input) else { return (None, run.problems) };
    run.problems.extend(inputs.problems);
    match retention::table(&inputs.facts, &run.files) {
        Ok(table) => (Some(table), run.problems),
        Err(problem) => {
            run.problems.push(problem);
            (None, run.problems)
        }
    }
}

/// The rules as an OPA bundle (gzipped tar), with those of policy directories, and with the severities of the settings.
///
/// # Errors
/// Everything that is wrong with settings and rules: a bundle has all rules, or there is none.
pub fn bundle(options: &Options) -> Result<Vec<u8>, Vec<Error>> {
    let mut run = Run::new(options);
    let (policies, problems) = PolicySet::load(&run.files);
    run.problems.extend(problems);
    if !run.problems.is_empty() {
        return Err(run.problems);
    }
    let enabled = policies.rules().iter().filter(|rule| run.is_enabled(&rule.id));
    let rules: Vec<rule::Rule> = enabled.map(|rule| run.with_settings(rule)).collect();
    let mut files = policy::embedded_for_gates();
    files.extend(run.files.iter().filter(|file| file.is_own()).cloned());
    let mut bytes = Vec::new();
    policy::write_bundle(&files, &policy::catalog(&rules, run.fail_on(options)), &mut bytes)
        .map_err(|e| vec![Error::new("bundle", format!("the bundle can't be made: {e}"))])?;
    Ok(bytes)
}

/// Verifies the rules of policy directories, their tests and examples; without any directory, the product's own.
pub fn verify(policies: &[std::path::PathBuf]) -> verify::Verification {
    verify::verify(policies, &|options| check(options, &mut std::io::empty()).0)
}
