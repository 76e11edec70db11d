//! SARIF 2.1.0: for code scanning, editors and archives of results.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Result, Write};

use serde_json::{Value, json};

use super::case::{Standing, message, primary};
use super::escape::{lines, one_line, plain, write_json};
use super::{Report, Unchecked, markdown};
use crate::input::InputKind;
use crate::location::Position;
use crate::rule::Severity;
use crate::verdict::{Finding, FindingLocation, Role, Verdict};

/// What relative addresses are relative to: the working directory of the run, for pipelines the root of the repository.
const BASE: &str = "%SRCROOT%";
/// The name of our fingerprint; a change of what it is made of takes another number.
const FINGERPRINT: &str = "openaiDataControls/v1";

/// Writes one run: its rules are those that have findings.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let rules: BTreeMap<&str, &Finding> = report.findings.iter().rev().map(|f| (f.rule.as_str(), f)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let page = report.edition.as_ref().and_then(|edition| web_address(edition.source.as_deref()?));
    let results: Vec<Value> =
        report.findings.iter().map(|f| result(report, f, index.get(f.rule.as_str()).copied().unwrap_or(0))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.values().map(|finding| rule(finding, page.as_deref())).collect::<Vec<_>>(),
                "notifications": [
                    { "id": "unchecked", "shortDescription": { "text": "Something could not be checked" } },
                    { "id": "note", "shortDescription": { "text": "Something worth knowing" } },
                ],
            } },
            "invocations": [invocation(report)],
            "originalUriBaseIds": { BASE: { "description": { "text": "The working directory of the run" } } },
            "artifacts": artifacts(report),
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "edition": report.edition,
                "today": report.today,
                "policies": report.policies,
                "summary": report.summary,
            },
        }],
    });
    write_json(&log, out)
}

fn rule(finding: &Finding, page: Option<&str>) -> Value {
    let remediation = lines(&finding.remediation);
    let section = plain(&finding.section);
    let mut rule = json!({
        "id": plain(finding.rule.as_str()),
        "shortDescription": { "text": shown(&finding.title) },
        "fullDescription": { "text": shown(&one_line(&finding.why)) },
        "help": {
            "text": unlinked(&format!("{}\n\n{remediation}\n\nSection: {section}", plain(&one_line(&finding.why)))),
            "markdown": markdown::help(&finding.title, &finding.why, &finding.remediation, &finding.section),
        },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": {
            "security-severity": security_severity(finding.severity),
            "severity": finding.severity.name(),
            "precision": "very-high",
            "tags": tags(finding),
            "documentation": finding.help,
        },
    });
    if let Some(page) = page {
        rule["helpUri"] = page.into();
    }
    rule
}

/// GitHub reads `security-severity` of rules with the tag `security`.
fn tags(finding: &Finding) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    tags.extend(finding.rule.as_str().split('/').next().map(|group| plain(group).into_owned()));
    tags.dedup();
    tags
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

/// Over 9.0 is critical to GitHub, from 7.0 high, from 4.0 medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "2.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

fn result(report: &Report, finding: &Finding, index: usize) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Violation => ("fail", level(finding.severity)),
        // Levels belong to what fails.
        Verdict::Undetermined => ("open", "none"),
        Verdict::Pass => ("pass", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
    };
    let subject = &finding.subject;
    let mut result = json!({
        "ruleId": plain(finding.rule.as_str()),
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": { "text": shown(&message(finding)) },
        "locations": [place(report, finding)],
        "partialFingerprints": {
            FINGERPRINT: finding.fingerprint,
            // GitHub follows an alert by this one: it then survives moved lines, and plans that are one line.
            "primaryLocationLineHash": format!("{}:1", finding.fingerprint),
        },
        "properties": {
            "verdict": finding.verdict,
            "severity": finding.severity,
            "subject": subject,
            "attribute": finding.attribute,
            "section": finding.section,
            "failsRun": report.standing(finding) == Standing::Failure,
        },
    });
    let related: Vec<Value> = related(finding).collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    let flow: Vec<Value> = flow(finding).collect();
    if flow.len() > 1 {
        result["codeFlows"] = json!([{
            "message": { "text": "Where the value comes from, and how it gets to the setting" },
            "threadFlows": [{ "locations": flow }],
        }]);
    }
    if let Some(waiver) = &finding.waiver {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": plain(waiver) }]);
    }
    result
}

/// The first place; where nothing was written, the input. Code scanning takes no result without a place.
fn place(report: &Report, finding: &Finding) -> Value {
    let subject = &finding.subject;
    let mut location = match primary(finding) {
        Some(found) => json!({ "physicalLocation": physical(found) }),
        None => json!({ "physicalLocation": { "artifactLocation": artifact(report.file_of(finding)) } }),
    };
    location["logicalLocations"] =
        json!([{ "name": plain(&subject.name), "fullyQualifiedName": plain(&subject.id), "kind": "resource" }]);
    location
}

fn is_evidence(finding: &Finding, location: &FindingLocation) -> bool {
    finding.evidence_location.as_ref().is_some_and(|e| e.path == location.path && e.start == location.start)
}

fn causes(finding: &Finding) -> impl Iterator<Item = &FindingLocation> {
    let first = primary(finding);
    finding.locations.iter().filter(move |location| first.is_none_or(|first| !std::ptr::eq(first, *location)))
}

/// The places beside the first.
fn related(finding: &Finding) -> impl Iterator<Item = Value> {
    causes(finding).enumerate().map(|(at, location)| {
        let text = if is_evidence(finding, location) {
            "the evidence of the organization that it depends on"
        } else {
            "where the value comes from or passes through"
        };
        json!({ "id": at + 1, "physicalLocation": physical(location), "message": { "text": text } })
    })
}

/// The way of the value: from where it is written to the setting that takes it.
fn flow(finding: &Finding) -> impl Iterator<Item = Value> {
    let places = finding.locations.iter().filter(|location| !is_evidence(finding, location));
    places.enumerate().map(|(at, location)| {
        let text = match location.role {
            Role::Primary => "the value is written here",
            Role::Cause => "and passes here",
        };
        json!({
            "location": { "physicalLocation": physical(location), "message": { "text": text } },
            "executionOrder": at + 1,
        })
    })
}

fn physical(location: &FindingLocation) -> Value {
    json!({ "artifactLocation": artifact(&location.path), "region": region(location.start, Some(location.end)) })
}

fn region(start: Position, end: Option<Position>) -> Value {
    let mut region = json!({ "startLine": start.line.max(1), "startColumn": start.column.max(1) });
    if let Some(end) = end.filter(|end| *end > start) {
        region["endLine"] = end.line.into();
        region["endColumn"] = end.column.max(1).into();
    }
    region
}

/// An address: relative to [`BASE`] where the path is relative and stays below the working directory.
fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", encoded(path)) });
    }
    if path.split('/').any(|part| part == "..") {
        return json!({ "uri": encoded(path) });
    }
    json!({ "uri": encoded(path), "uriBaseId": BASE })
}

/// A path as part of an address: what RFC 3986 does not take there is escaped, and `:`, which would start a scheme.
fn encoded(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => address.push(byte.into()),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    // An empty first part would be taken for a host.
    if address.starts_with("//") { format!("/.{address}") } else { address }
}

fn artifacts(report: &Report) -> Vec<Value> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for input in report.inputs.iter().filter(|input| input.path != "-") {
        let mut artifact = json!({ "location": artifact(&input.path), "roles": ["analysisTarget"] });
        // The digest of source is one of several files.
        if let Some(digest) = input.sha256.as_ref().filter(|_| input.kind != Some(InputKind::TerraformSource)) {
            artifact["hashes"] = json!({ "sha-256": digest });
        }
        if seen.insert(artifact.to_string()) {
            found.push(artifact);
        }
    }
    found
}

fn invocation(report: &Report) -> Value {
    let mut notifications: Vec<Value> = report.unchecked.iter().map(unchecked).collect();
    notifications.extend(report.remarks().iter().map(|remark| {
        json!({ "descriptor": { "id": "note", "index": 1 }, "level": "note", "message": { "text": shown(remark) } })
    }));
    json!({
        "executionSuccessful": report.unchecked.iter().all(|entry| entry.acknowledged),
        "toolExecutionNotifications": notifications,
    })
}

fn unchecked(entry: &Unchecked) -> Value {
    let mut notification = json!({
        "descriptor": { "id": "unchecked", "index": 0 },
        "level": if entry.acknowledged { "note" } else { "error" },
        "message": { "text": shown(&format!("{}: {}", entry.what, entry.why)) },
    });
    if let Some(path) = &entry.path {
        let mut place = json!({ "artifactLocation": artifact(path) });
        if let Some(line) = entry.line {
            place["region"] = region(Position { line, column: entry.column.unwrap_or(1) }, None);
        }
        notification["locations"] = json!([{ "physicalLocation": place }]);
    }
    notification
}

/// Text of one line for a message.
fn shown(text: &str) -> String {
    unlinked(&plain(text))
}

/// Text without links: `[…](…)` is one, even in plain messages.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

/// An address on the web, if it is one.
fn web_address(text: &str) -> Option<String> {
    let address = url::Url::parse(text).ok()?;
    (matches!(address.scheme(), "https" | "http") && address.has_host()).then(|| address.to_string())
}
