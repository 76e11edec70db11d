//! Markdown for a comment at a pull request: short, what is long is folded, and never longer than hosts take.
//!
//! What comes from inputs and rules stands in code, since there neither Markdown, HTML, links nor mentions are read.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use super::Report;
use super::case::{Case, Standing, heading, place};
use super::escape::{lines, one_line, plain, shortened};
use crate::error::ExitCode;

/// The most UTF-16 units of a comment: GitHub takes 65,536 of them.
const MOST: usize = 60_000;
/// What is kept back for the end.
const END: usize = 1_000;
/// Subjects of a rule that are shown, the first of them unfolded.
const SUBJECTS: usize = 20;
const UNFOLDED: usize = 5;

/// Writes the comment. Its first line is the same in every run, so that a bot finds the comment to replace.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let mut page = Page { text: String::from("<!-- openai-data-controls -->\n"), left_out: 0 };
    page.text.push_str(&head(report));
    let cases = report.cases();
    let of = |standing: Standing| cases.iter().filter(move |case| case.standing == standing).collect::<Vec<_>>();
    page.unchecked(report);
    for group in by_rule(&of(Standing::Failure)) {
        page.add(&section(&group), group.len());
    }
    page.folded("Does not fail the run", &of(Standing::Warning));
    page.folded("Waived", &of(Standing::Waived));
    let remarks = report.remarks();
    for remark in remarks.iter().take(SUBJECTS) {
        // A blank line ends the HTML that may stand before.
        page.add(&format!("\nNote: {}\n", code(remark, 400)), 1);
    }
    page.left_out += remarks.len().saturating_sub(SUBJECTS);
    out.write_all(page.ended(report).as_bytes())
}

struct Page {
    text: String,
    left_out: usize,
}

impl Page {
    /// Adds a part as a whole, or counts what it would have shown.
    fn add(&mut self, part: &str, shows: usize) {
        if units(&self.text) + units(part) + END > MOST {
            self.left_out += shows;
        } else {
            self.text.push_str(part);
        }
    }

    fn unchecked(&mut self, report: &Report) {
        let entries = &report.unchecked;
        if entries.is_empty() {
            return;
        }
        let mut part = String::from("\n**Not checked**\n\n");
        for entry in entries.iter().take(SUBJECTS) {
            let mark = if entry.acknowledged { " (acknowledged)" } else { "" };
            part.push_str(&format!("- {}{mark}: {}\n", code(&entry.thing(), 200), code(&entry.why, 400)));
        }
        let shown = entries.len().min(SUBJECTS);
        self.left_out += entries.len() - shown;
        self.add(&part, shown);
    }

    fn folded(&mut self, title: &str, cases: &[&Case<'_>]) {
        if cases.is_empty() {
            return;
        }
        let mut part = format!("\n<details><summary>{title}: {}</summary>\n\n", cases.len());
        for case in cases.iter().take(SUBJECTS) {
            let rule = code(case.first.rule.as_str(), 120);
            let waiver = case.first.waiver.as_deref().filter(|_| case.standing == Standing::Waived);
            let waiver = waiver.map(|waiver| format!(" — waived: {}", code(waiver, 200))).unwrap_or_default();
            part.push_str(&format!("- {} {rule} {}{waiver}\n", case.first.severity.name(), said(case)));
        }
        part.push_str("\n</details>\n");
        let shown = cases.len().min(SUBJECTS);
        self.left_out += cases.len() - shown;
        self.add(&part, shown);
    }

    fn ended(mut self, report: &Report) -> String {
        if self.left_out > 0 {
            self.text
                .push_str(&format!("\n{} more are not shown here; the JSON report has them all.\n", self.left_out));
        }
        let edition = report.edition.as_ref().map(|edition| format!(", edition {}", code(&edition.name, 60)));
        let edition = edition.unwrap_or_default();
        self.text.push_str(&format!("\n<sub>{}{edition}, {}</sub>\n", report.conftest_line(), code(&report.today, 20)));
        self.text
    }
}

fn head(report: &Report) -> String {
    let s = &report.summary;
    let result = match ExitCode::from(s.exit_code).why() {
        Some(why) => format!("failed, {why}"),
        None => "passed".to_owned(),
    };
    format!(
        "### OpenAI data controls: {result}\n\n{} violations, {} undetermined, {} not checked, {} waived, {} passed\n",
        s.violation, s.undetermined, s.unchecked, s.waived, s.pass
    )
}

/// Cases of one rule and verdict together, the most severe first.
fn by_rule<'c, 'a>(cases: &[&'c Case<'a>]) -> Vec<Vec<&'c Case<'a>>> {
    let mut groups: BTreeMap<_, Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases {
        let f = case.first;
        groups.entry((std::cmp::Reverse(f.severity), f.verdict, f.rule.as_str())).or_default().push(case);
    }
    groups.into_values().collect()
}

/// A rule with its subjects, and how to mend what it found.
fn section(cases: &[&Case<'_>]) -> String {
    let Some(first) = cases.first().map(|case| case.first) else { return String::new() };
    let mut part = format!(
        "\n**{}, {}** {} {}\n\n",
        first.verdict.name(),
        first.severity.name(),
        code(first.rule.as_str(), 120),
        code(&first.title, 200)
    );
    for case in cases.iter().take(UNFOLDED) {
        part.push_str(&format!("- {}\n", said(case)));
    }
    part.push_str("\n<details><summary>What to do</summary>\n\n");
    for case in cases.iter().take(SUBJECTS).skip(UNFOLDED) {
        part.push_str(&format!("- {}\n", said(case)));
    }
    if cases.len() > SUBJECTS {
        part.push_str(&format!("- and {} more\n", cases.len() - SUBJECTS));
    }
    if cases.len() > UNFOLDED {
        part.push('\n');
    }
    part.push_str(&format!("{}\n</details>\n", block(&first.remediation)));
    part
}

fn said(case: &Case<'_>) -> String {
    let place = place(case.first).map(|place| format!("{} ", code(&place, 200))).unwrap_or_default();
    let messages = case.messages().collect::<Vec<_>>().join("; ");
    format!("{place}{}: {}", code(&heading(case.first), 200), code(&messages, 400))
}

/// Text of one line as code, whatever stands in it; at most `most` characters of it.
fn code(text: &str, most: usize) -> String {
    let text = plain(text.trim());
    let text = shortened(&text, most);
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A space is taken off at both ends where there is one at both.
    match text.trim() {
        "" => "` `".to_owned(),
        _ if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) => format!("{ticks} {text} {ticks}"),
        _ => format!("{ticks}{text}{ticks}"),
    }
}

/// Text of several lines as a block of code.
fn block(text: &str) -> String {
    let text = lines(text);
    let text = shortened(&text, 1500);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The same text as a block of code, for a rule's help.
pub(super) fn help(title: &str, why: &str, remediation: &str, section: &str) -> String {
    let section =
        if section.trim().is_empty() { String::new() } else { format!("\nSection: {}\n", code(section, 400)) };
    format!("**{}**\n\n{}\n\n{}{section}", prose(title), prose(why), block(remediation))
}

/// Text as Markdown that shows it as it is.
pub(crate) fn prose(text: &str) -> String {
    let text = one_line(text);
    let mut shown = String::with_capacity(text.len());
    for c in plain(&text).chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '@' => shown.push_str("&#64;"),
            c if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '\'' | '"' | '/' | '?' | '%') => {
                shown.push('\\');
                shown.push(c);
            }
            c => shown.push(c),
        }
    }
    shown
}
