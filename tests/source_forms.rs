//! Forms of source: where values come from, which files count, and what is told of those that can't be read.

use std::path::Path;

use crate::support::{self, options, write_files};
use openai_data_controls::facts::{Fact, Facts};
use openai_data_controls::hcl::{VariableInput, VariableInputs};
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check, facts};

const PROVIDER: &str = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";

/// A directory with files; `main.tf` begins with the provider.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let provider = |name: &str| if name.ends_with("main.tf") { PROVIDER } else { "" };
    let files: Vec<_> = files.iter().map(|(name, text)| (name, format!("{}{text}", provider(name)))).collect();
    write_files(directory.path(), &files);
    directory
}

fn run(path: &Path, change: impl FnOnce(Options) -> Options) -> (Facts, Report) {
    let options = change(options(vec![path.to_owned()]));
    let facts = facts(&options, &mut std::io::empty()).0.unwrap().facts;
    (facts, check(&options, &mut std::io::empty()).0)
}

fn regions(facts: &Facts) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = facts
        .projects
        .values()
        .map(|p| {
            let region = match &p.region {
                Fact::Known(region) => region.clone(),
                Fact::Absent => "-".to_owned(),
                Fact::Unknown(reason) => format!("?{reason}"),
            };
            (p.origin.address.clone().unwrap(), region)
        })
        .collect();
    found.sort();
    found
}

fn one(files: &[(&str, &str)], change: impl FnOnce(Options) -> Options) -> String {
    let directory = directory(files);
    let (facts, _) = run(directory.path(), change);
    let mut regions = regions(&facts);
    assert_eq!(regions.len(), 1, "{regions:?}");
    regions.pop().unwrap().1
}

const WITH_VARIABLE: &str = "variable \"region\" {\n  type = string\n}\nresource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = var.region\n}\n";

#[test]
fn variables_are_taken_in_terraforms_order() {
    let given = |given: Vec<VariableInput>| {
        move |o: Options| Options { variables: VariableInputs { given, ..VariableInputs::default() }, ..o }
    };
    let assignment = |text: &str| VariableInput::Assignment(text.to_owned());
    let main = ("main.tf", WITH_VARIABLE);
    assert!(one(&[main], |o| o).starts_with("?var.region is not given"));
    let tfvars = ("terraform.tfvars", "region = \"A\"\n");
    let json = ("terraform.tfvars.json", "{\"region\": \"B\"}");
    let auto = ("b.auto.tfvars", "region = \"C\"\n");
    let earlier = ("a.auto.tfvars.json", "{\"region\": \"D\"}");
    let own = ("own.tfvars", "region = \"E\"\n");
    assert_eq!(one(&[main, tfvars], |o| o), "A");
    assert_eq!(one(&[main, tfvars, json], |o| o), "B");
    assert_eq!(one(&[main, tfvars, json, auto, earlier], |o| o), "C");
    assert_eq!(one(&[main, tfvars, json, earlier], |o| o), "D");
    // The ending alone makes a file one of these.
    for hidden in [".prod.auto.tfvars", ".auto.tfvars", "x~.auto.tfvars"] {
        assert_eq!(one(&[main, tfvars, (hidden, "region = \"H\"\n")], |o| o), "H", "{hidden}");
    }
    assert_eq!(one(&[main, tfvars, auto], given(vec![assignment("region=F")])), "F");
    let directory = directory(&[main, tfvars, own]);
    let file = || VariableInput::File(directory.path().join("own.tfvars"));
    let of = |order: Vec<VariableInput>| regions(&run(directory.path(), given(order)).0)[0].1.clone();
    assert_eq!(of(vec![file()]), "E");
    assert_eq!(of(vec![assignment("region=F"), file()]), "E", "the later one counts");
    assert_eq!(of(vec![file(), assignment("region=F")]), "F");
    let environment = |o: Options| {
        let environment = [("region".to_owned(), "G".to_owned())].into();
        Options { variables: VariableInputs { environment, ..VariableInputs::default() }, ..o }
    };
    assert_eq!(one(&[main], environment), "G");
    assert_eq!(one(&[main, tfvars], environment), "A", "files come after the environment");
}

#[test]
fn a_variable_that_is_misspelt_or_no_value_is_told() {
    let directory = directory(&[("main.tf", WITH_VARIABLE)]);
    for (text, says) in
        [("regoin=EU", "did you mean \"region\""), ("region", "NAME=VALUE"), ("region =EU", "ends with a space")]
    {
        let given = vec![VariableInput::Assignment(text.to_owned())];
        let variables = VariableInputs { given, ..VariableInputs::default() };
        let (_, report) = run(directory.path(), |o| Options { variables, ..o });
        assert_eq!(report.summary.exit_code, 5);
        assert!(report.unchecked.iter().any(|u| u.why.contains(says)), "{:?}", report.unchecked);
    }
    let given = vec![VariableInput::File("missing.tfvars".into())];
    let variables = VariableInputs { given, ..VariableInputs::default() };
    let (facts, report) = run(directory.path(), |o| Options { variables, ..o });
    assert_eq!(report.summary.exit_code, 5);
    assert!(regions(&facts)[0].1.contains("missing.tfvars can't be read"), "{:?}", regions(&facts));
}

#[test]
fn overrides_json_and_tofu_files_count_as_they_do_for_the_tools() {
    let main = ("main.tf", "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"EU\"\n}\n");
    let overriding = "resource \"openai_project\" \"p\" {\n  geography = \"JP\"\n}\n";
    assert_eq!(one(&[main, ("override.tf", overriding)], |o| o), "JP");
    assert_eq!(one(&[main, ("x_override.tf", overriding)], |o| o), "JP");
    let json = "{\"resource\": {\"openai_project\": {\"p\": {\"geography\": \"${upper(\\\"us\\\")}\"}}}}";
    assert_eq!(one(&[main, ("z_override.tf.json", json)], |o| o), "US");
    let tofu = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\nresource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"AU\"\n}\n";
    assert_eq!(one(&[("main.tofu", tofu)], |o| o), "AU");
    // The file of OpenTofu stands in for the other, which Terraform reads.
    let read = |files: &[(&str, &str)]| {
        let (facts, report) = run(directory(files).path(), |o| o);
        let told = report.unchecked.iter().any(|entry| entry.why.contains("is read in place of"));
        (regions(&facts), told)
    };
    let (found, told) = read(&[main, ("main.tofu", tofu)]);
    assert!(told && found.iter().any(|(_, region)| region == "AU"), "{found:?}");
    assert!(!read(&[main, ("main.tofu", &format!("{PROVIDER}{}", main.1))]).1, "the same");
    let alone = "{\"terraform\": {\"required_providers\": {\"openai\": {\"source\": \"openai/openai\"}}}, \
                 \"locals\": {\"region\": \"EU\"}, \"resource\": {\"openai_project\": {\"p\": {\"name\": \"p\", \"geography\": \"${local.region}\"}}}}";
    assert_eq!(one(&[("a.tf.json", alone)], |o| o), "EU");
}

#[test]
fn modules_are_followed_where_they_lie() {
    let module =
        "variable \"region\" {}\nresource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = var.region\n}\n";
    let call = "module \"m\" {\n  source = \"acme/project/openai\"\n  for_each = toset([\"EU\", \"JP\"])\n  region = each.key\n}\n";
    let manifest =
        "{\"Modules\": [{\"Key\": \"\", \"Dir\": \".\"}, {\"Key\": \"m\", \"Dir\": \".terraform/modules/m\"}]}";
    let installed = directory(&[
        ("main.tf", call),
        (".terraform/modules/modules.json", manifest),
        (".terraform/modules/m/main.tf", module),
    ]);
    let (facts, report) = run(installed.path(), |o| o);
    let found = regions(&facts);
    assert_eq!(
        found,
        [
            ("module.m[\"EU\"].openai_project.p".to_owned(), "EU".to_owned()),
            ("module.m[\"JP\"].openai_project.p".to_owned(), "JP".to_owned()),
        ]
    );
    assert_eq!(report.summary.unchecked, 0, "{:?}", report.unchecked);
    let missing = directory(&[("main.tf", call)]);
    let (facts, report) = run(missing.path(), |o| o);
    assert!(facts.projects.is_empty());
    assert_eq!(report.summary.exit_code, 5);
    let told = &report.unchecked[0];
    assert_eq!((told.what.as_str(), told.why.as_str()), ("module.m", "source not on disk: run terraform init"));
    assert_eq!(told.line, Some(7), "{told:?}");
}

#[test]
fn what_an_unread_module_is_given_may_be_set_by_it() {
    let source = "resource \"openai_project\" \"p\" {\n  name = \"p\"\n}\nresource \"openai_project\" \"q\" {\n  name = \"q\"\n}\n\
                  module \"controls\" {\n  source = \"acme/controls/openai\"\n  project = openai_project.p.id\n}\n\
                  module \"network\" {\n  source = \"acme/network/aws\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let directory = directory(&[("main.tf", source)]);
    let (facts, _) = run(directory.path(), |o| o);
    let of = |name: &str| facts.projects.values().find(|p| p.name.known().is_some_and(|n| n == name)).unwrap();
    assert!(of("p").data_retention.reason().is_some_and(|why| why.contains("module.controls")), "{:?}", of("p"));
    assert!(of("q").data_retention.is_absent(), "{:?}", of("q"));
}

#[test]
fn a_broken_file_is_told_and_the_rest_is_judged() {
    let good = ("good/main.tf", "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"EU\"\n}\n");
    let broken = ("bad/main.tf", "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"EU\"\n}\n");
    let setting = (
        "bad/retention.tf",
        "resource \"openai_project_data_retention\" \"r\" {\n  project_id = openai_project.p.id\n  type = \"zero\n}\n",
    );
    let top = directory(&[good, broken, setting]);
    let (facts, report) = run(top.path(), |o| Options { recursive: true, ..o });
    assert_eq!(report.summary.exit_code, 5);
    assert_eq!(facts.projects.len(), 2);
    let told = &report.unchecked[0];
    assert!(told.path.as_deref().is_some_and(|p| p.ends_with("bad/retention.tf")) && told.line == Some(3), "{told:?}");
    for project in facts.projects.values() {
        let is_bad = project.origin.source.as_deref().is_some_and(|source| source.ends_with("bad"));
        let why = project.data_retention.reason();
        assert_eq!(why.is_some_and(|why| why.contains("retention.tf can't be read")), is_bad, "{why:?}");
    }
    assert!(report.summary.violation > 0, "the good one is judged");
}

/// What each makes of it: the region of the one project, or what is told.
#[test]
fn odd_source_is_an_error_or_unknown_and_nothing_else() {
    let project = |expression: &str, more: &str| {
        format!("resource \"openai_project\" \"p\" {{\n  name = \"p\"\n  geography = {expression}\n}}\n{more}")
    };
    let doubling: String = (1..60)
        .map(|i| {
            format!(
                "locals {{\n  t{i} = [local.t{0}, local.t{0}]\n  s{i} = \"${{local.s{0}}}${{local.s{0}}}\"\n}}\n",
                i - 1
            )
        })
        .collect();
    let chain: String = (1..5000).map(|i| format!("locals {{\n  l{i} = \"${{local.l{}}}x\"\n}}\n", i - 1)).collect();
    let start = "locals {\n  t0 = 1\n  s0 = \"xxxxxxxx\"\n  l0 = \"EU\"\n}\n";
    for (source, says) in [
        (project("local.a", "locals {\n  a = local.b\n  b = local.a\n}\n"), "refers to itself"),
        (project("openai_project.p.geography", ""), "refers to itself"),
        (project("nosuch(\"EU\")", ""), "no function \"nosuch\""),
        (project("var.missing", ""), "var.missing is not declared"),
        (project("1 + {}", ""), "number required"),
        (project("join(\",\", range(1, 1000000000))", ""), "1024"),
        (project("jsonencode(local.t59)", &format!("{start}{doubling}")), "more parts"),
        (project("local.s59", &format!("{start}{doubling}")), "longer than is followed"),
        (project("local.l4999", &format!("{start}{chain}")), "more is to be computed"),
        (project("file(\"/etc/hostname\")", ""), "outside the module"),
        (project("file(\"../../../../etc/hostname\")", ""), "outside the module"),
        (project("timestamp()", ""), "known"),
        (project("terraform.workspace", ""), "--workspace"),
        (project("format(\"%1000000000d\", 1)", ""), ""),
        (project("replace(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"/(a*)*b/\", \"x\")", ""), ""),
    ] {
        let region = one(&[("main.tf", &source)], |o| o);
        let shown: String = source.lines().nth(2).unwrap_or_default().chars().take(60).collect();
        assert!(says.is_empty() || (region.starts_with('?') && region.contains(says)), "{shown}: {region}");
    }
}

#[test]
fn what_terraform_refuses_is_told() {
    let module = ("m/m.tf", "variable \"region\" {}\n");
    let call = |arguments: &str| format!("module \"m\" {{\n  source = \"./m\"\n{arguments}}}\n");
    let calls = [
        call("  region = 1\n  extra = 2\n"),
        call(""),
        call("  region = 1\n  count = \"x\"\n"),
        call("  region = 1\n  for_each = [\"x\"]\n"),
        call("  region = 1\n  for_each = local.none\n"),
        call("  region = 1\n  provider = openai\n"),
        call("  region = 1\n  nested {\n    x = 1\n  }\n"),
    ];
    for (files, says) in [
        (vec![("main.tf", "module \"m\" {\n  source = \"./\"\n}\n")], "calls itself"),
        (vec![("main.tf", "module \"m\" {\n  source = \"./missing\"\n}\n")], "source not on disk"),
        (
            vec![(
                "main.tf",
                "resource \"openai_project\" \"p\" {\n  name = \"a\"\n}\nresource \"openai_project\" \"p\" {\n  name = \"b\"\n}\n",
            )],
            "declared twice",
        ),
        (vec![("main.tf", "resource \"openai_project\" {\n}\n")], "takes 2 labels"),
        (vec![("main.tf", "nonsense \"x\" {\n}\n")], "not expected here"),
        (vec![("main.tf", "locals {\n  a = <<EOT\nx\n}\n")], "heredoc end"),
        (
            vec![(
                "main.tf",
                "variable \"r\" {\n  default = \"XX\"\n  validation {\n    condition = contains([\"EU\"], var.r)\n    error_message = \"no\"\n  }\n}\n",
            )],
            "does not meet the condition",
        ),
        (vec![("a.tf.json", "{\"resource\": []")], ""),
        (vec![("main.tf", "resource \"openai_project\" \"p\" {\n  count = \"a\"\n}\n")], "number"),
        (
            vec![("main.tf", "resource \"openai_project\" \"p\" {\n  for_each = [\"a\"]\n}\n")],
            "map, or a set of strings",
        ),
        (vec![("main.tf", "resource \"openai_project\" \"p\" {\n  count = var.none\n}\n")], "not declared"),
        (vec![("main.tf", &calls[0]), module], "no variable \"extra\""),
        (vec![("main.tf", &calls[1]), module], "the argument \"region\" is missing"),
        (vec![("main.tf", &calls[2]), module], "number"),
        (vec![("main.tf", &calls[3]), module], "map, or a set of strings"),
        (vec![("main.tf", &calls[4]), module], "not declared"),
        (vec![("main.tf", &calls[5]), module], "no variable \"provider\""),
        (vec![("main.tf", &calls[6]), module], "a block \"nested\" is not expected here"),
        (
            vec![("main.tf", "resource \"openai_project\" \"p\" {\n  geogrphy = \"EU\"\n}\n")],
            "did you mean \"geography\"?",
        ),
    ] {
        let directory = directory(&files);
        let (_, report) = run(directory.path(), |o| o);
        assert_eq!(report.summary.exit_code, 5, "{files:?}");
        assert!(report.unchecked.iter().any(|u| u.why.contains(says)), "{files:?}: {:?}", report.unchecked);
    }
}

#[test]
fn more_keys_than_are_read_are_an_error_with_its_place() {
    let keys: String = (0..60_000).map(|i| format!("  k{i} = 1\n")).collect();
    let large = format!("keys = {{\n{keys}}}\n");
    let source = "variable \"keys\" {\n  type = map(number)\n}\n";
    let directory = directory(&[("main.tf", source), ("terraform.tfvars", &large)]);
    let (_, report) = run(directory.path(), |o| o);
    assert_eq!(report.summary.exit_code, 5);
    let told = &report.unchecked[0];
    assert!(
        told.why.contains("50000") && told.path.as_deref().is_some_and(|p| p.ends_with("terraform.tfvars")),
        "{told:?}"
    );
    assert_eq!(told.line, Some(50_001), "{told:?}");
}

/// Many values of which no variable is declared take no longer than their number.
#[test]
fn values_for_no_variable_are_counted() {
    let variables: String = (0..20_000).map(|i| format!("variable \"v{i}\" {{}}\n")).collect();
    let values: Vec<String> = (0..100_000).map(|i| format!("\"w{i}\": 1")).collect();
    let values = format!("{{{}}}", values.join(",\n"));
    let directory = directory(&[("main.tf", &variables), ("terraform.tfvars.json", &values)]);
    let began = std::time::Instant::now();
    let (_, report) = run(directory.path(), |o| o);
    assert!(report.notes.iter().any(|note| note.ends_with(", and 99997 more")), "{:?}", report.notes);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn what_is_sensitive_in_source_is_in_no_output() {
    let source = "variable \"region\" {\n  sensitive = true\n  default = \"CANARYREGION\"\n}\n\
                  resource \"openai_project\" \"p\" {\n  name = \"p-${var.region}\"\n  geography = var.region\n}\n\
                  resource \"terraform_data\" \"t\" {\n  input = { OPENAI_BASE_URL = \"https://${var.region}.example/v1\" }\n}\n";
    let directory = directory(&[("main.tf", source)]);
    for arguments in [
        vec!["check", "--verdicts"],
        vec!["check", "--format", "json", "--verdicts"],
        vec!["check", "--quiet"],
        vec!["facts"],
    ] {
        let output = support::binary().args(&arguments).arg(directory.path()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("CANARY"), "{arguments:?}: {text}");
        assert!(text.contains("sensitive"), "{arguments:?}");
    }
}

#[test]
fn what_is_not_known_how_often_is_one_subject() {
    let source = "variable \"projects\" {\n  type = map(object({ name = string }))\n}\n\
                  resource \"openai_project\" \"p\" {\n  for_each = var.projects\n  name = each.value.name\n  geography = \"EU\"\n}\n";
    let directory = directory(&[("main.tf", source)]);
    let (facts, report) = run(directory.path(), |o| o);
    assert_eq!(regions(&facts), [("openai_project.p[*]".to_owned(), "EU".to_owned())]);
    let project = facts.projects.values().next().unwrap();
    assert!(project.unknown_parts["count"].contains("var.projects is not given"), "{project:?}");
    assert!(project.name.reason().is_some());
    assert!(report.summary.violation > 0, "what all have alike is judged");
}

#[test]
fn arguments_in_an_escaping_block_count() {
    let project = "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  _ {\n    geography = \"EU\"\n  }\n}\n";
    assert_eq!(one(&[("main.tf", project)], |o| o), "EU");
    let call = "module \"m\" {\n  source = \"./m\"\n  _ {\n    count = \"EU\"\n  }\n}\n";
    let module = "variable \"count\" {}\nresource \"openai_project\" \"p\" {\n  geography = var.count\n}\n";
    assert_eq!(one(&[("main.tf", call), ("m/main.tf", module)], |o| o), "EU");
    let json = "{\"resource\": {\"openai_project\": {\"p\": {\"name\": \"p\", \"_\": {\"geography\": \"EU\"}}}}}";
    assert_eq!(one(&[("main.tf", ""), ("p.tf.json", json)], |o| o), "EU");
}

#[test]
fn the_digest_of_source_follows_from_its_files() {
    let digest = |files: &[(&str, &str)]| {
        let directory = directory(files);
        run(directory.path(), |o| o).1.inputs[0].sha256.clone().unwrap()
    };
    let main = ("main.tf", WITH_VARIABLE);
    let with = |more: (&'static str, &'static str)| digest(&[main, more]);
    let alone = digest(&[main]);
    assert_eq!(alone, digest(&[main]));
    let call = ("call.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
    let mut found = vec![
        alone,
        digest(&[("other.tf", WITH_VARIABLE)]),
        with(("b.tf", "# b\n")),
        with(("c.tf", "# b\n")),
        with(("terraform.tfvars", "region = \"EU\"\n")),
        with(("terraform.tfvars", "region = \"US\"\n")),
        digest(&[main, call]),
        digest(&[main, call, ("m/m.tf", "# m\n")]),
        digest(&[main, call, ("m/m.tf", "# n\n")]),
    ];
    let count = found.len();
    found.sort();
    found.dedup();
    assert_eq!(found.len(), count);
}

#[test]
fn what_gives_modules_values_and_is_not_read_is_told() {
    for (name, says) in [("terragrunt.hcl", "a Terragrunt unit"), ("main.tfcomponent.hcl", "a Terraform Stack")] {
        let directory = directory(&[("a/main.tf", WITH_VARIABLE), (&format!("a/{name}"), "inputs = {}\n")]);
        for (path, recursive) in [(directory.path().to_owned(), true), (directory.path().join("a"), false)] {
            let (_, report) = run(&path, |o| Options { recursive, ..o });
            assert!(report.notes.iter().any(|note| note.contains(says)), "{name}: {:?}", report.notes);
        }
    }
}

#[test]
fn data_sources_in_check_blocks_are_read() {
    let data = "data \"openai_project\" \"d\" {\n  project_id = \"proj_1\"\n}\n";
    let json = "{\"check\": {\"c\": {\"data\": {\"openai_project\": {\"d\": {\"project_id\": \"proj_1\"}}}, \"assert\": {\"condition\": true, \"error_message\": \"x\"}}}}";
    let inside =
        format!("check \"c\" {{\n{data}  assert {{\n    condition = true\n    error_message = \"x\"\n  }}\n}}\n");
    for files in [vec![("main.tf", data)], vec![("main.tf", &inside)], vec![("main.tf", ""), ("check.tf.json", json)]] {
        let directory = directory(&files);
        let (facts, report) = run(directory.path(), |o| o);
        assert_eq!((facts.projects.len(), report.unchecked.len()), (1, 0), "{files:?}: {:?}", report.unchecked);
    }
}

#[test]
fn what_a_data_source_shows_of_another_project_stays_beside_one_that_is_managed() {
    let data = "data \"openai_project_data_retention\" \"d\" {\n  project_id = \"proj_1\"\n}\n";
    let managed = "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"US\"\n}\nresource \"openai_project_data_retention\" \"p\" {\n  project_id = openai_project.p.id\n  type = \"none\"\n}\n";
    for beside in ["", managed] {
        let directory = directory(&[("main.tf", &format!("{data}{beside}"))]);
        let (facts, _) = run(directory.path(), |o| o);
        let shown: Vec<&str> = facts.projects.keys().filter(|id| id.ends_with("#proj_1")).map(String::as_str).collect();
        assert_eq!(
            (shown.len(), facts.projects.len()),
            (1, if beside.is_empty() { 1 } else { 2 }),
            "{:?}",
            facts.projects.keys()
        );
        let own = facts.projects.values().find(|p| p.name.known().is_some());
        assert!(own.is_none_or(|p| p.data_retention.known().is_some()), "it takes nothing from what is managed");
    }
}

#[test]
fn a_data_source_takes_no_managed_setting_from_projects_whose_ids_are_hidden() {
    let managed = "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = \"US\"\n}\nresource \"openai_project_data_retention\" \"p\" {\n  project_id = \"proj_1\"\n  type = \"none\"\n}\n";
    let data = "data \"openai_project_hosted_tool_permissions\" \"d\" {\n  project_id = \"proj_1\"\n}\n";
    for beside in ["", data] {
        let directory = directory(&[("main.tf", &format!("{managed}{beside}"))]);
        let (facts, _) = run(directory.path(), |o| o);
        let own = facts.projects.values().find(|p| p.name.known().is_some()).unwrap();
        assert!(own.data_retention.reason().is_some(), "it may be that of {beside}: {:?}", own.data_retention);
    }
}
