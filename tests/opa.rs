//! The same rules in the real OPA: the same sets for every rule, on the facts of every fixture.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{fixtures, options, peer, root};
use openai_data_controls::facts;
use openai_data_controls::policy::{Outcome, PolicySet, Said, embedded};
use serde_json::{Value, json};

fn sorted(said: &[Said]) -> Vec<String> {
    let mut all: Vec<String> = said.iter().map(|s| format!("{s:?}")).collect();
    all.sort();
    all
}

#[test]
fn opa_finds_the_same_on_the_facts_of_every_fixture() {
    let Some(mut opa) = peer("opa") else { return };
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    let directory = tempfile::tempdir().unwrap();

    // One OPA run for all: a query that evaluates every rule on each document.
    let mut documents: BTreeMap<String, Value> = BTreeMap::new();
    let mut ours = BTreeMap::new();
    for (number, fixture) in fixtures().into_iter().enumerate() {
        let (inputs, _) = facts(&options(fixture.clone()), &mut std::io::empty());
        let Some(inputs) = inputs else { continue };
        let text = serde_json::to_string(&inputs.facts).unwrap();
        let (outcomes, problems) =
            policies.evaluate(openai_data_controls::policy::Document::new(&inputs.facts).unwrap());
        assert!(problems.is_empty(), "{fixture:?}: {problems:?}");
        let key = format!("{number:04}");
        documents.insert(key.clone(), serde_json::from_str(&text).unwrap());
        ours.insert(key, (fixture, outcomes));
    }
    assert!(documents.len() > 150, "{}", documents.len());
    let packages: Vec<String> = policies.rules().iter().map(|r| r.package.clone()).collect();
    let all = directory.path().join("documents.json");
    fs::write(&all, json!({ "documents": documents }).to_string()).unwrap();
    let entries: Vec<String> = packages
        .iter()
        .map(|p| {
            let set = |name: &str| format!("\"{name}\": data.{p}.{name}");
            format!("\"{p}\": {{{}, {}, {}}}", set("applies"), set("deny"), set("undetermined"))
        })
        .collect();
    let query = format!(
        "package comparison\nimport rego.v1\nresult[k] := r if {{ some k, doc in data.documents; r := sets with input as doc }}\nsets := {{{}}}\n",
        entries.join(", ")
    );
    let comparison = directory.path().join("comparison.rego");
    fs::write(&comparison, query).unwrap();
    let output = opa
        .args(["eval", "--format", "raw", "-d"])
        .arg(root().join("policies/openai"))
        .arg("-d")
        .arg(&all)
        .arg("-d")
        .arg(&comparison)
        .arg("data.comparison.result")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: BTreeMap<String, BTreeMap<String, Outcome>> = serde_json::from_slice(&output.stdout).unwrap();

    assert_eq!(theirs.len(), ours.len());
    for (key, (fixture, outcomes)) in &ours {
        for rule in policies.rules() {
            let (our, their) = (&outcomes[&rule.id], &theirs[key][&rule.package]);
            let mut applies = (our.applies.clone(), their.applies.clone());
            applies.0.sort();
            applies.1.sort();
            assert_eq!(applies.0, applies.1, "applies of {} on {fixture:?}", rule.id);
            assert_eq!(sorted(&our.deny), sorted(&their.deny), "deny of {} on {fixture:?}", rule.id);
            assert_eq!(
                sorted(&our.undetermined),
                sorted(&their.undetermined),
                "undetermined of {} on {fixture:?}",
                rule.id
            );
        }
    }
}

#[test]
fn opa_passes_the_rego_tests() {
    let Some(mut opa) = peer("opa") else { return };
    let output = opa.arg("test").arg(root().join("policies/openai")).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("PASS: "), "{text}");
}

#[test]
fn opa_finds_nothing_to_complain_about() {
    let Some(mut opa) = peer("opa") else { return };
    let output = opa.args(["check", "--strict"]).arg(root().join("policies/openai")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// `sprintf` is ours: it must print what OPA prints.
#[test]
fn sprintf_prints_what_opa_prints() {
    let Some(mut opa) = peer("opa") else { return };
    let directory = tempfile::tempdir().unwrap();
    let calls: Vec<String> = [
        "%d", "%s", "%v", "%q", "%5d|", "%-5v|", "%05d", "%+d", "%x", "%X", "%.2f", "%8.3f", "%e", "%g", "%t", "%o",
        "%b", "%c", "%U", "%%", "%5s|", "%-5s|", "%.2s", "%#x", "% d", "%",
    ]
    .iter()
    .flat_map(|format| {
        [
            "1",
            "-42",
            "0",
            "3.14159",
            "1e21",
            "1234567.5",
            "0.00001",
            "\"ab\"",
            "\"é\\\"\\n\"",
            "true",
            "null",
            "[1, \"a\"]",
            "{\"k\": [1]}",
            "{1, 2}",
            "set()",
        ]
        .iter()
        // Go's hexadecimal and binary notation of fractions is refused, not imitated.
        .filter(|value| !(matches!(*format, "%x" | "%X" | "%#x" | "%b") && value.contains(['.', 'e'])))
        .map(move |value| format!("sprintf(\"{format}\", [{value}])"))
    })
    .chain(
        [
            "sprintf(\"%s %s\", [\"a\"])",
            "sprintf(\"x\", [1, \"a\"])",
            "sprintf(\"%*d\", [5, 7])",
            "sprintf(\"%!\", [1])",
        ]
        .map(str::to_owned),
    )
    .collect();
    let rules: Vec<String> = calls.iter().enumerate().map(|(i, call)| format!("r[{i}] := {call}")).collect();
    let text = format!("package policies.openai.sample.sprintf\nimport rego.v1\n{}\n", rules.join("\n"));
    let path = directory.path().join("sprintf.rego");
    fs::write(&path, &text).unwrap();
    let output = opa
        .args(["eval", "--format", "raw", "-d"])
        .arg(&path)
        .arg("data.policies.openai.sample.sprintf.r")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    let ours = openai_data_controls::policy::evaluate_texts(&text, "data.policies.openai.sample.sprintf.r").unwrap();
    for (i, call) in calls.iter().enumerate() {
        assert_eq!(ours.get(&i.to_string()), theirs.get(&i.to_string()), "{call}");
    }
}

/// Built-in functions that are bounded or ours answer within the bound as OPA does.
#[test]
fn bounded_functions_answer_as_opa_does() {
    let Some(mut opa) = peer("opa") else { return };
    let directory = tempfile::tempdir().unwrap();
    let calls = [
        "array.concat([1], [2, 3])",
        "array.reverse([1, 2])",
        "array.slice([1, 2, 3], 1, 2)",
        "base64.encode(\"aé\")",
        "base64.decode(\"YQ==\")",
        "base64url.encode(\"aé?\")",
        "base64url.encode_no_pad(\"a\")",
        "bits.lsh(3, 20)",
        "concat(\", \", [\"a\", \"b\"])",
        "concat(\"-\", {\"b\", \"a\"})",
        "concat(\"-\", [])",
        "format_int(255, 16)",
        "format_int(-7.9, 10)",
        "graph.reachable({\"a\": [\"b\"], \"b\": []}, [\"a\"])",
        "graph.reachable_paths({\"a\": [\"b\", \"c\"], \"b\": [\"a\"], \"c\": []}, [\"a\"])",
        "hex.encode(\"ab\")",
        "indexof(\"aébé\", \"é\")",
        "indexof(\"abc\", \"x\")",
        "indexof_n(\"aaa\", \"aa\")",
        "json.marshal({\"a\": [1, null, \"é<&>\"]})",
        "json.unmarshal(\"{\\\"a\\\": 1}\")",
        "lower(\"ÀB\")",
        "upper(\"àb\")",
        "net.cidr_expand(\"10.0.0.0/30\")",
        "numbers.range(1, 5)",
        "numbers.range(5, 1)",
        "numbers.range(3, 3)",
        "numbers.range_step(1, 10, 4)",
        "numbers.range_step(10, 1, 4)",
        "object.union({\"a\": {\"b\": 1}, \"c\": 1}, {\"a\": {\"d\": 2}, \"c\": 3})",
        "object.union_n([{\"a\": 1}, {\"a\": {\"b\": 2}}, {\"c\": 3}])",
        "product([2, 3, 4])",
        "regex.find_all_string_submatch_n(\"a(b*)\", \"abab\", -1)",
        "regex.find_n(\"a.\", \"abac\", 1)",
        "regex.replace(\"foo bar\", \"(o+)\", \"<$1>\")",
        "regex.replace(\"abc\", \"\", \"-\")",
        "regex.split(\",\", \"a,b\")",
        "[regex.split(p, t) | some p in [\"\", \"b*\", \"a*\", \"x*\", \"b\", \"^\"]; some t in [\"\", \"abc\", \"aab\", \"éb\"]]",
        "[regex.find_n(\"a*\", \"baac\", n) | some n in [-1, 0, 1, 2, 9]]",
        "[regex.find_all_string_submatch_n(\"(a)|(b)?\", \"abé\", n) | some n in [-1, 0, 2]]",
        "[regex.replace(\"aébé\", p, with_) | some p in [\"\", \"(?P<n>é)(b)?\", \"é*\"]; some with_ in [\"-\", \"$1x\", \"${1}x$2\", \"$n$$\"]]",
        // Classes hold what they hold in Go.
        "[[p, t] | some p in [`^\\w+$`, `a\\sb`, `^\\d$`, `\\bfoo\\b`, `^\\p{L}+$`, `[[:alpha:]]`, `^\\W$`, `\\p{Greek}`, `(?i)É`, `^.$`]; some t in [\"abc\", \"é\", \"a b\", \"a\\u00a0b\", \"٥\", \"5\", \"foo bar\", \"xfoo\", \"α\"]; regex.match(p, t)]",
        "[p | some p in [\"(\", \"a**\", `\\8`, \"(?=a)\", `\\pL`, `[a&&b]`, \"(?<n>a)\", \"(?x)a\", \"a{2,1}\", \"a{,2}\", 1]; regex.is_valid(p)]",
        "regex.template_match(\"urn:foo:{.*}bar\", \"urn:foo:xxbar\", \"{\", \"}\")",
        "[regex.template_match(t, v, \"{\", \"}\") | some [t, v] in [[\"{a}b{a{1,2}}\", \"abaa\"], [\"a{x|y}z\", \"axz\"], [\"é.{}\", \"éx\"], [\"é.{}\", \"é.\"], [\"{(?i)a}B\", \"Ab\"], [\"a\\n{b}\", \"a\\nb\"]]]",
        "regex.template_match(\"a<[0-9]+>.\", \"a12.\", \"<\", \">\")",
        "replace(\"aXbX\", \"X\", \"yy\")",
        "replace(\"ab\", \"\", \"-\")",
        "sort([3, 1, \"a\"])",
        "split(\"a.b\", \".\")",
        "split(\"aé\", \"\")",
        "strings.any_prefix_match([\"ab\"], {\"a\"})",
        "strings.any_suffix_match(\"ab\", [\"c\"])",
        "strings.count(\"aaaa\", \"aa\")",
        "strings.count(\"abc\", \"\")",
        "strings.replace_n({\"a\": \"b\", \"b\": \"c\"}, \"abab\")",
        "strings.replace_n({\"a\": \"1\", \"aa\": \"2\"}, \"aaa\")",
        "strings.replace_n({\"\": \"-\", \"a\": \"x\"}, \"abc\")",
        "strings.replace_n({}, \"abc\")",
        "strings.reverse(\"aé\")",
        "substring(\"abcdef\", 2, 3)",
        "substring(\"abc\", 1, -1)",
        "to_number(\"12.5\")",
        "trim(\"xxaxx\", \"x\")",
        "units.parse(\"2K\")",
        "units.parse(\"2e3K\")",
        "units.parse_bytes(\"2KiB\")",
        "units.parse_bytes(\"2e3M\")",
        "[v | walk({\"a\": [1]}, [_, v])]",
        "yaml.unmarshal(\"a: [1]\")",
    ];
    let rules: Vec<String> =
        calls.iter().enumerate().map(|(i, call)| format!("r[{i}] := json.marshal({call})")).collect();
    let text = format!("package policies.openai.sample.bounded\nimport rego.v1\n{}\n", rules.join("\n"));
    let path = directory.path().join("bounded.rego");
    fs::write(&path, &text).unwrap();
    let query = "data.policies.openai.sample.bounded.r";
    let output = opa.args(["eval", "--format", "raw", "-d"]).arg(&path).arg(query).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    let ours = openai_data_controls::policy::evaluate_texts(&text, query).unwrap();
    let mut differing = Vec::new();
    for (i, call) in calls.iter().enumerate() {
        let (our, their) = (ours.get(&i.to_string()), theirs.get(&i.to_string()));
        if our != their {
            differing.push(format!("{call}: {our:?}, not {their:?}"));
        }
    }
    assert_eq!(differing, Vec::<String>::new());
}
