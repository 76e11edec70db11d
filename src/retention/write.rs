//! The table in its formats.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Result, Write};

use super::{Cell, Duration, ProjectTable, Row, Table, TableFormat};
use crate::report::{padded, plain, prose, write_json};

impl Table {
    /// Writes the table.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&self, format: TableFormat, out: &mut dyn Write) -> Result<()> {
        match format {
            TableFormat::Text => text(self, out),
            TableFormat::Json => write_json(self, out),
            TableFormat::Markdown => markdown(self, out),
            TableFormat::Csv => csv(self, out),
        }
    }
}

const COLUMNS: [&str; 7] = ["endpoint", "training", "logs", "state", "zdr", "stored", "processed"];

/// The cells of a row behind its endpoint, each with its reason.
fn cells(row: &Row) -> [(&str, &str); 6] {
    fn cell(cell: &Cell) -> (&str, &str) {
        (&cell.value, &cell.reason)
    }
    fn duration(duration: &Duration) -> (&str, &str) {
        (&duration.value, &duration.reason)
    }
    [
        cell(&row.training),
        duration(&row.abuse_logs),
        duration(&row.application_state),
        cell(&row.zdr_eligible),
        cell(&row.stored_in_region),
        cell(&row.processed_in_region),
    ]
}

/// Reasons of a project, numbered where they first occur.
#[derive(Default)]
struct Reasons<'t> {
    /// In their order.
    all: Vec<(&'static str, &'t str)>,
    numbers: BTreeMap<(&'static str, &'t str), usize>,
}

impl<'t> Reasons<'t> {
    fn number(&mut self, column: &'static str, reason: &'t str) -> usize {
        *self.numbers.entry((column, reason)).or_insert_with(|| {
            self.all.push((column, reason));
            self.all.len()
        })
    }
}

/// A row as it is shown: endpoint (a star where no use is declared), then each value with the number of its reason.
fn shown<'t>(row: &'t Row, reasons: &mut Reasons<'t>) -> Vec<String> {
    let mark = if row.of_use.is_some() { "" } else { "*" };
    let mut line = vec![format!("{}{mark}", plain(&row.endpoint))];
    for (column, (value, reason)) in COLUMNS.iter().skip(1).zip(cells(row)) {
        line.push(format!("{} {}", plain(value), reasons.number(column, reason)));
    }
    line
}

fn heading(project: &ProjectTable) -> String {
    match &project.address {
        Some(address) if *address != project.name => format!("{} ({address})", project.name),
        Some(_) | None => project.name.clone(),
    }
}

const ASSUMED: &str = "no use of it is declared: shown as for a request that sets nothing";

fn text(table: &Table, out: &mut dyn Write) -> Result<()> {
    for project in &table.projects {
        writeln!(out, "project {}", plain(&heading(project)))?;
        writeln!(out, "control {}: {}", plain(&project.control.value), plain(&project.control.reason))?;
        writeln!(out, "region  {}: {}\n", plain(&project.region.value), plain(&project.region.reason))?;
        let mut reasons = Reasons::default();
        let mut lines = vec![COLUMNS.map(str::to_owned).to_vec()];
        lines.extend(project.rows.iter().map(|row| shown(row, &mut reasons)));
        let legend = if WIDTH < table_width(&lines) { narrow(&mut lines) } else { Vec::new() };
        let widths = widths(&lines);
        for line in &lines {
            let padded: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
            writeln!(out, "{}", padded.join(" ").trim_end())?;
        }
        writeln!(out)?;
        for (number, (column, reason)) in reasons.all.iter().enumerate() {
            note(&format!("{:>2} {column}: ", number + 1), reason, out)?;
        }
        if project.rows.iter().any(|row| row.of_use.is_none()) {
            note(" * ", ASSUMED, out)?;
        }
        if !legend.is_empty() {
            let shown: Vec<String> = legend.iter().map(|(long, short)| format!("{short} = {}", long.trim())).collect();
            note("   ", &shown.join(", "), out)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "edition {}", plain(&table.edition))?;
    for text in &table.notes {
        note("note    ", text, out)?;
    }
    Ok(())
}

/// The columns of a terminal that the text is made for.
const WIDTH: usize = 80;

fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    (0..COLUMNS.len()).map(|column| width(column).unwrap_or(0)).collect()
}

fn table_width(lines: &[Vec<String>]) -> usize {
    widths(lines).iter().sum::<usize>() + COLUMNS.len() - 1
}

/// Words of cells with what stands for them where a table is too wide.
const SHORTER: [(&str, &str); 9] = [
    ("until deleted", "kept"),
    ("not known", "?"),
    ("at least ", ">="),
    ("up to ", "<="),
    (" days", "d"),
    (" minutes", "min"),
    (" hour", "h"),
    ("about ", "~"),
    ("for a period that the page does not state", "yes"),
];

/// Shortens words of cells, and says which.
fn narrow(lines: &mut [Vec<String>]) -> Vec<(&'static str, &'static str)> {
    let mut used = Vec::new();
    for (long, short) in SHORTER {
        for cell in lines.iter_mut().skip(1).flat_map(|line| line.iter_mut().skip(1)).filter(|cell| cell.contains(long))
        {
            *cell = cell.replace(long, short);
            if !used.contains(&(long, short)) {
                used.push((long, short));
            }
        }
    }
    used
}

/// A text behind a lead, in lines that fit; each of them is harmless, not only the text.
fn note(lead: &str, text: &str, out: &mut dyn Write) -> Result<()> {
    let mut line = lead.to_owned();
    let indent = " ".repeat(lead.chars().count().min(12));
    let mut is_first = true;
    for word in plain(text).split_whitespace() {
        if is_first {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = format!("{indent}{}", plain(word));
        } else {
            line.push(' ');
            line.push_str(word);
        }
        is_first = false;
    }
    writeln!(out, "{}", line.trim_end())
}

fn markdown(table: &Table, out: &mut dyn Write) -> Result<()> {
    for project in &table.projects {
        writeln!(out, "## {}\n", prose(&heading(project)))?;
        writeln!(out, "- control: {} ({})", prose(&project.control.value), prose(&project.control.reason))?;
        writeln!(out, "- region: {} ({})\n", prose(&project.region.value), prose(&project.region.reason))?;
        writeln!(out, "| {} |", COLUMNS.join(" | "))?;
        writeln!(out, "|{}", "---|".repeat(COLUMNS.len()))?;
        let mut reasons = Reasons::default();
        for row in &project.rows {
            let mut line = vec![format!("{}{}", prose(&row.endpoint), if row.of_use.is_some() { "" } else { "\\*" })];
            for (column, (value, reason)) in COLUMNS.iter().skip(1).zip(cells(row)) {
                line.push(format!("{} <sup>{}</sup>", prose(value), reasons.number(column, reason)));
            }
            writeln!(out, "| {} |", line.join(" | "))?;
        }
        writeln!(out)?;
        for (number, (column, reason)) in reasons.all.iter().enumerate() {
            writeln!(out, "{}. {column}: {}", number + 1, prose(reason))?;
        }
        if project.rows.iter().any(|row| row.of_use.is_none()) {
            writeln!(out, "\n\\* {ASSUMED}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Edition {}.\n", prose(&table.edition))?;
    for text in &table.notes {
        writeln!(out, "- {}", prose(text))?;
    }
    Ok(())
}

/// A text that no spreadsheet computes and that drives neither a terminal nor an agent.
fn in_a_spreadsheet(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    let computes = text.starts_with(['=', '@', '\t', '\r']) || text.starts_with(['+', '-']) && text.len() > 1;
    if computes { format!("'{text}").into() } else { text }
}

fn csv(table: &Table, out: &mut dyn Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut head = vec!["edition", "project", "address", "use", "control", "control_reason", "region", "region_reason"];
    head.push(COLUMNS[0]);
    let names: Vec<String> =
        COLUMNS.iter().skip(1).flat_map(|name| [(*name).to_owned(), format!("{name}_reason")]).collect();
    head.extend(names.iter().map(String::as_str));
    writer.write_record(&head)?;
    for project in &table.projects {
        for row in &project.rows {
            let mut record = vec![
                table.edition.as_str(),
                &project.name,
                project.address.as_deref().unwrap_or_default(),
                row.of_use.as_deref().unwrap_or_default(),
                &project.control.value,
                &project.control.reason,
                &project.region.value,
                &project.region.reason,
                &row.endpoint,
            ];
            record.extend(cells(row).into_iter().flat_map(|(value, reason)| [value, reason]));
            writer.write_record(record.into_iter().map(|text| in_a_spreadsheet(text).into_owned()))?;
        }
    }
    writer.flush()
}
