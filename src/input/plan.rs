//! Terraform plan JSON (`terraform show -json`), as it is or wrapped by a platform.

use std::collections::BTreeSet;

use super::recognise::SHOW;
use super::resources::{Options, Reader, damaged};
use super::scan::{Configuration, Listed, Scan, tree};
use crate::document::{SyntaxError, json_node, span_of};
use crate::input::reading::Reading;
use crate::location::{FileId, Place, SourceMap};

/// Reads a plan out of the scan of its text. `file` is its text in `map`, `source` the path that ids carry; `wrapped`
/// names the key that a platform put the plan under.
pub(super) fn read(
    text: &str,
    scan: &Scan<'_>,
    wrapped: Option<&'static str>,
    (file, source): (FileId, &str),
    options: &Options<'_>,
    map: &mut SourceMap,
) -> Reading {
    let mut reader = Reader::new(text, file, source);
    if let Err(problem) = plan(&mut reader, scan, wrapped, options, map) {
        reader.problem(source, problem, map);
    }
    reader.reading
}

fn plan<'a>(
    reader: &mut Reader<'a>,
    scan: &Scan<'a>,
    wrapped: Option<&'static str>,
    options: &Options<'_>,
    map: &mut SourceMap,
) -> Result<(), SyntaxError> {
    if let Some(twice) = scan.repeated_key(reader.text) {
        return Err(twice);
    }
    for problem in says(reader, scan, wrapped) {
        reader.problem(reader.source, problem, map);
    }
    reader.note_checks(scan, "checks");
    for key in ["action_invocations", "deferred_action_invocations"] {
        if let Err(problem) = reader.actions(scan, key, options, map) {
            reader.problem(reader.source, problem, map);
        }
    }
    let nothing = Configuration::default();
    let configuration = scan.configuration.as_ref().unwrap_or(&nothing);
    if let Some(wrong) = configuration.wrong {
        let span = scan.key_span(reader.text, "configuration");
        reader.problem(reader.source, damaged(span, format!("\"configuration\": {wrong}")), map);
    }
    let place = Place { file: reader.file, span: scan.key_span(reader.text, "configuration") };
    reader.reading.organizations.extend(configuration.organizations().into_iter().map(|name| (name, place.clone())));
    // What the variables had, so that the source is evaluated as it was planned.
    let variables = scan.value("variables").map(|raw| json_node(reader.text, raw)).transpose()?;
    let empty = Listed::default();
    let has_changes = scan.changes.as_ref().is_some_and(|changes| changes.count > 0 || changes.wrong.is_some());
    let planned = match has_changes {
        true => None,
        false => scan.value("planned_values").map(|raw| tree(reader.text, raw)).transpose()?,
    };
    // Refresh only: what is there stands in its values, or in the state before it.
    let (shown, key) = match (&planned, &scan.changes, &scan.prior) {
        (Some(planned), _, _) if planned.count > 0 || planned.wrong.is_some() => (planned, "planned_values"),
        (_, Some(changes), _) => (changes, "resource_changes"),
        (_, None, Some(prior)) => (prior, "prior_state"),
        (Some(planned), None, None) => (planned, "planned_values"),
        (None, None, None) => (&empty, "planned_values"),
    };
    if key != "resource_changes" && shown.count > 0 {
        reader.note("no changes are planned (-refresh-only): what is there now is judged");
    }
    let mut instances = reader.instances(shown, scan, key, map);
    reader.check_complete(&instances, configuration, scan, map);
    // Data sources that were read while planning stand in the state before.
    if let Some(prior) = scan.prior.as_ref().filter(|_| key != "prior_state") {
        let there: BTreeSet<String> = instances.iter().map(|i| i.address.to_string()).collect();
        let read = reader.instances(prior, scan, "prior_state", map);
        if key == "resource_changes" {
            reader.check_kept(&read, &there, scan, map);
        }
        instances.extend(read.into_iter().filter(|i| i.mode == "data" && !there.contains(i.address.as_ref())));
    }
    reader.resources(instances, configuration, variables.as_ref(), options, map);
    Ok(())
}

/// What the plan says of itself.
fn says(reader: &mut Reader<'_>, scan: &Scan<'_>, wrapped: Option<&'static str>) -> Vec<SyntaxError> {
    let value = |key: &str| scan.value(key).map(|raw| (raw.get(), span_of(reader.text, raw)));
    let mut problems = Vec::new();
    let mut wrong = |span, message: String, help: &str| {
        problems.push(SyntaxError { span, message, help: Some(help.to_owned()) });
    };
    match value("format_version") {
        Some((version, _)) if is_version_1(version) => {}
        Some((version, span)) => {
            let help = "use a newer version of this program, or an older terraform";
            wrong(span, format!("format_version {version} is not known: expected 1.x"), help);
        }
        // Spacelift gives no version, but always the changes.
        None if wrapped.is_some() && scan.changes.is_some() => {}
        None => {
            let message = "this is no plan JSON: it has no format_version".to_owned();
            wrong(0..1.min(reader.text.len()), message, &format!("make it: {SHOW}"));
        }
    }
    if !["resource_changes", "planned_values", "prior_state"].iter().any(|key| scan.has(key)) {
        let message = "the plan has no resource_changes and no planned_values".to_owned();
        wrong(0..1.min(reader.text.len()), message, &format!("make it anew: {SHOW}"));
    }
    let (mut errored_plan, mut incomplete) = (false, false);
    if let Some((errored, span)) = value("errored").filter(|(value, _)| *value != "false") {
        errored_plan = true;
        let message = match errored {
            "true" => "the plan ended with an error, so it shows only a part",
            _ => "\"errored\" must be true or false",
        };
        wrong(span, message.to_owned(), "mend what terraform plan reports and plan again");
    }
    if let Some((complete, span)) = value("complete").filter(|(value, _)| *value != "true") {
        incomplete = true;
        let message = match complete {
            "false" => "the plan is not complete (-target, or deferred changes), so it shows only a part",
            _ => "\"complete\" must be true or false",
        };
        wrong(span, message.to_owned(), "plan again without -target");
    }
    for key in ["deferred_changes", "deferred_action_invocations"] {
        if let Some((changes, span)) = value(key)
            && changes.trim_start_matches('[').trim() != "]"
        {
            incomplete = true;
            let span = span.start..span.start + 1;
            let message = "the plan defers changes, so it shows only a part".to_owned();
            wrong(span, message, "apply what can be applied, then plan again");
        }
    }
    reader.reading.errored = errored_plan;
    reader.reading.incomplete = incomplete;
    if scan.value("complete").is_none() {
        reader.note(
            "the plan does not say whether it is complete (OpenTofu, Terraform before 1.8): plan without -target",
        );
    }
    problems
}

fn is_version_1(version: &str) -> bool {
    let version = version.trim_matches('"');
    version == "1" || version.starts_with("1.")
}
