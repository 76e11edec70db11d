//! Conditions that can't hold together, or at all.

use std::collections::BTreeMap;

use regorus::Value;
use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, Query, Ref};

use super::calls::{location, path_of};
use crate::location::Location;

/// Why a body never holds, with the place of the statement that can't; `None` where it may.
pub(super) fn never_holds(query: &Ref<Query>) -> Option<(Location, String)> {
    let mut known = Known::default();
    for statement in query.stmts.iter().filter(|statement| statement.with_mods.is_empty()) {
        let at = |expression: &Ref<Expr>| location(expression.span());
        let (expression, why) = match &statement.literal {
            Literal::Expr { expr, .. } => (expr, known.asks(expr)),
            Literal::NotExpr { expr, .. } => (expr, known.forbids(expr)),
            Literal::SomeIn { collection, .. } => {
                (collection, is_empty(collection).then(|| "there is nothing to go through".to_owned()))
            }
            Literal::SomeVars { .. } | Literal::Every { .. } => continue,
        };
        if let Some(why) = why {
            return Some((at(expression), why));
        }
    }
    None
}

/// What the statements so far ask of paths.
#[derive(Default)]
struct Known {
    equal: BTreeMap<String, Value>,
    differs: BTreeMap<String, Vec<Value>>,
    among: BTreeMap<String, Vec<Value>>,
}

impl Known {
    fn asks(&mut self, expression: &Ref<Expr>) -> Option<String> {
        match expression.as_ref() {
            Expr::Bool { value: Value::Bool(false), .. } => Some("it asks for false".to_owned()),
            Expr::BoolExpr { op, lhs, rhs, .. } => match (literal(lhs), literal(rhs)) {
                (Some(one), Some(other)) => {
                    (!compare(op, one, other)).then(|| "it compares what is never so".to_owned())
                }
                (None, Some(value)) => self.compares(op, stable(lhs)?, value),
                (Some(value), None) => self.compares(op, stable(rhs)?, value),
                (None, None) => None,
            },
            Expr::AssignExpr { op: AssignOp::Eq, lhs, rhs, .. } => match (literal(lhs), literal(rhs)) {
                (None, Some(value)) => self.equals(stable(lhs)?, value),
                (Some(value), None) => self.equals(stable(rhs)?, value),
                _ => None,
            },
            Expr::Membership { key: None, value, collection, .. } => {
                let (Expr::Array { items, .. } | Expr::Set { items, .. }) = collection.as_ref() else { return None };
                let items: Vec<Value> = items.iter().map(|item| literal(item).cloned()).collect::<Option<_>>()?;
                if items.is_empty() {
                    return Some("nothing is in an empty list".to_owned());
                }
                let path = stable(value)?;
                if let Some(equal) = self.equal.get(&path).filter(|equal| !items.contains(equal)) {
                    return Some(format!("{path} is already asked to be {equal}"));
                }
                self.among.insert(path, items);
                None
            }
            _ => None,
        }
    }

    fn forbids(&mut self, expression: &Ref<Expr>) -> Option<String> {
        match expression.as_ref() {
            Expr::Bool { value: Value::Bool(true), .. } => Some("it asks for not true".to_owned()),
            Expr::BoolExpr { op: BoolOp::Eq, lhs, rhs, .. } => match (literal(lhs), literal(rhs)) {
                (Some(one), Some(other)) => (one == other).then(|| "it compares what is never so".to_owned()),
                (None, Some(value)) => self.differs(stable(lhs)?, value),
                (Some(value), None) => self.differs(stable(rhs)?, value),
                (None, None) => None,
            },
            _ => None,
        }
    }

    fn compares(&mut self, op: &BoolOp, path: String, value: &Value) -> Option<String> {
        match op {
            BoolOp::Eq => self.equals(path, value),
            BoolOp::Ne => self.differs(path, value),
            BoolOp::Lt | BoolOp::Le | BoolOp::Ge | BoolOp::Gt => None,
        }
    }

    fn equals(&mut self, path: String, value: &Value) -> Option<String> {
        let already = match (self.equal.get(&path), self.differs.get(&path), self.among.get(&path)) {
            (Some(other), _, _) if other != value => Some(format!("{path} can't be {other} and {value}")),
            (_, Some(others), _) if others.contains(value) => {
                Some(format!("{path} is already asked not to be {value}"))
            }
            (_, _, Some(others)) if !others.contains(value) => {
                Some(format!("{path} is already asked to be another than {value}"))
            }
            _ => None,
        };
        self.equal.insert(path, value.clone());
        already
    }

    fn differs(&mut self, path: String, value: &Value) -> Option<String> {
        let already = self.equal.get(&path) == Some(value);
        let why = already.then(|| format!("{path} is already asked to be {value}"));
        self.differs.entry(path).or_default().push(value.clone());
        why
    }
}

fn compare(op: &BoolOp, one: &Value, other: &Value) -> bool {
    match op {
        BoolOp::Eq => one == other,
        BoolOp::Ne => one != other,
        BoolOp::Lt => one < other,
        BoolOp::Le => one <= other,
        BoolOp::Ge => one >= other,
        BoolOp::Gt => one > other,
    }
}

/// A collection that is written out and holds nothing.
pub(super) fn is_empty(expression: &Ref<Expr>) -> bool {
    match expression.as_ref() {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.is_empty(),
        Expr::Object { fields, .. } => fields.is_empty(),
        Expr::Call { fcn, params, .. } => params.is_empty() && path_of(fcn).as_deref() == Some("set"),
        _ => false,
    }
}

fn literal(expression: &Ref<Expr>) -> Option<&Value> {
    match expression.as_ref() {
        Expr::String { value, .. }
        | Expr::RawString { value, .. }
        | Expr::Number { value, .. }
        | Expr::Bool { value, .. }
        | Expr::Null { value, .. } => Some(value),
        _ => None,
    }
}

/// A path that stands for one value in all statements of a body.
fn stable(expression: &Ref<Expr>) -> Option<String> {
    match expression.as_ref() {
        Expr::Var { span, .. } => (span.text() != "_").then(|| span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", stable(refr)?, field.0.text())),
        Expr::RefBrack { refr, index, .. } => match (literal(index), index.as_ref()) {
            (Some(Value::String(key)), _) => Some(format!("{}.{key}", stable(refr)?)),
            (Some(key), _) => Some(format!("{}[{key}]", stable(refr)?)),
            (None, Expr::Var { .. }) => Some(format!("{}[{}]", stable(refr)?, stable(index)?)),
            _ => None,
        },
        _ => None,
    }
}
