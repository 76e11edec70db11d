//! Checks and conditions of the configuration: they are Terraform's, and change no verdict here.

use super::Reader;
use crate::input::scan::Scan;

/// What a plan or a state says of a check.
#[derive(serde::Deserialize)]
struct Check {
    #[serde(default)]
    status: String,
}

impl Reader<'_> {
    /// Notes the checks under `key` that did not pass.
    pub(in crate::input) fn note_checks(&mut self, scan: &Scan<'_>, key: &str) {
        let listed: Option<Option<Vec<Check>>> = scan.value(key).and_then(|raw| serde_json::from_str(raw.get()).ok());
        let failed = |check: &Check| check.status == "fail" || check.status == "error";
        let checks = match listed.flatten().unwrap_or_default().iter().filter(|check| failed(check)).count() {
            0 => return,
            1 => "1 check or condition".to_owned(),
            several => format!("{several} checks or conditions"),
        };
        self.note(&format!("{checks} of the configuration did not pass; that changes no verdict here"));
    }
}
