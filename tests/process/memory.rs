//! The functions of memory of the static binary, in a program of their own.

use std::path::Path;
use std::process::Command;

#[test]
fn memory_is_moved_and_compared_as_the_system_does() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("memory");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/process/memory.c");
    for level in ["-O0", "-O2"] {
        let compiling = Command::new("cc")
            .args([level, "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-builtin", "-o"])
            .args([&program, &source])
            .output()
            .unwrap();
        assert!(compiling.status.success(), "{compiling:?}");
        let run = Command::new(&program).output().unwrap();
        let printed = String::from_utf8_lossy(&run.stdout);
        let moves = printed.strip_suffix(" moves\n").and_then(|count| count.parse::<usize>().ok());
        assert!(run.status.success() && moves.is_some_and(|count| count > 50_000), "{run:?}");
    }
}
