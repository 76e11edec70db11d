//! What can't be read is not taken for absent: forks, unknown attributes, answers and definitions of another shape, and what a
//! later part lays over an earlier one.

use std::fs;
use std::path::PathBuf;

use crate::doubtful::ORGANIZATION;
use crate::support::made::{OPENAI, plan, resource};
use crate::support::{options, write_files};
use openai_data_controls::hcl::{VariableInput, VariableInputs};
use openai_data_controls::input::InputKind;
use openai_data_controls::report::Report;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check};
use serde_json::{Value, json};

/// Evidence that lacks nothing, and a control for all projects.
fn organization() -> String {
    ORGANIZATION.replace("  data_sharing", &format!("{RETENTION}  data_sharing"))
}

const RETENTION: &str = "  data_retention      = \"zero_data_retention\"\n";

const PROVIDERS: &str = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n    acme = { source = \"acme/openai\" }\n    jianyuan = { source = \"jianyuan/openai\" }\n  }\n}\n";

const PROJECT: &str = "resource \"openai_project\" \"p\" {\n  name      = \"p\"\n  geography = \"EU\"\n}\n";

const CONTROL: &str = "residency/non-us-region-without-abuse-monitoring-control";
const HOST: &str = "residency/regional-host-required";
const TOOLS: &str = "residency/tool-not-in-region";

/// The report of these files, all of what can't be checked acknowledged.
fn judged(files: &[(&str, &str)], change: impl Fn(Options) -> Options) -> Report {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), files);
    let settings = "unchecked \"**\" {\n  reason  = \"fine\"\n  expires = \"2099-01-01\"\n}\n".replace("**", "*");
    let further: String =
        ["*.*", "*.*.*"].iter().map(|label| settings.replace('*', label).replace("**", "*")).collect();
    write_files(directory.path(), &[("organization.hcl", &organization()), ("settings.hcl", &(settings + &further))]);
    let asked = Options {
        organization: vec![directory.path().join("organization.hcl")],
        settings: Some(directory.path().join("settings.hcl")),
        ..options(vec![directory.path().join("in")])
    };
    check(&change(asked), &mut std::io::empty()).0
}

fn source(main: &str) -> Report {
    judged(&[("in/main.tf", &format!("{PROVIDERS}{main}"))], |asked| asked)
}

fn document(name: &str, text: &str) -> Report {
    judged(&[(&format!("in/{name}"), text)], |asked| Options {
        paths: asked.paths.iter().map(|path| path.join(name)).collect(),
        ..asked
    })
}

fn verdict(report: &Report, rule: &str) -> Option<Verdict> {
    let found = report.findings.iter().filter(|finding| finding.rule.as_str() == rule);
    let verdicts: Vec<Verdict> = found.map(|finding| finding.verdict).collect();
    [Verdict::Violation, Verdict::Undetermined].into_iter().find(|verdict| verdicts.contains(verdict))
}

#[test]
fn what_an_acknowledged_resource_may_set_is_not_known() {
    assert_eq!(source(PROJECT).summary.exit_code, 0);
    let none =
        |kind: &str, more: &str| format!("{PROJECT}resource \"{kind}\" \"s\" {{\n  {more}\n  type = \"none\"\n}}\n");
    let of_p = "project_id = openai_project.p.id";
    for main in [
        none("openai_project_data_retention", &format!("provider = acme\n  {of_p}")),
        none("openai_project_retention_policy", of_p),
        none("openai_project_quirk", &format!("{of_p}\n  abuse_monitoring = \"off\"")),
        none("openai_project_data_retention", "provider = acme\n  project_id = var.id"),
        none("openai_retention_defaults", ""),
    ] {
        let report = source(&main);
        assert_eq!((verdict(&report, CONTROL), report.summary.exit_code), (Some(Verdict::Undetermined), 4), "{main}");
        assert!(!report.unchecked.is_empty() && report.unchecked.iter().all(|u| u.acknowledged), "{main}");
    }
    // What names no control leaves the project as it is.
    assert_eq!(verdict(&source(&none("openai_project_quirk", of_p)), CONTROL), None);
    // A setting that is read says it all the same.
    let own = format!(
        "resource \"openai_project_data_retention\" \"own\" {{\n  {of_p}\n  type = \"zero_data_retention\"\n}}\n"
    );
    let both = none("openai_project_data_retention", &format!("provider = acme\n  {of_p}")) + &own;
    assert_eq!(verdict(&source(&both), CONTROL), None);
}

#[test]
fn what_an_unknown_attribute_may_set_is_not_known() {
    let main = PROJECT.replace("  geography", "  data_retention = \"none\"\n  geography");
    assert_eq!(verdict(&source(&main), CONTROL), Some(Verdict::Undetermined));
    let plain = PROJECT.replace("geography = \"EU\"", "zero_data_mode = \"x\"");
    assert_eq!(verdict(&source(&plain), CONTROL), Some(Verdict::Undetermined), "its region, too");
    let setting = format!(
        "{PROJECT}resource \"openai_project_data_retention\" \"s\" {{\n  project_id = openai_project.p.id\n  type = \"zero_data_retention\"\n  retention_override = \"none\"\n}}\n"
    );
    assert_eq!(verdict(&source(&setting), CONTROL), Some(Verdict::Undetermined));
    let setting = format!(
        "{PROJECT}resource \"openai_organization_data_retention\" \"s\" {{\n  provider = acme\n  type = \"none\"\n}}\n"
    );
    // The definition gives the organization's; without it, it is not known.
    let report = judged(&[("in/main.tf", &format!("{PROVIDERS}{setting}"))], |asked| {
        let text = organization().replace(RETENTION, "");
        fs::write(&asked.organization[0], text).unwrap();
        asked
    });
    assert_eq!(verdict(&report, CONTROL), Some(Verdict::Undetermined));
}

#[test]
fn the_same_in_a_plan() {
    let project =
        resource("openai_project.p", OPENAI, json!({"id": "proj_1", "name": "p", "geography": "EU"}), json!({}));
    let none = |provider: &str| {
        resource(
            "openai_project_data_retention.s",
            provider,
            json!({"project_id": "proj_1", "type": "none"}),
            json!({}),
        )
    };
    let report = |change: Value| document("plan.json", &plan(vec![project.clone(), change]).to_string());
    assert_eq!(verdict(&report(none(OPENAI)), CONTROL), Some(Verdict::Violation));
    assert_eq!(verdict(&report(none("acme/openai")), CONTROL), Some(Verdict::Undetermined));
}

#[test]
fn an_allow_list_without_its_mode_is_not_known() {
    let main = format!(
        "{PROJECT}resource \"openai_project_model_permissions\" \"s\" {{\n  project_id = openai_project.p.id\n  model_ids = [\"gpt-9\"]\n}}\n"
    );
    let rule = "residency/allowed-model-not-in-region";
    assert_eq!(verdict(&source(&main), rule), Some(Verdict::Undetermined));
    let allowed = main.replace("  model_ids", "  mode = \"allow_list\"\n  model_ids");
    assert_eq!(verdict(&source(&allowed), rule), Some(Verdict::Violation));
}

#[test]
fn a_tool_that_is_declared_leaves_open_what_is_not_reported_of_others() {
    let main = format!("{PROVIDERS}{}", PROJECT.replace("{\n", "{\n  provider  = jianyuan\n"));
    let report = |tools: &str| {
        let definition = json!({"projects": [{"name": "x", "address": "openai_project.p",
            "models": {"mode": "allow_list", "ids": ["gpt-4.1-2025-04-14"]},
            "tools": serde_json::from_str::<Value>(tools).unwrap()}]});
        judged(&[("in/main.tf", &main), ("in/openai.json", &definition.to_string())], |asked| asked)
    };
    for tools in ["{}", "{\"web_search\": false}", "null"] {
        assert_eq!(verdict(&report(tools), TOOLS), Some(Verdict::Undetermined), "{tools}");
    }
    let all = r#"{"web_search": false, "file_search": false, "image_generation": false, "mcp": false, "code_interpreter": false}"#;
    assert_eq!(verdict(&report(all), TOOLS), None);
}

#[test]
fn a_mistake_in_a_definition_is_not_acknowledged() {
    let right = r#"{"projects": [{"name": "x", "region": "EU"}]}"#;
    assert_eq!(document("openai.json", right).summary.exit_code, 0);
    for wrong in [
        r#"{"projects": [{"name": "x", "region": "EU", "data_retention": "nonee"}]}"#,
        r#"{"projects": [{"name": "x", "region": "EU", "handles_phi": "true"}]}"#,
        r#"{"projects": [{"name": "x", "region": "EU", "requirements": {"max_abuse_log_days": "0"}}]}"#,
        r#"{"projects": [{"name": "x", "region": "EU", "residency": "EU"}]}"#,
    ] {
        assert_eq!(document("openai.json", wrong).summary.exit_code, 5, "{wrong}");
    }
}

#[test]
fn two_projects_of_one_name_need_ids_of_their_own() {
    for (projects, told) in [
        (r#"{"name": "x", "id": "proj_1"}, {"name": "x", "region": "EU"}"#, 1),
        (r#"{"name": "x"}, {"name": "x"}"#, 1),
        (r#"{"name": "x", "id": "proj_1"}, {"name": "x", "id": "proj_2"}"#, 0),
    ] {
        let report = document("openai.json", &format!("{{\"projects\": [{projects}]}}"));
        let named = report.unchecked.iter().filter(|u| u.why.contains("two projects are named \"x\"")).count();
        assert_eq!(named, told, "{projects}: {:?}", report.unchecked);
    }
}

#[test]
fn residency_is_a_word_of_any_region() {
    let of = |word: &str| {
        document("openai.json", &format!("{{\"projects\": [{{\"name\": \"x\", \"residency\": \"{word}\"}}]}}"))
    };
    for word in ["EU_STORAGE", "ZA_STORAGE_PROCESSING", "GLOBAL"] {
        assert_eq!(of(word).unchecked.len(), 0, "{word}");
    }
    assert_eq!(verdict(&of("ZA_STORAGE"), "residency/region-not-eligible"), Some(Verdict::Violation));
    for word in ["EU", "EU_PROCESSING", "eu_STORAGE", "EUR_STORAGE", "_STORAGE", "EU_STORAGE_"] {
        let report = of(word);
        assert!(report.unchecked.iter().any(|u| u.why.contains("is no word for \"residency\"")), "{word}");
    }
}

#[test]
fn what_a_plan_surely_lacks_is_not_acknowledged() {
    let block = json!({"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p"});
    let seen = resource("openai_project.q", OPENAI, json!({"id": "proj_2", "name": "q"}), json!({}));
    let input = json!({"format_version": "1.2", "errored": false, "resource_changes": [seen],
        "configuration": {"root_module": {"resources": [block]}}});
    let report = document("plan.json", &input.to_string());
    assert_eq!(report.summary.exit_code, 5, "{:?}", report.unchecked);
}

#[test]
fn a_release_of_helm_is_what_its_parts_make_together() {
    let release = |more: &str| {
        format!(
            "resource \"helm_release\" \"e\" {{\n  values = [yamlencode({{ env = {{ OPENAI_PROJECT_ID = \"proj_1\", OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\" }} }}){more}\n}}\n"
        )
    };
    let set = |value: &str| format!("]\n  set {{\n    name  = \"env.OPENAI_BASE_URL\"\n    value = {value}\n  }}");
    let report = |more: &str| {
        let definition = r#"{"projects": [{"name": "d", "id": "proj_1", "region": "EU"}]}"#;
        let main = format!("{}variable \"u\" {{\n  type = string\n}}\n", release(more));
        judged(&[("in/main.tf", &main), ("in/openai.json", definition)], |asked| asked)
    };
    assert_eq!(verdict(&report("]"), HOST), None);
    assert_eq!(verdict(&report(&set("\"https://eu.api.openai.com/v1\"")), HOST), None);
    for more in [
        set("\"https://api.openai.com/v1\""),
        set("var.u"),
        ", \"OPENAI_BASE_URL: https://api.openai.com/v1\"]".to_owned(),
        ", var.u]".to_owned(),
    ] {
        assert_eq!(verdict(&report(&more), HOST), Some(Verdict::Undetermined), "{more}");
    }
}

#[test]
fn a_list_of_installed_modules_that_can_not_be_read_is_told() {
    let call = "module \"m\" {\n  source = \"foo/m/openai\"\n}\n";
    let told = |manifest: Option<&str>| {
        let mut files = vec![("in/main.tf", call)];
        files.extend(manifest.map(|text| ("in/.terraform/modules/modules.json", text)));
        judged(&files, |asked| asked).unchecked.iter().map(|u| u.why.clone()).collect::<Vec<_>>().join(" ")
    };
    assert!(told(None).contains("run terraform init"), "{}", told(None));
    for broken in ["{\"Modules\": [", "{}", "[]"] {
        assert!(
            told(Some(broken)).contains("modules.json is not what terraform init writes"),
            "{}",
            told(Some(broken))
        );
    }
}

#[test]
fn problems_of_a_root_module_name_it() {
    let files =
        [("in/a/main.tf", "locals {\n  a = 1\n}\n"), ("in/b/main.tf", "variable \"region\" {\n  type = string\n}\n")];
    let report = judged(&files, |asked| {
        let given = vec![VariableInput::Assignment("region=EU".to_owned())];
        let variables = VariableInputs { given, ..VariableInputs::default() };
        Options { variables, recursive: true, ..asked }
    });
    let told: Vec<&str> = report.unchecked.iter().map(|u| u.why.as_str()).collect();
    assert!(
        told.len() == 1 && told[0].contains("no variable \"region\" is declared (") && told[0].contains("in/a)"),
        "{told:?}"
    );
}

#[test]
fn a_kind_that_is_asked_for_holds_for_directories_too() {
    let files = [
        ("in/main.tf", format!("{PROVIDERS}{PROJECT}")),
        ("in/openai.json", r#"{"projects": [{"name": "d", "region": "US"}]}"#.to_owned()),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let read = |kind: InputKind, recursive: bool| {
        let report = judged(&files, |asked| Options { kind: Some(kind), recursive, ..asked });
        let kinds: Vec<&str> = report.inputs.iter().filter_map(|i| i.kind).map(InputKind::name).collect();
        (kinds.join(" "), report.unchecked.iter().map(|u| u.why.clone()).collect::<Vec<_>>())
    };
    for recursive in [false, true] {
        let (kinds, told) = read(InputKind::Definition, recursive);
        assert_eq!((kinds.as_str(), told.len()), ("definition definition", 0), "the organization's, too");
        let (kinds, told) = read(InputKind::TerraformSource, recursive);
        assert_eq!((kinds.as_str(), told.len()), ("terraform_source definition definition", 0));
        let (_, told) = read(InputKind::TerraformPlan, recursive);
        assert!(told.iter().any(|why| why.contains("is a directory")), "{told:?}");
    }
}

#[test]
fn values_that_no_source_takes_are_looked_at() {
    let given = |input: VariableInput| {
        let asked = |asked: Options| {
            let variables = VariableInputs { given: vec![input.clone()], ..VariableInputs::default() };
            Options { variables, paths: vec![asked.paths[0].join("openai.json")], ..asked }
        };
        judged(&[("in/openai.json", r#"{"projects": [{"name": "d", "region": "US"}]}"#)], asked)
    };
    let missing = given(VariableInput::File(PathBuf::from("/nowhere/x.tfvars")));
    assert!(missing.unchecked.iter().any(|u| u.why.contains("can't be read")), "{:?}", missing.unchecked);
    let malformed = given(VariableInput::Assignment("region".to_owned()));
    assert!(malformed.unchecked.iter().any(|u| u.why.contains("expected NAME=VALUE")));
    let unused = given(VariableInput::Assignment("region=EU".to_owned()));
    assert!(unused.unchecked.is_empty() && unused.notes.iter().any(|note| note.contains("no input is source")));
}

#[test]
fn a_source_that_no_plan_takes_is_told() {
    let told = |name: &str, text: &str| {
        let asked = |asked: Options| {
            let sources = vec![asked.paths[0].clone()];
            Options { paths: vec![asked.paths[0].join(name)], sources, ..asked }
        };
        judged(&[(&format!("in/{name}"), text)], asked).notes.iter().any(|note| note.starts_with("--source gives"))
    };
    assert!(told("openai.json", r#"{"projects": [{"name": "d", "region": "US"}]}"#));
    assert!(!told("plan.json", r#"{"format_version": "1.2", "terraform_version": "1.11.0", "planned_values": {}}"#));
}

/// Blocks of OpenAI's providers that manage nothing may do something all the same, and what others do is said.
#[test]
fn actions_lists_and_ephemeral_resources_do_not_slip_by() {
    for block in [
        "action \"openai_project_set_data_retention\" \"x\" {\n  config {\n    type = \"none\"\n  }\n}\n",
        "ephemeral \"openai_project_service_account\" \"x\" {\n  name = \"x\"\n}\n",
        "list \"openai_project\" \"x\" {\n  provider = openai\n}\n",
        "action \"jianyuan_thing\" \"x\" {\n}\n",
    ] {
        let report = source(&format!("{PROJECT}{block}"));
        let told =
            report.unchecked.iter().any(|told| told.why.contains("is of a type that this version does not know"));
        assert!(told, "{block} {:?}", report.unchecked);
    }
    let noted = |report: &Report| report.notes.iter().any(|note| note.contains("an action that names a variable"));
    for (config, says) in
        [("command = \"OPENAI_BASE_URL=https://api.openai.com run\"", true), ("command = \"run\"", false)]
    {
        let report =
            source(&format!("{PROJECT}action \"local_command\" \"x\" {{\n  config {{\n    {config}\n  }}\n}}\n"));
        assert_eq!((report.unchecked.len(), noted(&report)), (0, says), "{config} {:?}", report.notes);
    }
    let project = json!({ "name": "p", "geography": "EU", "id": "proj_1", "project_id": "proj_1" });
    let shown = plan(vec![resource("openai_project.p", OPENAI, project, json!({}))]);
    let with = |key: &str, action: Value| {
        let mut shown = shown.clone();
        shown[key] = json!([action]);
        document("plan.json", &shown.to_string())
    };
    let action = |kind: &str, provider: &str, config: &str| json!({ "address": format!("action.{kind}.x"), "type": kind, "name": "x", "provider_name": provider, "config_values": { "command": config } });
    let (own, local) = ("registry.terraform.io/openai/openai", "registry.terraform.io/hashicorp/local");
    for (key, action, told, says) in [
        ("action_invocations", action("openai_project_set_data_retention", own, "x"), true, false),
        ("action_invocations", action("thing", own, "x"), true, false),
        ("deferred_action_invocations", json!({ "action_invocation": action("thing", own, "x") }), true, false),
        (
            "action_invocations",
            action("local_command", local, "OPENAI_BASE_URL=https://api.openai.com run"),
            false,
            true,
        ),
        ("action_invocations", action("local_command", local, "run"), false, false),
    ] {
        let report = with(key, action);
        let unknown =
            report.unchecked.iter().any(|told| told.why.contains("of a type that this version does not know"));
        assert_eq!((unknown, noted(&report)), (told, says), "{key} {:?} {:?}", report.unchecked, report.notes);
    }
    // What is no action hides one.
    let mut nameless = action("thing", own, "x");
    nameless["provider_name"] = Value::Null;
    for odd in [json!("x"), json!([]), json!({ "type": "thing" }), nameless] {
        let report = with("action_invocations", odd.clone());
        let told =
            report.unchecked.iter().any(|told| told.why.contains("of an action must be a text") && !told.acknowledged);
        assert!(told, "{odd} {:?}", report.unchecked);
    }
    let mut odd = shown.clone();
    odd["action_invocations"] = json!("x");
    assert!(document("plan.json", &odd.to_string()).unchecked.iter().any(|told| told.why.contains("must be a list")));
}

/// What is only written stands in no plan but as it is configured.
#[test]
fn what_is_only_written_is_said_where_it_names_a_variable() {
    let project = json!({ "name": "p", "geography": "EU", "id": "proj_1", "project_id": "proj_1" });
    let secret = json!({ "data": null, "data_wo": null, "data_wo_revision": 1 });
    for (expressions, says) in [
        (json!({ "data_wo": { "constant_value": { "OPENAI_BASE_URL": "https://eu.api.openai.com/v1" } } }), true),
        (
            json!({ "env": [{ "value_wo": { "constant_value": "OPENAI_BASE_URL=https://eu.api.openai.com/v1" } }] }),
            true,
        ),
        (json!({ "data_wo": { "constant_value": { "A": "b" } } }), false),
        (json!({ "data": { "constant_value": { "OPENAI_BASE_URL": "https://eu.api.openai.com/v1" } } }), false),
        (json!({ "data_wo": { "references": ["var.env"] } }), false),
    ] {
        let mut shown = plan(vec![
            resource("openai_project.p", OPENAI, project.clone(), json!({})),
            resource("kubernetes_secret_v1.s", "hashicorp/kubernetes", secret.clone(), json!({})),
        ]);
        let block = |kind: &str, name: &str, expressions: &Value| json!({ "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "expressions": expressions });
        let blocks = [block("openai_project", "p", &json!({})), block("kubernetes_secret_v1", "s", &expressions)];
        shown["configuration"] = json!({ "root_module": { "resources": blocks } });
        let report = document("plan.json", &shown.to_string());
        let noted = report.notes.iter().any(|note| note.contains("kubernetes_secret_v1.s: what is only written"));
        assert_eq!(noted, says, "{expressions} {:?}", report.notes);
    }
}

#[test]
fn regions_of_approvals_and_requirements_are_taken_by_name_and_told_where_no_edition_lists_them() {
    let checked = |organization: &str, project: &str| {
        let directory = tempfile::tempdir().unwrap();
        let text = format!("organization {{\n{organization}}}\nproject \"p\" {{\n{project}}}\n");
        write_files(directory.path(), &[("openai.hcl", &text)]);
        check(&options(vec![directory.path().join("openai.hcl")]), &mut std::io::empty()).0
    };
    let verdict = |report: &Report, rule: &str| {
        let of = |f: &&openai_data_controls::verdict::Finding| f.rule.as_str() == rule;
        report.findings.iter().find(of).map(|f| f.verdict)
    };
    let (approval, allowed) = ("residency/region-without-further-approval", "residency/region-not-allowed");
    let approved = |label: &str| format!("  region_approval \"{label}\" {{ approved_on = \"2026-03-01\" }}\n");
    let region = "  region = \"AE\"\n";
    for label in ["AE", "United Arab Emirates"] {
        let report = checked(&approved(label), region);
        assert_eq!((verdict(&report, approval), report.notes.len()), (None, 0), "{label}: {:?}", report.notes);
    }
    for (label, near) in [("ae", "did you mean AE? "), ("XX", "XX"), ("GLOBAL", "lists AE, AU,")] {
        let report = checked(&approved(label), region);
        assert_eq!(verdict(&report, approval), Some(Verdict::Violation), "{label}");
        let told = format!("region_approvals names {label:?}, which is no region of an edition");
        let note =
            report.notes.iter().find(|note| note.contains(&told)).unwrap_or_else(|| panic!("{:?}", report.notes));
        assert!(note.contains(near) && note.contains("openai.hcl:2:"), "{note}");
    }
    let both = approved("AE") + &approved("United Arab Emirates").replace("03-01", "04-01");
    let report = checked(&both, region);
    assert_eq!(report.summary.exit_code, 5, "{:?}", report.unchecked);
    assert!(report.unchecked[0].why.contains("has another value"), "{:?}", report.unchecked);

    let requires = |regions: &str| format!("  requirements = {{ allowed_regions = [{regions}] }}\n");
    let report = checked(&requires("\"Japan\", \"GLOBAL\""), "  region = \"JP\"\n");
    assert_eq!((verdict(&report, allowed), report.notes.len()), (None, 0), "{:?}", report.notes);
    let (of_organization, of_project) = (requires("\"eu\""), format!("{region}{}", requires("\"eu\"")));
    for (report, count) in [(checked(&of_organization, region), 1), (checked("", &of_project), 1)] {
        assert_eq!(verdict(&report, allowed), Some(Verdict::Violation));
        let told = "allowed_regions names \"eu\", which is no region of an edition: did you mean EU?";
        assert_eq!(report.notes.iter().filter(|note| note.contains(told)).count(), count, "{:?}", report.notes);
    }
    let directory = tempfile::tempdir().unwrap();
    write_files(
        directory.path(),
        &[("openai.hcl", "organization {\n  region_approval \"AE\" {}\n}\nproject \"p\" {}\n")],
    );
    let older = Options { edition: Some("2025-06".to_owned()), ..options(vec![directory.path().join("openai.hcl")]) };
    let notes = check(&older, &mut std::io::empty()).0.notes;
    assert!(!notes.iter().any(|note| note.contains("no region")), "another edition lists it: {notes:?}");
}
