//! The published JSON Schemas, held by a validator that is not ours to what is read and written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::support::{self, options, root, testdata};
use boon::{Compiler, SchemaIndex, Schemas};
use openai_data_controls::document::{Node, Value as Written, parse_hcl, parse_json};
use openai_data_controls::error::Error;
use openai_data_controls::input::definition;
use openai_data_controls::location::SourceMap;
use openai_data_controls::report::{Format, Style};
use openai_data_controls::{Options, check, edition, facts, retention, verify};
use serde_json::{Value, json};

/// A schema of `docs/schemas`.
struct Published {
    name: &'static str,
    schemas: Schemas,
    at: SchemaIndex,
}

impl Published {
    fn new(name: &'static str) -> Published {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", published(name)).unwrap();
        let at = compiler.compile("schema.json", &mut schemas).unwrap_or_else(|e| panic!("{name}: {e:#}"));
        Published { name, schemas, at }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.at).is_ok()
    }

    #[track_caller]
    fn holds(&self, value: &Value, what: &dyn std::fmt::Display) {
        if let Err(e) = self.schemas.validate(value, self.at) {
            panic!("{what} is not as docs/schemas/{}.json says:\n{e:#}", self.name);
        }
    }
}

fn published(name: &str) -> Value {
    let path = root().join(format!("docs/schemas/{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Every file below a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A document without its places.
fn plain(node: &Node) -> Value {
    match &node.value {
        Written::Null => Value::Null,
        Written::Bool(truth) => (*truth).into(),
        Written::Number(number) => Value::Number(number.clone()),
        Written::String(text) => text.as_str().into(),
        Written::Array(items) => items.iter().map(plain).collect(),
        Written::Object(entries) => entries.iter().map(|e| (e.key.clone(), plain(&e.node))).collect(),
    }
}

/// What the reader of definitions has against a document.
fn problems(node: &Node, text: &str) -> Vec<Error> {
    let mut map = SourceMap::default();
    let file = map.add_file("openai.json", Arc::new(text.to_owned()));
    definition::read(node, file, "openai.json", &map).problems
}

fn problems_of(value: &Value) -> Vec<Error> {
    let text = value.to_string();
    problems(&parse_json(&text).unwrap(), &text)
}

/// What the reader refuses and the schema can't: why, how its message says it, and what the document is like.
type Beyond = (&'static str, &'static str, fn(&Value) -> bool);
const BEYOND: [Beyond; 6] = [
    ("a day that the calendar lacks", "must be a day of the calendar as YYYY-MM-DD, but is \"2026-02-30\"", |_| true),
    ("a base URL without a host", "is no base URL: empty host", |_| true),
    ("a key in a base URL", "holds what looks like a key", |_| true),
    ("two projects of one name", "two projects are named", |_| true),
    ("an organization of keys without values", "declares nothing", |it| {
        it["organization"].as_object().is_some_and(|organization| !organization.is_empty())
    }),
    (
        "a whole number written as a fraction: the same in JSON Schema",
        "must be a whole number from 0, but is 7.0",
        |_| true,
    ),
];

/// Holds the reader's word on a document to the schema's. Which of [`BEYOND`] it was, where only the reader refuses.
#[track_caller]
fn agree(schema: &Published, value: &Value, problems: &[Error], what: &str) -> Option<&'static str> {
    if schema.accepts(value) == problems.is_empty() {
        return None;
    }
    assert!(!problems.is_empty(), "{what}: the reader accepts what the schema refuses: {value}");
    let mut why = None;
    for problem in problems {
        let known = BEYOND.iter().find(|(_, says, is_so)| problem.message.contains(says) && is_so(value));
        let known = known.unwrap_or_else(|| panic!("{what}: the schema accepts {value}, the reader says: {problem}"));
        why = Some(known.0);
    }
    why
}

#[test]
fn every_schema_is_of_the_draft_and_has_a_title() {
    let mut names = BTreeSet::new();
    for path in files(&root().join("docs/schemas")) {
        let name: &'static str = path.file_stem().unwrap().to_string_lossy().into_owned().leak();
        names.insert(name);
        let schema = published(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["title"].as_str().map(str::to_lowercase).as_deref(), Some(name));
        // Compiling it checks it against the schema of schemas.
        Published::new(name);
        // Whatever has a name has a meaning, too.
        undescribed(name, &schema);
    }
    let help = support::binary().args(["schema", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    for name in names {
        assert!(help.contains(&format!("- {name}:")), "{name} is not in:\n{help}");
    }
}

fn undescribed(at: &str, schema: &Value) {
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        assert!(inner["description"].is_string(), "{at}.{key} has no description");
        undescribed(&format!("{at}.{key}"), inner);
    }
    for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
        undescribed(&format!("{at}.{name}"), inner);
    }
}

#[test]
fn definitions_that_are_read_are_as_their_schema_says() {
    let schema = Published::new("definition");
    let (mut json, mut hcl, mut refused) = (0, 0, 0);
    for path in files(&root().join("testdata")).into_iter().chain(files(&root().join("docs"))) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_json = name == "openai.json" || name.ends_with(".openai.json");
        if !is_json && name != "openai.hcl" && !name.ends_with(".openai.hcl") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let parsed = if is_json { parse_json(&text) } else { parse_hcl(&text, definition::LABELLED) };
        let node = parsed.unwrap_or_else(|e| panic!("{}: {e:?}", path.display()));
        let problems = problems(&node, &text);
        agree(&schema, &plain(&node), &problems, &path.display().to_string());
        match (is_json, problems.is_empty()) {
            (_, false) => refused += 1,
            (true, true) => json += 1,
            (false, true) => hcl += 1,
        }
    }
    assert!(json > 80 && hcl > 180 && refused < json, "{json} of JSON, {hcl} of HCL, {refused} refused");
}

/// The inputs whose outputs are held to their schemas: the fixtures, and what lies among `inputs` and `source`.
fn all_inputs() -> Vec<Vec<PathBuf>> {
    let mut all = support::fixtures();
    all.extend(files(&testdata("inputs")).into_iter().map(|path| vec![path]));
    all.extend(files(&testdata("plans")).into_iter().filter(|p| p.ends_with("state.json")).map(|path| vec![path]));
    all.extend(support::directories(&testdata("source")).into_iter().map(|path| vec![path]));
    all
}

fn shown(paths: &[PathBuf]) -> String {
    format!("the output for {}", paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" "))
}

#[test]
fn facts_and_tables_are_as_their_schemas_say() {
    let (schema, table_schema) = (Published::new("facts"), Published::new("table"));
    let (mut held, mut tables) = (0, 0);
    for (number, paths) in all_inputs().into_iter().enumerate() {
        let options = Options { recursive: true, ..options(paths.clone()) };
        if let (Some(inputs), _) = facts(&options, &mut std::io::empty()) {
            schema.holds(&serde_json::to_value(&inputs.facts).unwrap(), &shown(&paths));
            held += 1;
        }
        // A table takes longer, and its shape depends on little.
        if number % 2 == 0
            && let (Some(table), _) = retention(&options, &mut std::io::empty())
        {
            table_schema.holds(&serde_json::to_value(&table).unwrap(), &shown(&paths));
            tables += usize::from(!table.projects.is_empty());
        }
    }
    assert!(held > 300 && tables > 100, "{held} facts, {tables} tables");
}

#[test]
fn reports_are_as_their_schema_says() {
    let schema = Published::new("report");
    let mut compared = 0;
    for (number, paths) in all_inputs().into_iter().enumerate() {
        let few = Options { recursive: true, ..options(paths.clone()) };
        let all = Options { verdicts: true, compare_edition: Some("2025-06".to_owned()), ..few.clone() };
        // What the short report has is in the long one, too: fewer of it will do.
        let short = (number % 5 == 0).then_some(few);
        for options in short.into_iter().chain([all]) {
            let (report, map) = check(&options, &mut std::io::empty());
            let mut written = Vec::new();
            report.write(Format::Json, Style::default(), &map, &mut written).unwrap();
            let value: Value = serde_json::from_slice(&written).unwrap();
            schema.holds(&value, &shown(&paths));
            compared += usize::from(value["compared_edition"].is_object());
        }
    }
    assert!(compared > 300, "{compared} compared");
}

#[test]
fn editions_and_what_changed_between_them_are_as_their_schemas_say() {
    let (schema, comparison) = (Published::new("edition"), Published::new("comparison"));
    for path in files(&root().join("policies/editions")) {
        let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        schema.holds(&value, &path.display());
    }
    let all = edition::all().unwrap();
    for from in &all {
        schema.holds(&serde_json::to_value(from).unwrap(), &from.edition);
        for to in &all {
            let changes = serde_json::to_value(edition::compare(from, to)).unwrap();
            comparison.holds(&changes, &format!("{} to {}", from.edition, to.edition));
        }
    }
    assert!(all.len() > 5);
}

#[test]
fn a_verification_is_as_its_schema_says() {
    let verification = verify(&[testdata("own-rules")]);
    assert!(verification.summary.tests > 0);
    Published::new("verification").holds(&serde_json::to_value(&verification).unwrap(), &"a verification");
}

/// A document around what stands at a place.
type Around = Rc<dyn Fn(Value) -> Value>;

/// What a key holds around an object: nothing, a list, a map.
type Within = fn(Value) -> Value;

/// An object of a definition: where it is, its schema, and a document around it.
struct Place {
    at: String,
    schema: Value,
    around: Around,
}

/// What a schema refers to, else itself.
fn resolved<'s>(whole: &'s Value, schema: &'s Value) -> &'s Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    name.map_or(schema, |pointer| whole.pointer(pointer).unwrap())
}

/// A value that a schema accepts, as small as it may be.
fn smallest(whole: &Value, schema: &Value) -> Value {
    let schema = resolved(whole, schema);
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind.unwrap() {
        "object" => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|key| (key.to_owned(), smallest(whole, &schema["properties"][key]))).collect()
        }
        "array" => json!([]),
        "integer" => json!(7),
        "boolean" => json!(true),
        "string" if schema["format"] == "date" => json!("2026-02-28"),
        "string" if schema["pattern"].as_str().is_some_and(|pattern| pattern.ends_with(':')) => {
            json!("https://eu.api.openai.com/v1")
        }
        "string" => json!("/v1/responses"),
        kind => panic!("no value for {kind}"),
    }
}

/// The object `place`, smallest, with one more key in it, and what is around.
fn with(whole: &Value, place: &Place, further: &[(&str, Value)]) -> Value {
    let mut object = smallest(whole, &place.schema);
    for (key, value) in further {
        object[*key] = value.clone();
    }
    (place.around)(object)
}

/// An object, and a key that it lacks.
fn beside(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(keys) = object.as_object_mut() {
        keys.entry(key).or_insert(value);
    }
    object
}

/// Every object of a definition, found by the schema.
fn places(whole: &Value) -> Vec<Place> {
    let start = |at: &str, name: &str, around: fn(Value) -> Value| Place {
        at: at.to_owned(),
        schema: whole["$defs"][name].clone(),
        around: Rc::new(around),
    };
    let mut waiting = vec![
        start("organization", "Organization", |it| json!({ "organization": it, "projects": [{ "name": "beside" }] })),
        start("project", "Project", |it| json!({ "projects": [it] })),
    ];
    let mut found = vec![
        start("definition", "Definition", |it| it),
        start("definition with projects", "Definition", |it| beside(it, "projects", json!([{ "name": "beside" }]))),
        start("definition with organization", "Definition", |it| beside(it, "organization", json!({ "id": "org-1" }))),
        start("organization alone", "Organization", |it| json!({ "organization": it })),
        start("bare project", "Project", |it| it),
        start("list of projects", "Project", |it| json!([it])),
    ];
    while let Some(place) = waiting.pop() {
        for (key, inner) in place.schema["properties"].as_object().unwrap() {
            let inner = resolved(whole, inner);
            let part = |keyword: &str| resolved(whole, &inner[keyword]).clone();
            let parts: [(Value, Within); 3] = [
                (inner.clone(), |it| it),
                (part("items"), |it| json!([it])),
                (part("additionalProperties"), |it| json!({ "AE": it })),
            ];
            for (schema, within) in parts.into_iter().filter(|(schema, _)| schema["properties"].is_object()) {
                let (outer, key, around) = (smallest(whole, &place.schema), key.clone(), place.around.clone());
                let at = format!("{}.{key}", place.at);
                let around = move |it: Value| {
                    let mut object = outer.clone();
                    object[&key] = within(it);
                    around(object)
                };
                waiting.push(Place { at, schema, around: Rc::new(around) });
            }
        }
        found.push(place);
    }
    found
}

/// Values of every type, some of them as one key or another wants them.
fn values() -> Vec<Value> {
    let long = "9".repeat(18);
    let texts = [
        "",
        " ",
        "\u{a0}",
        "x",
        "/",
        "//",
        "/v1/responses",
        "none",
        "NONE",
        "true",
        "7",
        "EU",
        "organization_default",
        "2026-02-28",
        "2026-02-30",
        "2026-2-3",
        "02026-02-28",
        "2026-02-28T00:00:00Z",
        "2026-02-28\n",
        "٢٠٢٦-٠٢-٢٨",
        "https://eu.api.openai.com/v1",
        "eu.api.openai.com/v1",
        "localhost:8080",
        "https://",
        "https://:80",
        "ftp://eu.api.openai.com",
        "mailto:x",
        " HTTPS:api.openai.com",
        "https://sk-abcdefgh12345@eu.api.openai.com",
    ];
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(7.0),
        json!(long.parse::<u64>().unwrap()),
        json!([]),
        json!([null]),
        json!([7]),
        json!([[]]),
        json!([{}]),
        json!(["x"]),
        json!(["x", null]),
        json!(["text"]),
        json!(["text", "text"]),
        json!(["zero_data_retention"]),
        json!(["none"]),
        json!(["function"]),
        json!({}),
        json!({ "": null }),
        json!({ "AE": null }),
        json!({ "AE": {} }),
        json!({ "AE": 7 }),
        json!({ "AE": { "approved_on": null, "reference": "x" } }),
    ];
    texts.into_iter().map(Value::from).chain(others).collect()
}

/// The objects of a definition, by the documents that they were put into.
const PLACES: [&str; 18] = [
    "bare project",
    "definition",
    "definition with organization",
    "definition with projects",
    "list of projects",
    "organization",
    "organization alone",
    "organization.abuse_monitoring_approval",
    "organization.business_associate_agreement",
    "organization.modified_retention_amendment",
    "organization.region_approvals",
    "organization.requirements",
    "organization.zdr_amendment",
    "project",
    "project.models",
    "project.requirements",
    "project.tools",
    "project.uses",
];

/// The reader's word and the schema's on definitions with one key, or two, of any value: what one refuses the other does.
#[test]
fn the_reader_of_definitions_and_their_schema_agree() {
    let (schema, whole) = (Published::new("definition"), published("definition"));
    let mut compared = 0;
    let mut beyond: BTreeMap<&str, usize> = BTreeMap::new();
    let mut compare = |value: Value, what: &str| {
        compared += 1;
        if let Some(why) = agree(&schema, &value, &problems_of(&value), what) {
            *beyond.entry(why).or_default() += 1;
        }
    };
    for value in values() {
        compare(value.clone(), "the whole");
        compare(json!({ "projects": value }), "projects");
        compare(json!([{ "name": "x" }, value]), "the second project");
    }
    let places = places(&whole);
    for place in &places {
        let keys = place.schema["properties"].as_object().unwrap();
        compare(with(&whole, place, &[]), &place.at);
        for value in values() {
            compare((place.around)(value), &place.at);
        }
        for required in place.schema["required"].as_array().into_iter().flatten() {
            let mut object = smallest(&whole, &place.schema);
            object.as_object_mut().unwrap().remove(required.as_str().unwrap());
            compare((place.around)(object), &format!("{} without {required}", place.at));
        }
        for (key, inner) in keys {
            let what = format!("{}.{key}", place.at);
            for value in values() {
                compare(with(&whole, place, &[(key, value)]), &what);
            }
            // Misspelt.
            let wrong =
                [&key[..key.len() - 1], &format!("{key}_"), &key.to_uppercase(), &format!(" {key}")].map(str::to_owned);
            for wrong in wrong {
                compare(with(&whole, place, &[(&wrong, smallest(&whole, inner))]), &what);
                compare(with(&whole, place, &[(&wrong, Value::Null)]), &what);
            }
            // Every word, and words that are none.
            let resolved = resolved(&whole, inner);
            for (list, words) in [(false, &resolved["enum"]), (true, &resolved["items"]["enum"])] {
                for word in words.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    for word in [word, &word.to_uppercase(), &word.to_lowercase(), &word[1..], &format!("{word} ")] {
                        let value = if list { json!([word]) } else { json!(word) };
                        compare(with(&whole, place, &[(key, value)]), &what);
                    }
                }
            }
            // Beside each other key: what both refuse together.
            for (other, beside) in keys {
                let value = smallest(&whole, inner);
                compare(with(&whole, place, &[(key, value.clone()), (other, smallest(&whole, beside))]), &what);
                compare(with(&whole, place, &[(key, value), (other, Value::Null)]), &what);
            }
        }
    }
    let twice = json!([{ "name": "x" }, { "name": "x" }]);
    compare(twice, "two projects of one name");
    compare(json!([{ "name": "x", "id": "proj_1" }, { "name": "x", "id": "proj_2" }]), "two of one name with ids");
    let known: BTreeSet<&str> = BEYOND.iter().map(|(why, ..)| *why).collect();
    assert_eq!(beyond.keys().copied().collect::<BTreeSet<_>>(), known, "reviewed, and no more: {beyond:?}");
    assert!(compared > 9_000, "{compared} definitions");
    let mut found: Vec<&str> = places.iter().map(|place| place.at.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, PLACES);
}

/// The reader tells the keys that it knows where it is given one that is like none of them: they are those of the schema.
#[test]
fn the_reader_of_definitions_knows_the_keys_and_words_of_their_schema() {
    const NEVER: &str = "0123456789";
    let whole = published("definition");
    let known = |problems: &[Error]| -> Vec<String> {
        let help = problems.iter().find(|p| p.message.contains(NEVER)).and_then(|p| p.help.clone()).unwrap();
        let mut known: Vec<String> = help.strip_prefix("known are ").unwrap().split(", ").map(str::to_owned).collect();
        known.sort();
        known
    };
    let mut closed = 0;
    for place in places(&whole) {
        let keys = place.schema["properties"].as_object().unwrap();
        let told = known(&problems_of(&with(&whole, &place, &[(NEVER, Value::Null)])));
        assert_eq!(told, keys.keys().cloned().collect::<Vec<_>>(), "keys of {}", place.at);
        for (key, inner) in keys {
            let inner = resolved(&whole, inner);
            for (words, wrong) in [(&inner["enum"], json!(NEVER)), (&inner["items"]["enum"], json!([NEVER]))] {
                let Some(words) = words.as_array() else { continue };
                let mut words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                words.sort_unstable();
                let told = known(&problems_of(&with(&whole, &place, &[(key, wrong)])));
                assert_eq!(told, words, "words of {}.{key}", place.at);
                closed += 1;
            }
        }
    }
    assert!(closed > 10, "{closed} closed sets");
}

/// What is refused once the edition is known, or another input: beyond the schema and the reader alike.
#[test]
fn a_region_beside_another_residency_is_beyond_the_schema() {
    let value = json!([{ "name": "x", "region": "EU", "residency": "JP_STORAGE" }]);
    assert!(Published::new("definition").accepts(&value));
    assert!(problems_of(&value).is_empty());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, value.to_string()).unwrap();
    let (inputs, _) = facts(&options(vec![path]), &mut std::io::empty());
    assert!(inputs.unwrap().problems.iter().any(|p| p.message.contains("stands beside the residency")));
}
