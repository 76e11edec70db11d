//! Who calls what in rule files: the engine notices an unknown or endless call only when it is reached.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, Expr, Literal, Module, Query, Ref, Rule as RegoRule, RuleHead, Span};

use super::{REFUSED, bounds};
use crate::location::{Location, Position};

pub(super) fn location(span: &Span) -> Location {
    // The engine counts a tab as several columns, and begins a text behind its quotation mark.
    let before = span.source.get_contents().get(..span.start as usize).unwrap_or_default();
    let before = before.strip_suffix(['"', '`']).unwrap_or(before);
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let start = Position { line: span.line as usize, column };
    Location { path: span.source.file().to_string(), start, end: start }
}

/// Who calls what, read from the syntax trees.
#[derive(Default)]
pub(super) struct Calls {
    /// Defined functions and rules by full path → file and place.
    pub(super) defined: BTreeMap<String, (String, Location)>,
    /// Caller → callee as written, with file, package and place.
    made: Vec<(String, String, String, Location)>,
    /// Rule → what it refers to: full paths, cut where a key is computed.
    named: Vec<(String, String, Location)>,
    /// Calls of `walk` that the engine gives no answers to.
    walks: Vec<Location>,
    /// Package → import alias → full path.
    imports: BTreeMap<String, BTreeMap<String, String>>,
}

impl Calls {
    pub(super) fn module(&mut self, module: &Ref<Module>) {
        let path = module.package.refr.span().source.file().to_string();
        let package = path_of(&module.package.refr).unwrap_or_default();
        let aliases = self.imports.entry(package.clone()).or_default();
        for import in &module.imports {
            if let Some(target) = path_of(&import.refr) {
                let last = target.rsplit('.').next().unwrap_or_default().to_owned();
                let alias = import.r#as.as_ref().map_or(last, |s| s.text().to_owned());
                aliases.insert(alias, target.strip_prefix("data.").unwrap_or(&target).to_owned());
            }
        }
        for rule in &module.policy {
            let mut collect = Collector::default();
            let refr = match rule.as_ref() {
                RegoRule::Spec { head, bodies, .. } => {
                    let refr = collect.head(head);
                    for body in bodies {
                        body.assign.iter().for_each(|assign| collect.expression(&assign.value));
                        collect.query(&body.query);
                    }
                    refr
                }
                RegoRule::Default { refr, value, .. } => {
                    collect.expression(value);
                    refr
                }
            };
            self.take(&package, &path, refr, collect);
        }
    }

    fn take(&mut self, package: &str, path: &str, refr: &Ref<Expr>, collect: Collector) {
        let name = path_of(refr).unwrap_or_default();
        let full = format!("{package}.{name}");
        self.defined.entry(full.clone()).or_insert_with(|| (path.to_owned(), location(refr.span())));
        for (named, at) in collect.named {
            let first = named.split('.').next().unwrap_or_default();
            if !collect.declared.contains(first) {
                self.named.push((full.clone(), self.reference(package, &named), at));
            }
        }
        self.walks.extend(collect.walks);
        for (callee, at) in collect.calls {
            self.made.push((full.clone(), self.resolve(package, &callee), path.to_owned(), at));
        }
    }

    /// The full path of a called name.
    fn resolve(&self, package: &str, callee: &str) -> String {
        if let Some(full) = callee.strip_prefix("data.") {
            return full.to_owned();
        }
        let (first, rest) = callee.split_once('.').map_or((callee, ""), |(f, r)| (f, r));
        if let Some(target) = self.imports.get(package).and_then(|i| i.get(first)) {
            return if rest.is_empty() { target.clone() } else { format!("{target}.{rest}") };
        }
        callee.to_owned()
    }

    fn is_defined(&self, caller: &str, callee: &str) -> Option<String> {
        if self.defined.contains_key(callee) {
            return Some(callee.to_owned());
        }
        let package = caller.rsplit_once('.').map_or("", |(p, _)| p);
        let local = format!("{package}.{callee}");
        self.defined.contains_key(&local).then_some(local)
    }

    /// The full path of a name that is no call.
    fn reference(&self, package: &str, named: &str) -> String {
        let first = named.split('.').next().unwrap_or_default();
        let is_import = self.imports.get(package).is_some_and(|imports| imports.contains_key(first));
        if is_import || first == "data" { self.resolve(package, named) } else { format!("{package}.{named}") }
    }

    /// Calls of functions that are not there or that are refused, the first of each function in a file.
    pub(super) fn unknown(&self) -> Vec<(String, String, Location)> {
        let mut found = BTreeMap::new();
        for (caller, callee, path, at) in &self.made {
            let builtin = bounds::is_function(callee);
            if (builtin && !REFUSED.contains(&callee.as_str())) || self.is_defined(caller, callee).is_some() {
                continue;
            }
            found.entry((path.clone(), callee.clone())).or_insert_with(|| at.clone());
        }
        found.into_iter().map(|((path, callee), at)| (callee, path, at)).collect()
    }

    /// Calls of `walk` with one argument, to which the engine gives no answers, where OPA gives all: the first in each file.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = Location> {
        let first: BTreeMap<&str, &Location> = self.walks.iter().rev().map(|at| (at.path.as_str(), at)).collect();
        first.into_values().cloned().collect::<Vec<_>>().into_iter()
    }

    /// Rules and functions with those that they need, by number in the order of `defined`.
    pub(super) fn needs(&self) -> Vec<BTreeSet<usize>> {
        let numbers: BTreeMap<&str, usize> =
            self.defined.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let mut needs = vec![BTreeSet::new(); numbers.len()];
        for (caller, callee, _, _) in &self.made {
            if let (Some(caller_number), Some(target)) = (numbers.get(caller.as_str()), self.is_defined(caller, callee))
            {
                needs[*caller_number].extend(numbers.get(target.as_str()));
            }
        }
        for (rule, named, _) in &self.named {
            if let Some(number) = numbers.get(rule.as_str()) {
                needs[*number].extend(self.meant(named).filter_map(|name| numbers.get(name)));
            }
        }
        needs
    }

    /// The rules and functions that a path leads to: those at it, below it and above it.
    fn meant<'c>(&'c self, path: &'c str) -> impl Iterator<Item = &'c str> {
        let below = format!("{path}.");
        let range =
            self.defined.range::<str, _>((std::ops::Bound::Included(below.as_str()), std::ops::Bound::Unbounded));
        let inside: Vec<&str> =
            range.map(|(name, _)| name.as_str()).take_while(|name| name.starts_with(&below)).collect();
        let upwards = std::iter::successors(Some(path), |part| part.rsplit_once('.').map(|(above, _)| above));
        let above = upwards.filter_map(|part| self.defined.get_key_value(part).map(|(name, _)| name.as_str()));
        inside.into_iter().chain(above)
    }

    /// References to rules of other packages, or to other data, that are not there, the first of each in a file.
    pub(super) fn absent(&self) -> Vec<(String, String, Location)> {
        let mut found = BTreeMap::new();
        let foreign = |rule: &str, named: &str| {
            let package = rule.rsplit_once('.').map_or("", |(package, _)| package);
            let is_of_data = named != "data" && !["input.", "rego."].iter().any(|other| named.starts_with(other));
            is_of_data && named != "input" && !named.starts_with(&format!("{package}."))
        };
        for (rule, named, at) in self.named.iter().filter(|(rule, named, _)| foreign(rule, named)) {
            if self.defined.contains_key(rule) && self.meant(named).next().is_none() {
                found.entry((at.path.clone(), named.clone())).or_insert_with(|| at.clone());
            }
        }
        found.into_iter().map(|((path, named), at)| (named, path, at)).collect()
    }
}

/// `a.b.c` of a reference whose parts are all names.
pub(super) fn path_of(expression: &Ref<Expr>) -> Option<String> {
    match expression.as_ref() {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", path_of(refr)?, field.0.text())),
        Expr::RefBrack { refr, .. } => path_of(refr),
        _ => None,
    }
}

/// The name that a rule defines, up to the first key that is computed, and where.
pub(super) fn head_of(rule: &Ref<RegoRule>) -> Option<(String, Location)> {
    let refr = match rule.as_ref() {
        RegoRule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        },
        RegoRule::Default { refr, .. } => refr,
    };
    Some((static_path(refr)?.0, location(refr.span())))
}

/// The names of a reference up to the first key that is computed, and whether that is all of it.
fn static_path(expression: &Ref<Expr>) -> Option<(String, bool)> {
    match expression.as_ref() {
        Expr::Var { span, .. } => Some((span.text().to_owned(), true)),
        Expr::RefDot { refr, field, .. } => match static_path(refr)? {
            (path, true) => Some((format!("{path}.{}", field.0.text()), true)),
            cut => Some(cut),
        },
        Expr::RefBrack { refr, index, .. } => match (static_path(refr)?, index.as_ref()) {
            ((path, true), Expr::String { value: regorus::Value::String(key), .. }) => {
                Some((format!("{path}.{key}"), true))
            }
            ((path, _), _) => Some((path, false)),
        },
        _ => None,
    }
}

/// Collects what an expression calls and refers to.
#[derive(Default)]
struct Collector {
    calls: Vec<(String, Location)>,
    /// References to names, cut where a key is computed.
    named: Vec<(String, Location)>,
    /// Calls of `walk` with one argument.
    walks: Vec<Location>,
    /// Names that are local somewhere in the rule.
    declared: BTreeSet<String>,
}

impl Collector {
    /// The head of a rule: its name.
    fn head<'h>(&mut self, head: &'h RuleHead) -> &'h Ref<Expr> {
        let (refr, assign) = match head {
            RuleHead::Compr { refr, assign, .. } => (refr, assign),
            RuleHead::Set { refr, key, .. } => {
                key.iter().for_each(|key| self.expression(key));
                (refr, &None)
            }
            RuleHead::Func { refr, assign, args, .. } => {
                args.iter().for_each(|argument| self.declare(argument));
                (refr, assign)
            }
        };
        assign.iter().for_each(|assign| self.expression(&assign.value));
        if !matches!(refr.as_ref(), Expr::Var { .. }) {
            self.keys(refr);
        }
        refr
    }

    fn query(&mut self, query: &Ref<Query>) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { vars, .. } => self.declared.extend(vars.iter().map(|var| var.text().to_owned())),
                Literal::SomeIn { key, value, collection, .. } => {
                    if let Some(key) = key {
                        self.declare(key);
                        self.expression(key);
                    }
                    self.declare(value);
                    self.expression(value);
                    self.expression(collection);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
                Literal::Every { key, value, domain, query, .. } => {
                    self.declared.extend(key.iter().chain([value]).map(|name| name.text().to_owned()));
                    self.expression(domain);
                    self.query(query);
                }
            }
            for with in &statement.with_mods {
                self.expression(&with.r#as);
            }
        }
    }

    /// The names in a pattern are local.
    fn declare(&mut self, pattern: &Ref<Expr>) {
        match pattern.as_ref() {
            Expr::Var { span, .. } => {
                self.declared.insert(span.text().to_owned());
            }
            Expr::Array { items, .. } => items.iter().for_each(|item| self.declare(item)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| self.declare(value)),
            _ => {}
        }
    }

    /// The computed keys of a reference, and what it starts with where that is no name.
    fn keys(&mut self, expression: &Ref<Expr>) {
        match expression.as_ref() {
            Expr::Var { .. } => {}
            Expr::RefDot { refr, .. } => self.keys(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.keys(refr);
                self.expression(index);
            }
            _ => self.expression(expression),
        }
    }

    fn expression(&mut self, expression: &Ref<Expr>) {
        match expression.as_ref() {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
            Expr::Var { span, .. } => self.named.push((span.text().to_owned(), location(span))),
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|i| self.expression(i)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
                self.expression(key);
                self.expression(value);
            }),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expression(term);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expression(key);
                self.expression(value);
                self.query(query);
            }
            Expr::Call { fcn, params, span, .. } => {
                if let Some(name) = path_of(fcn) {
                    if name == "walk" && params.len() == 1 {
                        self.walks.push(location(span));
                    }
                    self.calls.push((name, location(span)));
                }
                params.iter().for_each(|p| self.expression(p));
            }
            Expr::UnaryExpr { expr, .. } => self.expression(expr),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.named.extend(static_path(expression).map(|(path, _)| (path, location(expression.span()))));
                self.keys(expression);
            }
            Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                self.declare(lhs);
                self.expression(lhs);
                self.expression(rhs);
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expression(lhs);
                self.expression(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                if let Some(key) = key {
                    self.expression(key);
                }
                self.expression(value);
                self.expression(collection);
            }
        }
    }
}
