//! The syntax tree that is evaluated: that of the parser, with templates taken apart as Terraform does and places as byte
//! offsets.

mod json;
mod lower;
mod plain;
mod template;

use std::ops::Range;
use std::sync::Arc;

use super::value::Value;
use crate::document::{HEREDOC, LINE_BREAK, SyntaxError, parse_hcl_body};
pub(super) use json::JsonBody;

/// Where an expression stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: offset(range.start), end: offset(range.end) }
    }
}

impl Span {
    /// As byte offsets.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An expression.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A value that is written.
    Literal(Value),
    /// A name: a `for` variable, or what a reference starts with.
    Name(Arc<str>),
    /// The item of the splat around it.
    Item,
    /// Text with parts put in.
    Template(Vec<Expression>),
    /// The texts of a `for` directive, one after the other.
    Join(Box<Expression>),
    /// `(…)`, or `"${…}"`
    Group(Box<Expression>),
    /// `[…]`
    Tuple(Vec<Expression>),
    /// `{…}`
    Object(Vec<(Key, Expression)>),
    /// `a.b[0].c`
    Traversal(Box<Expression>, Vec<Step>),
    /// `a[*].b`, `a.*.b`: the source, and what is done with each item.
    Splat(Box<Expression>, Box<Expression>),
    /// `f(a, b...)`
    Call(Box<Call>),
    /// `c ? a : b`
    Conditional(Box<[Expression; 3]>),
    /// `-a`, `!a`
    Unary(Unary, Box<Expression>),
    /// `a + b`
    Binary(Binary, Box<[Expression; 2]>),
    /// `[for …]`, `{for …}`
    For(Box<For>),
    /// What is not followed, and why.
    NotFollowed(&'static str),
    /// What is not followed, and why, with what stands in it.
    Opaque(&'static str, Box<Expression>),
}

/// The key of an object's attribute.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// A word.
    Word(Arc<str>),
    /// A reference with a dot in it, which needs parentheses.
    Ambiguous(Arc<str>),
    /// Anything else.
    Computed(Expression),
}

/// A step of a traversal.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Attribute(Arc<str>),
    Index(Expression),
}

/// A call of a function.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// With its namespace, if it has one.
    pub(super) name: Arc<str>,
    pub(super) arguments: Vec<Expression>,
    /// Whether the last argument is spread out (`...`).
    pub(super) expand: bool,
}

/// A `for` expression.
#[derive(Debug, Clone)]
pub(super) struct For {
    pub(super) key_variable: Option<Arc<str>>,
    pub(super) value_variable: Arc<str>,
    pub(super) collection: Expression,
    /// With a key it makes an object.
    pub(super) key: Option<Expression>,
    pub(super) value: Expression,
    pub(super) condition: Option<Expression>,
    pub(super) group: bool,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Negate,
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
}

/// The body of a file or block.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
}

/// `name = expression`
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: Arc<str>,
    pub(super) name_span: Span,
    pub(super) expression: Expression,
}

/// `type "label" { … }`
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Arc<str>,
    pub(super) labels: Vec<Arc<str>>,
    pub(super) body: Body,
    /// From its type to its last label.
    pub(super) header: Span,
}

impl Block {
    /// From its type to the end of the last thing in it.
    pub(super) fn range(&self) -> Range<usize> {
        fn end(body: &Body) -> usize {
            let attributes = body.attributes.iter().map(|attribute| attribute.expression.span.range().end);
            attributes.chain(body.blocks.iter().map(|block| end(&block.body))).max().unwrap_or_default()
        }
        let header = self.header.range();
        header.start..end(&self.body).max(header.end)
    }

    /// The type of the blocks that it stands for: its own, or that which a `dynamic` block makes.
    pub(super) fn makes(&self) -> &Arc<str> {
        match (&*self.kind, self.labels.first()) {
            ("dynamic", Some(label)) => label,
            _ => &self.kind,
        }
    }
}

impl Body {
    /// The attribute of a name.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| &*a.name == name)
    }

    /// The blocks of a type.
    pub(super) fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |b| &*b.kind == kind)
    }
}

impl Expression {
    pub(super) fn new(kind: Kind, span: impl Into<Span>) -> Expression {
        Expression { kind, span: span.into() }
    }

    /// The word of a bare name.
    pub(super) fn as_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The text of a string without parts that are put in.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(value) => value.as_str(),
            Kind::Template(parts) => match parts.as_slice() {
                [] => Some(""),
                [one] => one.as_text(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `see` for this expression and all in it.
    pub(super) fn walk(&self, see: &mut dyn FnMut(&Expression)) {
        see(self);
        match &self.kind {
            Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_) => {}
            Kind::Template(parts) | Kind::Tuple(parts) => parts.iter().for_each(|e| e.walk(see)),
            Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) | Kind::Opaque(_, inner) => inner.walk(see),
            Kind::Object(items) => {
                for (key, value) in items {
                    if let Key::Computed(key) = key {
                        key.walk(see);
                    }
                    value.walk(see);
                }
            }
            Kind::Traversal(source, steps) => {
                source.walk(see);
                for step in steps {
                    if let Step::Index(index) = step {
                        index.walk(see);
                    }
                }
            }
            Kind::Splat(source, each) => {
                source.walk(see);
                each.walk(see);
            }
            Kind::Call(call) => call.arguments.iter().for_each(|e| e.walk(see)),
            Kind::Conditional(parts) => parts.iter().for_each(|e| e.walk(see)),
            Kind::Binary(_, operands) => operands.iter().for_each(|e| e.walk(see)),
            Kind::For(each) => {
                each.collection.walk(see);
                each.key.iter().for_each(|e| e.walk(see));
                each.value.walk(see);
                each.condition.iter().for_each(|e| e.walk(see));
            }
        }
    }
}

/// Reads the text of a file.
///
/// # Errors
/// Broken HCL, or more of it than is read.
pub(super) fn body(text: &str) -> Result<Body, SyntaxError> {
    let read = |plain: &str| {
        let parsed = parse_hcl_body(plain)?;
        let lower = lower::Lower::new(text);
        let body = lower.body(&parsed);
        match lower.misread.get() {
            None => Ok(body),
            Some((start, end, misread)) => {
                let [message, help] = match misread {
                    lower::Misread::Heredoc => HEREDOC,
                    lower::Misread::LineBreak => LINE_BREAK,
                };
                Err(SyntaxError { span: start..end, message: message.to_owned(), help: Some(help.to_owned()) })
            }
        }
    };
    or_plain(text, plain::Form::Body, read)
}

/// Reads a text as one expression, in which line breaks mean nothing.
///
/// # Errors
/// What is wrong with it, in words, and the offset.
pub(super) fn expression(text: &str) -> Result<Expression, (String, usize)> {
    // The parser takes no space around an expression but inside of parentheses.
    let enclosed = format!("({text})");
    let (wrong, at) = match or_plain(&enclosed, plain::Form::Expression, |plain| {
        let parsed = hcl::edit::parser::parse_expr(plain).map_err(|e| broken(&e))?;
        Ok(lower::Lower::new(&enclosed).expression(&parsed))
    }) {
        Ok(Expression { kind: Kind::Group(inner), .. }) => return Ok(*inner),
        Ok(_) => ("a parenthesis is not opened".to_owned(), 1),
        Err(wrong) => wrong,
    };
    Err((wrong, at.saturating_sub(1)))
}

/// The expression that a text in quotes holds where only a reference or a type can stand, as in the JSON form.
pub(super) fn quoted(text: &str, span: Span) -> Option<Expression> {
    expression(text).ok().map(|inner| json::at(inner, span))
}

/// Reads a text as a template, as in a file that `templatefile` renders, or a string of the JSON form.
///
/// # Errors
/// What is wrong with it, in words, and the offset.
pub(super) fn template(text: &str) -> Result<Expression, (String, usize)> {
    or_plain(text, plain::Form::Template, |plain| {
        let parsed = hcl::edit::parser::parse_template(plain).map_err(|e| broken(&e))?;
        Ok(lower::Lower::new(text).template(&parsed, template::Context::Bare, 0..text.len()))
    })
}

/// What is read of a text, or of its plain form where it can't be read as it is.
fn or_plain<T, E>(text: &str, form: plain::Form, read: impl Fn(&str) -> Result<T, E>) -> Result<T, E> {
    read(text).or_else(|wrong| match plain::plain(text, form) {
        Some(plain) => read(&plain),
        None => Err(wrong),
    })
}

fn broken(error: &hcl::edit::parser::Error) -> (String, usize) {
    (error.message().replace('\n', "; "), error.location().offset())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(directory: &Path, see: &mut dyn FnMut(&Path, &str)) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, see);
            } else if path
                .extension()
                .is_some_and(|ending| ["tf", "tofu", "tfvars", "hcl"].iter().any(|e| ending == *e))
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                see(&path, &text);
            }
        }
    }

    /// What the parser takes means the same in its plain form.
    #[test]
    fn the_plain_form_of_a_text_means_the_same() {
        let mut compared = 0;
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata"), &mut |path, text| {
            let lower = lower::Lower::new(text);
            let as_is = parse_hcl_body(text).map(|parsed| lower.body(&parsed));
            let Some(plain) = plain::plain(text, plain::Form::Body) else { return };
            let (Ok(as_is), None) = (as_is, lower.misread.get()) else { return };
            let plain = lower::Lower::new(text).body(&parse_hcl_body(&plain).unwrap());
            assert_eq!(format!("{as_is:?}"), format!("{plain:?}"), "{}", path.display());
            compared += 1;
        });
        assert!(compared > 30, "{compared}");
    }
}
