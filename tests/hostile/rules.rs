//! Rules of one's own: one that is broken is told, and no other falls silent.

use std::time::Duration;

use openai_data_controls::policy::{Document, File, PolicySet};
use serde_json::json;

use super::judging::lies_inside;

const PATH: &str = "policies/openai/sample/given.rego";
const HEALTHY: &str = "policies/openai/sample/healthy.rego";

fn healthy() -> File {
    let text = "# METADATA\n# title: \"Sample\"\n# description: \"Sample.\"\n# custom:\n#   severity: high\n#   subject: project\n#   remediation: \"None.\"\n#   section: \"None\"\n#   statements: []\npackage openai.sample.healthy\n\nimport rego.v1\n\napplies contains id if some id, _ in input.projects\n\ndeny contains {\"subject\": id, \"attribute\": \"region\", \"msg\": \"m\"} if some id, _ in input.projects\n";
    File::new(HEALTHY, text)
}

pub fn own_rule(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let given = File::new(PATH, text);
    let (mut policies, problems) = PolicySet::load(&[given, healthy()]);
    policies.set_rule_time(Duration::from_millis(300));
    for problem in &problems {
        let location = problem.location.as_ref().unwrap_or_else(|| panic!("no place: {problem}"));
        assert_eq!(location.path, PATH, "{problem}");
        assert!(!problem.message.trim().is_empty());
        lies_inside(location, text);
    }
    let ids: Vec<&str> = policies.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert!(ids.contains(&"sample/healthy"), "{ids:?} {problems:?}");
    assert!(ids.contains(&"sample/given") || !problems.is_empty() || !says_a_rule(text), "silent, and no error");
    let facts = json!({"projects": {"a": {"region": "EU", "n": 1}}, "uses": {}, "clients": {}});
    let (outcomes, wrong) = policies.evaluate(Document::new(&facts).unwrap());
    let healthy = outcomes.iter().find(|(id, _)| id.as_str() == "sample/healthy");
    let healthy = healthy.unwrap_or_else(|| panic!("the healthy rule is silent: {wrong:?}")).1;
    assert_eq!((healthy.applies.len(), healthy.deny.len()), (1, 1), "{healthy:?}");
    for problem in &wrong {
        assert_eq!(problem.what, "sample/given", "{problem}");
    }
    // A rule that was loaded speaks, or is told not to.
    for id in ids {
        let speaks = outcomes.keys().any(|spoken| spoken.as_str() == id);
        assert!(speaks || wrong.iter().any(|problem| problem.what == id), "{id} is silent");
    }
}

fn says_a_rule(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("deny "))
}
