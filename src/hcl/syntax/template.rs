//! Templates: text with `${…}` and `%{…}`, as Terraform takes them apart.
//!
//! Terraform sees text in pieces: a line of a heredoc is one, and a `$` or `%` that opens nothing is one of its own. A `~`
//! takes white space away from the piece beside it only.

use std::ops::Range;
use std::sync::Arc;

use hcl::edit::Span as _;
use hcl::edit::template::{Directive, Element, Strip, Template};

use super::lower::{Lower, Misread};
use super::{Expression, For, Kind};
use crate::hcl::value::Value;

/// What stands around the text of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Double quotes: backslashes escape.
    Quoted,
    /// `<<END`, or `<<-END` that takes common indentation away.
    Heredoc { flush: bool },
    /// A file, or a string of the JSON form.
    Bare,
}

/// A piece of a template.
enum Piece {
    Text(String, Range<usize>),
    Put(Expression),
    If(Expression, Range<usize>),
    Else,
    EndIf,
    For { key: Option<Arc<str>>, value: Arc<str>, collection: Expression, span: Range<usize> },
    EndFor,
}

/// The text that raw text stands for: with `$${` and `%%{` made short, and in quotes with escapes decoded. `None`: an escape
/// that is not known.
pub(super) fn decode(raw: &str, context: Context) -> Option<String> {
    if !raw.contains(['\\', '$', '%']) {
        return Some(raw.to_owned());
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("$${").or_else(|| rest.strip_prefix("%%{")) {
            text.push(c);
            text.push('{');
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c != '\\' || context != Context::Quoted {
            text.push(c);
            continue;
        }
        let escaped = rest.chars().next()?;
        rest = &rest[escaped.len_utf8()..];
        let mut code = |digits: usize| {
            let hex = rest.get(..digits)?;
            rest = &rest[digits..];
            char::from_u32(u32::from_str_radix(hex, 16).ok()?)
        };
        text.push(match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' => '"',
            '\\' => '\\',
            'u' => code(4)?,
            'U' => code(8)?,
            _ => return None,
        });
    }
    Some(text)
}

/// Cuts raw text into the pieces in which Terraform sees it.
fn cut(raw: &str, context: Context) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let next = match bytes[at] {
            b'\\' if context == Context::Quoted => {
                at += 1 + raw.get(at + 1..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
                continue;
            }
            b'$' | b'%' => {
                if start < at {
                    pieces.push(&raw[start..at]);
                }
                let escape = raw[at..].starts_with("$${") || raw[at..].starts_with("%%{");
                let end = at + if escape { 3 } else { 1 };
                pieces.push(&raw[at..end]);
                start = end;
                at = end;
                continue;
            }
            b'\n' if context != Context::Quoted => at + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        pieces.push(&raw[start..next]);
        start = next;
        at = next;
    }
    if start < raw.len() {
        pieces.push(&raw[start..]);
    }
    pieces
}

/// Pieces in order, with the white space that `~` takes away.
struct Pieces<'l, 't> {
    lower: &'l Lower<'t>,
    context: Context,
    pieces: Vec<Piece>,
    /// The last sequence ended with `~`.
    trim_next: bool,
    /// The last piece is text that a `~` may trim.
    can_trim: bool,
    /// An escape is not known.
    broken: bool,
}

impl Pieces<'_, '_> {
    fn text(&mut self, span: Range<usize>) {
        let raw = self.lower.text.get(span.clone()).unwrap_or_default();
        let mut offset = span.start;
        for piece in cut(raw, self.context) {
            let at = offset..offset + piece.len();
            offset = at.end;
            if self.context == Context::Quoted && piece.contains(['\n', '\r']) {
                self.lower.misread.set(Some((span.start, span.end, Misread::LineBreak)));
            }
            let Some(mut text) = decode(piece, self.context) else {
                self.broken = true;
                return;
            };
            if std::mem::take(&mut self.trim_next) {
                text = text.trim_start().to_owned();
            }
            self.pieces.push(Piece::Text(text, at));
            self.can_trim = true;
        }
    }

    fn sequence(&mut self, strip: Strip, piece: Piece) {
        if strip.strip_start()
            && self.can_trim
            && let Some(Piece::Text(text, _)) = self.pieces.last_mut()
        {
            text.truncate(text.trim_end().len());
        }
        self.can_trim = false;
        self.trim_next = strip.strip_end();
        self.pieces.push(piece);
    }

    fn template(&mut self, template: &Template) {
        for element in template.iter() {
            match element {
                Element::Literal(literal) => self.text(literal.span().unwrap_or_default()),
                Element::Interpolation(put) => {
                    let piece = Piece::Put(self.lower.expression(&put.expr));
                    self.sequence(put.strip, piece);
                }
                Element::Directive(directive) => self.directive(directive),
            }
        }
    }

    fn directive(&mut self, directive: &Directive) {
        let span = directive.span().unwrap_or_default();
        match directive {
            Directive::If(directive) => {
                let condition = self.lower.expression(&directive.if_expr.cond_expr);
                self.sequence(directive.if_expr.strip, Piece::If(condition, span));
                self.template(&directive.if_expr.template);
                if let Some(otherwise) = &directive.else_expr {
                    self.sequence(otherwise.strip, Piece::Else);
                    self.template(&otherwise.template);
                }
                self.sequence(directive.endif_expr.strip, Piece::EndIf);
            }
            Directive::For(directive) => {
                let each = &directive.for_expr;
                let piece = Piece::For {
                    key: each.key_var.as_ref().map(|name| name.as_str().into()),
                    value: each.value_var.as_str().into(),
                    collection: self.lower.expression(&each.collection_expr),
                    span,
                };
                self.sequence(each.strip, piece);
                self.template(&each.template);
                self.sequence(directive.endfor_expr.strip, Piece::EndFor);
            }
        }
    }

    /// Takes the indentation away that all lines have in common.
    fn flush(&mut self) {
        let mut least = usize::MAX;
        let mut starts_line = true;
        let mut indented = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if std::mem::take(&mut starts_line) {
                let spaces = match piece {
                    Piece::Text(text, _) => {
                        let trimmed = text.trim_start();
                        if trimmed.is_empty() && text.ends_with('\n') {
                            usize::MAX
                        } else {
                            indented.push(index);
                            clusters(&text[..text.len() - trimmed.len()])
                        }
                    }
                    _ => 0,
                };
                least = least.min(spaces);
            }
            if let Piece::Text(text, _) = piece {
                starts_line = text.ends_with('\n');
            }
        }
        for index in indented {
            if let Some(Piece::Text(text, _)) = self.pieces.get_mut(index) {
                let mut rest = text.as_str();
                for _ in 0..least {
                    let first = rest.chars().next().map_or(0, char::len_utf8);
                    let first = if rest.starts_with("\r\n") { 2 } else { first };
                    rest = &rest[first..];
                }
                *text = rest.to_owned();
            }
        }
    }
}

/// How many characters white space has; `\r\n` is one.
fn clusters(space: &str) -> usize {
    space.chars().count() - space.matches("\r\n").count()
}

impl Lower<'_> {
    /// A template as an expression.
    pub(super) fn template(&self, template: &Template, context: Context, span: Range<usize>) -> Expression {
        let mut pieces =
            Pieces { lower: self, context, pieces: Vec::new(), trim_next: false, can_trim: false, broken: false };
        pieces.template(template);
        if pieces.broken {
            return Expression::new(Kind::NotFollowed("a string with an escape that is not known"), span);
        }
        if context == (Context::Heredoc { flush: true }) {
            pieces.flush();
        }
        if let [Piece::Put(only)] = pieces.pieces.as_slice() {
            return Expression::new(Kind::Group(Box::new(only.clone())), span);
        }
        let parts = assemble(&mut pieces.pieces.into_iter().peekable());
        if let [one @ Expression { kind: Kind::Literal(_), .. }] = parts.as_slice() {
            return Expression::new(one.kind.clone(), span);
        }
        if parts.is_empty() {
            return Expression::new(Kind::Literal(Value::string("")), span);
        }
        Expression::new(Kind::Template(parts), span)
    }
}

/// Parts up to the end, an `else`, or the end of a directive.
fn assemble(pieces: &mut std::iter::Peekable<std::vec::IntoIter<Piece>>) -> Vec<Expression> {
    let mut parts: Vec<Expression> = Vec::new();
    let text = |parts: Vec<Expression>, span: &Range<usize>| {
        let parts = match parts.is_empty() {
            true => vec![Expression::new(Kind::Literal(Value::string("")), span.clone())],
            false => parts,
        };
        Expression::new(Kind::Template(parts), span.clone())
    };
    // Text beside text is one.
    let mut pending: Option<(String, Range<usize>)> = None;
    let settle = |pending: &mut Option<(String, Range<usize>)>, parts: &mut Vec<Expression>| {
        if let Some((text, span)) = pending.take() {
            parts.push(Expression::new(Kind::Literal(Value::string(text)), span));
        }
    };
    loop {
        match pieces.peek() {
            None | Some(Piece::Else | Piece::EndIf | Piece::EndFor) => break,
            Some(Piece::Text(..) | Piece::Put(_) | Piece::If(..) | Piece::For { .. }) => {}
        }
        let Some(piece) = pieces.next() else { break };
        match piece {
            Piece::Text(more, span) => match &mut pending {
                Some((text, held)) => {
                    text.push_str(&more);
                    held.end = span.end;
                }
                None => pending = Some((more, span)),
            },
            Piece::Put(expression) => {
                settle(&mut pending, &mut parts);
                parts.push(expression);
            }
            Piece::If(condition, span) => {
                settle(&mut pending, &mut parts);
                let yes = text(assemble(pieces), &span);
                let mut no = Vec::new();
                if matches!(pieces.peek(), Some(Piece::Else)) {
                    pieces.next();
                    no = assemble(pieces);
                }
                pieces.next();
                let no = text(no, &span);
                parts.push(Expression::new(Kind::Conditional(Box::new([condition, yes, no])), span));
            }
            Piece::For { key, value, collection, span } => {
                settle(&mut pending, &mut parts);
                let content = text(assemble(pieces), &span);
                pieces.next();
                let each = For {
                    key_variable: key,
                    value_variable: value,
                    collection,
                    key: None,
                    value: content,
                    condition: None,
                    group: false,
                };
                let each = Expression::new(Kind::For(Box::new(each)), span.clone());
                parts.push(Expression::new(Kind::Join(Box::new(each)), span));
            }
            Piece::Else | Piece::EndIf | Piece::EndFor => break,
        }
    }
    settle(&mut pending, &mut parts);
    parts
}
