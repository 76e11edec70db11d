//! Terraform source: what a root module declares, evaluated without running Terraform.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::clients::mention::is_mention;
use super::lay_over;
use super::mapping::{self, Forks, ProjectFact};
use super::reading::Reading;
use super::resources::{DECLARE, Instance, Options, RENDERERS, Reader, is_of_no_provider};
use super::scan::Configuration;
use crate::error::Error;
use crate::hcl::{Argument, Data, Declared, Mode, ModuleAt, Modules, Reach, Root, VariableInputs, split_address};
use crate::location::{Location, Place, SourceMap};

/// Reads the root module in a directory: what it holds, and the digest of its files. `source` is the path that ids carry.
pub(super) fn read(
    directory: &Path,
    source: &str,
    modules: &mut Modules,
    variables: &VariableInputs,
    options: &Options<'_>,
    map: &mut SourceMap,
) -> (Reading, String) {
    let at = ModuleAt::Directory(directory.to_owned());
    let root = Root::load(modules, &at, variables, options.working_directory, map);
    // What stands nowhere else is said of the directory.
    let file = map.add_file(source, Arc::default());
    let mut reader = Reader::new("", file, source);
    reader.reading.problems.extend(root.problems().into_iter().map(|problem| of_root(problem, source)));
    reader.reading.notes.extend(root.notes().iter().cloned());
    reader.reading.organizations = organizations(&root);
    for place in root.provisioners() {
        if map.slice(place).is_some_and(|text| text.contains("OPENAI_") || text.contains("openai_")) {
            let what = "a provisioner that names a variable of OpenAI's SDKs, or refers to a resource of OpenAI";
            let then = "if it calls the API, give the project's base_url in a definition";
            reader.reading.notes.push(format!("{}: {what}, is not looked into: {then}", map.location(place)));
        }
    }
    for (word, kind, provider, place) in root.beside() {
        let slice = map.slice(place).unwrap_or_default();
        if options.forks.mapping(&provider).is_some() || kind.starts_with("openai_") {
            let message = format!("{word} {kind:?} is of a type that this version does not know");
            let what = format!("{word}.{kind}");
            reader.reading.problems.push(Error::new(what, message).at(map.location(place)).help(DECLARE));
        } else if word == "action" && (is_mention(slice) || slice.contains("openai_")) {
            let what = "an action that names a variable of OpenAI's SDKs, or refers to a resource of OpenAI";
            let then = "if it calls the API, give the project's base_url in a definition";
            reader.reading.notes.push(format!("{}: {what}, is not looked into: {then}", map.location(place)));
        }
    }
    let is_project = |address: &str| split_address(address).iter().any(|k| mapping::identities_of(k).next().is_some());
    // What is forgotten together with a project is most likely its own.
    let with_project = root.kept().any(|(address, _)| is_project(address));
    for (address, place) in root.kept().filter(|(own, _)| split_address(own).iter().any(|k| mapping::concerns(k))) {
        if with_project {
            let note = format!("{address} is forgotten, and stays as it is: it is not judged");
            reader.reading.notes.push(format!("{}: {note}", map.location(place)));
        } else {
            let message = "it is forgotten, and stays as it is: what it sets is not shown here".to_owned();
            let error = Error::new(address, message).at(map.location(place));
            reader.reading.problems.push(error.help("check the plan, which shows it, or its state"));
        }
    }
    for unread in root.unread() {
        let error = Error::new(unread.call, unread.why).at(map.location(&unread.place));
        reader.reading.problems.push(error);
    }
    let (declared, problems) = root.resources(&|_| true, map);
    modules.note_instances(&root);
    reader.reading.problems.extend(problems.into_iter().map(|problem| of_root(problem, source)));
    let incomplete = root.incomplete();
    reader.reading.incomplete = incomplete.is_some() || !root.unread().is_empty();
    let concerns = |kind: &str| mapping::is_key(kind) || mapping::identities_of(kind).next().is_some();
    let mut reach = Reach::new(&root, &concerns, &is_mention);
    let instances = instances(&mut reader.reading, declared, &mut reach, options.forks, map);
    let options = &Options { sources: &[], own_directory: None, ..*options };
    reader.resources(instances, &Configuration::default(), None, options, map);
    let mut reading = reader.reading;
    if let Some(why) = incomplete {
        let place = Place { file, span: 0..0 };
        may_be_set(&mut reading, &format!("{why}, and may set it"), &place, source, &|_| true, true);
    }
    for unread in root.unread_arguments() {
        let why = format!("{} is not on disk, and may set it", unread.call);
        let given = |address: &str| {
            // The resource of an instance stands for all of them.
            let resources = address.match_indices('[').map(|(at, _)| &address[..at]).chain([address]);
            let is_given = |resource: &str| unread.arguments.contains(&Argument::Resource(resource.to_owned()));
            unread.arguments.contains(&Argument::Unknown) || resources.into_iter().any(is_given)
        };
        if !unread.arguments.is_empty() {
            let place = Place { file, span: 0..0 };
            let organization = unread.arguments.contains(&Argument::Unknown);
            may_be_set(&mut reading, &why, &place, source, &given, organization);
        }
    }
    root.opened().iter().for_each(|path| map.note_read(&path.to_string_lossy()));
    (reading, root.digest())
}

/// A problem that stands at no place, of the root module that it is told of: a run may have several.
fn of_root(problem: Error, source: &str) -> Error {
    match problem.what.as_str() {
        _ if problem.location.is_some() => problem,
        "source" => Error { what: source.to_owned(), ..problem },
        option if option.starts_with("--var ") && source != "." => {
            Error { message: format!("{} ({source})", problem.message), ..problem }
        }
        _ => problem,
    }
}

/// The organizations that the settings of OpenAI's providers name, with their places.
fn organizations(root: &Root) -> Vec<(String, Place)> {
    let of_openai = |source: &str| source == "openai" || source.ends_with("/openai");
    let named = root.provider_texts("organization").filter(|(source, _, _)| of_openai(source));
    named.map(|(_, name, place)| (name.to_owned(), place)).collect()
}

/// The instances of what a root module declares. What Terraform would refuse in a resource of OpenAI's is a problem.
fn instances(
    reading: &mut Reading,
    declared: Vec<Declared>,
    reach: &mut Reach<'_>,
    forks: &Forks,
    map: &SourceMap,
) -> Vec<Instance<'static>> {
    let mut instances = Vec::with_capacity(declared.len());
    let told: HashSet<(Location, String)> = reading.problems.iter().filter_map(Error::identity).collect();
    for declared in declared {
        let is_data = declared.mode == Mode::Data;
        let resource = forks.mapping(&declared.provider).and_then(|known| known.resource(&declared.kind, is_data));
        if let Some(resource) = resource {
            reading.problems.extend(misspelled(&declared, resource, map));
            if is_data {
                reading.problems.extend(computed(&declared, resource, map));
            }
            for failure in &declared.failures {
                let mut error = Error::new(&declared.address, failure.message.clone());
                error.location = failure.place.as_ref().map(|place| map.location(place));
                // What is told of a variable is not told again of all that refers to it.
                if error.identity().is_none_or(|identity| !told.contains(&identity)) {
                    reading.problems.push(error.help("terraform validate tells more"));
                }
            }
        } else if mapping::concerns(&declared.kind) && is_of_no_provider(&declared.provider) {
            let what =
                format!("no provider of {} is declared: which of its attributes count is not known", declared.kind);
            let error = Error::new(&declared.address, what).at(map.location(&declared.place));
            reading.problems.push(error.help(format!(
                "declare it: terraform {{ required_providers {{ {} = {{ source = \"openai/openai\" }} }} }}",
                declared.kind.split('_').next().unwrap_or("openai")
            )));
        }
        let undecided = match resource {
            None if declared.mode == Mode::Managed || RENDERERS.contains(&&*declared.kind) => {
                reach.undecided(&declared)
            }
            _ => Vec::new(),
        };
        instances.push(Instance::of_source(declared, resource, undecided));
    }
    instances
}

/// Attributes that a data source shows, and that are written as if they could be set: Terraform refuses that.
fn computed(declared: &Declared, resource: &mapping::Resource, map: &SourceMap) -> Vec<Error> {
    let Data::Object(written) = &declared.values.data else { return Vec::new() };
    let shown = resource.attributes.iter().filter(|(fact, _)| **fact != ProjectFact::Name);
    let wrong = |(_, name): (&ProjectFact, &String)| {
        let value = written.get(name.as_str()).filter(|value| !value.is_null())?;
        let place = value.origin.as_ref().map_or(&declared.place, |origin| &origin.place);
        let what = format!("{name:?} of a data source {} can't be set: it is what the API says", declared.kind);
        Some(Error::new(&declared.address, what).at(map.location(place)).help("take it out").firm())
    };
    shown.filter_map(wrong).collect()
}

/// How like a name that Terraform would refuse is to the one that is meant, at least: no attribute of a provider that is not
/// in its mapping is as like to one that is.
const MISSPELLED: f64 = 0.93;

/// Attributes that are written with another name than the provider's, as far as that can be told without its schema.
fn misspelled(declared: &Declared, resource: &mapping::Resource, map: &SourceMap) -> Vec<Error> {
    let Data::Object(written) = &declared.values.data else { return Vec::new() };
    let meant: Vec<&str> = resource.read().chain(&resource.link).map(String::as_str).collect();
    let mut found = Vec::new();
    for (name, value) in written.iter().filter(|(name, _)| !meant.contains(&name.as_ref())) {
        let like = |known: &&&str| strsim::jaro_winkler(name, known) >= MISSPELLED && !written.contains_key(**known);
        if let Some(known) = meant.iter().find(like) {
            let what = format!("{} has no attribute {name:?}", declared.kind);
            let place = value.origin.as_ref().map_or(&declared.place, |origin| &origin.place);
            let error = Error::new(&declared.address, what).at(map.location(place));
            found.push(error.help(format!("did you mean {known:?}?")));
        }
    }
    found
}

/// What is not set in what can be read may be set in what can't: of projects whose address `which` takes, and of the organization.
fn may_be_set(
    reading: &mut Reading,
    why: &str,
    place: &Place,
    source: &str,
    which: &dyn Fn(&str) -> bool,
    organization: bool,
) {
    for project in &mut reading.projects {
        let address = project.project.origin.address.clone().unwrap_or_default();
        if which(&address) {
            lay_over::may_be_set(&mut project.project, &lay_over::SETTINGS, why);
        }
    }
    if organization {
        reading.organization_may_be_set(why, place, source);
    }
}
