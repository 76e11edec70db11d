//! The commands and outputs of the README and of `docs/` are run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[test]
fn documentation_is_true() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md");
    cases.run();
}
