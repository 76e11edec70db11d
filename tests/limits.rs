//! Every bound that can be moved: what lies at it is read, what lies one past it is told, with the option that moves it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{binary, options, root, write_files};
use openai_data_controls::limits::Limits;
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check};

fn run(path: &Path, limit: &str, value: u64) -> Report {
    let mut limits = Limits::default();
    limits.set(limit, value).unwrap();
    let options = Options { limits, recursive: limit == "directories", ..options(vec![path.to_owned()]) };
    check(&options, &mut std::io::empty()).0
}

/// At `value` all is read and judged; one below, something is told that names the option, and nothing passes.
fn bounds(path: &Path, limit: &str, value: u64) {
    let at = run(path, limit, value);
    assert!(at.unchecked.is_empty(), "{limit}={value}: {:?}", at.unchecked);
    assert!(at.checked && at.summary.undetermined == 0, "{limit}={value}: {:?}", at.summary);
    let past = run(path, limit, value - 1);
    let told = past.unchecked.iter().any(|entry| entry.why.contains(&format!("--limit {limit}=")));
    assert!(told, "{limit}={}: {:?}", value - 1, past.unchecked);
    assert_eq!(past.summary.exit_code, 5, "{limit}");
}

const PASSES: &str = "organization {\n  data_sharing = false\n}\n";

#[test]
fn inputs_are_read_up_to_their_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("openai.hcl");
    fs::write(&file, PASSES).unwrap();
    bounds(&file, "input-bytes", PASSES.len() as u64);
    let text = r#"{"organization":{"data_sharing":false}}"#;
    let file = directory.path().join("openai.json");
    fs::write(&file, text).unwrap();
    bounds(&file, "definition-bytes", text.len() as u64);
}

#[test]
fn directories_are_looked_through_up_to_their_number() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::create_dir(directory.path().join(name)).unwrap();
        fs::write(directory.path().join(name).join("main.tf"), "locals {}\n").unwrap();
    }
    fs::write(directory.path().join("a/openai.hcl"), PASSES).unwrap();
    bounds(directory.path(), "directories", 3);
}

/// A root module whose modules `names` call each other, one in the other.
fn chain(directory: &Path, names: &[&str]) {
    let mut at = directory.to_owned();
    for (number, name) in names.iter().enumerate() {
        let source = if number == 0 { format!("./{name}") } else { format!("../{name}") };
        fs::write(at.join("main.tf"), format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n")).unwrap();
        at = directory.join(name);
        fs::create_dir(&at).unwrap();
    }
    fs::write(at.join("main.tf"), "locals {}\n").unwrap();
    fs::write(directory.join("openai.hcl"), PASSES).unwrap();
}

#[test]
fn modules_are_followed_up_to_their_number_and_depth() {
    let directory = tempfile::tempdir().unwrap();
    chain(directory.path(), &["a", "b", "c"]);
    bounds(directory.path(), "module-calls", 3);
    bounds(directory.path(), "module-depth", 3);
}

#[test]
fn instances_are_read_up_to_their_number() {
    let directory = tempfile::tempdir().unwrap();
    let mut source =
        "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n".to_owned();
    for name in ["a", "b", "c"] {
        let _ = write!(source, "resource \"openai_project\" \"{name}\" {{\n  name = \"{name}\"\n}}\n");
    }
    fs::write(directory.path().join("main.tf"), source).unwrap();
    let definition = "organization {\n  data_retention = \"none\"\n}\n";
    fs::write(directory.path().join("openai.hcl"), definition).unwrap();
    bounds(directory.path(), "instances", 3);
    // More of one resource than are followed are not counted, and leave everything of them open.
    let counted = "resource \"openai_project\" \"n\" {\n  count = 4\n  name  = \"n\"\n  geography = \"US\"\n}\n";
    let counted = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n"
        .to_owned()
        + counted;
    fs::write(directory.path().join("main.tf"), counted).unwrap();
    assert!(run(directory.path(), "instances", 4).findings.iter().any(|f| f.subject.id.ends_with("n[3]")));
    let past = run(directory.path(), "instances", 3);
    assert!(
        past.summary.exit_code != 0 && !past.findings.iter().any(|f| f.subject.id.ends_with("n[0]")),
        "{:?}",
        past.findings
    );
}

/// Modules that call others are counted together with these.
#[test]
fn instances_of_modules_are_read_up_to_their_number() {
    let directory = tempfile::tempdir().unwrap();
    let provider = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";
    let call = |name: &str| format!("module \"{name}\" {{\n  source = \"./{name}\"\n  count = 2\n}}\n");
    let project = format!("{provider}resource \"openai_project\" \"p\" {{\n  name = \"p\"\n}}\n");
    write_files(directory.path(), &[("main.tf", call("a")), ("a/main.tf", call("b")), ("a/b/main.tf", project)]);
    fs::write(directory.path().join("openai.hcl"), "organization {\n  data_retention = \"none\"\n}\n").unwrap();
    bounds(directory.path(), "instances", 6);
}

/// A file that a function reads costs steps, however short its path and its digest are.
#[test]
fn what_functions_read_is_counted() {
    let directory = tempfile::tempdir().unwrap();
    let source = "locals {\n  all = [for i in range(300) : [for j in range(100) : filesha256(\"${path.module}/large.bin\")]]\n}\nterraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\nresource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = local.all[299][99]\n}\n";
    fs::write(directory.path().join("main.tf"), source).unwrap();
    fs::write(directory.path().join("large.bin"), vec![0; 1 << 20]).unwrap();
    let began = std::time::Instant::now();
    let report = run(directory.path(), "steps", 1_000_000);
    assert_ne!(report.summary.exit_code, 0);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

/// Of steps nobody knows how many something takes: the least that is enough, and one fewer.
#[test]
fn what_takes_more_steps_is_unknown() {
    let directory = tempfile::tempdir().unwrap();
    let source = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\nlocals {\n  regions = [for r in [\"US\", \"US\"] : upper(lower(r))]\n}\nresource \"openai_project\" \"p\" {\n  name      = \"p\"\n  geography = local.regions[1]\n}\n";
    fs::write(directory.path().join("main.tf"), source).unwrap();
    let region_is_open = |steps: u64| {
        let report = run(directory.path(), "steps", steps);
        report.findings.iter().any(|f| f.message.contains("more is to be computed than is followed"))
            || report.summary.exit_code == 5
    };
    let (mut few, mut enough) = (1, 10_000);
    assert!(region_is_open(few) && !region_is_open(enough));
    while enough - few > 1 {
        let middle = few.midpoint(enough);
        if region_is_open(middle) { few = middle } else { enough = middle }
    }
    assert!(region_is_open(enough - 1) && !region_is_open(enough));
    assert_ne!(run(directory.path(), "steps", enough - 1).summary.exit_code, 0);
}

#[test]
fn a_rule_runs_no_longer_than_its_seconds() {
    let directory = tempfile::tempdir().unwrap();
    let policy = directory.path().join("policy/acme");
    fs::create_dir_all(&policy).unwrap();
    let rule = "# METADATA\n# scope: package\n# title: Slow\n# description: Slow.\n# custom:\n#   severity: low\n#   subject: project\n#   remediation: Wait.\n#   section: none\n#   statements: []\npackage openai.acme.slow\n\nimport rego.v1\n\napplies contains id if some id, _ in input.projects\n\ndeny contains f if {\n\tsome id, p in input.projects\n\tcount([x | some a in numbers.range(1, 30000); some b in numbers.range(1, 30000); x := a * b; x < 0]) > 0\n\tf := {\"subject\": id, \"attribute\": \"name\", \"msg\": p.name}\n}\n\nundetermined contains f if {\n\tfalse\n\tf := {}\n}\n";
    fs::write(policy.join("slow.rego"), rule).unwrap();
    let file = directory.path().join("openai.hcl");
    fs::write(&file, "project \"us\" {}\n").unwrap();
    let mut limits = Limits::default();
    limits.set("rule-seconds", 1).unwrap();
    let options = Options { limits, policies: vec![directory.path().join("policy")], ..options(vec![file]) };
    let began = std::time::Instant::now();
    let report = check(&options, &mut std::io::empty()).0;
    assert_eq!(report.summary.exit_code, 5, "{:?}", report.unchecked);
    assert!(
        report.unchecked.iter().any(|entry| entry.path.as_deref().is_some_and(|p| p.ends_with("slow.rego"))),
        "{:?}",
        report.unchecked
    );
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn bounds_are_moved_on_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("openai.hcl");
    fs::write(&file, PASSES).unwrap();
    let run = |limits: &[&str]| {
        let limits = limits.iter().flat_map(|limit| ["--limit", limit]);
        let output = binary().arg("check").arg(&file).args(limits).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run(&["input-bytes=100", "steps=10"]).0, 0);
    for (limits, says) in [
        (&["input-bytes=10"][..], "--limit input-bytes="),
        (&["input-bytes=0"], "is a number from 1 to"),
        (&["input-byte=10"], "did you mean input-bytes?"),
        (&["steps"], "expected NAME=VALUE"),
        (&["steps=many"], "expected a whole number"),
        (&["rule-seconds=999999"], "is a number from 1 to 3600"),
    ] {
        let (code, said) = run(limits);
        assert!(code == 5 && said.contains(says), "{limits:?}: {said}");
    }
}

/// The page has a row for each, with its value.
#[test]
fn the_page_has_every_bound() {
    let page = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    for limit in Limits::ALL {
        let shown = |number: u64| match number {
            n if n >= 1 << 20 && n.is_multiple_of(1 << 30) => format!("{} GiB", n >> 30),
            n if n >= 1 << 20 && n.is_multiple_of(1 << 20) => format!("{} MiB", n >> 20),
            n => n.to_string(),
        };
        let row = format!("| `{}` | {} | {} | {} |", limit.name, limit.what, shown(limit.default), shown(limit.most));
        assert!(page.lines().any(|line| line == row), "docs/limits.md is to say: {row}");
    }
}
