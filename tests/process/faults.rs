//! Faults of the system: the right exit code, and no half-written report.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{PROGRAM, code, program, repository};
use crate::support::{TODAY, peer, testdata};

/// Another user than root, if the tests run as root: root reads everything.
fn as_nobody(command: &mut Command) -> bool {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if is_root {
        command.uid(65534).gid(65534);
    }
    is_root
}

/// A directory that everybody may look into.
fn open_directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

fn hide(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
}

#[test]
fn what_may_not_be_read_is_told() {
    for hidden in ["main.tf", "modules/project/main.tf", "modules/project", "openai.hcl", ".openai-data-controls.hcl"] {
        let directory = open_directory();
        repository(directory.path());
        hide(&directory.path().join(hidden));
        let mut command = program(directory.path());
        command.args(["check", ".", "--today", TODAY]);
        // A program that this user may not start is no fault of ours.
        as_nobody(&mut command);
        let Ok(output) = command.output() else {
            eprintln!("not run: another user can't start {PROGRAM}");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 5, "{hidden}: {said}");
        assert!(said.contains(hidden.trim_end_matches("/main.tf")) || said.contains("module.eu"), "{hidden}: {said}");
        fs::set_permissions(directory.path().join(hidden), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_full_disk_is_an_error_and_the_old_report_stays() {
    let plan = testdata("quickstart/plan.json");
    let directory = tempfile::tempdir().unwrap();
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for format in ["text", "json", "sarif", "junit", "markdown"] {
        let output =
            program(directory.path()).arg("check").arg(&plan).args(["--format", format]).stdout(full()).output();
        let output = output.unwrap();
        assert_eq!(code(&output), 5, "{format}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{format}: {output:?}");
    }
    for command in [&["facts"][..], &["retention"]] {
        let output = program(directory.path()).args(command).arg(&plan).stdout(full()).output().unwrap();
        assert_eq!(code(&output), 5, "{command:?}");
    }
    let output =
        program(directory.path()).arg("check").arg(&plan).args(["--format", "json=/dev/full"]).output().unwrap();
    assert_eq!(code(&output), 5);
    // A limit on the size of files fails a write in its middle.
    if let Some(mut prlimit) = peer("prlimit") {
        fs::write(directory.path().join("report.json"), "old").unwrap();
        prlimit.args(["--fsize=1000", "--", PROGRAM, "check"]).arg(&plan).args(["--format", "json=report.json"]);
        let output = prlimit.current_dir(directory.path()).output().unwrap();
        assert!(output.status.code().is_none_or(|code| code == 5), "{output:?}");
        assert_eq!(fs::read_to_string(directory.path().join("report.json")).unwrap(), "old");
    }
}

#[test]
fn a_reader_that_goes_does_not_change_the_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::create_dir_all(here.join("broken/acme")).unwrap();
    fs::write(here.join("broken/acme/x.rego"), "package openai.acme.y\n").unwrap();
    fs::write(here.join("a.json"), "[{").unwrap();
    let broken = &["--policy", "broken"][..];
    for (arguments, expected) in [
        ([&["verify"], broken].concat(), 5),
        ([&["verify", "--format", "json"], broken].concat(), 5),
        ([&["rules"], broken].concat(), 5),
        ([&["rules", "--format", "json"], broken].concat(), 5),
        ([&["explain", "region-not-set"], broken].concat(), 5),
        (vec!["facts", "a.json"], 5),
        (vec!["retention", "a.json"], 5),
        (vec!["editions"], 0),
        (vec!["man"], 0),
        (vec!["schema", "facts"], 0),
    ] {
        // The pipe is closed before anything is written.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = program(here).args(&arguments).stdout(writer).output().unwrap();
        assert_eq!(code(&output), expected, "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("pipe"), "{arguments:?}");
    }
}

#[test]
fn a_value_of_a_variable_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    repository(directory.path());
    let run = |more: &[&str]| {
        let mut command = program(directory.path());
        command.env("TF_VAR_region", std::ffi::OsStr::from_bytes(b"E\xffU")).args(["check", ".", "--today", TODAY]);
        command.args(more).output().unwrap()
    };
    assert_eq!(code(&run(&[])), 3);
    let output = run(&["--env-vars"]);
    assert_eq!(code(&output), 5);
    assert!(String::from_utf8_lossy(&output.stderr).contains("TF_VAR_region is not UTF-8"), "{output:?}");
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let Some(mut mkfifo) = peer("mkfifo") else { return };
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::create_dir_all(here.join("policy/acme")).unwrap();
    fs::write(here.join("openai.hcl"), "project \"a\" {}\n").unwrap();
    fs::create_dir_all(here.join("piped")).unwrap();
    fs::write(here.join("piped/openai.hcl"), "project \"a\" {}\n").unwrap();
    // Where a directory is read, or all below it.
    for directory in ["definition", "submodules", "values/.terraform/modules", "source"] {
        fs::create_dir_all(here.join(directory)).unwrap();
    }
    for directory in ["submodules", "values"] {
        fs::write(here.join(directory).join("main.tf"), "resource \"openai_project\" \"a\" {\n  name = \"a\"\n}\n")
            .unwrap();
    }
    let named = [
        "policy/acme/x.rego",
        "policy/acme/notes",
        "piped/.openai-data-controls.hcl",
        "edition.json",
        "definition/openai.hcl",
        "submodules/.gitmodules",
        "values/terraform.tfvars",
        "values/.terraform/modules/modules.json",
        "source/main.tf",
    ];
    let pipes = named.map(|name| here.join(name));
    assert!(mkfifo.args(&pipes).status().unwrap().success());
    for arguments in [
        &["check", "openai.hcl", "--policy", "policy"][..],
        &["check", "piped"],
        &["check", "openai.hcl", "--edition", "./edition.json"],
        &["check", "definition"],
        &["check", "--recursive", "definition"],
        &["check", "--recursive", "submodules"],
        &["check", "values"],
        &["check", "source"],
        &["init"],
    ] {
        let mut child = program(here).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = std::time::Instant::now();
        let ended = loop {
            match child.try_wait().unwrap() {
                None if started.elapsed() < Duration::from_secs(60) => std::thread::sleep(Duration::from_millis(20)),
                ended => break ended,
            }
        };
        if ended.is_none() {
            child.kill().unwrap();
        }
        assert_eq!(ended.and_then(|status| status.code()), Some(5), "{arguments:?}");
    }
}

#[test]
fn a_place_that_can_not_be_written_is_an_error() {
    let plan = testdata("quickstart/plan.json");
    for place in ["/proc/report.json", "/sys/report.json", "/dev/null/report.json"] {
        let output =
            Command::new(PROGRAM).arg("check").arg(&plan).args(["--format", &format!("json={place}")]).output();
        let output = output.unwrap();
        assert_eq!(code(&output), 5, "{place}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(place), "{place}: {output:?}");
    }
}

#[test]
fn without_locale_home_or_anything_the_same_is_said() {
    let directory = tempfile::tempdir().unwrap();
    repository(directory.path());
    let run = |command: &mut Command| command.args(["check", ".", "--today", TODAY]).output().unwrap();
    let usual = run(&mut program(directory.path()));
    let bare = run(program(directory.path()).env_clear());
    assert_eq!(code(&usual), 3);
    assert_eq!((code(&bare), &bare.stdout, &bare.stderr), (3, &usual.stdout, &usual.stderr));
}

#[test]
fn links_that_lead_in_circles_end() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    symlink("b.json", here.join("a.json")).unwrap();
    symlink("a.json", here.join("b.json")).unwrap();
    assert_eq!(code(&program(here).args(["check", "a.json"]).output().unwrap()), 5);
    fs::create_dir_all(here.join("envs/prod")).unwrap();
    symlink("..", here.join("envs/prod/up")).unwrap();
    symlink(".", here.join("envs/self")).unwrap();
    fs::write(here.join("envs/prod/openai.hcl"), "project \"eu\" {\n  region = \"EU\"\n}\n").unwrap();
    let output = program(here).args(["check", "envs", "--recursive", "--today", TODAY]).output().unwrap();
    assert_eq!(code(&output), 3, "{output:?}");
    symlink("openai.hcl", here.join("envs/openai.hcl")).unwrap();
    let output = program(here).args(["check", "envs", "--today", TODAY]).output().unwrap();
    assert_eq!(code(&output), 5, "{output:?}");
}

#[test]
fn ten_thousand_files_are_read_with_64_open_at_a_time() {
    let Some(mut prlimit) = peer("prlimit") else { return };
    let directory = tempfile::tempdir().unwrap();
    for number in 0..100 {
        let module = directory.path().join(format!("m{number}"));
        fs::create_dir(&module).unwrap();
        for file in 0..100 {
            fs::write(module.join(format!("f{file}.tf")), format!("locals {{\n  a{file} = {number}\n}}\n")).unwrap();
        }
    }
    fs::write(directory.path().join("m7/openai.hcl"), "project \"eu\" {\n  region = \"EU\"\n}\n").unwrap();
    prlimit.args(["--nofile=64", "--", PROGRAM, "check", "--recursive", "--today", TODAY]);
    let output = prlimit.current_dir(directory.path()).output().unwrap();
    assert_eq!(code(&output), 3, "{}", String::from_utf8_lossy(&output.stderr));
}

/// The engine needs threads with large stacks; a limit on the address space leaves no room for one.
#[test]
fn where_no_thread_can_be_started_the_run_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::create_dir_all(here.join("policy")).unwrap();
    fs::write(here.join("openai.hcl"), "project \"a\" {}\n").unwrap();
    for arguments in [&["check", "--today", TODAY][..], &["verify"], &["verify", "--policy", "policy"]] {
        let Some(mut prlimit) = peer("prlimit") else { return };
        prlimit.args(["--as=200000000", "--", PROGRAM]).args(arguments);
        let output = prlimit.current_dir(here).output().unwrap();
        let told = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        let told = String::from_utf8_lossy(&told);
        assert_eq!(code(&output), 5, "{arguments:?}: {told}");
        assert!(told.contains("no thread with a stack of 256 MiB could be started"), "{arguments:?}: {told}");
        assert!(told.contains("ulimit -v"), "{arguments:?}: {told}");
    }
}

/// Whenever it is ended, the report is the old one or the new one.
#[test]
fn a_signal_leaves_the_old_report_or_the_new_one() {
    let plan = testdata("plans/big-500/plan.json");
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.json");
    for wait in [0, 5, 20, 50, 100, 200, 400, 800, 1600] {
        fs::write(&report, "old").unwrap();
        let mut child = program(directory.path())
            .arg("check")
            .arg(&plan)
            .args(["--verdicts", "--quiet", "--format", "json=report.json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        child.wait().unwrap();
        let text = fs::read_to_string(&report).unwrap();
        assert!(text == "old" || serde_json::from_str::<serde_json::Value>(&text).is_ok(), "after {wait} ms");
    }
}

/// A file that shrinks or grows while it is read is read as something that is there at the end, or is an error: it never passes.
#[test]
fn a_file_that_changes_while_it_is_read_never_passes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan.json");
    let whole = fs::read(testdata("plans/big-500/plan.json")).unwrap();
    fs::write(&file, &whole).unwrap();
    for _ in 0..6 {
        let child = program(directory.path())
            .args(["check", "plan.json", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for part in 1..200 {
            fs::write(&file, &whole[..whole.len() / 200 * (part * 37 % 200)]).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        assert_ne!(code(&output), 0);
        fs::write(&file, &whole).unwrap();
    }
}
