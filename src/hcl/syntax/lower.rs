//! From the parser's tree to the one that is evaluated.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use hcl::edit::Span as _;
use hcl::edit::expr::{
    BinaryOperator, Expression as Parsed, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl::edit::structure::{Body as ParsedBody, Structure};

use super::template::Context;
use super::{Attribute, Binary, Block, Body, Call, Expression, For, Key, Kind, Step, Unary};
use crate::document::ends_early;
use crate::hcl::number::{Number, Parsed as ParsedNumber};
use crate::hcl::value::Value;

/// What the parser takes and Terraform does not, or takes for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misread {
    /// A heredoc that it takes for longer than it is.
    Heredoc,
    /// A line break inside quotes.
    LineBreak,
}

/// Lowers what was parsed from a text.
pub(super) struct Lower<'t> {
    pub(super) text: &'t str,
    /// What the parser took for something else than it is.
    pub(super) misread: Cell<Option<(usize, usize, Misread)>>,
}

impl<'t> Lower<'t> {
    pub(super) fn new(text: &'t str) -> Lower<'t> {
        Lower { text, misread: Cell::new(None) }
    }

    pub(super) fn body(&self, body: &ParsedBody) -> Body {
        let mut lowered = Body::default();
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => lowered.attributes.push(Attribute {
                    name: attribute.key.as_str().into(),
                    name_span: attribute.key.span().unwrap_or_default().into(),
                    expression: self.expression(&attribute.value),
                }),
                Structure::Block(block) => {
                    let start = block.ident.span().unwrap_or_default();
                    let end = block.labels.iter().filter_map(|l| l.span()).next_back().map_or(start.end, |s| s.end);
                    lowered.blocks.push(Block {
                        kind: block.ident.as_str().into(),
                        labels: block.labels.iter().map(|l| Arc::from(l.as_str())).collect(),
                        body: self.body(&block.body),
                        header: (start.start..end).into(),
                    });
                }
            }
        }
        lowered
    }

    pub(super) fn expression(&self, parsed: &Parsed) -> Expression {
        let span = parsed.span().unwrap_or_default();
        let kind = match parsed {
            Parsed::Null(_) => Kind::Literal(Value::null()),
            Parsed::Bool(value) => Kind::Literal((*value.value()).into()),
            Parsed::Number(_) => self.number(&span),
            Parsed::String(_) => return self.quoted(&span),
            Parsed::Array(items) => Kind::Tuple(items.iter().map(|item| self.expression(item)).collect()),
            Parsed::Object(object) => {
                Kind::Object(object.iter().map(|(key, value)| (self.key(key), self.expression(value.expr()))).collect())
            }
            Parsed::StringTemplate(template) => {
                return self.template(template, Context::Quoted, span);
            }
            Parsed::HeredocTemplate(heredoc) => {
                let flush = self.text.get(span.start..).is_some_and(|text| text.starts_with("<<-"));
                if ends_early(self.text.get(span.clone()).unwrap_or_default(), heredoc.delimiter.as_str()) {
                    self.misread.set(Some((span.start, span.end, Misread::Heredoc)));
                }
                return self.template(&heredoc.template, Context::Heredoc { flush }, span);
            }
            Parsed::Parenthesis(inner) => Kind::Group(Box::new(self.expression(inner.inner()))),
            Parsed::Variable(name) => Kind::Name(name.as_str().into()),
            Parsed::Conditional(c) => Kind::Conditional(Box::new([
                self.expression(&c.cond_expr),
                self.expression(&c.true_expr),
                self.expression(&c.false_expr),
            ])),
            Parsed::FuncCall(call) => self.call(call),
            Parsed::Traversal(traversal) => return self.traversal(traversal, span),
            Parsed::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    UnaryOperator::Neg => Unary::Negate,
                    UnaryOperator::Not => Unary::Not,
                };
                Kind::Unary(operator, Box::new(self.expression(&operation.expr)))
            }
            Parsed::BinaryOp(operation) => {
                let operator = match operation.operator.value() {
                    BinaryOperator::Or => Binary::Or,
                    BinaryOperator::And => Binary::And,
                    BinaryOperator::Eq => Binary::Equal,
                    BinaryOperator::NotEq => Binary::NotEqual,
                    BinaryOperator::Greater => Binary::Greater,
                    BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
                    BinaryOperator::Less => Binary::Less,
                    BinaryOperator::LessEq => Binary::LessOrEqual,
                    BinaryOperator::Plus => Binary::Plus,
                    BinaryOperator::Minus => Binary::Minus,
                    BinaryOperator::Mul => Binary::Times,
                    BinaryOperator::Div => Binary::Divide,
                    BinaryOperator::Mod => Binary::Modulo,
                };
                let operands = [self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr)];
                Kind::Binary(operator, Box::new(operands))
            }
            Parsed::ForExpr(each) => self.for_expression(each),
        };
        Expression::new(kind, span)
    }

    /// The number at a span: the parser itself keeps 64 bits only.
    fn number(&self, span: &Range<usize>) -> Kind {
        let written = self.text.get(span.clone()).unwrap_or_default().trim();
        // Between a minus and the digits there may be space and comments.
        let text = match written.strip_prefix('-') {
            Some(digits) => Cow::from(format!("-{}", without_comments(digits))),
            None => Cow::from(written),
        };
        match Number::parse(&text) {
            ParsedNumber::Number(number) => Kind::Literal(number.into()),
            ParsedNumber::NoNumber | ParsedNumber::NotFollowed => {
                Kind::NotFollowed("a number of that size is not followed")
            }
        }
    }

    /// A quoted string without parts that are put in.
    fn quoted(&self, span: &Range<usize>) -> Expression {
        let raw = self.text.get(span.start + 1..span.end.saturating_sub(1)).unwrap_or_default();
        if raw.contains(['\n', '\r']) {
            self.misread.set(Some((span.start, span.end, Misread::LineBreak)));
        }
        let kind = match super::template::decode(raw, Context::Quoted) {
            Some(text) => Kind::Literal(Value::string(text)),
            None => Kind::NotFollowed("a string with an escape that is not known"),
        };
        Expression::new(kind, span.clone())
    }

    fn key(&self, key: &ObjectKey) -> Key {
        match key {
            // The plain form of a text may have another word here.
            ObjectKey::Ident(word) => {
                let written = word.span().and_then(|span| self.text.get(span));
                Key::Word(written.unwrap_or(word.as_str()).into())
            }
            ObjectKey::Expression(Parsed::Traversal(traversal)) if matches!(traversal.expr, Parsed::Variable(_)) => {
                let written = traversal.span().and_then(|span| self.text.get(span)).unwrap_or_default();
                Key::Ambiguous(written.trim().into())
            }
            ObjectKey::Expression(Parsed::Variable(word)) => Key::Word(word.as_str().into()),
            ObjectKey::Expression(Parsed::Null(_)) => Key::Word("null".into()),
            ObjectKey::Expression(Parsed::Bool(value)) => {
                Key::Word(if *value.value() { "true".into() } else { "false".into() })
            }
            ObjectKey::Expression(expression) => Key::Computed(self.expression(expression)),
        }
    }

    fn call(&self, call: &FuncCall) -> Kind {
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        Kind::Call(Box::new(Call {
            name: name.into(),
            arguments: call.args.iter().map(|argument| self.expression(argument)).collect(),
            expand: call.args.expand_final(),
        }))
    }

    fn for_expression(&self, each: &ForExpr) -> Kind {
        Kind::For(Box::new(For {
            key_variable: each.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_variable: each.intro.value_var.as_str().into(),
            collection: self.expression(&each.intro.collection_expr),
            key: each.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&each.value_expr),
            condition: each.cond.as_ref().map(|condition| self.expression(&condition.expr)),
            group: each.grouping,
        }))
    }

    fn traversal(&self, traversal: &Traversal, span: Range<usize>) -> Expression {
        let source = self.expression(&traversal.expr);
        self.steps(source, &traversal.operators, span)
    }

    /// A full splat takes all that follows; one with a dot only what follows with dots.
    fn steps(
        &self,
        source: Expression,
        operators: &[hcl::edit::Decorated<TraversalOperator>],
        span: Range<usize>,
    ) -> Expression {
        let mut steps = Vec::new();
        for (index, operator) in operators.iter().enumerate() {
            let at = operator.span().unwrap_or_default();
            let rest = operators.get(index + 1..).unwrap_or_default();
            match operator.value() {
                TraversalOperator::GetAttr(name) => steps.push(Step::Attribute(name.as_str().into())),
                TraversalOperator::Index(index) => steps.push(Step::Index(self.expression(index))),
                // Terraform reads `.1.0` as a dot and a number with a fraction.
                TraversalOperator::LegacyIndex(_)
                    if matches!(rest.first().map(|next| next.value()), Some(TraversalOperator::LegacyIndex(_))) =>
                {
                    return Expression::new(Kind::NotFollowed("two indexes with dots, one after the other"), span);
                }
                TraversalOperator::LegacyIndex(number) => {
                    let number = Number::written(i64::try_from(*number.value()).unwrap_or(i64::MAX));
                    steps.push(Step::Index(Expression::new(Kind::Literal(number.into()), at)));
                }
                TraversalOperator::FullSplat(_) => {
                    let each = self.steps(Expression::new(Kind::Item, at), rest, span.clone());
                    let source = traversal(source, steps, span.clone());
                    return Expression::new(Kind::Splat(Box::new(source), Box::new(each)), span);
                }
                TraversalOperator::AttrSplat(_) => {
                    let is_dotted = |operator: &&hcl::edit::Decorated<TraversalOperator>| {
                        matches!(operator.value(), TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_))
                    };
                    let dotted = rest.iter().take_while(is_dotted).count();
                    let (of_each, behind) = rest.split_at(dotted);
                    let each = self.steps(Expression::new(Kind::Item, at), of_each, span.clone());
                    let source = traversal(source, steps, span.clone());
                    let splat = Expression::new(Kind::Splat(Box::new(source), Box::new(each)), span.clone());
                    return self.steps(splat, behind, span);
                }
            }
        }
        traversal(source, steps, span)
    }
}

/// A text without white space and comments before it.
fn without_comments(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let end = match text.get(..2) {
            Some("/*") => text.find("*/").map(|at| at + 2),
            Some("//") => text.find('\n'),
            _ if text.starts_with('#') => text.find('\n'),
            _ => None,
        };
        match end.and_then(|end| text.get(end..)) {
            Some(behind) => text = behind.trim_start(),
            None => return text,
        }
    }
}

fn traversal(source: Expression, steps: Vec<Step>, span: Range<usize>) -> Expression {
    if steps.is_empty() { source } else { Expression::new(Kind::Traversal(Box::new(source), steps), span) }
}
