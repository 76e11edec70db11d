//! JSON Schemas of what is written and read. Those that are published in `docs/schemas` are embedded, so that the program need
//! not make them; a test holds them to what the types say.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::edition::{Comparison, Edition, embedded_schema};
use crate::facts::Facts;
use crate::input::definition;
use crate::report::Report;
use crate::retention::Table;
use crate::verify::Verification;

/// Whose schemas there are.
pub const NAMES: [&str; 7] = ["facts", "definition", "report", "edition", "table", "comparison", "verification"];

/// The text of a schema as it is published; `None` for a name that is none of [`NAMES`].
pub fn published(name: &str) -> Option<&'static str> {
    embedded_schema(name)
}

/// A schema, made of the types; `None` for a name that is none of [`NAMES`].
pub fn made(name: &str) -> Option<Schema> {
    Some(match name {
        "facts" => of_output::<Facts>(),
        "definition" => definition::schema(),
        "report" => of_output::<Report>(),
        // An edition's file is read.
        "edition" => schemars::schema_for!(Edition),
        "table" => of_output::<Table>(),
        "comparison" => of_output::<Comparison>(),
        "verification" => of_output::<Verification>(),
        _ => return None,
    })
}

/// The schema of what is written, which a type may do otherwise than it is read.
fn of_output<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
