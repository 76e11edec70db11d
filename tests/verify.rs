//! Rules of one's own: what `verify` says of healthy ones and of each mistake, and what `rules --scaffold` writes.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support;
use openai_data_controls::policy::{asked_with_facts, embedded, mistakes};
use openai_data_controls::verify::Verification;
use tempfile::TempDir;

const HEAD: &str = "# METADATA\n# title: \"Sample\"\n# description: \"Sample.\"\n# custom:\n#   severity: high\n#   subject: project\n#   remediation: \"None.\"\npackage openai.acme.sample\n\nimport rego.v1\n\n";

/// Where the text behind [`HEAD`] begins.
const BODY: usize = 12;

fn run(directory: &Path, arguments: &[&str]) -> Output {
    support::binary().current_dir(directory).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn write(directory: &TempDir, path: &str, text: &str) {
    support::write_files(directory.path(), &[(path, text)]);
}

/// A policy directory with one rule of this body.
fn with_rule(body: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(&directory, "acme/sample.rego", &format!("{HEAD}{body}\n"));
    directory
}

fn verified(directory: &TempDir) -> Verification {
    openai_data_controls::verify(&[directory.path().to_owned()])
}

/// What is said of a rule of this body, but for what no example shows.
fn said(body: &str) -> Vec<String> {
    let found = verified(&with_rule(body));
    let statics = found.mistakes.into_iter().filter(|mistake| !mistake.message.starts_with("no example and no test"));
    statics
        .map(|m| {
            format!(
                "{}:{}: {} ({})",
                m.line.unwrap() + 1 - BODY.min(m.line.unwrap()),
                m.column.unwrap(),
                m.message,
                m.help.unwrap_or_default()
            )
        })
        .collect()
}

/// A deny with these conditions.
fn deny(conditions: &str) -> String {
    format!(
        "deny contains f if {{\n{conditions}\n\tf := {{\"subject\": \"x\", \"attribute\": \"a\", \"msg\": \"m\"}}\n}}"
    )
}

#[test]
fn the_products_own_rules_verify_cleanly() {
    let output = run(&support::root(), &["verify"]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.ends_with(" 0 failed; 0 examples, 0 right; coverage 100 %; 0 mistakes"), "{last}");
    let asked = asked_with_facts(&embedded());
    let of = |package: &str| asked.iter().any(|file| file.package() == package);
    assert!(of("openai.state") && of("openai.residency.region_not_set"), "libraries of rules are looked at, too");
    assert!(!of("openai.table"), "what no rule needs is asked with more than facts");
    assert_eq!(mistakes(&asked), []);
}

#[test]
fn a_rule_that_was_just_written_verifies_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(directory.path(), &["rules", "--scaffold", "acme/controls-required", "--policy", "own/rules"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let written = text(&output);
    assert!(written.contains("written  own/rules/acme/controls_required.rego\n"), "{written}");
    assert!(written.ends_with("next     openai-data-controls verify --policy own/rules\n"), "{written}");
    let output = run(directory.path(), &["verify", "--policy", "own/rules"]);
    assert_eq!(
        text(&output),
        "own/rules/acme/controls_required.rego: 100 %\n4 tests, 4 passed, 0 failed; 3 examples, 3 right; coverage 100 %; 0 mistakes\n"
    );
    assert_eq!(output.status.code(), Some(0));
    let listed = text(&run(directory.path(), &["rules", "--policy", "own/rules"]));
    assert!(listed.lines().any(|line| line.starts_with("acme/controls-required ")), "{listed}");
    let again = run(directory.path(), &["rules", "--scaffold", "acme/controls-required", "--policy", "own/rules"]);
    assert_eq!(again.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&again.stderr).contains("already there"));
}

#[test]
fn only_names_of_rules_are_written() {
    let directory = tempfile::tempdir().unwrap();
    for (id, why) in [
        ("acme", "there is no group"),
        ("acme/a/b", "is no name"),
        ("Acme/x", "is no name"),
        ("acme/1x", "is no name"),
        ("../acme/x", "is no name"),
        ("acme/x_test", "those of tests"),
        ("examples/x", "holds examples"),
        ("acme/default", "a word of the language"),
        ("lib/first", "the product's library"),
        ("residency/region-not-set", "a rule of the product has this id"),
        ("residency/region_not_set", "a rule of the product has this id"),
    ] {
        let output = run(directory.path(), &["rules", "--scaffold", id]);
        assert_eq!(output.status.code(), Some(5), "{id}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{id}: {output:?}");
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn facts_that_are_not_there_are_told_with_a_hint() {
    for (conditions, place, says) in [
        ("\tinput.projects[_].regin == \"EU\"", "2:20", "input.projects[_].regin (did you mean region?)"),
        ("\tsome id, p in input.projects\n\tp.regin == id", "3:4", "input.projects[_].regin (did you mean region?)"),
        ("\tp := input.projects[_]\n\tp.modles.mode", "3:4", "input.projects[_].modles (did you mean models?)"),
        ("\tinput.use[_]", "2:8", "input.use (did you mean uses?)"),
        ("\tinput.uses[_].modell", "2:16", "input.uses[_].modell (did you mean model?)"),
        ("\tinput.organization[\"zdr_amendmet\"]", "2:21", "(did you mean zdr_amendment?)"),
        ("\tcount([1 | some p in input.projects; p.regin]) > 0", "2:41", "(did you mean region?)"),
        ("\tevery p in input.projects { p.regin == 1 }", "2:32", "(did you mean region?)"),
        ("\tsome p in input.projects\n\tobject.get(p, \"regin\", null) == 1", "3:16", "(did you mean region?)"),
        ("\tsome p in input.projects\n\tobject.get(p, [\"models\", \"idss\"], null)", "3:27", "(did you mean ids?)"),
        ("\tsome p in input.projects\n\tp.unknown.regin", "3:12", "(did you mean region?)"),
        ("\tsome p in input.projects\n\tp.unknown[\"modles.ids\"]", "3:12", "(did you mean models?)"),
        ("\tsome p in input.projects\n\tp.tools.web_serch", "3:10", "(did you mean web_search?)"),
        ("\tinput.edition.regions.EU.domian", "2:27", "(did you mean domain?)"),
        ("\tinput.projects[_].name.length == 1", "2:25", "(input.projects[_].name has no parts)"),
        ("\tinput.projects[_].change.before.regin", "2:34", "(did you mean region?)"),
    ] {
        let said = said(&deny(conditions));
        assert_eq!(said.len(), 1, "{conditions}: {said:?}");
        assert!(said[0].starts_with(&format!("{place}: the facts have no ")), "{conditions}: {said:?}");
        assert!(said[0].ends_with(says), "{conditions}: {said:?}");
    }
    let imported = said("import input.projects as all\n\ndeny contains 1 if all[_].regin == 1");
    assert!(imported[0].ends_with("(did you mean region?)"), "{imported:?}");
    assert!(said("import input.project as all\n\ndeny contains 1 if all[_].regin == 1")[0].contains("input.project "));
}

#[test]
fn facts_that_are_there_are_not_told() {
    for conditions in [
        "\tinput.projects[_].unknown[\"models.ids\"]",
        "\tinput.projects[_].tools.web_search == true",
        "\tsome name in [\"region\", \"zzz\"]\n\tinput.projects[_].unknown[name]",
        "\tinput.sources[\"plan.json\"].complete == false",
        "\tinput.edition.page.anything[_].value",
        "\tinput.edition.services.by_path[\"/v1/responses\"][_].models[_] == \"m\"",
        "\tinput.organization.region_approvals.AE.approved_on",
        "\tobject.get(input.projects[_], \"region\", null) == null",
        "\tobject.union(input.projects[_], {\"mine\": 1}).mine == 1",
        "\tinput.regin with input as {\"regin\": 1}",
        "\tp := {\"regin\": 1}\n\tp.regin == 1",
        "\tsome p in [q | some q in input.projects]\n\tp.regin == 1",
        "\t_mine(input.projects[_])",
        "\tinput.today > \"2026-01-01\"",
        "\tinput.projects[_].region == \"Narnia\"",
        "\tinput.unjoined[_].candidates[_] == \"p\"",
    ] {
        let body = format!("{}\n\n_mine(p) if p.regin == 1", deny(conditions));
        assert_eq!(said(&body), Vec::<String>::new(), "{conditions}");
    }
}

#[test]
fn rules_that_never_fire_are_told() {
    for (body, place, says) in [
        (deny("\tfalse"), "2:2", "it asks for false"),
        (deny("\tnot true"), "2:6", "it asks for not true"),
        (deny("\t1 == 2"), "2:2", "it compares what is never so"),
        (deny("\tsome _ in []"), "2:12", "there is nothing to go through"),
        (
            deny("\tsome p in input.projects\n\tp.region == \"EU\"\n\tp.region == \"US\""),
            "4:2",
            "p.region can't be \"EU\" and \"US\"",
        ),
        (
            deny(
                "\tsome id, _ in input.projects\n\tinput.projects[id].region = \"EU\"\n\t\"US\" == input.projects[id].region",
            ),
            "4:2",
            "can't be",
        ),
        (deny("\tp := input.projects[_]\n\tp.region == \"EU\"\n\tp.region != \"EU\""), "4:2", "already asked to be"),
        (deny("\tp := input.projects[_]\n\tnot p.region == \"EU\"\n\tp.region == \"EU\""), "4:2", "not to be"),
        (deny("\tp := input.projects[_]\n\tp.region in {\"EU\", \"JP\"}\n\tp.region == \"US\""), "4:2", "another than"),
        (
            deny("\tinput.projects[_].data_retention == \"zero_data_retenton\""),
            "2:38",
            "did you mean \"zero_data_retention\"?",
        ),
        (deny("\tinput.projects[_].models.mode in {\"allowlist\"}"), "2:36", "did you mean \"allow_list\"?"),
        (deny("\t\"web_serch\" in input.uses[_].tools"), "2:2", "did you mean \"web_search\"?"),
        (deny("\tinput.uses[_].tools[_] == \"web_serch\""), "2:28", "did you mean \"web_search\"?"),
        (deny("\tinput.uses[_].service_tier == \"gold\""), "2:32", "it is one of standard"),
        (deny("\tinput.organization.data_retention == \"organization_default\""), "2:39", "is never"),
        ("applies contains 1 if true".to_owned(), "1:1", "the rule has no deny"),
        ("deny := set()".to_owned(), "1:1", "deny is empty and there is no undetermined"),
    ] {
        let said = said(&body);
        assert_eq!(said.len(), 1, "{body}: {said:?}");
        assert!(said[0].starts_with(&format!("{place}: ")), "{body}: {said:?}");
        assert!(said[0].contains(says), "{body}: {said:?}");
    }
    for conditions in [
        "\tinput.projects[_].region == \"EU\"\n\tinput.projects[_].region == \"US\"",
        "\tsome p in input.projects\n\tp.region == \"EU\"\n\tp.data_retention == \"none\"",
        "\tinput.projects[_].data_retention == \"organization_default\"",
    ] {
        assert_eq!(said(&deny(conditions)), Vec::<String>::new(), "{conditions}");
    }
    let only_open = "deny := set()\n\nundetermined contains 1 if input.projects[_].unknown.region";
    assert_eq!(said(only_open), Vec::<String>::new());
}

/// What `verify` and `check --policy` both say of a directory, and leave with 5.
fn both_say(directory: &TempDir, place: &str, says: &str) {
    let path = directory.path().to_str().unwrap();
    write(directory, "../openai.hcl", "project \"a\" {\n  region = \"EU\"\n}\n");
    let output = run(directory.path(), &["verify", "--policy", path]);
    let found = text(&output);
    assert_eq!(output.status.code(), Some(5), "{found}");
    let told = found
        .lines()
        .filter(|line| line.starts_with("mistake  "))
        .any(|line| line.contains(place) && line.contains(says));
    assert!(told, "{place} {says}: {found}");
    let checked = run(directory.path(), &["check", "../openai.hcl", "--policy", path, "--today", support::TODAY]);
    assert_eq!(checked.status.code(), Some(5), "{place} {says}");
    let complaint = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(complaint.lines().any(|line| line.contains(place) && line.contains(says)), "{place} {says}: {complaint}");
    assert!(text(&checked).contains("residency/"), "the other rules speak: {}", text(&checked));
}

/// A policy directory below one of its own.
fn nested() -> (TempDir, TempDir) {
    let outer = tempfile::tempdir().unwrap();
    let inner = tempfile::tempdir_in(outer.path()).unwrap();
    (outer, inner)
}

#[test]
fn files_that_cannot_be_loaded_are_told_by_verify_and_check() {
    let sample = |body: &str| format!("{HEAD}{body}\n");
    for (path, text, place, says) in [
        ("acme/sample.rego", sample("deny contains if {"), "acme/sample.rego:12:", ""),
        (
            "acme/sample.rego",
            sample("deny contains f if f := no.such(1)"),
            "acme/sample.rego:12:25:",
            "there is no function no.such",
        ),
        (
            "acme/sample.rego",
            sample("deny contains f if f := contans(\"a\", \"b\")"),
            "acme/sample.rego:12:25:",
            "did you mean contains?",
        ),
        ("acme/sample.rego", sample("deny contains f if f := time.now_ns()"), "acme/sample.rego:12:25:", "is refused"),
        ("acme/sample.rego", sample("deny contains f if x"), "acme/sample.rego:12:", "unsafe"),
        (
            "acme/sample.rego",
            sample("deny contains f if f := _a\n\n_a := _b\n\n_b := _a"),
            "acme/sample.rego:14:",
            "depends on itself",
        ),
        (
            "acme/sample.rego",
            sample("deny contains f if f := _a(1)\n\n_a(x) := _a(x)"),
            "acme/sample.rego:14:",
            "calls itself",
        ),
        ("acme/sample.rego", sample("deny contains f if deny[f]"), "acme/sample.rego:12:", "depends on itself"),
        (
            "acme/sample.rego",
            sample("import data.openai.helpers\n\ndeny contains f if f := helpers.all"),
            "acme/sample.rego:14:",
            "there is no openai.helpers.all",
        ),
        (
            "acme/sample.rego",
            sample("").replace("acme.sample", "acme.other"),
            "acme/sample.rego:8:1:",
            "the path asks for openai.acme.sample",
        ),
        ("acme/sample.rego", "package openai.acme.sample\n".to_owned(), "acme/sample.rego:1:1:", "no METADATA"),
        (
            "acme/sample.rego",
            sample("").replace("severity: high", "severity: hihg"),
            "acme/sample.rego:5:15:",
            "METADATA can't be read",
        ),
        (
            "residency/region_not_set.rego",
            sample(""),
            "residency/region_not_set.rego:1:1:",
            "already in the product's own rules",
        ),
        ("Acme/sample.rego", sample(""), "Acme/sample.rego:1:1:", "can't be part of a package"),
    ] {
        let (_outer, directory) = nested();
        write(&directory, path, &text);
        both_say(&directory, place, says);
    }
}

/// What would never be asked, or never be answered as OPA answers it.
#[test]
fn rules_that_would_go_unasked_are_told_by_verify_and_check() {
    let always = format!(
        "{HEAD}deny contains f if {{\n\tf := {{\"subject\": \"x\", \"attribute\": \"a\", \"msg\": \"m\"}}\n}}\n"
    );
    for (path, place, says) in [
        ("always.rego", "always.rego:5", "a file right in the policy directory is a library"),
        ("acme/load_test.rego", "load_test.rego:5", "ends in _test.rego holds tests alone"),
    ] {
        let (_outer, directory) = nested();
        let package = path.strip_suffix(".rego").unwrap().replace('/', ".");
        write(&directory, path, &always.replace("openai.acme.sample", &format!("openai.{package}")));
        write(&directory, "acme/sample.rego", &format!("{HEAD}deny := set()\n\nundetermined := set()\n"));
        both_say(&directory, place, says);
    }
    for (condition, says) in [
        ("\t[path, value] := walk(input.organization)\n\tvalue == path", "walk with one argument has no answers here"),
        ("\tinput.projects[_].region in data.acme.forbidden", "there is no acme.forbidden"),
    ] {
        let (_outer, directory) = nested();
        write(&directory, "acme/sample.rego", &format!("{HEAD}{}\n", deny(condition)));
        write(&directory, "data.json", "{\"acme\": {\"forbidden\": [\"EU\"]}}");
        both_say(&directory, "sample.rego:", says);
    }
}

#[test]
fn a_broken_rule_leaves_the_others_of_its_directory() {
    let (_outer, directory) = nested();
    let output = run(directory.path(), &["rules", "--scaffold", "acme/healthy", "--policy", "."]);
    assert_eq!(output.status.code(), Some(0));
    write(&directory, "acme/sample.rego", &format!("{HEAD}deny contains f if x\n"));
    let found = verified(&directory);
    assert_eq!(found.mistakes.len(), 1, "{:?}", found.mistakes);
    assert_eq!((found.summary.passed, found.summary.failed), (4, 0));
    both_say(&directory, "acme/sample.rego:12:", "unsafe");
}

#[test]
fn a_file_in_the_shadow_of_another_is_told_with_both_places() {
    let (_outer, directory) = nested();
    write(&directory, "acme/sample.rego", &format!("{HEAD}{}\n", deny("\tinput.today")));
    write(&directory, "openai/acme/sample.rego", &format!("{HEAD}{}\n", deny("\tinput.today")));
    both_say(&directory, "openai/acme/sample.rego:1:1:", "acme/sample.rego, so this file would stand in its shadow");
}

#[test]
fn what_a_file_defines_in_another_package_is_told() {
    let (_outer, directory) = nested();
    let text =
        "# data[…] of OPA\npackage openai.residency\n\nimport rego.v1\n\nresidency_not_approved._approved if true\n";
    write(&directory, "residency.rego", text);
    both_say(&directory, "residency.rego:6:1:", "lies in the package openai.residency.residency_not_approved");
    let (_outer, directory) = nested();
    let text =
        " package openai.lib\n\nimport rego.v1\n\n_in_force(_) if true\n\nnote := `\npackage openai.helpers\n`\n";
    write(&directory, "helpers.rego", text);
    both_say(&directory, "helpers.rego:1:1:", "the package is openai.lib, but the path asks for openai.helpers");
}

#[test]
fn an_import_that_opa_refuses_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let text = format!("{HEAD}{}\n", deny("\tinput.today")).replace("import rego.v1", "import rego.v1\nimport rego.v2");
    write(&directory, "acme/sample.rego", &text);
    let told = verified(&directory).mistakes;
    let told = told.iter().find(|mistake| mistake.message.contains("there is no import \"rego.v2\""));
    assert_eq!(told.map(|mistake| (mistake.line, mistake.column)), Some((Some(11), Some(8))));
}

#[test]
fn a_wildcard_under_not_is_told() {
    for (condition, told) in [
        ("\tnot input.uses[_].endpoint == \"/v1/responses\"", true),
        ("\tnot startswith(input.uses[_].endpoint, \"/v1\")", true),
        ("\tcount([u | some u in input.uses; not u.endpoint == \"/v1/responses\"]) > 0", false),
        ("\tnot count([1 | input.uses[_].endpoint == \"/v1/responses\"]) > 0", false),
    ] {
        let found = said(&format!("{}\n\nundetermined := set()\n", deny(condition)));
        assert_eq!(found.iter().any(|line| line.contains("`_` under not")), told, "{condition} {found:?}");
    }
}

#[test]
fn unknown_functions_are_told_in_every_file() {
    let directory = with_rule("deny contains f if f := no.such(1)");
    write(
        &directory,
        "acme/other.rego",
        &format!("{HEAD}deny contains f if f := no.such(1)\n").replace("acme.sample", "acme.other"),
    );
    let found = verified(&directory);
    let paths: Vec<&str> = found.mistakes.iter().map(|m| m.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(paths, ["other.rego", "sample.rego"]);
}

const WHOLE: &str = "applies contains id if some id, _ in input.projects\n\ndeny contains f if {\n\tsome id, p in input.projects\n\tp.region == \"US\"\n\tf := {\"subject\": id, \"attribute\": \"region\", \"msg\": \"m\"}\n}\n\nundetermined contains f if {\n\tsome id, p in input.projects\n\tp.unknown.region\n\tf := {\"subject\": id, \"attribute\": \"region\", \"msg\": \"m\"}\n}\n";

const TEST: &str = "package openai.acme.sample_test\n\nimport rego.v1\n\nimport data.openai.acme.sample as rule\nimport data.openai.testing_test as t\n\n";

#[test]
fn what_nothing_shows_of_a_rule_is_told() {
    let directory = with_rule(WHOLE);
    let missing = |directory: &TempDir| {
        let found = verified(directory);
        found.mistakes.iter().map(|m| format!("{} {}", m.line.unwrap(), m.message)).collect::<Vec<_>>()
    };
    let [passes, fires, opens] = [
        "12 no example and no test passes the rule",
        "14 no example and no test makes the rule fire",
        "20 no example and no test makes the rule undetermined",
    ];
    assert_eq!(missing(&directory), [passes, fires, opens]);
    write(&directory, "examples/acme/sample/fail-us/openai.hcl", "project \"a\" {\n  region = \"US\"\n}\n");
    assert_eq!(missing(&directory), [passes, opens]);
    write(&directory, "examples/acme/sample/pass-eu/openai.json", "{\"name\": \"a\", \"region\": \"EU\"}");
    assert_eq!(missing(&directory), [opens]);
    // A test that does not look at it does not help.
    write(&directory, "acme/sample_test.rego", &format!("{TEST}test_nothing if true\n"));
    assert_eq!(missing(&directory), [opens]);
    let test = "test_unknown if count(rule.undetermined) == 1 with input as t.unknown(t.project({}), \"projects\", \"region\")\n";
    write(&directory, "acme/sample_test.rego", &format!("{TEST}{test}"));
    assert_eq!(missing(&directory), Vec::<String>::new());
    assert_eq!(verified(&directory).summary.exit_code, 0);
}

#[test]
fn failed_tests_wrong_examples_and_lines_never_reached_are_told_with_their_places() {
    let directory = with_rule(WHOLE);
    let tests = "test_us if count(rule.deny) == 1 with input as t.project({\"region\": \"US\"})\n\ntest_wrong if count(rule.deny) == 1 with input as t.project({\"region\": \"EU\"})\n\ntest_errs if startswith(1, \"a\")\n\ntest_endless if {\n\tsome i in _n\n\tsome j in _n\n\tsome k in _n\n\ti + j + k < 0\n}\n\n_n := numbers.range(1, 3000)\n";
    write(&directory, "acme/sample_test.rego", &format!("{TEST}{tests}"));
    for (example, input) in [
        ("fail-us", "project \"a\" {\n  region = \"US\"\n}\n"),
        ("pass-us", "project \"a\" {\n  region = \"US\"\n}\n"),
        ("pass-eu", "project \"a\" {\n  region = \"EU\"\n}\n"),
        ("silent-none", "organization {\n  id = \"org-1\"\n}\n"),
        ("unknown-eu", "project \"a\" {\n  regin = \"EU\"\n}\n"),
    ] {
        write(&directory, &format!("examples/acme/sample/{example}/openai.hcl"), input);
    }
    let output = run(directory.path(), &["verify", "--policy", "."]);
    let text = text(&output);
    for line in [
        "failed   acme/sample_test.rego:10: openai.acme.sample_test.test_wrong",
        "failed   acme/sample_test.rego:12: openai.acme.sample_test.test_errs",
        "failed   acme/sample_test.rego:14: openai.acme.sample_test.test_endless",
        "wrong    examples/acme/sample/pass-us: promises pass, acme/sample fail",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}: {text}");
    }
    assert!(text.contains("\n  acme/sample_test.rego:12:25: `startswith` expects string argument"), "{text}");
    assert!(
        text.contains("wrong    examples/acme/sample/unknown-eu: promises unknown, acme/sample could not be checked: "),
        "{text}"
    );
    assert!(
        text.lines().any(|l| l.starts_with("acme/sample.rego: ") && l.contains("%, never reached: line")),
        "{text}"
    );
    assert_eq!(
        text.lines().last().unwrap().split("; coverage").next().unwrap(),
        "4 tests, 1 passed, 3 failed; 5 examples, 3 right"
    );
    assert_eq!(output.status.code(), Some(5), "undetermined is shown by nothing: {text}");
}

#[test]
fn a_failed_test_alone_leaves_with_three_and_json_says_the_same() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(run(directory.path(), &["rules", "--scaffold", "acme/sample"]).status.code(), Some(0));
    let path = directory.path().join("policy/acme/sample_test.rego");
    let mut tests = fs::read_to_string(&path).unwrap();
    tests += "\ntest_wrong if false\n";
    fs::write(&path, tests).unwrap();
    let output = run(directory.path(), &["verify", "--policy", "policy"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    let output = run(directory.path(), &["verify", "--policy", "policy", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["summary"]["failed"], 1);
    assert_eq!(found["summary"]["exit_code"], 3);
    assert_eq!(found["coverage"][0]["percent"], 100);
    let failed = found["tests"].as_array().unwrap().iter().find(|test| test["passed"] == false).unwrap();
    assert_eq!(failed["path"], "policy/acme/sample_test.rego");
}

#[test]
fn examples_with_names_that_promise_nothing_are_told() {
    let directory = with_rule(WHOLE);
    write(&directory, "examples/acme/sample/bad-us/openai.hcl", "");
    write(&directory, "examples/acme/sample/fail-empty/README.md", "");
    write(&directory, "examples/acme/other/fail-x/openai.hcl", "");
    let found = verified(&directory);
    for says in
        ["\"bad\" is no kind of example", "the example has no input", "examples of acme/other, which is no rule"]
    {
        assert!(found.mistakes.iter().any(|m| m.message.contains(says)), "{says}: {:?}", found.mistakes);
    }
}

#[test]
fn settings_beside_examples_do_not_change_them() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(run(directory.path(), &["rules", "--scaffold", "acme/sample"]).status.code(), Some(0));
    write(
        &directory,
        ".openai-data-controls.hcl",
        "policies = [\"policy\"]\nrule \"acme/sample\" {\n  enabled = false\n}\n",
    );
    let output = run(directory.path(), &["verify", "--policy", "policy"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_directory_that_is_not_there_or_empty_is_told() {
    let directory = tempfile::tempdir().unwrap();
    for (path, says) in [("none", "is not there"), (".", "holds no .rego file")] {
        let output = run(directory.path(), &["verify", "--policy", path]);
        assert_eq!(output.status.code(), Some(5));
        assert!(text(&output).contains(says), "{}", text(&output));
    }
}

#[test]
fn what_can_not_be_loaded_without_a_set_shows_nothing_of_it() {
    let deep = format!("{}1{}", "[".repeat(11), "]".repeat(11));
    let rule = format!(
        "applies contains id if some id, _ in input.projects\n\n\
         deny contains {{\"subject\": \"organization\", \"attribute\": \"a\", \"msg\": \"m\"}} if count({deep}) == 2\n"
    );
    let directory = with_rule(&rule);
    let test = "test_silent if count(rule.deny) == 0 with input as t.project({})\n";
    write(&directory, "acme/sample_test.rego", &format!("{TEST}{test}"));
    let found = verified(&directory);
    let told: Vec<&str> = found.mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    assert!(told.iter().any(|said| said.contains("whether a test does can't be told")), "{told:?}");
}
