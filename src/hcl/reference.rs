//! What a single expression refers to, if it is nothing but a reference to one instance.

use hcl::edit::expr::{Expression, TraversalOperator};
use hcl::edit::template::Element;

/// How a reference picks the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Index {
    /// No index: the resource has one instance.
    None,
    /// `[each.key]`
    EachKey,
    /// `[count.index]`
    CountIndex,
    /// `["eu"]`
    Text(String),
    /// `[0]`
    Number(u64),
}

/// `TYPE.NAME[INDEX].ATTRIBUTE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceReference {
    /// Resource type.
    pub kind: String,
    /// Resource name.
    pub name: String,
    /// Which instance.
    pub index: Index,
    /// The attribute that is read.
    pub attribute: String,
}

/// The instance that an expression refers to. `None` for everything that is more than such a reference: a condition, a
/// function, a computed index.
pub fn instance_reference(expression: &Expression) -> Option<InstanceReference> {
    match expression {
        Expression::Parenthesis(inner) => instance_reference(inner.inner()),
        Expression::StringTemplate(template) => {
            let mut elements = template.iter();
            match (elements.next(), elements.next()) {
                (Some(Element::Interpolation(only)), None) => instance_reference(&only.expr),
                _ => None,
            }
        }
        Expression::Traversal(traversal) => {
            let Expression::Variable(kind) = &traversal.expr else {
                return None;
            };
            let mut index = Index::None;
            let mut names = Vec::new();
            for (position, operator) in traversal.operators.iter().enumerate() {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => names.push(name.as_str().to_owned()),
                    TraversalOperator::Index(expression) if position == 1 => index = literal_index(expression)?,
                    TraversalOperator::LegacyIndex(number) if position == 1 => index = Index::Number(*number.value()),
                    TraversalOperator::Index(_)
                    | TraversalOperator::LegacyIndex(_)
                    | TraversalOperator::AttrSplat(_)
                    | TraversalOperator::FullSplat(_) => return None,
                }
            }
            let [name, attribute] = names.try_into().ok()?;
            Some(InstanceReference { kind: kind.as_str().to_owned(), name, index, attribute })
        }
        _ => None,
    }
}

fn literal_index(expression: &Expression) -> Option<Index> {
    match expression {
        Expression::String(text) => Some(Index::Text(text.value().clone())),
        Expression::Number(number) => number.value().as_u64().map(Index::Number),
        Expression::Parenthesis(inner) => literal_index(inner.inner()),
        Expression::Traversal(traversal) => {
            let Expression::Variable(root) = &traversal.expr else {
                return None;
            };
            let [operator] = traversal.operators.as_slice() else {
                return None;
            };
            let TraversalOperator::GetAttr(attribute) = operator.value() else {
                return None;
            };
            match (root.as_str(), attribute.as_str()) {
                ("each", "key") => Some(Index::EachKey),
                ("count", "index") => Some(Index::CountIndex),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let expression = hcl::edit::parser::parse_expr(text).unwrap();
        instance_reference(&expression).map(|r| format!("{}.{}[{:?}].{}", r.kind, r.name, r.index, r.attribute))
    }

    #[test]
    fn only_a_reference_to_one_instance_is_one() {
        assert_eq!(read("a.b.id").as_deref(), Some("a.b[None].id"));
        assert_eq!(read("a.b[each.key].id").as_deref(), Some("a.b[EachKey].id"));
        assert_eq!(read("(a.b[count.index].id)").as_deref(), Some("a.b[CountIndex].id"));
        assert_eq!(read("\"${a.b[\"x\"].id}\"").as_deref(), Some("a.b[Text(\"x\")].id"));
        assert_eq!(read("a.b[0].id").as_deref(), Some("a.b[Number(0)].id"));
        assert_eq!(read("a.b.0.id").as_deref(), Some("a.b[Number(0)].id"));
        for text in [
            "a.b[each.key == \"a\" ? \"b\" : \"a\"].id",
            "a.b[count.index + 1].id",
            "a.b[\"x-${each.key}\"].id",
            "a.b[each.value.key].id",
            "a.b[each.value].id",
            "a.b[*].id",
            "a.b.*.id",
            "try(a.b.id, a.c.id)",
            "true ? a.b.id : a.c.id",
            "\"x-${a.b.id}\"",
            "a.b.id[0]",
            "a.b",
            "module.m.x.id",
            "a[0].b.id",
            "\"a.b.id\"",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
