//! The report for people: what is wrong, where, why, and what to write instead.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::case::heading;
use super::escape::{is_hostile, lines, may_command, one_line, plain};
use super::wrap::wrapped;
use super::{EditionRecord, Report, Style, excused};
use crate::error::ExitCode;
use crate::location::{Location, SourceMap};
use crate::verdict::{Finding, Role, Verdict};

/// Writes the report as text.
pub(super) fn write(report: &Report, style: Style, map: &SourceMap, out: &mut dyn Write) -> Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let page = Page { report, map, renderer: renderer.decor_style(DecorStyle::Ascii), width: style.width };
    page.findings(out)?;
    excused::write(report, style, out)?;
    page.unchecked(out)?;
    page.compared(out)?;
    if !style.quiet {
        page.what_was_read(out)?;
    }
    writeln!(out, "{}", report.conftest_line())
}

struct Page<'a> {
    report: &'a Report,
    map: &'a SourceMap,
    renderer: Renderer,
    width: Option<usize>,
}

/// What stands before the text of a note at most, its label aside: the gutter, ` = ` and `: `.
const GUTTER: usize = 10;

impl Page<'_> {
    /// Missing evidence first, once each; then the rest by subject.
    fn findings(&self, out: &mut dyn Write) -> Result<()> {
        let shown = |f: &&Finding| f.counts();
        let mut evidence: BTreeMap<(std::cmp::Reverse<_>, &str, &str, Verdict), Vec<&Finding>> = BTreeMap::new();
        let mut others: Vec<&Finding> = Vec::new();
        for finding in self.report.findings.iter().filter(shown) {
            match &finding.evidence {
                Some(attribute) => evidence
                    .entry((std::cmp::Reverse(finding.severity), finding.rule.as_str(), attribute, finding.verdict))
                    .or_default()
                    .push(finding),
                None => others.push(finding),
            }
        }
        if !evidence.is_empty() {
            writeln!(out, "organization: evidence that is missing or does not hold\n")?;
        }
        for group in evidence.values() {
            self.evidence(group, out)?;
        }
        let mut subject = "";
        for finding in others {
            if finding.subject.id != subject {
                subject = &finding.subject.id;
                writeln!(out, "{}\n", heading(finding))?;
            }
            self.finding(finding, out)?;
        }
        for finding in &self.report.findings {
            if !finding.is_wrong() {
                writeln!(
                    out,
                    "{}: {} {}: {}",
                    finding.verdict.name(),
                    heading(finding),
                    plain(finding.rule.as_str()),
                    plain(&finding.message)
                )?;
            }
        }
        Ok(())
    }

    fn finding(&self, finding: &Finding, out: &mut dyn Write) -> Result<()> {
        let mut group = self.title(finding, &plain(&finding.message));
        for location in &finding.locations {
            let place = Location { path: location.path.clone(), start: location.start, end: location.end };
            group = group.element(self.place(&place));
        }
        self.render(self.advice(finding, group), out)
    }

    fn evidence(&self, findings: &[&Finding], out: &mut dyn Write) -> Result<()> {
        let Some(first) = findings.first() else { return Ok(()) };
        let mut group = match findings {
            [one] => self.title(one, &plain(&one.message)),
            several => {
                let title = format!("{} ({} subjects)", first.title, several.len());
                self.title(first, &plain(&title))
            }
        };
        // Where no input has a place for the evidence, the first subject's own.
        let own = first.locations.iter().find(|l| l.role == Role::Primary);
        let own = own.map(|l| Location { path: l.path.clone(), start: l.start, end: l.end });
        if let Some(location) = first.evidence_location.as_ref().or(own.as_ref()) {
            group = group.element(self.place(location));
        }
        for finding in findings {
            let place = finding.locations.iter().find(|l| l.role == Role::Primary);
            let at = place.map_or_else(String::new, |l| format!("{}:{}:{}: ", l.path, l.start.line, l.start.column));
            // The messages name the project; its address tells where to look.
            let address = finding.subject.address.as_deref().filter(|address| !finding.message.contains(address));
            let address = address.map_or_else(String::new, |address| format!("{address}: "));
            let said = self.note("", plain(&format!("{at}{address}{}", finding.message)).into_owned());
            group = group.element(Level::NOTE.no_name().message(said));
        }
        self.render(self.advice(first, group), out)
    }

    fn title<'t>(&self, finding: &'t Finding, text: &str) -> Group<'t> {
        let level = match finding.verdict {
            Verdict::Violation => Level::ERROR,
            Verdict::Undetermined | Verdict::Pass | Verdict::NotApplicable => Level::WARNING,
        };
        let name = format!("{}, {}", finding.verdict.name(), finding.severity.name());
        let title = level.with_name(name).primary_title(text.to_owned()).id(plain(finding.rule.as_str()));
        Group::with_title(title)
    }

    fn advice<'t>(&self, finding: &'t Finding, mut group: Group<'t>) -> Group<'t> {
        group = group.element(
            Level::NOTE.with_name("why").message(self.note("why", plain(&one_line(&finding.why)).into_owned())),
        );
        if let Some(hint) = &finding.hint {
            group = group.element(Level::HELP.with_name("here").message(self.note("here", plain(hint).into_owned())));
        }
        group = group.element(Level::HELP.with_name("do").message(self.note("do", lines(&finding.remediation))));
        group.element(Level::NOTE.with_name("page").message(self.note("page", plain(&finding.section).into_owned())))
    }

    /// The harmless text of a note, wrapped where there is a width, and harmless line by line then.
    fn note(&self, label: &str, text: String) -> String {
        match self.width {
            Some(width) => lines(&wrapped(&text, width.saturating_sub(GUTTER + label.len()).max(20))),
            None => text,
        }
    }

    /// A place with its line, where that may be quoted.
    fn place(&self, location: &Location) -> Element<'_> {
        let origin = || {
            Origin::path(plain(&location.path).into_owned())
                .line(location.start.line)
                .char_column(location.start.column)
                .into()
        };
        let Some(line) = self.map.quote(&location.path, location.start.line) else {
            return origin();
        };
        if line.contains(|c| c != '\t' && is_hostile(c)) || may_command(line) {
            return origin();
        }
        let byte = |column: usize| line.char_indices().nth(column - 1).map_or(line.len(), |(i, _)| i);
        let start = byte(location.start.column);
        let end = if location.end.line == location.start.line { byte(location.end.column) } else { line.len() };
        let annotation = AnnotationKind::Primary.span(start..end.max(start));
        Snippet::source(line.to_owned())
            .line_start(location.start.line)
            .path(plain(&location.path).into_owned())
            .annotation(annotation)
            .into()
    }

    fn render(&self, group: Group<'_>, out: &mut dyn Write) -> Result<()> {
        writeln!(out, "{}\n", self.renderer.render(&[group]))
    }

    fn unchecked(&self, out: &mut dyn Write) -> Result<()> {
        let open: Vec<_> = self.report.unchecked.iter().collect();
        if open.is_empty() {
            return Ok(());
        }
        writeln!(out, "not checked\n")?;
        for entry in open {
            let fine = if entry.acknowledged { " (acknowledged)" } else { "" };
            writeln!(out, "  {}{fine}", entry.said())?;
        }
        writeln!(out)
    }

    /// What another edition would say.
    fn compared(&self, out: &mut dyn Write) -> Result<()> {
        let Some(compared) = &self.report.compared_edition else { return Ok(()) };
        let edition = edition_line(&compared.edition);
        let count = match compared.changes.len() {
            0 => "no verdict would be another one".to_owned(),
            1 => "1 verdict would be another one".to_owned(),
            count => format!("{count} verdicts would be others"),
        };
        writeln!(out, "under {edition}: {count}, the exit code {}\n", compared.exit_code)?;
        for change in &compared.changes {
            let subject = plain(&change.subject.name).into_owned();
            writeln!(
                out,
                "  {} -> {}, {}[{}] {subject}",
                change.from.name(),
                change.to.name(),
                change.severity.name(),
                plain(change.rule.as_str())
            )?;
            if !change.message.is_empty() {
                writeln!(out, "    {}", plain(&change.message))?;
            }
        }
        if compared.changes.is_empty() { Ok(()) } else { writeln!(out) }
    }

    fn what_was_read(&self, out: &mut dyn Write) -> Result<()> {
        let report = self.report;
        for input in &report.inputs {
            let kind = input.kind.map_or("not read", |k| k.name()).replace('_', " ");
            let partly = if input.complete || input.kind.is_none() { "" } else { ", only a part" };
            let projects = if input.projects == 1 { "project" } else { "projects" };
            writeln!(out, "read      {} ({kind}, {} {projects}{partly})", plain(&input.path), input.projects)?;
        }
        for note in &report.notes {
            writeln!(out, "note      {}", plain(note))?;
        }
        if let Some(edition) = &report.edition {
            writeln!(out, "edition   {}", edition_line(edition))?;
        }
        if let Some(settings) = &report.settings {
            writeln!(out, "settings  {}", plain(&settings.path))?;
        }
        let s = &report.summary;
        writeln!(
            out,
            "verdicts  {} pass, {} violation, {} undetermined, {} not applicable, {} waived, {} unchecked ({} rules)",
            s.pass, s.violation, s.undetermined, s.not_applicable, s.waived, s.unchecked, report.policies.rules
        )?;
        if let Some(b) = &report.baseline {
            writeln!(out, "baseline  {}: {} known, {} new, {} gone", plain(&b.path), b.known, b.new, b.gone.len())?;
        }
        let meaning = match ExitCode::from(s.exit_code).why() {
            Some(why) => format!("failed: {why}"),
            None => "passed".to_owned(),
        };
        writeln!(out, "result    {meaning} (exit {})", s.exit_code)
    }
}

/// The edition with its day and age.
fn edition_line(edition: &EditionRecord) -> String {
    let shown = edition.date.as_deref().or(edition.date_range.as_deref()).unwrap_or("date not known");
    match edition.age_days {
        Some(days) => format!("{} of OpenAI's data-controls page ({shown}, {days} days old)", plain(&edition.name)),
        None => format!("{} of OpenAI's data-controls page ({shown})", plain(&edition.name)),
    }
}
