//! Every bound that is fixed (`docs/limits.md`): what lies at it is read, what lies one past it is told or not known.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{self, options, write_files};
use openai_data_controls::facts::Fact;
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check, facts};

const PASSES: &str = "organization {\n  data_sharing = false\n}\n";

/// What is unchecked of a run.
fn told(options: &Options) -> Vec<String> {
    let report: Report = check(options, &mut std::io::empty()).0;
    report.unchecked.iter().map(|entry| format!("{}: {}", entry.what, entry.why)).collect()
}

/// A definition that passes, and options for it.
fn passing(directory: &Path) -> Options {
    write_files(directory, &[("openai.hcl", PASSES)]);
    options(vec![directory.join("openai.hcl")])
}

/// `text` made as long as this by comments of moderate lines.
fn padded(text: &str, comment: &str, length: usize) -> String {
    let mut padded = text.to_owned();
    while padded.len() < length {
        let rest = (length - padded.len()).min(200);
        padded.push_str(&if rest < comment.len() + 1 {
            "\n".repeat(rest)
        } else {
            format!("{comment}{}\n", "x".repeat(rest - comment.len() - 1))
        });
    }
    assert_eq!(padded.len(), length);
    padded
}

#[test]
fn bytes_of_settings() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("settings.hcl");
    let options = Options { settings: Some(file.clone()), ..passing(directory.path()) };
    fs::write(&file, padded("fail_on = \"high\"\n", "#", 1 << 20)).unwrap();
    assert_eq!(told(&options), [""; 0]);
    fs::write(&file, padded("fail_on = \"high\"\n", "#", (1 << 20) + 1)).unwrap();
    assert!(told(&options).iter().any(|line| line.contains("larger than")), "{:?}", told(&options));
}

/// A rule of one's own that says nothing.
const RULE: &str = "# METADATA\n# title: Nothing\n# description: Nothing.\n# custom:\n#   severity: low\n#   subject: project\n#   remediation: None.\npackage openai.acme.nothing\n\nimport rego.v1\n\napplies := set()\n\ndeny := set()\n\nundetermined := set()\n";

fn with_policy(directory: &Path) -> Options {
    fs::create_dir_all(directory.join("policy/acme")).unwrap();
    Options { policies: vec![directory.join("policy")], ..passing(directory) }
}

#[test]
fn bytes_of_a_rego_file() {
    let directory = tempfile::tempdir().unwrap();
    let options = with_policy(directory.path());
    let file = directory.path().join("policy/acme/nothing.rego");
    fs::write(&file, padded(RULE, "#", 1 << 20)).unwrap();
    assert_eq!(told(&options), [""; 0]);
    fs::write(&file, padded(RULE, "#", (1 << 20) + 1)).unwrap();
    assert!(told(&options).iter().any(|line| line.contains("larger than 1 MiB")), "{:?}", told(&options));
}

#[test]
fn files_and_directories_of_a_policy_directory() {
    let directory = tempfile::tempdir().unwrap();
    let options = with_policy(directory.path());
    let deep = |levels: usize| (1..levels).fold("policy".to_owned(), |path, _| path + "/d");
    // The directory itself is the first of eight.
    fs::write(directory.path().join("policy/acme/nothing.rego"), RULE).unwrap();
    for (levels, is_read) in [(9, true), (10, false)] {
        fs::create_dir_all(directory.path().join(deep(levels))).unwrap();
        let told = told(&options);
        assert!(told.is_empty() == is_read, "{levels}: {told:?}");
    }
    fs::remove_dir_all(directory.path().join("policy/d")).unwrap();
    // `policy` and `policy/acme` count.
    for number in 2..10_000 {
        fs::create_dir(directory.path().join(format!("policy/{number}"))).unwrap();
    }
    assert_eq!(told(&options), [""; 0]);
    fs::create_dir(directory.path().join("policy/more")).unwrap();
    assert!(told(&options).iter().any(|line| line.contains("10000")), "{:?}", told(&options));
}

#[test]
fn bytes_of_an_edition() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("edition.json");
    let text = fs::read_to_string(support::root().join("policies/editions/2026-10.json")).unwrap();
    let options = Options { edition: Some(file.display().to_string()), ..passing(directory.path()) };
    fs::write(&file, text.clone() + &" ".repeat((8 << 20) - text.len())).unwrap();
    assert_eq!(told(&options), [""; 0]);
    fs::write(&file, text.clone() + &" ".repeat((8 << 20) + 1 - text.len())).unwrap();
    assert!(told(&options).iter().any(|line| line.contains("larger than 8 MiB")), "{:?}", told(&options));
}

#[test]
fn bytes_of_a_baseline() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("baseline.json");
    let options = Options { baseline: Some(file.clone()), ..passing(directory.path()) };
    // A file with holes: zeros, which are no JSON.
    for (length, is_too_large) in [(256 << 20, false), ((256 << 20) + 1, true)] {
        fs::File::create(&file).unwrap().set_len(length).unwrap();
        let told = told(&options);
        let said = told.iter().any(|line| line.contains("is larger than 256 MiB"));
        assert!(!told.is_empty() && said == is_too_large, "{length}: {told:?}");
    }
}

#[test]
fn bytes_and_attributes_of_a_file_of_hcl() {
    let directory = tempfile::tempdir().unwrap();
    let source = |text: String| {
        write_files(directory.path(), &[("main.tf", text)]);
        told(&options(vec![directory.path().to_owned()]))
    };
    assert_eq!(source(padded("locals {}\n", "#", 16 << 20)), [""; 0]);
    let said = source(padded("locals {}\n", "#", (16 << 20) + 1));
    assert!(said.iter().any(|line| line.contains("larger than 16 MiB")), "{said:?}");
    let attributes =
        |count: usize| (0..count).fold("locals {\n".to_owned(), |text, n| text + &format!("  k{n} = 1\n")) + "}\n";
    assert_eq!(source(attributes(50_000)), [""; 0]);
    let said = source(attributes(50_001));
    assert!(said.iter().any(|line| line.contains("50000")), "{said:?}");
}

#[test]
fn values_of_a_definition_in_json() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("openai.json");
    // The document, the list, a project with its name, the models that it has with their mode and their list, and each of them.
    let definition = |values: usize| {
        let ids = vec![r#""m""#; values - 7].join(",");
        format!(r#"{{"projects":[{{"name":"p","models":{{"mode":"deny_list","ids":[{ids}]}}}}]}}"#)
    };
    let run = |values: usize| {
        fs::write(&file, definition(values)).unwrap();
        told(&options(vec![file.clone()]))
    };
    assert_eq!(run(1_000_000), [""; 0]);
    let said = run(1_000_001);
    assert!(said.iter().any(|line| line.contains("more than 1000000 values")), "{said:?}");
}

#[test]
fn problems_of_one_definition() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("openai.hcl");
    let run = |count: usize| {
        let projects = (0..count).fold(String::new(), |mut text, n| {
            writeln!(text, "project \"p{n}\" {{\n  colour = 1\n}}").unwrap();
            text
        });
        fs::write(&file, projects).unwrap();
        told(&options(vec![file.clone()]))
    };
    assert_eq!(run(100).len(), 100);
    let said = run(101);
    assert!(said.len() <= 101 && said.iter().any(|line| line.contains("1 more")), "{}: {:?}", said.len(), said.last());
}

/// The name of the project of a source with these locals, where it is known; none, too, of what is an error.
fn name_of(locals: &str, name: &str) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    let text = format!(
        "terraform {{\n  required_providers {{\n    openai = {{\n      source = \"openai/openai\"\n    }}\n  }}\n}}\nlocals {{\n{locals}}}\nresource \"openai_project\" \"p\" {{\n  name = {name}\n}}\n"
    );
    write_files(directory.path(), &[("main.tf", text)]);
    let inputs = facts(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0.unwrap();
    if !inputs.problems.is_empty() {
        return None;
    }
    match &inputs.facts.projects.values().next().unwrap().name {
        Fact::Known(name) => Some(name.clone()),
        Fact::Absent => panic!("no name"),
        Fact::Unknown(_) => None,
    }
}

#[test]
fn what_functions_of_terraform_make() {
    let length = |of: &str| name_of("", &format!("tostring(length({of}))"));
    assert_eq!(length("range(1024)").as_deref(), Some("1024"));
    assert_eq!(length("range(1025)"), None);
    let many = "flatten([for i in range(256) : range(1024)])";
    assert_eq!(length(many).as_deref(), Some("262144"));
    assert_eq!(length(&format!("concat({many}, [1])")), None);
    let text = r#"join("", [for i in range(1024) : join("", [for j in range(1024) : "0123456789abcdef"])])"#;
    assert_eq!(length(text).as_deref(), Some("16777216"));
    assert_eq!(length(&format!("join(\"\", [{text}, \"x\"])")), None);
}

#[test]
fn expressions_that_refer_to_each_other() {
    let chain = |count: usize| {
        let locals =
            (1..count).fold("  l0 = \"end\"\n".to_owned(), |text, n| text + &format!("  l{n} = local.l{}\n", n - 1));
        name_of(&locals, &format!("local.l{}", count - 1))
    };
    let first = (3_990..=4_010).find(|count| chain(*count).is_none());
    assert!(first.is_some_and(|first| (3_995..=4_003).contains(&first)), "{first:?}");
}

#[test]
fn what_functions_of_rego_make() {
    let directory = tempfile::tempdir().unwrap();
    let options = with_policy(directory.path());
    let file = directory.path().join("policy/acme/nothing.rego");
    let run = |made: &str| {
        let rule = RULE.replace(
            "applies := set()",
            &format!("applies contains id if {{\n\tsome id, _ in input.projects\n\t{made}\n}}"),
        );
        fs::write(&file, rule).unwrap();
        write_files(directory.path(), &[("openai.hcl", "project \"us\" {}\n")]);
        told(&options)
    };
    assert_eq!(run("count(numbers.range(1, 1000000)) > 0"), [""; 0]);
    let said = run("count(numbers.range(1, 1000001)) > 0");
    assert!(said.iter().any(|line| line.contains("acme/nothing")), "{said:?}");
    // 1 MiB of text, of 1,024 pieces.
    let text = |last: &str| {
        format!(
            "count(concat(\"\", [piece | some n in numbers.range(1, 1024); piece := sprintf(\"%01024d{last}\", [n])])) > 0"
        )
    };
    assert_eq!(run(&text("")), [""; 0]);
    let said = run(&text("x"));
    assert!(said.iter().any(|line| line.contains("acme/nothing")), "{said:?}");
}

#[test]
fn the_page_names_this_file() {
    let page = fs::read_to_string(support::root().join("docs/limits.md")).unwrap();
    assert!(page.contains("`tests/bounds.rs`"));
}

/// The region of a project in source.
fn region(files: &[(&str, &str)]) -> Fact<String> {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), files);
    let inputs = facts(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0.unwrap();
    inputs.facts.projects.into_values().next().unwrap().region
}

const PROJECT: &str = "terraform {\n  required_providers {\n    openai = {\n      source = \"openai/openai\"\n    }\n  }\n}\nresource \"openai_project\" \"p\" {\n  name      = \"p\"\n  geography = local.region\n}\n";

#[test]
fn text_in_the_arguments_of_a_call() {
    // Four mebibytes, sixteen times and once more.
    let text = "  k = join(\"\", [for i in range(256) : \"0123456789abcdef\"])\n  a = join(\"\", [for i in range(1024) : local.k])\n";
    let with = |expression: &str| format!("{PROJECT}locals {{\n{text}  region = {expression} ? \"EU\" : \"US\"\n}}\n");
    for (expression, known) in [
        ("length(format(\"%v\", [for i in range(2) : local.a])) > 5", true),
        ("length(distinct([for i in range(15) : local.a])) == 1", true),
        ("length(distinct([for i in range(17) : local.a])) == 1", false),
        ("length(toset([for i in range(1024) : local.a])) == 1", false),
        ("length(format(\"%v\", [for i in range(1024) : local.a])) > 5", false),
        ("contains([for i in range(1024) : local.a], \"b\")", false),
    ] {
        let region = region(&[("main.tf", &with(expression))]);
        assert_eq!(matches!(region, Fact::Known(_)), known, "{expression}: {region:?}");
        assert!(!region.is_absent(), "{expression}");
    }
}

#[test]
fn variables_of_a_template() {
    for (count, known) in [(1000, true), (1001, false)] {
        let rendered = format!("templatefile(\"t.txt\", {{for i in range({count}) : \"v${{i}}\" => \"EU\"}})");
        let main = format!("{PROJECT}locals {{\n  region = {rendered}\n}}\n");
        let region = region(&[("main.tf", &main), ("t.txt", "${v0}")]);
        assert_eq!(matches!(&region, Fact::Known(code) if code == "EU"), known, "{count}: {region:?}");
    }
}

#[test]
fn comments_behind_a_minus() {
    let main = format!(
        "{PROJECT}locals {{\n  n = -{}1\n  region = local.n < 0 ? \"EU\" : \"US\"\n}}\n",
        "/**/".repeat(1 << 20)
    );
    let region = region(&[("main.tf", &main)]);
    assert!(matches!(&region, Fact::Known(code) if code == "EU"), "{region:?}");
}

#[test]
fn memory_of_the_values_of_one_evaluation() {
    // Each local value takes eight mebibytes of its own, counted with what it is joined of.
    let with = |count: usize| {
        let pieces = "  k = join(\"\", [for i in range(1024) : \"0123456789abcdef\"])\n";
        let locals = (0..count).fold(pieces.to_owned(), |text, n| {
            text + &format!("  t{n} = join(\"\", concat([\"{n}\"], [for i in range(512) : local.k]))\n")
        });
        let all = (0..count).map(|n| format!("length(local.t{n})")).collect::<Vec<_>>().join(" + ");
        let main = format!("{PROJECT}locals {{\n{locals}  region = {all} > 5 ? \"EU\" : \"US\"\n}}\n");
        let region = region(&[("main.tf", &main)]);
        assert!(!region.is_absent());
        matches!(&region, Fact::Known(code) if code == "EU")
    };
    // 256 MiB by eight, with what little else there is.
    assert!(with(30));
    assert!(!with(32));
}
