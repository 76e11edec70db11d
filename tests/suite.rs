//! Tests of the crate from outside, in one program: what they share is compiled once, and the crate is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod admin_api;
#[path = "support/answers.rs"]
mod answers;
mod architecture;
mod bad_input;
mod baseline;
mod bounds;
mod changes;
mod clients;
mod completeness;
#[path = "support/console.rs"]
mod console;
mod damage;
#[path = "support/damages.rs"]
mod damages;
mod docs;
mod doubtful;
mod editions;
#[path = "support/expressions.rs"]
mod expressions;
mod false_pass;
mod formats;
mod forms;
mod golden;
mod hidden;
mod init;
mod joins;
mod language;
mod language_random;
mod large;
mod limits;
mod metamorphic;
mod mutation;
mod opa;
mod opa_random;
mod page;
#[path = "support/parsers.rs"]
mod parsers;
mod report;
#[path = "support/reports.rs"]
mod reports;
mod resources;
mod retention;
mod rules;
mod same;
mod schemas;
mod shapes;
mod silent;
mod source;
mod source_clients;
mod source_forms;
mod source_json;
mod source_places;
mod source_refused;
mod statements;
mod support;
#[path = "support/tables.rs"]
mod tables;
mod unread;
mod verify;
mod waivers;
mod waivers_from;

/// As in the program.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
