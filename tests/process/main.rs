//! The process as the system sees it: what it opens and starts, and what becomes of it where the system fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![cfg(target_os = "linux")]

mod faults;
mod hermetic;
#[cfg(target_arch = "x86_64")]
mod memory;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_openai-data-controls");

/// The program in a directory.
fn program(directory: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(directory);
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

/// A repository with source, a module, a definition and settings, which violates something.
fn repository(directory: &Path) {
    fs::create_dir_all(directory.join("modules/project")).unwrap();
    fs::create_dir_all(directory.join(".git")).unwrap();
    let terraform = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";
    let module = "resource \"openai_project\" \"this\" {\n  name = var.name\n  geography = \"EU\"\n}\nvariable \"name\" {\n  type = string\n}\n";
    let root = "module \"eu\" {\n  source = \"./modules/project\"\n  name = \"eu\"\n}\n";
    fs::write(directory.join("main.tf"), format!("{terraform}{root}")).unwrap();
    fs::write(directory.join("modules/project/main.tf"), format!("{terraform}{module}")).unwrap();
    fs::write(directory.join("openai.hcl"), "organization {\n  data_retention = \"none\"\n}\n").unwrap();
    fs::write(directory.join(".openai-data-controls.hcl"), "fail_on = \"medium\"\n").unwrap();
}
