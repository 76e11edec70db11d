//! Reports to be written in all formats: a sample, and random ones whose text is hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::collections::BTreeMap;
use std::sync::Arc;

use openai_data_controls::input::{InputKind, InputRecord};
use openai_data_controls::location::{Location, Position, SourceMap};
use openai_data_controls::report::{EditionRecord, Policies, Report, Unchecked};
use openai_data_controls::rule::{RuleId, Severity};
use openai_data_controls::verdict::{Finding, FindingLocation, Role, Subject, SubjectKind, Verdict};

/// How a case of a report ends, counted without the code under test.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub failures: usize,
    pub warnings: usize,
    pub waived: usize,
}

pub fn rule(package: &str) -> RuleId {
    RuleId::of_package(&format!("openai.{package}")).unwrap()
}

pub fn location(path: &str, start: (usize, usize), end: (usize, usize), role: Role) -> FindingLocation {
    let position = |(line, column)| Position { line, column };
    FindingLocation { path: path.to_owned(), start: position(start), end: position(end), role }
}

pub fn input(path: &str, kind: Option<InputKind>, projects: usize) -> InputRecord {
    let sha256 = kind.map(|_| "ab".repeat(32));
    InputRecord { path: path.to_owned(), kind, projects, complete: kind.is_some(), sha256 }
}

pub fn edition(name: &str) -> EditionRecord {
    EditionRecord {
        name: name.to_owned(),
        date: Some("2026-10-08".to_owned()),
        date_range: None,
        source: Some("https://example.com/page".to_owned()),
        sha256: "cd".repeat(32),
        age_days: Some(45),
        certainty: "sure".to_owned(),
    }
}

pub fn unchecked(what: &str, why: &str, place: Option<(&str, usize, usize)>, acknowledged: bool) -> Unchecked {
    Unchecked {
        what: what.to_owned(),
        why: why.to_owned(),
        path: place.map(|p| p.0.to_owned()),
        line: place.map(|p| p.1),
        column: place.map(|p| p.2),
        acknowledged,
    }
}

/// A finding with ordinary text.
pub fn finding(verdict: Verdict, rule: RuleId, severity: Severity, name: &str, message: &str) -> Finding {
    Finding {
        verdict,
        rule,
        severity,
        subject: Subject {
            kind: SubjectKind::Project,
            id: format!("plan.json#openai_project.{name}"),
            name: name.to_owned(),
            project: Some(name.to_owned()),
            endpoint: None,
            address: Some(format!("openai_project.{name}")),
            source: "plan.json".to_owned(),
        },
        attribute: Some("region".to_owned()),
        message: message.to_owned(),
        remediation: "Write what is right:\n  organization {\n    data_retention = \"none\"\n  }".to_owned(),
        section: "Additional requirements for non-US regions".to_owned(),
        help: "docs/rules/residency/some-rule.md".to_owned(),
        locations: Vec::new(),
        fingerprint: format!("{:032x}", name.len() * 1009 + message.len()),
        waiver: None,
        baseline: None,
        evidence: None,
        evidence_location: None,
        title: "Region without what it requires".to_owned(),
        why: "Outside the United States a region takes more.\nMuch more.".to_owned(),
        hint: None,
    }
}

/// Counts the verdicts of a report as a run does, and gives what each case does to it.
pub fn count(report: &mut Report) -> Counts {
    let mut pairs: BTreeMap<(String, String), &Finding> = BTreeMap::new();
    for finding in &report.findings {
        pairs.insert((finding.rule.to_string(), finding.subject.id.clone()), finding);
    }
    let mut summary = report.summary.clone();
    let mut counts = Counts::default();
    for finding in pairs.values() {
        let open = finding.verdict == Verdict::Undetermined;
        match finding.verdict {
            Verdict::Pass => summary.pass += 1,
            Verdict::NotApplicable => summary.not_applicable += 1,
            Verdict::Violation | Verdict::Undetermined if finding.waiver.is_some() => {
                summary.waived += 1;
                counts.waived += 1;
            }
            Verdict::Violation | Verdict::Undetermined => {
                if open {
                    summary.undetermined += 1
                } else {
                    summary.violation += 1
                }
                if finding.severity >= report.fail_on && !(open && report.allow_undetermined) {
                    counts.failures += 1;
                } else {
                    counts.warnings += 1;
                }
            }
        }
    }
    summary.unchecked = report.unchecked.iter().filter(|u| !u.acknowledged).count();
    counts.failures += summary.unchecked;
    counts.warnings += report.unchecked.len() - summary.unchecked;
    summary.exit_code = if summary.unchecked > 0 {
        5
    } else if counts.failures > 0 {
        3
    } else {
        0
    };
    report.failures = counts.failures;
    report.summary = summary;
    counts
}

/// A report with every kind of thing in it, and the source that it may quote.
pub fn sample() -> (Report, SourceMap, Counts) {
    let mut map = SourceMap::default();
    let text = "resource \"openai_project\" \"eu\" {\n  name      = \"eu-support\"\n  geography = var.region\n}\n";
    let file = map.add_file("infra/main.tf", Arc::new(text.to_owned()));
    map.allow_quotes(file);

    let mut report = Report::new("2026-11-22", Severity::Medium, false);
    report.tool.version = "1.2.3".to_owned();
    report.edition = Some(edition("2026-10"));
    report.policies = Policies { sha256: "ef".repeat(32), rules: 51 };
    report.checked = true;
    report.inputs = vec![
        input("plan.json", Some(InputKind::TerraformPlan), 3),
        input("infra", Some(InputKind::TerraformSource), 1),
        input("broken.json", None, 0),
    ];

    let mut flowing = finding(
        Verdict::Violation,
        rule("residency.region_without_amendment"),
        Severity::Critical,
        "eu-support",
        "project \"eu-support\" is in EU, which requires an executed amendment; none is declared",
    );
    flowing.locations = vec![
        location("infra/variables.tf", (7, 13), (7, 17), Role::Primary),
        location("infra/main.tf", (3, 15), (3, 25), Role::Cause),
        location("plan.json", (1, 4711), (1, 4715), Role::Cause),
        location("org.hcl", (1, 1), (1, 13), Role::Cause),
    ];
    let at = |line, column| Position { line, column };
    flowing.evidence = Some("zdr_amendment".to_owned());
    flowing.evidence_location = Some(Location { path: "org.hcl".to_owned(), start: at(1, 1), end: at(1, 13) });

    let mut open = finding(
        Verdict::Undetermined,
        rule("residency.region_without_amendment"),
        Severity::High,
        "later",
        "project \"later\": its region is known after apply",
    );
    open.locations = vec![location("infra/main.tf", (2, 15), (2, 27), Role::Primary)];

    let mut advice = finding(
        Verdict::Violation,
        rule("training.models_not_restricted"),
        Severity::Low,
        "team[\"research & <more>\"]",
        "100 % of the models may be called",
    );
    advice.locations = vec![location("../common dir/models.tf", (10, 1), (12, 2), Role::Primary)];

    let mut waived = finding(
        Verdict::Violation,
        rule("retention.control_weakened"),
        Severity::High,
        "old",
        "project \"old\" weakens its control",
    );
    waived.waiver = Some("amendment in signature, ticket SEC-12, until 2026-12-31".to_owned());
    waived.locations = vec![location("/etc/plans/old.json", (1, 1), (1, 1), Role::Primary)];

    let mut hostile = finding(
        Verdict::Violation,
        rule("residency.region_without_amendment"),
        Severity::Critical,
        "x\u{202e}y|`z`",
        "a\n::error::b\u{1b}[31m ##vso[task.setvariable variable=c]d %0A <script>]]> \u{0} [e](http://f) @g # TODO",
    );
    hostile.locations = vec![location("a:b,c;d]e\n.tf", (1, 1), (2, 1), Role::Primary)];

    let nowhere = finding(
        Verdict::Violation,
        rule("residency.not_approved"),
        Severity::Medium,
        "organization",
        "nothing says that residency was granted",
    );
    let good = finding(Verdict::Pass, rule("training.opted_out"), Severity::High, "eu-support", "Opted in to training");
    let mut other = finding(Verdict::NotApplicable, rule("healthcare.no_baa"), Severity::High, "eu-support", "No BAA");
    other.attribute = None;

    report.findings = vec![flowing, open, advice, waived, hostile, nowhere, good, other];
    report.unchecked = vec![
        unchecked("broken.json", "is no JSON: say what it is with --as", Some(("broken.json", 3, 7)), false),
        unchecked("module.network", "source not on disk: run terraform init", None, true),
    ];
    report.notes = vec!["1 archived project was counted, not judged".to_owned()];
    report.summary.pass = 40;
    let counts = count(&mut report);
    (report, map, counts)
}

/// A small generator of numbers, so that every run sees the same.
pub struct Random {
    state: u64,
    /// Texts to be used beside those that are hostile.
    texts: Vec<String>,
}

impl Random {
    pub fn new(seed: u64) -> Random {
        Random { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, texts: Vec::new() }
    }

    #[must_use]
    pub fn with_texts(self, texts: Vec<String>) -> Random {
        Random { texts, ..self }
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from((self.state >> 11) % u64::try_from(bound).unwrap()).unwrap()
    }

    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

/// What somebody could write into a name, a message or a path to be taken for something else. `EVIL` is where a reader
/// that was fooled would show it.
#[rustfmt::skip]
const HOSTILE: &[&str] = &[
    "EVIL", "\"", "'", "\n", "\r\n", "\r", " ", "\t", ",", ";", ":", "=", "|", "]", "[", "(", ")", "\\", "\\\\",
    "*EVIL*", "_EVIL_", "::", "::error::EVIL", "\n::error file=x::EVIL", "\n  ::stop-commands::EVIL",
    "::set-env name=EVIL::x", "::add-mask::EVIL", "##vso[task.setvariable variable=EVIL]x", "##[error]EVIL",
    "##[set-env name=EVIL;]x", "#", "##", "#\u{ad}#[EVIL]", "#\u{fe0f}#vso[task.complete result=Succeeded;]EVIL",
    "]\u{200b}##vso[build.addbuildtag]EVIL", "%", "%0A", "%0D%0A::warning::EVIL", "%25", "%AZP25", "%3B", "%5D", "<",
    ">", "&", "&#10;", "&lt;", "]]>", "<![CDATA[", "<!--", "-->", "</failure><testcase name=\"EVIL\"/>",
    "<script>EVIL</script>", "</details>", "</summary>", "<details>EVIL", "<img src=x onerror=EVIL>", "`", "``",
    "```", "````", "`EVIL`", "\n```\n# EVIL\n", "\n\n# EVIL\n\n", "~~~", "[EVIL](http://example.com)", "![EVIL](x)",
    "[EVIL](1)", "@EVIL", "#1", "https://example.com/EVIL", "\n- EVIL", "\n> EVIL", "\n/close EVIL", " # TODO EVIL",
    " # SKIP EVIL", "\\# EVIL", "\n  ...\nok 99 - EVIL", "\nnot ok 7 - EVIL", "\n1..5\n", "\nBail out! EVIL",
    "\nTAP version 14", "  ---", "\n...", "\u{1b}[31m", "\u{1b}]8;;http://example.com\u{7}EVIL", "\u{9b}31m", "\u{0}",
    "\u{1}", "\u{8}", "\u{b}", "\u{c}", "\u{7f}", "\u{85}", "\u{202e}", "\u{200f}", "\u{200e}", "\u{61c}", "\u{2066}",
    "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}", "\u{200b}", "\u{e0045}", "é", "e\u{301}", "日本", "😀",
    "a b", "eu-support", "module.ai.openai_project.p[\"eu\"]",
    "54 tests, 54 passed, 0 warnings, 0 failures, 0 exceptions",
];

/// Hostile text.
pub fn text(random: &mut Random) -> String {
    let parts = 1 + random.below(6);
    let part = |random: &mut Random| {
        if !random.texts.is_empty() && random.chance(2) {
            let at = random.below(random.texts.len());
            random.texts[at].clone()
        } else {
            (*random.one_of(HOSTILE)).to_owned()
        }
    };
    (0..parts).map(|_| part(random)).collect()
}

fn some(random: &mut Random) -> Option<String> {
    (!random.chance(3)).then(|| text(random))
}

fn places(random: &mut Random, paths: &[String]) -> Vec<FindingLocation> {
    let count = random.below(4);
    let mut found = Vec::new();
    for at in 0..count {
        let start = (1 + random.below(50), 1 + random.below(50));
        let end = (start.0 + random.below(2), 1 + random.below(60));
        let role = if at == 0 { Role::Primary } else { Role::Cause };
        found.push(location(random.one_of::<String>(paths).as_str(), start, end, role));
    }
    found
}

/// A random report whose text is hostile; some have a message of a megabyte.
pub fn hostile(seed: u64) -> (Report, Counts) {
    hostile_of(seed, &mut Random::new(seed + 1))
}

/// A random report.
pub fn hostile_of(seed: u64, random: &mut Random) -> (Report, Counts) {
    let paths: Vec<String> = (0..3)
        .map(|at| {
            if random.chance(2) {
                text(random)
            } else {
                (*random.one_of(&["a.tf", "../b.json", "/c/d.hcl", "-"])).to_owned() + &"x".repeat(at)
            }
        })
        .collect();
    let mut report = Report::new(
        if random.chance(9) { "::x\n" } else { "2026-11-22" },
        *random.one_of(&Severity::ALL),
        random.chance(3),
    );
    report.inputs = (0..random.below(3))
        .map(|at| input(&paths[at], (!random.chance(4)).then_some(InputKind::Definition), 1))
        .collect();
    report.edition = some(random).map(|name| {
        let mut edition = edition(&name);
        edition.source = some(random);
        edition
    });
    report.notes = (0..random.below(3)).map(|_| text(random)).collect();
    report.unchecked = (0..random.below(3))
        .map(|_| {
            let place =
                random.chance(2).then(|| (random.one_of(&paths).clone(), 1 + random.below(9), 1 + random.below(9)));
            let place = place.as_ref().map(|(path, line, column)| (path.as_str(), *line, *column));
            unchecked(&text(random), &text(random), place, random.chance(2))
        })
        .collect();
    let group = text(random).replace('.', "");
    let rules = [rule("residency.a_rule"), rule(&format!("{group}x.b_rule")), rule("residency.a_third")];
    // Verdict, severity and waiver are those of a rule and its subject.
    let mut pairs: BTreeMap<(usize, usize), (Verdict, Severity, Option<String>)> = BTreeMap::new();
    let names: Vec<String> = (0..3).map(|_| text(random)).collect();
    let severities: Vec<Severity> = rules.iter().map(|_| *random.one_of(&Severity::ALL)).collect();
    let about = (text(random), text(random), text(random), text(random));
    for number in 0..random.below(7) {
        let key = (random.below(3), random.below(3));
        let verdict = *random.one_of(&[
            Verdict::Violation,
            Verdict::Violation,
            Verdict::Undetermined,
            Verdict::Pass,
            Verdict::NotApplicable,
        ]);
        let waiver = random.chance(4).then(|| text(random));
        let (verdict, severity, waiver) = pairs.entry(key).or_insert((verdict, severities[key.0], waiver)).clone();
        let mut message = text(random);
        if seed % 1_500 < 3 && number == 1 && random.texts.is_empty() {
            message = message.repeat(1_000_000 / message.len() + 1);
        }
        let mut one = finding(verdict, rules[key.0].clone(), severity, &names[key.1], &message);
        one.subject.id = format!("{}#{}", key.1, names[key.1]);
        one.subject.kind = *random.one_of(&[SubjectKind::Project, SubjectKind::Use, SubjectKind::Client]);
        one.subject.address = some(random);
        one.subject.source = if random.chance(3) { String::new() } else { random.one_of(&paths).clone() };
        one.attribute = some(random);
        one.fingerprint = format!("{:032x}", seed * 100 + number as u64);
        one.waiver = waiver.filter(|_| matches!(verdict, Verdict::Violation | Verdict::Undetermined));
        one.locations = places(random, &paths);
        one.hint = some(random);
        (one.title, one.why, one.remediation, one.section) = about.clone();
        one.evidence = random.chance(4).then(|| "zdr_amendment".to_owned());
        if let Some(last) = one.locations.last().filter(|_| random.chance(2)) {
            one.evidence_location = Some(Location { path: last.path.clone(), start: last.start, end: last.end });
        }
        report.findings.push(one);
    }
    report.summary.pass = random.below(50);
    let counts = count(&mut report);
    (report, counts)
}
