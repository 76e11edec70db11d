//! What must hold of any bytes, one function for each thing that reads or writes them; each panics where it does not hold. The
//! tests beside it and the fuzz targets run the same functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

mod damage;
#[path = "../support/damages.rs"]
mod damages;
mod evaluator;
mod excuses;
mod files;
mod judging;
#[path = "../support/parsers.rs"]
mod parsers;
mod readers;
#[path = "../support/reports.rs"]
mod reports;
mod rules;
mod shuffle;
mod source;
#[path = "../support/fixtures.rs"]
mod support;
mod writers;

use std::time::{Duration, Instant};

#[allow(unused_imports)]
pub use reports::Random;
#[allow(unused_imports)]
pub use support::{root, testdata};

/// The longest that one input of at most [`LARGEST`] bytes may take, without optimization.
pub const BOUND: Duration = Duration::from_secs(10);
/// The largest input that is tried.
pub const LARGEST: usize = 64 << 10;

/// What is tried: its name, which is that of its fuzz target and of the directory of its corpus, and what must hold.
pub struct Target {
    pub name: &'static str,
    pub body: fn(&[u8]),
    /// How many changed inputs the tests try, unless they are asked for more.
    pub tried: usize,
}

const fn target(name: &'static str, body: fn(&[u8]), tried: usize) -> Target {
    Target { name, body, tried }
}

/// Everything that is tried.
pub const TARGETS: [Target; 27] = [
    target("source", source::source, 60),
    target("plan", readers::plan, 60),
    target("evaluator", evaluator::expression, 3000),
    target("definition_hcl", readers::definition_hcl, 100),
    target("definition_json", readers::definition_json, 100),
    target("state", readers::state, 60),
    target("source_json", source::source_json, 60),
    target("settings", excuses::settings, 8),
    target("rego", rules::own_rule, 60),
    target("waivers", excuses::waivers, 8),
    target("export", readers::export, 60),
    target("variables", source::variables, 40),
    target("saved_plan", source::saved_plan, 30),
    target("edition", readers::edition, 40),
    target("baseline", excuses::baseline, 5),
    target("damage", damage::damaged, 25),
    target("write_text", writers::text, 40),
    target("write_json", writers::json, 40),
    target("write_sarif", writers::sarif, 40),
    target("write_junit", writers::junit, 40),
    target("write_github", writers::github, 40),
    target("write_gitlab", writers::gitlab, 40),
    target("write_azure", writers::azure, 40),
    target("write_tap", writers::tap, 40),
    target("write_markdown", writers::markdown, 40),
    target("write_conftest", writers::conftest, 40),
    target("write_retention", writers::retention, 6),
];

/// Runs the body of a target within its bound.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("no target {name}"));
    if data.len() > LARGEST {
        return;
    }
    let (began, worked) = (Instant::now(), processor_time());
    (target.body)(data);
    // Other programs may hold it up, and other tests of this one work beside it: only what is long by both clocks is slow.
    let worked = worked.zip(processor_time()).map(|(before, after)| after.saturating_sub(before));
    let took = began.elapsed().min(worked.unwrap_or(Duration::MAX));
    assert!(took <= BOUND, "{name}: {} bytes took {took:?}, and may take {BOUND:?}", data.len());
}

/// The time that the processors worked for this process; `None` where the system has no such file.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind) = stat.rsplit_once(')')?;
    let ticks: u64 = behind.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}
