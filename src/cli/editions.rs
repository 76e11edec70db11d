//! `editions`: the editions known, one in full, what changed between two.

use std::collections::BTreeSet;
use std::io::Write;

use openai_data_controls::edition::{self, Changes, Comparison, Days, Edition, Section, Service, StorageRegions};
use openai_data_controls::error::Error;
use openai_data_controls::policy;
use openai_data_controls::report::padded;
use serde_json::{Value, json};

use super::{ListFormat, Out, out, write_json};
use crate::printable;

/// Prints what was asked for.
pub(crate) fn editions(one: Option<&str>, other: Option<&str>, today: &str, format: ListFormat) -> anyhow::Result<u8> {
    match (one, other) {
        (None, _) => list(today, format)?,
        (Some(name), None) => show(&find(name)?, today, format)?,
        (Some(from), Some(to)) => {
            let comparison = edition::compare(&find(from)?, &find(to)?);
            match format {
                ListFormat::Json => write_json(&comparison)?,
                ListFormat::Text => changes(&comparison)?,
            }
        }
    }
    Ok(0)
}

/// The edition that an argument names.
fn find(name: &str) -> Result<Edition, Error> {
    let of_argument = |wrong: Error| match wrong.what.as_str() {
        "--edition" => Error { what: "editions".to_owned(), ..wrong },
        _ => wrong,
    };
    edition::find(name).map(|chosen| chosen.edition).map_err(of_argument)
}

fn list(today: &str, format: ListFormat) -> anyhow::Result<()> {
    let editions: Vec<Edition> = edition::all()?;
    let chosen = edition::choose(None)?.edition.edition;
    match format {
        ListFormat::Json => {
            let listed = editions.iter().map(|e| {
                json!({
                    "name": e.edition, "date": e.edition_date, "date_range": e.edition_date_estimate,
                    "age_days": e.age(today), "certainty": e.certainty(),
                    "complete": e.complete, "refusal": e.refusal(), "default": e.edition == chosen,
                    "regions": e.regions.len(), "endpoints": e.endpoints.len(), "services": e.services.len(),
                    "source": e.source.url,
                })
            });
            write_json(&listed.collect::<Vec<_>>())?;
        }
        ListFormat::Text => {
            let mut out = Lines(out());
            for e in &editions {
                let says = match e.refusal() {
                    Some(why) => format!("does not judge: {why}"),
                    None if e.edition == chosen => "judges (default)".to_owned(),
                    None => "judges".to_owned(),
                };
                writeln!(out, "{:<16} {:<23} {says}", e.edition, e.date_or_range())?;
                let age = e.age(today).map(|days| format!("{days} days old"));
                let known = age.into_iter().chain([e.certainty()]).chain(e.source.url.clone());
                writeln!(out, "{:<16} {}", "", known.collect::<Vec<_>>().join("; "))?;
            }
            writeln!(out, "\n`editions NAME` shows one in full, `editions A B` what changed between two.")?;
        }
    }
    Ok(())
}

/// Writes text that may come from a file line by line: a line is put together first, and printed harmless.
struct Lines(Out);

impl Lines {
    fn write_fmt(&mut self, text: std::fmt::Arguments<'_>) -> std::io::Result<()> {
        let text = text.to_string();
        text.lines().try_for_each(|line| writeln!(self.0, "{}", printable(line)))
    }
}

/// The names of an edition's facts that no rule judges: read by none, and not what one judges by a table or the input.
fn not_judged(edition: &Edition) -> Vec<&str> {
    let files = policy::embedded();
    let names: BTreeSet<&str> = edition.rules.iter().map(|fact| fact.fact.as_str()).collect();
    names.into_iter().filter(|name| !policy::reads(&files, name) && !edition::is_answered(name)).collect()
}

fn show(edition: &Edition, today: &str, format: ListFormat) -> anyhow::Result<()> {
    let unread = not_judged(edition);
    if let ListFormat::Json = format {
        let shown = json!({
            "age_days": edition.age(today), "certainty": edition.certainty(), "refusal": edition.refusal(),
            "not_judged": unread, "edition": edition,
        });
        return write_json(&shown);
    }
    let mut out = Lines(out());
    let age = edition.age(today).map_or_else(String::new, |days| format!(", {days} days old"));
    writeln!(out, "edition    {}", edition.edition)?;
    writeln!(out, "date       {}{age}", edition.date_or_range())?;
    writeln!(out, "sure       {}", edition.certainty())?;
    match edition.refusal() {
        Some(why) => writeln!(out, "judges     no: {why}")?,
        None => writeln!(out, "judges     yes")?,
    }
    if let Some(url) = &edition.source.url {
        writeln!(out, "source     {url}")?;
    }
    for key in ["copy", "copy_url"] {
        if let Some(copy) = edition.source.further.get(key).and_then(Value::as_str) {
            writeln!(out, "{:<10} {copy}", "read from")?;
        }
    }
    for evidence in &edition.edition_date_evidence {
        writeln!(out, "{:<10} {evidence}", "dated by")?;
    }
    tables(edition, &mut out)?;
    writeln!(out, "\nfacts of the page's text that rules judge")?;
    for fact in edition.rules.iter().filter(|fact| !unread.contains(&fact.fact.as_str())) {
        writeln!(out, "  {}", stated(fact))?;
    }
    writeln!(out, "\nfacts that no rule judges")?;
    for fact in edition.rules.iter().filter(|fact| unread.contains(&fact.fact.as_str())) {
        writeln!(out, "  {}", stated(fact))?;
    }
    Ok(())
}

fn stated(fact: &edition::PageFact) -> String {
    let of = fact.targets();
    let of = if of.is_empty() { String::new() } else { format!(" [{}]", of.join(", ")) };
    let scope = fact.scope.as_ref().map_or_else(String::new, |scope| format!(" (set for the {scope})"));
    format!("{}{of}{scope}: {}", fact.fact, words(&fact.value))
}

fn tables(edition: &Edition, out: &mut Lines) -> std::io::Result<()> {
    writeln!(out, "\nregions")?;
    for region in &edition.regions {
        let mut says = vec![if region.processing { "storage and processing" } else { "storage" }.to_owned()];
        match region.requirement_any_of.as_deref() {
            None | Some([]) => {}
            Some(controls) => says.push(format!("needs one of {}", controls.join(", "))),
        }
        says.extend(
            region.extra_agreement.iter().map(|agreement| format!("needs the {}", agreement.replace('_', " "))),
        );
        if region.extra_approval == Some(true) {
            says.push("needs a further approval".to_owned());
        }
        if let Some(domain) = &region.domain {
            let required = match region.domain_required {
                Some(true) => "required",
                Some(false) => "optional",
                None => "not said whether required",
            };
            says.push(format!("{domain} ({required})"));
        }
        writeln!(out, "  {}  {}: {}", region.code, region.name, says.join("; "))?;
    }
    writeln!(out, "\nendpoints: days in abuse monitoring logs, application state, eligible for zero data retention")?;
    let width = edition.endpoints.iter().map(|e| e.path.chars().count()).max().unwrap_or(0);
    for endpoint in &edition.endpoints {
        let days = match &endpoint.abuse_monitoring_days {
            Days::Count(days) => days.to_string(),
            Days::Word(word) => word.replace('_', " "),
        };
        let (state, eligible) = (endpoint.application_state.replace('_', " "), endpoint.zdr_eligible.replace('_', " "));
        writeln!(out, "  {}  {days}; {state}; {eligible}", padded(&endpoint.path, width))?;
    }
    writeln!(out, "\nservices: where content rests, where inference runs, models")?;
    for service in &edition.services {
        row(service, out)?;
    }
    Ok(())
}

fn row(service: &Service, out: &mut Lines) -> std::io::Result<()> {
    let storage = match &service.storage_regions {
        Some(StorageRegions::Word(word)) => word.clone(),
        Some(StorageRegions::Codes(codes)) if codes.is_empty() => "nowhere".to_owned(),
        Some(StorageRegions::Codes(codes)) => codes.join(" "),
        None => "not said".to_owned(),
    };
    let processing = match service.processing_regions.as_deref() {
        Some([]) => "nowhere".to_owned(),
        Some(codes) => codes.join(" "),
        None => "not said".to_owned(),
    };
    writeln!(out, "  {}: stored {storage}; processed {processing}", service.service.replace('\n', " "))?;
    if !service.models.is_empty() {
        writeln!(out, "    models: {}", service.models.join(", "))?;
    }
    for (model, regions) in &service.model_region_limits {
        writeln!(out, "    {model} only in {}", regions.join(" "))?;
    }
    for (region, models) in &service.processing_model_allowlist {
        writeln!(out, "    processed in {region} only: {}", models.join(", "))?;
    }
    for limit in &service.service_tier_limits {
        let tiers =
            |word: &str, tiers: &Option<Vec<String>>| tiers.as_ref().map(|t| format!("{word} {}", t.join(", ")));
        let says = [tiers("tiers only", &limit.service_tiers_allowed), tiers("not", &limit.service_tiers_forbidden)];
        let says: Vec<String> = says.into_iter().flatten().collect();
        writeln!(out, "    {} in {}: {}", limit.models.join(", "), limit.region, says.join("; "))?;
    }
    for (tier, models) in &service.service_tier_regions {
        for (model, regions) in models {
            writeln!(out, "    {model} with tier {tier} only in {}", regions.join(" "))?;
        }
    }
    for note in service.condition.iter().chain(&service.caveat) {
        writeln!(out, "    {}", note.replace('_', " "))?;
    }
    Ok(())
}

fn changes(comparison: &Comparison) -> anyhow::Result<()> {
    let mut out = Lines(out());
    writeln!(out, "from {} to {}", comparison.from, comparison.to)?;
    for name in &comparison.incomplete {
        writeln!(out, "{name} is incomplete: what it lacks is not gone from the page")?;
    }
    for (name, section) in comparison.sections() {
        if !section.is_empty() {
            writeln!(out, "\n{name}")?;
            part(section, &mut out)?;
        }
    }
    if comparison.is_empty() {
        writeln!(out, "\nnothing changed")?;
    }
    Ok(())
}

fn part(section: &Section, out: &mut Lines) -> std::io::Result<()> {
    for (key, value) in &section.added {
        writeln!(out, "  + {key}: {}", words(value))?;
    }
    for (key, value) in &section.removed {
        writeln!(out, "  - {key}: {}", words(value))?;
    }
    for change in &section.changed {
        writeln!(out, "  ~ {} {}: {}", change.key, change.field, changed(change))?;
    }
    Ok(())
}

fn changed(change: &Changes) -> String {
    if change.added.is_empty() && change.removed.is_empty() {
        return format!("{} -> {}", words(&change.before), words(&change.after));
    }
    let sign =
        |sign: &str, items: &[Value]| items.iter().map(|item| format!("{sign}{}", words(item))).collect::<Vec<_>>();
    [sign("+", &change.added), sign("-", &change.removed)].concat().join(" ")
}

/// A value as people write it.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "not said".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| format!("{key} {}", words(value))).collect::<Vec<_>>().join("; ")
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
