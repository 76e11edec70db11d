//! What a plan says of itself, what it leaves out, and which source it was made from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use super::change::{self, Instance};
use super::configuration::Configuration;
use super::{Options, Reader};
use crate::document::{SyntaxError, json_error, span_of};
use crate::hcl::SourceModule;
use crate::input::mapping;
use crate::location::SourceMap;

impl<'a> Reader<'a> {
    /// A plan without `resource_changes` (refresh only) shows what is there in its values, or in the state before it.
    pub(super) fn without_changes(
        &self,
        top: &BTreeMap<String, &'a RawValue>,
    ) -> Result<change::Instances<'a>, SyntaxError> {
        let planned = change::from_values(self.text, top.get("planned_values").copied())?;
        if !planned.0.is_empty() || !planned.1.is_empty() {
            return Ok(planned);
        }
        #[derive(serde::Deserialize)]
        struct PriorState<'a> {
            #[serde(borrow, default)]
            values: Option<&'a RawValue>,
        }
        let Some(raw) = top.get("prior_state") else {
            return Ok(planned);
        };
        let state: PriorState<'a> =
            serde_json::from_str(raw.get()).map_err(|e| json_error(self.text, raw.get(), &e))?;
        change::from_values(self.text, state.values)
    }

    /// What the plan says of itself.
    pub(super) fn check_format(&mut self, top: &BTreeMap<String, &'a RawValue>, map: &SourceMap) {
        let raw_text = |key: &str| top.get(key).map(|raw| (raw.get(), span_of(self.text, raw)));
        let mut problems = Vec::new();
        match raw_text("format_version") {
            Some((version, _)) if version.trim_matches('"').starts_with("1.") || version == "\"1\"" => {}
            Some((version, span)) => problems.push(SyntaxError {
                span,
                message: format!("format_version {version} is not known: expected 1.x"),
                help: Some("use a newer version of this program, or an older terraform".to_owned()),
            }),
            None => {}
        }
        if !top.contains_key("format_version") {
            problems.push(SyntaxError {
                span: 0..1.min(self.text.len()),
                message: "this is no plan JSON: it has no format_version".to_owned(),
                help: Some("make it: terraform show -json tfplan > plan.json".to_owned()),
            });
        }
        if let Some((errored, span)) = raw_text("errored").filter(|(value, _)| *value != "false") {
            self.reading.errored = true;
            let message = match errored {
                "true" => "the plan ended with an error, so it shows only a part",
                _ => "\"errored\" must be true or false",
            };
            problems.push(SyntaxError {
                span,
                message: message.to_owned(),
                help: Some("mend what terraform plan reports and plan again".to_owned()),
            });
        }
        if !top.contains_key("complete") {
            let note =
                "the plan does not say whether it is complete (OpenTofu, Terraform before 1.8): plan without -target";
            self.reading.notes.push(format!("{}: {note}", self.source));
        }
        if let Some((complete, span)) = raw_text("complete").filter(|(value, _)| *value != "true") {
            self.reading.incomplete = true;
            let message = match complete {
                "false" => "the plan is not complete (-target, or deferred changes), so it shows only a part",
                _ => "\"complete\" must be true or false",
            };
            problems.push(SyntaxError {
                span,
                message: message.to_owned(),
                help: Some("plan again without -target".to_owned()),
            });
        }
        if let Some((changes, span)) = raw_text("deferred_changes")
            && changes.trim_start_matches('[').trim() != "]"
        {
            self.reading.incomplete = true;
            problems.push(SyntaxError {
                span: span.start..span.start + 1,
                message: "the plan defers changes, so it shows only a part".to_owned(),
                help: Some("apply what can be applied, then plan again".to_owned()),
            });
        }
        for problem in problems {
            self.problem(self.source, problem, map);
        }
    }

    /// A resource that the configuration declares once must be among the instances, or the plan shows only a part.
    pub(super) fn check_complete(
        &mut self,
        instances: &[Instance<'a>],
        configuration: &Configuration<'a>,
        map: &SourceMap,
    ) {
        let stands = |i: &&Instance<'_>| i.mode == "managed" && !i.deposed;
        let there: BTreeSet<&str> = instances.iter().filter(stands).map(|i| i.address.as_ref()).collect();
        for (address, kind) in configuration.single_instances() {
            if there.contains(address.as_str()) || !(kind.starts_with("openai_") || mapping::is_mapped(kind)) {
                continue;
            }
            let problem = SyntaxError {
                span: 0..1.min(self.text.len()),
                message: format!("the configuration declares {address}, but the plan does not show it"),
                help: Some("plan again without -target".to_owned()),
            };
            self.reading.incomplete = true;
            self.problem(&address, problem, map);
        }
    }

    /// The one source directory whose root module declares the plan's resources.
    pub(super) fn choose_source(
        &mut self,
        options: &Options<'_>,
        configuration: &Configuration<'_>,
        modules: &mut SourceModule,
        map: &mut SourceMap,
    ) -> Option<PathBuf> {
        let given: Vec<&Path> = match options.sources {
            [] => options.own_directory.into_iter().collect(),
            sources => sources.iter().map(PathBuf::as_path).collect(),
        };
        let fitting: Vec<&Path> = given
            .iter()
            .copied()
            .filter(|directory| {
                let mut probe = SourceMap::default();
                let mut trial = SourceModule::default();
                let module = trial.module(directory, options.working_directory, &mut probe);
                configuration.is_declared_by(module)
            })
            .collect();
        match fitting.as_slice() {
            [one] => {
                modules.module(one, options.working_directory, map);
                Some((*one).to_owned())
            }
            _ if options.sources.is_empty() => None,
            several => {
                let how_many = if several.is_empty() { "none" } else { "more than one" };
                self.reading.notes.push(format!(
                    "{}: joined without source, since {how_many} of the directories given with --source declares its resources",
                    self.source
                ));
                None
            }
        }
    }
}
