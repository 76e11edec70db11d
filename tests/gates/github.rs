//! The action and the workflows of GitHub: their scripts, run as the runner runs them, and what linters say of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::{blocks, left, path, quickstart, yaml};
use crate::support::{TODAY, on_path, peer, root};

/// A runner's directories, with the program in an archive as releases have it.
struct Runner {
    directory: tempfile::TempDir,
    action: Value,
}

impl Runner {
    fn new() -> Runner {
        let runner = Runner {
            directory: tempfile::tempdir().unwrap(),
            action: yaml(&fs::read_to_string(root().join("action.yml")).unwrap()),
        };
        for file in ["output", "summary"] {
            fs::write(runner.at(file), "").unwrap();
        }
        fs::create_dir(runner.at("temp")).unwrap();
        let made = Command::new(root().join("dist/plugin"))
            .args(["--binary", env!("CARGO_BIN_EXE_openai-data-controls")])
            .arg(runner.at("plugin"))
            .output();
        left(&made.unwrap(), 0);
        let packed =
            Command::new("tar").arg("-czf").arg(runner.archive()).arg("-C").arg(runner.at("plugin")).arg(".").output();
        left(&packed.unwrap(), 0);
        runner
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn archive(&self) -> PathBuf {
        self.at("openai-data-controls-linux-amd64.tar.gz")
    }

    fn digest(&self) -> String {
        openai_data_controls::digest::sha256([fs::read(self.archive()).unwrap().as_slice()])
    }

    /// Runs a step of the action with these inputs, else their defaults, as the runner does: expressions are filled in, and
    /// the script runs in a file.
    fn step(&self, number: usize, inputs: &[(&str, &str)], workspace: &Path) -> Output {
        let step = &self.action["runs"]["steps"][number];
        assert_eq!(step["shell"], "bash");
        let script = self.at("script.sh");
        let text = step["run"].as_str().unwrap();
        assert!(!text.contains("${{"), "expressions in a script are how texts become code: {text}");
        fs::write(&script, text).unwrap();
        let mut command = Command::new("timeout");
        command.args(["60", "bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&script);
        command.current_dir(workspace).env("PATH", path()).env("RUNNER_TEMP", self.at("temp"));
        command.env("GITHUB_OUTPUT", self.at("output")).env("GITHUB_STEP_SUMMARY", self.at("summary"));
        for (name, expression) in step["env"].as_object().unwrap() {
            let expression = expression.as_str().unwrap().trim_start_matches("${{").trim_end_matches("}}").trim();
            let value = match expression.strip_prefix("inputs.") {
                Some(input) => {
                    let default = self.action["inputs"][input]["default"].as_str().unwrap_or_else(|| panic!("{input}"));
                    inputs.iter().find(|(name, _)| *name == input).map_or(default, |(_, value)| value).to_owned()
                }
                None => {
                    assert_eq!(expression, "github.action_path");
                    root().display().to_string()
                }
            };
            command.env(name, value);
        }
        command.output().unwrap()
    }
}

#[test]
fn the_action_installs_what_has_the_digest_and_nothing_else() {
    let runner = Runner::new();
    let archive = runner.archive();
    let archive = archive.to_str().unwrap();
    for (inputs, says) in [
        (
            vec![("archive", archive), ("sha256", "0000000000000000000000000000000000000000000000000000000000000000")],
            "nothing is unpacked",
        ),
        (vec![("archive", archive)], "needs --sha256"),
        (vec![("archive", archive), ("sha256", "abc")], "needs --sha256"),
        (vec![("archive", "http://127.0.0.1/x.tar.gz"), ("sha256", &runner.digest())], "only https is fetched"),
    ] {
        let output = runner.step(0, &inputs, runner.directory.path());
        left(&output, 2);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(says), "{said}");
        assert!(!runner.at("temp/openai-data-controls/openai-data-controls").exists(), "{said}");
    }
    let output = runner.step(0, &[("archive", archive), ("sha256", &runner.digest())], runner.directory.path());
    left(&output, 0);
    assert!(runner.at("temp/openai-data-controls/openai-data-controls").is_file());
}

#[test]
fn the_action_annotates_writes_sarif_and_leaves_as_the_check_does() {
    let runner = Runner::new();
    let archive = runner.archive();
    left(
        &runner.step(
            0,
            &[("archive", archive.to_str().unwrap()), ("sha256", &runner.digest())],
            runner.directory.path(),
        ),
        0,
    );
    let workspace = quickstart();
    fs::write(workspace.path().join("with space.hcl"), "organization {\n  data_sharing = false\n}\n").unwrap();
    let today = format!("--today={TODAY}");
    let violated = runner.step(1, &[("paths", "plan.json\nopenai.hcl\n"), ("arguments", &today)], workspace.path());
    let log = left(&violated, 3);
    assert!(log.starts_with("::error file="), "{log}");
    let sarif: Value =
        serde_json::from_slice(&fs::read(workspace.path().join("openai-data-controls.sarif")).unwrap()).unwrap();
    assert!(sarif["runs"][0]["results"].as_array().unwrap().len() > 3);
    assert!(fs::read_to_string(runner.at("summary")).unwrap().starts_with("<!-- openai-data-controls -->"));
    let outputs = fs::read_to_string(runner.at("output")).unwrap();
    assert_eq!(outputs, "exit-code=3\nsarif=openai-data-controls.sarif\n");

    let arguments = format!("{today}\n--edition=2025-06\n");
    let inputs = [("paths", "with space.hcl"), ("arguments", arguments.as_str()), ("sarif", "out/none.sarif")];
    let unwritable = runner.step(1, &inputs, workspace.path());
    left(&unwritable, 5);
    let inputs = [("paths", "with space.hcl"), ("arguments", arguments.as_str()), ("sarif", "us.sarif")];
    left(&runner.step(1, &inputs, workspace.path()), 0);
    assert!(fs::read_to_string(runner.at("output")).unwrap().ends_with("exit-code=0\nsarif=us.sarif\n"));

    // What would end with 0 without a check is refused.
    for nothing in ["--help", "-h", "--version", "-V", "-hV"] {
        let arguments = format!("{today}\n{nothing}\n");
        let refused = runner.step(1, &[("paths", "plan.json"), ("arguments", arguments.as_str())], workspace.path());
        assert!(left(&refused, 5).contains("checks nothing"), "{nothing}");
        assert!(fs::read_to_string(runner.at("output")).unwrap().ends_with("exit-code=5\n"), "{nothing}");
    }

    // An argument can't be smuggled in as a path, nor a command.
    let inputs = [("paths", "--exit-zero\nplan.json"), ("arguments", today.as_str())];
    left(&runner.step(1, &inputs, workspace.path()), 5);
    let inputs = [("paths", "plan.json\n$(touch smuggled)`touch smuggled`"), ("arguments", today.as_str())];
    left(&runner.step(1, &inputs, workspace.path()), 5);
    assert!(!workspace.path().join("smuggled").exists());

    // Elsewhere than in the workspace: paths are relative to that place.
    let around = tempfile::tempdir().unwrap();
    fs::rename(workspace.path(), around.path().join("change")).unwrap();
    let inputs = [("working-directory", "change"), ("paths", "plan.json"), ("arguments", today.as_str())];
    let log = left(&runner.step(1, &inputs, around.path()), 3);
    assert!(log.starts_with("::error file=main.tf,"), "{log}");
    assert!(around.path().join("change/openai-data-controls.sarif").is_file());
}

/// A program in the place of the real one, which takes a second to build, in a workspace whose files would exchange it.
#[test]
fn what_lies_around_the_source_has_no_say_in_the_build() {
    if peer("cargo").is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let workspace = directory.path().join("workspace");
    let source = workspace.join(".openai-data-controls");
    for place in [".openai-data-controls/dist", ".openai-data-controls/src", ".cargo", "target", "temporary"] {
        fs::create_dir_all(workspace.join(place)).unwrap();
    }
    fs::copy(root().join("dist/install"), source.join("dist/install")).unwrap();
    let package = "name = \"openai-data-controls\"\nversion = \"0.1.0\"\n";
    fs::write(source.join("Cargo.toml"), format!("[package]\n{package}edition = \"2024\"\n")).unwrap();
    fs::write(source.join("Cargo.lock"), format!("version = 4\n\n[[package]]\n{package}")).unwrap();
    fs::write(source.join("src/main.rs"), "fn main() {\n    std::process::exit(3)\n}\n").unwrap();
    let settings = format!("[build]\nrustc-wrapper = \"{}\"\n", workspace.join("missing").display());
    fs::write(workspace.join(".cargo/config.toml"), settings).unwrap();
    let members = "[workspace]\nmembers = [\".openai-data-controls\"]\n[profile.release]\nopt-level = \"none\"\n";
    fs::write(workspace.join("Cargo.toml"), members).unwrap();
    for temporary in [directory.path().to_owned(), workspace.join("temporary"), "temporary".into()] {
        let installed = directory.path().join("installed");
        let mut install = Command::new("timeout");
        install.args(["300", "bash"]).arg(source.join("dist/install")).arg(&installed).current_dir(&workspace);
        install.env("TMPDIR", &temporary).env("CARGO_TARGET_DIR", workspace.join("target"));
        left(&install.output().unwrap(), 0);
        left(&Command::new(installed.join("openai-data-controls")).output().unwrap(), 3);
        fs::remove_dir_all(&installed).unwrap();
        assert_eq!(fs::read_dir(workspace.join("target")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(workspace.join("temporary")).unwrap().count(), 0, "nothing is left behind");
    }
    assert!(!source.join("target").exists());
}

/// The workflow files, and those that the page shows.
fn workflows() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(root().join(".github/workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    let shown = blocks("github.md", "yaml");
    assert_eq!(shown.len(), 2);
    found.extend(shown.into_iter().enumerate().map(|(number, text)| (format!("page-{number}.yml"), text)));
    found
}

/// All values of a key, wherever it stands.
fn values<'v>(key: &str, value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                if name == key {
                    found.extend(value.as_str());
                }
                values(key, value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(key, item, found)),
        _ => {}
    }
}

#[test]
fn actions_are_pinned_by_commit_and_scripts_hold_no_expressions() {
    let mut all = workflows();
    all.push(("action.yml".to_owned(), fs::read_to_string(root().join("action.yml")).unwrap()));
    let mut pinned = 0;
    for (name, text) in &all {
        let read = yaml(text);
        let (mut uses, mut scripts) = (Vec::new(), Vec::new());
        values("uses", &read, &mut uses);
        values("run", &read, &mut scripts);
        for used in uses.into_iter().filter(|used| !used.starts_with("./")) {
            let (_, commit) = used.split_once('@').unwrap();
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{name}: {used}");
            let line = text.lines().find(|line| line.contains(used)).unwrap();
            assert!(line.contains("# v"), "{name}: which version is {used}?");
            pinned += 1;
        }
        assert!(scripts.iter().all(|script| !script.contains("${{")), "{name}");
    }
    assert!(pinned > 5, "{pinned}");
}

/// The inputs that the reusable workflow passes on are the action's, and its documentation has them all.
#[test]
fn inputs_are_those_of_the_action() {
    let action = yaml(&fs::read_to_string(root().join("action.yml")).unwrap());
    let inputs = action["inputs"].as_object().unwrap();
    let workflow = yaml(&fs::read_to_string(root().join(".github/workflows/check.yml")).unwrap());
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let position = |key: &str, value: &str| {
        let has = |step: &Value| step[key] == value || step["with"][key] == value;
        steps.iter().position(has).unwrap_or_else(|| panic!("{key}: {value}"))
    };
    // The program is there before the change is, and neither lies in the other.
    assert_eq!(position("path", ".openai-data-controls"), 0);
    assert_eq!(position("path", "change"), 1);
    let check = &steps[position("uses", "./.openai-data-controls")];
    assert_eq!(check["with"]["working-directory"], "change");
    let base = check["with"]["base"].as_str().unwrap();
    assert!(base.contains("pull_request.base.sha") && base.contains("merge_group.base_sha"), "{base}");
    for (input, value) in check["with"].as_object().unwrap() {
        assert!(inputs.contains_key(input), "{input}");
        let given = value.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        let declared = workflow["on"]["workflow_call"]["inputs"].as_object().unwrap();
        let own = ["base", "sarif", "working-directory"].contains(&input.as_str());
        assert!(declared.contains_key(given) || own, "{input}: {value}");
    }
    let page = fs::read_to_string(root().join("docs/gates/github.md")).unwrap();
    for input in inputs.keys() {
        assert!(page.contains(&format!("`{input}`")), "{input}");
    }
}

#[test]
fn linters_find_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join(".github/workflows");
    fs::create_dir_all(&place).unwrap();
    for (name, text) in workflows() {
        fs::write(place.join(name), text).unwrap();
    }
    fs::copy(root().join("action.yml"), directory.path().join("action.yml")).unwrap();
    fs::create_dir(directory.path().join(".git")).unwrap();
    let run = |mut command: Command| {
        let output = command.current_dir(directory.path()).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{command:?}\n{said}");
    };
    if let Some(mut actionlint) = peer("actionlint") {
        // The workflow's own action is checked out only there.
        actionlint.args(["-shellcheck=", "-pyflakes=", "-ignore", "openai-data-controls"]);
        run(actionlint);
    }
    if let Some(mut zizmor) = peer("zizmor") {
        zizmor.args(["--offline", "--no-progress", "--persona=regular", "."]);
        run(zizmor);
    }
    if let Some(mut schemas) = peer("check-jsonschema") {
        schemas.args(["--builtin-schema", "vendor.github-workflows"]);
        schemas.args(workflows().iter().map(|(name, _)| place.join(name)));
        run(schemas);
        let mut schemas = peer("check-jsonschema").unwrap();
        schemas.args(["--builtin-schema", "vendor.github-actions", "action.yml"]);
        run(schemas);
    }
    if on_path("bash").is_some() {
        for script in ["plugin", "install", "release"] {
            let mut bash = Command::new("bash");
            bash.arg("-n").arg(root().join("dist").join(script));
            run(bash);
        }
    }
}
