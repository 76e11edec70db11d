//! What the real OPA says of facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};

use openai_data_controls::facts::Facts;
use openai_data_controls::policy::{Outcome, PolicySet, Said};
use serde_json::{Map, Value, json};

use super::{peer, root};

/// Documents that one process is asked of.
const CHUNK: usize = 700;

/// Processes of OPA that are at work.
pub struct Asked {
    children: Vec<Child>,
    directory: tempfile::TempDir,
}

impl Asked {
    /// Asks for the sets of every rule on each document. An edition is written once.
    pub fn of(policies: &PolicySet, all: &[Facts]) -> Asked {
        let directory = tempfile::tempdir().unwrap();
        let packages: Vec<&str> = policies.rules().iter().map(|r| r.package.as_str()).collect();
        let entry = |p: &&str| {
            let set = |name: &str| format!("\"{name}\": data.{p}.{name}");
            format!("\"{p}\": {{{}, {}, {}}}", set("applies"), set("deny"), set("undetermined"))
        };
        let entries: Vec<String> = packages.iter().map(entry).collect();
        let query = format!(
            "package comparison\nimport rego.v1\n\
             result := [r | some doc in data.documents; r := sets with input as whole(doc)]\n\
             whole(doc) := object.union(doc, {{\"edition\": data.editions[doc.edition]}})\n\
             sets := {{{}}}\n",
            entries.join(", ")
        );
        let comparison = directory.path().join("comparison.rego");
        fs::write(&comparison, query).unwrap();
        let mut children = Vec::new();
        for (number, chunk) in all.chunks(CHUNK).enumerate() {
            let mut editions = Map::new();
            let mut documents = Vec::new();
            for facts in chunk {
                let name = &facts.edition.name;
                if !editions.contains_key(name) {
                    editions.insert(name.clone(), serde_json::to_value(&facts.edition).unwrap());
                }
                documents.push(without_edition(facts));
            }
            let file = directory.path().join(format!("documents-{number}.json"));
            fs::write(&file, json!({ "documents": documents, "editions": editions }).to_string()).unwrap();
            let mut opa = peer("opa").unwrap();
            // It has memory enough, and collects less often.
            opa.env("GOGC", "400");
            opa.args(["eval", "--format", "raw", "-d"]).arg(root().join("policies/openai"));
            opa.arg("-d").arg(&file).arg("-d").arg(&comparison).arg("data.comparison.result");
            let out = fs::File::create(directory.path().join(format!("answers-{number}.json"))).unwrap();
            let failure = fs::File::create(directory.path().join(format!("failure-{number}.txt"))).unwrap();
            children.push(opa.stdin(Stdio::null()).stdout(out).stderr(failure).spawn().unwrap());
        }
        Asked { children, directory }
    }

    /// Document by document: package: its sets.
    pub fn answers(mut self) -> Vec<BTreeMap<String, Outcome>> {
        let mut all = Vec::new();
        for (number, child) in self.children.iter_mut().enumerate() {
            let status = child.wait().unwrap();
            let text = |name: String| fs::read_to_string(self.directory.path().join(name)).unwrap();
            let answer = text(format!("answers-{number}.json"));
            assert!(status.success(), "{answer} {}", text(format!("failure-{number}.txt")));
            let some: Vec<BTreeMap<String, Outcome>> = serde_json::from_str(&answer).unwrap();
            all.extend(some);
        }
        all
    }
}

fn without_edition(facts: &Facts) -> Value {
    json!({
        "schema": facts.schema, "today": facts.today, "edition": facts.edition.name, "sources": facts.sources,
        "organization": facts.organization, "projects": facts.projects, "uses": facts.uses, "clients": facts.clients,
        "unjoined": facts.unjoined,
    })
}

/// How two answers of one rule differ.
pub fn difference(ours: &Outcome, theirs: &Outcome) -> Option<String> {
    fn sorted<T: Ord>(mut all: Vec<&T>) -> Vec<&T> {
        all.sort();
        all
    }
    let said = |set: &str, ours: &[Said], theirs: &[Said]| {
        let (ours, theirs) = (sorted(ours.iter().collect()), sorted(theirs.iter().collect()));
        (ours != theirs).then(|| format!("{set}: ours {ours:?}, OPA's {theirs:?}"))
    };
    let (applies, other) = (sorted(ours.applies.iter().collect()), sorted(theirs.applies.iter().collect()));
    (applies != other)
        .then(|| format!("applies: ours {applies:?}, OPA's {other:?}"))
        .or_else(|| said("deny", &ours.deny, &theirs.deny))
        .or_else(|| said("undetermined", &ours.undetermined, &theirs.undetermined))
}
