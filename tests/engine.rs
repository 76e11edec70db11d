//! Rules are checked before they run; one that is broken is told, and the others still speak.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::time::{Duration, Instant};

use openai_data_controls::policy::{Document, File, PolicySet};
use serde_json::json;

/// A rule file of the group `sample`, with this text behind its head.
fn rule(name: &str, body: &str) -> File {
    let text = format!(
        "# METADATA\n# title: \"Sample\"\n# description: \"Sample.\"\n# custom:\n#   severity: high\n#   subject: project\n#   remediation: \"None.\"\n#   section: \"None\"\n#   statements: []\npackage openai.sample.{name}\n\nimport rego.v1\n\n{body}\n"
    );
    File::new(format!("policies/openai/sample/{name}.rego"), text)
}

/// The same rule that says it judges these.
fn of(kinds: &str, file: &File) -> File {
    file.with_text(file.text.replace("subject: project", &format!("subject: {kinds}")))
}

fn healthy() -> File {
    rule(
        "healthy",
        "applies contains id if some id, _ in input.projects\n\ndeny contains {\"subject\": id, \"attribute\": \"region\", \"msg\": \"m\"} if some id, _ in input.projects\n",
    )
}

fn facts() -> Document {
    Document::new(&json!({"projects": {"a": {"region": "EU", "n": 1}}, "uses": {}, "clients": {}})).unwrap()
}

#[test]
fn a_file_that_is_wrong_is_told_with_its_line_and_the_others_run() {
    let wrong = |name: &str, text: &str| File::new(format!("policies/openai/sample/{name}.rego"), text);
    for (file, line, says) in [
        (
            rule("calls", "deny contains f if {\n\tinput.nothing\n\tf := no.such(1)\n}"),
            15,
            "there is no function no.such",
        ),
        (rule("clock", "deny contains f if {\n\tf := time.now_ns()\n}"), 14, "time.now_ns is refused"),
        (rule("random", "deny contains f if f := rand.intn(\"x\", 3)"), 13, "rand.intn is refused"),
        (
            rule("cycle", "_f(x) := y if y := _g(x)\n\n_g(x) := y if y := _f(x)\n\ndeny contains 1 if _f(1)"),
            13,
            "calls itself",
        ),
        (rule("syntax", "deny contains if {"), 14, ""),
        (rule("deep", &format!("deny contains {}1{} if true", "[".repeat(30), "]".repeat(30))), 13, "nested deeper"),
        (
            wrong("nometa", "package openai.sample.nometa\n\nimport rego.v1\n\ndeny contains 1 if false\n"),
            1,
            "no METADATA",
        ),
        (of("\"\"", &rule("nobody", "deny := set()")), 6, "the subject \"\" is none of"),
        (of("or", &rule("either", "deny := set()")), 6, "the subject \"or\" is none of"),
        (
            wrong("elsewhere", "# METADATA\npackage openai.sample.other\n"),
            2,
            "the path asks for openai.sample.elsewhere",
        ),
        (
            wrong(
                "badmeta",
                "# METADATA\n# title: \"T\"\n# descriptoin: \"D\"\npackage openai.sample.badmeta\n\nimport rego.v1\n\ndeny contains 1 if false\n",
            ),
            3,
            "METADATA can't be read",
        ),
    ] {
        let (policies, problems) = PolicySet::load(&[file.clone(), healthy()]);
        assert!(!problems.is_empty(), "{}", file.path);
        assert!(problems.iter().all(|p| p.location.as_ref().is_some_and(|l| l.path == file.path)), "{problems:?}");
        assert!(problems.iter().any(|p| p.message.contains(says)), "{}: {problems:?}", file.path);
        let lines: Vec<usize> = problems.iter().map(|p| p.location.as_ref().unwrap().start.line).collect();
        assert!(lines.iter().any(|l| l.abs_diff(line) <= 1), "{}: {lines:?}, not {line}", file.path);
        let ids: Vec<&str> = policies.rules().iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["sample/healthy"]);
        let (outcomes, problems) = policies.evaluate(facts());
        assert!(problems.is_empty(), "{}: {problems:?}", file.path);
        assert_eq!(outcomes.values().next().unwrap().deny.len(), 1);
    }
}

/// Errors are shown without what looks like a key; that must not hide which file they are of.
#[test]
fn a_path_that_looks_like_a_key_is_told_once() {
    let of = |body: &str| File::new("sk-of-acme/policies/openai/sample/wrong.rego", rule("wrong", body).text);
    for body in ["deny contains f if f := no.such(1)", "_a := _b\n\n_b := _a\n\ndeny contains f if f := _a"] {
        let (policies, problems) = PolicySet::load(&[of(body), healthy()]);
        assert!((1..=2).contains(&problems.len()), "{problems:?}");
        assert_eq!(policies.rules().len(), 1);
    }
    let named = rule("x", "applies contains 1 if true");
    let text = named.text.replace("openai.sample.x", "openai.acme.sk_abcdefgh");
    let named = File::new("policies/openai/acme/sk_abcdefgh.rego", text);
    let (policies, problems) = PolicySet::load(&[named]);
    assert_eq!((policies.rules().len(), &problems[..]), (1, &[][..]));
    assert_eq!(policies.rules()[0].id.as_str(), "acme/sk-abcdefgh");
    let (_, problems) = policies.evaluate(facts());
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn a_rule_that_errs_or_answers_in_another_shape_is_told_alone() {
    for (body, says) in [
        (
            "deny contains f if {\n\tsome id, p in input.projects\n\tf := {\"subject\": id, \"attribute\": \"a\", \"msg\": sprintf(\"%[1]d\", [1])}\n}",
            "not supported",
        ),
        ("deny contains f if {\n\tsome id, p in input.projects\n\tf := startswith(p.n, \"a\")\n}", ""),
        ("deny contains \"text\" if true", "another shape"),
        ("applies contains 1 if true", "no set \"deny\""),
    ] {
        let (policies, problems) = PolicySet::load(&[rule("broken", body), healthy()]);
        assert!(problems.is_empty(), "{problems:?}");
        let (outcomes, problems) = policies.evaluate(facts());
        assert_eq!(problems.len(), 1, "{body}: {problems:?}");
        assert_eq!(problems[0].what, "sample/broken");
        assert!(problems[0].message.contains(says), "{body}: {}", problems[0].message);
        let ids: Vec<String> = outcomes.keys().map(ToString::to_string).collect();
        assert_eq!(ids, ["sample/healthy"]);
    }
}

#[test]
fn a_rule_that_never_ends_is_stopped() {
    let endless = "deny contains 1 if {\n\tsome i in numbers.range(1, 3000)\n\tsome j in numbers.range(1, 3000)\n\tsome k in numbers.range(1, 3000)\n\ti + j + k < 0\n}";
    let (mut policies, problems) = PolicySet::load(&[rule("endless", endless), healthy()]);
    assert!(problems.is_empty(), "{problems:?}");
    policies.set_rule_time(Duration::from_millis(200));
    let began = Instant::now();
    let (outcomes, problems) = policies.evaluate(facts());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].what, "sample/endless");
    assert_eq!(outcomes.len(), 1);
}

#[test]
fn what_depends_on_itself_or_has_names_without_value_is_refused_alone() {
    let long: String = (1..2_000).map(|n| format!("_x{n} := _x{} + 1\n\n", n - 1)).collect();
    let calls: String = (1..2_000).map(|n| format!("_f{n}(x) := _f{}(x)\n\n", n - 1)).collect();
    for (body, line, says) in [
        ("deny contains f if f := _a\n\n_a := _b\n\n_b := _a".to_owned(), 15, "depends on itself"),
        ("deny contains f if some f in deny".to_owned(), 13, "depends on itself"),
        ("deny contains f if f := data.openai.sample.broken.deny[_]".to_owned(), 13, "depends on itself"),
        ("deny contains f if f := data.openai.sample[_].deny[_]".to_owned(), 13, "depends on itself"),
        (
            "_f(x) := _g(x)\n\n_g(x) := y if {\n\ty := [_f(z) | some z in x]\n}\n\ndeny contains f if f := _f(1)"
                .to_owned(),
            13,
            "calls itself",
        ),
        ("deny contains f if x".to_owned(), 13, "unsafe"),
        ("deny contains f if f := data.openai.missing.things".to_owned(), 13, "there is no openai.missing.things"),
        (format!("_x0 := 1\n\n{long}deny contains f if f := _x1999"), 0, "stands on a chain of 2001 rules"),
        (format!("_f0(x) := x\n\n{calls}deny contains f if f := _f1999(1)"), 0, "stands on a chain of 2001 rules"),
    ] {
        let (policies, problems) = PolicySet::load(&[rule("broken", &body), healthy()]);
        assert!(problems.iter().any(|p| p.message.contains(says)), "{says}: {problems:?}");
        assert!(
            problems.iter().all(|p| p.location.as_ref().is_some_and(|l| l.path.ends_with("broken.rego"))),
            "{problems:?}"
        );
        let first = problems.iter().find_map(|p| p.location.as_ref()).unwrap().start.line;
        assert!(line == 0 || first == line + 1, "{says}: {problems:?}");
        let (outcomes, problems) = policies.evaluate(facts());
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(outcomes.keys().map(ToString::to_string).collect::<Vec<_>>(), ["sample/healthy"]);
    }
}

/// One step of the engine that never ends, between which it looks at its clock.
#[test]
fn a_rule_that_never_ends_in_one_step_is_left_behind() {
    let chain = |name: &str, next: &str| {
        (1..60)
            .map(|n| format!("_{name}{n} := {}\n\n", next.replace('$', &format!("_{name}{}", n - 1))))
            .collect::<String>()
    };
    let twins = format!("_x0 := [1]\n\n{}_y0 := [1]\n\n{}", chain("x", "[$, $]"), chain("y", "[$, $]"));
    for body in [
        format!("{twins}deny contains 1 if _x59 == _y59"),
        format!("_x0 := 12345678901\n\n{}deny contains 1 if _x59 > 1", chain("x", "$ * $")),
        format!("_x0 := 12345678901\n\n{}deny contains 1 if _x59 > 1", chain("x", "product([$, $, $])")),
    ] {
        let (mut policies, problems) = PolicySet::load(&[rule("endless", &body), healthy()]);
        assert!(problems.is_empty(), "{problems:?}");
        policies.set_rule_time(Duration::from_millis(200));
        let began = Instant::now();
        let (outcomes, problems) = policies.evaluate(facts());
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].what, "sample/endless");
        assert!(problems[0].location.as_ref().is_some_and(|l| l.path.ends_with("endless.rego")), "{problems:?}");
        assert_eq!(outcomes.len(), 1, "{problems:?}");
    }
}

/// What is long without being deep runs, and the stack holds.
#[test]
fn long_chains_do_not_overflow_the_stack() {
    let rules: String = (1..400).map(|n| format!("_x{n} := _x{} + 1\n\n", n - 1)).collect();
    let functions: String = (1..400).map(|n| format!("_f{n}(x) := [y | some y in _f{}(x)]\n\n", n - 1)).collect();
    let found = "deny contains f if {\n\tsome id, _ in input.projects\n\tf := {\"subject\": id, \"attribute\": \"a\", \"msg\": sprintf(\"%v\", [$])}\n}";
    for body in [
        format!("_x0 := 1\n\n{rules}{}", found.replace('$', "_x399")),
        format!("_f0(x) := x\n\n{functions}{}", found.replace('$', "_f399([1])")),
        found.replace('$', &vec!["1"; 15_000].join(" +\n")),
        format!("_e := 0 if false\n{}{}", "else := 1 if false\n".repeat(5_000), found.replace('$', "1")),
        found.replace("\tf :=", &format!("{}\tf :=", "\ttrue\n".repeat(10_000))).replace('$', "1"),
        found.replace('$', &format!("input{}", ".a".repeat(450))),
    ] {
        let (policies, problems) = PolicySet::load(&[rule("long", &body), healthy()]);
        let (outcomes, told) = policies.evaluate(facts());
        assert!(problems.is_empty() && told.is_empty(), "{problems:?} {told:?}");
        assert_eq!(outcomes.len(), 2);
    }
}

#[test]
fn a_rule_that_speaks_of_nobody_is_told() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("openai.hcl"), "project \"a\" {}\n").unwrap();
    let body = "deny contains {\"subject\": \"nobody\", \"attribute\": \"a\", \"msg\": \"m\"} if true";
    let (policies, _) = PolicySet::load(&[rule("stray", body)]);
    let (outcomes, _) = policies.evaluate(facts());
    let options = openai_data_controls::Options {
        paths: vec![directory.path().to_owned()],
        today: "2026-11-22".to_owned(),
        ..Default::default()
    };
    let (inputs, _) = openai_data_controls::facts(&options, &mut std::io::empty());
    let inputs = inputs.unwrap();
    let verdicts = openai_data_controls::verdict::judge(policies.rules(), &outcomes, &inputs.facts, &inputs.map, false);
    assert_eq!(verdicts.problems.len(), 1);
    assert!(verdicts.problems[0].message.contains("\"nobody\""));
}

/// Subjects of a kind that a rule does not declare are neither counted nor listed, and the rule may not be loaded for them.
#[test]
fn a_rule_that_speaks_of_another_kind_than_it_declares_is_told() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("openai.hcl"), "project \"a\" {}\n").unwrap();
    let options = openai_data_controls::Options {
        paths: vec![directory.path().to_owned()],
        today: "2026-11-22".to_owned(),
        ..Default::default()
    };
    let (inputs, _) = openai_data_controls::facts(&options, &mut std::io::empty());
    let inputs = inputs.unwrap();
    let deny = "deny contains {\"subject\": \"organization\", \"attribute\": \"a\", \"msg\": \"m\"} if true\n";
    let applies = "deny := set()\n\napplies contains \"organization\" if true\n";
    for body in [deny, applies] {
        for (kinds, told) in [("project", 1), ("project or organization", 0)] {
            let (policies, problems) = PolicySet::load(&[of(kinds, &rule("stray", body))]);
            assert!(problems.is_empty(), "{problems:?}");
            let (outcomes, problems) = policies.evaluate(Document::new(&inputs.facts).unwrap());
            assert!(problems.is_empty(), "{problems:?}");
            let (facts, map) = (&inputs.facts, &inputs.map);
            let verdicts = openai_data_controls::verdict::judge(policies.rules(), &outcomes, facts, map, false);
            assert_eq!(verdicts.problems.len(), told, "{kinds}: {:?}", verdicts.problems);
            assert!(verdicts.problems.iter().all(|p| p.message.contains("speaks of the organization")));
        }
    }
}

/// Bodies that build something huge: in one call, by doubling, or of parts that are shared in memory.
#[test]
fn a_rule_that_builds_something_huge_is_told_alone() {
    let doubling = |first: &str, next: &str| {
        let mut body = format!("_x0 := {first}\n\n");
        for n in 1..60 {
            body += &format!("_x{n} := {}\n\n", next.replace("$", &format!("_x{}", n - 1)));
        }
        body + "deny contains f if f := count(_x59)"
    };
    let once = |expression: &str| format!("deny contains f if f := {expression}");
    let shared = |call: &str| doubling("[1]", "[$, $]").replace("count(_x59)", call);
    for (body, says) in [
        (once("numbers.range(1, 50000000)"), "more than 1000000 items"),
        (once("numbers.range(-5000000000000000000, 5000000000000000000)"), "more than"),
        (once("numbers.range_step(1, 50000000, 2)"), "more than 1000000 items"),
        (once("sprintf(\"%999999d%999999d\", [1, 2])"), "longer than"),
        (once("net.cidr_expand(\"10.0.0.0/8\")"), "more than"),
        (once("net.cidr_expand(\"::/0\")"), "more than"),
        (once("bits.lsh(1, 4000000000)"), "shifts by more"),
        (once("units.parse(\"1e2000000000\")"), "an exponent beyond 400"),
        (once("units.parse(\"1_E_+02_000_000_000K\")"), "an exponent beyond 400"),
        (once("units.parse_bytes(\"1e2000000000MiB\")"), "an exponent beyond 400"),
        (once("to_number(sprintf(\"%9999d\", [1]))"), "longer than"),
        (once("concat(sprintf(\"%9999d\", [1]), [\"\" | some _ in numbers.range(1, 1000)])"), "longer than"),
        (once("replace(sprintf(\"%9999d\", [1]), \"\", sprintf(\"%9999d\", [1]))"), "longer than"),
        (once("strings.replace_n({\" \": sprintf(\"%9999d\", [1])}, sprintf(\"%9999d\", [1]))"), "longer than"),
        (once("regex.replace(sprintf(\"%9999d\", [1]), \" \", sprintf(\"%9999d\", [1]))"), "longer than"),
        (once("regex.replace(sprintf(\"%99999d\", [1]), \"(.*)\", \"$1$1$1$1$1$1$1$1$1$1$1$1\")"), "longer than"),
        (
            "_g := {n: numbers.range(1, 12) | some n in numbers.range(1, 12)}\n\ndeny contains f if f := graph.reachable_paths(_g, [1])"
                .to_owned(),
            "more than",
        ),
        (doubling("\"ab\"", "concat(\"\", [$, $])"), "longer than"),
        (doubling("\"ab\"", "sprintf(\"%s%s\", [$, $])"), "longer than"),
        (doubling("\"a\"", "replace($, \"a\", \"aa\")"), "longer than"),
        (doubling("\"a\"", "regex.replace($, \"a\", \"aa\")"), "longer than"),
        (doubling("\"a\"", "strings.replace_n({\"a\": \"aa\"}, $)"), "longer than"),
        (doubling("[1]", "array.concat($, $)"), "more than"),
        (doubling("\"ab\"", "json.marshal([$, $])"), "longer than"),
        (doubling("\"ab\"", "base64.encode($)"), "longer than"),
        (doubling("\"ab\"", "hex.encode($)"), "longer than"),
        (shared("json.marshal(_x59)"), "more than"),
        (shared("yaml.marshal(_x59)"), "more than"),
        (shared("sprintf(\"%v\", [_x59])"), "more than"),
        (shared("[1 | walk(_x59, _)]"), "more than"),
        (shared("_x59"), "parts"),
        (doubling("{\"a\": 1}", "{\"a\": $, \"b\": $}").replace("count(_x59)", "object.union(_x59, _x59)"), "parts"),
        (doubling("{\"a\": 1}", "{\"a\": $, \"b\": $}").replace("count(_x59)", "object.union_n([_x59])"), "parts"),
    ] {
        let (policies, problems) = PolicySet::load(&[rule("huge", &body), healthy()]);
        assert!(problems.is_empty(), "{problems:?}");
        let began = Instant::now();
        let (outcomes, problems) = policies.evaluate(facts());
        assert!(began.elapsed() < Duration::from_secs(60), "{body}: {:?}", began.elapsed());
        assert_eq!(problems.len(), 1, "{body}: {problems:?}");
        assert_eq!(problems[0].what, "sample/huge");
        assert!(problems[0].message.contains(says), "{body}: {}", problems[0].message);
        assert!(problems[0].location.as_ref().is_some_and(|l| l.path.ends_with("huge.rego")), "{problems:?}");
        let ids: Vec<String> = outcomes.keys().map(ToString::to_string).collect();
        assert_eq!(ids, ["sample/healthy"]);
    }
}
