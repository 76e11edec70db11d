//! The founding edition says what the page of June 2025 said: its tables stand here once more, as they were read there,
//! and what follows from a row is what the rules say, through the reader of definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::options;
use crate::tables::{ENDPOINTS, MAM, REGIONS, ROWS, Row, State, TOOLS, WITHOUT_MODEL, ZDR};
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check};
use serde_json::{Value, json};

/// Rule, project, endpoint of a use (empty for a project): the verdicts.
type Said = BTreeMap<(String, String, String), BTreeSet<Verdict>>;

/// Every verdict of a definition under the founding edition. A use has an endpoint of its project alone.
fn said(definition: &Value) -> Said {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, definition.to_string()).unwrap();
    let options = Options { verdicts: true, edition: Some("2025-06".to_owned()), ..options(vec![path]) };
    let report = check(&options, &mut std::io::empty()).0;
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    let mut said = Said::new();
    for finding in report.findings {
        let project = finding.subject.project.clone().unwrap_or_default();
        let key = (finding.rule.to_string(), project, finding.subject.endpoint.unwrap_or_default());
        said.entry(key).or_default().insert(finding.verdict);
    }
    said
}

/// Collects what the page says, and holds what was said against it.
#[derive(Default)]
struct Expected {
    verdicts: BTreeMap<(String, String, String), Verdict>,
}

impl Expected {
    fn add(&mut self, rule: &str, project: &str, endpoint: &str, verdict: Verdict) {
        self.verdicts.insert((rule.to_owned(), project.to_owned(), endpoint.to_owned()), verdict);
    }

    /// Holds what the rules say of a definition against it.
    fn hold(&self, definition: &Value, least: usize) {
        let said = said(definition);
        let wrong: Vec<String> = self
            .verdicts
            .iter()
            .filter(|(key, verdict)| said.get(*key) != Some(&BTreeSet::from([**verdict])))
            .map(|(key, verdict)| format!("{key:?}: the page says {verdict:?}, the rule {:?}", said.get(key)))
            .collect();
        assert!(
            wrong.is_empty(),
            "{} of {}\n{}",
            wrong.len(),
            self.verdicts.len(),
            wrong[..wrong.len().min(20)].join("\n")
        );
        assert!(self.verdicts.len() >= least, "{}", self.verdicts.len());
    }
}

fn rows_in(endpoint: &str, region: &str) -> Vec<&'static Row> {
    let holds = |r: &&Row| r.endpoints.contains(&endpoint) && (r.regions.is_empty() || r.regions.contains(&region));
    ROWS.iter().filter(holds).collect()
}

/// A name without a date at its end, if it has one.
fn undated(model: &str) -> Option<String> {
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = model.split('-').collect();
    match parts.as_slice() {
        [name @ .., year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => Some(name.join("-")),
        [name @ .., date] if digits(date, 4) => Some(name.join("-")),
        _ => None,
    }
}

/// All endpoints of the two tables, and one of none.
fn endpoints() -> BTreeSet<&'static str> {
    let of_rows = ROWS.iter().flat_map(|r| r.endpoints.iter().copied());
    ENDPOINTS.iter().map(|e| e.0).chain(of_rows).chain(["/v1/videos"]).collect()
}

/// Every model of the table, the names without their dates, and others.
fn models() -> BTreeSet<String> {
    let listed = ROWS.iter().flat_map(|r| r.models.iter().map(|m| (*m).to_owned()));
    let undated = ROWS.iter().flat_map(|r| r.models.iter().filter_map(|m| undated(m)));
    let others = ["gpt-9", "gpt-4.1-2031-01-01", "text-moderation", "omni-moderation", "dall-e-2", "gpt-image-1"];
    let tuned = ["ft:gpt-4o-2024-08-06:acme::1", "ft:gpt-9:acme::1"];
    listed.chain(undated).chain(others.into_iter().chain(tuned).map(str::to_owned)).collect()
}

/// Every region, one that the page does not name, and none: what the definition says, and the code.
fn places() -> Vec<(&'static str, Value, Option<&'static str>)> {
    let mut places: Vec<_> = REGIONS.iter().map(|r| (r.0, json!(r.0), Some(r.0))).collect();
    places.push(("elsewhere", json!("AE"), None));
    places.push(("global", Value::Null, None));
    places
}

fn of_model(endpoint: &str, region: &str, model: Option<&str>) -> (Verdict, Verdict) {
    let rows = rows_in(endpoint, region);
    let listed: BTreeSet<&str> = rows.iter().flat_map(|r| r.models.iter().copied()).collect();
    let anywhere: BTreeSet<&str> =
        ROWS.iter().filter(|r| r.endpoints.contains(&endpoint)).flat_map(|r| r.models.iter().copied()).collect();
    if listed.is_empty() {
        let pinned = if anywhere.is_empty() || model.is_none() { Verdict::NotApplicable } else { Verdict::Pass };
        return (Verdict::NotApplicable, pinned);
    }
    let Some(model) = model else {
        let asks = if WITHOUT_MODEL.contains(&endpoint) { Verdict::NotApplicable } else { Verdict::Undetermined };
        return (asks, Verdict::NotApplicable);
    };
    let alias = !anywhere.contains(model) && listed.iter().any(|m| undated(m).is_some_and(|name| name == model));
    let base = model.strip_prefix("ft:").and_then(|rest| rest.split(':').next());
    match () {
        () if listed.contains(model) => (Verdict::Pass, Verdict::Pass),
        () if alias => (Verdict::NotApplicable, Verdict::Violation),
        () if base.is_some_and(|base| listed.contains(base)) => (Verdict::Undetermined, Verdict::Pass),
        () => (Verdict::Violation, Verdict::Pass),
    }
}

#[test]
fn endpoints_and_models_are_in_the_regions_of_their_rows() {
    let (mut projects, mut expected) = (Vec::new(), Expected::default());
    let models: Vec<Option<String>> = models().into_iter().map(Some).chain([None]).collect();
    for (place, region, code) in places() {
        for (number, model) in models.iter().enumerate() {
            let name = format!("{place}-{number}");
            let mut uses = Vec::new();
            for endpoint in endpoints() {
                uses.push(match model {
                    Some(model) => json!({"endpoint": endpoint, "model": model}),
                    None => json!({"endpoint": endpoint}),
                });
                let (in_region, (listed, pinned)) = match code {
                    Some(code) => {
                        let held = !rows_in(endpoint, code).is_empty();
                        let verdict = if held { Verdict::Pass } else { Verdict::Violation };
                        (verdict, of_model(endpoint, code, model.as_deref()))
                    }
                    None => (Verdict::NotApplicable, (Verdict::NotApplicable, Verdict::NotApplicable)),
                };
                expected.add("residency/endpoint-not-in-region", &name, endpoint, in_region);
                expected.add("residency/model-not-in-region", &name, endpoint, listed);
                expected.add("residency/model-alias-not-pinned", &name, endpoint, pinned);
            }
            projects.push(match &region {
                Value::Null => json!({"name": name, "uses": uses}),
                region => json!({"name": name, "region": region, "uses": uses}),
            });
        }
    }
    expected.hold(&json!({ "projects": projects }), 20_000);
}

#[test]
fn regions_ask_for_what_their_row_asks_for() {
    let evidence = json!({
        "residency_approved": true,
        "abuse_monitoring_approval":
            {"controls": ["zero_data_retention"], "approved_on": "2025-06-01", "requirements_accepted": true},
        "zdr_amendment": {"executed_on": "2025-06-01"},
    });
    for (organization, shown) in [(json!({}), false), (evidence, true)] {
        let (mut projects, mut expected) = (Vec::new(), Expected::default());
        for control in [None, Some("none"), Some(MAM[0]), Some(MAM[1]), Some(ZDR[0]), Some(ZDR[1])] {
            let named = REGIONS.iter().filter(|r| r.1 != r.0).map(|r| (r.1, json!(r.1), Some(r.0)));
            for (place, region, code) in places().into_iter().chain(named) {
                let name = format!("{place} {}", control.unwrap_or("undeclared"));
                let mut project = json!({"name": name});
                if !region.is_null() {
                    project["region"] = region.clone();
                }
                if let Some(control) = control {
                    project["data_retention"] = control.into();
                }
                let row = REGIONS.iter().find(|r| Some(r.0) == code);
                let regulated = row.is_some_and(|r| r.3);
                let image =
                    json!({"endpoint": "/v1/chat/completions", "model": "gpt-4o-2024-08-06", "inputs": ["image"]});
                project["uses"] = json!([image]);
                project["requirements"] = json!({"regional_processing": true, "region_required": true});
                projects.push(project);
                let mut say = |rule: &str, applies: bool, denied: bool| {
                    let verdict = match (applies, denied) {
                        (false, _) => Verdict::NotApplicable,
                        (true, true) => Verdict::Violation,
                        (true, false) => Verdict::Pass,
                    };
                    expected.add(rule, &name, "", verdict);
                };
                say("residency/region-not-eligible", !region.is_null(), row.is_none());
                // What the edition does not list is for one rule alone.
                let known = row.is_some() || region.is_null();
                say("residency/region-not-set", known, region.is_null());
                say("residency/residency-not-approved", row.is_some(), !shown);
                say("residency/non-us-region-without-abuse-monitoring-approval", regulated, !shown);
                say("residency/non-us-region-without-zdr-amendment", regulated, !shown);
                say("residency/region-without-further-approval", false, false);
                say("residency/no-regional-processing", known, !row.is_some_and(|r| r.2));
                let open = regulated && control.is_none();
                if open {
                    let rule = "residency/non-us-region-without-abuse-monitoring-control";
                    expected.add(rule, &name, "", Verdict::Undetermined);
                } else {
                    let none = control == Some("none");
                    say("residency/non-us-region-without-abuse-monitoring-control", regulated, none);
                }
                let verdict = match row {
                    Some(row) if row.4 => Verdict::Violation,
                    _ => Verdict::NotApplicable,
                };
                expected.add("residency/image-without-enhanced-control", &name, "/v1/chat/completions", verdict);
            }
        }
        expected.hold(&json!({ "organization": organization, "projects": projects }), 500);
    }
}

#[test]
fn tools_are_in_the_regions_of_their_rows() {
    let (mut projects, mut expected) = (Vec::new(), Expected::default());
    for (place, region, code) in places() {
        for (tool, everywhere) in TOOLS {
            let name = format!("{place} {tool}");
            let mut project = json!({"name": name, "uses": [{"endpoint": "/v1/responses", "tools": [tool]}]});
            if !region.is_null() {
                project["region"] = region.clone();
            }
            projects.push(project);
            let verdict = match (code, everywhere) {
                (None, _) => Verdict::NotApplicable,
                (Some(_), true) => Verdict::Pass,
                (Some(_), false) => Verdict::Violation,
            };
            expected.add("residency/tool-not-in-region", &name, "/v1/responses", verdict);
        }
    }
    expected.hold(&json!({ "projects": projects }), 60);
}

/// Days of application state of a call, at least and at most (`None`: the page names no end, or no period).
fn state(state: State, forced: Option<bool>, store: Option<bool>) -> (u64, Option<u64>) {
    const EVER: u64 = u64::MAX;
    match state {
        State::Nothing => (0, Some(0)),
        State::UntilDeleted => (EVER, Some(EVER)),
        State::IfAsked | State::ThirtyUnlessRefused => {
            let stored = match state {
                State::ThirtyUnlessRefused => store != Some(false),
                _ => store == Some(true),
            };
            let kept = if state == State::ThirtyUnlessRefused { 30 } else { 1 };
            match (stored, forced) {
                (false, _) | (true, Some(true)) => (0, Some(0)),
                (true, Some(false)) => (kept, None),
                (true, None) => (0, None),
            }
        }
    }
}

#[test]
fn endpoints_keep_what_their_row_says() {
    let controls = [None, Some("none"), Some(MAM[0]), Some(MAM[1]), Some(ZDR[0]), Some(ZDR[1])];
    for of_organization in controls {
        let (mut projects, mut expected) = (Vec::new(), Expected::default());
        for of_project in controls {
            let control = of_project.or(of_organization);
            let zdr = control.map(|c| ZDR.contains(&c));
            for store in [None, Some(true), Some(false)] {
                for limit in [0, 29, 30] {
                    let name = format!("{of_project:?} {store:?} {limit}");
                    let mut uses = Vec::new();
                    for endpoint in endpoints() {
                        let mut call = json!({"endpoint": endpoint});
                        if let Some(store) = store {
                            call["store"] = store.into();
                        }
                        uses.push(call);
                        let row = ENDPOINTS.iter().find(|e| e.0 == endpoint);
                        let eligible = match (row, zdr) {
                            (Some(row), Some(true)) if row.3 => Verdict::Pass,
                            (Some(_), Some(true)) => Verdict::Violation,
                            (Some(row), None) if !row.3 => Verdict::Undetermined,
                            _ => Verdict::NotApplicable,
                        };
                        expected.add("retention/endpoint-not-zdr-eligible", &name, endpoint, eligible);
                        let judged = |least: u64, most: Option<u64>| match most {
                            _ if least > limit => Verdict::Violation,
                            Some(most) if most <= limit => Verdict::Pass,
                            _ => Verdict::Undetermined,
                        };
                        let (logs, kept) = match row {
                            None => (Verdict::NotApplicable, Verdict::NotApplicable),
                            Some((_, days, kept, _)) => {
                                let quiet = control.map(|c| ZDR.contains(&c) || MAM.contains(&c));
                                let logs = match quiet {
                                    Some(true) => judged(0, Some(0)),
                                    Some(false) => judged(*days, Some(*days)),
                                    None => judged(0, Some(*days)),
                                };
                                // The page says it of the organization's control.
                                let organization = of_organization.map(|c| ZDR.contains(&c));
                                let forced = match (zdr, organization) {
                                    (Some(false), _) | (_, Some(false)) => Some(false),
                                    (Some(true), Some(true)) => Some(true),
                                    _ => None,
                                };
                                let (least, most) = state(*kept, forced, store);
                                (logs, judged(least, most))
                            }
                        };
                        expected.add("retention/abuse-log-retention-exceeds-limit", &name, endpoint, logs);
                        expected.add("retention/application-state-exceeds-limit", &name, endpoint, kept);
                    }
                    let limits = json!({"max_abuse_log_days": limit, "max_application_state_days": limit});
                    let mut project = json!({"name": name, "uses": uses, "requirements": limits});
                    if let Some(control) = of_project {
                        project["data_retention"] = control.into();
                    }
                    projects.push(project);
                }
            }
        }
        let organization = of_organization.map_or_else(|| json!({}), |control| json!({"data_retention": control}));
        expected.hold(&json!({ "organization": organization, "projects": projects }), 1_000);
    }
}
