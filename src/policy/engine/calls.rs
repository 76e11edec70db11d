//! Who calls what in rule files: the engine notices an unknown or endless call only when it is reached.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Literal, Module, Query, Ref, Rule as RegoRule, RuleBody, RuleHead, Span};

use super::REFUSED;
use crate::location::{Location, Position};

fn location(span: &Span) -> Location {
    let start = Position { line: span.line as usize, column: span.col as usize };
    Location { path: span.source.file().to_string(), start, end: start }
}

/// Who calls what, read from the syntax trees.
#[derive(Default)]
pub(super) struct Calls {
    /// Defined functions and rules by full path → file and place.
    pub(super) defined: BTreeMap<String, (String, Location)>,
    /// Caller → callee as written, with file, package and place.
    made: Vec<(String, String, String, Location)>,
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
            let (head, bodies): (Option<&Ref<Expr>>, &[RuleBody]) = match rule.as_ref() {
                RegoRule::Spec { head, bodies, .. } => {
                    let mut collect = Collector::default();
                    let refr = match head {
                        RuleHead::Compr { refr, assign, .. } => {
                            if let Some(assign) = assign {
                                collect.expression(&assign.value);
                            }
                            refr
                        }
                        RuleHead::Set { refr, key, .. } => {
                            if let Some(key) = key {
                                collect.expression(key);
                            }
                            refr
                        }
                        RuleHead::Func { refr, assign, args, .. } => {
                            for argument in args {
                                collect.expression(argument);
                            }
                            if let Some(assign) = assign {
                                collect.expression(&assign.value);
                            }
                            refr
                        }
                    };
                    self.take(&package, &path, refr, collect);
                    (Some(refr), bodies)
                }
                RegoRule::Default { refr, value, .. } => {
                    let mut collect = Collector::default();
                    collect.expression(value);
                    self.take(&package, &path, refr, collect);
                    (None, &[])
                }
            };
            let Some(refr) = head else { continue };
            for body in bodies {
                let mut collect = Collector::default();
                if let Some(assign) = &body.assign {
                    collect.expression(&assign.value);
                }
                collect.query(&body.query);
                self.take(&package, &path, refr, collect);
            }
        }
    }

    fn take(&mut self, package: &str, path: &str, refr: &Ref<Expr>, collect: Collector) {
        let name = path_of(refr).unwrap_or_default();
        let full = format!("{package}.{name}");
        self.defined.entry(full.clone()).or_insert_with(|| (path.to_owned(), location(refr.span())));
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

    /// Calls of functions that are not there or that are refused, once a file and function.
    pub(super) fn unknown(&self) -> BTreeMap<String, (String, Location)> {
        let mut found = BTreeMap::new();
        for (caller, callee, path, at) in &self.made {
            let builtin = callee == "sprintf" || regorus::unstable::BUILTINS.contains_key(callee.as_str());
            if (builtin && !REFUSED.contains(&callee.as_str())) || self.is_defined(caller, callee).is_some() {
                continue;
            }
            found.entry(callee.clone()).or_insert_with(|| (path.clone(), at.clone()));
        }
        found
    }

    /// Functions that reach themselves.
    pub(super) fn cycles(&self) -> Vec<(String, Location, String)> {
        let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (caller, callee, _, _) in &self.made {
            if let Some(target) = self.is_defined(caller, callee) {
                edges.entry(caller).or_default().insert(target);
            }
        }
        let mut found = Vec::new();
        for start in edges.keys() {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut waiting: Vec<&str> = vec![start];
            while let Some(name) = waiting.pop() {
                for next in edges.get(name).into_iter().flatten() {
                    if next == start {
                        if let Some((path, at)) = self.defined.get(*start) {
                            found.push((path.clone(), at.clone(), (*start).to_owned()));
                        }
                        waiting.clear();
                        break;
                    }
                    if seen.insert(next) {
                        waiting.push(next);
                    }
                }
            }
        }
        found
    }
}

/// `a.b.c` of a reference whose parts are all names.
fn path_of(expression: &Ref<Expr>) -> Option<String> {
    match expression.as_ref() {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", path_of(refr)?, field.0.text())),
        Expr::RefBrack { refr, .. } => path_of(refr),
        _ => None,
    }
}

/// Collects the calls of an expression.
#[derive(Default)]
struct Collector {
    calls: Vec<(String, Location)>,
}

impl Collector {
    fn query(&mut self, query: &Ref<Query>) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    if let Some(key) = key {
                        self.expression(key);
                    }
                    self.expression(value);
                    self.expression(collection);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
                Literal::Every { domain, query, .. } => {
                    self.expression(domain);
                    self.query(query);
                }
            }
            for with in &statement.with_mods {
                self.expression(&with.r#as);
            }
        }
    }

    fn expression(&mut self, expression: &Ref<Expr>) {
        match expression.as_ref() {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => {}
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
                    self.calls.push((name, location(span)));
                }
                params.iter().for_each(|p| self.expression(p));
            }
            Expr::UnaryExpr { expr, .. } => self.expression(expr),
            Expr::RefDot { refr, .. } => self.expression(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.expression(refr);
                self.expression(index);
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
