//! What authors of rules get wrong, told from the syntax tree: facts that are not there, words that a fact can't be, rules
//! that never fire.

use std::collections::BTreeMap;

use regorus::Value;
use regorus::unstable::{
    AssignOp, BoolOp, Expr, Literal, LiteralStmt, Module, Query, Ref, Rule as RegoRule, RuleHead, Span,
};

use super::calls::{location, path_of};
use super::conditions::{is_empty, never_holds};
use super::negations;
use super::paths::Place;
use crate::error::{Error, nearest};
use crate::policy::bundle::File;

/// The sets of a rule.
const SETS: [&str; 3] = ["applies", "deny", "undetermined"];

/// The mistakes in a file that holds a rule or a library.
pub(super) fn of(file: &File, module: &Ref<Module>) -> Vec<Error> {
    let mut walk =
        Walk { path: &file.path, aliases: aliases(module), scopes: Vec::new(), replaced: 0, found: Vec::new() };
    module.imports.iter().for_each(|import| walk.expression(&import.refr));
    for rule in &module.policy {
        walk.rule(rule);
    }
    let mut found = walk.found;
    for import in &module.imports {
        if let Some(path) = path_of(&import.refr).filter(|path| path.starts_with("rego.") && path != "rego.v1") {
            let wrong = Error::new(&file.path, format!("there is no import {path:?}: OPA would refuse the file"));
            found.push(wrong.at(location(import.refr.span())).help("write import rego.v1"));
        }
    }
    if file.rule_id().is_some() {
        found.extend(silence(file, module));
    }
    found
}

/// Why a rule can never say anything.
fn silence(file: &File, module: &Ref<Module>) -> Option<Error> {
    let heads = |set: &str| module.policy.iter().filter(|rule| name_of(rule).as_deref() == Some(set)).count();
    let start = file.at(1, 1);
    if heads("deny") == 0 {
        let help = "add `deny contains f if …`; `deny := set()` is for rules that only leave something open";
        return Some(Error::new(&file.path, "the rule has no deny, so it can never fire").at(start).help(help));
    }
    let only_open = module.policy.iter().filter(|rule| name_of(rule).as_deref() == Some("deny")).all(is_empty_set);
    (only_open && heads("undetermined") == 0).then(|| {
        let help = "add `deny contains f if …` or `undetermined contains f if …`";
        Error::new(&file.path, "deny is empty and there is no undetermined, so the rule can never fire")
            .at(start)
            .help(help)
    })
}

fn is_empty_set(rule: &Ref<RegoRule>) -> bool {
    match rule.as_ref() {
        RegoRule::Spec { head: RuleHead::Compr { assign: Some(assign), .. }, .. } => is_empty(&assign.value),
        _ => false,
    }
}

/// The name of a rule.
pub(super) fn name_of(rule: &Ref<RegoRule>) -> Option<String> {
    match rule.as_ref() {
        RegoRule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => path_of(refr),
        },
        RegoRule::Default { refr, .. } => path_of(refr),
    }
}

/// Imports of parts of the input, by the name that they get.
fn aliases(module: &Ref<Module>) -> BTreeMap<String, Option<Place>> {
    let mut aliases = BTreeMap::new();
    let none = Walk { path: "", aliases: BTreeMap::new(), scopes: Vec::new(), replaced: 0, found: Vec::new() };
    for import in &module.imports {
        if let Some(path) = path_of(&import.refr).filter(|path| path.starts_with("input.")) {
            let last = path.rsplit('.').next().unwrap_or_default();
            let name = import.r#as.as_ref().map_or(last, Span::text);
            aliases.insert(name.to_owned(), none.place(&import.refr));
        }
    }
    aliases
}

struct Walk<'f> {
    path: &'f str,
    aliases: BTreeMap<String, Option<Place>>,
    /// Local names, innermost last, with what they stand for where that lies in the facts.
    scopes: Vec<BTreeMap<String, Option<Place>>>,
    /// In how many statements with another input this is.
    replaced: usize,
    found: Vec<Error>,
}

impl Walk<'_> {
    fn rule(&mut self, rule: &Ref<RegoRule>) {
        let (head, bodies) = match rule.as_ref() {
            RegoRule::Spec { head, bodies, .. } => (head, bodies),
            RegoRule::Default { value, .. } => return self.expression(value),
        };
        let judges = name_of(rule).is_some_and(|name| SETS.contains(&name.as_str()));
        self.scopes.push(BTreeMap::new());
        if let RuleHead::Func { args, .. } = head {
            args.iter().for_each(|argument| self.bind_pattern(argument));
        }
        let outside = self.scopes.clone();
        for body in bodies {
            self.scopes = outside.clone();
            self.query(&body.query);
            if let Some(assign) = &body.assign {
                self.expression(&assign.value);
            }
            if !body.is_else {
                self.head(head);
            }
            if let Some((at, why)) = never_holds(&body.query).filter(|_| judges) {
                let what = name_of(rule).unwrap_or_default();
                let message = format!("this part of {what} can never fire: {why}");
                self.found.push(Error::new(self.path, message).at(at).help("mend the condition, or take the part out"));
            }
        }
        if bodies.is_empty() {
            self.head(head);
        }
        self.scopes.clear();
    }

    fn head(&mut self, head: &RuleHead) {
        match head {
            RuleHead::Compr { refr, assign, .. } => {
                self.index(refr);
                assign.iter().for_each(|assign| self.expression(&assign.value));
            }
            RuleHead::Set { refr, key, .. } => {
                self.index(refr);
                key.iter().for_each(|key| self.expression(key));
            }
            RuleHead::Func { assign, .. } => assign.iter().for_each(|assign| self.expression(&assign.value)),
        }
    }

    /// The keys in the name of a rule.
    fn index(&mut self, refr: &Ref<Expr>) {
        if let Expr::RefBrack { refr, index, .. } = refr.as_ref() {
            self.index(refr);
            self.expression(index);
        }
    }

    fn query(&mut self, query: &Ref<Query>) {
        // Statements hold together, in whatever order they stand.
        for _ in 0..2 {
            query.stmts.iter().for_each(|statement| self.with(statement, Walk::bind));
        }
        query.stmts.iter().for_each(|statement| self.with(statement, Walk::statement));
    }

    fn with(&mut self, statement: &LiteralStmt, look: impl Fn(&mut Self, &LiteralStmt)) {
        let other = |path: String| path == "input" || path.starts_with("input.");
        let replaced = usize::from(statement.with_mods.iter().any(|with| path_of(&with.refr).is_some_and(other)));
        self.replaced += replaced;
        look(self, statement);
        self.replaced -= replaced;
    }

    fn bind(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                for var in vars {
                    if self.scopes.last().is_none_or(|scope| !scope.contains_key(var.text())) {
                        self.name(var.text(), None);
                    }
                }
            }
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.bind_pattern(key));
                let element = self.place(collection).and_then(|place| place.any());
                self.bind_to(value, element);
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op, lhs, rhs, .. } = expr.as_ref() {
                    let place = self.place(rhs);
                    let is_new = match lhs.as_ref() {
                        Expr::Var { span, .. } => {
                            self.place(lhs).is_none() && !["input", "data"].contains(&span.text())
                        }
                        _ => false,
                    };
                    if *op == AssignOp::ColEq || is_new {
                        self.bind_to(lhs, place);
                    }
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }

    fn bind_to(&mut self, pattern: &Ref<Expr>, place: Option<Place>) {
        match pattern.as_ref() {
            Expr::Var { span, .. } => self.name(span.text(), place),
            _ => self.bind_pattern(pattern),
        }
    }

    /// Names in a pattern stand for what is not followed further.
    fn bind_pattern(&mut self, pattern: &Ref<Expr>) {
        match pattern.as_ref() {
            Expr::Var { span, .. } => self.name(span.text(), None),
            Expr::Array { items, .. } => items.iter().for_each(|item| self.bind_pattern(item)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| self.bind_pattern(value)),
            _ => {}
        }
    }

    fn name(&mut self, name: &str, place: Option<Place>) {
        if let Some(scope) = self.scopes.last_mut().filter(|_| name != "_") {
            scope.insert(name.to_owned(), place);
        }
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expression(key));
                self.expression(value);
                self.expression(collection);
            }
            Literal::Expr { expr, .. } => self.expression(expr),
            Literal::NotExpr { expr, .. } => {
                if let Some(span) = negations::wildcard(expr) {
                    let help = "ask with every, or put what is under not into a rule of its own";
                    let wrong = Error::new(self.path, "`_` under not: OPA refuses the file, as `_` is unsafe there");
                    self.found.push(wrong.at(location(span)).help(help));
                }
                self.expression(expr);
            }
            Literal::Every { key, value, domain, query, .. } => {
                self.expression(domain);
                let element = self.place(domain).and_then(|place| place.any());
                self.scopes.push(BTreeMap::new());
                key.iter().for_each(|key| self.name(key.text(), None));
                self.name(value.text(), element);
                self.query(query);
                self.scopes.pop();
            }
        }
        statement.with_mods.iter().for_each(|with| self.expression(&with.r#as));
    }

    /// Where in the facts an expression leads, if it does.
    fn place(&self, expression: &Ref<Expr>) -> Option<Place> {
        match expression.as_ref() {
            Expr::Var { span, .. } => {
                let local = self.scopes.iter().rev().find_map(|scope| scope.get(span.text()));
                match (local, self.aliases.get(span.text())) {
                    (Some(local), _) => local.clone(),
                    (None, Some(alias)) if self.replaced == 0 => alias.clone(),
                    (None, None) if span.text() == "input" && self.replaced == 0 => Some(Place::input()),
                    (None, _) => None,
                }
            }
            Expr::RefDot { refr, field, .. } => self.place(refr)?.key(field.0.text()).ok().flatten(),
            Expr::RefBrack { refr, index, .. } => match word(index) {
                Some(key) => self.place(refr)?.key(key).ok().flatten(),
                None => self.place(refr)?.any(),
            },
            Expr::Call { fcn, params, .. } if is_get(fcn, params) => {
                let keys = keys(&params[1])?;
                keys.iter().try_fold(self.place(&params[0])?, |place, (key, _)| place.key(key).ok().flatten())
            }
            _ => None,
        }
    }

    fn look(&mut self, place: Option<Place>, key: &str, span: &Span) -> Option<Place> {
        match place?.key(key) {
            Ok(place) => place,
            Err(missing) => {
                let message = format!("the facts have no {}", missing.path);
                self.found.push(Error::new(self.path, message).at(location(span)).help(missing.help));
                None
            }
        }
    }

    fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Ref<Expr>>) {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    /// A comprehension: its query, then what is made of each answer.
    fn comprehension<'e>(&mut self, query: &Ref<Query>, terms: impl IntoIterator<Item = &'e Ref<Expr>>) {
        self.scopes.push(BTreeMap::new());
        self.query(query);
        self.expressions(terms);
        self.scopes.pop();
    }

    fn expression(&mut self, expression: &Ref<Expr>) {
        match expression.as_ref() {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => {}
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.expressions(items),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| self.expressions([key, value])),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.comprehension(query, [term])
            }
            Expr::ObjectCompr { key, value, query, .. } => self.comprehension(query, [key, value]),
            Expr::Call { fcn, params, .. } => {
                if is_get(fcn, params) {
                    let mut place = self.place(&params[0]);
                    for (key, span) in keys(&params[1]).into_iter().flatten() {
                        place = self.look(place, key, span);
                    }
                }
                self.expressions(params);
            }
            Expr::UnaryExpr { expr, .. } => self.expression(expr),
            Expr::RefDot { refr, field, .. } => {
                let place = self.place(refr);
                self.look(place, field.0.text(), &field.0);
                self.expression(refr);
            }
            Expr::RefBrack { refr, index, .. } => {
                if let Some(key) = word(index) {
                    let place = self.place(refr);
                    self.look(place, key, index.span());
                }
                self.expressions([refr, index]);
            }
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                if matches!(op, BoolOp::Eq | BoolOp::Ne) {
                    self.compared(lhs, rhs);
                }
                self.expressions([lhs, rhs]);
            }
            Expr::AssignExpr { op, lhs, rhs, .. } => {
                if *op == AssignOp::Eq {
                    self.compared(lhs, rhs);
                }
                self.expressions([lhs, rhs]);
            }
            Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => self.expressions([lhs, rhs]),
            Expr::Membership { key, value, collection, .. } => {
                match collection.as_ref() {
                    Expr::Array { items, .. } | Expr::Set { items, .. } => {
                        let place = self.place(value);
                        items.iter().for_each(|item| self.word(place.as_ref(), item));
                    }
                    _ => {
                        let element = self.place(collection).and_then(|place| place.any());
                        self.word(element.as_ref(), value);
                    }
                }
                self.expressions(key);
                self.expressions([value, collection]);
            }
        }
    }

    fn compared(&mut self, one: &Ref<Expr>, other: &Ref<Expr>) {
        for (fact, literal) in [(one, other), (other, one)] {
            let place = self.place(fact);
            self.word(place.as_ref(), literal);
        }
    }

    /// A word that a fact of few words is compared with.
    fn word(&mut self, place: Option<&Place>, literal: &Ref<Expr>) {
        let (Some(place), Some(word)) = (place, word(literal)) else { return };
        let Some(words) = place.words().filter(|words| !words.contains(&word)) else { return };
        let help = match nearest(word, words.iter().copied()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("it is one of {}", words.join(", ")),
        };
        let message = format!("{} is never {word:?}", place.shown());
        self.found.push(Error::new(self.path, message).at(location(literal.span())).help(help));
    }
}

/// The text of a literal.
fn word(expression: &Ref<Expr>) -> Option<&str> {
    match expression.as_ref() {
        Expr::String { value: Value::String(text), .. } | Expr::RawString { value: Value::String(text), .. } => {
            Some(text)
        }
        _ => None,
    }
}

fn is_get(function: &Ref<Expr>, params: &[Ref<Expr>]) -> bool {
    params.len() == 3 && path_of(function).as_deref() == Some("object.get")
}

/// The keys that `object.get` goes along, where they are literals.
fn keys(key: &Ref<Expr>) -> Option<Vec<(&str, &Span)>> {
    match key.as_ref() {
        Expr::Array { items, .. } => items.iter().map(|item| Some((word(item)?, item.span()))).collect(),
        _ => Some(vec![(word(key)?, key.span())]),
    }
}
