//! The tables of the page of June 2025, as they were read there.
#![allow(dead_code, unreachable_pub, missing_docs)]

/// Region: its name on the page, inference runs there, a control is required, images need an enhanced control.
pub const REGIONS: [(&str, &str, bool, bool, bool); 7] = [
    ("US", "US", true, false, false),
    ("EU", "Europe (EEA + Switzerland)", true, true, true),
    ("CA", "Canada", false, true, true),
    ("JP", "Japan", false, true, true),
    ("IN", "India", false, true, true),
    ("SG", "Singapore", false, true, true),
    ("KR", "South Korea", false, true, true),
];

/// What is kept beside the logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing, or nothing but the page's exceptions.
    Nothing,
    /// Nothing, unless the request asks to store it.
    IfAsked,
    /// At least 30 days, unless the request asks not to store it.
    ThirtyUnlessRefused,
    UntilDeleted,
}

/// Endpoint: days in the logs, application state, eligible for Zero Data Retention.
pub const ENDPOINTS: [(&str, u64, State, bool); 21] = [
    ("/v1/chat/completions", 30, State::IfAsked, true),
    ("/v1/responses", 30, State::ThirtyUnlessRefused, true),
    ("/v1/assistants", 30, State::UntilDeleted, false),
    ("/v1/threads", 30, State::UntilDeleted, false),
    ("/v1/threads/messages", 30, State::UntilDeleted, false),
    ("/v1/threads/runs", 30, State::UntilDeleted, false),
    ("/v1/threads/runs/steps", 30, State::UntilDeleted, false),
    ("/v1/vector_stores", 30, State::UntilDeleted, false),
    ("/v1/images/generations", 30, State::Nothing, true),
    ("/v1/images/edits", 30, State::Nothing, true),
    ("/v1/images/variations", 30, State::Nothing, true),
    ("/v1/embeddings", 30, State::Nothing, true),
    ("/v1/audio/transcriptions", 0, State::Nothing, true),
    ("/v1/audio/translations", 0, State::Nothing, true),
    ("/v1/audio/speech", 30, State::Nothing, true),
    ("/v1/files", 30, State::UntilDeleted, false),
    ("/v1/fine_tuning/jobs", 30, State::UntilDeleted, false),
    ("/v1/batches", 30, State::UntilDeleted, false),
    ("/v1/moderations", 0, State::Nothing, true),
    ("/v1/completions", 30, State::Nothing, true),
    ("/v1/realtime", 30, State::Nothing, true),
];

/// A row of the table of services: endpoints, models, regions (empty: all).
pub struct Row {
    pub endpoints: &'static [&'static str],
    pub models: &'static [&'static str],
    pub regions: &'static [&'static str],
}

const fn row(
    endpoints: &'static [&'static str],
    models: &'static [&'static str],
    regions: &'static [&'static str],
) -> Row {
    Row { endpoints, models, regions }
}

/// The rows that hold endpoints; the others are of tools and features.
pub const ROWS: [Row; 10] = [
    row(
        &["/v1/chat/completions"],
        &[
            "gpt-4.1-2025-04-14",
            "gpt-4.1-mini-2025-04-14",
            "gpt-4.1-nano-2025-04-14",
            "o3-mini-2025-01-31",
            "o3-2025-04-16",
            "o4-mini-2025-04-16",
            "o1-2024-12-17",
            "o1-mini-2024-09-12",
            "o1-preview",
            "gpt-4o-2024-11-20",
            "gpt-4o-2024-08-06",
            "gpt-4o-mini-2024-07-18",
            "gpt-4-turbo-2024-04-09",
            "gpt-4-0613",
            "gpt-3.5-turbo-0125",
        ],
        &[],
    ),
    row(
        &["/v1/responses"],
        &[
            "gpt-4.1-2025-04-14",
            "gpt-4.1-mini-2025-04-14",
            "gpt-4.1-nano-2025-04-14",
            "o3-2025-04-16",
            "o4-mini-2025-04-16",
            "o1-pro",
            "o1-pro-2025-03-19",
            "computer-use-preview",
            "o3-mini-2025-01-31",
            "o1-2024-12-17",
            "o1-mini-2024-09-12",
            "o1-preview",
            "gpt-4o-2024-11-20",
            "gpt-4o-2024-08-06",
            "gpt-4o-mini-2024-07-18",
            "gpt-4-turbo-2024-04-09",
            "gpt-4-0613",
            "gpt-3.5-turbo-0125",
        ],
        &[],
    ),
    row(&["/v1/images/generations"], &["dall-e-3"], &[]),
    row(
        &["/v1/audio/transcriptions", "/v1/audio/translations", "/v1/audio/speech"],
        &["tts-1", "whisper-1", "gpt-4o-tts", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"],
        &[],
    ),
    row(&["/v1/moderations"], &["text-moderation-007", "omni-moderation-latest"], &[]),
    row(
        &["/v1/batches"],
        &[
            "gpt-4.1-2025-04-14",
            "gpt-4.1-mini-2025-04-14",
            "gpt-4.1-nano-2025-04-14",
            "o3-2025-04-16",
            "o4-mini-2025-04-16",
            "o1-pro",
            "o1-pro-2025-03-19",
            "o3-mini-2025-01-31",
            "o1-2024-12-17",
            "o1-mini-2024-09-12",
            "o1-preview",
            "gpt-4o-2024-11-20",
            "gpt-4o-2024-08-06",
            "gpt-4o-mini-2024-07-18",
            "gpt-4-turbo-2024-04-09",
            "gpt-4-0613",
            "gpt-3.5-turbo-0125",
        ],
        &[],
    ),
    row(&["/v1/embeddings"], &["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"], &[]),
    row(&["/v1/fine_tuning/jobs", "/v1/files"], &["gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18"], &["US", "EU"]),
    row(&["/v1/realtime"], &["gpt-4o-realtime-preview-2024-12-17", "gpt-4o-mini-realtime-preview-2024-12-17"], &["US"]),
    row(&["/v1/vector_stores"], &[], &[]),
];

/// Of the rows above, which calls take no model: what is uploaded is no call of a model.
pub const WITHOUT_MODEL: [&str; 1] = ["/v1/files"];

/// Tools of the table, by the word of a definition, all of them in all regions; and those that it does not name.
pub const TOOLS: [(&str, bool); 8] = [
    ("web_search", true),
    ("web_search_preview", true),
    ("file_search", true),
    ("code_interpreter", false),
    ("image_generation", false),
    ("mcp", false),
    ("hosted_shell", false),
    ("skills", false),
];

pub const ZDR: [&str; 2] = ["zero_data_retention", "enhanced_zero_data_retention"];
pub const MAM: [&str; 2] = ["modified_abuse_monitoring", "enhanced_modified_abuse_monitoring"];
