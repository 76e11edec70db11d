//! Whom a waiver covers.

use crate::hcl::{matches_address, matches_part, split_address};
use crate::verdict::{Subject, SubjectKind};

/// Whether a subject pattern covers a subject: `organization`; a project's name, for the project, its uses and clients;
/// `name:/v1/responses`, for one use; an address. `*` stands within one part of an address, and a name is one part.
pub(super) fn covers(pattern: &str, subject: &Subject) -> bool {
    let is_organization = subject.kind == SubjectKind::Organization;
    // A project whose name is not known is called by its address, which is more than one part.
    let name = subject.project.as_deref().filter(|_| subject.project != subject.address);
    let by_name = |pattern: &str| !is_no_name(pattern) && name.is_some_and(|name| matches_part(pattern, name));
    let by_address = |pattern: &str| subject.address.as_deref().is_some_and(|own| matches_address(pattern, own));
    let by_use = || {
        let (project, endpoint) = pattern.rsplit_once(":/")?;
        let same = subject.endpoint.as_deref().and_then(|own| own.strip_prefix('/')) == Some(endpoint);
        Some(same && (by_name(project) || by_address(project)))
    };
    (is_organization && pattern == "organization") || by_name(pattern) || by_address(pattern) || by_use() == Some(true)
}

/// Whether a pattern means something else than a name: the organization, a use, or an address, whose type has an underscore or
/// which leads through a module. Else whoever names a project could have it covered by a waiver that is not its own.
fn is_no_name(pattern: &str) -> bool {
    let parts = split_address(pattern);
    let is_type = |part: &&str| part.contains('_') || *part == "module" || *part == "data";
    pattern == "organization" || pattern.contains(":/") || parts.len() > 1 && parts.first().is_some_and(is_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(kind: SubjectKind, project: Option<&str>, endpoint: Option<&str>, address: Option<&str>) -> Subject {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Subject {
            kind,
            id: "id".to_owned(),
            name: "name".to_owned(),
            project: text(project),
            endpoint: text(endpoint),
            address: text(address),
            source: String::new(),
        }
    }

    #[test]
    fn patterns_cover_what_the_contract_says() {
        let organization =
            subject(SubjectKind::Organization, None, None, Some("openai_organization_data_retention.this"));
        let project =
            subject(SubjectKind::Project, Some("eu.support"), None, Some(r#"module.ai["a.b"].openai_project.p["eu"]"#));
        let call = subject(SubjectKind::Use, Some("eu.support"), Some("/v1/responses"), project.address.as_deref());
        let client = subject(SubjectKind::Client, Some("eu.support"), None, Some("kubernetes_deployment.app"));
        for (pattern, covered) in [
            ("organization", [true, false, false, false]),
            ("eu.support", [false, true, true, true]),
            ("eu.*", [false, true, true, true]),
            ("eu*", [false, true, true, true]),
            ("eu", [false, false, false, false]),
            ("EU.support", [false, false, false, false]),
            ("*", [false, true, true, true]),
            ("eu.support:/v1/responses", [false, false, true, false]),
            ("*:/v1/responses", [false, false, true, false]),
            ("eu.support:/v1/chat/completions", [false, false, false, false]),
            (r#"module.ai["a.b"].openai_project.p["eu"]"#, [false, true, true, false]),
            (r#"module.ai[*].openai_project.p["eu"]"#, [false, true, true, false]),
            (r#"module.*.openai_project.p[*]:/v1/responses"#, [false, false, true, false]),
            ("module.ai.openai_project.p", [false, false, false, false]),
            ("openai_project.p[*]", [false, false, false, false]),
            ("kubernetes_deployment.*", [false, false, false, true]),
            ("openai_organization_data_retention.this", [true, false, false, false]),
            ("", [false, false, false, false]),
        ] {
            let got = [&organization, &project, &call, &client].map(|subject| covers(pattern, subject));
            assert_eq!(got, covered, "{pattern}");
        }
        // What is named like something else is not covered by what covers that.
        for pattern in ["organization", "eu:/v1/responses", "openai_project.legacy", "module.x.openai_project.p"] {
            let named = subject(SubjectKind::Project, Some(pattern), None, Some("openai_project.eu"));
            assert!(!covers(pattern, &named), "{pattern}");
            assert!(covers("*", &named) && covers("openai_project.eu", &named), "{pattern}");
        }
        let address = project.address.as_deref();
        let unnamed = subject(SubjectKind::Project, address, None, address);
        assert!(covers(r#"module.ai[*].*.p[*]"#, &unnamed) && !covers("module.*", &unnamed));
    }
}
