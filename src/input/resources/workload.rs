//! Workloads of any provider that are given variables of OpenAI's SDKs: each environment is a client.

mod project;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::join::Joiner;
use super::keys::Keys;
use super::{Instance, Places, Reader};
use crate::document::{Node, Value};
use crate::facts::{Client, Fact};
use crate::hcl::{Undecided, split_address, without_keys};
use crate::input::clients::command;
use crate::input::clients::environment::{Environment, Variable, environments};
use crate::input::clients::host;
use crate::input::clients::mention::is_mention;
use crate::input::clients::mention::mentions;
use crate::input::clients::release;
use crate::input::clients::setting::{Set, Setting};
use crate::input::mapping;
use crate::input::reading::{ClientReading, Loose, Owner};
use crate::input::scan::Configuration;
use crate::location::SourceMap;
use crate::secret::holds_key;
use project::{leads_to_project, project_of, reached_by, written_id};

/// Whether one path is another, or leads on from it.
pub(super) fn leads(shorter: &str, longer: &str) -> bool {
    longer.strip_prefix(shorter).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The paths of all that is marked.
fn marked_paths(marks: Option<&Node>) -> Vec<String> {
    let (mut paths, mut left) = (Vec::new(), Vec::new());
    left.extend(marks.map(|node| (String::new(), node)));
    while let Some((path, node)) = left.pop() {
        match &node.value {
            Value::Bool(true) => paths.push(path),
            Value::Array(items) => {
                left.extend(items.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)));
            }
            Value::Object(entries) => {
                let dot = if path.is_empty() { "" } else { "." };
                left.extend(entries.iter().map(|entry| (format!("{path}{dot}{}", entry.key), &entry.node)));
            }
            Value::Bool(false) | Value::Null | Value::Number(_) | Value::String(_) => {}
        }
    }
    paths
}

impl<'a> Reader<'a> {
    /// The clients among foreign resources.
    pub(super) fn workloads(
        &mut self,
        foreign: Vec<Instance<'a>>,
        keys: &Keys,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) {
        let (mut unread, mut hidden): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for mut instance in foreign {
            if !instance.exists_after() {
                if let Some(problem) = instance.contradiction() {
                    self.problem(&instance.address, problem, map);
                }
                continue;
            }
            if let Err(problem) = instance.open() {
                self.problem(&instance.address, problem, map);
                continue;
            }
            let (values, unknown, sensitive) = instance.trees();
            // The built-in terraform_data shows its input again.
            let copied = |e: &Environment| {
                instance.kind == "terraform_data" && e.attributes.values().all(|attribute| attribute == "output")
            };
            let (mut found, leaves_open) = environments(values, unknown, sensitive);
            if instance.kind == release::KIND {
                let open = [marked_paths(unknown), release::halves(values)].concat();
                release::lay_over(&mut found, &open);
            } else {
                command::overrule(&mut found);
            }
            let mut is_unread = leaves_open || (found.is_empty() && mentions(values));
            let undecided = instance.declared.as_ref().map(|source| source.undecided.clone()).unwrap_or_default();
            let open = if undecided.is_empty() { Vec::new() } else { marked_paths(unknown) };
            // All of it that is open stands where variables were found.
            let is_shown = |part: &Undecided| {
                let mut own = open.iter().filter(|path| leads(&part.path, path)).peekable();
                own.peek().is_some() && own.all(|path| found.iter().any(|e| leads(&e.path, path)))
            };
            let mut is_hidden = false;
            for part in &undecided {
                if is_shown(part) {
                    // But a text beside variables sets others.
                    for text in texts_of(part).filter(|text| open.contains(&text.path)) {
                        let client = self.undecided_client(&instance, &text, keys, joiner);
                        self.reading.clients.push(client);
                    }
                    continue;
                }
                let leads = part.reaches.iter().any(leads_to_project) || written_id(part).is_some();
                match (leads, part.says) {
                    (true, true) => {
                        let client = self.undecided_client(&instance, part, keys, joiner);
                        self.reading.clients.push(client);
                    }
                    (true, false) => is_hidden = true,
                    (false, says) => is_unread |= says,
                }
            }
            if is_unread {
                unread.push(instance.address.to_string());
            }
            if is_hidden {
                hidden.push(instance.address.to_string());
            }
            if !found.is_empty() {
                self.hide_marked(&instance, joiner, map);
            }
            let written = OnceCell::new();
            for environment in found.into_iter().filter(|e| !copied(e)) {
                let client = self.client(&instance, environment, &written, keys, joiner, map);
                self.reading.clients.push(client);
            }
        }
        self.note_hidden(&hidden.iter().collect::<Vec<&String>>());
        if let [first, rest @ ..] = unread.as_slice() {
            let (more, name) = match rest.len() {
                0 => (String::new(), "names"),
                many => (format!(" and {many} more"), "name"),
            };
            self.note(&format!(
                "{first}{more} {name} a variable of OpenAI's SDKs, and what it is set to was not understood: if it calls the \
                 API, give the project's base_url in a definition"
            ));
        }
    }

    /// Notes resources that are given a key or the id of a project, and whose values do not show what they do with it.
    pub(super) fn note_hidden_workloads(&mut self, configuration: &Configuration<'_>) {
        // Variables that lead to no project are not what refers to one.
        let told = self.reading.clients.iter().filter(|client| client.owner != Owner::Untold);
        let addresses = told.filter_map(|client| client.reading.facts.origin.address.as_deref());
        let shown: BTreeSet<String> = addresses.map(without_keys).collect();
        let refer = configuration.refer_to(|reference| {
            let reference = reference.strip_prefix("data.").unwrap_or(reference);
            let kind = reference.split('.').next().unwrap_or(reference);
            let last = reference.rsplit('.').next();
            mapping::is_key(kind) || mapping::identities_of(kind).any(|identity| Some(identity) == last)
        });
        let foreign = |address: &&String| !split_address(address).iter().any(|part| mapping::concerns(part));
        let hidden: Vec<&String> = refer.iter().filter(|a| !shown.contains(*a)).filter(foreign).collect();
        self.note_hidden(&hidden);
        if let [first, rest @ ..] = configuration.written_only(is_mention).as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            self.note(&format!(
                "{first}{more}: what is only written (an argument that ends in _wo) names a variable of OpenAI's SDKs, and no plan \
                 shows it: if it calls the API, give the project's base_url in a definition"
            ));
        }
    }

    fn note_hidden(&mut self, hidden: &[&String]) {
        if let [first, rest @ ..] = hidden {
            let (more, refer) = match rest.len() {
                0 => (String::new(), "refers"),
                many => (format!(" and {many} more"), "refer"),
            };
            self.note(&format!(
                "{first}{more} {refer} to a project, or to a service account or key of one, and what is set there is not \
                 shown: if it calls the API, give the project's base_url in a definition"
            ));
        }
    }

    /// A client of which only the source tells that there is one: which variables it is given, and which project they lead to,
    /// but not what they are.
    fn undecided_client(
        &self,
        instance: &Instance<'_>,
        part: &Undecided,
        keys: &Keys,
        joiner: &mut Joiner<'_>,
    ) -> Loose<ClientReading> {
        let mut places: Places = self.block_places(instance, joiner);
        places.push(("host".to_owned(), part.place.clone()));
        let owners: BTreeSet<&Owner> = part
            .reaches
            .iter()
            .filter(|reached| leads_to_project(reached))
            .map(|reached| keys.by_reach(reached))
            .collect();
        let owner = match (owners.first(), written_id(part)) {
            (Some(owner), None) if owners.len() == 1 => (*owner).clone(),
            (None, Some(id)) => Owner::Identity(id.to_owned()),
            _ => Owner::Untold,
        };
        let facts = Client {
            origin: self.origin(&instance.address),
            linked_by: (owner != Owner::Untold).then(|| "reference".to_owned()),
            host: Fact::Unknown(part.reason.to_string()),
            ..Client::default()
        };
        let id = format!("{}#{}@{}", self.source, instance.address, part.path);
        Loose { id, reading: ClientReading { key: part.path.clone(), facts, places }, owner }
    }

    fn client(
        &self,
        instance: &Instance<'_>,
        environment: Environment,
        written: &OnceCell<Vec<Environment>>,
        keys: &Keys,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) -> Loose<ClientReading> {
        let address = instance.address.to_string();
        let mut places: Places = self.block_places(instance, joiner);
        // A key that is known may be written there.
        for (variable, _) in environment.variables.iter().filter(|(_, setting)| setting.digest.is_some()) {
            self.attribute_places(instance, ("", environment.attribute(*variable)), true, true, joiner, map);
        }
        // Also in a block, and in what the block takes it from.
        let keys_at = environment.variables.values().filter(|setting| setting.digest.is_some());
        for span in keys_at.filter_map(|setting| setting.span.clone()) {
            self.places(instance, span).iter().for_each(|place| map.hide(place));
        }
        let of_url = match environment.variables.contains_key(&Variable::BaseUrl) {
            true => environment.attribute(Variable::BaseUrl),
            false => environment.attribute(Variable::ApiBase),
        };
        let base_urls = [Variable::BaseUrl, Variable::ApiBase].map(|v| environment.variables.get(&v).map(|s| (v, s)));
        let base_urls: Vec<(Variable, &Setting)> = base_urls.into_iter().flatten().collect();
        for span in base_urls.iter().filter_map(|(_, setting)| setting.span.clone()) {
            places.extend(self.places(instance, span).into_iter().map(|place| ("host".to_owned(), place)));
        }
        places.extend(self.attribute_places(instance, ("host", of_url), true, false, joiner, map));
        let (mut owner, mut linked_by) = project_of(instance, &environment, written, keys, joiner);
        if owner == Owner::Untold
            && let Some(reached) = reached_by(instance, &environment, keys)
        {
            (owner, linked_by) = (reached, Some("reference"));
        }
        let facts = Client {
            origin: self.origin(&address),
            linked_by: linked_by.map(str::to_owned),
            host: host_of(&base_urls),
            ..Client::default()
        };
        let id = format!("{}#{address}@{}", self.source, environment.path);
        Loose { id, reading: ClientReading { key: environment.path, facts, places }, owner }
    }
}

/// The texts in a part that may set variables for a project, each as a part of its own.
fn texts_of(part: &Undecided) -> impl Iterator<Item = Undecided> {
    let leading = part.texts.iter().filter(|(_, reaches)| reaches.iter().any(leads_to_project));
    leading.map(|(key, reaches)| Undecided {
        path: format!("{}.{key}", part.path),
        reaches: reaches.clone(),
        entries: BTreeMap::new(),
        texts: BTreeMap::new(),
        ..part.clone()
    })
}

/// The host of base URLs, of which there may be one for each generation of the SDKs.
fn host_of(base_urls: &[(Variable, &Setting)]) -> Fact<String> {
    let of = |(variable, setting): &(Variable, &Setting)| match &setting.value {
        Set::Unknown(reason) => Fact::Unknown(reason.clone()),
        // A host that looks like a key is one that was put in the wrong place.
        Set::Known(url) if holds_key(url) => Fact::Unknown("looks like a key, not kept".to_owned()),
        Set::Known(url) => match host(url) {
            Ok(host) => Fact::Known(host),
            Err(why) => Fact::Unknown(format!("{} is no base URL: {why}", variable.name())),
        },
    };
    match base_urls {
        [] => Fact::Absent,
        [one] => of(one),
        [one, rest @ ..] => {
            let host = of(one);
            let same = rest.iter().all(|other| of(other) == host);
            if same { host } else { Fact::Unknown("two base URLs of different hosts".to_owned()) }
        }
    }
}
