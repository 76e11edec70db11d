//! What may not be there, what is there twice, and what nobody declares: none of it makes a run pass.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::made::{OPENAI, plan, resource};
use crate::support::{options, write_files};
use openai_data_controls::report::{Format, Report, Style};
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check};
use serde_json::{Value, json};

/// Evidence that lacks nothing.
pub(crate) const ORGANIZATION: &str = r#"
organization {
  residency_approved  = true
  data_sharing        = false
  responsible_contact = "ai-platform@example.com"
  abuse_monitoring_approval {
    controls              = ["zero_data_retention", "modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  modified_retention_amendment = { executed_on = "2025-03-10" }
}
"#;

const PROVIDER: &str =
    "terraform {\n  required_providers {\n    openai = {\n      source = \"openai/openai\"\n    }\n  }\n}\n";

const PROJECT: &str = "resource \"openai_project\" \"eu\" {\n  name      = \"eu\"\n  geography = \"EU\"\n}\n";

/// The project's control, with more arguments.
fn control(more: &str) -> String {
    format!(
        "resource \"openai_project_data_retention\" \"eu\" {{\n  {more}\n  project_id = openai_project.eu.id\n  type       = \"zero_data_retention\"\n}}\n"
    )
}

fn judged(directory: &Path, paths: &[&str], change: impl Fn(Options) -> Options) -> Report {
    write_files(directory, &[("organization.hcl", ORGANIZATION)]);
    let paths: Vec<PathBuf> = paths.iter().map(|path| directory.join(path)).collect();
    let organization = vec![directory.join("organization.hcl")];
    check(&change(Options { organization, ..options(paths) }), &mut std::io::empty()).0
}

/// The report of source in `src`.
fn source(files: &[(&str, &str)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write_files(directory.path(), &[(format!("src/{name}"), text)]);
    }
    judged(directory.path(), &["src"], |options| options)
}

/// The report of inputs in JSON.
fn inputs(texts: &[(&str, &Value)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        write_files(directory.path(), &[(name, text.to_string())]);
    }
    let names: Vec<&str> = texts.iter().map(|(name, _)| *name).collect();
    judged(directory.path(), &names, |options| options)
}

/// The verdict of a rule on what it found, the worst of it.
fn verdict(report: &Report, rule: &str) -> Option<Verdict> {
    let found = report.findings.iter().filter(|finding| finding.rule.as_str() == rule);
    let verdicts: Vec<Verdict> = found.map(|finding| finding.verdict).collect();
    [Verdict::Violation, Verdict::Undetermined].into_iter().find(|verdict| verdicts.contains(verdict))
}

const CONTROL: &str = "residency/non-us-region-without-abuse-monitoring-control";

#[test]
fn a_setting_that_may_not_be_there_settles_nothing() {
    let main = |more: &str| format!("{PROVIDER}{PROJECT}{}", control(more));
    assert_eq!(source(&[("main.tf", &main(""))]).summary.exit_code, 0);
    for (more, further) in [
        ("count = var.on ? 1 : 0", "variable \"on\" {\n  type = bool\n}\n"),
        ("for_each = var.keys", "variable \"keys\" {\n  type = set(string)\n}\n"),
        ("count = terraform.workspace == \"prod\" ? 1 : 0", ""),
        ("count = data.http.x.status_code", "data \"http\" \"x\" {\n  url = \"https://example.com\"\n}\n"),
        ("lifecycle {\n    enabled = var.on\n  }", "variable \"on\" {\n  type = bool\n}\n"),
    ] {
        let report = source(&[("main.tf", &format!("{}{further}", main(more)))]);
        assert_eq!(verdict(&report, CONTROL), Some(Verdict::Undetermined), "{more}: {report:?}");
        assert_eq!(report.summary.exit_code, 4, "{more}");
    }
    // Zero of them is known, and is none.
    assert_eq!(verdict(&source(&[("main.tf", &main("count = 0"))]), CONTROL), Some(Verdict::Undetermined));
}

#[test]
fn a_setting_in_a_module_is_as_sure_as_its_project_beside_it() {
    let call = "variable \"n\" {\n  type = number\n}\nmodule \"m\" {\n  source = \"./m\"\n  count  = var.n\n}\n";
    let module = format!("{PROVIDER}{PROJECT}{}", control(""));
    assert_eq!(source(&[("main.tf", call), ("m/main.tf", &module)]).summary.exit_code, 0);
    // Outside of it, it is not.
    let main = format!(
        "{PROVIDER}{PROJECT}variable \"n\" {{\n  type = number\n}}\nmodule \"m\" {{\n  source = \"./m\"\n  count  = var.n\n  id     = openai_project.eu.id\n}}\n"
    );
    let setting = control("").replace("openai_project.eu.id", "var.id");
    let module = format!("{PROVIDER}variable \"id\" {{\n  type = string\n}}\n{setting}");
    let report = source(&[("main.tf", &main), ("m/main.tf", &module)]);
    assert_eq!((verdict(&report, CONTROL), report.summary.exit_code), (Some(Verdict::Undetermined), 4));
}

#[test]
fn the_organizations_setting_that_may_not_be_there_settles_nothing() {
    let setting = |count: &str| {
        format!(
            "{PROVIDER}{PROJECT}variable \"on\" {{\n  type = bool\n}}\nresource \"openai_organization_data_retention\" \"this\" {{\n{count}  type = \"zero_data_retention\"\n}}\n"
        )
    };
    assert_eq!(source(&[("main.tf", &setting(""))]).summary.exit_code, 0);
    assert_eq!(source(&[("main.tf", &setting("  count = var.on ? 1 : 0\n"))]).summary.exit_code, 4);
}

/// An instance of a plan that stays as it is.
fn stays(address: &str, provider: &str, values: Value) -> Value {
    let mut change = resource(address, provider, values.clone(), json!({}));
    change["change"]["actions"] = json!(["no-op"]);
    change["change"]["before"] = values;
    change
}

fn project() -> Value {
    json!({"id": "proj_1", "project_id": "proj_1", "name": "eu", "geography": "EU"})
}

fn retention(control: &str) -> Value {
    json!({"project_id": "proj_1", "type": control})
}

#[test]
fn a_client_keeps_its_project_where_another_input_shows_it_too() {
    let environment =
        json!([{"variables": {"OPENAI_PROJECT": "proj_1", "OPENAI_BASE_URL": "https://api.openai.com/v1"}}]);
    let settings = [
        stays("openai_project.p", OPENAI, project()),
        stays("openai_project_data_retention.p", OPENAI, retention("zero_data_retention")),
    ];
    let client = stays("aws_lambda_function.c", "hashicorp/aws", json!({"environment": environment}));
    let changes = |more: &[&Value]| plan(settings.iter().chain(more.iter().copied()).cloned().collect());
    let state = |kind: &str, attributes: Value| {
        json!({"mode": "managed", "type": kind, "name": "p", "provider": "provider[\"registry.terraform.io/openai/openai\"]",
            "instances": [{"attributes": attributes}]})
    };
    let state = json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {},
        "resources": [state("openai_project", project()), state("openai_project_data_retention", retention("zero_data_retention"))]});
    let rule = "residency/regional-host-required";
    let with_client = changes(&[&client]);
    assert_eq!(verdict(&inputs(&[("plan.json", &with_client)]), rule), Some(Verdict::Violation));
    let both = inputs(&[("plan.json", &with_client), ("s.tfstate", &state)]);
    assert_eq!(verdict(&both, rule), Some(Verdict::Violation));
    // Of several inputs with the project none is the client's own: it is judged with each.
    let apart = plan(vec![client.clone()]);
    let twice = inputs(&[("a.json", &changes(&[])), ("s.tfstate", &state), ("c.json", &apart)]);
    assert_eq!(twice.findings.iter().filter(|finding| finding.rule.as_str() == rule).count(), 2);
    // Two addresses of one project in one plan.
    let again = stays("openai_project.again", OPENAI, project());
    assert_eq!(verdict(&inputs(&[("plan.json", &changes(&[&client, &again]))]), rule), Some(Verdict::Violation));
}

#[test]
fn a_setting_of_a_project_that_no_input_declares_is_judged() {
    let mut weakened = stays("openai_project_data_retention.p", OPENAI, retention("none"));
    weakened["change"]["actions"] = json!(["update"]);
    weakened["change"]["before"] = retention("zero_data_retention");
    let report = inputs(&[("plan.json", &plan(vec![weakened]))]);
    assert_eq!(verdict(&report, "retention/control-weakened"), Some(Verdict::Violation));
    assert!(report.findings.iter().all(|finding| !finding.locations.is_empty()), "{report:?}");
    let set = resource("openai_project_data_retention.p", OPENAI, retention("zero_data_retention"), json!({}));
    let report = inputs(&[("plan.json", &plan(vec![set]))]);
    assert_eq!(report.summary.exit_code, 4, "nothing tells its region: {report:?}");
}

#[test]
fn what_a_data_source_does_not_know_takes_nothing_from_what_terraform_manages() {
    let managed = format!("{PROVIDER}{PROJECT}{}", control("").replace("zero_data_retention", "none"));
    let data = |id: &str| format!("data \"openai_project_data_retention\" \"x\" {{\n  project_id = {id}\n}}\n");
    for more in
        ["", &data("openai_project.eu.id"), &format!("variable \"id\" {{\n  type = string\n}}\n{}", data("var.id"))]
    {
        let report = source(&[("main.tf", &format!("{managed}{more}"))]);
        assert_eq!(verdict(&report, CONTROL), Some(Verdict::Violation), "{more}: {report:?}");
    }
    // In a plan, known after apply.
    let none = stays("openai_project_data_retention.p", OPENAI, retention("none"));
    let shown = resource(
        "data.openai_project_data_retention.x",
        OPENAI,
        json!({"project_id": "proj_1"}),
        json!({"type": true}),
    );
    let report = inputs(&[("plan.json", &plan(vec![stays("openai_project.p", OPENAI, project()), none, shown]))]);
    assert_eq!(verdict(&report, CONTROL), Some(Verdict::Violation), "{report:?}");
}

#[test]
fn what_ignore_changes_names_is_not_known_though_it_is_a_block_or_not_written() {
    let ignoring = |what: &str| format!("  lifecycle {{\n    ignore_changes = {what}\n  }}\n");
    for what in ["[geography]", "all"] {
        let main = format!("{PROVIDER}resource \"openai_project\" \"p\" {{\n  name = \"p\"\n{}}}\n", ignoring(what));
        assert_eq!(source(&[("main.tf", &main)]).summary.exit_code, 4, "{what}");
    }
    let lambda = |more: &str| {
        format!(
            "{PROVIDER}{PROJECT}{}resource \"aws_lambda_function\" \"c\" {{\n  environment {{\n    variables = {{ OPENAI_PROJECT = openai_project.eu.id, OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\" }}\n  }}\n{more}}}\n",
            control("")
        )
    };
    assert_eq!(source(&[("main.tf", &lambda(""))]).summary.exit_code, 0);
    for what in ["[environment]", "[environment[0].variables]", "all"] {
        assert_eq!(source(&[("main.tf", &lambda(&ignoring(what)))]).summary.exit_code, 4, "{what}");
    }
}

#[test]
fn a_call_that_an_override_leads_elsewhere_makes_no_module_of_a_root() {
    let directory = tempfile::tempdir().unwrap();
    let prod = format!("{PROVIDER}{PROJECT}{}", control("").replace("zero_data_retention", "none"));
    let files = [
        ("all/prod/main.tf", prod.as_str()),
        ("all/z/main.tf", "module \"x\" {\n  source = \"../prod\"\n}\n"),
        ("all/z/override.tf", "module \"x\" {\n  source = \"../nothing\"\n}\n"),
        ("all/nothing/main.tf", "locals {}\n"),
    ];
    write_files(directory.path(), &files);
    let report = judged(directory.path(), &["all"], |options| Options { recursive: true, ..options });
    assert_eq!(verdict(&report, CONTROL), Some(Verdict::Violation), "{report:?}");
}

#[test]
#[cfg(unix)]
fn links_to_directories_that_are_not_followed_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let main = format!("{PROVIDER}{PROJECT}");
    write_files(directory.path(), &[("shared/prod/main.tf", main.as_str()), ("stacks/ok/main.tf", "locals {}\n")]);
    std::os::unix::fs::symlink("../shared/prod", directory.path().join("stacks/prod")).unwrap();
    std::os::unix::fs::symlink("ok", directory.path().join("stacks/same")).unwrap();
    let report = judged(directory.path(), &["stacks"], |options| Options { recursive: true, ..options });
    let told: Vec<&String> = report.notes.iter().filter(|note| note.contains("not followed")).collect();
    assert!(
        matches!(told.as_slice(), [note] if note.contains("1 link") && note.contains("stacks/prod")),
        "{:?}",
        report.notes
    );
}

#[test]
fn a_file_of_opentofu_that_hides_another_is_no_pass() {
    let violating = format!("{PROVIDER}{PROJECT}{}", control("").replace("zero_data_retention", "none"));
    let report = source(&[("main.tf", &violating), ("main.tofu", "")]);
    assert_eq!(report.summary.exit_code, 5, "{report:?}");
    assert!(
        report
            .unchecked
            .iter()
            .any(|entry| entry.what.ends_with("main.tofu") && entry.why.contains("keep one of them"))
    );
}

#[test]
fn a_file_of_opentofu_that_terraform_leaves_out_is_no_pass() {
    let violating = format!("{PROVIDER}{PROJECT}{}", control("").replace("zero_data_retention", "none"));
    for name in ["x_override.tofu", "more.tofu"] {
        let report = source(&[("main.tf", &violating), (name, &control(""))]);
        assert_eq!(report.summary.exit_code, 5, "{name}: {report:?}");
        let told = |entry: &openai_data_controls::report::Unchecked| {
            entry.what.ends_with(name) && entry.why.contains("leaves this file out")
        };
        assert!(report.unchecked.iter().any(told), "{:?}", report.unchecked);
    }
    let right = format!("{PROVIDER}{PROJECT}{}", control(""));
    assert_eq!(source(&[("main.tofu", &right), ("more.tofu", "")]).summary.exit_code, 0, "OpenTofu alone");
    // However it is written.
    let json = "{\"terraform\": {\"required_version\": \"1\"}, \"locals\": {\"a\": 1}}";
    let quiet = "terraform {\n  required_version = \">= 1\" # resource\n}\n";
    for (name, text, code) in [
        ("more.tofu.json", json, 5),
        ("more.tofu", "/* */ locals {\n  a = 1\n}\n", 5),
        ("more.tofu", quiet, 0),
        ("more.tofu", "# resource\n", 0),
    ] {
        assert_eq!(source(&[("main.tf", &right), (name, text)]).summary.exit_code, code, "{text}");
    }
}

#[test]
fn what_is_made_of_the_id_of_a_project_still_leads_to_it() {
    let workload = |project: &str, host: &str| {
        format!(
            "{PROVIDER}{PROJECT}{}variable \"q\" {{\n  type = bool\n}}\nresource \"terraform_data\" \"t\" {{\n  input = openai_project.eu.id\n}}\nresource \"terraform_data\" \"z\" {{\n  input = {{\n    OPENAI_PROJECT  = {project}\n    OPENAI_BASE_URL = \"https://{host}/v1\"\n  }}\n}}\n",
            control("")
        )
    };
    let (required, mismatch) = ("residency/regional-host-required", "residency/regional-host-mismatch");
    for project in [
        "openai_project.eu.id",
        "try(openai_project.eu.id, \"\")",
        "trimspace(openai_project.eu.id)",
        "\"${openai_project.eu.id}\\n\"",
        "var.q ? openai_project.eu.id : \"\"",
        "join(\"\", openai_project.eu[*].id)",
        "terraform_data.t.output",
    ] {
        let report = source(&[("main.tf", &workload(project, "api.openai.com"))]);
        assert_eq!(verdict(&report, required), Some(Verdict::Violation), "{project}");
        let report = source(&[("main.tf", &workload(project, "us.api.openai.com"))]);
        assert_eq!(verdict(&report, mismatch), Some(Verdict::Violation), "{project}");
    }
    // Its name tells nothing of it, and a project that is named by a variable is another perhaps.
    for project in [
        "lower(openai_project.eu.name)",
        "var.other",
        "var.other\n    TABLE = \"${openai_project.eu.id}-x\"",
        "coalesce(var.other, openai_project.eu.id)",
        "local.ids[\"us\"]",
        "data.aws_ssm_parameter.x.value\n    TABLE = openai_project.eu.id",
    ] {
        let other = "variable \"other\" {\n  type = string\n}\nlocals {\n  ids = { eu = openai_project.eu.id, us = var.other }\n}\ndata \"aws_ssm_parameter\" \"x\" {\n  name = \"x\"\n}\n";
        let report = source(&[("main.tf", &(workload(project, "api.openai.com") + other))]);
        assert_eq!(verdict(&report, required), None, "{project}");
    }
}

#[test]
fn a_template_s_file_is_looked_into_for_what_it_makes_a_client() {
    let workload = "resource \"aws_instance\" \"w\" {\n  user_data = templatefile(\"${path.module}/run.tpl\", { p = openai_project.eu.id })\n}\n";
    let main = format!("{PROVIDER}{PROJECT}{}{workload}", control(""));
    let required = "residency/regional-host-required";
    let sets = "export OPENAI_PROJECT=${p}\nexport OPENAI_BASE_URL=https://api.openai.com/v1\n";
    let report = source(&[("main.tf", &main), ("run.tpl", sets)]);
    assert_eq!(verdict(&report, required), Some(Verdict::Undetermined));
    let report = source(&[("main.tf", &main), ("run.tpl", "echo ${p}\n")]);
    assert_eq!((verdict(&report, required), report.summary.exit_code), (None, 0));
}

#[test]
fn a_data_source_that_sets_what_it_shows_is_a_mistake() {
    let data = format!("{PROVIDER}{PROJECT}data {}", control("").trim_start_matches("resource "));
    let report = source(&[("main.tf", &data)]);
    assert_eq!(report.summary.exit_code, 5);
    assert!(report.unchecked.iter().any(|u| u.why.contains("\"type\" of a data source")), "{:?}", report.unchecked);
}

#[test]
fn lines_with_keys_are_not_quoted_wherever_the_environment_stands() {
    let key = "S3CRETVAL";
    for body in [
        format!(
            "environment {{\n    variables = {{ OPENAI_API_KEY = \"{key}\", OPENAI_BASE_URL = \"https://api.openai.com/v1\", OPENAI_PROJECT = openai_project.eu.id }}\n  }}"
        ),
        format!(
            "environment {{\n    variables = merge({{ OPENAI_API_KEY = \"{key}\" }}, {{ OPENAI_BASE_URL = \"https://api.openai.com/v1\", OPENAI_PROJECT = openai_project.eu.id }})\n  }}"
        ),
    ] {
        let main =
            format!("{PROVIDER}{PROJECT}{}resource \"aws_lambda_function\" \"f\" {{\n  {body}\n}}\n", control(""));
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("src/main.tf", &main)]);
        write_files(directory.path(), &[("organization.hcl", ORGANIZATION)]);
        let organization = vec![directory.path().join("organization.hcl")];
        let (report, map) =
            check(&Options { organization, ..options(vec![directory.path().join("src")]) }, &mut std::io::empty());
        assert_eq!(verdict(&report, "residency/regional-host-required"), Some(Verdict::Violation));
        let mut out = Vec::new();
        report.write(Format::Text, Style::default(), &map, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("regional-host-required") && !text.contains(key), "{text}");
    }
}

#[test]
fn a_raw_state_with_escapes_or_without_instances_hides_nothing() {
    let state = |resources: &str| {
        format!(
            r#"{{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {{}}, "resources": [{resources}]}}"#
        )
    };
    let of = |kind: &str, provider: &str, instances: &str| {
        format!(
            r#"{{"mode": "managed", "type": "{kind}", "name": "p", "provider": "provider[\"registry.terraform.io/{provider}\"]"{instances}}}"#
        )
    };
    let project = of(
        "openai_project",
        OPENAI,
        r#", "instances": [{"attributes": {"id": "proj_1", "project_id": "proj_1", "name": "eu", "geography": "EU"}}]"#,
    );
    let client = |name: &str| {
        let variables = format!(
            r#"{{"{name}": "https://api.openai.com/v1", "{}": "proj_1"}}"#,
            name.replace("BASE_URL", "PROJECT")
        );
        of(
            "aws_lambda_function",
            "hashicorp/aws",
            &format!(r#", "instances": [{{"attributes": {{"environment": [{{"variables": {variables}}}]}}}}]"#),
        )
    };
    let judge = |text: String| {
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("s.tfstate", text)]);
        judged(directory.path(), &["s.tfstate"], |options| options)
    };
    for name in ["OPENAI_BASE_URL", "\\u004fPENAI_BASE_URL"] {
        let report = judge(state(&format!("{project}, {}", client(name))));
        assert_eq!(verdict(&report, "residency/regional-host-required"), Some(Verdict::Violation), "{name}");
    }
    assert_eq!(judge(state(&of("openai_project", OPENAI, ""))).summary.exit_code, 5);
}

#[test]
fn lines_with_values_of_sensitive_variables_are_not_quoted() {
    let directory = tempfile::tempdir().unwrap();
    let project = |region: &str| {
        format!("{PROVIDER}resource \"openai_project\" \"eu\" {{\n  name      = \"x\"\n  geography = {region}\n}}\n")
    };
    let typed = "  type      = object({ region = string, token = string })\n  sensitive = true\n";
    let value = "{ region = \"EU\", token = \"HUNTER2xyz\" }";
    let cases: [(&str, Vec<(&str, String)>); 4] = [
        (
            "tfvars",
            vec![
                ("main.tf", format!("{}variable \"cfg\" {{\n{typed}}}\n", project("nonsensitive(var.cfg.region)"))),
                ("terraform.tfvars", format!("cfg = {value}\n")),
            ],
        ),
        (
            "default",
            vec![(
                "main.tf",
                format!(
                    "{}variable \"cfg\" {{\n{typed}  default   = {value}\n}}\n",
                    project("nonsensitive(var.cfg.region)")
                ),
            )],
        ),
        (
            "argument",
            vec![
                ("main.tf", format!("module \"m\" {{\n  source = \"./m\"\n  cfg    = {value}\n}}\n")),
                ("m/main.tf", format!("{}variable \"cfg\" {{\n{typed}}}\n", project("nonsensitive(var.cfg.region)"))),
            ],
        ),
        (
            "marked",
            vec![(
                "main.tf",
                format!(
                    "{}locals {{\n  p = {{ region = \"EU\", pw = sensitive(\"HUNTER2xyz\") }}\n}}\n",
                    project("local.p.region")
                ),
            )],
        ),
    ];
    for (case, files) in cases {
        let own = directory.path().join(case);
        write_files(&own, &files);
        let (report, map) = check(&options(vec![own]), &mut std::io::empty());
        assert!(!report.findings.is_empty(), "{case}");
        let mut text = Vec::new();
        report.write(Format::Text, Style::default(), &map, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("main.tf") && !text.contains("HUNTER2"), "{case}: {text}");
    }
}

#[test]
fn a_page_of_projects_whose_beginning_is_missing_is_only_a_part() {
    let page = |ids: &[&str], more: bool| {
        let items: Vec<Value> = ids
            .iter()
            .map(|id| json!({"object": "organization.project", "id": id, "name": id, "status": "active"}))
            .collect();
        json!({"object": "list", "data": items, "has_more": more, "last_id": ids.last()})
    };
    let whole = json!({"/v1/organization/projects": page(&["proj_1"], true), "/v1/organization/projects?after=proj_1": page(&["proj_2"], false)});
    assert!(inputs(&[("export.json", &whole)]).unchecked.is_empty());
    for export in [
        json!({"/v1/organization/projects?after=proj_1": page(&["proj_2"], false)}),
        json!({"/v1/organization/projects": page(&["proj_0"], false), "/v1/organization/projects?after=proj_1": page(&["proj_2"], false)}),
        json!({"/v1/organization/projects": page(&["proj_0"], false), "/v2/organization/projects": page(&["proj_2"], false)}),
        json!({"/v1/organization/projects": page(&["proj_0"], false), "projects": page(&["proj_2"], false)}),
    ] {
        assert_eq!(inputs(&[("export.json", &export)]).summary.exit_code, 5, "{export}");
    }
}

#[test]
fn workloads_that_start_with_rendered_text_are_judged_and_provisioners_told() {
    let script = "OPENAI_PROJECT=${openai_project.eu.id} OPENAI_BASE_URL=https://api.openai.com/v1";
    let rendered =
        |kind: &str, body: &str| format!("{PROVIDER}{PROJECT}{}data \"{kind}\" \"c\" {{\n{body}}}\n", control(""));
    for (kind, body) in [
        ("cloudinit_config", format!("  part {{\n    content = \"export {script}\"\n  }}\n")),
        ("template_file", format!("  template = \"export {script}\"\n")),
    ] {
        let report = source(&[("main.tf", &rendered(kind, &body))]);
        assert_eq!(
            verdict(&report, "residency/regional-host-required"),
            Some(Verdict::Undetermined),
            "{kind}: {report:?}"
        );
    }
    let provisioned = |body: &str| {
        format!(
            "{PROVIDER}{PROJECT}{}resource \"terraform_data\" \"t\" {{\n  provisioner \"local-exec\" {{\n{body}  }}\n}}\n",
            control("")
        )
    };
    let told = |text: &str| {
        source(&[("main.tf", text)]).notes.iter().any(|note| note.contains("main.tf:") && note.contains("provisioner"))
    };
    assert!(told(&provisioned(
        "    command = \"x\"\n    environment = { OPENAI_BASE_URL = \"https://api.openai.com/v1\" }\n"
    )));
    assert!(told(&provisioned("    command = \"run ${openai_project.eu.id}\"\n")));
    assert!(!told(&provisioned("    command = \"true\"\n")));
}

#[test]
fn an_object_that_a_replacement_left_behind_is_told() {
    let attributes = json!({"id": "proj_1", "project_id": "proj_1", "name": "eu", "geography": "EU"});
    let state = |deposed: Value| {
        let mut instance = json!({"attributes": attributes});
        if !deposed.is_null() {
            instance["deposed"] = deposed;
        }
        json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": [
            {"mode": "managed", "type": "openai_project", "name": "p", "provider": "provider[\"registry.terraform.io/openai/openai\"]",
                "instances": [instance]}]})
    };
    let told =
        |state: &Value| inputs(&[("s.tfstate", state)]).notes.iter().filter(|note| note.contains("deposed")).count();
    assert_eq!((told(&state(json!("abc"))), told(&state(Value::Null))), (1, 0));
}

#[test]
fn two_organizations_in_several_inputs_are_told() {
    let provider =
        |organization: &str| format!("{PROVIDER}provider \"openai\" {{\n  organization = \"{organization}\"\n}}\n");
    let retention = "resource \"openai_organization_data_retention\" \"this\" {\n  type = \"zero_data_retention\"\n}\n";
    let code = |one: &str, other: &str, declared: &str| {
        let directory = tempfile::tempdir().unwrap();
        write_files(
            directory.path(),
            &[("src/a/main.tf", provider(one) + retention), ("src/b/main.tf", provider(other) + PROJECT)],
        );
        let report = judged(directory.path(), &["src"], |options| {
            let text = ORGANIZATION.replace("organization {", &format!("organization {{\n  id = \"{declared}\""));
            std::fs::write(&options.organization[0], text).unwrap();
            Options { recursive: true, ..options }
        });
        let told = report.unchecked.iter().any(|entry| entry.why.contains("two organizations"));
        (report.summary.exit_code, told)
    };
    assert_eq!(code("org-a", "org-a", "org-a"), (0, false));
    assert_eq!(code("org-a", "org-b", "org-a"), (5, true));
    assert_eq!(code("org-b", "org-b", "org-a"), (5, true), "another one is declared");
}

#[test]
fn an_address_in_several_roots_is_that_of_the_definition_s_own() {
    let main = PROVIDER.replace("openai/openai", "mkdev-me/openai")
        + "resource \"openai_project\" \"main\" {\n  name = \"main\"\n}\n";
    let definition = "project \"a\" {\n  address        = \"openai_project.main\"\n  region         = \"US\"\n  data_retention = \"none\"\n}\n";
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &[("src/a/main.tf", &main), ("src/b/main.tf", &main), ("src/a/c/main.tf", &main)]);
    write_files(directory.path(), &[("src/a/openai.hcl", definition)]);
    let report = judged(directory.path(), &["src"], |options| Options { recursive: true, ..options });
    let of_control = report.findings.iter().filter(|f| f.rule.as_str() == CONTROL);
    let open: BTreeSet<&str> = of_control.map(|f| f.subject.source.as_str()).collect();
    // Nor is it that of a root below.
    let ends: Vec<bool> = ["src/a/c", "src/b"].iter().zip(&open).map(|(end, open)| open.ends_with(end)).collect();
    assert_eq!((open.len(), ends), (2, vec![true, true]), "{open:?}");
}

#[test]
fn a_definition_reaches_a_project_wherever_it_is_shown_by_address_as_by_id() {
    let values = json!({"id": "proj_1", "project_id": "proj_1", "name": "p", "geography": "US"});
    let mut project = resource("openai_project.p", OPENAI, values.clone(), json!({}));
    (project["change"]["before"], project["change"]["actions"]) = (values, json!(["no-op"]));
    let export = json!({"object": "list", "has_more": false, "data": [{"id": "proj_1", "object": "organization.project", "name": "p",
        "created_at": 1, "archived_at": null, "status": "active", "residency": "GLOBAL"}]});
    let told = |name: &str| {
        let definition = format!("project \"p\" {{\n  {name}\n  handles_phi = true\n}}\n");
        let directory = tempfile::tempdir().unwrap();
        let input = plan(vec![project.clone()]).to_string();
        write_files(
            directory.path(),
            &[("plan.json", &*input), ("export.json", &export.to_string()), ("openai.hcl", &definition)],
        );
        let report = judged(directory.path(), &["plan.json", "export.json", "openai.hcl"], |options| options);
        let found = report.findings.iter().filter(|f| f.rule.as_str() == "healthcare/phi-without-baa");
        found.map(|f| f.subject.source.rsplit('/').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let by_id = told("id = \"proj_1\"");
    assert_eq!(by_id.iter().map(String::as_str).collect::<Vec<_>>(), ["export.json", "plan.json"]);
    assert_eq!(told("address = \"openai_project.p\""), by_id);
}

#[test]
fn a_link_below_the_examples_of_own_rules_hides_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let violating = "project \"x\" {\n  region = \"EU\"\n  data_retention = \"none\"\n}\n";
    write_files(
        directory.path(),
        &[("src/prod/openai.hcl", violating), ("src/policy/acme/prod.rego", "package openai.acme.prod\n")],
    );
    #[cfg(unix)]
    {
        std::fs::create_dir_all(directory.path().join("src/policy/examples/acme")).unwrap();
        std::os::unix::fs::symlink("../../../prod", directory.path().join("src/policy/examples/acme/prod")).unwrap();
        let report = judged(directory.path(), &["src"], |options| Options {
            recursive: true,
            policies: vec![options.paths[0].join("policy")],
            ..options
        });
        assert!(report.inputs.iter().any(|input| input.path.ends_with("src/prod/openai.hcl")), "{:?}", report.inputs);
    }
}

#[cfg(unix)]
#[test]
fn more_that_is_left_out_than_is_looked_at_is_told() {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &[("src/main.tf", format!("{PROVIDER}{PROJECT}{}", control("")))]);
    let notes =
        || judged(directory.path(), &["src"], |options| Options { recursive: true, ..options }).notes.join("\n");
    assert!(!notes().contains("more than"), "{}", notes());
    for n in 0..1_001 {
        std::fs::create_dir_all(directory.path().join(format!("src/.hidden/d{n}"))).unwrap();
        std::os::unix::fs::symlink(".hidden/d0", directory.path().join(format!("src/l{n}"))).unwrap();
    }
    assert!(notes().contains("more than 1000 directories are left out"), "{}", notes());
    assert!(notes().contains("more than 1000 links to directories"), "{}", notes());
}

#[test]
fn standard_input_and_a_file_called_like_it_are_two() {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &[("-", "{\"projects\": [{\"name\": \"x\", \"region\": \"EU\"}]}")]);
    let run = |arguments: &[&str]| {
        let mut program = crate::support::binary();
        program.current_dir(directory.path()).args(["check", "--format", "json"]).args(arguments);
        let mut child =
            program.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(
            &mut child.stdin.take().unwrap(),
            b"{\"projects\": [{\"name\": \"y\", \"region\": \"US\"}]}",
        )
        .unwrap();
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["inputs"].as_array().unwrap().len()
    };
    assert_eq!((run(&["-", "./-"]), run(&["-"])), (2, 1));
}

#[test]
fn two_organizations_in_one_run_are_told() {
    let provider = |alias: &str, organization: &str| {
        format!("provider \"openai\" {{\n{alias}  organization = \"{organization}\"\n}}\n")
    };
    let main = |other: &str| {
        let settings = format!("{}{}", provider("", "org-a"), provider("  alias = \"b\"\n", other));
        format!("{PROVIDER}{PROJECT}{}{settings}", control(""))
    };
    assert_eq!(source(&[("main.tf", &main("org-a"))]).summary.exit_code, 0);
    let overriding = provider("  alias = \"b\"\n", "org-a");
    assert_eq!(source(&[("main.tf", &main("org-b")), ("override.tf", &overriding)]).summary.exit_code, 0);
    assert_eq!(source(&[("main.tf", &main("org-a")), ("override.tf", &provider("", "org-b"))]).summary.exit_code, 5);
    let report = source(&[("main.tf", &main("org-b"))]);
    assert_eq!(report.summary.exit_code, 5);
    assert!(
        report.unchecked.iter().any(|entry| entry.why.contains("two organizations") && entry.line > Some(19)),
        "{report:?}"
    );
    let settings = |other: &str| {
        let named = |name: &str| json!({"name": "openai", "full_name": "registry.terraform.io/openai/openai", "expressions": {"organization": {"constant_value": name}}});
        let mut plan = plan(vec![
            stays("openai_project.p", OPENAI, project()),
            stays("openai_project_data_retention.p", OPENAI, retention("zero_data_retention")),
        ]);
        plan["configuration"] =
            json!({"provider_config": {"openai": named("org-a"), "openai.b": named(other)}, "root_module": {}});
        inputs(&[("plan.json", &plan)]).unchecked.len()
    };
    assert_eq!((settings("org-a"), settings("org-b")), (0, 1));
    for odd in ["[]", "{}, \"provider_config\": {}"] {
        let plan = plan(vec![stays("openai_project.p", OPENAI, project())]).to_string();
        let text = plan.replacen(
            '{',
            &format!("{{\"configuration\": {{\"provider_config\": {odd}, \"root_module\": {{}}}}, "),
            1,
        );
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("plan.json", text)]);
        assert_eq!(judged(directory.path(), &["plan.json"], |options| options).summary.exit_code, 5, "{odd}");
    }
}
