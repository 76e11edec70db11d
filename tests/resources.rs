//! What resources and data sources of OpenAI's providers show besides the usual: settings that no mapping knows, lists,
//! archived projects, what is replaced by forgetting it.

use crate::support::made::{OPENAI, plan, resource, run, run_with, unchecked};
use openai_data_controls::Options;
use openai_data_controls::verdict::Verdict;
use serde_json::{Value, json};

fn ids(facts: &Value) -> Vec<&str> {
    facts["projects"].as_object().unwrap().values().map(|p| p["project_id"].as_str().unwrap_or("?")).collect()
}

const MKDEV: &str = "mkdev-me/openai";

#[test]
fn an_attribute_that_names_data_controls_is_found_wherever_it_stands() {
    let tools = "openai_project_hosted_tool_permissions.p";
    let all = |more: Value| {
        let mut tools = json!({"project_id": "proj_1", "mcp_enabled": false, "web_search_enabled": true,
            "code_interpreter_enabled": false, "file_search_enabled": false, "image_generation_enabled": false});
        tools.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        tools
    };
    let none = json!({});
    for (address, provider, after, unknown, says) in [
        (
            "openai_project.p",
            OPENAI,
            json!({"name": "p", "settings": {"data_residency": "EU"}}),
            &none,
            "settings.data_residency",
        ),
        (
            "openai_project.p",
            OPENAI,
            json!({"name": "p", "settings": [{"deep": {"zdr": true}}]}),
            &none,
            "settings.deep.zdr",
        ),
        (
            "openai_project.p",
            OPENAI,
            json!({"name": "p"}),
            &json!({"settings": {"data_residency": true}}),
            "settings.data_residency",
        ),
        ("openai_project_rate_limit.p", OPENAI, json!({"model": "m", "data_residency": "EU"}), &none, "data_residency"),
        ("openai_rate_limit.p", MKDEV, json!({"x": {"retention_days": 7}}), &none, "x.retention_days"),
        (
            "data.openai_project_users.p",
            OPENAI,
            json!({"users": [{"id": "u", "residency": "EU"}]}),
            &none,
            "users.residency",
        ),
        (
            "data.openai_projects.p",
            OPENAI,
            json!({"projects": [{"id": "proj_1", "geography": "EU"}]}),
            &none,
            "geography",
        ),
        ("data.openai_projects.p", OPENAI, json!({"projects": [], "regions": ["EU"]}), &none, "regions"),
        (tools, OPENAI, all(json!({"skills_enabled": true})), &none, "skills_enabled"),
        (tools, OPENAI, all(json!({"skills_enabled": false})), &none, "skills_enabled"),
        (tools, OPENAI, all(json!({})), &json!({"skills_enabled": true}), "skills_enabled"),
    ] {
        let told = unchecked(&plan(vec![resource(address, provider, after, unknown.clone())]));
        let named: Vec<_> = told.iter().filter(|t| t.contains(&format!("{says:?}"))).collect();
        assert_eq!(named.len(), 1, "{address} {says}: {told:?}");
        assert!(named[0].starts_with(address), "{named:?}");
    }
    // What is known, not set, or in the user's own words.
    for (address, provider, after, unknown) in [
        ("openai_project.p", OPENAI, json!({"name": "p", "settings": {"data_residency": null}}), &none),
        ("openai_project.p", OPENAI, json!({"name": "p"}), &json!({"settings": {"data_residency": false}})),
        (
            "openai_response.r",
            MKDEV,
            json!({"model": "m", "tools": [{"type": "web_search", "user_location": {"region": "x"}}]}),
            &none,
        ),
        ("openai_vector_store.v", MKDEV, json!({"metadata": {"region": "EU"}}), &none),
        (tools, OPENAI, all(json!({"id": "x", "object": "x", "skills_enabled": null})), &none),
    ] {
        let told = unchecked(&plan(vec![resource(address, provider, after, unknown.clone())]));
        assert!(told.iter().all(|t| t.contains("can't be told") || t.contains("not judged")), "{address}: {told:?}");
    }
}

#[test]
fn a_data_source_of_a_provider_that_is_not_read_is_told_like_a_resource_of_it() {
    for address in ["data.openai_project.p", "openai_project.p"] {
        let input = plan(vec![resource(address, "acme/openai", json!({"id": "proj_1", "name": "p"}), json!({}))]);
        let (report, _) = run(&input);
        assert_eq!(report.summary.exit_code, 5, "{address}");
        assert!(report.unchecked[0].why.contains("acme/openai"), "{:?}", report.unchecked);
    }
    let other = plan(vec![resource("data.acme_thing.p", "acme/acme", json!({"note": "openai_project"}), json!({}))]);
    assert_eq!(unchecked(&other), Vec::<String>::new());
}

/// What the list data source shows.
fn listed(provider: &str, unknown: Value) -> Value {
    let projects = json!([
        {"id": "proj_1", "name": "one", "status": "active", "archived_at": null},
        {"id": "proj_2", "name": "two", "status": "archived", "archived_at": 1_760_000_000},
        {"id": "proj_3", "name": "three", "status": "active", "archived_at": null},
    ]);
    plan(vec![resource("data.openai_projects.all", provider, json!({"projects": projects}), unknown)])
}

#[test]
fn listed_projects_count_as_projects() {
    for provider in [OPENAI, "jianyuan/openai", MKDEV] {
        let input = listed(provider, json!({}));
        let (report, facts) = run_with(&input, |o| Options { require_projects: true, ..o });
        assert!(report.unchecked.is_empty(), "{provider}: {:?}", report.unchecked);
        assert_eq!(ids(&facts), ["proj_1", "proj_3"], "{provider}");
        assert_eq!(report.inputs[0].projects, 2, "{provider}");
        assert!(report.notes.iter().any(|n| n.contains("1 archived project is not judged")), "{:?}", report.notes);
        let one = &facts["projects"]["p#data.openai_projects.all.projects[0]"];
        assert_eq!(one["name"], "one", "{facts:#}");
        assert_eq!(one["unknown"]["region"], format!("not reported by the data source of {provider}"));
    }
}

#[test]
fn a_list_that_is_known_in_part_is_judged_in_part_and_the_rest_is_said() {
    let (report, facts) = run(&listed(OPENAI, json!({"projects": [true, false, {"name": true}]})));
    assert_eq!(ids(&facts), ["proj_3"], "{facts:#}");
    assert_eq!(facts["projects"]["p#data.openai_projects.all.projects[2]"]["unknown"]["name"], "known after apply");
    assert!(report.notes.iter().any(|n| n.contains("data.openai_projects.all: not all")), "{:?}", report.notes);
    let later = plan(vec![resource("data.openai_projects.all", OPENAI, json!({}), json!({"projects": true}))]);
    let (report, facts) = run_with(&later, |o| Options { require_projects: true, ..o });
    assert!(ids(&facts).is_empty());
    assert_eq!(report.summary.exit_code, 5, "no project is known");
}

#[test]
fn a_listed_project_that_the_plan_manages_is_one_project_and_its_settings_are_joined_by_id() {
    let mut input = listed(OPENAI, json!({}));
    let changes = input["resource_changes"].as_array_mut().unwrap();
    let managed = json!({"id": "proj_1", "project_id": "proj_1", "name": "one", "geography": "EU"});
    let mut project = resource("openai_project.one", OPENAI, managed.clone(), json!({}));
    project["change"]["actions"] = json!(["no-op"]);
    project["change"]["before"] = managed;
    changes.push(project);
    for id in ["proj_2", "proj_3"] {
        let setting = json!({"project_id": id, "type": "zero_data_retention"});
        changes.push(resource(&format!("openai_project_data_retention.{id}"), OPENAI, setting, json!({})));
    }
    let (report, facts) = run(&input);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    assert_eq!(
        facts["projects"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["p#data.openai_projects.all.projects[2]", "p#openai_project.one"]
    );
    assert_eq!(facts["projects"]["p#data.openai_projects.all.projects[2]"]["data_retention"], "zero_data_retention");
    assert_eq!(facts["unjoined"], json!({}), "the setting of the archived project is passed over with it");
}

#[test]
fn archived_projects_are_counted_and_not_judged_whichever_input_shows_them() {
    let archived = [
        json!({"status": "archived"}),
        json!({"archived_at": 1_760_000_000}),
        json!({"archived_at": "2025-10-09T00:00:00Z"}),
    ];
    let active = [
        json!({"status": "active"}),
        json!({"archived_at": null}),
        json!({"archived_at": 0}),
        json!({"archived_at": ""}),
        json!({}),
    ];
    let of = |more: &Value| {
        let mut values = json!({"id": "proj_1", "project_id": "proj_1", "name": "p", "geography": "EU"});
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut shown = values.clone();
        shown.as_object_mut().unwrap().remove("geography");
        let mut kept = resource("openai_project.p", OPENAI, values.clone(), json!({}));
        kept["change"]["actions"] = json!(["no-op"]);
        kept["change"]["before"] = values.clone();
        let mut updated = kept.clone();
        updated["change"]["actions"] = json!(["update"]);
        updated["change"]["after_unknown"] = json!({"status": true, "archived_at": true});
        let stored = json!({"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p",
            "provider_name": "registry.terraform.io/openai/openai", "values": values, "sensitive_values": {}});
        let raw = json!({"mode": "managed", "type": "openai_project", "name": "p",
            "provider": "provider[\"registry.terraform.io/openai/openai\"]", "instances": [{"attributes": values}]});
        [
            plan(vec![kept]),
            plan(vec![updated]),
            plan(vec![resource("data.openai_project.p", OPENAI, shown, json!({}))]),
            json!({"format_version": "1.0", "values": {"root_module": {"resources": [stored]}}}),
            json!({"version": 4, "lineage": "x", "resources": [raw]}),
        ]
    };
    for (more, expected) in archived.iter().map(|m| (m, 0)).chain(active.iter().map(|m| (m, 1))) {
        for input in of(more) {
            let (report, _) = run(&input);
            assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
            assert_eq!(report.inputs[0].projects, expected, "{more} in {input}");
            let noted = report.notes.iter().any(|n| n.contains("1 archived project is not judged"));
            assert_eq!(noted, expected == 0, "{more}: {:?}", report.notes);
        }
    }
}

#[test]
fn a_project_that_is_replaced_and_forgotten_lives_on_and_that_is_said() {
    let values = |id: &str| json!({"id": id, "project_id": id, "name": "p", "geography": "EU"});
    for actions in [json!(["create", "forget"]), json!(["forget", "create"]), json!(["forget"])] {
        let mut project = resource("openai_project.p", OPENAI, values("proj_2"), json!({}));
        project["change"]["before"] = values("proj_1");
        project["change"]["actions"] = actions.clone();
        let is_replaced = actions.as_array().unwrap().len() == 2;
        if !is_replaced {
            project["change"]["after"] = Value::Null;
        }
        let (report, _) = run(&plan(vec![project]));
        assert_eq!(report.inputs[0].projects, usize::from(is_replaced), "{actions}");
        let notes = report.notes.join("\n");
        assert!(notes.contains("Terraform forgets") && notes.contains("openai_project.p"), "{actions}: {notes}");
        assert_eq!(notes.contains("the project that openai_project.p was"), is_replaced, "{notes}");
    }
}

#[test]
fn a_setting_that_is_forgotten_stays_as_it_is() {
    let values = json!({"id": "proj_1", "project_id": "proj_1", "name": "p", "geography": "EU"});
    let mut project = resource("openai_project.p", OPENAI, values.clone(), json!({}));
    (project["change"]["before"], project["change"]["actions"]) = (values, json!(["no-op"]));
    let list = json!({"project_id": "proj_1", "mode": "allow_list", "model_ids": ["gpt-4.1-2025-04-14"]});
    let mut models = resource("openai_project_model_permissions.p", OPENAI, list.clone(), json!({}));
    models["change"]["before"] = list;
    for (actions, after, stays) in [("no-op", true, true), ("forget", false, true), ("delete", false, false)] {
        models["change"]["actions"] = json!([actions]);
        if !after {
            models["change"]["after"] = Value::Null;
        }
        let (_, facts) = run(&plan(vec![project.clone(), models.clone()]));
        let held = &facts["projects"]["p#openai_project.p"]["models"];
        assert_eq!(held["ids"].is_array(), stays, "{actions}: {held}");
    }
}

#[test]
fn a_project_that_is_replaced_had_what_was_set_of_the_one_before() {
    let values = |id: &str| json!({"id": id, "project_id": id, "name": "p", "geography": "EU"});
    let mut project = resource(
        "openai_project.p",
        OPENAI,
        json!({"name": "p", "geography": "EU"}),
        json!({"id": true, "project_id": true}),
    );
    project["change"]["before"] = values("proj_1");
    project["change"]["actions"] = json!(["delete", "create"]);
    let was = json!({"project_id": "proj_1", "type": "zero_data_retention"});
    let mut retention = resource("openai_project_data_retention.p", OPENAI, was.clone(), json!({}));
    retention["change"]["before"] = was;
    for (actions, after) in
        [("delete", Value::Null), ("no-op", retention["change"]["after"].clone()), ("delete", Value::Null)]
    {
        retention["change"]["actions"] = json!([actions]);
        retention["change"]["after"] = after;
        let (_, facts) = run(&plan(vec![project.clone(), retention.clone()]));
        let change = &facts["projects"]["p#openai_project.p"]["change"];
        assert_eq!(change["before"]["data_retention"], "zero_data_retention", "{actions}: {change}");
        assert_eq!(change["no_longer_managed"], json!([]), "it goes with its project");
        let count = facts["projects"].as_object().unwrap().len();
        assert!(actions == "no-op" || count == 1, "{}", facts["projects"]);
    }
}

#[test]
fn a_data_source_of_tools_is_read() {
    let values = json!({"id": "x", "project_id": "proj_1", "web_search_enabled": false, "response_json": "{}"});
    let input = plan(vec![resource("data.openai_project_hosted_tool_permissions.p", OPENAI, values, json!({}))]);
    assert_eq!(unchecked(&input), Vec::<String>::new());
    let facts = run(&input).1;
    assert_eq!(facts["projects"]["p#proj_1"]["tools"]["web_search"], json!(false), "{}", facts["projects"]);
}

#[test]
fn what_a_tool_is_told_does_not_hide_which_it_is() {
    let tools = |items: Value, marks: Value| {
        let input = plan(vec![resource(
            "openai_response.r",
            MKDEV,
            json!({"model": "m", "tools": items}),
            json!({"tools": marks}),
        )]);
        run(&input).1["uses"].as_object().unwrap().values().next().unwrap()["tools"].clone()
    };
    let items = json!([{"type": "image_generation"}, {"type": "function", "function": [{}]}]);
    let parameters = json!([{}, {"function": [{"parameters": true}]}]);
    assert_eq!(tools(items.clone(), parameters), json!(["image_generation", "function"]));
    for open in [json!([{"type": true}, {}]), json!([true, {}]), json!([{}, {}, true])] {
        assert_eq!(tools(items.clone(), open.clone()), Value::Null, "{open}");
    }
}

#[test]
fn a_setting_that_names_no_control_leaves_it_unknown() {
    let provider = "provider[\"registry.terraform.io/openai/openai\"]";
    let state = |setting: Value| {
        let resource = |kind: &str, name: &str, attributes: Value| {
            json!({"mode": "managed", "type": kind, "name": name, "provider": provider,
                "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}]})
        };
        json!({"version": 4, "lineage": "x", "resources": [
            resource("openai_project", "a", json!({"id": "proj_1", "name": "a", "geography": "EU"})),
            resource("openai_project_data_retention", "x", setting),
            resource("openai_organization_data_retention", "o", json!({"type": "zero_data_retention"})),
        ]})
    };
    for setting in [json!({"project_id": "proj_1"}), json!({"project_id": "proj_1", "type": null})] {
        let (_, facts) = run(&state(setting));
        let project = facts["projects"].as_object().unwrap().values().next().unwrap();
        assert_eq!(project["unknown"]["data_retention"], "the setting names no control", "{project}");
    }
}

#[test]
fn a_word_that_is_no_control_leaves_it_unknown() {
    let unknown = "it is no data retention that is known";
    let with = |kind: &str, before: Value, after: &str| {
        let values = |word: Value| json!({"project_id": "proj_1", "type": word});
        let mut setting = resource(&format!("{kind}.x"), OPENAI, values(after.into()), json!({}));
        if before != Value::Null {
            setting["change"]["before"] = values(before);
            setting["change"]["actions"] = json!(["update"]);
        }
        let mut project =
            resource("openai_project.p", OPENAI, json!({"id": "proj_1", "name": "p", "geography": "EU"}), json!({}));
        project["change"]["before"] = project["change"]["after"].clone();
        project["change"]["actions"] = json!(["no-op"]);
        let (report, facts) = run(&plan(vec![project, setting]));
        (report, facts["projects"]["p#openai_project.p"].clone(), facts["organization"].clone())
    };
    for word in ["zero_data_retention_v2", "Zero_Data_Retention", "zero_data_retention ", "", "default"] {
        let (report, project, _) = with("openai_project_data_retention", Value::Null, word);
        assert_eq!(project["unknown"]["data_retention"], unknown, "{word}: {project}");
        let of = |rule: &str| report.findings.iter().find(|f| f.rule.as_str().ends_with(rule)).unwrap().verdict;
        for rule in ["non-us-region-without-abuse-monitoring-control", "control-without-approval"] {
            assert_eq!(of(rule), Verdict::Undetermined, "{word}: {rule}");
        }
        let (_, project, _) = with("openai_project_data_retention", word.into(), "none");
        assert_eq!(project["data_retention"], "none");
        assert_eq!(project["change"]["before"]["unknown"]["data_retention"], unknown, "{word}: {project}");
        let (_, project, organization) = with("openai_organization_data_retention", Value::Null, word);
        assert_eq!(organization["unknown"]["data_retention"], unknown, "{word}: {organization}");
        assert!(project["unknown"]["effective"].as_str().unwrap().ends_with(unknown), "{word}: {project}");
    }
    let (_, project, organization) = with("openai_organization_data_retention", "none".into(), "organization_default");
    assert_eq!(organization["unknown"]["data_retention"], unknown, "{organization}");
    assert_eq!(organization["change"]["before"]["data_retention"], "none");
    assert!(project["unknown"]["effective"].as_str().unwrap().ends_with(unknown), "{project}");
}

#[test]
fn failed_checks_are_noted_in_states_as_in_plans() {
    let statuses = json!([{"status": "pass"}, {"status": "fail"}, {"status": "error"}, {"status": "unknown"}]);
    for input in [
        json!({"format_version": "1.2", "complete": true, "resource_changes": [], "checks": statuses}),
        json!({"format_version": "1.0", "values": {"root_module": {}}, "checks": statuses}),
        json!({"version": 4, "lineage": "x", "resources": [], "check_results": statuses}),
    ] {
        let notes = run(&input).0.notes.join("\n");
        assert!(notes.contains("2 checks or conditions of the configuration did not pass"), "{input}: {notes}");
    }
    let without = json!({"version": 4, "lineage": "x", "resources": [], "check_results": null});
    assert!(!run(&without).0.notes.join("\n").contains("did not pass"));
}

#[test]
fn a_refresh_keeps_the_data_sources_of_the_state_before() {
    let stored = |address: &str, mode: &str, id: &str| {
        json!({"address": address, "mode": mode, "type": "openai_project", "name": "p",
            "provider_name": "registry.terraform.io/openai/openai", "sensitive_values": {},
            "values": {"id": id, "project_id": id, "name": id, "geography": null}})
    };
    let managed = stored("openai_project.p", "managed", "proj_1");
    let data = stored("data.openai_project.p", "data", "proj_2");
    let values = |resources: Value| json!({"root_module": {"resources": resources}});
    let input = json!({
        "format_version": "1.2", "complete": true, "planned_values": values(json!([managed])),
        "prior_state": {"format_version": "1.0", "values": values(json!([managed, data]))}
    });
    let (report, facts) = run(&input);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    assert_eq!(ids(&facts), ["proj_2", "proj_1"]);
}

#[test]
fn keys_that_data_sources_show_tell_the_project_of_a_client() {
    for kind in ["openai_project_api_key", "openai_project_service_account"] {
        let key = format!("data.{kind}.k");
        let mut project = resource("openai_project.p", MKDEV, json!({"id": "proj_1", "name": "p"}), json!({}));
        project["change"]["actions"] = json!(["update"]);
        let mut input = plan(vec![
            project,
            resource(&key, MKDEV, json!({"project_id": "proj_1", "id": "x"}), json!({})),
            resource(
                "terraform_data.w",
                "builtin/terraform",
                json!({"input": {"env": {}}}),
                json!({"input": {"env": {"OPENAI_API_KEY": true}}}),
            ),
        ]);
        input["configuration"] = json!({"root_module": {"resources": [{
            "address": "terraform_data.w", "mode": "managed", "type": "terraform_data", "name": "w",
            "expressions": {"input": {"references": [format!("{key}.id"), key]}}, "x": "OPENAI_API_KEY openai"
        }, {"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p"}]}});
        let (report, facts) = run(&input);
        assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
        let client = &facts["clients"]["p#terraform_data.w@input.env"];
        assert_eq!((&client["project"], &client["linked_by"]), (&json!("p#openai_project.p"), &json!("reference")));
    }
}

#[test]
fn newer_attributes_of_calls_are_read_where_a_provider_has_them() {
    let of = |after: Value, unknown: Value| {
        let (report, facts) = run(&plan(vec![resource("openai_response.r", MKDEV, after, unknown)]));
        let call = facts["uses"].as_object().unwrap().values().next().unwrap().clone();
        let unchecked = report.unchecked.len();
        (
            call["store"].clone(),
            call["background"].clone(),
            call["service_tier"].clone(),
            call["unknown"].clone(),
            unchecked,
        )
    };
    let none = Value::Null;
    let plain = of(json!({"model": "m"}), json!({}));
    assert_eq!(plain, (none.clone(), none.clone(), none.clone(), json!({}), 0), "an attribute it lacks is absent");
    for (tier, word) in
        [("default", "standard"), ("priority", "fast"), ("flex", "flex"), ("auto", "auto"), ("scale", "scale")]
    {
        let read = of(json!({"store": false, "background": true, "service_tier": tier}), json!({}));
        assert_eq!(read, (json!(false), json!(true), json!(word), json!({}), 0), "{tier}");
    }
    let read = of(json!({"service_tier": "warp"}), json!({"store": true, "background": true}));
    let open = json!({"store": "known after apply", "background": "known after apply",
        "service_tier": "it names a service tier that is not known"});
    assert_eq!(read, (none.clone(), none.clone(), none, open, 0));
    let wrong = of(json!({"background": "yes", "service_tier": 7}), json!({}));
    assert_eq!((wrong.3["background"].is_string(), wrong.3["service_tier"].is_string(), wrong.4), (true, true, 2));
}
