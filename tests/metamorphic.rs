//! What must hold between two runs whatever each says: to know less never makes better, to show evidence never makes
//! worse, and neither order nor names of inputs change anything.
//!
//! `OPENAI_DATA_CONTROLS_RANDOM=20000` takes as many documents; `OPENAI_DATA_CONTROLS_SEED=7` makes others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::generated::{Random, all_facts, all_rules, documents, judged, setting, verdicts};
use crate::support::{self, examples, inputs, options};
use openai_data_controls::facts::{
    AbuseMonitoringApproval, Amendment, BusinessAssociateAgreement, CONTROLS, Client, Fact, Facts, ORGANIZATION,
    Organization, RegionApproval, Use,
};
use openai_data_controls::policy::{Outcome, PolicySet};
use openai_data_controls::report::Report;
use openai_data_controls::rule::RuleId;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check};
use serde_json::{Value, json};

/// Facts of projects that are hidden of each document.
const HIDDEN: usize = 12;

fn seed() -> u64 {
    setting("OPENAI_DATA_CONTROLS_SEED", 1)
}

/// The work on two threads; what each document has to complain about.
fn complaints(all: &[&(String, Facts)], of: impl Fn(usize, &str, &Facts) -> Vec<String> + Sync) -> Vec<String> {
    let (first, second) = all.split_at(all.len() / 2);
    let work = |from: usize, part: &[&(String, Facts)]| {
        part.iter().enumerate().flat_map(|(i, (name, facts))| of(from + i, name, facts)).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| work(first.len(), second));
        let mut found = work(0, first);
        found.extend(other.join().unwrap());
        found
    })
}

/// The verdict of each rule on each subject; `None` where it does not apply.
fn each<'o>(
    before: &'o BTreeMap<RuleId, Outcome>,
    after: &'o BTreeMap<RuleId, Outcome>,
) -> Vec<(&'o RuleId, &'o str, Option<Verdict>, Option<Verdict>)> {
    let mut found = Vec::new();
    for (rule, outcome) in before {
        let (was, is) = (verdicts(outcome), verdicts(&after[rule]));
        let subjects: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
        found.extend(subjects.into_iter().map(|id| (rule, id, was.get(id).copied(), is.get(id).copied())));
    }
    found
}

/// Makes a fact unknown; the text is what the subject's id ends with in a copy.
type Hide = Box<dyn Fn(&mut Facts, &str)>;

/// A fact that can be hidden: the project that it belongs to, if one.
struct Hideable {
    what: String,
    project: Option<String>,
    hide: Hide,
}

/// Each fact that is known, or known to be absent, with what makes it unknown. A project's region is one with its residency.
fn hideable(facts: &Facts) -> Vec<Hideable> {
    let mut found = Vec::new();
    macro_rules! take {
        ($map:ident of $project:expr; $($attribute:ident $(with $other:ident)?),*) => {
            for (id, subject) in &facts.$map {
                $(if subject.$attribute.reason().is_none() $(&& subject.$other.reason().is_none())? {
                    let key = id.clone();
                    let hide = move |facts: &mut Facts, copy: &str| {
                        let subject = facts.$map.get_mut(&format!("{key}{copy}")).unwrap();
                        subject.$attribute = Fact::Unknown("hidden".to_owned());
                        $(subject.$other = Fact::Unknown("hidden".to_owned());)?
                        let part = concat!(stringify!($attribute), ".");
                        subject.unknown_parts.retain(|held, _| !held.starts_with(part));
                    };
                    let what = format!("{} of {id}", stringify!($attribute));
                    found.push(Hideable { what, project: $project(id, subject), hide: Box::new(hide) });
                })*
            }
        };
    }
    take!(projects of |id: &String, _| Some(id.clone()); region with residency, data_retention, models, tools, handles_phi);
    take!(uses of |_, call: &Use| call.project.clone(); model, store, inputs, outputs, tools, structured_output, file_upload,
        background, service_tier, external_web_access);
    take!(clients of |_, client: &Client| client.project.clone(); host);
    if facts.organization.data_retention.reason().is_none() {
        let hide = |facts: &mut Facts, _: &str| facts.organization.data_retention = Fact::Unknown("hidden".to_owned());
        found.push(Hideable { what: format!("data_retention of {ORGANIZATION}"), project: None, hide: Box::new(hide) });
    }
    found
}

/// Adds a copy of a project with its uses and clients, whose ids end so.
fn copy(facts: &mut Facts, id: &str, end: &str) {
    let other = Some(format!("{id}{end}"));
    facts.projects.insert(format!("{id}{end}"), facts.projects[id].clone());
    let own: Vec<_> = facts.uses.iter().filter(|(_, u)| u.project.as_deref() == Some(id)).collect();
    let own: Vec<_> =
        own.into_iter().map(|(key, u)| (format!("{key}{end}"), Use { project: other.clone(), ..u.clone() })).collect();
    facts.uses.extend(own);
    let own: Vec<_> = facts.clients.iter().filter(|(_, c)| c.project.as_deref() == Some(id)).collect();
    let own: Vec<_> = own
        .into_iter()
        .map(|(key, c)| (format!("{key}{end}"), Client { project: other.clone(), ..c.clone() }))
        .collect();
    facts.clients.extend(own);
}

/// Whether a rule may say so after a fact was hidden: the value that it had is one of those that it may have.
fn may_become(was: Option<Verdict>, is: Option<Verdict>) -> bool {
    match (was, is) {
        (Some(Verdict::Violation), _) => matches!(is, Some(Verdict::Violation | Verdict::Undetermined)),
        // What passes may not apply with another value.
        (Some(Verdict::Pass), None) => true,
        _ => was == is || is == Some(Verdict::Undetermined),
    }
}

/// Hides some facts of projects, each in a copy of its project, in one run; and one of those that all projects share.
fn after_hiding(policies: &PolicySet, number: usize, name: &str, facts: &Facts) -> Vec<String> {
    let mut random = Random::new(seed().wrapping_add(u64::try_from(number).unwrap()));
    let (mut own, mut shared): (Vec<_>, Vec<_>) = hideable(facts).into_iter().partition(|h| h.project.is_some());
    let mut wrong = Vec::new();
    let mut hold = |rule: &RuleId, subject: &str, was: Option<Verdict>, is: Option<Verdict>, what: &str| {
        if !may_become(was, is) {
            wrong.push(format!("{rule}: {was:?} becomes {is:?} for {subject} without {what}: {name}"));
        }
    };
    let mut copied = facts.clone();
    // What belongs to no project may change with every copy.
    copied.uses.retain(|_, call| call.project.is_some());
    copied.clients.retain(|_, client| client.project.is_some());
    let mut hidden = Vec::new();
    for number in 0..HIDDEN.min(own.len()) {
        let Hideable { what, project, hide } = own.swap_remove(random.below(own.len()));
        let end = format!("~{number}");
        copy(&mut copied, project.as_deref().unwrap(), &end);
        hide(&mut copied, &end);
        hidden.push((what, end));
    }
    copied.complete();
    for (rule, outcome) in &judged(policies, &copied) {
        let said = verdicts(outcome);
        for id in copied.projects.keys().chain(copied.uses.keys()).chain(copied.clients.keys()) {
            let Some((original, number)) = id.rsplit_once('~') else { continue };
            let (what, _) = &hidden[number.parse::<usize>().unwrap()];
            hold(rule, original, said.get(original).copied(), said.get(id.as_str()).copied(), what);
        }
    }
    if number.is_multiple_of(3) && !shared.is_empty() {
        let Hideable { what, hide, .. } = shared.swap_remove(random.below(shared.len()));
        let (mut whole, mut less) = (facts.clone(), facts.clone());
        hide(&mut less, "");
        whole.complete();
        less.complete();
        for (rule, subject, was, is) in each(&judged(policies, &whole), &judged(policies, &less)) {
            hold(rule, subject, was, is, &what);
        }
    }
    wrong
}

#[test]
fn to_know_less_never_makes_better_or_worse() {
    let policies = all_rules();
    let all: Vec<_> = all_facts().iter().step_by(2).collect();
    let wrong = complaints(&all, |number, name, facts| after_hiding(&policies, number, name, facts));
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// A piece of evidence, and what shows it.
type Show = (&'static str, fn(&mut Facts));

fn evidence() -> Vec<Show> {
    fn signed() -> Option<Amendment> {
        Some(Amendment { executed_on: day(), ..Amendment::default() })
    }
    fn day() -> Option<String> {
        Some("2025-03-10".to_owned())
    }
    vec![
        ("residency_approved", |f| f.organization.residency_approved = Some(true)),
        ("abuse_monitoring_approval", |f| {
            f.organization.abuse_monitoring_approval = Some(AbuseMonitoringApproval {
                controls: CONTROLS.iter().filter(|c| **c != "none").map(|c| (*c).to_owned()).collect(),
                approved_on: day(),
                requirements_accepted: Some(true),
                reference: None,
            });
        }),
        ("zdr_amendment", |f| f.organization.zdr_amendment = signed()),
        ("modified_retention_amendment", |f| f.organization.modified_retention_amendment = signed()),
        ("region_approvals", |f| {
            let approval = RegionApproval { approved_on: day(), reference: None };
            f.organization.region_approvals = f.edition.regions.keys().map(|r| (r.clone(), approval.clone())).collect();
        }),
        ("business_associate_agreement", |f| {
            f.organization.business_associate_agreement =
                Some(BusinessAssociateAgreement { executed_on: day(), reference: None });
        }),
        ("responsible_contact", |f| f.organization.responsible_contact = Some("privacy@example.com".to_owned())),
    ]
}

#[test]
fn to_show_evidence_never_makes_worse() {
    let policies = all_rules();
    let rank = |verdict: Option<Verdict>| match verdict {
        Some(Verdict::Violation) => 2,
        Some(Verdict::Undetermined) => 1,
        Some(Verdict::Pass | Verdict::NotApplicable) | None => 0,
    };
    let pieces = evidence();
    let all: Vec<_> = all_facts().iter().skip(1).step_by(2).collect();
    let wrong = complaints(&all, |number, name, facts| {
        // One of the pieces a document: each is shown to many.
        let (what, show) = pieces[number % pieces.len()];
        let mut whole = facts.clone();
        whole.complete();
        let mut more = whole.clone();
        show(&mut more);
        let (before, after) = (judged(&policies, &whole), judged(&policies, &more));
        let worse = each(&before, &after).into_iter().filter(|(_, _, was, is)| rank(*is) > rank(*was));
        worse
            .map(|(rule, subject, was, is)| format!("{rule}: {was:?} becomes {is:?} for {subject} with {what}: {name}"))
            .collect()
    });
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// With all evidence there is, nothing is left that only evidence decides.
#[test]
fn all_evidence_is_enough() {
    let policies = all_rules();
    let mut bare = Facts::new(documents(3, 1).pop().unwrap().edition, support::TODAY.to_owned());
    bare.organization = Organization { data_retention: Fact::Known(CONTROLS[0].to_owned()), ..Organization::default() };
    for region in bare.edition.regions.keys() {
        let project =
            openai_data_controls::facts::Project { region: Fact::Known(region.clone()), ..Default::default() };
        bare.projects.insert(region.clone(), project);
    }
    bare.complete();
    let without = judged(&policies, &bare);
    evidence().iter().for_each(|(_, show)| show(&mut bare));
    let with = judged(&policies, &bare);
    let mended: Vec<&str> = without
        .iter()
        .filter(|(rule, o)| !o.deny.is_empty() && with[rule].deny.is_empty())
        .map(|(r, _)| r.as_str())
        .collect();
    for rule in [
        "residency/non-us-region-without-abuse-monitoring-approval",
        "residency/non-us-region-without-zdr-amendment",
        "residency/region-without-further-approval",
        "residency/residency-not-approved",
        "retention/control-without-approval",
    ] {
        assert!(mended.contains(&rule), "{rule}: {mended:?}");
    }
}

/// A definition of many projects: those of all examples that are JSON, each with a name of its own.
fn large_definition() -> Value {
    let mut projects = Vec::new();
    let mut organization = json!({});
    for example in examples() {
        for path in inputs(&example.path).iter().filter(|p| p.ends_with("openai.json")) {
            let definition: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            if definition["organization"].is_object() {
                organization = definition["organization"].clone();
            }
            for project in definition["projects"].as_array().into_iter().flatten() {
                // One that adds to a resource has no name of its own.
                if project["name"].is_string() && project.get("address").is_none() {
                    let mut project = project.clone();
                    project["name"] = format!("project-{}", projects.len()).into();
                    project.as_object_mut().unwrap().remove("id");
                    projects.push(project);
                }
            }
        }
    }
    assert!(projects.len() > 25, "{}", projects.len());
    json!({ "organization": organization, "projects": projects })
}

fn checked(path: &Path, definition: &Value) -> Report {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, definition.to_string()).unwrap();
    let options = Options { verdicts: true, ..options(vec![path.to_path_buf()]) };
    check(&options, &mut std::io::empty()).0
}

/// What a report says, without places and paths.
fn content(report: &Report, path: &Path) -> Vec<String> {
    let name = path.display().to_string();
    let mut lines: Vec<String> = report
        .findings
        .iter()
        .map(|f| {
            let what = (&f.subject.name, &f.subject.project, &f.subject.endpoint, &f.attribute);
            let rest = (&f.waiver, &f.evidence, &f.hint, f.locations.len());
            format!("{} {:?} {what:?} {} {} {rest:?}", f.rule, f.verdict, f.message, f.fingerprint)
                .replace(&name, "PATH")
        })
        .collect();
    lines.sort();
    lines.push(serde_json::to_string(&report.summary).unwrap());
    lines.extend(report.unchecked.iter().map(|u| format!("{}: {}", u.what, u.why).replace(&name, "PATH")));
    lines
}

#[test]
fn neither_order_of_projects_nor_the_name_of_the_input_changes_anything() {
    let directory = tempfile::tempdir().unwrap();
    let definition = large_definition();
    let path = directory.path().join("m/openai.json");
    let first = content(&checked(&path, &definition), &path);
    assert!(first.len() > 500, "{first:#?}");
    let mut random = Random::new(seed());
    for name in ["a/openai.json", "z/other.json", "m/m.json"] {
        let mut other = definition.clone();
        let projects = other["projects"].as_array_mut().unwrap();
        for at in (1..projects.len()).rev() {
            projects.swap(at, random.below(at + 1));
        }
        for project in projects.iter_mut() {
            if let Some(uses) = project["uses"].as_array_mut() {
                uses.reverse();
            }
        }
        let path = directory.path().join(name);
        let again = content(&checked(&path, &other), &path);
        let differing: Vec<_> = first.iter().zip(&again).filter(|(one, other)| one != other).take(5).collect();
        assert!(first.len() == again.len() && differing.is_empty(), "{name}: {differing:#?}");
    }
}
