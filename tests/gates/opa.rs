//! Gates that run OPA themselves find what `check` finds: on the bundle, with the real opa and conftest.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{blocks, path};
use crate::support::{self, binary, fixtures, inputs, options, peer, testdata};
use openai_data_controls::report::Report;
use openai_data_controls::rule::Severity;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, bundle, check, facts};
use serde_json::{Value, json};

fn bundled(directory: &Path) -> PathBuf {
    let path = directory.join("openai.tar.gz");
    fs::write(&path, bundle(&Options::default()).unwrap()).unwrap();
    path
}

fn successful(output: Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// A finding as gates and reports tell it alike: rule, verdict, subject, message.
type Told = BTreeSet<(String, String, String, String)>;

fn told(findings: &Value) -> Told {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = findings.as_array().unwrap().iter();
    findings.map(|f| (text(f, "rule"), text(f, "verdict"), text(f, "subject"), text(f, "msg"))).collect()
}

fn found(report: &Report, wanted: impl Fn(Severity) -> bool) -> Told {
    let speaks = |verdict: Verdict| matches!(verdict, Verdict::Violation | Verdict::Undetermined);
    let findings = report.findings.iter().filter(|f| speaks(f.verdict) && wanted(f.severity));
    findings
        .map(|f| (f.rule.to_string(), f.verdict.name().to_owned(), f.subject.id.clone(), f.message.clone()))
        .collect()
}

#[test]
fn the_bundle_finds_in_opa_what_check_finds() {
    let Some(mut opa) = peer("opa") else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut documents: BTreeMap<String, Value> = BTreeMap::new();
    let mut reports: BTreeMap<String, Report> = BTreeMap::new();
    for (number, fixture) in fixtures().into_iter().enumerate() {
        let options = Options { verdicts: true, ..options(fixture) };
        let (Some(inputs), _) = facts(&options, &mut std::io::empty()) else { continue };
        let key = format!("{number:04}");
        documents.insert(key.clone(), serde_json::to_value(&inputs.facts).unwrap());
        reports.insert(key, check(&options, &mut std::io::empty()).0);
    }
    let all = directory.path().join("documents.json");
    fs::write(&all, json!({ "documents": documents }).to_string()).unwrap();
    let query = "package comparison\nimport rego.v1\nresult[k] := r if { some k, doc in data.documents; r := answers with input as doc }\nanswers := {\"deny\": data.openai.main.deny, \"warn\": data.openai.main.warn, \"report\": data.openai.report}\n";
    let comparison = directory.path().join("comparison.rego");
    fs::write(&comparison, query).unwrap();
    let unpacked = unpacked(directory.path(), &bundled(directory.path()));
    let opa = opa.args(["eval", "--format", "raw", "-d"]).arg(&unpacked).arg("-d").arg(&all).arg("-d").arg(&comparison);
    let answers: BTreeMap<String, Value> =
        serde_json::from_str(&successful(opa.arg("data.comparison.result").output().unwrap())).unwrap();
    assert_eq!(answers.len(), reports.len());
    assert!(answers.len() > 150);
    for (key, report) in &reports {
        let answer = &answers[key];
        let unchecked = answer["report"]["summary"]["unchecked"].as_u64().unwrap();
        let whole = report.inputs.iter().all(|input| input.complete);
        assert_eq!(unchecked == 0, whole, "{:?}", report.inputs[0].path);
        let mut denied = told(&answer["deny"]);
        denied.retain(|(rule, ..)| rule != "unchecked");
        assert_eq!(denied, found(report, |s| s >= Severity::Medium), "{}", report.inputs[0].path);
        assert_eq!(told(&answer["warn"]), found(report, |s| s < Severity::Medium), "{}", report.inputs[0].path);
        let counted = |verdict: &str| answer["report"]["summary"][verdict].as_u64().unwrap() as usize;
        let summary = &report.summary;
        assert_eq!(counted("violation"), summary.violation, "{}", report.inputs[0].path);
        assert_eq!(counted("undetermined"), summary.undetermined);
        assert_eq!(counted("pass"), summary.pass, "{}", report.inputs[0].path);
        assert_eq!(counted("not_applicable"), all_not_applicable(report), "{}", report.inputs[0].path);
        let allowed = answer["report"]["allow"].as_bool().unwrap();
        assert_eq!(allowed, denied.is_empty() && unchecked == 0);
    }
}

/// A report leaves out the rules that judge kinds of subject that are not there, which have no pairs either.
fn all_not_applicable(report: &Report) -> usize {
    report.findings.iter().filter(|f| f.verdict == Verdict::NotApplicable).count()
}

fn unpacked(directory: &Path, bundle: &Path) -> PathBuf {
    let policy = directory.join("policy");
    fs::create_dir_all(&policy).unwrap();
    successful(Command::new("tar").arg("-xzf").arg(bundle).arg("-C").arg(&policy).output().unwrap());
    policy
}

#[test]
fn opa_reads_the_archive_itself_and_checks_it_strictly() {
    let Some(mut opa) = peer("opa") else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = bundled(directory.path());
    let shown = successful(opa.arg("inspect").arg("--format").arg("json").arg(&path).output().unwrap());
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["manifest"]["roots"], json!(["openai"]));
    assert!(shown["manifest"]["revision"].as_str().unwrap().starts_with(env!("CARGO_PKG_VERSION")));
    let mut opa = peer("opa").unwrap();
    successful(opa.args(["check", "--strict", "--bundle"]).arg(&path).output().unwrap());
}

#[test]
fn conftest_finds_the_same_on_the_unpacked_bundle() {
    if peer("conftest").is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let policy = unpacked(directory.path(), &bundled(directory.path()));
    for (number, fixture) in fixtures().into_iter().step_by(25).enumerate() {
        let options = options(fixture);
        let (Some(inputs), _) = facts(&options, &mut std::io::empty()) else { continue };
        let path = directory.path().join(format!("{number}.json"));
        fs::write(&path, serde_json::to_string(&inputs.facts).unwrap()).unwrap();
        let report = check(&options, &mut std::io::empty()).0;
        let mut conftest = peer("conftest").unwrap();
        let output = conftest.args(["test", "--namespace", "openai.main", "--output", "json", "--policy"]).arg(&policy);
        let output = output.arg(&path).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let messages = |kind: &str| -> BTreeSet<String> {
            let list = said[0][kind].as_array().cloned().unwrap_or_default();
            list.iter().map(|r| r["msg"].as_str().unwrap().to_owned()).collect()
        };
        let expected = |wanted: fn(Severity) -> bool| -> BTreeSet<String> {
            found(&report, wanted).into_iter().map(|(.., message)| message).collect()
        };
        if report.inputs.iter().all(|input| input.complete) {
            assert_eq!(messages("failures"), expected(|s| s >= Severity::Medium));
        }
        assert_eq!(messages("warnings"), expected(|s| s < Severity::Medium));
        assert_eq!(output.status.success(), messages("failures").is_empty());
    }
}

const NO_FACTS: &str =
    "the input is no facts document of openai-data-controls: give what `openai-data-controls facts` writes";

/// What a gate may be given instead of facts, and facts of which a part is missing or something else.
fn given_instead(good: &Value) -> Vec<Value> {
    let plan = fs::read_to_string(testdata("quickstart").join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let mut all = vec![Value::Null, json!({}), json!("facts"), json!({ "input": good }), plan];
    for key in ["schema", "today", "edition", "sources", "organization", "projects", "uses", "clients"] {
        let mut lacking = good.clone();
        lacking.as_object_mut().unwrap().remove(key);
        all.push(lacking.clone());
        lacking[key] = Value::Null;
        all.push(lacking);
    }
    all
}

fn messages(findings: &Value) -> Vec<&str> {
    findings.as_array().into_iter().flatten().map(|finding| finding["msg"].as_str().unwrap()).collect()
}

#[test]
fn what_is_no_facts_document_passes_no_gate() {
    let Some(mut opa) = peer("opa") else { return };
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("openai.hcl"), "organization {}\nproject \"other\" {}\n").unwrap();
    let (Some(inputs), _) = facts(&options(vec![at("openai.hcl")]), &mut std::io::empty()) else { panic!("no facts") };
    let good = serde_json::to_value(&inputs.facts).unwrap();
    let others = given_instead(&good);
    let listed = [others.clone(), vec![json!([]), json!([good])]].concat();
    let bundle = bundled(directory.path());
    let policy = unpacked(directory.path(), &bundle);

    fs::write(at("documents.json"), json!({ "documents": listed }).to_string()).unwrap();
    let query = "package comparison\nimport rego.v1\nresult := [r | some doc in data.documents; r := answers with input as doc]\nanswers := {\"deny\": data.openai.main.deny, \"warn\": data.openai.main.warn, \"report\": data.openai.report}\n";
    fs::write(at("comparison.rego"), query).unwrap();
    opa.args(["eval", "--format", "raw", "-d"]).arg(&policy).arg("-d").arg(at("documents.json"));
    opa.arg("-d").arg(at("comparison.rego")).arg("data.comparison.result");
    let answers: Vec<Value> = serde_json::from_str(&successful(opa.output().unwrap())).unwrap();
    assert_eq!(answers.len(), listed.len());
    for (answer, given) in answers.iter().zip(&listed) {
        assert_eq!(messages(&answer["deny"]), [NO_FACTS], "{given}");
        assert_eq!(answer["warn"], json!([]), "{given}");
        let report = &answer["report"];
        assert_eq!((&report["allow"], messages(&report["findings"])), (&json!(false), vec![NO_FACTS]), "{given}");
        let nothing = json!({ "violation": 0, "undetermined": 0, "pass": 0, "not_applicable": 0, "unchecked": 1 });
        assert_eq!(report["summary"], nothing, "{given}");
    }

    fs::write(at("empty.json"), "").unwrap();
    fs::write(at("facts.json"), good.to_string()).unwrap();
    let plan = testdata("quickstart").join("plan.json");
    for (input, code) in [(None, 1), (Some(at("empty.json")), 1), (Some(plan), 1), (Some(at("facts.json")), 0)] {
        let mut opa = peer("opa").unwrap();
        opa.args(["eval", "--fail-defined", "data.openai.main.deny[_]", "--bundle"]).arg(&bundle);
        if let Some(input) = &input {
            opa.arg("--input").arg(input);
        }
        assert_eq!(opa.output().unwrap().status.code(), Some(code), "{input:?}");
    }

    // A list in a file is to conftest as many documents as it has items.
    let Some(mut conftest) = peer("conftest") else { return };
    conftest.args(["test", "--namespace", "openai.main", "--output", "json", "--policy"]).arg(&policy);
    for (number, other) in others.iter().enumerate() {
        let path = at(&format!("other-{number}.json"));
        fs::write(&path, other.to_string()).unwrap();
        conftest.arg(path);
    }
    let output = conftest.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said.len(), others.len());
    for result in &said {
        assert_eq!(messages(&result["failures"]), [NO_FACTS], "{result}");
        assert_eq!(messages(&result["warnings"]), Vec::<&str>::new(), "{result}");
    }
    let mut conftest = peer("conftest").unwrap();
    conftest.args(["test", "--combine", "--namespace", "openai.main", "--output", "json", "--policy"]).arg(&policy);
    let output = conftest.arg(at("facts.json")).arg(at("other-0.json")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said.iter().flat_map(|result| messages(&result["failures"])).collect::<Vec<_>>(), [NO_FACTS]);
}

#[test]
fn the_same_rules_are_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, zone: &str| {
        let path = directory.path().join(name);
        let output = binary().args(["bundle", "-o"]).arg(&path).env("TZ", zone).output().unwrap();
        successful(output);
        fs::read(path).unwrap()
    };
    assert_eq!(write("one.tar.gz", "UTC"), write("two.tar.gz", "Asia/Tokyo"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "nothing else is left behind");
}

const OWN: &str = "# METADATA\n# title: \"Project without a prefix\"\n# description: \"Names tell the team.\"\n# custom:\n#   severity: high\n#   subject: project\n#   remediation: \"Begin the name with the team's.\"\npackage openai.acme.name_without_prefix\n\nimport rego.v1\n\nimport data.openai.lib\n\napplies contains id if some id, _ in input.projects\n\ndeny contains f if {\n\tsome id, p in input.projects\n\tnot startswith(p.name, \"acme-\")\n\tf := lib.finding(id, \"name\", sprintf(\"%s has no prefix\", [lib.project(id, p)]), {})\n}\n";

#[test]
fn rules_of_ones_own_come_in_with_the_settings_severities() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir_all(at("policy/acme")).unwrap();
    fs::write(at("policy/acme/name_without_prefix.rego"), OWN).unwrap();
    fs::write(at("openai.hcl"), "project \"other\" {}\n").unwrap();
    fs::write(
        at("settings.hcl"),
        "policies = [\"policy\"]\nrule \"acme/name-without-prefix\" { severity = \"low\" }\nrule \"residency/region-not-set\" { enabled = false }\n",
    )
    .unwrap();
    let own = Options { settings: Some(at("settings.hcl")), ..options(vec![at("openai.hcl")]) };
    let report = check(&own, &mut std::io::empty()).0;
    let own_findings: Vec<_> =
        report.findings.iter().filter(|f| f.rule.as_str() == "acme/name-without-prefix").collect();
    assert_eq!(own_findings.len(), 1, "{:?}", report.unchecked);
    assert_eq!(own_findings[0].severity, Severity::Low);
    assert!(own_findings[0].help.ends_with("policy/acme/name_without_prefix.rego"));
    assert_eq!(report.summary.exit_code, 0);
    let given = Options { policies: vec![at("policy")], ..options(vec![at("openai.hcl")]) };
    assert_eq!(check(&given, &mut std::io::empty()).0.summary.exit_code, 3);

    let Some(mut opa) = peer("opa") else { return };
    fs::write(at("bundle.tar.gz"), bundle(&own).unwrap()).unwrap();
    let (Some(inputs), _) = facts(&own, &mut std::io::empty()) else { panic!("no facts") };
    fs::write(at("facts.json"), serde_json::to_string(&inputs.facts).unwrap()).unwrap();
    let opa = opa.args(["eval", "--format", "raw", "--bundle"]).arg(at("bundle.tar.gz")).arg("--input");
    let asked = "{\"warn\": data.openai.main.warn, \"deny\": data.openai.main.deny, \"off\": [id | some id in object.keys(data.openai.catalog.rules); id == \"residency/region-not-set\"]}";
    let said: Value =
        serde_json::from_str(&successful(opa.arg(at("facts.json")).arg(asked).output().unwrap())).unwrap();
    assert_eq!(told(&said["warn"]), found(&report, |s| s == Severity::Low));
    assert_eq!((&said["deny"], &said["off"]), (&json!([]), &json!([])));
}

#[test]
fn a_rule_that_answers_in_another_shape_passes_no_gate() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir_all(at("policy/acme")).unwrap();
    fs::write(at("openai.hcl"), "organization {}\nproject \"other\" {}\n").unwrap();
    let answers = [
        "\"text\"",
        "1",
        "null",
        "[\"organization\"]",
        "{\"subject\": \"organization\", \"attribute\": \"region\"}",
        "{\"subject\": \"organization\", \"attribute\": \"region\", \"msg\": 1}",
    ];
    let mut expected = BTreeSet::new();
    for (set, other) in [("deny", "undetermined"), ("undetermined", "deny")] {
        for (number, answer) in answers.iter().enumerate() {
            // As advice it would fail no gate.
            let text = format!(
                "# METADATA\n# title: \"Another shape\"\n# description: \"It is no finding.\"\n# custom:\n#   severity: low\n#   subject: organization\n#   remediation: \"Make it one.\"\npackage openai.acme.{set}_{number}\n\nimport rego.v1\n\n{other} := set()\n\n{set} contains {answer}\n"
            );
            fs::write(at(&format!("policy/acme/{set}_{number}.rego")), text).unwrap();
            expected.insert((format!("acme/{set}-{number}"), set.to_owned()));
        }
    }
    let own = Options { policies: vec![at("policy")], ..options(vec![at("openai.hcl")]) };
    let report = check(&own, &mut std::io::empty()).0;
    assert_eq!(report.summary.exit_code, 5);
    let unchecked: BTreeSet<&str> = report.unchecked.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(unchecked, expected.iter().map(|(rule, _)| rule.as_str()).collect::<BTreeSet<_>>());

    let Some(mut opa) = peer("opa") else { return };
    fs::write(at("bundle.tar.gz"), bundle(&own).unwrap()).unwrap();
    let (Some(inputs), _) = facts(&own, &mut std::io::empty()) else { panic!("no facts") };
    fs::write(at("facts.json"), serde_json::to_string(&inputs.facts).unwrap()).unwrap();
    let opa = opa.args(["eval", "--format", "raw", "--bundle"]).arg(at("bundle.tar.gz")).arg("--input");
    let asked = "{\"deny\": data.openai.main.deny, \"report\": data.openai.report}";
    let said: Value =
        serde_json::from_str(&successful(opa.arg(at("facts.json")).arg(asked).output().unwrap())).unwrap();
    let mut denied = BTreeSet::new();
    for finding in said["deny"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        let (rule, set) = (text("subject"), text("attribute"));
        let message = format!(
            "the rule {rule} answers in another shape than {{subject, attribute, msg}}: what it judges is not checked"
        );
        assert_eq!((text("rule"), text("msg")), ("unchecked".to_owned(), message));
        denied.insert((rule, set));
    }
    assert_eq!(denied, expected);
    let answer = &said["report"];
    assert_eq!((&answer["allow"], &answer["summary"]["unchecked"]), (&json!(false), &json!(expected.len())));
    assert_eq!(answer["summary"]["pass"], json!(report.summary.pass));
}

#[test]
fn a_broken_rule_makes_no_bundle_and_leaves_the_old_one() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir_all(at("policy/acme")).unwrap();
    fs::write(at("policy/acme/name_without_prefix.rego"), OWN.replace("startswith(p.name", "starts_with(p.name"))
        .unwrap();
    fs::write(at("old.tar.gz"), "old").unwrap();
    let output =
        binary().args(["bundle", "-o"]).arg(at("old.tar.gz")).arg("--policy").arg(at("policy")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(
        said.contains("name_without_prefix.rego:18:") && said.contains("there is no function starts_with"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(at("old.tar.gz")).unwrap(), "old");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    for command in ["facts", "retention"] {
        fs::write(at("policy/acme/name_without_prefix.rego"), "package elsewhere\n").unwrap();
        let output =
            binary().arg(command).args(inputs(&testdata("quickstart"))).arg("--policy").arg(at("policy")).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(5), "{command}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("the path asks for openai.acme.name_without_prefix"));
    }
    let nowhere = binary().args(["bundle", "-o"]).arg(at("none/b.tar.gz")).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(5));
}

#[test]
fn a_file_of_ones_own_takes_no_place_of_the_product() {
    let violations = support::report(inputs(&testdata("quickstart"))).summary.violation;
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    for (place, says) in [
        (
            "policy/residency/region_not_set.rego",
            "the rule residency/region-not-set is already in the product's own rules",
        ),
        ("policy/openai/residency/region_not_set.rego", "is already in the product's own rules"),
        ("policy/lib.rego", "the package openai.lib is already in the product's own rules"),
        ("policy/main.rego", "the package openai.main is already in"),
        ("policy/acme/Name-Of.rego", "can't be part of a package"),
        ("policy/a/b/c.rego", "not deeper"),
    ] {
        let _ = fs::remove_dir_all(at("policy"));
        fs::create_dir_all(at(place).parent().unwrap()).unwrap();
        fs::write(at(place), "package openai.x\n").unwrap();
        let report = check(
            &Options { policies: vec![at("policy")], ..options(inputs(&testdata("quickstart"))) },
            &mut std::io::empty(),
        )
        .0;
        assert_eq!(report.summary.exit_code, 5, "{place}");
        assert_eq!(report.unchecked.len(), 1, "{place}: {:?}", report.unchecked);
        assert!(report.unchecked[0].why.contains(says), "{place}: {:?}", report.unchecked);
        assert!(report.unchecked[0].line.is_some(), "{place}");
        assert_eq!(report.summary.violation, violations, "the rules of the product still speak");
    }
    for missing in ["none", "empty"] {
        fs::create_dir_all(at("empty")).unwrap();
        let report = check(
            &Options { policies: vec![at(missing)], ..options(inputs(&testdata("quickstart"))) },
            &mut std::io::empty(),
        )
        .0;
        assert_eq!((report.summary.exit_code, report.unchecked.len()), (5, 1), "{missing}");
    }
}

/// The blocks of the page, run one after the other in a directory with a plan and a definition.
#[test]
fn the_commands_of_the_page_run() {
    if peer("opa").is_none() || peer("conftest").is_none() {
        return;
    }
    for program in ["curl", "python3", "bash", "tar"] {
        if peer(program).is_none() {
            return;
        }
    }
    let blocks = blocks("opa.md", "sh");
    assert_eq!(blocks.len(), 5);
    let directory = tempfile::tempdir().unwrap();
    for file in ["plan.json", "openai.hcl", "main.tf"] {
        fs::copy(testdata("quickstart").join(file), directory.path().join(file)).unwrap();
    }
    let shown: Vec<String> = blocks
        .iter()
        .map(|block| {
            let script = format!("set -euo pipefail\n{block}");
            let mut command = Command::new("timeout");
            command.args(["60", "bash", "-c", &script]).current_dir(directory.path()).env("PATH", path());
            let output = command.output().unwrap();
            assert!(output.status.success(), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        })
        .collect();
    let violations = support::report(inputs(&testdata("quickstart"))).summary.violation;
    assert!(
        shown[1].contains(&format!("\"violation\": {violations}")) && shown[1].contains("denied: "),
        "{}",
        shown[1]
    );
    assert!(shown[2].contains("conftest leaves with 1"), "{}", shown[2]);
    assert!(
        shown[3].contains(&format!("\"violation\":{violations}")) && shown[3].contains("{\"result\":false}"),
        "{}",
        shown[3]
    );
    assert!(shown[4].contains("{\"result\":false}"), "{}", shown[4]);
}
