//! Comma-separated values.

use std::sync::Arc;

use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::functions::{MAX_ITEMS, text_of};
use crate::hcl::types::Type;
use crate::hcl::value::{Entries, Value};

/// Lines of fields, the first of them with names: a list of objects.
pub(super) fn decode(arguments: &[Value]) -> Evaluated {
    let mut records = Records { rest: text_of(arguments, 0), fields: 0 };
    let Some(names) = records.next_record()? else { return Failure::err("the line with the names is missing") };
    let names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
    let element = Type::object(names.iter().map(|name| (name.clone(), Type::String)));
    let Type::Object(object) = &element else { return Failure::err("no names") };
    if object.attributes.len() != names.len() {
        return Failure::err("two columns have the same name");
    }
    let mut rows = Vec::new();
    while let Some(fields) = records.next_record()? {
        if fields.len() != names.len() {
            return Failure::err("a line has another number of fields than the first");
        }
        if records.fields > MAX_ITEMS {
            return Ok(Value::unknown(Type::list(element), "larger than is followed").not_null());
        }
        let row: Entries = names.iter().cloned().zip(fields.into_iter().map(Value::string)).collect();
        rows.push(Value::object(row));
    }
    Ok(Value::list(element, rows))
}

struct Records<'a> {
    rest: &'a str,
    /// How many fields were read.
    fields: usize,
}

impl<'a> Records<'a> {
    /// The next line without its end, and whether it had one.
    fn next_line(&mut self) -> Option<(&'a str, bool)> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, ended) = match self.rest.split_once('\n') {
            Some((line, rest)) => {
                self.rest = rest;
                (line, true)
            }
            None => (std::mem::take(&mut self.rest), false),
        };
        Some((line.strip_suffix('\r').unwrap_or(line), ended))
    }

    /// The fields of the next line that is not empty; a field in quotes may go on in the next lines.
    fn next_record(&mut self) -> Result<Option<Vec<String>>, Box<Failure>> {
        let (mut line, mut ended) = loop {
            match self.next_line() {
                None => return Ok(None),
                Some(("", _)) => {}
                Some(line) => break line,
            }
        };
        let mut fields = Vec::new();
        loop {
            self.fields += 1;
            let Some(quoted) = line.strip_prefix('"') else {
                let (field, rest) = line.split_once(',').map_or((line, None), |(field, rest)| (field, Some(rest)));
                if field.contains('"') {
                    return Failure::err("a quote stands in a field that does not begin with one");
                }
                fields.push(field.to_owned());
                match rest {
                    Some(rest) => line = rest,
                    None => return Ok(Some(fields)),
                }
                continue;
            };
            let mut field = String::new();
            line = quoted;
            loop {
                let Some((part, rest)) = line.split_once('"') else {
                    field.push_str(line);
                    if ended {
                        field.push('\n');
                    }
                    let Some(next) = self.next_line() else {
                        return Failure::err("a field in quotes does not end");
                    };
                    (line, ended) = next;
                    continue;
                };
                field.push_str(part);
                if let Some(rest) = rest.strip_prefix('"') {
                    field.push('"');
                    line = rest;
                    continue;
                }
                fields.push(std::mem::take(&mut field));
                match rest.strip_prefix(',') {
                    Some(rest) => line = rest,
                    None if rest.is_empty() => return Ok(Some(fields)),
                    None => return Failure::err("text follows the quote at the end of a field"),
                }
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::hcl::functions::encoding::shown_of;

    #[test]
    fn records() {
        // As `terraform console` prints them.
        let cases = [
            ("a,b\n1,2\n3,\"x\"\"y\nz\"\n", r#"[{"a":"1","b":"2"},{"a":"3","b":"x\"y\nz"}]"#),
            ("a,b\r\n\"1\r\n\",2\r\n", r#"[{"a":"1\n","b":"2"}]"#),
            ("a,b", "[]"),
            ("", "ERR"),
            ("\n\n", "ERR"),
            ("a,a\n1,2", "ERR"),
            ("a,b\n1", "ERR"),
            ("a\n\n\r\nx\r\n", r#"[{"a":"x"}]"#),
            ("a\nx\"y", "ERR"),
            ("a\n\"x", "ERR"),
            ("a\n\"x\"y", "ERR"),
            ("a,\n1,2", r#"[{"":"2","a":"1"}]"#),
        ];
        for (text, expected) in cases {
            assert_eq!(shown_of("csvdecode", &[text]), expected, "{text:?}");
        }
        let large = format!("a,b\n{}", "1,2\n".repeat(200_000));
        assert_eq!(shown_of("csvdecode", &[&large]), "unknown");
    }
}
