//! Facts that no fixture has: drawn from the words of an edition, the same for the same seed. What follows from them is
//! left to [`Facts::complete`], as with what readers bring.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use openai_data_controls::edition::{self, EditionFacts};
use openai_data_controls::facts;
use openai_data_controls::facts::{
    AbuseMonitoringApproval, Amendment, Before, BusinessAssociateAgreement, CONTROLS, Change, Client, Fact, Facts,
    Models, ORGANIZATION_DEFAULT, Organization, Project, RegionApproval, Requirements, SERVICE_TIERS, TOOLS, Use,
};
use openai_data_controls::policy::{Outcome, PolicySet, embedded};
use openai_data_controls::rule::RuleId;
use openai_data_controls::verdict::Verdict;

use super::{TODAY, fixtures, options};

/// Numbers that look like chance.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Some of several, in their order.
    pub fn some<T: Clone>(&mut self, of: &[T], percent: usize) -> Vec<T> {
        of.iter().filter(|_| self.chance(percent)).cloned().collect()
    }

    /// A fact: not there in so many of a hundred cases, not known in so many, else this.
    fn fact<T>(&mut self, absent: usize, unknown: usize, value: impl FnOnce(&mut Random) -> T) -> Fact<T> {
        match self.below(100) {
            n if n < absent => Fact::Absent,
            n if n < absent + unknown => Fact::Unknown("known after apply".to_owned()),
            _ => Fact::Known(value(self)),
        }
    }

    fn option<T>(&mut self, percent: usize, value: impl FnOnce(&mut Random) -> T) -> Option<T> {
        self.chance(percent).then(|| value(self))
    }
}

/// `OPENAI_DATA_CONTROLS_SEED=7` makes others; `OPENAI_DATA_CONTROLS_RANDOM=20000` as many.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// Documents of a seed: of each edition in turn.
pub fn documents(count: u64, seed: u64) -> Vec<Facts> {
    let words: Vec<Words> = complete_editions().into_iter().map(Words::new).collect();
    let one = |number: u64| {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
        words[usize::try_from(number).unwrap() % words.len()].facts(&mut random)
    };
    (0..count).map(one).collect()
}

/// The facts of every fixture of at most twenty projects, and generated ones, each with its name. Several tests share them.
///
/// `OPENAI_DATA_CONTROLS_RANDOM` and `OPENAI_DATA_CONTROLS_SEED` say how many are generated, and which.
pub fn all_facts() -> &'static [(String, Facts)] {
    static ALL: LazyLock<Vec<(String, Facts)>> = LazyLock::new(|| {
        let of_fixture = |paths: Vec<PathBuf>| {
            let name = paths[0].display().to_string();
            Some((name, facts(&options(paths), &mut std::io::empty()).0?.facts))
        };
        let of_fixtures = fixtures().into_iter().filter_map(of_fixture);
        let mut all: Vec<_> = of_fixtures.filter(|(_, facts)| facts.projects.len() <= 20).collect();
        let count = setting("OPENAI_DATA_CONTROLS_RANDOM", 250);
        let generated = documents(count, setting("OPENAI_DATA_CONTROLS_SEED", 1));
        all.extend(generated.into_iter().enumerate().map(|(number, facts)| (format!("document {number}"), facts)));
        all
    });
    &ALL
}

/// The editions that can judge.
pub fn complete_editions() -> Vec<EditionFacts> {
    let complete = edition::all().unwrap();
    complete.iter().filter(|edition| edition.complete).map(EditionFacts::new).collect()
}

/// Days around the one that is judged on.
const DAYS: [&str; 5] = ["2024-02-29", "2025-03-01", "2026-11-21", TODAY, "2026-11-23"];

/// Names that an edition gives, and some that it does not.
struct Words {
    edition: EditionFacts,
    regions: Vec<String>,
    endpoints: Vec<String>,
    /// Those of which the page's text says something, each as often as it does.
    noted: Vec<String>,
    models: Vec<String>,
    hosts: Vec<String>,
}

impl Words {
    fn new(edition: EditionFacts) -> Words {
        let endpoints: BTreeSet<&String> = edition.endpoints.keys().chain(edition.services.by_path.keys()).collect();
        let rows = edition.services.by_key.values().flatten();
        let models: BTreeSet<String> = rows.flat_map(|row| row.models.iter().cloned()).collect();
        let hosts = edition.hosts.keys().cloned().chain([edition.global_host.clone(), "proxy.example".to_owned()]);
        Words {
            regions: edition.regions.keys().cloned().collect(),
            endpoints: endpoints.into_iter().cloned().collect(),
            noted: edition.notes.iter().flat_map(|(path, notes)| vec![path.clone(); notes.len()]).collect(),
            models: models.into_iter().collect(),
            hosts: hosts.collect(),
            edition,
        }
    }

    fn facts(&self, random: &mut Random) -> Facts {
        let mut facts = Facts::new(self.edition.clone(), TODAY.to_owned());
        facts.organization = self.organization(random);
        for number in 0..=random.below(3) {
            let id = format!("definition.json#p{number}");
            facts.projects.insert(id.clone(), self.project(random, number));
            for number in 0..random.below(5) {
                facts.uses.insert(format!("{id}:u{number}"), self.call(random, Some(id.clone())));
            }
            if random.chance(50) {
                facts.clients.insert(format!("{id}@base_url"), self.client(random, Some(id)));
            }
        }
        if random.chance(30) {
            facts.uses.insert("plan.json#call".to_owned(), self.call(random, None));
        }
        if random.chance(30) {
            facts.clients.insert("plan.json#service".to_owned(), self.client(random, None));
        }
        facts
    }

    fn organization(&self, random: &mut Random) -> Organization {
        let amendment = |random: &mut Random| Amendment {
            executed_on: day(random),
            expires_on: random.option(30, |r| r.pick(&DAYS).to_owned()),
            reference: None,
        };
        let approval = |random: &mut Random| AbuseMonitoringApproval {
            controls: random.some(&CONTROLS, 30).into_iter().map(str::to_owned).collect(),
            approved_on: day(random),
            requirements_accepted: random.option(85, |r| r.chance(80)),
            reference: None,
        };
        let mut approvals = BTreeMap::new();
        for region in self.edition.regions.keys() {
            if random.chance(40) {
                approvals.insert(region.clone(), RegionApproval { approved_on: day(random), reference: None });
            }
        }
        let before = |random: &mut Random| Before {
            data_retention: random.fact(15, 10, |r| r.pick(&CONTROLS).to_owned()),
            ..Before::default()
        };
        let mut organization = Organization {
            region_approvals: approvals,
            requirements: self.requirements(random, 12),
            change: random.option(35, |random| change(random, before)),
            id: Some("org-example".to_owned()),
            residency_approved: random.option(80, |r| r.chance(75)),
            data_sharing: random.option(60, |r| r.chance(40)),
            abuse_monitoring_approval: random.option(75, approval),
            zdr_amendment: random.option(50, amendment),
            modified_retention_amendment: random.option(50, amendment),
            business_associate_agreement: random
                .option(50, |r| BusinessAssociateAgreement { executed_on: day(r), reference: None }),
            responsible_contact: random.option(60, |_| "privacy@example.com".to_owned()),
            data_retention: random.fact(15, 10, |r| r.pick(&CONTROLS).to_owned()),
            ..Organization::default()
        };
        if let Some(before) = unchanged(&mut organization.change) {
            before.data_retention = organization.data_retention.clone();
        }
        organization
    }

    fn requirements(&self, random: &mut Random, percent: usize) -> Requirements {
        let mut named = random.some(&self.regions, 60);
        named.extend(random.some(&["GLOBAL".to_owned()], 30));
        Requirements {
            allowed_regions: random.option(percent, |_| named),
            region_required: random.option(percent, |r| r.chance(70)),
            regional_processing: random.option(percent * 2, |r| r.chance(80)),
            training_forbidden: random.option(percent, |r| r.chance(70)),
            max_abuse_log_days: random.option(percent, |r| r.pick(&[0, 1, 29, 30, 31])),
            max_application_state_days: random.option(percent * 2, |r| r.pick(&[0, 1, 29, 30, 31, 400])),
        }
    }

    fn region(&self, random: &mut Random) -> String {
        if random.chance(94) { random.pick(&self.regions) } else { random.pick(&["GLOBAL", "Narnia"]).to_owned() }
    }

    fn residency(&self, random: &mut Random) -> String {
        let processing = if random.chance(50) { "_PROCESSING" } else { "" };
        format!("{}_STORAGE{processing}", random.pick(&self.regions))
    }

    fn project(&self, random: &mut Random, number: usize) -> Project {
        let control = |r: &mut Random| r.pick(&[CONTROLS.as_slice(), &[ORGANIZATION_DEFAULT; 3]].concat()).to_owned();
        let worded = random.chance(25);
        let before = |random: &mut Random| Before {
            region: random.fact(20, 10, |r| self.region(r)),
            data_retention: random.fact(15, 10, control),
            ..Before::default()
        };
        let mut parts = BTreeMap::new();
        let mut hide = |part: String| parts.insert(part, "sensitive".to_owned());
        let tools = random.fact(25, 8, |random| {
            let mut tools = BTreeMap::new();
            for tool in random.some(&TOOLS, 40) {
                if random.chance(12) {
                    hide(format!("tools.{tool}"));
                } else {
                    tools.insert(tool.to_owned(), random.chance(50));
                }
            }
            tools
        });
        let models = random.fact(35, 8, |random| {
            let ids = (0..random.below(4)).map(|_| self.model(random, None)).collect();
            if random.chance(15) {
                hide("models.ids".to_owned());
            }
            Models { mode: random.pick(&["allow_list", "allow_list", "deny_list"]).to_owned(), ids }
        });
        let mut project = Project {
            requirements: self.requirements(random, 20),
            change: random.option(50, |random| change(random, before)),
            name: random.fact(5, 3, |_| format!("project-{number}")),
            project_id: random.fact(30, 30, |_| format!("proj_{number}")),
            region: if worded { Fact::Absent } else { random.fact(8, 8, |r| self.region(r)) },
            residency: if worded { random.fact(0, 10, |r| self.residency(r)) } else { Fact::Absent },
            data_retention: random.fact(15, 8, control),
            models,
            tools,
            handles_phi: random.fact(50, 8, |r| r.chance(75)),
            unknown_parts: parts,
            ..Project::default()
        };
        if let Some(before) = unchanged(&mut project.change) {
            before.region = project.region.clone();
            before.residency = project.residency.clone();
            before.data_retention = project.data_retention.clone();
        }
        project
    }

    /// A model of an endpoint or of any: listed, an alias, tuned or listed nowhere.
    fn model(&self, random: &mut Random, endpoint: Option<&str>) -> String {
        let rows = endpoint.and_then(|path| self.edition.services.by_path.get(path));
        let own: Vec<String> = rows.into_iter().flatten().flat_map(|row| row.models.iter().cloned()).collect();
        let of = if own.is_empty() || random.chance(10) { &self.models } else { &own };
        let model = random.pick(of);
        match random.below(100) {
            n if n < 65 => model,
            n if n < 85 => match model.rsplit_once("-20").or_else(|| model.rsplit_once("-0")) {
                Some((name, _)) => name.to_owned(),
                None => model,
            },
            n if n < 93 => format!("ft:{model}:acme::1"),
            _ => random.pick(&["gpt-9", "gpt-4.1-2031-01-01", "dall-e-2", ""]).to_owned(),
        }
    }

    fn call(&self, random: &mut Random, project: Option<String>) -> Use {
        let endpoint = match random.below(100) {
            n if n < 45 => random.pick(&self.noted),
            n if n < 95 => random.pick(&self.endpoints),
            _ => random.pick(&["/v1/narnia", "/v1/images", "/v1/responses/input_items"]).to_owned(),
        };
        let words = |all: &'static [&'static str]| {
            move |random: &mut Random| random.some(all, 45).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        Use {
            project,
            model: random.fact(12, 8, |r| self.model(r, Some(&endpoint))),
            endpoint,
            store: random.fact(50, 6, |r| r.chance(60)),
            inputs: random.fact(45, 6, words(&["text", "image", "file", "audio"])),
            outputs: random.fact(45, 6, words(&["text", "image", "audio"])),
            tools: random.fact(45, 6, |r| r.some(&TOOLS, 20).into_iter().map(str::to_owned).collect()),
            structured_output: random.fact(30, 6, |r| r.chance(60)),
            file_upload: random.fact(60, 6, |r| r.pick(&["base64", "base64", "file_id", "url"]).to_owned()),
            background: random.fact(30, 6, |r| r.chance(60)),
            service_tier: random.fact(40, 6, |r| r.pick(&SERVICE_TIERS).to_owned()),
            external_web_access: random.fact(40, 10, |r| r.chance(40)),
            ..Use::default()
        }
    }

    fn client(&self, random: &mut Random, project: Option<String>) -> Client {
        Client {
            linked_by: project.as_ref().map(|_| "reference".to_owned()),
            project,
            host: random.fact(15, 10, |r| r.pick(&self.hosts)),
            ..Client::default()
        }
    }
}

fn day(random: &mut Random) -> Option<String> {
    random.option(90, |r| r.pick(&DAYS).to_owned())
}

fn change(random: &mut Random, before: impl FnOnce(&mut Random) -> Before) -> Change {
    let replaced: &[&str] = &["delete", "create"];
    Change {
        actions: random.pick(&[&["update"], &["no-op"], replaced]).iter().map(|w| (*w).to_owned()).collect(),
        before: random.option(85, before),
        no_longer_managed: random.some(&["data_retention".to_owned()], 20),
    }
}

/// What was before a change that changes nothing.
fn unchanged(change: &mut Option<Change>) -> Option<&mut Before> {
    change.as_mut().filter(|change| change.actions == ["no-op"])?.before.as_mut()
}

/// The verdict on each subject that a rule speaks of.
pub fn verdicts(outcome: &Outcome) -> BTreeMap<&str, Verdict> {
    let mut said: BTreeMap<&str, Verdict> = outcome.applies.iter().map(|id| (id.as_str(), Verdict::Pass)).collect();
    said.extend(outcome.undetermined.iter().map(|s| (s.subject.as_str(), Verdict::Undetermined)));
    said.extend(outcome.deny.iter().map(|s| (s.subject.as_str(), Verdict::Violation)));
    said
}

/// All rules of the product.
pub fn all_rules() -> PolicySet {
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    policies
}

/// What all rules say of completed facts.
pub fn judged(policies: &PolicySet, facts: &Facts) -> BTreeMap<RuleId, Outcome> {
    let document = openai_data_controls::policy::Document::new(facts).unwrap();
    let (outcomes, problems) = policies.evaluate(document);
    assert!(problems.is_empty(), "{problems:?}");
    outcomes
}
