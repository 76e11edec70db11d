//! The plugin of conftest and trivy: one manifest, exit codes that come through, and conftest's own commands on what the
//! program writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::{blocks, left, path, quickstart, shell, yaml};
use crate::support::{self, TODAY, on_path, peer, root, testdata};

/// The program as a plugin in a directory of its own, and a home for a host.
struct Plugin {
    directory: tempfile::TempDir,
}

impl Plugin {
    fn new() -> Plugin {
        let plugin = Plugin { directory: tempfile::tempdir().unwrap() };
        fs::create_dir_all(plugin.home()).unwrap();
        let made = Command::new(root().join("dist/plugin"))
            .args(["--binary", env!("CARGO_BIN_EXE_openai-data-controls")])
            .arg(plugin.path())
            .output()
            .unwrap();
        left(&made, 0);
        plugin
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("plugin")
    }

    fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    fn run(&self, host: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(host);
        command.args(arguments).current_dir(root());
        command.env("XDG_DATA_HOME", self.home()).env("HOME", self.home()).output().unwrap()
    }

    /// Installs it into a host, and asks for each exit code.
    fn passes_exit_codes_on(&self, host: &Path) {
        left(&self.run(host, &["plugin", "install", self.path().to_str().unwrap()]), 0);
        let example = |rule: &str, name: &str| {
            let found = support::directories(&testdata(&format!("rules/residency/{rule}"))).into_iter();
            support::inputs(&found.into_iter().find(|d| d.to_string_lossy().contains(name)).unwrap())
        };
        for (code, paths) in [
            (0, example("non-us-region-without-zdr-amendment", "pass-in-force")),
            (3, vec![testdata("quickstart/plan.json")]),
            (4, example("non-us-region-without-abuse-monitoring-control", "unknown-")),
            (5, vec![self.directory.path().join("missing.json")]),
        ] {
            let mut arguments = vec!["openai-data-controls", "check", "--today", TODAY];
            arguments.extend(paths.iter().map(|p| p.to_str().unwrap()));
            let shown = left(&self.run(host, &arguments), code);
            let last = shown.lines().last().unwrap_or_default();
            assert!(last.ends_with(" exceptions"), "{last}");
        }
    }
}

#[test]
fn conftest_runs_the_plugin_with_its_exit_codes() {
    if peer("conftest").is_some() {
        Plugin::new().passes_exit_codes_on(&on_path("conftest").unwrap());
    }
}

#[test]
fn trivy_runs_the_plugin_with_its_exit_codes() {
    match on_path("trivy") {
        Some(trivy) => Plugin::new().passes_exit_codes_on(&trivy),
        None => eprintln!("not run: trivy is not on PATH"),
    }
}

#[test]
fn conftest_renders_its_results() {
    if peer("conftest").is_none() {
        return;
    }
    let directory = quickstart();
    let [_, reformat, test] = &blocks("conftest.md", "sh")[..] else { panic!("three blocks") };
    // In a shell that does not ask for it, the lines do so themselves.
    let dated = reformat.replace("--format", &format!("--today {TODAY} --format"));
    let table = left(&shell(&format!("set +o pipefail\n{dated}"), directory.path()).output().unwrap(), 3);
    let summary = support::report(support::inputs(&testdata("quickstart"))).summary;
    let count = |kind: &str| table.lines().filter(|line| line.contains(&format!("│ {kind} "))).count();
    assert_eq!((count("success"), count("failure"), count("warning")), (summary.pass, 4, 2), "{table}");

    // What a change puts into the directory takes no part.
    fs::create_dir(directory.path().join("policy")).unwrap();
    let exception = "package openai.main\n\nimport rego.v1\n\nexception contains [\"\"] if true\n";
    fs::write(directory.path().join("policy/exception.rego"), exception).unwrap();
    fs::write(directory.path().join("conftest.toml"), "ignore = \".*\"\n").unwrap();
    let dated = test.replace("openai.hcl >", &format!("openai.hcl --today {TODAY} >"));
    let output = shell(&dated, directory.path()).output().unwrap();
    let shown = left(&output, 1);
    assert!(
        shown.contains(" - facts.json - openai.main - ") && shown.contains("6 tests, 0 passed, 2 warnings, 4 failures"),
        "{shown}"
    );
}

/// Every renderer of conftest reads what is written, also where nothing is found.
#[test]
fn conftest_reformats_every_kind_of_report() {
    if peer("conftest").is_none() {
        return;
    }
    for example in ["fail-none", "pass-in-force"] {
        let directory = testdata("rules/residency/non-us-region-without-zdr-amendment").join(example);
        for form in ["stdout", "json", "tap", "table", "junit", "github", "azuredevops", "sarif"] {
            let script = format!(
                "openai-data-controls check . --today {TODAY} --exit-zero --format conftest | conftest reformat --output {form}"
            );
            let shown = left(&shell(&script, &directory).output().unwrap(), 0);
            assert!(!shown.trim().is_empty(), "{form}");
            if form == "json" {
                let shown: Value = serde_json::from_str(&shown).unwrap();
                assert_eq!(shown[0]["failures"].is_array(), example.starts_with("fail"), "{shown}");
            }
        }
    }
}

/// What conftest and trivy demand of the one manifest, and what trivy's index does.
#[test]
fn the_manifest_serves_both_hosts() {
    let text = fs::read_to_string(root().join("plugin.yaml")).unwrap();
    let manifest = yaml(&text);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(manifest["name"], "openai-data-controls");
    assert!(text.contains(&format!("version: \"{version}\"")), "quoted, else a number to YAML");
    assert_eq!(manifest["command"], "$CONFTEST_PLUGIN_DIR/openai-data-controls", "no slash in arguments");
    for key in ["repository", "summary", "usage", "description", "maintainer"] {
        assert!(manifest[key].as_str().is_some_and(|value| !value.is_empty()), "{key}");
    }
    let lower = |key: &String| key.chars().all(|c| c.is_ascii_lowercase());
    assert!(manifest.as_object().unwrap().keys().all(lower), "{manifest}");
    let repository = manifest["repository"].as_str().unwrap();
    let (local, releases) = manifest["platforms"].as_array().unwrap().split_last().unwrap();
    assert_eq!(
        local,
        &json!({ "uri": "./openai-data-controls", "bin": "./openai-data-controls" }),
        "the last one fits all"
    );
    assert_eq!(releases.len(), 5);
    for platform in releases {
        let (os, arch) = (platform["selector"]["os"].as_str().unwrap(), platform["selector"]["arch"].as_str().unwrap());
        assert!(["linux", "darwin", "windows"].contains(&os) && ["amd64", "arm64"].contains(&arch), "{platform}");
        let (kind, ending) = if os == "windows" { ("zip", ".exe") } else { ("tar.gz", "") };
        let name = format!("openai-data-controls-{os}-{arch}.{kind}");
        assert_eq!(platform["uri"], format!("https://{repository}/releases/download/v{version}/{name}"));
        assert_eq!(platform["bin"], format!("./openai-data-controls{ending}"));
    }
}

/// The plugin's directory has a manifest without downloads, and the page's lines make it.
#[test]
fn the_plugin_directory_needs_no_network() {
    let plugin = Plugin::new();
    let text = fs::read_to_string(plugin.path().join("plugin.yaml")).unwrap();
    let local = json!([{ "uri": "./openai-data-controls", "bin": "./openai-data-controls" }]);
    assert_eq!(yaml(&text)["platforms"], local);
    for page in ["conftest.md", "trivy.md"] {
        let first = &blocks(page, "sh")[0];
        assert!(first.starts_with("dist/plugin build/plugin\n"), "{first}");
        let host = page.trim_end_matches(".md");
        assert!(first.contains(&format!("{host} plugin install build/plugin\n{host} openai-data-controls check ")));
    }
    let run = Command::new(plugin.path().join("openai-data-controls")).arg("--version").env("PATH", path()).output();
    assert!(left(&run.unwrap(), 0).contains(env!("CARGO_PKG_VERSION")));
}
