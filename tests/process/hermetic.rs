//! What the process touches: the files that it is given, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PROGRAM, code, program, repository};
use crate::support::{TODAY, on_path};

/// The calls of the program that `arguments` are given, by strace; `None` where that is not there or not allowed.
fn traced(directory: &Path, arguments: &[&str]) -> Option<Vec<String>> {
    let strace = on_path("strace")?;
    let log = directory.join("strace.log");
    let mut command = Command::new(strace);
    command.args(["-f", "-qq", "-s", "4096", "-e", "trace=%file,%network,execve,fork,vfork,clone,clone3", "-o"]);
    command.arg(&log).arg(PROGRAM).args(arguments).current_dir(directory);
    let output = command.output().unwrap();
    let text = fs::read_to_string(&log).unwrap_or_default();
    fs::remove_file(&log).ok()?;
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    Some(text.lines().map(|line| line.split_once(' ').map_or(line, |(_, call)| call.trim()).to_owned()).collect())
}

/// The path that a call names first.
fn path_of(call: &str) -> Option<&str> {
    call.split_once('"')?.1.split('"').next()
}

/// What the system's loader and the standard library of Rust read of every process.
const OF_THE_SYSTEM: [&str; 9] = [
    "/etc/ld.so",
    "/lib/",
    "/lib64/",
    "/usr/lib/",
    "/proc/self/",
    "/proc/sys/vm/",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/",
    "/dev/",
];

#[test]
fn nothing_but_the_inputs_is_opened_and_nothing_is_started() {
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("outer/repository");
    fs::create_dir_all(&directory).unwrap();
    repository(&directory);
    fs::write(directory.join("unrelated.txt"), "unrelated").unwrap();
    fs::write(directory.join("other.json"), "{}").unwrap();
    let arguments = ["check", ".", "--recursive", "--today", TODAY, "--format", "json=report.json", "--format", "text"];
    let Some(calls) = traced(&directory, &arguments) else {
        eprintln!("not run: strace is not there, or may not trace");
        return;
    };
    assert!(calls.len() > 20, "{calls:?}");
    let network = ["socket(", "connect(", "bind(", "sendto(", "recvfrom("];
    let reached: Vec<&String> = calls.iter().filter(|call| network.iter().any(|name| call.starts_with(name))).collect();
    assert!(reached.is_empty(), "{reached:?}");
    let started = calls.iter().filter(|call| call.starts_with("execve(")).count();
    assert_eq!(started, 1, "it starts no other program");
    let forks = calls.iter().filter(|call| call.starts_with("fork(") || call.starts_with("vfork(")).count();
    assert_eq!(forks, 0);

    let opened: BTreeSet<PathBuf> = calls
        .iter()
        .filter(|call| call.starts_with("open") && !call.contains("O_DIRECTORY") && !call.contains(" = -1 "))
        .filter_map(|call| path_of(call))
        .map(|path| directory.join(path))
        .filter(|path| !OF_THE_SYSTEM.iter().any(|own| path.to_string_lossy().starts_with(own)))
        .map(|path| fs::canonicalize(&path).unwrap_or(path))
        .collect();
    let real = fs::canonicalize(&directory).unwrap();
    let inputs = ["main.tf", "modules/project/main.tf", "openai.hcl", ".openai-data-controls.hcl"];
    let allowed: BTreeSet<PathBuf> = inputs.iter().map(|name| real.join(name)).collect();
    let others: Vec<&PathBuf> = opened
        .iter()
        .filter(|path| !allowed.contains(*path))
        // The report, beside its place and in it.
        .filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".report.json.")))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(allowed.iter().all(|path| opened.contains(path)), "{opened:?}");

    // Outside the repository it asks whether things are there at most: for settings only up to its root.
    let outside: Vec<&String> = calls
        .iter()
        .filter(|call| path_of(call).is_some_and(|path| path.ends_with(".openai-data-controls.hcl")))
        .filter(|call| {
            !directory.join(path_of(call).unwrap()).starts_with(&directory)
                && !path_of(call).unwrap().starts_with(&*real.to_string_lossy())
        })
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    let written: Vec<&String> = calls
        .iter()
        .filter(|call| call.contains("O_WRONLY") || call.contains("O_RDWR") || call.contains("O_CREAT"))
        .collect();
    assert!(written.iter().all(|call| call.contains(".report.json.") || call.contains("/dev/")), "{written:?}");
}

/// The same input gives the same bytes, whoever asks, wherever and whenever.
#[test]
fn neither_order_nor_zone_nor_locale_nor_time_changes_a_byte() {
    let files = ["a.tf", "b.tf", "c.tf", "d.tf"];
    let source = |name: &str| {
        let (stem, _) = name.split_once('.').unwrap();
        format!("resource \"openai_project\" \"{stem}\" {{\n  name      = \"{stem}\"\n  geography = \"EU\"\n}}\n")
    };
    let made = |order: &[&str]| {
        let directory = tempfile::tempdir().unwrap();
        let provider = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";
        for name in order {
            fs::write(directory.path().join(name), source(name)).unwrap();
        }
        fs::write(directory.path().join("versions.tf"), provider).unwrap();
        for name in order.iter().rev() {
            fs::create_dir(directory.path().join(name.trim_end_matches(".tf"))).unwrap();
            fs::write(
                directory.path().join(name.trim_end_matches(".tf")).join("openai.hcl"),
                format!("project \"{name}\" {{\n  region = \"JP\"\n}}\n"),
            )
            .unwrap();
        }
        directory
    };
    let one = made(&files);
    let other = made(&["d.tf", "b.tf", "a.tf", "c.tf"]);
    let formats = ["text", "json", "sarif", "junit", "github", "gitlab", "azure", "tap", "markdown", "conftest"];
    let run = |directory: &Path, format: &str, environment: &[(&str, &str)]| {
        let mut command = program(directory);
        command.args(["check", ".", "--recursive", "--verdicts", "--today", TODAY, "--format", format]);
        let output = command.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(code(&output), 3, "{format}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    for format in formats {
        let first = run(one.path(), format, &[]);
        for environment in [
            &[][..],
            &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "de_DE.UTF-8")],
            &[("TZ", "America/Adak"), ("LANG", "C"), ("HOME", "/nonexistent"), ("USER", "somebody"), ("TERM", "dumb")],
        ] {
            assert_eq!(run(one.path(), format, environment), first, "{format} {environment:?}");
        }
        assert_eq!(run(other.path(), format, &[]), first, "{format}: the order of the directory");
    }
}
