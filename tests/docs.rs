//! The commands and outputs of the README and of `docs/` are run.

#[test]
fn documentation_is_true() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md");
    cases.run();
}
