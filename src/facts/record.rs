//! What a fact is, and how a record of facts becomes JSON: unknown attributes are left out and explained in `unknown`.

/// An attribute of a subject. In Terraform unknown, absent and null are three things; here null is absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Fact<T> {
    /// Known not to be there.
    #[default]
    Absent,
    /// Known.
    Known(T),
    /// Not known, with the reason.
    Unknown(String),
}

impl<T> Fact<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Fact::Known(value) => Some(value),
            Fact::Absent | Fact::Unknown(_) => None,
        }
    }

    /// Why it is unknown, if it is.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Fact::Unknown(reason) => Some(reason),
            Fact::Absent | Fact::Known(_) => None,
        }
    }

    /// Known to be absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Fact::Absent)
    }
}

impl<T> From<Option<T>> for Fact<T> {
    fn from(value: Option<T>) -> Fact<T> {
        value.map_or(Fact::Absent, Fact::Known)
    }
}

/// The lines of a comment as one text.
pub(super) fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Declares a record of facts. `known` fields are always known; `facts` are written as a value, as `null`, or left out
/// with their reason under `unknown`, which also takes the reasons of parts that are not known (`models.ids`). What is
/// `given` by readers and becomes other facts is not written.
macro_rules! record {
    (
        $(#[doc = $record_doc:literal])*
        $name:ident {
            known { $($(#[doc = $known_doc:literal])* $known:ident: $known_type:ty,)* }
            facts { $($(#[doc = $fact_doc:literal])* $fact:ident: $fact_type:ty,)* }
            $(given { $($(#[doc = $given_doc:literal])* $given:ident: $given_type:ty,)* })?
        }
    ) => {
        $(#[doc = $record_doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $($(#[doc = $known_doc])* pub $known: $known_type,)*
            $($(#[doc = $fact_doc])* pub $fact: $crate::facts::Fact<$fact_type>,)*
            $($($(#[doc = $given_doc])* pub $given: $crate::facts::Fact<$given_type>,)*)?
            /// Part of an attribute, such as `models.ids`: why it is not known in full.
            pub unknown_parts: std::collections::BTreeMap<String, String>,
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                let mut unknown: std::collections::BTreeMap<&str, &str> =
                    self.unknown_parts.iter().map(|(part, reason)| (part.as_str(), reason.as_str())).collect();
                $(match &self.$fact {
                    $crate::facts::Fact::Known(value) => map.serialize_entry(stringify!($fact), value)?,
                    $crate::facts::Fact::Absent => map.serialize_entry(stringify!($fact), &())?,
                    $crate::facts::Fact::Unknown(reason) => {
                        unknown.insert(stringify!($fact), reason);
                    }
                })*
                $(map.serialize_entry(stringify!($known), &self.$known)?;)*
                map.serialize_entry("unknown", &unknown)?;
                map.end()
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut properties = serde_json::Map::new();
                let mut describe = |name: &str, schema: schemars::Schema, lines: &[&str]| {
                    let description = $crate::facts::record::sentence(lines);
                    let described = match schema.as_object() {
                        Some(object) if object.contains_key("$ref") => {
                            schemars::json_schema!({ "description": description, "allOf": [schema] })
                        }
                        _ => {
                            let mut schema = schema;
                            schema.insert("description".to_owned(), description.into());
                            schema
                        }
                    };
                    properties.insert(name.to_owned(), described.to_value());
                };
                $(describe(stringify!($known), generator.subschema_for::<$known_type>(), &[$($known_doc),*]);)*
                $(describe(stringify!($fact), generator.subschema_for::<Option<$fact_type>>(), &[$($fact_doc),*]);)*
                describe(
                    "unknown",
                    generator.subschema_for::<std::collections::BTreeMap<String, String>>(),
                    &["Attribute, or part of one: why it is not known. An unknown attribute is absent beside it."],
                );
                let required: Vec<&str> = vec![$(stringify!($known),)* "unknown"];
                let lines: &[&str] = &[$($record_doc),*];
                let description = $crate::facts::record::sentence(lines);
                schemars::json_schema!({
                    "type": "object",
                    "description": description,
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                })
            }
        }
    };
}

pub(crate) use record;
