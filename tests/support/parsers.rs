//! Readers of the formats, as their specifications and the programs that read them have it; none shares code with the
//! writers. Each panics where a document is broken or says something else than it should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use openai_data_controls::report::{Format, Report};
use openai_data_controls::verdict::Verdict;
use regex_automata::meta::Regex;
use serde_json::Value;

use super::reports::Counts;

/// Reads a document back, and as each pipeline's agent reads what a step prints.
pub fn read_back(format: Format, document: &str, report: &Report, counts: Counts) {
    match format {
        Format::Text => text_report(document, report),
        Format::Json => json(document, report),
        Format::Sarif => sarif(document, report),
        Format::Junit => junit(document, counts),
        Format::Github => github(document, report),
        Format::Gitlab => gitlab(document, report),
        Format::Azure => azure(document, report),
        Format::Tap => tap(document, counts),
        Format::Markdown => markdown(document),
        Format::Conftest => conftest(document, report),
    }
    harmless(document);
    if format != Format::Github {
        assert_eq!(github_commands(document), []);
    }
    if format != Format::Azure {
        assert_eq!(azure_commands(document), []);
    }
}

/// The object behind a value, with no keys but these.
fn object<'v>(value: &'v Value, known: &[&str], required: &[&str]) -> &'v serde_json::Map<String, Value> {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for key in object.keys() {
        assert!(known.contains(&key.as_str()), "{key} is not known here: {value}");
    }
    for key in required {
        assert!(object.contains_key(*key), "{key} is missing: {value}");
    }
    object
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}"))
}

fn entries(value: &Value) -> &[Value] {
    if value.is_null() { &[] } else { list(value) }
}

fn distinct(values: &[Value]) {
    let distinct: BTreeSet<String> = values.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), values.len(), "not unique: {values:?}");
}

/// A message of SARIF: text, and no link in it.
fn sarif_message(value: &Value) -> &str {
    let message = object(value, &["text"], &["text"]);
    let text = text(&message["text"]);
    assert!(!text.contains("]("), "a link: {text}");
    text
}

/// An address of SARIF; gives the path that it names.
fn sarif_artifact(value: &Value, bases: &Value) -> String {
    let artifact = object(value, &["uri", "uriBaseId"], &["uri"]);
    let uri = text(&artifact["uri"]);
    assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%:".contains(&b)), "no address: {uri:?}");
    match artifact.get("uriBaseId") {
        Some(base) => {
            assert!(bases.get(text(base)).is_some(), "{base} is no base");
            assert!(!uri.starts_with('/') && !uri.contains(':') && !uri.split('/').any(|part| part == ".."), "{uri}");
        }
        None => assert!(uri.starts_with("file:///") || uri.split('/').any(|part| part == ".."), "{uri}"),
    }
    let path = uri.strip_prefix("file://").unwrap_or(uri);
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            let hex = [*rest.next().unwrap(), *rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn sarif_place(value: &Value, bases: &Value) -> String {
    let place = object(value, &["artifactLocation", "region"], &["artifactLocation"]);
    if let Some(region) = place.get("region") {
        let region = object(region, &["startLine", "startColumn", "endLine", "endColumn"], &["startLine"]);
        let number = |key: &str| region.get(key).map(|n| n.as_u64().filter(|n| *n >= 1).expect("a number from 1"));
        if let Some(end) = number("endLine") {
            assert!((end, number("endColumn")) > (number("startLine").unwrap(), number("startColumn")), "{value}");
        }
    }
    sarif_artifact(&place["artifactLocation"], bases)
}

fn sarif_location(value: &Value, bases: &Value) -> String {
    let location = object(value, &["id", "physicalLocation", "logicalLocations", "message"], &["physicalLocation"]);
    for logical in location.get("logicalLocations").map_or(&[][..], list) {
        object(logical, &["name", "fullyQualifiedName", "kind"], &["fullyQualifiedName"]);
    }
    location.get("message").map(sarif_message);
    sarif_place(&location["physicalLocation"], bases)
}

/// SARIF 2.1.0: the rules of its schema, and those of its text that a schema can't say.
pub fn sarif(document: &str, report: &Report) {
    let log: Value = serde_json::from_str(document).unwrap();
    let top = object(&log, &["$schema", "version", "runs"], &["version", "runs"]);
    assert_eq!(top["version"], "2.1.0");
    let [run] = list(&top["runs"]) else { panic!("one run") };
    let known = ["tool", "invocations", "originalUriBaseIds", "artifacts", "columnKind", "results", "properties"];
    object(run, &known, &["tool", "results"]);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let bases = &run["originalUriBaseIds"];
    let driver = &object(&run["tool"], &["driver"], &["driver"])["driver"];
    object(driver, &["name", "version", "semanticVersion", "informationUri", "rules", "notifications"], &["name"]);
    let rules = list(&driver["rules"]);
    distinct(rules);
    for rule in rules {
        let known =
            ["id", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"];
        object(rule, &known, &["id"]);
        sarif_message(&rule["shortDescription"]);
        sarif_message(&rule["fullDescription"]);
        let help = object(&rule["help"], &["text", "markdown"], &["text"]);
        assert!(!text(&help["text"]).contains("]("));
        let shown = without_code(text(&help["markdown"]));
        let mut bare = String::new();
        let mut letters = shown.chars();
        while let Some(letter) = letters.next() {
            if letter == '\\' {
                letters.next().expect("an escape of something")
            } else {
                bare.push(letter);
                ' '
            };
        }
        assert!(!bare.contains(['<', '[', '`', '_', '@']), "{bare}");
        assert!(["none", "note", "warning", "error"].contains(&text(&rule["defaultConfiguration"]["level"])));
        let severity: f64 = text(&rule["properties"]["security-severity"]).parse().unwrap();
        assert!(severity > 0.0 && severity <= 10.0);
        distinct(list(&rule["properties"]["tags"]));
        assert!(list(&rule["properties"]["tags"]).contains(&"security".into()));
        if let Some(address) = rule.get("helpUri") {
            assert!(url::Url::parse(text(address)).is_ok());
        }
    }
    let results = list(&run["results"]);
    assert_eq!(results.len(), report.findings.len());
    for (result, finding) in results.iter().zip(&report.findings) {
        sarif_result(result, finding, rules, bases);
    }
    distinct(entries(&run["artifacts"]));
    for artifact in entries(&run["artifacts"]) {
        object(artifact, &["location", "roles", "hashes"], &[]);
        sarif_artifact(&artifact["location"], bases);
    }
    let [invocation] = list(&run["invocations"]) else { panic!("one invocation") };
    object(invocation, &["executionSuccessful", "toolExecutionNotifications"], &["executionSuccessful"]);
    assert_eq!(invocation["executionSuccessful"], report.unchecked.iter().all(|u| u.acknowledged));
    let told = list(&invocation["toolExecutionNotifications"]);
    assert_eq!(told.len(), report.unchecked.len() + report.notes.len());
    for (at, one) in told.iter().enumerate() {
        object(one, &["descriptor", "level", "message", "locations"], &["message"]);
        let index = usize::try_from(one["descriptor"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(driver["notifications"][index]["id"], one["descriptor"]["id"]);
        let open = report.unchecked.get(at).is_some_and(|u| !u.acknowledged);
        assert_eq!(one["level"], if open { "error" } else { "note" });
        sarif_message(&one["message"]);
        entries(&one["locations"]).iter().for_each(|location| drop(sarif_location(location, bases)));
    }
}

fn sarif_result(result: &Value, finding: &openai_data_controls::verdict::Finding, rules: &[Value], bases: &Value) {
    let known = [
        "ruleId",
        "ruleIndex",
        "kind",
        "level",
        "message",
        "locations",
        "partialFingerprints",
        "relatedLocations",
        "codeFlows",
        "suppressions",
        "properties",
    ];
    object(result, &known, &["message"]);
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], result["ruleId"]);
    let (kind, level) = (text(&result["kind"]), text(&result["level"]));
    let right = match finding.verdict {
        Verdict::Violation => kind == "fail" && ["note", "warning", "error"].contains(&level),
        Verdict::Undetermined => kind == "open" && level == "none",
        Verdict::Pass => kind == "pass" && level == "none",
        Verdict::NotApplicable => kind == "notApplicable" && level == "none",
    };
    assert!(right, "{kind} {level}");
    assert!(!sarif_message(&result["message"]).trim().is_empty());
    let [location] = list(&result["locations"]) else { panic!("one place") };
    let path = sarif_location(location, bases);
    if let Some(first) = finding.locations.first() {
        let shown = path.strip_prefix("/.").filter(|p| p.starts_with("//")).unwrap_or(&path);
        assert_eq!(shown, first.path);
    }
    for print in result["partialFingerprints"].as_object().unwrap().values() {
        assert!(text(print).starts_with(&finding.fingerprint));
    }
    let related = entries(&result["relatedLocations"]);
    assert_eq!(related.len(), finding.locations.len().saturating_sub(1));
    let ids: Vec<Value> = related.iter().map(|one| one["id"].clone()).collect();
    assert!(ids.iter().all(|id| id.as_u64().is_some()));
    distinct(&ids);
    related.iter().for_each(|one| drop(sarif_location(one, bases)));
    for flow in entries(&result["codeFlows"]) {
        object(flow, &["message", "threadFlows"], &["threadFlows"]);
        for thread in list(&flow["threadFlows"]) {
            let steps = list(&object(thread, &["locations"], &["locations"])["locations"]);
            assert!(!steps.is_empty());
            for step in steps {
                object(step, &["location", "executionOrder"], &[]);
                sarif_location(&step["location"], bases);
            }
        }
    }
    let suppressed = entries(&result["suppressions"]);
    assert_eq!(suppressed.len(), usize::from(finding.waiver.is_some()));
    for one in suppressed {
        object(one, &["kind", "status", "justification"], &["kind"]);
        assert_eq!((&one["kind"], &one["status"]), (&"external".into(), &"accepted".into()));
    }
}

/// JUnit XML, as Jenkins has it: the counts are those of the cases.
pub fn junit(document: &str, counts: Counts) {
    let xml = roxmltree::Document::parse(document).unwrap();
    let root = xml.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let mut all = [0; 4];
    for suite in root.children().filter(roxmltree::Node::is_element) {
        assert_eq!(suite.tag_name().name(), "testsuite");
        assert!(suite.has_attribute("name"));
        let mut found = [0; 4];
        for node in suite.children().filter(roxmltree::Node::is_element) {
            if node.tag_name().name() == "properties" {
                let right = |p: roxmltree::Node<'_, '_>| p.has_attribute("name") && p.has_attribute("value");
                assert!(node.children().filter(roxmltree::Node::is_element).all(right));
                continue;
            }
            assert_eq!(node.tag_name().name(), "testcase");
            assert!(node.attribute("name").is_some_and(|name| !name.is_empty()) && node.has_attribute("classname"));
            let inner: Vec<_> = node.children().filter(roxmltree::Node::is_element).collect();
            assert!(inner.len() <= 1);
            found[0] += 1;
            if let Some(at) = inner.first().map(|n| n.tag_name().name()) {
                let at = ["failure", "error", "skipped"].iter().position(|known| *known == at);
                found[1 + at.expect("failure, error or skipped")] += 1;
            }
        }
        let says = |key: &str| suite.attribute(key).unwrap().parse::<usize>().unwrap();
        assert_eq!(found, [says("tests"), says("failures"), says("errors"), says("skipped")]);
        all.iter_mut().zip(found).for_each(|(sum, more)| *sum += more);
    }
    let says = |key: &str| root.attribute(key).unwrap().parse::<usize>().unwrap();
    assert_eq!(all[..3], [says("tests"), says("failures"), says("errors")]);
    assert!(!root.has_attribute("skipped"), "the schema of Jenkins has no such attribute there");
    assert_eq!(all[1] + all[2], counts.failures);
    assert!(all[0] > 0);
}

/// A command that an agent would carry out.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    pub name: String,
    pub properties: BTreeMap<String, String>,
    pub data: String,
}

/// The lines that an agent reads: it ends them at CR, too.
fn agent_lines(output: &str) -> impl Iterator<Item = &str> {
    output.split('\n').flat_map(|line| line.split('\r'))
}

/// The names that the runner of GitHub knows.
const GITHUB: &[&str] = &[
    "internal-set-repo-path",
    "set-env",
    "set-output",
    "save-state",
    "add-path",
    "add-mask",
    "add-matcher",
    "remove-matcher",
    "error",
    "warning",
    "notice",
    "debug",
    "group",
    "endgroup",
    "echo",
    "stop-commands",
];

/// The commands that GitHub's runner finds, undone as it undoes them: `%25` last.
pub fn github_commands(output: &str) -> Vec<Command> {
    let undone = |text: &str, pairs: &[(&str, &str)]| {
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)).replace("%25", "%")
    };
    let mut found = Vec::new();
    for line in agent_lines(output) {
        // The old form, anywhere in a line.
        assert!(!line.contains("##["), "{line}");
        let Some((inner, data)) = line.trim_start().strip_prefix("::").and_then(|l| l.split_once("::")) else {
            continue;
        };
        let (name, properties) = inner.split_once(' ').unwrap_or((inner, ""));
        if !GITHUB.contains(&name) {
            continue;
        }
        let property = |text: &str| undone(text, &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")]);
        let properties = properties.split(',').filter_map(|p| p.split_once('='));
        let properties: BTreeMap<String, String> =
            properties.map(|(k, v)| (k.trim().to_owned(), property(v))).collect();
        found.push(Command { name: name.to_owned(), properties, data: undone(data, &[("%0D", "\r"), ("%0A", "\n")]) });
    }
    found
}

/// The commands that the agent of Azure finds, anywhere in a line, undone as it undoes them: `%AZP25` last.
pub fn azure_commands(output: &str) -> Vec<Command> {
    let undone = |text: &str| {
        [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")]
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let mut found = Vec::new();
    for line in agent_lines(output) {
        assert!(!line.contains("##["), "{line}");
        let Some((_, command)) = line.split_once("##vso[") else { continue };
        let (inner, data) = command.split_once(']').expect("an end of the command");
        let (name, properties) = inner.split_once(' ').unwrap_or((inner, ""));
        let properties = properties.split(';').filter_map(|p| p.split_once('='));
        let properties = properties.map(|(k, v)| (k.to_owned(), undone(v))).collect();
        found.push(Command { name: name.to_owned(), properties, data: undone(data) });
    }
    found
}

fn shown(report: &Report, waived: bool) -> usize {
    let wrong = |v: Verdict| matches!(v, Verdict::Violation | Verdict::Undetermined);
    report.findings.iter().filter(|f| wrong(f.verdict) && (waived || f.waiver.is_none())).count()
}

/// As many annotations as findings, entries and notes; what fails the run is an error.
pub fn github(document: &str, report: &Report) {
    let commands = github_commands(document);
    assert_eq!(commands.len(), shown(report, true) + report.unchecked.len() + report.notes.len());
    for command in &commands {
        assert!(["error", "warning", "notice"].contains(&command.name.as_str()), "{command:?}");
        for key in command.properties.keys() {
            assert!(["file", "line", "col", "endLine", "endColumn", "title"].contains(&key.as_str()), "{command:?}");
        }
        assert!(!command.data.is_empty());
    }
    assert!(document.ends_with(&format!("\n{}\n", report.conftest_line())) || document.lines().count() == 1);
}

/// As many issues as findings and entries, nothing else.
pub fn azure(document: &str, report: &Report) {
    let commands = azure_commands(document);
    assert_eq!(commands.len(), shown(report, false) + report.unchecked.len());
    for command in &commands {
        assert_eq!(command.name, "task.logissue");
        assert!(["error", "warning"].contains(&command.properties["type"].as_str()), "{command:?}");
        for key in command.properties.keys() {
            assert!(
                ["type", "sourcepath", "linenumber", "columnnumber", "code"].contains(&key.as_str()),
                "{command:?}"
            );
        }
    }
    assert_eq!(document.lines().last().unwrap(), report.conftest_line());
}

/// What GitLab's page on Code Quality asks for.
pub fn gitlab(document: &str, report: &Report) {
    let document: Value = serde_json::from_str(document).unwrap();
    let issues = list(&document);
    assert_eq!(issues.len(), shown(report, true) + report.unchecked.len());
    let mut prints = BTreeSet::new();
    for issue in issues {
        let known = ["description", "check_name", "fingerprint", "severity", "location"];
        object(issue, &known, &known);
        assert!(!text(&issue["description"]).contains('\n') && !text(&issue["check_name"]).is_empty());
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&text(&issue["severity"])));
        let location = object(&issue["location"], &["path", "lines"], &["path", "lines"]);
        assert!(!text(&location["path"]).is_empty() && location["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(prints.insert(text(&issue["fingerprint"]).to_owned()), "a fingerprint stands twice");
    }
}

/// The grammar of TAP 14, as far as it is used: version, plan, points with directives and blocks, comments.
pub fn tap(document: &str, counts: Counts) {
    assert!(document.ends_with('\n') && !document.contains('\r'));
    let mut lines = document.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan = lines.next().unwrap().strip_prefix("1..").unwrap();
    let planned: usize = plan.split(" # ").next().unwrap().parse().unwrap();
    let (mut number, mut failed, mut todo) = (0, 0, 0);
    while let Some(line) = lines.next() {
        if line == "  ---" {
            loop {
                let line = lines.next().expect("an end of the block");
                if line == "  ..." {
                    break;
                }
                let (key, value) = line.strip_prefix("  ").unwrap().split_once(": ").unwrap();
                assert!(key.chars().all(|c| c.is_ascii_lowercase()), "{line}");
                serde_json::from_str::<String>(value).unwrap();
            }
            continue;
        }
        if line.starts_with("# ") {
            continue;
        }
        let (failing, rest) = match line.strip_prefix("not ok ") {
            Some(rest) => (true, rest),
            None => (false, line.strip_prefix("ok ").unwrap_or_else(|| panic!("no line of TAP: {line:?}"))),
        };
        number += 1;
        let (own, description) = rest.split_once(" - ").unwrap();
        assert_eq!(own.parse::<usize>().unwrap(), number);
        // A directive starts at the first # that no backslash escapes.
        let mut rest = description.as_bytes();
        while let Some(at) = memchr::memchr2(b'#', b'\\', rest) {
            if rest[at] == b'#' {
                rest = &rest[at..];
                break;
            }
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        let directive = rest.starts_with(b"#").then(|| &description[description.len() - rest.len()..]);
        match directive {
            None => failed += usize::from(failing),
            Some(text) if text.starts_with("# TODO ") && failing => todo += 1,
            Some(text) => assert!(text.starts_with("# SKIP ") && !failing, "{text}"),
        }
    }
    assert_eq!((number, failed, todo), (planned, counts.failures, counts.warnings + counts.waived));
}

/// Markdown without code: without fenced blocks, and without spans, whose ticks have to close in their line.
fn without_code(document: &str) -> String {
    let mut left = String::new();
    let mut fence: Option<usize> = None;
    for line in document.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if let Some(open) = fence {
            if ticks >= open && line.trim_start_matches('`').trim().is_empty() {
                fence = None;
            }
            continue;
        }
        if ticks >= 3 && !line.trim_start_matches('`').contains('`') {
            fence = Some(ticks);
            left.push_str("C\n");
            continue;
        }
        let mut rest = line;
        while let Some(at) = memchr::memchr2(b'`', b'\\', rest.as_bytes()) {
            left.push_str(&rest[..at]);
            // An escape keeps what stands behind it from being a tick.
            if let Some(escaped) = rest[at..].strip_prefix('\\') {
                let length = escaped.chars().next().map_or(0, char::len_utf8);
                left.push_str(&rest[at..at + 1 + length]);
                rest = &escaped[length..];
                continue;
            }
            let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
            let inner = &rest[at + run..];
            // The next run of exactly as many.
            let mut from = 0;
            let end = loop {
                let tick = from + inner[from..].find('`').unwrap_or_else(|| panic!("open code: {line}"));
                let length = inner[tick..].len() - inner[tick..].trim_start_matches('`').len();
                if length == run {
                    break tick;
                }
                from = tick + length;
            };
            left.push('C');
            rest = &inner[end + run..];
        }
        left.push_str(rest);
        left.push('\n');
    }
    assert!(fence.is_none(), "an open block");
    left
}

/// The comment: short enough, balanced, and nothing of an input outside code.
pub fn markdown(document: &str) {
    assert!(document.encode_utf16().count() <= 60_000);
    let left = without_code(document);
    assert!(!left.contains("EVIL"), "{left}");
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ,.:;()*#<>/!-—\n_".contains(c);
    assert!(left.chars().all(allowed), "{left}");
    // HTML goes on up to a blank line, and in it no Markdown is read.
    let is_html = |line: &str| line.starts_with("<details") || line.starts_with("</details");
    let lines: Vec<&str> = left.lines().collect();
    assert!(lines.windows(2).all(|pair| !is_html(pair[0]) || pair[1].is_empty()), "{document}");
    let (mut open, mut headings) = (0, 0);
    for line in left.lines() {
        open += line.matches("<details>").count();
        assert!(open <= 1, "{left}");
        open -= line.matches("</details>").count();
        headings += usize::from(line.starts_with('#'));
        let tags = line.matches('<').count();
        let known =
            ["<details><summary>", "</summary>", "</details>", "<sub>", "</sub>", "<!-- openai-data-controls -->"];
        let own: usize = known.iter().map(|tag| line.matches(tag).count() * tag.matches('<').count()).sum();
        assert_eq!(tags, own, "{line}");
    }
    assert_eq!((open, headings), (0, 1));
}

/// conftest's results: they add up to the summary line.
pub fn conftest(written: &str, report: &Report) {
    let document: Value = serde_json::from_str(written).unwrap();
    let mut sums = [0, 0, 0, 0];
    let mut names = BTreeSet::new();
    for file in list(&document) {
        let known = ["filename", "namespace", "successes", "warnings", "failures", "exceptions"];
        object(file, &known, &["filename", "namespace", "successes"]);
        assert!(names.insert(text(&file["filename"]).to_owned()));
        sums[0] += usize::try_from(file["successes"].as_u64().unwrap()).unwrap();
        for (at, key) in ["warnings", "failures", "exceptions"].iter().enumerate() {
            for result in entries(&file[key]) {
                object(result, &["msg", "loc", "metadata"], &["msg"]);
                assert!(!text(&result["msg"]).is_empty() && !text(&result["msg"]).contains('\n'));
                if let Some(loc) = result.get("loc") {
                    object(loc, &["file", "line"], &["file", "line"]);
                    assert!(loc["line"].is_u64());
                }
                sums[at + 1] += 1;
            }
        }
    }
    let all: usize = sums.iter().sum();
    let [passed, warnings, failures, exceptions] = sums;
    let line =
        format!("{all} tests, {passed} passed, {warnings} warnings, {failures} failures, {exceptions} exceptions");
    assert_eq!(line, report.conftest_line());
    assert!(!written.contains(" passed, "));
}

/// The JSON report says what the report says.
pub fn json(document: &str, report: &Report) {
    assert_eq!(serde_json::from_str::<Value>(document).unwrap(), serde_json::to_value(report).unwrap());
}

/// Text ends with the summary line, and only there stands one.
pub fn text_report(document: &str, report: &Report) {
    assert_eq!(document.lines().last().unwrap(), report.conftest_line());
    assert_eq!(document.matches(" passed, ").count(), 1);
}

/// Nothing that drives a terminal or turns text around, in any format.
pub fn harmless(document: &str) {
    static BAD: LazyLock<Regex> = LazyLock::new(|| {
        let bad = r"[\x00-\x09\x0b-\x1f\x7f-\x{9f}\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}]";
        Regex::new(bad).unwrap()
    });
    let found = BAD.find(document).map(|found| (found.start(), &document[found.range()]));
    assert!(found.is_none(), "{found:?}");
}
