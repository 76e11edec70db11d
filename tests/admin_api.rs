//! Exports of the Administration API: what they hold, what they leave open, and what is wrong with them.

use std::fs;

use crate::support::{options, testdata};
use openai_data_controls::report::Report;
use openai_data_controls::verdict::{Finding, Verdict};
use openai_data_controls::{Options, check, facts, retention};
use serde_json::{Value, json};

/// A definition of an organization with every paper, and what it adds to projects.
const ORGANIZATION: &str = r#"
organization {
  residency_approved = true
  abuse_monitoring_approval {
    controls              = ["zero_data_retention", "modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment { executed_on = "2025-03-10" }
}
"#;

fn run(files: &[(&str, &str)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, text)| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    check(&options(paths.collect()), &mut std::io::empty()).0
}

fn projects(text: &str) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("export.json");
    fs::write(&path, text).unwrap();
    let inputs = facts(&options(vec![path]), &mut std::io::empty()).0.unwrap();
    serde_json::to_value(&inputs.facts).unwrap()
}

fn project(id: &str, residency: &str) -> Value {
    json!({"id": id, "object": "organization.project", "name": id.trim_start_matches("proj_"), "created_at": 1, "archived_at": null,
        "status": "active", "residency": residency})
}

fn list(items: &[Value], more: bool) -> Value {
    json!({"object": "list", "data": items, "has_more": more, "last_id": items.last().map(|p| p["id"].clone())})
}

#[test]
fn a_whole_export_with_the_papers_passes() {
    let export = fs::read_to_string(testdata("inputs/same/export.json")).unwrap();
    let report = run(&[("export.json", &export), ("openai.hcl", ORGANIZATION)]);
    let failing: Vec<_> = report.findings.iter().map(|f| (f.rule.as_str(), &f.message)).collect();
    assert_eq!((report.summary.exit_code, report.inputs[0].projects), (0, 3), "{failing:?} {:?}", report.unchecked);
    assert!(report.summary.pass > 0);
}

#[test]
fn every_form_of_an_export_is_recognised() {
    let eu = project("proj_eu", "EU_STORAGE_PROCESSING");
    for text in [
        eu.to_string(),
        list(std::slice::from_ref(&eu), false).to_string(),
        json!([eu]).to_string(),
        json!([list(&[project("proj_a", "GLOBAL")], true), list(std::slice::from_ref(&eu), false)]).to_string(),
        json!({"/v1/organization/projects": list(std::slice::from_ref(&eu), false)}).to_string(),
        json!({"https://api.openai.com/v1/organization/projects/proj_eu/": eu}).to_string(),
    ] {
        let found = projects(&text);
        let eu = found["projects"].as_object().unwrap().values().find(|p| p["name"] == "eu").unwrap();
        assert_eq!(eu["region"], "EU", "{text}");
        assert_eq!(eu["processing"], true);
        for fact in ["data_retention", "models", "tools"] {
            assert_eq!(eu["unknown"][fact], "not in the export", "{fact} of {text}");
        }
        assert_eq!(found["organization"]["unknown"]["data_retention"], "not in the export");
    }
}

#[test]
fn residency_is_known_where_the_answer_has_it() {
    let mut older = project("proj_a", "GLOBAL");
    older.as_object_mut().unwrap().remove("residency");
    let only =
        |text: Value| projects(&text.to_string())["projects"].as_object().unwrap().values().next().unwrap().clone();
    assert_eq!(only(older.clone())["unknown"]["region"], "not in the export");
    older["geography"] = "JP".into();
    assert_eq!(only(older)["region"], "JP");
    assert_eq!(only(project("proj_a", "GLOBAL"))["region"], Value::Null);
    assert_eq!(only(project("proj_a", "AE_STORAGE"))["processing"], false);
    let mut null = project("proj_a", "GLOBAL");
    null["residency"] = Value::Null;
    assert_eq!(only(null)["region"], Value::Null);
}

#[test]
fn what_the_calls_leave_open_is_undetermined_until_a_definition_says_it() {
    let export = list(&[project("proj_eu", "EU_STORAGE_PROCESSING")], false).to_string();
    let report = run(&[("export.json", &export), ("openai.hcl", ORGANIZATION)]);
    assert_eq!(report.summary.exit_code, 4, "{:?}", report.unchecked);
    let addition = "project \"eu\" {\n  id = \"proj_eu\"\n  data_retention = \"CONTROL\"\n  models = { mode = \"deny_list\", ids = [] }\n  tools = { web_search = false, file_search = false, image_generation = false, mcp = false, code_interpreter = false }\n}\n";
    let organization =
        ORGANIZATION.replace("residency_approved", "data_retention = \"zero_data_retention\"\n  residency_approved");
    let report = run(&[("export.json", &export), ("openai.hcl", &organization)]);
    assert_eq!(report.summary.exit_code, 4, "the project may have a control of its own");
    for (control, exit) in [("zero_data_retention", 0), ("none", 3)] {
        let definition = format!("{organization}{}", addition.replace("CONTROL", control));
        let report = run(&[("export.json", &export), ("openai.hcl", &definition)]);
        assert_eq!(report.summary.exit_code, exit, "{control}: {:?}", report.unchecked);
        assert_eq!(report.inputs[0].projects, 1);
    }
}

#[test]
fn a_list_that_goes_on_is_unchecked_unless_its_next_page_is_there() {
    let first = list(&[project("proj_a", "GLOBAL"), project("proj_b", "GLOBAL")], true);
    let report = run(&[("export.json", &first.to_string())]);
    assert_eq!((report.summary.exit_code, report.inputs[0].projects), (5, 2));
    assert!(
        report.unchecked[0].why.contains("has_more") && report.unchecked[0].line.is_some(),
        "{:?}",
        report.unchecked
    );
    let pages = |next: &str| {
        let last = list(&[project("proj_c", "GLOBAL")], false);
        let next = format!("/v1/organization/projects?limit=2&after={next}");
        json!({"/v1/organization/projects?limit=2": first, next: last}).to_string()
    };
    assert!(run(&[("export.json", &pages("proj_b"))]).unchecked.is_empty());
    assert_eq!(run(&[("export.json", &pages("proj_a"))]).summary.exit_code, 5, "another page follows that one");
    // A page is neither behind itself nor the first of all, and a list of something else is no page.
    let alone = json!({"/v1/organization/projects?after=proj_b": first});
    assert_eq!(run(&[("export.json", &alone.to_string())]).summary.exit_code, 5);
    let page = |id: &str, more: bool| list(&[project(id, "GLOBAL")], more);
    let path = |after: &str| format!("/v1/organization/projects?after={after}");
    let circle = json!({"/v1/organization/projects": page("proj_a", false), path("proj_c"): page("proj_d", true),
        path("proj_d"): page("proj_c", true)});
    assert_eq!(run(&[("export.json", &circle.to_string())]).summary.exit_code, 5);
    let back = json!({"/v1/organization/projects": page("proj_a", true), path("proj_a"): page("proj_b", true),
        path("proj_b"): page("proj_a", true)});
    assert_eq!(
        run(&[("export.json", &back.to_string())]).summary.exit_code,
        5,
        "the last page goes on to one before it"
    );
    let three = json!({path("proj_b"): page("proj_c", false), path("proj_a"): page("proj_b", true),
        "/v1/organization/projects": page("proj_a", true)});
    assert!(run(&[("export.json", &three.to_string())]).unchecked.is_empty());
    let users = json!({"object": "list", "data": [{"object": "organization.user", "id": "user_1"}], "has_more": false});
    assert_eq!(run(&[("export.json", &json!([first, users]).to_string())]).summary.exit_code, 5);
    let next = list(&[project("proj_c", "GLOBAL")], false);
    assert!(run(&[("export.json", &json!([first, next]).to_string())]).unchecked.is_empty());
}

#[test]
fn a_list_from_which_items_were_taken_shows_only_a_part() {
    let both = [project("proj_a", "GLOBAL"), project("proj_b", "GLOBAL")];
    let of = |items: &[Value], first: Value, last: Value| {
        let list = json!({"object": "list", "data": items, "has_more": false, "first_id": first, "last_id": last});
        run(&[("export.json", &list.to_string())])
    };
    assert!(of(&both, json!("proj_a"), json!("proj_b")).unchecked.is_empty());
    assert!(of(&both, json!(null), json!(null)).unchecked.is_empty());
    for (items, first, last) in [
        (&both[..1], json!("proj_a"), json!("proj_b")),
        (&both[1..], json!("proj_a"), json!("proj_b")),
        (&[], json!(null), json!("proj_b")),
    ] {
        let report = of(items, first, last);
        assert_eq!(report.summary.exit_code, 5, "{items:?}");
        let told = report.unchecked.iter().any(|u| u.why.contains("the export shows only a part") && u.line.is_some());
        assert!(told, "{:?}", report.unchecked);
    }
}

#[test]
fn an_export_that_says_no_residency_contradicts_a_definition_that_says_one() {
    let definition = "project \"a\" {\n  id = \"proj_a\"\n  region = \"EU\"\n}\n";
    let with = |residency: Option<Value>| {
        let mut shown = project("proj_a", "");
        match residency {
            Some(value) => shown["residency"] = value,
            None => drop(shown.as_object_mut().unwrap().remove("residency")),
        }
        let report = run(&[("export.json", &list(&[shown], false).to_string()), ("openai.hcl", definition)]);
        report.unchecked.iter().map(|u| u.why.clone()).collect::<Vec<_>>()
    };
    assert_eq!(with(None), Vec::<String>::new());
    assert_eq!(with(Some("EU_STORAGE".into())), Vec::<String>::new());
    for residency in [Value::Null, "GLOBAL".into()] {
        assert!(with(Some(residency.clone())).iter().any(|why| why.contains("region")), "{residency}");
    }
}

#[test]
fn a_residency_without_storage_or_processing_leaves_processing_open_wherever_it_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let export = write("export.json", &list(&[project("proj_a", "EU")], false).to_string());
    let adds = "project \"a\" {\n  id = \"proj_a\"\n  requirements = { regional_processing = true }\n  use \"/v1/files\" {}\n}\n";
    let asked = options(vec![export, write("openai.hcl", adds)]);
    let inputs = facts(&asked, &mut std::io::empty()).0.unwrap();
    let shown = serde_json::to_value(inputs.facts.projects.values().next().unwrap()).unwrap();
    let reason = "residency is EU, which does not tell whether inference runs there";
    assert_eq!((&shown["region"], shown.get("processing")), (&Value::from("EU"), None));
    assert!(shown["unknown"]["processing"].as_str().unwrap().starts_with(reason), "{shown}");
    let report = check(&asked, &mut std::io::empty()).0;
    for (rule, subject) in [("no-regional-processing", "a"), ("use-processed-elsewhere", "a:/v1/files")] {
        let told = |f: &&Finding| f.rule.as_str().ends_with(rule) && f.subject.name == subject;
        let finding = report.findings.iter().find(told).unwrap_or_else(|| panic!("{rule}"));
        assert_eq!((finding.verdict, finding.attribute.as_deref()), (Verdict::Undetermined, Some("processing")));
        assert!(finding.message.contains(&format!("processing is not known ({reason}")), "{}", finding.message);
    }
    let table = retention(&asked, &mut std::io::empty()).0.unwrap();
    let project = &table.projects[0];
    assert!(project.region.reason.starts_with(&format!("storage; processing is not known: {reason}")), "{project:?}");
    for row in project.rows.iter().filter(|row| row.stored_in_region.value == "yes") {
        assert_eq!(row.processed_in_region.value, "not known", "{row:?}");
    }
}

#[test]
fn archived_projects_are_counted_and_not_judged() {
    let mut archived = project("proj_old", "JP_STORAGE");
    archived["status"] = "archived".into();
    let mut dated = project("proj_older", "JP_STORAGE");
    dated["archived_at"] = 1_750_000_000.into();
    dated.as_object_mut().unwrap().remove("status");
    let mut active = project("proj_a", "GLOBAL");
    active["archived_at"] = 0.into();
    let text = list(&[archived, active, dated], false).to_string();
    let report = run(&[("export.json", &text)]);
    assert_eq!(report.inputs[0].projects, 1);
    assert!(report.notes.iter().any(|n| n.contains("2 archived projects are not judged")), "{:?}", report.notes);
    assert!(!report.findings.iter().any(|f| f.subject.name.starts_with("old")));
}

#[test]
fn an_active_project_with_a_day_of_archiving_is_a_contradiction_and_judged() {
    let mut both = project("proj_a", "EU_STORAGE_PROCESSING");
    both["archived_at"] = 1_750_000_000.into();
    let report = run(&[("export.json", &list(&[both], false).to_string())]);
    assert_eq!((report.summary.exit_code, report.inputs[0].projects), (5, 1));
    assert!(report.unchecked[0].why.contains("\"status\" is \"active\""), "{:?}", report.unchecked);
}

#[test]
fn a_definition_of_an_archived_project_knows_nothing_but_what_it_says() {
    let mut archived = project("proj_old", "JP_STORAGE");
    archived["status"] = "archived".into();
    let export = list(&[archived, project("proj_a", "GLOBAL")], false).to_string();
    let of = |definition: &str| {
        let report = run(&[("export.json", &export), ("openai.hcl", definition)]);
        assert_eq!(report.unchecked.len(), 0, "{:?}", report.unchecked);
        report
    };
    let report = of("project \"old\" {\n  id = \"proj_old\"\n  use \"/v1/assistants\" {}\n}\n");
    assert!(report.notes.iter().any(|n| n.contains("proj_old is the id of an archived project")), "{:?}", report.notes);
    let reason = "region is not known (its id is that of an archived project, which is not judged)";
    let finding = report.findings.iter().find(|f| f.message.contains(reason)).unwrap();
    assert_eq!((finding.verdict, finding.subject.name.as_str()), (Verdict::Undetermined, "old"));
    let region = |report: &Report| report.findings.iter().any(|f| f.message.contains("region is not known"));
    let report = of("project \"old\" {\n  id = \"proj_old\"\n  region = \"GLOBAL\"\n}\n");
    assert!(!region(&report) && report.findings.iter().any(|f| f.message.contains("archived")), "its control is not");
    assert!(!region(&of("project \"new\" {\n  id = \"proj_new\"\n}\n")), "no input shows it");
}

#[test]
fn what_is_wrong_with_an_export_has_its_place_and_never_passes() {
    let path = |call: &str, answer: Value| json!({"/v1/organization/projects/proj_a": project("proj_a", "GLOBAL"), call: answer});
    let retention = "/v1/organization/projects/proj_a/data_retention";
    let mut newer = project("proj_a", "GLOBAL");
    newer["data_residency_zone"] = "EU".into();
    let mut typed = project("proj_a", "GLOBAL");
    typed["residency"] = 7.into();
    let archived = |at: Value| {
        let mut project = project("proj_a", "GLOBAL");
        project["archived_at"] = at;
        json!({"/v1/organization/projects/proj_a": project})
    };
    let of_project = json!({"object": "project.data_retention", "type": "zero_data_retention"});
    let of_organization = json!({"object": "organization.data_retention", "type": "zero_data_retention"});
    for (export, says) in [
        (archived(false.into()), "archived_at"),
        (archived("".into()), "archived_at"),
        (archived((-1).into()), "archived_at"),
        (path("/v1/organization/data_retention", of_project), "another call"),
        (path(retention, of_organization), "another call"),
        (path("organization", json!({"requirements": {"allowed_regions": ["EU"]}})), "no request path"),
        (path(retention, json!({"error": {"message": "no"}})), "failed"),
        (
            path(retention, json!({"object": "project.data_retention", "type": "zero_data_retentoin"})),
            "no data retention",
        ),
        (path(retention, json!({"object": "project.data_retention"})), "no \"type\""),
        (path(retention, json!("zero_data_retention")), "must be an object"),
        (
            path("/v1/organization/projects/proj_a/model_permissions", json!({"mode": "allow_list", "model_ids": [1]})),
            "list of strings",
        ),
        (
            path("/v1/organization/projects/proj_a/hosted_tool_permissions", json!({"mcp": {"enabled": "no"}})),
            "must be a boolean",
        ),
        (
            path("/v1/organization/projects/proj_a/hosted_tool_permissions", json!({"mcp": {"allowed": true}})),
            "must be an object with \"enabled\"",
        ),
        (
            path("/v1/organization/projects/proj_a/hosted_tool_permissions", json!({"mcp": true})),
            "must be an object with \"enabled\"",
        ),
        (
            path("/v1/organization/projects/proj_a/hosted_tool_permissions", json!({"newer_tool": true})),
            "must be an object with \"enabled\"",
        ),
        (
            path("/v1/organization/projects/proj_a/hosted_tool_permissions", json!({"newer_tool": {"mode": "on"}})),
            "must be an object with \"enabled\"",
        ),
        (
            path("/v1/organization/projects/proj_a/model_permissions", json!({"model_ids": ["gpt-4.1"]})),
            "without a \"mode\"",
        ),
        (path("/v1/organization/projects/proj_a/residency_controls", json!({})), "does not know"),
        (json!({"/v1/organization/projects/proj_b": project("proj_a", "GLOBAL")}), "is of project"),
        (json!([newer]), "does not know"),
        (json!([typed]), "must be a string"),
        (json!([project("proj_a", "GLOBAL"), project("proj_a", "EU_STORAGE")]), "stands twice"),
        (json!({"object": "project.data_retention", "type": "none"}), "which project"),
        (json!({"object": "list", "data": []}), "no project"),
        (json!([{"object": "organization.project"}]), "no \"id\""),
    ] {
        let text = export.to_string();
        let report = run(&[("export.json", &text), ("openai.hcl", ORGANIZATION)]);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        let told = report
            .unchecked
            .iter()
            .find(|u| u.why.contains(says))
            .unwrap_or_else(|| panic!("{says}: {:?}", report.unchecked));
        assert!(told.line == Some(1) && told.path.as_deref().is_some_and(|p| p.ends_with("export.json")), "{told:?}");
    }
}

#[test]
fn a_tool_of_which_the_answer_says_nothing_is_not_known() {
    for (answer, mcp) in [(json!(null), true), (json!({"enabled": null}), true), (json!({"enabled": false}), false)] {
        let call = "/v1/organization/projects/proj_a/hosted_tool_permissions";
        let export = json!({"/v1/organization/projects/proj_a": project("proj_a", "GLOBAL"), call: {"mcp": answer}});
        let facts = projects(&export.to_string());
        let project = facts["projects"].as_object().unwrap().values().next().unwrap();
        assert_eq!(project["unknown"]["tools.mcp"].is_string(), mcp, "{answer}: {project}");
        assert_eq!(project["unknown"]["tools.web_search"], "not in the export");
    }
    for answer in [json!({}), json!({"tools": {"mcp": {"enabled": true}}})] {
        let call = "/v1/organization/projects/proj_a/hosted_tool_permissions";
        let export = json!({"/v1/organization/projects/proj_a": project("proj_a", "GLOBAL"), call: answer});
        let facts = projects(&export.to_string());
        let project = facts["projects"].as_object().unwrap().values().next().unwrap();
        assert_eq!(project["unknown"]["tools.mcp"], "not in the export", "{answer}");
    }
}

#[test]
fn models_of_which_the_answer_says_nothing_are_not_known() {
    for (answer, unknown) in [(json!({}), true), (json!({"mode": null, "model_ids": []}), false)] {
        let call = "/v1/organization/projects/proj_a/model_permissions";
        let export = json!({"/v1/organization/projects/proj_a": project("proj_a", "GLOBAL"), call: answer});
        let facts = projects(&export.to_string());
        let project = facts["projects"].as_object().unwrap().values().next().unwrap();
        assert_eq!(project["unknown"]["models"].is_string(), unknown, "{answer}: {project}");
    }
}

#[test]
fn an_export_is_forced_by_its_kind_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.json");
    fs::write(&path, "{\"projects\": []}").unwrap();
    let options = Options { kind: Some(openai_data_controls::input::InputKind::AdminApi), ..options(vec![path]) };
    assert_eq!(check(&options, &mut std::io::empty()).0.summary.exit_code, 5);
}
