//! Editions: listed, shown, compared, given as a file, refused where they can't judge.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{binary, inputs, options, root, testdata};
use openai_data_controls::edition::StorageRegions;
use openai_data_controls::report::Report;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check, edition, policy};
use serde_json::{Value, json};

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = binary().args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn of_quickstart(change: impl Fn(&mut Options)) -> Report {
    let mut options = options(inputs(&testdata("quickstart")));
    change(&mut options);
    check(&options, &mut std::io::empty()).0
}

/// The newest complete edition, changed and written to a file.
fn changed(directory: &Path, change: impl Fn(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(edition::text("2026-10").unwrap()).unwrap();
    change(&mut value);
    let path = directory.join("edition.json");
    fs::write(&path, serde_json::to_string_pretty(&value).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_file_judges_without_being_embedded() {
    let directory = tempfile::tempdir().unwrap();
    let path = changed(directory.path(), |v| {
        v["edition"] = "2026-12".into();
        v["edition_date"] = "2026-11-20".into();
        for region in v["regions"].as_array_mut().unwrap() {
            region["extra_agreement"] = Value::Null;
        }
    });
    let amendment = |report: &Report| {
        report.findings.iter().any(|f| f.rule.as_str() == "residency/non-us-region-without-zdr-amendment")
    };
    let embedded = of_quickstart(|_| {});
    assert!(amendment(&embedded));
    let given = of_quickstart(|o| o.edition = Some(path.clone()));
    assert!(!amendment(&given), "the file asks for no agreement");
    let record = given.edition.unwrap();
    assert_eq!((record.name.as_str(), record.age_days), ("2026-12", Some(2)));
    assert_ne!(record.sha256, embedded.edition.unwrap().sha256);
}

#[test]
fn a_file_with_the_name_of_an_embedded_edition_is_noted() {
    let directory = tempfile::tempdir().unwrap();
    let note = |change: &dyn Fn(&mut Value)| {
        let path = changed(directory.path(), change);
        let report = of_quickstart(|o| o.edition = Some(path.clone()));
        report.notes.into_iter().find(|note| note.contains("is not the one that the program has under this name"))
    };
    let told = note(&|v| v["regions"][1]["extra_agreement"] = Value::Null).unwrap();
    assert!(told.contains("the edition 2026-10 is that of ") && told.contains("edition.json"), "{told}");
    assert_eq!(note(&|v| v["edition"] = "2026-12".into()), None);
    let path = directory.path().join("edition.json");
    fs::write(&path, edition::text("2026-10").unwrap()).unwrap();
    let same = of_quickstart(|o| o.edition = Some(path.to_str().unwrap().to_owned()));
    assert!(!same.notes.iter().any(|note| note.contains("under this name")), "{:?}", same.notes);
}

/// `policies/openai/searches.rego` takes the endpoint of a tool's row from its key.
#[test]
fn the_row_of_web_search_is_called_by_its_endpoint() {
    let mut rows = 0;
    for name in edition::names() {
        let edition = edition::find(name).unwrap().edition;
        for row in edition.services.iter().filter(|row| row.tool.as_deref() == Some("web_search")) {
            let endpoint = row.key.split(' ').next().unwrap();
            assert_eq!(row.paths, [endpoint], "{name}: {}", row.key);
            rows += 1;
        }
    }
    assert!(rows > 2, "{rows}");
}

#[test]
fn settings_may_name_a_file_beside_them() {
    let directory = tempfile::tempdir().unwrap();
    changed(directory.path(), |v| v["edition"] = "2026-12".into());
    fs::write(directory.path().join(".openai-data-controls.hcl"), "edition = \"./edition.json\"\n").unwrap();
    fs::write(directory.path().join("openai.hcl"), "project \"a\" {}\n").unwrap();
    let (report, _) = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty());
    assert_eq!(report.edition.unwrap().name, "2026-12");
}

#[test]
fn an_edition_file_that_is_wrong_is_refused_with_the_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = changed(directory.path(), |v| v["services"][2]["model_region_limits"] = json!({"no-such": ["US"]}));
    let report = of_quickstart(|o| o.edition = Some(path.clone()));
    assert_eq!(report.summary.exit_code, 5);
    assert!(report.findings.is_empty());
    assert!(report.unchecked[0].why.contains("services[2].model_region_limits: \"no-such\""), "{:?}", report.unchecked);

    fs::write(&path, "{\n  \"schema\": \"openai-data-controls-edition/1\",\n  \"edition\": 7\n}\n").unwrap();
    let report = of_quickstart(|o| o.edition = Some(path.clone()));
    assert_eq!((report.summary.exit_code, report.unchecked[0].line), (5, Some(3)));
    assert!(report.unchecked[0].why.contains("expected a string"), "{:?}", report.unchecked);

    for missing in ["./none.json", directory.path().to_str().unwrap(), "2026-1"] {
        let report = of_quickstart(|o| o.edition = Some(missing.to_owned()));
        assert_eq!((report.summary.exit_code, report.unchecked.len()), (5, 1), "{missing}");
    }
}

#[test]
fn an_incomplete_edition_is_shown_and_refused() {
    for name in edition::names() {
        let (code, shown, _) = run(&["editions", name, "--today", "2026-11-22"]);
        assert_eq!(code, 0, "{name}");
        let judges = !shown.contains("\njudges     no: ");
        let report = of_quickstart(|o| o.edition = Some(name.to_owned()));
        assert_eq!(judges, report.summary.exit_code == 3, "{name}");
        assert_eq!(judges, report.unchecked.is_empty(), "{name}");
        if !judges {
            assert!(report.unchecked[0].why.contains("it is incomplete ("), "{:?}", report.unchecked);
        }
    }
}

#[test]
fn an_old_edition_is_told() {
    let noted = |report: &Report| report.notes.iter().any(|note| note.contains("days old"));
    assert!(!noted(&of_quickstart(|o| o.today = "2026-12-07".to_owned())), "60 days");
    let old = of_quickstart(|o| o.today = "2026-12-08".to_owned());
    assert!(noted(&old), "61 days");
    assert_eq!(old.edition.unwrap().age_days, Some(61));
    assert!(noted(&of_quickstart(|o| o.edition = Some("2025-06".to_owned()))));
}

/// The facts of an edition that no rule judges, as they are listed.
fn not_judged(name: &str) -> Vec<String> {
    let (_, shown, _) = run(&["editions", name, "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let names = shown["not_judged"].as_array().unwrap();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_facts_that_no_rule_judges_are_listed() {
    let files = policy::embedded();
    for edition in edition::all().unwrap() {
        let listed = not_judged(&edition.edition);
        for fact in &edition.rules {
            let judged = policy::reads(&files, &fact.fact) || edition::is_answered(&fact.fact);
            assert_ne!(judged, listed.contains(&fact.fact), "{}: {}", edition.edition, fact.fact);
        }
    }
    let listed = not_judged("2026-10");
    for (name, is_listed) in [
        ("price_uplift_percent", true),
        ("per_request_requires", true),
        ("store_true_allowed_regions", false),
        ("non_us_requires", false),
        ("model_allowed_regions", false),
    ] {
        assert_eq!(listed.iter().any(|listed| listed == name), is_listed, "{name}");
    }
}

#[test]
fn nobody_reads_what_no_rule_judges() {
    let directory = root().join("src/edition");
    let mut code = vec![fs::read_to_string(root().join("src/edition.rs")).unwrap()];
    for path in [directory.clone(), directory.join("page")] {
        let files = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.is_file() && !path.ends_with("answered.rs"));
        code.extend(files.map(|path| fs::read_to_string(path).unwrap()));
    }
    let mut files = policy::embedded();
    files.extend(code.into_iter().map(|text| policy::File::new("src", text)));
    for edition in edition::all().unwrap() {
        for name in not_judged(&edition.edition) {
            assert!(!policy::reads(&files, &name), "{}: {name}", edition.edition);
        }
    }
}

#[test]
fn what_is_judged_without_its_name_is_judged_by_rules_that_read_what_is_said_to_stand_for_it() {
    let files = policy::embedded();
    let libraries: Vec<policy::File> = files.iter().filter(|file| file.rule_id().is_none()).cloned().collect();
    let of_editions: BTreeSet<String> =
        edition::all().unwrap().into_iter().flat_map(|e| e.rules).map(|fact| fact.fact).collect();
    assert!(edition::ANSWERED.is_sorted_by(|one, other| one.0 < other.0), "each once, by name");
    for (fact, word, rules) in edition::ANSWERED {
        assert!(of_editions.contains(fact), "{fact}: no edition says it");
        assert!(!policy::reads(&files, fact), "{fact}: a rule reads it by its name");
        for rule in rules {
            let is = |file: &&policy::File| file.rule_id().is_some_and(|id| id.as_str() == *rule);
            let own = files.iter().find(is).unwrap_or_else(|| panic!("{fact}: there is no rule {rule}"));
            let reads: Vec<policy::File> = libraries.iter().chain([own]).cloned().collect();
            assert!(policy::reads(&reads, word), "{fact}: {rule} does not read {word}");
        }
    }
}

#[test]
fn the_section_that_a_rule_cites_is_one_of_every_edition_that_judges() {
    for edition in edition::all().unwrap().iter().filter(|edition| edition.complete) {
        let title = edition.source.title.iter().map(String::as_str);
        let headings = edition.rules.iter().flat_map(|fact| fact.section.split(" > "));
        let headings: BTreeSet<&str> = headings.chain(title).collect();
        for rule in policy::list(&policy::embedded()).0 {
            // Only what an edition says there makes it judge anything.
            let silent = rule.id.as_str() == "residency/background-mode-in-region" && edition.edition == "2025-06";
            assert!(
                silent || headings.contains(rule.section.as_str()),
                "{} {}: {}",
                edition.edition,
                rule.id,
                rule.section
            );
        }
    }
}

/// Text and tables of an edition say the same where rules read the table.
#[test]
fn what_the_text_says_of_a_table_stands_in_it() {
    let mut compared = BTreeSet::new();
    for edition in edition::all().unwrap().iter().filter(|edition| edition.complete) {
        let codes = |holds: fn(&edition::Region) -> bool| {
            let codes = edition.regions.iter().filter(|region| holds(region)).map(|region| region.code.clone());
            codes.collect::<BTreeSet<String>>()
        };
        for fact in &edition.rules {
            let set = |value: &Value| serde_json::from_value::<BTreeSet<String>>(value.clone()).unwrap();
            let rows = || {
                edition
                    .services
                    .iter()
                    .filter(|row| row.paths.iter().any(|path| fact.targets().contains(&path.as_str())))
            };
            let said = format!("{} {}", edition.edition, fact.fact);
            match fact.fact.as_str() {
                "extra_approval_regions" => assert_eq!(set(&fact.value), codes(|r| r.extra_approval == Some(true))),
                "domain_prefix_required_regions" => {
                    assert_eq!(set(&fact.value), codes(|r| r.domain_required == Some(true)), "{said}");
                }
                "domain_prefix_optional_regions" => {
                    assert_eq!(set(&fact.value), codes(|r| r.domain_required == Some(false)), "{said}");
                }
                "image_mode_requires_enhanced_zdr_or_enhanced_mam" => {
                    assert_eq!(set(&fact.value), codes(|r| r.image_requires_enhanced == Some(true)), "{said}");
                }
                "non_us_requires" => {
                    let regulated = codes(|r| r.requirement_any_of.as_ref().is_some_and(|any| !any.is_empty()));
                    assert_eq!(regulated, codes(|r| r.code != "US"), "{said}");
                    let agreements: BTreeSet<String> = edition
                        .regions
                        .iter()
                        .filter_map(|r| r.extra_agreement.clone())
                        .map(|a| format!("executed_{a}"))
                        .collect();
                    assert!(agreements.is_subset(&set(&fact.value)) && agreements.len() == 1, "{said}: {agreements:?}");
                }
                "eu_requirement_any_of" => {
                    let region = edition.regions.iter().find(|region| region.code == "EU").unwrap();
                    assert_eq!(set(&fact.value), region.requirement_any_of.clone().unwrap().into_iter().collect());
                }
                "required_base_url" => {
                    let region = edition.regions.iter().find(|region| fact.targets() == [&region.code]).unwrap();
                    assert_eq!(fact.value, format!("https://{}/", region.domain.as_ref().unwrap()), "{said}");
                    assert_eq!(region.domain_required, Some(true), "{said}");
                }
                "model_allowed_regions" => {
                    for (model, regions) in fact.value.as_object().unwrap() {
                        let limits: Vec<_> = rows().filter_map(|row| row.model_region_limits.get(model)).collect();
                        assert!(!limits.is_empty(), "{said}: {model}");
                        for limit in limits {
                            assert_eq!(set(regions), limit.iter().cloned().collect(), "{said}: {model}");
                        }
                    }
                }
                "ultrafast_tier_regions" => {
                    let rows = edition.services.iter().filter_map(|row| row.service_tier_regions.get("ultrafast"));
                    for (model, regions) in rows.flatten() {
                        let mut listed = set(&fact.value[model]);
                        listed.remove("GLOBAL");
                        assert_eq!(
                            listed,
                            regions.iter().filter(|code| *code != "GLOBAL").cloned().collect(),
                            "{said}: {model}"
                        );
                    }
                }
                "retained_indefinitely_if_not_deleted" => {
                    for endpoint in edition.endpoints.iter().filter(|e| fact.targets().contains(&e.path.as_str())) {
                        assert_eq!(endpoint.application_state, "until_deleted", "{said}: {}", endpoint.path);
                    }
                }
                "residency_regions" => {
                    for row in rows() {
                        let Some(StorageRegions::Codes(codes)) = &row.storage_regions else { panic!("{said}") };
                        assert_eq!(set(&fact.value), codes.iter().cloned().collect(), "{said}");
                    }
                }
                "per_request_region_selection" => {
                    assert_eq!(fact.value, edition.residency_selection.as_ref().unwrap().per_request, "{said}");
                }
                _ => continue,
            }
            compared.insert(fact.fact.clone());
        }
    }
    assert_eq!(compared.len(), 12, "{compared:?}");
}

#[test]
fn what_changed_between_two_editions_is_the_same_as_text_and_json() {
    for (from, to) in
        [("2025-06", "2026-03"), ("2026-03", "2026-10"), ("2026-07", "2026-09"), ("2026-10", "2026-11-partial")]
    {
        let (code, text, _) = run(&["editions", from, to]);
        let (_, json, _) = run(&["editions", from, to, "--format", "json"]);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(code, 0);
        let mut lines = 0;
        for part in ["regions", "endpoints", "rows", "models", "limits", "facts", "choices"] {
            for (kind, sign) in [("added", "+"), ("removed", "-")] {
                for key in json[part][kind].as_object().unwrap().keys() {
                    assert!(text.contains(&format!("\n  {sign} {key}: ")), "{part} {sign} {key}");
                    lines += 1;
                }
            }
            for change in json[part]["changed"].as_array().unwrap() {
                let (key, field) = (change["key"].as_str().unwrap(), change["field"].as_str().unwrap());
                assert!(text.contains(&format!("\n  ~ {key} {field}: ")), "{part} ~ {key} {field}");
                lines += 1;
            }
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), lines, "{from} {to}");
        assert!(lines > 10, "{from} {to}");
        assert_eq!(text.contains("2026-11-partial is incomplete"), to == "2026-11-partial");
    }
    let (_, same, _) = run(&["editions", "2026-10", "2026-10"]);
    assert!(same.contains("nothing changed"));
}

#[test]
fn the_verdicts_that_another_edition_would_change_are_those_of_a_run_under_it() {
    let compared = of_quickstart(|o| o.compare_edition = Some("2025-06".to_owned()));
    let plain = of_quickstart(|_| {});
    assert_eq!(compared.summary, plain.summary, "a comparison changes no verdict of the run");
    let verdicts = |edition: &str| {
        let report = of_quickstart(|o| {
            o.verdicts = true;
            o.edition = Some(edition.to_owned());
        });
        let all = report.findings.into_iter().map(|f| ((f.rule.to_string(), f.subject.id), f.verdict));
        all.collect::<std::collections::BTreeMap<(String, String), Verdict>>()
    };
    let (here, there) = (verdicts("2026-10"), verdicts("2025-06"));
    let compared = compared.compared_edition.unwrap();
    let mut expected = Vec::new();
    for (pair, before) in &here {
        let after = there[pair];
        if *before != after {
            expected.push((pair.clone(), *before, after));
        }
    }
    let mut told: Vec<_> =
        compared.changes.iter().map(|c| ((c.rule.to_string(), c.subject.id.clone()), c.from, c.to)).collect();
    told.sort();
    assert_eq!(told, expected);
    assert!(!told.is_empty());
    assert_eq!(compared.edition.name, "2025-06");
    assert_eq!(compared.exit_code, of_quickstart(|o| o.edition = Some("2025-06".to_owned())).summary.exit_code);

    let refused = of_quickstart(|o| o.compare_edition = Some("2026-04".to_owned()));
    assert_eq!(refused.summary.exit_code, 5);
    assert_eq!(refused.unchecked[0].what, "--compare-edition");
    assert_eq!(refused.findings.len(), plain.findings.len(), "the run itself goes on");
}
