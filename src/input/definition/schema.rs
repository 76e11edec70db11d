//! The JSON Schema of a definition in JSON, made of the words that its reader takes.

use schemars::consts::meta_schemas::DRAFT2020_12;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use super::organization::approvable;
use super::{RESIDENCIES, RESIDENCY_PATTERN};
use crate::facts::{
    CONTROLS, FILE_UPLOADS, HOSTED_TOOLS, INPUTS, MODES, ORGANIZATION_DEFAULT, OUTPUTS, SERVICE_TIERS, TOOLS,
};

/// The JSON Schema (draft 2020-12) of a definition in JSON. It accepts what [`super::read`] accepts, and beyond that only
/// what a schema can't tell: days that the calendar lacks, base URLs without a host or with a key in them, two projects
/// of one name, an organization whose every key is empty.
pub fn schema() -> Schema {
    json_schema!({
        "$schema": DRAFT2020_12,
        "title": "Definition",
        "description": "What a team declares of its organization and its projects: both, a list of projects, or one project. Everything but a project's name and a use's endpoint is optional, and null is absent.",
        "anyOf": [
            { "$ref": "#/$defs/Definition" },
            {
                "type": "array",
                "description": "Projects alone.",
                "items": { "$ref": "#/$defs/Project" },
                "minItems": 1,
            },
            { "$ref": "#/$defs/Project" },
        ],
        "$defs": {
            "Definition": definition(),
            "Organization": organization(),
            "Amendment": amendment(),
            "Project": project(),
            "Use": one_use(),
            "Requirements": requirements(),
        },
    })
}

fn text(description: &str) -> Value {
    json!({ "type": ["string", "null"], "description": description })
}

fn flag(description: &str) -> Value {
    json!({ "type": ["boolean", "null"], "description": description })
}

fn days(description: &str) -> Value {
    json!({ "type": ["integer", "null"], "minimum": 0, "description": description })
}

/// A day of the calendar; that it is one is told by the format alone, which validators may leave out.
fn date(description: &str) -> Value {
    json!({
        "type": ["string", "null"],
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": format!("{description}, YYYY-MM-DD."),
    })
}

fn word(description: &str, words: &[&str]) -> Value {
    let mut known: Vec<Value> = words.iter().map(|word| (*word).into()).collect();
    known.push(Value::Null);
    json!({ "type": ["string", "null"], "enum": known, "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": ["array", "null"], "items": { "type": "string" }, "description": description })
}

fn words(description: &str, words: &[&str]) -> Value {
    json!({ "type": ["array", "null"], "items": { "type": "string", "enum": words }, "description": description })
}

fn map(description: &str, of: &Value) -> Value {
    json!({ "type": ["object", "null"], "additionalProperties": of, "description": description })
}

/// An object with these keys and no others, or null.
fn object<const N: usize>(description: &str, keys: [(&str, Value); N]) -> Value {
    let properties: Map<String, Value> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({
        "type": ["object", "null"],
        "description": description,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The same, with keys that must be there.
fn demanding(required: &[&str], mut object: Value) -> Value {
    object["required"] = json!(required);
    object
}

/// The same without null.
fn not_null(mut object: Value) -> Value {
    object["type"] = json!("object");
    object
}

fn reference_to(name: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}"), "description": description })
}

fn list_of(name: &str, description: &str) -> Value {
    json!({
        "type": ["array", "null"],
        "items": { "$ref": format!("#/$defs/{name}") },
        "description": description,
    })
}

/// How a URL of HTTP or WebSocket starts.
const SCHEME: &str = r"^\s*([Hh][Tt][Tt][Pp]|[Ww][Ss])[Ss]?://[^/?#]";

const REFERENCE: &str = "Where the paper is: a text for people.";

fn definition() -> Value {
    let keys = [
        ("organization", reference_to("Organization", "What OpenAI approved and what was signed.")),
        ("projects", list_of("Project", "The projects. Two of one name need an `id` or an `address` each.")),
    ];
    let mut definition = not_null(object("An organization, its projects, or both.", keys));
    definition["anyOf"] = json!([
        {
            "description": "An organization that says something.",
            "properties": { "organization": { "type": "object", "minProperties": 1 } },
            "required": ["organization"],
        },
        {
            "description": "At least one project.",
            "properties": { "projects": { "type": "array", "minItems": 1 } },
            "required": ["projects"],
        },
    ]);
    definition
}

fn organization() -> Value {
    let approval = object(
        "OpenAI's approval of controls that keep customer content out of abuse monitoring logs.",
        [
            ("controls", words("The controls that were approved.", &approvable())),
            ("approved_on", date("Day of the approval")),
            ("requirements_accepted", flag("Whether the additional requirements were accepted.")),
            ("reference", text(REFERENCE)),
        ],
    );
    let region_approval =
        object("An approval.", [("approved_on", date("Day of the approval")), ("reference", text(REFERENCE))]);
    object(
        "The organization. One for all inputs of a run: inputs may say different keys, and not one key differently.",
        [
            ("id", text("Its id, `org-…`.")),
            (
                "data_retention",
                word("The control selected for the organization; `none`: no control is in effect.", &CONTROLS),
            ),
            ("residency_approved", flag("Whether OpenAI granted data residency.")),
            ("data_sharing", flag("Whether the organization opted in to sharing data for training.")),
            ("responsible_contact", text("Who answers for policy compliance, moderation and reporting.")),
            ("abuse_monitoring_approval", approval),
            ("zdr_amendment", reference_to("Amendment", "The Zero Data Retention amendment.")),
            ("modified_retention_amendment", reference_to("Amendment", "The Modified Retention amendment.")),
            (
                "business_associate_agreement",
                object(
                    "The business associate agreement.",
                    [("executed_on", date("Day on which it was executed")), ("reference", text(REFERENCE))],
                ),
            ),
            ("region_approvals", map("Region code: the further approval that the region needs.", &region_approval)),
            ("requirements", reference_to("Requirements", "What the organization demands of every project.")),
        ],
    )
}

fn amendment() -> Value {
    object(
        "An amendment to the services agreement.",
        [
            ("executed_on", date("Day on which it was executed")),
            ("expires_on", date("Last day on which it holds; null where it does not end")),
            ("reference", text(REFERENCE)),
        ],
    )
}

fn requirements() -> Value {
    object(
        "What the user's own organization demands. Where organization and project both say something, the stricter holds.",
        [
            ("allowed_regions", texts("Regions that a project may be in: their codes, and `GLOBAL` for none.")),
            ("region_required", flag("Whether a project must have a region.")),
            ("regional_processing", flag("Whether inference must run in the region.")),
            ("training_forbidden", flag("Whether the organization must not share data for training.")),
            ("max_abuse_log_days", days("The most days that abuse monitoring logs may keep content.")),
            ("max_application_state_days", days("The most days that content may be kept as application state.")),
        ],
    )
}

fn project() -> Value {
    let models = object(
        "Which models may be called.",
        [
            ("mode", json!({ "type": "string", "enum": MODES, "description": "Whether `ids` are allowed or denied." })),
            ("ids", json!({ "type": "array", "items": { "type": "string" }, "description": "Names of models." })),
        ],
    );
    let tools = HOSTED_TOOLS.map(|tool| (tool, flag("Whether the tool may be used.")));
    let controls = [CONTROLS.as_slice(), &[ORGANIZATION_DEFAULT]].concat();
    let keys = [
        (
            "name",
            json!({ "type": "string", "pattern": "\\S", "description": "Its name. Beside `address` it is for messages only." }),
        ),
        ("id", text("Its id, `proj_…`. Where another input has that project, this adds to it. Not beside `address`.")),
        (
            "address",
            text(
                "Terraform address of the project that this adds to, such as `module.ai.openai_project.p[\"eu\"]`; `*` stands for anything within a part. Not beside `id`.",
            ),
        ),
        (
            "region",
            text(
                "Its region: a code such as `EU`, or the page's name of it, such as `Japan`. One that the edition does not list is a finding.",
            ),
        ),
        (
            "residency",
            json!({
                "type": ["string", "null"],
                "pattern": RESIDENCY_PATTERN,
                "description": "Region and processing in the Administration API's word. Not beside a `region` that is another.",
                "examples": RESIDENCIES,
            }),
        ),
        (
            "data_retention",
            word(
                "Its control; `organization_default`: that of the organization; `none`: no control is in effect.",
                &controls,
            ),
        ),
        (
            "base_url",
            json!({
                "type": ["string", "null"],
                "pattern": SCHEME,
                "description": "The base URL that it calls, with its scheme and without a key: `https://eu.api.openai.com/v1`. Becomes a client of the project.",
            }),
        ),
        ("handles_phi", flag("Whether protected health information is handled.")),
        ("models", demanding(&["mode", "ids"], models)),
        ("tools", object("Hosted tools: whether each may be used.", tools)),
        ("requirements", reference_to("Requirements", "What is demanded of this project.")),
        ("uses", list_of("Use", "The ways in which it calls the API.")),
    ];
    let mut project = demanding(&["name"], not_null(object("A project.", keys)));
    project["not"] = json!({
        "description": "`id` and `address` both say which project this adds to.",
        "properties": { "id": { "type": "string" }, "address": { "type": "string" } },
        "required": ["id", "address"],
    });
    project
}

fn one_use() -> Value {
    let keys = [
        (
            "endpoint",
            json!({
                "type": "string",
                "pattern": "^/",
                "minLength": 2,
                "description": "Path of the endpoint, such as `/v1/responses`.",
            }),
        ),
        ("model", text("Name of the model.")),
        ("store", flag("The request's `store`.")),
        ("inputs", words("What is sent.", &INPUTS)),
        ("outputs", words("What is answered.", &OUTPUTS)),
        ("file_upload", word("How files are sent: in the request, by their id, or by a URL.", &FILE_UPLOADS)),
        ("tools", words("The tools of the request.", &TOOLS)),
        ("structured_output", flag("Whether Structured Outputs with a schema are asked for.")),
        ("background", flag("Whether background mode is used.")),
        (
            "service_tier",
            word(
                "How fast it is served: `standard` is the API's default tier, `fast` its priority tier.",
                &SERVICE_TIERS,
            ),
        ),
        ("external_web_access", flag("Web search: whether it reads the live web, as it does where nothing is said.")),
    ];
    demanding(&["endpoint"], not_null(object("One way in which a project calls the API.", keys)))
}
