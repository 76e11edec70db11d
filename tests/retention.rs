//! The table project × endpoint: the rules say the same, and every format can be read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::{binary, fixtures, inputs, only, options, testdata};
use openai_data_controls::retention::{Table, TableFormat};
use openai_data_controls::verdict::{Finding, Verdict};
use openai_data_controls::{Options, check, edition, retention};
use serde_json::{Value, json};

fn table(options: &Options) -> Table {
    let (table, problems) = retention(options, &mut std::io::empty());
    table.unwrap_or_else(|| panic!("{problems:?}"))
}

fn written(table: &Table, format: TableFormat) -> String {
    let mut out = Vec::new();
    table.write(format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A definition in which every control meets every endpoint of an edition, with each value of what a request can say.
fn every_combination(edition: &str, organization: &str, limit: u64) -> Value {
    let endpoints: Vec<String> =
        edition::find(edition).unwrap().edition.endpoints.iter().map(|e| e.path.clone()).collect();
    let controls = [
        "organization_default",
        "none",
        "modified_abuse_monitoring",
        "zero_data_retention",
        "enhanced_zero_data_retention",
        "zdr_with_private_safety_processing",
        "safety_retention",
    ];
    let requests = [
        json!({}),
        json!({"store": true}),
        json!({"store": false}),
        json!({"background": true}),
        json!({"background": true, "store": false}),
        json!({"outputs": ["audio"]}),
        json!({"outputs": ["text"], "store": false}),
    ];
    let projects: Vec<Value> = controls
        .iter()
        .map(|control| {
            let uses: Vec<Value> = endpoints
                .iter()
                .flat_map(|endpoint| requests.iter().map(move |request| (endpoint, request)))
                .map(|(endpoint, request)| {
                    let mut call = request.clone();
                    call["endpoint"] = endpoint.clone().into();
                    call
                })
                .collect();
            let requirements = json!({"max_abuse_log_days": limit, "max_application_state_days": limit});
            json!({"name": control, "data_retention": control, "requirements": requirements, "uses": uses})
        })
        .collect();
    json!({"organization": {"data_retention": organization}, "projects": projects})
}

#[test]
fn the_rules_say_what_the_table_says() {
    let directory = tempfile::tempdir().unwrap();
    let rules = ["retention/abuse-log-retention-exceeds-limit", "retention/application-state-exceeds-limit"];
    let elsewhere = tempfile::tempdir().unwrap();
    let settings = only(elsewhere.path(), &BTreeSet::from(rules));
    let mut seen: BTreeMap<(String, Verdict), usize> = BTreeMap::new();
    for edition in ["2025-06", "2026-03", "2026-10"] {
        for organization in ["zero_data_retention", "none"] {
            for limit in [0, 29, 30] {
                let path = directory.path().join("openai.json");
                fs::write(&path, every_combination(edition, organization, limit).to_string()).unwrap();
                let of_edition = Options { edition: Some(edition.to_owned()), ..options(vec![path]) };
                // All rules once, then those that the table answers.
                let settings = if limit == 0 { None } else { Some(settings.clone()) };
                let asked = Options { verdicts: true, settings, ..of_edition };
                let report = check(&asked, &mut std::io::empty()).0;
                assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
                let verdicts: BTreeMap<(&str, &str), Verdict> =
                    report.findings.iter().map(|f| ((f.rule.as_str(), f.subject.id.as_str()), f.verdict)).collect();
                for project in &table(&asked).projects {
                    for row in &project.rows {
                        let call = row.of_use.as_deref().unwrap();
                        for (rule, cell) in rules.into_iter().zip([&row.abuse_logs, &row.application_state]) {
                            let days = |value: &Value| match value {
                                Value::Number(days) => days.as_f64().unwrap(),
                                _ => f64::INFINITY,
                            };
                            let expected = if days(&cell.least_days) > limit as f64 {
                                Verdict::Violation
                            } else if days(&cell.most_days) <= limit as f64 {
                                Verdict::Pass
                            } else {
                                Verdict::Undetermined
                            };
                            let said = verdicts[&(rule, call)];
                            assert_eq!(
                                said, expected,
                                "{edition} {organization} {limit} {rule} {} {call} {cell:?}",
                                project.name
                            );
                            *seen.entry((rule.to_owned(), said)).or_default() += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(seen.len(), 5, "a limit of days leaves no log open where the control is declared: {seen:?}");
}

/// A definition in which every endpoint of an edition is called in several regions, in each way that decides where what it
/// is sent rests and is processed.
fn every_placing(edition: &str) -> Value {
    let edition = edition::find(edition).unwrap().edition;
    let of_services = edition.services.iter().flat_map(|service| service.paths.iter());
    let endpoints: BTreeSet<&String> = edition.endpoints.iter().map(|e| &e.path).chain(of_services).collect();
    let requests = [
        json!({}),
        json!({"model": "gpt-4.1"}),
        json!({"model": "nothing-of-the-kind"}),
        json!({"model": "ft:gpt-4o-2024-08-06:acme:x"}),
        json!({"model": "gpt-4.1-2025-04-14", "tools": ["mcp", "hosted_shell"]}),
        json!({"model": "gpt-4.1-2025-04-14", "tools": ["web_search", "function"]}),
        json!({"model": "gpt-4.1-2025-04-14", "file_upload": "file_id"}),
        json!({"model": "gpt-4.1-2025-04-14", "inputs": ["file"]}),
        json!({"model": "gpt-5.2-2025-12-11", "file_upload": "base64"}),
        json!({"model": "gpt-6.1-sol"}),
    ];
    let project = |region: &str| {
        let with = |endpoint: &String, request: &Value| {
            let mut call = request.clone();
            call["endpoint"] = endpoint.clone().into();
            call
        };
        let calls = |endpoint| requests.iter().map(move |request| with(endpoint, request));
        let uses: Vec<Value> = endpoints.iter().copied().flat_map(calls).collect();
        json!({"name": region, "region": region, "requirements": {"regional_processing": true}, "uses": uses})
    };
    let projects = ["US", "EU", "JP", "AE"].map(project);
    json!({"projects": projects})
}

#[test]
fn the_rules_say_what_the_table_says_of_storing_and_processing() {
    let rests = ["endpoint-not-in-region", "model-not-in-region", "tool-not-in-region", "file-upload-not-base64"];
    let runs = ["use-processed-elsewhere", "model-not-in-region"];
    let alias = "model-alias-not-pinned";
    let names = rests.into_iter().chain(runs).chain([alias]).map(|name| format!("residency/{name}"));
    let names: BTreeSet<String> = names.collect();
    let directory = tempfile::tempdir().unwrap();
    let settings = only(directory.path(), &names.iter().map(String::as_str).collect());
    let path = directory.path().join("openai.json");
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    for edition in ["2025-06", "2026-03", "2026-10"] {
        fs::write(&path, every_placing(edition).to_string()).unwrap();
        let of_edition = Options { edition: Some(edition.to_owned()), ..options(vec![path.clone()]) };
        let asked = Options { verdicts: true, settings: Some(settings.clone()), ..of_edition };
        let report = check(&asked, &mut std::io::empty()).0;
        assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
        let of = |f: &Finding| ((f.rule.as_str().to_owned(), f.subject.id.clone()), f.verdict);
        let verdicts: BTreeMap<(String, String), Verdict> = report.findings.iter().map(of).collect();
        for project in &table(&asked).projects {
            let listed = project.region.reason != "the edition lists no such region";
            for row in project.rows.iter().filter(|row| listed && row.of_use.is_some()) {
                let call = row.of_use.as_deref().unwrap();
                let verdict = |rule: &str| verdicts.get(&(format!("residency/{rule}"), call.to_owned())).copied();
                let expected = |rules: &[&str]| {
                    let is = |said: Verdict| rules.iter().any(|rule| verdict(rule) == Some(said));
                    let is_alias = matches!(verdict(alias), Some(Verdict::Violation | Verdict::Undetermined));
                    match () {
                        () if is(Verdict::Violation) => "no",
                        () if is(Verdict::Undetermined) || is_alias => "not known",
                        () => "yes",
                    }
                };
                let stores = project.region.reason == "storage only";
                let processed = if stores { "no" } else { expected(&runs) };
                let cells = [(&row.stored_in_region, expected(&rests)), (&row.processed_in_region, processed)];
                for ((cell, expected), column) in cells.into_iter().zip(["stored", "processed"]) {
                    assert_eq!(cell.value, expected, "{edition} {column} {} {call} {cell:?}", project.name);
                    assert!(!cell.reason.is_empty() && !cell.reason.contains("use \""), "{cell:?}");
                    seen.insert((column, cell.value.clone()));
                }
            }
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}

#[test]
fn an_endpoint_that_takes_no_model_is_stored_without_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, r#"[{"name": "a", "region": "EU", "uses": [{"endpoint": "/v1/files"}]}]"#).unwrap();
    let of_edition = Options { edition: Some("2025-06".to_owned()), ..options(vec![path]) };
    let table = table(&of_edition);
    let reason = |endpoint: &str| {
        let row = table.projects[0].rows.iter().find(|row| row.endpoint == endpoint).unwrap();
        [&row.stored_in_region, &row.processed_in_region].map(|cell| cell.reason.clone())
    };
    assert_eq!(reason("/v1/files"), ["the page lists the endpoint, which takes no model"; 2]);
    assert_eq!(reason("/v1/fine_tuning/jobs"), ["for the models that the page lists"; 2]);
}

#[test]
fn what_is_not_known_is_no_number() {
    let text = r#"{"projects": [{"name": "a", "uses": [{"endpoint": "/v1/responses"}, {"endpoint": "/v9/none"}]}]}"#;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, text).unwrap();
    let table = table(&options(vec![path]));
    let row = |endpoint: &str| table.projects[0].rows.iter().find(|row| row.endpoint == endpoint).unwrap();
    assert_eq!(table.projects[0].control.value, "not declared");
    assert_eq!(row("/v1/embeddings").abuse_logs.hangs_on.as_deref(), Some("data_retention"));
    assert_eq!(
        (&row("/v9/none").abuse_logs.most_days, row("/v9/none").zdr_eligible.value.as_str()),
        (&Value::Null, "not known")
    );
    assert!(row("/v1/responses").of_use.is_some() && row("/v1/files").of_use.is_none());
    assert_eq!(table.projects[0].rows.len(), 29);
}

#[test]
fn text_fits_in_eighty_columns() {
    for fixture in fixtures() {
        let Some(table) = retention(&options(fixture.clone()), &mut std::io::empty()).0 else { continue };
        let text = written(&table, TableFormat::Text);
        for line in text.lines() {
            // A name of a project is as long as it is, and a word can't be broken.
            let free = ["project ", "control ", "region "].iter().any(|lead| line.starts_with(lead));
            let whole = line.split_whitespace().any(|word| word.len() > 60);
            assert!(free || whole || line.chars().count() <= 80, "{fixture:?}: {line}");
        }
    }
}

#[test]
fn every_format_has_every_row() {
    let table = table(&options(inputs(&testdata("quickstart"))));
    let rows: Vec<_> = table.projects.iter().flat_map(|p| p.rows.iter().map(move |row| (p, row))).collect();
    assert_eq!(rows.len(), 3 * 28);

    let json: Value = serde_json::from_str(&written(&table, TableFormat::Json)).unwrap();
    assert_eq!(json["projects"][0]["rows"].as_array().unwrap().len(), 28);
    assert_eq!(json["projects"][0]["rows"][0]["abuse_logs"]["reason"], "zero_data_retention keeps content out of them");

    let text = written(&table, TableFormat::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len());
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    for (record, (project, row)) in records.iter().zip(&rows) {
        assert_eq!(&record[column("project")], project.name);
        assert_eq!(&record[column("endpoint")], row.endpoint);
        assert_eq!(&record[column("logs")], row.abuse_logs.value);
        assert_eq!(&record[column("logs_reason")], row.abuse_logs.reason);
        assert_eq!(&record[column("processed_reason")], row.processed_in_region.reason);
    }

    let markdown = written(&table, TableFormat::Markdown);
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| /v1/")).count(), rows.len());
    let text = written(&table, TableFormat::Text);
    assert_eq!(text.lines().filter(|line| line.starts_with("/v1/")).count(), rows.len());
}

#[test]
fn hostile_names_break_no_table() {
    let name = "a|b\n| c <script> `x` \u{1b}[31m \"q\",r\u{202e}";
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, json!([{"name": name, "uses": [{"endpoint": "/v1/a|b\n<i>"}]}]).to_string()).unwrap();
    let table = table(&options(vec![path]));
    let markdown = written(&table, TableFormat::Markdown);
    for line in markdown.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 8, "{line}");
    }
    assert!(!markdown.contains("<script>") && !markdown.contains("<i>"));
    for format in [TableFormat::Markdown, TableFormat::Text] {
        let text = written(&table, format);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
    let csv_text = written(&table, TableFormat::Csv);
    let record = csv::Reader::from_reader(csv_text.as_bytes()).records().next().unwrap().unwrap();
    let shown = "a|b\\u{a}| c <script> `x` \\u{1b}[31m \"q\",r\\u{202e}";
    assert_eq!(&record[1], shown, "a spreadsheet gets the name, but for what drives a terminal");
}

#[test]
fn an_endpoint_of_any_length_is_a_cell() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    let endpoint = format!("/{}", "x".repeat(70_000));
    fs::write(&path, json!([{"name": "a", "uses": [{"endpoint": endpoint}]}]).to_string()).unwrap();
    let text = written(&table(&options(vec![path])), TableFormat::Text);
    assert!(text.lines().any(|line| line.starts_with(&endpoint)));
}

#[test]
fn a_table_neither_pings_nor_commands_nor_computes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    let named = |name: &str| {
        fs::write(&path, json!([{"name": name}]).to_string()).unwrap();
        let table = table(&options(vec![path.clone()]));
        [TableFormat::Markdown, TableFormat::Json, TableFormat::Csv].map(|format| written(&table, format))
    };
    let [markdown, ..] = named("@acme/security https://example.com");
    assert!(!markdown.contains("@acme") && !markdown.contains("https://"), "{markdown}");
    for command in ["##vso[task.setvariable variable=x]y", "a\n::set-output name=x::y"] {
        let [_, json, csv] = named(command);
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["projects"][0]["name"], command);
        for text in [json, csv] {
            assert!(!text.contains("##vso[") && !text.contains("\n::"), "{text}");
        }
    }
    for (name, cell) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1", "'-1"), ("+1", "'+1"), ("-", "-"), ("a=1", "a=1")] {
        let [.., csv] = named(name);
        let record = csv::Reader::from_reader(csv.as_bytes()).records().next().unwrap().unwrap();
        assert_eq!(&record[1], cell);
    }
}

#[test]
fn notes_say_what_no_cell_can() {
    for (edition, says, silent) in [
        ("2025-06", "Schemas of Structured Outputs are stored", "prompt caching"),
        ("2026-10", "prompt caching", "Schemas of Structured Outputs are stored"),
    ] {
        let asked = Options { edition: Some(edition.to_owned()), ..options(inputs(&testdata("quickstart"))) };
        let notes = table(&asked).notes.join("\n");
        assert!(notes.contains("where the end user or the customer is"), "{notes}");
        assert!(notes.contains("leaves the servers 30 days later"), "{notes}");
        assert!(notes.contains(says) && !notes.contains(silent), "{edition}: {notes}");
    }
}

#[test]
fn the_command_writes_what_the_library_makes_and_tells_what_was_not_read() {
    let path = testdata("quickstart/openai.hcl");
    let output = binary().args(["retention", "--format", "csv"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "the definition adds to Terraform projects that are not there");
    let output =
        binary().args(["retention", "--format", "json"]).args(inputs(&testdata("quickstart"))).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(made["projects"].as_array().unwrap().len(), 3);
    let output = binary().args(["retention", "--edition", "2026-04"]).arg(&path).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0));
}

#[test]
fn training_is_what_the_organization_opted_in_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    for edition in ["2025-06", "2026-03", "2026-10"] {
        for (sharing, expected) in [(json!(true), "opted in"), (json!(false), "no"), (Value::Null, "no")] {
            let definition =
                json!({"organization": {"id": "org-example", "data_sharing": sharing}, "projects": [{"name": "a"}]});
            fs::write(&path, definition.to_string()).unwrap();
            let asked = Options { edition: Some(edition.to_owned()), ..options(vec![path.clone()]) };
            for row in &table(&asked).projects[0].rows {
                assert_eq!(row.training.value, expected, "{edition} {}", row.endpoint);
            }
        }
    }
}

#[test]
fn uses_whose_project_cannot_be_told_are_named() {
    let of = |example: &str| {
        table(&options(inputs(&testdata(&format!("rules/residency/use-processed-elsewhere/{example}")))))
    };
    let untold = of("fail-use-of-the-only-project");
    assert!(untold.notes[0].contains("can't be told, so they are in no row: /v1/vector_stores"), "{:?}", untold.notes);
    assert!(of("pass-in-region").notes.iter().all(|note| !note.contains("in no row")));
}

/// Where a reason goes on in a new line, a word of an input stands at the line's start, where agents read commands.
#[test]
fn no_line_of_a_reason_begins_with_a_command() {
    let endpoints = (0..80).map(|length| format!("/v1/{} ::stop-commands::x", "a".repeat(length)));
    let uses: Vec<Value> = endpoints.map(|endpoint| json!({"endpoint": endpoint})).collect();
    let definition = json!({"projects": [{"name": "p", "region": "EU", "uses": uses}]});
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, definition.to_string()).unwrap();
    let text = written(&table(&options(vec![path])), TableFormat::Text);
    assert!(text.contains("\\u{3a}:stop-commands::x"), "{text}");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
}
