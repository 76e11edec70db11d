//! The closed sets: attributes that have one of a few words as their value.

/// The controls that keep customer content out of abuse monitoring logs, and `none`: what an organization can declare.
pub const CONTROLS: [&str; 8] = [
    "zero_data_retention",
    "modified_abuse_monitoring",
    "enhanced_zero_data_retention",
    "enhanced_modified_abuse_monitoring",
    "zdr_with_private_safety_processing",
    "private_retention_with_private_safety_processing",
    "safety_retention",
    "none",
];

/// The tools that a use can have.
pub const TOOLS: [&str; 10] = [
    "web_search",
    "web_search_preview",
    "file_search",
    "code_interpreter",
    "image_generation",
    "mcp",
    "computer_use",
    "hosted_shell",
    "skills",
    "function",
];

/// How fast a request is served, in the words of a definition.
pub const SERVICE_TIERS: [&str; 7] = ["standard", "flex", "batch", "fast", "ultrafast", "scale", "auto"];

/// The control of a project that has none of its own.
pub const ORGANIZATION_DEFAULT: &str = "organization_default";

/// The tools that a project can allow or forbid.
pub const HOSTED_TOOLS: [&str; 5] = ["web_search", "file_search", "image_generation", "mcp", "code_interpreter"];

/// What a list of models says.
pub const MODES: [&str; 2] = ["allow_list", "deny_list"];

/// Input modalities of a use.
pub const INPUTS: [&str; 4] = ["text", "image", "file", "audio"];

/// Output modalities of a use.
pub const OUTPUTS: [&str; 3] = ["text", "image", "audio"];

/// How files come to a use.
pub const FILE_UPLOADS: [&str; 3] = ["base64", "file_id", "url"];

/// Who declares the control in effect.
const DECLARERS: [&str; 2] = ["project", "organization"];

/// What joins a client to its project.
const LINKS: [&str; 3] = ["definition", "environment", "reference"];

/// The words that the fact at a path of the document can be; `*` stands for any key or place in a list. `None` where it
/// is not one of a few words.
pub fn words(path: &[&str]) -> Option<Vec<&'static str>> {
    let of = |words: &[&'static str]| Some(words.to_vec());
    match path {
        ["organization", "data_retention"] => of(&CONTROLS),
        ["organization", "change", "before", rest @ ..] | ["projects", "*", "change", "before", rest @ ..] => {
            match rest {
                ["data_retention"] => of(&[CONTROLS.as_slice(), &[ORGANIZATION_DEFAULT]].concat()),
                ["effective", "data_retention"] => of(&CONTROLS),
                ["effective", "from"] => of(&DECLARERS),
                _ => None,
            }
        }
        ["organization", "abuse_monitoring_approval", "controls", "*"] => of(&CONTROLS),
        ["projects", "*", "data_retention"] => of(&[CONTROLS.as_slice(), &[ORGANIZATION_DEFAULT]].concat()),
        ["projects" | "uses", "*", "effective", "data_retention"] => of(&CONTROLS),
        ["projects" | "uses", "*", "effective", "from"] => of(&DECLARERS),
        ["projects", "*", "models", "mode"] => of(&MODES),
        ["uses", "*", "tools", "*"] => of(&TOOLS),
        ["uses", "*", "inputs", "*"] => of(&INPUTS),
        ["uses", "*", "outputs", "*"] => of(&OUTPUTS),
        ["uses", "*", "file_upload"] => of(&FILE_UPLOADS),
        ["uses", "*", "service_tier"] => of(&SERVICE_TIERS),
        ["clients", "*", "linked_by"] => of(&LINKS),
        _ => None,
    }
}

/// The keys that the object of facts at a path can have, where its shape leaves them open.
pub fn keys(path: &[&str]) -> Option<Vec<&'static str>> {
    match path {
        ["projects", "*", "tools"] => Some(HOSTED_TOOLS.to_vec()),
        _ => None,
    }
}
