//! Cycles: what depends on itself by what it refers to, whether or not that is ever evaluated. Terraform refuses them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Root;
use crate::error::Error;
use crate::hcl::address::{of_calls, within};
use crate::hcl::declarations::{Declarations, Mode};
use crate::hcl::references::{each_reference, names};
use crate::hcl::syntax::{Body, Expression};
use crate::location::{Place, SourceMap};

/// The most things that are looked at.
const MAX_NODES: usize = 500_000;
/// The most cycles that are told, and the most names of each.
const MAX_TOLD: usize = 8;

/// Something that depends on other things: its module's path of calls, and its name in the module, with outputs as
/// `output.x`. Without a name, it is the call of the module itself.
type Node = (Vec<Arc<str>>, String);

#[derive(Default)]
struct Graph {
    /// What each depends on, by their numbers.
    edges: Vec<BTreeSet<usize>>,
    numbers: BTreeMap<Node, usize>,
    nodes: Vec<(Node, Option<Place>)>,
}

impl Graph {
    fn number(&mut self, node: Node) -> usize {
        match self.numbers.get(&node) {
            Some(number) => *number,
            None => {
                let number = self.nodes.len();
                self.numbers.insert(node.clone(), number);
                self.nodes.push((node, None));
                self.edges.push(BTreeSet::new());
                number
            }
        }
    }

    fn place(&mut self, node: Node, place: Place) -> usize {
        let number = self.number(node);
        if let Some((_, own)) = self.nodes.get_mut(number) {
            own.get_or_insert(place);
        }
        number
    }

    /// Cycles that have nothing in common, the first few.
    fn cycles(&self) -> Vec<Vec<usize>> {
        #[derive(Clone, Copy)]
        enum State {
            New,
            /// On the path, at this place of it.
            Open(usize),
            Done,
        }
        let next_of = |node: usize| -> Vec<usize> { self.edges[node].iter().copied().collect() };
        let mut state = vec![State::New; self.edges.len()];
        let mut told = vec![false; self.edges.len()];
        let mut found = Vec::new();
        for start in 0..self.edges.len() {
            let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
            if matches!(state[start], State::New) {
                state[start] = State::Open(0);
                path.push((start, next_of(start)));
            }
            while let Some((node, left)) = path.last_mut() {
                let (node, next) = (*node, left.pop());
                match next.map(|next| (next, state[next])) {
                    Some((next, State::New)) => {
                        state[next] = State::Open(path.len());
                        path.push((next, next_of(next)));
                    }
                    Some((next, State::Open(from))) if !told[node] && !told[next] && found.len() < MAX_TOLD => {
                        let cycle: Vec<usize> = path[from..].iter().map(|(node, _)| *node).collect();
                        cycle.iter().for_each(|node| told[*node] = true);
                        found.push(cycle);
                    }
                    Some((_, State::Open(_) | State::Done)) => {}
                    None => {
                        state[node] = State::Done;
                        path.pop();
                    }
                }
            }
        }
        found
    }
}

impl Root {
    /// What depends on itself. References that lead nowhere are no part of it.
    pub(super) fn cycles(&self, map: &SourceMap) -> Vec<Error> {
        self.cycles_among(MAX_NODES, map)
    }

    fn cycles_among(&self, most: usize, map: &SourceMap) -> Vec<Error> {
        let mut graph = Graph::default();
        for (path, declared) in self.sources.each() {
            self.depend(&mut graph, path, declared);
            if graph.nodes.len() > most {
                let message =
                    format!("more than {most} values and resources, the most among which cycles are looked for");
                return vec![Error::new("source", message).help("check its modules one by one")];
            }
        }
        let shown = |number: &usize| {
            let ((path, name), _) = &graph.nodes[*number];
            within(&of_calls(path), name).trim_end_matches('.').to_owned()
        };
        let error = |cycle: Vec<usize>| {
            let mut names: Vec<String> = cycle.iter().take(MAX_TOLD).map(shown).collect();
            names.extend((cycle.len() > MAX_TOLD).then(|| format!("{} more", cycle.len() - MAX_TOLD)));
            names.extend(cycle.first().map(shown));
            let mut error = Error::new(
                names.first().cloned().unwrap_or_default(),
                format!("depends on itself: {}", names.join(" <- ")),
            );
            error.location =
                cycle.iter().find_map(|number| graph.nodes[*number].1.as_ref()).map(|place| map.location(place));
            error.help("take out one of the references: terraform plan refuses the cycle, too")
        };
        graph.cycles().into_iter().map(error).collect()
    }

    fn depend(&self, graph: &mut Graph, path: &[Arc<str>], declared: &Rc<Declarations>) {
        // What everything in a module depends on: its call, with how often that is, what it waits for, and the calls around.
        let caller =
            path.split_last().and_then(|(call, caller)| Some((call, caller, self.sources.module(caller).ok()?)));
        let caller = caller.as_ref().and_then(|(call, caller, outer)| Some((*caller, outer, outer.calls.get(*call)?)));
        let own_call = caller.map(|(caller, outer, call)| {
            let mut on = BTreeSet::new();
            let number = call.count.iter().chain(&call.for_each).chain(&call.named);
            number.for_each(|located| self.refer(graph, caller, outer, &located.expression, &mut on));
            if !caller.is_empty() {
                on.insert(graph.number((caller.to_vec(), String::new())));
            }
            let node = graph.place((path.to_vec(), String::new()), call.place.clone());
            if let Some(edges) = graph.edges.get_mut(node) {
                edges.extend(on);
            }
            node
        });
        let add = |graph: &mut Graph, name: String, place: Place, parts: &[&Expression]| {
            let node = graph.place((path.to_vec(), name), place);
            let mut on: BTreeSet<usize> = own_call.into_iter().collect();
            parts.iter().for_each(|part| self.refer(graph, path, declared, part, &mut on));
            // What refers to itself alone is told when it is evaluated, and of resources in any case.
            on.remove(&node);
            if let Some(edges) = graph.edges.get_mut(node) {
                edges.extend(on);
            }
        };
        for (name, located) in &declared.locals {
            add(graph, format!("local.{name}"), located.place(), &[&located.expression]);
        }
        for (name, output) in &declared.outputs {
            let parts = output.value.iter().chain(&output.conditions).chain(&output.named);
            let parts: Vec<&Expression> = parts.map(|located| &located.expression).collect();
            if let Some(value) = &output.value {
                add(graph, format!("output.{name}"), value.place(), &parts);
            }
        }
        for (name, variable) in &declared.variables {
            let parts: Vec<&Expression> = variable.conditions.iter().map(|located| &located.expression).collect();
            add(graph, format!("var.{name}"), variable.place.clone(), &parts);
        }
        for ((mode, kind, name), resource) in &declared.resources {
            let prefix = mode.prefix();
            let meta = resource.count.iter().chain(&resource.for_each).chain(&resource.named);
            let parts = meta.chain(&resource.preconditions).chain(&resource.postconditions);
            let mut parts: Vec<&Expression> = parts.map(|located| &located.expression).collect();
            expressions(&resource.body, &mut parts);
            add(graph, format!("{prefix}{kind}.{name}"), resource.place.clone(), &parts);
        }
        if let Some((caller, outer, call)) = caller {
            for (name, argument) in &call.arguments {
                let node = graph.number((path.to_vec(), format!("var.{name}")));
                let mut on = BTreeSet::new();
                self.refer(graph, caller, outer, &argument.expression, &mut on);
                if let Some(edges) = graph.edges.get_mut(node) {
                    edges.extend(on);
                }
            }
        }
    }

    /// What an expression refers to, of what there is.
    fn refer(
        &self,
        graph: &mut Graph,
        path: &[Arc<str>],
        declared: &Declarations,
        expression: &Expression,
        on: &mut BTreeSet<usize>,
    ) {
        each_reference(expression, &[], &mut |root, steps| {
            let names = names(steps);
            let inner = |call: &str| {
                let mut inner = path.to_vec();
                inner.push(call.into());
                inner
            };
            match (root, names.as_slice()) {
                ("var", [name, ..]) if declared.variables.contains_key(*name) => {
                    on.insert(graph.number((path.to_vec(), format!("var.{name}"))));
                }
                ("local", [name, ..]) if declared.locals.contains_key(*name) => {
                    on.insert(graph.number((path.to_vec(), format!("local.{name}"))));
                }
                ("module", [call, output, ..]) => {
                    on.insert(graph.number((inner(call), format!("output.{output}"))));
                }
                ("module", [call]) => {
                    let outputs = self.sources.module(&inner(call)).map(|d| d.outputs.keys().cloned().collect());
                    let outputs: Vec<Arc<str>> = outputs.unwrap_or_default();
                    on.extend(outputs.iter().map(|output| graph.number((inner(call), format!("output.{output}")))));
                }
                (_, names) => {
                    let (mode, kind, name) = match (Mode::of_word(root), names) {
                        (Some(mode), [kind, name, ..]) => (mode, *kind, *name),
                        (_, [name, ..]) => (Mode::Managed, root, *name),
                        (_, []) => return,
                    };
                    if declared.resources.contains_key(&(mode, kind.into(), name.into())) {
                        on.insert(graph.number((path.to_vec(), format!("{}{kind}.{name}", mode.prefix()))));
                    }
                }
            }
        });
    }
}

fn expressions<'b>(body: &'b Body, parts: &mut Vec<&'b Expression>) {
    parts.extend(body.attributes.iter().map(|attribute| &attribute.expression));
    body.blocks.iter().for_each(|block| expressions(&block.body, parts));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hcl::{ModuleAt, Modules, VariableInputs};

    #[test]
    fn more_than_is_looked_at_is_told() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("main.tf"), "locals {\n  a = 1\n  b = local.a\n  c = local.b\n}\n")
            .unwrap();
        let mut map = SourceMap::default();
        let at = ModuleAt::root(directory.path());
        let root = Root::load(&mut Modules::default(), &at, &VariableInputs::default(), directory.path(), &mut map);
        assert!(root.cycles_among(3, &map).is_empty());
        let told = root.cycles_among(2, &map);
        assert!(told.len() == 1 && told[0].message.contains("more than 2"), "{told:?}");
    }
}
