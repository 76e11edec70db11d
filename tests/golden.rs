//! What the quickstart gives, as plain files: `SNAPSHOTS=overwrite cargo test golden::` writes them anew.

use crate::support::{TODAY, binary};
use serde_json::Value;
use snapbox::{Assert, Data, file};

const INPUTS: [&str; 2] = ["testdata/quickstart/plan.json", "testdata/quickstart/openai.hcl"];

fn output(arguments: &[&str]) -> Value {
    let output = binary().args(arguments).args(INPUTS).args(["--today", TODAY]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn pretty(value: &Value) -> Data {
    Data::text(format!("{value:#}\n"))
}

#[test]
fn the_json_report() {
    let mut report = output(&["check", "--format", "json"]);
    // Digests of the rules and of this version change with every rule.
    report["policies"]["sha256"] = "…".into();
    report["tool"]["version"] = "…".into();
    Assert::new().action_env("SNAPSHOTS").eq(pretty(&report), file!["../testdata/quickstart/golden/report.json"].raw());
}

#[test]
fn the_facts() {
    let mut facts = output(&["facts"]);
    // The edition is data of its own, tested where it is read.
    facts["edition"] = facts["edition"]["name"].clone();
    Assert::new().action_env("SNAPSHOTS").eq(pretty(&facts), file!["../testdata/quickstart/golden/facts.json"].raw());
}
