//! What a run excuses: waivers, acknowledgements and a baseline, brought together from where they are kept.

use std::path::Path;

use crate::baseline::{Baseline, BaselineRecord};
use crate::error::Error;
use crate::git::{MAX_SOURCE, Revision, is_behind_link};
use crate::input::Inputs;
use crate::location::display_path;
use crate::policy;
use crate::report::Report;
use crate::run::{Options, Run};
use crate::verdict::Verdicts;
use crate::waivers::{Revised, Waivers};

/// What a run excuses.
#[derive(Debug, Clone)]
pub(crate) struct Excuses {
    waivers: Waivers,
    baseline: Option<Baseline>,
    /// What can't be read of it.
    pub(crate) problems: Vec<Error>,
}

impl Excuses {
    /// Those of the settings, of the texts of the inputs, and of the baseline that was asked for.
    pub(crate) fn new(run: &Run, options: &Options, inputs: &Inputs) -> Excuses {
        let known: Vec<String> = policy::rule_ids(&run.files).iter().map(ToString::to_string).collect();
        let (waivers, mut problems) =
            revised(run, |revised| Waivers::new(run.settings.as_ref(), &inputs.map, &known, revised, &options.today));
        let baseline = options
            .baseline
            .as_deref()
            .and_then(|path| read_baseline(path, run).map_err(|problem| problems.push(problem)).ok());
        Excuses { waivers, baseline, problems }
    }

    /// Marks what is excused, and counts anew.
    pub(crate) fn apply(&mut self, verdicts: &mut Verdicts) -> Option<BaselineRecord> {
        self.waivers.apply(&mut verdicts.findings);
        let mut record = self.baseline.as_ref().map(|baseline| baseline.apply(&mut verdicts.findings));
        // Where all that is violated is excused, what is left open beside it counts.
        let mut behind = verdicts.exposed();
        self.waivers.apply(&mut behind);
        behind.retain(|finding| finding.waiver.is_none());
        if !behind.is_empty() {
            verdicts.bring_forward(behind);
            record = self.baseline.as_ref().map(|baseline| baseline.apply(&mut verdicts.findings));
        }
        verdicts.count();
        record
    }

    /// Marks the problems of inputs that the settings acknowledge.
    pub(crate) fn acknowledge(&mut self, run: &Run, inputs: &mut Inputs) {
        revised(run, |revised| self.waivers.acknowledge(&mut inputs.problems, &inputs.map, revised));
    }

    /// Says in a report what became of all.
    pub(crate) fn report(self, run: &Run, baseline: Option<BaselineRecord>, report: &mut Report) {
        (report.waivers, report.acknowledgements) = self.waivers.records();
        report.baseline = baseline;
        if let Some(revision) = &run.revision {
            let name = revision.name();
            report.notes.push(match run.settings {
                Some(_) => format!("settings and ignores in source count as {name} has them"),
                None => format!("ignores in source count as {name} has them, and no settings do"),
            });
        }
        let now = report.edition.as_ref().map(|edition| edition.name.as_str());
        if let (Some(then), Some(now)) = (self.baseline.as_ref().and_then(Baseline::edition), now)
            && then != now
        {
            report.notes.push(format!("the edition {then} judged the baseline, and {now} this run"));
        }
    }
}

/// Hands on how texts were in the revision that counts, if there is one.
fn revised<T>(run: &Run, then: impl FnOnce(Option<&Revised<'_>>) -> T) -> T {
    let at = |path: &str| run.working_directory.join(path);
    let text = |path: &str| {
        let bytes = run.revision.as_ref()?.file(&at(path), MAX_SOURCE).ok()??;
        Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
    };
    let names = |path: &str| -> Option<Vec<String>> { run.revision.as_ref()?.names(&at(path)).ok() };
    let revised = run.revision.as_ref().map(|r| Revised { name: r.name(), text: &text, names: &names });
    then(revised.as_ref())
}

/// The baseline at a path. With a revision a file that is part of what is under revision counts as that has it.
fn read_baseline(path: &Path, run: &Run) -> Result<Baseline, Error> {
    let shown = display_path(path, &run.working_directory);
    let full = run.working_directory.join(path);
    let Some(revision) = &run.revision else { return Baseline::read(&full, &shown) };
    if full.parent().is_some_and(is_behind_link) {
        return Err(Error::new(&shown, "a link leads to the baseline, and a change may have set it")
            .help("name the directory that it leads to"));
    }
    match revision.file(&full, Baseline::MAX_BYTES)? {
        Some(bytes) => Baseline::parse(bytes, &revision.shown(&full)),
        None if Revision::new("HEAD").file(&full, Baseline::MAX_BYTES)?.is_some() => {
            Err(Error::new(revision.shown(&full), "the revision has no such baseline")
                .help("with --waivers-from a baseline counts as the base has it; keep it outside the repository, or merge it first"))
        }
        None => Baseline::read(&full, &shown),
    }
}
