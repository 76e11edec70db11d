//! The text of the two files: blocks and values by hcl-rs, comments around them.

use std::collections::BTreeSet;

use hcl::format::{Format, Formatter};
use hcl::{Attribute, Block, Body};
use jiff::{ToSpan, civil::Date};

use super::{Found, ORGANIZATION_FILE};

/// Settings: what holds is written, what may be wanted stands in comments.
pub(super) fn settings(found: &Found, takes_organization: bool, has_policies: bool, today: &str) -> String {
    let mut text = String::from(
        "# How this directory and those below it are checked. What is commented out shows what else can be set.\n",
    );
    let edition = Attribute::new("edition", found.edition.as_str());
    section(
        &mut text,
        "The edition of OpenAI's page that judges. Without it the newest one that the program knows, so that a newer\n\
         program may judge anew.",
        &off(edition),
    );
    let fail_on = "The severity from which a finding fails the run: low, medium, high or critical.";
    section(&mut text, fail_on, &on(Attribute::new("fail_on", "medium")));
    if takes_organization {
        section(
            &mut text,
            "What OpenAI approved and what was signed, which no Terraform tells. Paths are relative to this file.",
            &on(Attribute::new("organization", vec![ORGANIZATION_FILE])),
        );
    }
    let policies = Attribute::new("policies", vec!["policy"]);
    section(
        &mut text,
        "Rules of your own: `openai-data-controls rules --scaffold GROUP/NAME` writes the first.",
        &if has_policies { on(policies) } else { off(policies) },
    );
    let rule =
        Block::builder("rule").add_label("residency/model-alias-not-pinned").add_attribute(("severity", "low")).build();
    section(
        &mut text,
        "Another severity for a rule; enabled = false takes its findings away, waivable = false the waivers for them.",
        &off(rule),
    );
    let expires = half_a_year_from(today);
    let waiver = Block::builder("waiver")
        .add_label("residency/non-us-region-without-zdr-amendment")
        .add_attribute(("subject", "openai_project.eu"))
        .add_attribute(("reason", "amendment in signature"))
        .add_attribute(("expires", expires.as_str()))
        .build();
    section(&mut text, "A finding that is accepted for a time, with the reason.", &off(waiver));
    let mut blocks = String::new();
    for what in found.unread.iter().map(String::as_str).chain(found.unread.is_empty().then_some("module.network")) {
        let block = Block::builder("unchecked")
            .add_label(what)
            .add_attribute(("reason", "holds no OpenAI resources"))
            .add_attribute(("expires", expires.as_str()))
            .build();
        blocks += &off(block);
    }
    let why = if found.unread.is_empty() {
        "What can't be checked here, a module that is not on disk for example, and why that is no harm."
    } else {
        "These modules are not on disk (`terraform init` brings them). Where one holds nothing of OpenAI's, say so:"
    };
    section(&mut text, why, &blocks);
    let provider =
        Block::builder("provider").add_label("acme/openai").add_attribute(("mapping", "openai/openai")).build();
    section(&mut text, "A fork of a provider, read as the one it comes from.", &off(provider));
    text
}

/// The definition of the organization, with the evidence that the regions found ask for.
pub(super) fn organization(found: &Found, control: &str) -> String {
    let mut inner = String::new();
    if found.control_is_set {
        inner += &comment(
            "An input sets the control selected for the organization, or may: data_retention is not written here.",
        );
    } else {
        inner += &comment(
            "The control selected for the organization, as its settings show it; none = nothing in effect. An approval alone\n\
             selects nothing.",
        );
        inner += &on(Attribute::new("data_retention", control));
    }
    let regions: Vec<&str> = found.regions.iter().map(String::as_str).collect();
    let regulated: Vec<&str> = found.regulated.iter().map(String::as_str).collect();
    let needed = |what: &str| {
        if regulated.is_empty() { what.to_owned() } else { format!("{what} Needed here: {}.", regulated.join(", ")) }
    };
    let residency = "OpenAI granted data residency: true once it did.";
    section(&mut inner, residency, &on(Attribute::new("residency_approved", false)));
    let controls = found.controls.iter().map(String::as_str).chain((control != "none").then_some(control));
    let mut controls: Vec<&str> = controls.collect::<BTreeSet<_>>().into_iter().collect();
    if controls.is_empty() {
        controls.push("zero_data_retention");
    }
    let approval = Block::builder("abuse_monitoring_approval")
        .add_attribute(Attribute::new("controls", controls))
        .add_attribute(("approved_on", DAY))
        .add_attribute(("requirements_accepted", true))
        .add_attribute(("reference", "where the letter is"))
        .build();
    section(&mut inner, &needed("OpenAI approved Modified Abuse Monitoring or Zero Data Retention."), &off(approval));
    let default = ["zdr_amendment".to_owned()].into();
    let agreements = if found.agreements.is_empty() { &default } else { &found.agreements };
    for agreement in agreements {
        let key = agreement.replace("zero_data_retention", "zdr");
        let block = Block::builder(key)
            .add_attribute(("executed_on", DAY))
            .add_attribute(("reference", "where the contract is"))
            .build();
        section(&mut inner, &needed("The executed amendment that regions outside the US take."), &off(block));
    }
    for code in &found.approvals {
        let block = Block::builder("region_approval").add_label(code).add_attribute(("approved_on", DAY)).build();
        section(&mut inner, "The further approval that this region takes.", &off(block));
    }
    if found.health {
        let block = Block::builder("business_associate_agreement").add_attribute(("executed_on", DAY)).build();
        section(&mut inner, "A project handles health information: the agreement that this takes.", &off(block));
    }
    let contact = Attribute::new("responsible_contact", "ai-platform@example.com");
    section(&mut inner, "Who answers for policy compliance, moderation and reporting.", &off(contact));
    section(
        &mut inner,
        "Whether the organization shares data with OpenAI for training.",
        &off(Attribute::new("data_sharing", false)),
    );
    let allowed: Vec<&str> = if regions.is_empty() { vec!["EU", "US"] } else { regions.clone() };
    let requirements = Block::builder("requirements")
        .add_attribute(Attribute::new("allowed_regions", allowed))
        .add_attribute(("region_required", true))
        .add_attribute(("training_forbidden", true))
        .add_attribute(("max_abuse_log_days", 0))
        .build();
    section(&mut inner, "What you demand of every project.", &off(requirements));
    let indented: String = inner.lines().map(indented).collect();
    format!(
        "# What OpenAI approved and what was signed, for the whole organization. Evidence that is not written here counts as\n\
         # missing: take the # away, and put the day in.\norganization {{\n{indented}}}\n"
    )
}

/// What stands for a day until someone knows it: it is no day, so that it can't be left as it is.
const DAY: &str = "YYYY-MM-DD";

fn indented(line: &str) -> String {
    if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }
}

/// Adds a comment with what it speaks of, behind an empty line.
fn section(text: &mut String, about: &str, what: &str) {
    text.push('\n');
    text.push_str(&comment(about));
    text.push_str(what);
}

fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

/// An attribute or block that holds.
fn on(what: impl Into<hcl::Structure>) -> String {
    let body: Body = std::iter::once(what.into()).collect();
    let mut text = Vec::new();
    // Neither formatting nor writing to memory fails.
    let _ = body.format(&mut Formatter::builder().compact_arrays(true).build(&mut text));
    String::from_utf8(text).unwrap_or_default()
}

/// The same, commented out: without the space that text has behind its `#`.
fn off(what: impl Into<hcl::Structure>) -> String {
    on(what).lines().map(|line| format!("#{line}\n")).collect()
}

fn half_a_year_from(today: &str) -> String {
    let day = today.parse::<Date>().and_then(|day| day.checked_add(6.months()));
    day.map_or_else(|_| DAY.to_owned(), |day| day.to_string())
}
