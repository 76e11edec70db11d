//! `--waivers-from REF`, in real git repositories: a change can't excuse itself.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{self, TODAY, write_files};
use serde_json::Value;

const SETTINGS: &str = ".openai-data-controls.hcl";
const RULE: &str = "residency/residency-not-approved";

const SOURCE: &str = r#"terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}
resource "openai_project" "a" {
  name      = "a"
  geography = "US"
}
"#;

/// A project in a region without approval, with a comment at the line of its region.
fn violation(name: &str, comment: &str) -> String {
    format!("resource \"openai_project\" \"{name}\" {{\n  name      = \"{name}\"\n  geography = \"EU\" {comment}\n}}\n")
}

fn waiver(subject: &str) -> String {
    format!(
        "waiver \"{RULE}\" {{\n  subject = \"{subject}\"\n  reason  = \"asked for\"\n  expires = \"2026-12-31\"\n}}\n"
    )
}

const IGNORE: &str = "# openai-data-controls:ignore residency/residency-not-approved until 2026-12-31: asked for";

/// Rules that are not spoken of here are off, so that the one that is decides the exit code.
fn quiet(more: &str) -> String {
    let (policies, _) = openai_data_controls::policy::PolicySet::load(&openai_data_controls::policy::embedded());
    let others = policies.rules().iter().filter(|rule| rule.id.as_str() != RULE);
    others.map(|rule| format!("rule \"{}\" {{ enabled = false }}\n", rule.id)).collect::<String>() + more
}

struct Repository(tempfile::TempDir);

impl Repository {
    /// A repository whose branch `base` holds these files.
    fn new(files: &[(&str, &str)]) -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch=base"]);
        repository.commit(files);
        repository.git(&["checkout", "--quiet", "-b", "change"]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn write(&self, files: &[(&str, &str)]) {
        write_files(self.path(), files);
    }

    fn commit(&self, files: &[(&str, &str)]) {
        self.write(files);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "files"]);
    }

    fn check(&self, arguments: &[&str]) -> (i32, Value) {
        self.check_in(".", arguments)
    }

    fn check_in(&self, directory: &str, arguments: &[&str]) -> (i32, Value) {
        let mut program = support::binary();
        program.current_dir(self.path().join(directory)).args(["check", "--format", "json", "--today", TODAY]);
        // As a hook would have it, which does not lead elsewhere.
        program.env("GIT_DIR", "/nonexistent").env("GIT_INDEX_FILE", "/nonexistent");
        let output = program.args(arguments).output().unwrap();
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or_default())
    }
}

const FROM_BASE: [&str; 2] = ["--waivers-from", "base"];

#[test]
fn a_change_with_a_violation_and_its_waiver_fails() {
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    assert_eq!(repository.check(&FROM_BASE).0, 3, "project a has no approval");
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(&waiver("a")))]);
    assert_eq!(repository.check(&FROM_BASE).0, 0);
    let source = format!("{SOURCE}{}", violation("b", ""));
    repository.commit(&[("main.tf", &source), (SETTINGS, &quiet(&format!("{}{}", waiver("a"), waiver("b"))))]);
    assert_eq!(repository.check(&[]).0, 0, "by itself it would pass");
    let (code, report) = repository.check(&FROM_BASE);
    assert_eq!(code, 3);
    assert_eq!(report["settings"]["path"], "base:.openai-data-controls.hcl");
    assert_eq!(report["summary"]["waived"], 1);
    assert_eq!(report["waivers"].as_array().unwrap().len(), 1);
    assert!(report["notes"].to_string().contains("count as base has them"), "{}", report["notes"]);
    // Git may be told to show another commit in its place; the one that is named counts.
    repository.git(&["replace", "base", "change"]);
    assert_eq!(repository.check(&FROM_BASE).0, 3);
    repository.git(&["replace", "--delete", "base"]);
    // Once it is merged, it holds.
    assert_eq!(repository.check(&["--waivers-from", "change"]).0, 0);
    assert_eq!(repository.check(&["--waivers-from", "HEAD"]).0, 0);
}

#[test]
fn a_change_with_a_violation_and_an_ignore_beside_it_fails() {
    let repository = Repository::new(&[("main.tf", &violation("a", IGNORE)), (SETTINGS, &quiet(""))]);
    let head = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";
    let (old, new) = (violation("a", IGNORE), violation("b", IGNORE));
    repository.git(&["checkout", "--quiet", "base"]);
    repository.commit(&[("main.tf", &format!("{head}{old}"))]);
    repository.git(&["checkout", "--quiet", "-B", "change"]);
    assert_eq!(repository.check(&FROM_BASE).0, 0);
    for (text, code, why) in [
        (format!("# moved\n\n{head}\n\n{old}"), 0, "moved lines"),
        (format!("{head}{old}{new}"), 3, "another resource"),
        (format!("{head}{new}{old}"), 3, "another resource before it"),
        (format!("{head}{new}"), 3, "moved to another resource"),
        (format!("{head}{}", old.replace("\"EU\"", "\"JP\"")), 3, "another value at its line"),
        (format!("{head}{}", old.replace("2026-12-31", "2027-12-31")), 3, "a later day"),
        (format!("{head}{}", old.replace(IGNORE, "")), 3, "taken away"),
        (format!("{head}{}", old.replace("EU\" ", "EU\"\t")), 0, "only spaces"),
        (format!("{head}{}", old.replace("name      = \"a\"", "name      = \"b\"")), 3, "another line of its block"),
        (format!("{head}{}", old.replace("name      = \"a\"", "name      = \"a \"")), 3, "spaces in a text"),
    ] {
        repository.write(&[("main.tf", &text)]);
        assert_eq!(repository.check(&FROM_BASE).0, code, "{why}");
        if why != "taken away" {
            assert_eq!(repository.check(&[]).0, 0, "{why}, by itself");
        }
    }
    let replaced = "resource \"openai_project\" \"a\" {\n  name = \"b\"\n}\n";
    repository.write(&[("main.tf", &format!("{head}{old}")), ("x_override.tf", replaced)]);
    assert_eq!((repository.check(&[]).0, repository.check(&FROM_BASE).0), (0, 3), "overridden elsewhere");
    fs::remove_file(repository.path().join("x_override.tf")).unwrap();
    repository.write(&[("main.tf", &format!("{head}{new}"))]);
    let (_, report) = repository.check(&FROM_BASE);
    assert_eq!(report["waivers"][0]["state"], "unused");
    assert!(report["waivers"][0]["why"].as_str().unwrap().contains("\"base\""), "{}", report["waivers"]);
}

#[test]
fn an_ignore_counts_in_a_file_of_so_many_bytes_of_the_revision() {
    let text = format!(
        "terraform {{\n  required_providers {{\n    openai = {{ source = \"openai/openai\" }}\n  }}\n}}\n{}",
        violation("a", IGNORE)
    );
    let most = 16 << 20;
    for (length, code) in [(most, 0), (most + 1, 3)] {
        let comments = format!("{}\n", "#".repeat(length - text.len() - 1));
        let repository = Repository::new(&[("main.tf", &format!("{text}{comments}")), (SETTINGS, &quiet(""))]);
        repository.write(&[("main.tf", &text)]);
        assert_eq!(repository.check(&FROM_BASE).0, code, "{length}");
    }
}

#[test]
fn a_change_can_not_lower_what_the_settings_ask_for() {
    let strict = quiet("fail_on = \"low\"\n");
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &strict)]);
    for settings in [
        format!("rule \"{RULE}\" {{ severity = \"low\" }}\n"),
        format!("rule \"{RULE}\" {{ enabled = false }}\n"),
        "fail_on = \"critical\"\n".to_owned(),
        "unchecked \"module.x\" {\n  reason = \"x\"\n  expires = \"2027-01-01\"\n}\n".to_owned(),
    ] {
        let source = format!("{SOURCE}module \"x\" {{\n  source = \"foo/x/aws\"\n}}\n");
        let text = if settings.starts_with("unchecked") { &source } else { SOURCE };
        repository.write(&[(SETTINGS, &settings), ("main.tf", text)]);
        let code = if settings.starts_with("unchecked") { 5 } else { 3 };
        assert_eq!(repository.check(&FROM_BASE).0, code, "{settings}");
    }
    repository.write(&[("main.tf", SOURCE)]);
    fs::remove_file(repository.path().join(SETTINGS)).unwrap();
    let (code, report) = repository.check(&FROM_BASE);
    assert_eq!(
        (code, report["findings"].as_array().unwrap().len()),
        (3, 1),
        "taken away, and still as the base has them"
    );
}

#[test]
fn settings_nearer_to_the_input_do_not_count_before_they_are_merged() {
    let repository = Repository::new(&[("envs/prod/main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    repository.write(&[("envs/prod/.openai-data-controls.hcl", &quiet(&waiver("a")))]);
    assert_eq!(repository.check_in("envs/prod", &[]).0, 0);
    let (code, report) = repository.check_in("envs/prod", &FROM_BASE);
    assert_eq!((code, &report["settings"]["path"]), (3, &Value::from("base:.openai-data-controls.hcl")));
    let (code, report) = repository
        .check(&[&FROM_BASE[..], &["envs/prod", "--settings", "envs/prod/.openai-data-controls.hcl"]].concat());
    assert_eq!(code, 5, "named, and not there");
    assert!(report["unchecked"][0]["why"].as_str().unwrap().contains("the revision has no such settings"));
    // What lies outside is no part of the change.
    let outside = tempfile::tempdir().unwrap();
    let settings = outside.path().join("settings.hcl");
    fs::write(&settings, quiet(&waiver("a"))).unwrap();
    let asked = ["envs/prod", "--settings", settings.to_str().unwrap()];
    assert_eq!(repository.check(&[&FROM_BASE[..], &asked].concat()).0, 0);
}

#[test]
fn a_revision_that_is_not_there_ends_in_5() {
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(&waiver("a")))]);
    for name in ["no-such-branch", "base:main.tf", "", "0000000000000000000000000000000000000000", "--help=x", "-h"] {
        let option = format!("--waivers-from={name}");
        let (code, report) = repository.check(&[&option]);
        assert_eq!(code, 5, "{name}");
        let entry = &report["unchecked"][0];
        assert_eq!(entry["what"], "--waivers-from", "{name}: {entry}");
        assert_eq!(report["summary"]["waived"], 0, "{name}");
    }
    repository.git(&["tag", "v1", "base"]);
    assert_eq!(repository.check(&["--waivers-from", "v1"]).0, 0);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("main.tf"), SOURCE).unwrap();
    let mut program = support::binary();
    let output = program.current_dir(outside.path()).args(["check", "--waivers-from", "base"]).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&output.stderr).contains("in no git repository"));
}

fn off(rule: &str) -> String {
    format!("rule \"{rule}\" {{ enabled = false }}\n")
}

#[test]
fn a_name_that_means_two_things_does_not_count() {
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    repository.git(&["remote", "add", "origin", "."]);
    repository.git(&["update-ref", "refs/remotes/origin/base", "base"]);
    repository.commit(&[(SETTINGS, &quiet(&off(RULE)))]);
    let code = |name: &str| repository.check(&["--waivers-from", name]).0;
    assert_eq!((code("origin/base"), code("change")), (3, 0));
    for kind in ["tag", "branch"] {
        repository.git(&[kind, "origin/base"]);
        assert_eq!((code("origin/base"), code("origin/base~0"), code("refs/remotes/origin/base")), (5, 5, 3), "{kind}");
        repository.git(&[kind, if kind == "tag" { "-d" } else { "-D" }, "origin/base"]);
    }
    repository.git(&["tag", "base"]);
    assert_eq!((code("base"), code("refs/heads/base")), (5, 3), "a tag and a branch");
    let commit =
        Command::new("git").current_dir(repository.path()).args(["rev-parse", "refs/heads/base"]).output().unwrap();
    let commit = String::from_utf8(commit.stdout).unwrap().trim().to_owned();
    assert_eq!((code(&commit), code(&commit[..10])), (3, 3));
    repository.git(&["tag", &commit[..10], "change"]);
    assert_eq!((code(&commit), code(&commit[..10])), (3, 5), "a tag that is called like a short commit");
}

#[test]
fn a_submodule_in_the_place_of_a_directory_brings_no_settings() {
    let other = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(&off(RULE)))]);
    let repository = Repository::new(&[("infra/main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    repository.git(&["rm", "-r", "--quiet", "infra"]);
    let from = other.path().to_str().unwrap();
    repository.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        "--branch",
        "base",
        from,
        "infra",
    ]);
    repository.git(&["commit", "--quiet", "--message", "submodule"]);
    assert_eq!(repository.check(&["infra"]).0, 0, "its own settings");
    assert_eq!(repository.check(&["infra", "--waivers-from", "base"]).0, 3);
    // Wherever git keeps what belongs to the repository around it.
    let kept = tempfile::tempdir().unwrap();
    let moved = kept.path().join("moved");
    fs::rename(repository.path().join(".git"), &moved).unwrap();
    fs::write(repository.path().join(".git"), format!("gitdir: {}\n", moved.display())).unwrap();
    let inner = moved.join("modules/infra");
    fs::write(repository.path().join("infra/.git"), format!("gitdir: {}\n", inner.display())).unwrap();
    let config = fs::read_to_string(inner.join("config")).unwrap();
    let worktree = config.lines().find(|line| line.contains("worktree")).unwrap();
    let there = format!("\tworktree = {}", repository.path().join("infra").display());
    fs::write(inner.join("config"), config.replace(worktree, &there)).unwrap();
    assert_eq!(repository.check(&["infra"]).0, 0, "its own settings");
    assert_eq!(repository.check(&["infra", "--waivers-from", "base"]).0, 3);
}

#[test]
fn an_ignore_that_moves_to_another_block_does_not_count() {
    let rule = "residency/model-not-in-region";
    let (policies, _) = openai_data_controls::policy::PolicySet::load(&openai_data_controls::policy::embedded());
    let settings: String =
        policies.rules().iter().filter(|other| other.id.as_str() != rule).map(|other| off(other.id.as_str())).collect();
    let ignore = format!("# openai-data-controls:ignore {rule} until 2026-12-31: a stub");
    let definition = |embeddings: &str, responses: &str| {
        format!(
            "project \"eu\" {{\n  region = \"EU\"\n  use \"/v1/embeddings\" {{\n    model = {embeddings}\n  }}\n  use \"/v1/responses\" {{\n    model = {responses}\n  }}\n}}\n"
        )
    };
    let (stub, fine) = (format!("\"my-test-model\" {ignore}"), "\"gpt-4.1-2025-04-14\"".to_owned());
    let repository = Repository::new(&[("openai.hcl", &definition(&stub, &fine)), (SETTINGS, &settings)]);
    assert_eq!(repository.check(&FROM_BASE).0, 0);
    let moved = definition("\"text-embedding-3-small\"", &stub);
    repository.commit(&[("openai.hcl", &moved)]);
    assert_eq!(repository.check(&[]).0, 0, "by itself it would pass");
    assert_eq!(repository.check(&FROM_BASE).0, 3);
}

#[test]
fn an_edition_that_the_settings_name_counts_as_the_base_has_it() {
    let edition = fs::read_to_string(support::root().join("policies/editions/2026-10.json")).unwrap();
    let settings = format!("edition = \"./edition.json\"\n{}", quiet(""));
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &settings), ("edition.json", &edition)]);
    assert_eq!(repository.check(&FROM_BASE).0, 3);
    repository.commit(&[("edition.json", &format!("{edition}\n"))]);
    let (code, report) = repository.check(&FROM_BASE);
    assert_eq!(code, 5);
    assert!(report["unchecked"].to_string().contains("is not as base has it"), "{}", report["unchecked"]);
    // Nor does one that the command line names.
    let named = ["--edition", "edition.json", "--waivers-from", "base"];
    assert_eq!(repository.check(&named).0, 5);
    fs::write(repository.path().join("edition.json"), &edition).unwrap();
    assert_eq!(repository.check(&named).0, 3);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_leads_to_no_other_settings() {
    let repository = Repository::new(&[
        ("infra/main.tf", SOURCE),
        (SETTINGS, &quiet("")),
        ("examples/lax/main.tf", SOURCE),
        (&format!("examples/lax/{SETTINGS}"), &quiet(&off(RULE))),
    ]);
    repository.git(&["rm", "-r", "--quiet", "infra"]);
    std::os::unix::fs::symlink("examples/lax", repository.path().join("infra")).unwrap();
    repository.commit(&[]);
    assert_eq!(repository.check(&["infra"]).0, 0);
    assert_eq!(repository.check(&["infra", "--waivers-from", "base"]).0, 5);
}

#[test]
fn a_link_in_the_place_of_settings_is_not_followed() {
    let repository = Repository::new(&[("main.tf", SOURCE), ("other.hcl", &quiet(&waiver("a")))]);
    repository.git(&["checkout", "--quiet", "base"]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("other.hcl", repository.path().join(SETTINGS)).unwrap();
    repository.commit(&[]);
    let (code, report) = repository.check(&FROM_BASE);
    assert_eq!(code, 5, "{report}");
    assert!(report["unchecked"][0]["why"].as_str().unwrap().contains("no regular file"));
}

#[test]
fn a_baseline_of_the_change_does_not_count() {
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    let report = |repository: &Repository| {
        let mut program = support::binary();
        program.current_dir(repository.path()).args(["check", "--format", "json", "--today", TODAY]);
        String::from_utf8(program.output().unwrap().stdout).unwrap()
    };
    let baseline = report(&repository);
    let asked = [&FROM_BASE[..], &["--baseline", "baseline.json"]].concat();
    repository.write(&[("baseline.json", &baseline)]);
    assert_eq!(repository.check(&asked).0, 0, "fetched for the run, and no part of the change");
    repository.commit(&[]);
    let (code, found) = repository.check(&asked);
    assert_eq!(code, 5);
    assert!(found["unchecked"][0]["why"].as_str().unwrap().contains("no such baseline"));
    repository.git(&["branch", "--force", "base", "change"]);
    assert_eq!(repository.check(&asked).0, 0, "merged");
    repository.commit(&[("main.tf", &format!("{SOURCE}{}", violation("b", "")))]);
    repository.commit(&[("baseline.json", &report(&repository))]);
    let (code, found) = repository.check(&asked);
    assert_eq!((code, &found["baseline"]["new"], &found["baseline"]["known"]), (3, &1.into(), &1.into()));
}

#[test]
fn settings_outside_the_repository_are_read_by_whatever_way_leads_there() {
    let outer = tempfile::tempdir().unwrap();
    let inside = Repository::new(&[("main.tf", SOURCE)]);
    fs::rename(inside.path(), outer.path().join("wd")).unwrap();
    fs::write(outer.path().join("s.hcl"), quiet(&waiver("a"))).unwrap();
    let mut program = support::binary();
    program.current_dir(outer.path().join("wd")).args(["check", "--today", TODAY, "--settings", "../s.hcl"]);
    let output = program.args(FROM_BASE).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_committed_baseline_may_be_as_large_as_another() {
    let repository = Repository::new(&[("main.tf", SOURCE), (SETTINGS, &quiet(""))]);
    let mut program = support::binary();
    program.current_dir(repository.path()).args(["check", "--format", "json", "--today", TODAY]);
    let report = String::from_utf8(program.output().unwrap().stdout).unwrap();
    repository.commit(&[("baseline.json", &format!("{report}{}", " ".repeat(17 << 20)))]);
    repository.git(&["branch", "--force", "base", "change"]);
    assert_eq!(repository.check(&[&FROM_BASE[..], &["--baseline", "baseline.json"]].concat()).0, 0);
}

/// An override file of the revision may be why an ignore of it says nothing there.
#[test]
fn an_override_that_a_change_takes_away_revives_no_ignore() {
    let overriding = "resource \"openai_project\" \"b\" {\n  geography = null\n}\n";
    for (directory, name) in [("", "override.tf"), ("", "b_override.tf"), ("infra/", "b_override.tf")] {
        let (main, settings) = (format!("{SOURCE}{}", violation("b", IGNORE)), quiet(&waiver("a")));
        let (main_path, override_path) = (format!("{directory}main.tf"), format!("{directory}{name}"));
        let files = [(main_path.as_str(), main.as_str()), (&override_path, overriding), (SETTINGS, &settings)];
        let repository = Repository::new(&files);
        let asked: Vec<&str> = [directory].into_iter().filter(|path| !path.is_empty()).chain(FROM_BASE).collect();
        assert_eq!(repository.check(&asked).0, 0);
        repository.git(&["rm", "--quiet", &override_path]);
        repository.commit(&[]);
        assert_eq!(repository.check(&asked).0, 3, "{directory}{name}");
        let without: Vec<&str> = asked.iter().copied().filter(|word| !FROM_BASE.contains(word)).collect();
        assert_eq!(repository.check(&without).0, 0, "the ignore is a good one");
    }
}

/// What was acknowledged is the module that was not looked into, and no other one in its place.
#[test]
fn a_module_that_is_exchanged_is_not_acknowledged() {
    let call = |name: &str, source: &str, more: &str| {
        format!("{SOURCE}module \"{name}\" {{\n  source = \"{source}\"\n{more}}}\n")
    };
    let acknowledged = "unchecked \"module.*\" {\n  reason  = \"a network\"\n  expires = \"2026-12-31\"\n}\n";
    let settings = quiet(&format!("{}{acknowledged}", waiver("a")));
    let base = call("network", "terraform-aws-modules/vpc/aws", "");
    let repository = Repository::new(&[("main.tf", &base), (SETTINGS, &settings)]);
    assert_eq!(repository.check(&FROM_BASE).0, 0);
    for (changed, code) in [
        (format!("# moved\n\n{}", call("network", "terraform-aws-modules/vpc/aws", "  cidr = \"10.0.0.0/8\"\n")), 0),
        (call("network", "git::https://example.com/openai-eu-projects.git", ""), 5),
        (call("other", "terraform-aws-modules/vpc/aws", ""), 5),
    ] {
        repository.commit(&[("main.tf", &changed)]);
        let (found, report) = repository.check(&FROM_BASE);
        assert_eq!(found, code, "{changed} {}", report["unchecked"]);
        let told = report["unchecked"].to_string().contains("with the source that it has in base");
        assert_eq!(told, code == 5, "{changed} {}", report["unchecked"]);
        assert_eq!(repository.check(&[]).0, 0, "{changed}");
    }
}
