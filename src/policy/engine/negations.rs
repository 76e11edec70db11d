//! What is asked under `not`.

use regorus::unstable::{Expr, Ref, Span};

/// Where `_` stands for any key in an expression under `not`, outside comprehensions: whether the negation holds for one key or
/// for all of them can't be told, so that OPA refuses it.
pub(super) fn wildcard(expression: &Ref<Expr>) -> Option<&Span> {
    match expression.as_ref() {
        Expr::RefBrack { refr, index, .. } => match index.as_ref() {
            Expr::Var { span, .. } if span.text() == "_" => Some(span),
            _ => wildcard(refr).or_else(|| wildcard(index)),
        },
        Expr::RefDot { refr, .. } => wildcard(refr),
        Expr::UnaryExpr { expr, .. } => wildcard(expr),
        Expr::Array { items, .. } | Expr::Set { items, .. } | Expr::Call { params: items, .. } => {
            items.iter().find_map(wildcard)
        }
        Expr::Object { fields, .. } => {
            fields.iter().find_map(|(_, key, value)| wildcard(key).or_else(|| wildcard(value)))
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => wildcard(lhs).or_else(|| wildcard(rhs)),
        Expr::Membership { key, value, collection, .. } => {
            key.iter().find_map(wildcard).or_else(|| wildcard(value)).or_else(|| wildcard(collection))
        }
        Expr::ArrayCompr { .. }
        | Expr::SetCompr { .. }
        | Expr::ObjectCompr { .. }
        | Expr::String { .. }
        | Expr::RawString { .. }
        | Expr::Number { .. }
        | Expr::Bool { .. }
        | Expr::Null { .. }
        | Expr::Var { .. } => None,
    }
}
