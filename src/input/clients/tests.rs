//! What is found in workloads of every kind.

mod texts;

use super::environment::{Environment, Variable, environments};
use super::setting::Set;
use super::*;
use crate::document::parse_json;

fn of(values: &str, unknown: &str, sensitive: &str) -> Vec<Environment> {
    let tree = |text: &str| (!text.is_empty()).then(|| parse_json(text).unwrap());
    let (values, unknown, sensitive) = (tree(values), tree(unknown), tree(sensitive));
    environments(values.as_ref(), unknown.as_ref(), sensitive.as_ref()).0
}

/// Each environment as `path NAME=value …`; a value that is not known as `?reason`.
fn shown(values: &str) -> Vec<String> {
    show(&of(values, "", ""))
}

fn show(environments: &[Environment]) -> Vec<String> {
    let value = |set: &Set| match set {
        Set::Known(text) => text.clone(),
        Set::Unknown(reason) => format!("?{reason}"),
    };
    let line = |e: &Environment| {
        let variables: Vec<String> = e
            .variables
            .iter()
            .map(|(v, s)| format!("{}={}", v.name().trim_start_matches("OPENAI_"), value(&s.value)))
            .collect();
        format!("{} {}", e.path, variables.join(" "))
    };
    environments.iter().map(line).collect()
}

const URL: &str = "https://eu.api.openai.com/v1";

#[test]
fn what_is_sensitive_as_a_whole_is_found_and_not_shown() {
    // As a state of google_cloud_run_v2_service has it, where one variable of the set is sensitive.
    let set = r#"{"env":[{"name":"DB","value":"x"},{"name":"OPENAI_PROJECT","value":"proj_1"},
        {"name":"OPENAI_BASE_URL","value":"https://api.openai.com/v1"}]}"#;
    assert_eq!(show(&of(set, "", r#"{"env":true}"#)), ["value PROJECT=?sensitive BASE_URL=?sensitive"]);
    let unknown = r#"{"env":[{"value":true},{"name":"DB","value":"x"},{"name":"OPENAI_BASE_URL","value":"y"}]}"#;
    assert_eq!(show(&of(unknown, "", r#"{"env":true}"#)), ["value BASE_URL=?sensitive"]);
    for text in [
        r#"{"text":"[{\"env\":{\"OPENAI_BASE_URL\":\"https://x.example\",\"OPENAI_PROJECT\":\"proj_1\"}}]"}"#,
        r#"{"text":"export OPENAI_BASE_URL=https://x.example\nexport OPENAI_PROJECT=proj_1\n"}"#,
    ] {
        let found = show(&of(text, "", r#"{"text":true}"#));
        assert!(found.len() == 1 && found[0].ends_with(" PROJECT=?sensitive BASE_URL=?sensitive"), "{found:?}");
    }
    let list = r#"{"env":["OPENAI_BASE_URL=https://x.example","OPENAI_API_BASE=https://y.example"]}"#;
    assert_eq!(
        show(&of(list, "", r#"{"env":[true,false]}"#)),
        ["value BASE_URL=?sensitive API_BASE=https://y.example"]
    );
}

#[test]
fn a_variable_that_is_not_known_twice_is_none_of_both() {
    let values = r#"{"env":[{"name":"OPENAI_PROJECT"},{"name":"OPENAI_PROJECT"}]}"#;
    let found = of(values, r#"{"env":[{"value":true},{"value":true}]}"#, "");
    assert_eq!(show(&found), ["value PROJECT=?set twice"]);
    let setting = &found[0].variables[&Variable::Project];
    assert!(setting.span.is_none() && !setting.after_apply);
}

#[test]
fn maps_and_pairs_are_environments() {
    let lambda = r#"{"environment":[{"variables":{"OPENAI_BASE_URL":"https://eu.api.openai.com/v1","OTHER":"x","OPENAI_API_KEY":"abc"}}]}"#;
    assert_eq!(shown(lambda), [format!("environment[0].variables API_KEY=?a key, not kept BASE_URL={URL}")]);
    let kubernetes = r#"{"spec":[{"template":[{"spec":[{"container":[
        {"name":"a","env":[{"name":"OPENAI_API_KEY","value":"","value_from":[{"secret_key_ref":[{"name":"s","key":"k"}]}]},
                           {"name":"OPENAI_PROJECT_ID","value":"proj_1","value_from":[]}]},
        {"name":"b","env":[{"name":"OPENAI_API_BASE","value":"https://api.openai.com/v1"}]}]}]}]}]}"#;
    assert_eq!(
        shown(kubernetes),
        [
            "spec[0].template[0].spec[0].container[0] API_KEY=?set from elsewhere PROJECT_ID=proj_1",
            "spec[0].template[0].spec[0].container[1] API_BASE=https://api.openai.com/v1",
        ]
    );
    let ecs = r#"{"container_definitions":"[{\"name\":\"a\",\"environment\":[{\"name\":\"OPENAI_BASE_URL\",\"value\":\"https://eu.api.openai.com/v1\"}],\"secrets\":[{\"name\":\"OPENAI_API_KEY\",\"valueFrom\":\"arn:x\"}]}]"}"#;
    assert_eq!(shown(ecs), [format!("container_definitions[0] API_KEY=?set from elsewhere BASE_URL={URL}")]);
    let azure = r#"{"template":[{"container":[{"env":[{"name":"OPENAI_API_KEY","secret_name":"key","value":null},{"name":"OPENAI_PROJECT","secret_name":null,"value":"proj_1"}]}]}]}"#;
    assert_eq!(shown(azure), ["template[0].container[0] API_KEY=?set from elsewhere PROJECT=proj_1"]);
    assert_eq!(
        shown(r#"{"env":["A=b","OPENAI_BASE_URL=https://x.example/v1"]}"#),
        [" BASE_URL=https://x.example/v1".trim_start()].map(|t| format!("value {t}"))
    );
    assert_eq!(shown(r#"{"variable_name":"OPENAI_PROJECT","value":"proj_1"}"#), ["value PROJECT=proj_1"]);
}

#[test]
fn helm_takes_dotted_names() {
    let direct = r#"{"set":[{"name":"app.env.OPENAI_BASE_URL","value":"https://eu.api.openai.com/v1"},{"name":"app.env.OPENAI_PROJECT","value":"proj_1"},{"name":"x","value":"y"}]}"#;
    assert_eq!(shown(direct), [format!("app.env PROJECT=proj_1 BASE_URL={URL}")]);
    let indexed = r#"{"set":[{"name":"env[0].name","value":"OPENAI_BASE_URL"},{"name":"env[0].value","value":"https://eu.api.openai.com/v1"},
        {"name":"env[1].name","value":"OPENAI_API_KEY"},{"name":"env[1].valueFrom.secretKeyRef.name","value":"s"}]}"#;
    assert_eq!(shown(indexed), [format!("env API_KEY=?set from elsewhere BASE_URL={URL}")]);
    let values = r#"{"values":["env:\n  - name: OPENAI_BASE_URL\n    value: \"https://eu.api.openai.com/v1\"\n  - name: OPENAI_API_KEY\n    valueFrom:\n      secretKeyRef: {}\nother:\n  OPENAI_PROJECT: proj_1 # comment\n"]}"#;
    assert_eq!(shown(values), [format!("values[0] API_KEY=?set from elsewhere PROJECT=proj_1 BASE_URL={URL}")]);
}

#[test]
fn what_a_release_sets_again_later_is_not_known() {
    let laid = |values: &str, open: &[&str]| {
        let mut found = of(values, "", "");
        release::lay_over(&mut found, &open.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        let mut lines = show(&found);
        lines.sort();
        lines
    };
    let again = "set again in a later part of the release";
    let twice = r#"{"values":["OPENAI_PROJECT: proj_1\nOPENAI_BASE_URL: https://eu.api.openai.com/v1\n","OPENAI_API_BASE: https://api.openai.com/v1\n"]}"#;
    let lines = [
        format!("values[0] PROJECT=proj_1 BASE_URL=?{again}"),
        "values[1] API_BASE=https://api.openai.com/v1".to_owned(),
    ];
    assert_eq!(laid(twice, &[]), lines);
    // The projects stay, and what comes to the same host is the same.
    let set = r#"{"values":["OPENAI_PROJECT: proj_1\nOPENAI_BASE_URL: https://eu.api.openai.com/v1\n"],"set":[{"name":"env.OPENAI_PROJECT","value":"proj_2"},{"name":"env.OPENAI_BASE_URL","value":"https://eu.api.openai.com/v1/"}]}"#;
    let lines = [format!("env PROJECT=proj_2 BASE_URL={URL}/"), format!("values[0] PROJECT=proj_1 BASE_URL={URL}")];
    assert_eq!(laid(set, &[]), lines);
    let open = r#"{"values":["OPENAI_PROJECT: proj_1\nOPENAI_API_BASE: https://eu.api.openai.com/v1\n"]}"#;
    let line = "values[0] PROJECT=proj_1 API_BASE=?other values of the release are not known";
    for path in ["set", "set[0].name", "values[1]"] {
        assert_eq!(laid(open, &[path]), [line], "{path}");
    }
    for (set, is_open) in [
        (r#"{"name":"env[1].value","value":"https://api.openai.com/v1"}"#, true),
        (r#"{"name":"env[1].name","value":"OPENAI_BASE_URL"}"#, true),
        (r#"{"name":"env[1].name","value":"X"},{"name":"env[1].value","value":"y"}"#, false),
        (r#"{"name":"image.name","value":"x"}"#, false),
    ] {
        let values = open.replace("\"]}", &format!("\"],\"set\":[{set}]}}"));
        let tree = parse_json(&values).unwrap();
        let paths = release::halves(Some(&tree));
        let laid = laid(&values, &paths.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(laid.contains(&line.to_owned()), is_open, "{set}: {laid:?}");
    }
    for path in ["set[0].value", "values[0]", "values[0].x", "name"] {
        assert_eq!(laid(open, &[path]), [format!("values[0] PROJECT=proj_1 API_BASE={URL}")], "{path}");
    }
}

#[test]
fn a_command_beside_an_environment_may_set_its_base_url() {
    let overruled = |values: &str| {
        let mut found = of(values, "", "");
        command::overrule(&mut found);
        show(&found)
    };
    let other = "?a command beside it sets another one";
    let env = |host: &str| {
        format!(
            r#""env":[{{"name":"OPENAI_PROJECT","value":"p"}},{{"name":"OPENAI_BASE_URL","value":"https://{host}/v1"}}]"#
        )
    };
    let command = |text: &str| format!(r#""command":["sh","-c","{text}"]"#);
    let global = command("export OPENAI_BASE_URL=https://api.openai.com/v1; app");
    let container = |command: &str| {
        format!(r#"{{"container":[{{{},{command}}},{{{}}}]}}"#, env("eu.api.openai.com"), env("us.api.openai.com"))
    };
    let lines = overruled(&container(&global));
    assert!(lines.contains(&format!("container[0] PROJECT=p BASE_URL={other}")), "{lines:?}");
    assert!(lines.contains(&"container[1] PROJECT=p BASE_URL=https://us.api.openai.com/v1".to_owned()), "{lines:?}");
    for same in ["export OPENAI_BASE_URL=https://eu.api.openai.com/v1/; app", "echo $OPENAI_BASE_URL", "app"] {
        let lines = overruled(&container(&command(same)));
        assert!(lines.contains(&format!("container[0] PROJECT=p BASE_URL={URL}")), "{same}: {lines:?}");
    }
    let map = format!(r#"{{"x":[{{"environment":{{"OPENAI_PROJECT":"p","OPENAI_BASE_URL":"{URL}"}},{global}}}]}}"#);
    assert_eq!(overruled(&map)[1], format!("x[0].environment PROJECT=p BASE_URL={other}"));
    let top = format!(r#"{{"environment":{{"OPENAI_PROJECT":"p","OPENAI_BASE_URL":"{URL}"}},{global}}}"#);
    assert_eq!(overruled(&top)[1], format!("environment PROJECT=p BASE_URL={other}"));
    // One that names its project is a client of its own.
    let own = command("export OPENAI_PROJECT=q OPENAI_BASE_URL=https://api.openai.com/v1; app");
    let lines = overruled(&container(&own));
    assert!(lines.contains(&format!("container[0] PROJECT=p BASE_URL={URL}")), "{lines:?}");
}

#[test]
fn a_host_is_read_without_the_space_around_its_url() {
    assert_eq!(host(" https://eu.api.openai.com/v1\n").as_deref(), Ok("eu.api.openai.com"));
}

#[test]
fn what_a_command_changes_or_takes_away_is_not_known() {
    let shown_with = |line: &str, more: &str| {
        let text = format!("{line}\n{more}\n");
        shown(&serde_json::json!({ "user_data": text }).to_string())
    };
    let url = format!("export OPENAI_PROJECT=proj_1 OPENAI_BASE_URL={URL}");
    for more in [
        "unset OPENAI_BASE_URL",
        "unset A OPENAI_BASE_URL B",
        "true && unset -v OPENAI_BASE_URL",
        "env -u OPENAI_BASE_URL python app.py",
        "exec env --unset=OPENAI_BASE_URL python app.py",
        "bash -c 'unset OPENAI_BASE_URL'",
        "  - unset OPENAI_BASE_URL",
        "export -n OPENAI_BASE_URL",
        "set -e OPENAI_BASE_URL",
        "set --erase OPENAI_BASE_URL",
        "UnsetEnvironment=OPENAI_BASE_URL",
        "Remove-Item Env:OPENAI_BASE_URL",
        "export OPENAI_BASE_URL+=@api.openai.com/v1",
    ] {
        assert_eq!(
            shown_with(&url, more),
            ["user_data PROJECT=proj_1 BASE_URL=?set, and changed or taken away"],
            "{more}"
        );
    }
    // The project stays, and what only reads changes nothing.
    for more in
        ["unset OPENAI_PROJECT", "echo ${OPENAI_PROJECT#proj_} ${OPENAI_BASE_URL%/}", "set -eu; echo $OPENAI_BASE_URL"]
    {
        assert_eq!(shown_with(&url, more), [format!("user_data PROJECT=proj_1 BASE_URL={URL}")], "{more}");
    }
    let fish = format!("set --export OPENAI_BASE_URL {URL}");
    assert_eq!(
        shown_with(&fish, "set --export OPENAI_PROJECT proj_1"),
        [format!("user_data PROJECT=proj_1 BASE_URL={URL}")]
    );
    // Taken away alone, it is no environment.
    assert_eq!(shown(r#"{"user_data":"unset OPENAI_BASE_URL\n"}"#), Vec::<String>::new());
}

#[test]
fn pairs_of_other_names_are_environments() {
    let functions = r#"{"service_config":[{"environment_variables":{"OPENAI_BASE_URL":"https://eu.api.openai.com/v1"},
        "secret_environment_variables":[{"key":"OPENAI_API_KEY","secret":"x","version":"1"}]}]}"#;
    assert_eq!(shown(functions), [format!("service_config[0] API_KEY=?set from elsewhere BASE_URL={URL}")]);
    for (values, says) in [
        (r#"{"secret_name":"OPENAI_API_KEY","plaintext_value":"abc","repository":"r"}"#, "API_KEY=?a key, not kept"),
        (
            r#"{"secret_name":"OPENAI_API_KEY","encrypted_value":null,"plaintext_value":"abc"}"#,
            "API_KEY=?a key, not kept",
        ),
        (
            r#"{"name":"/prod/OPENAI_BASE_URL","value":"https://x.example/v1","type":"String"}"#,
            "BASE_URL=https://x.example/v1",
        ),
        (r#"{"name":"/prod/OPENAI_PROJECT","insecure_value":null,"value":"proj_1"}"#, "PROJECT=proj_1"),
    ] {
        assert_eq!(shown(values), [format!("value {says}")], "{values}");
    }
    // The name of a secret that something else is taken from.
    assert_eq!(shown(r#"{"env":[{"name":"KEY","secret_name":"OPENAI_API_KEY","value":"x"}]}"#), Vec::<String>::new());
}

#[test]
fn maps_of_plain_and_of_secret_variables_are_one_environment() {
    let runner = r#"{"source_configuration":[{"image_repository":[{"image_configuration":[{
        "runtime_environment_secrets":{"OPENAI_API_KEY":"arn:aws:secretsmanager:x","OPENAI_PROJECT":"arn:aws:ssm:y"},
        "runtime_environment_variables":{"OPENAI_BASE_URL":"https://eu.api.openai.com/v1"}}]}]}]}"#;
    let path = "source_configuration[0].image_repository[0].image_configuration[0].runtime_environment_variables";
    let variables = format!("API_KEY=?a key, not kept PROJECT=?set from elsewhere BASE_URL={URL}");
    assert_eq!(shown(runner), [format!("{path} {variables}")]);
    let instances = r#"{"container":[
        {"environment_variables":{"OPENAI_BASE_URL":"https://a.example"},"secure_environment_variables":{"OPENAI_API_KEY":"a"}},
        {"environment_variables":{"A":"b"},"secure_environment_variables":{"OPENAI_API_KEY":"b"}}]}"#;
    assert_eq!(
        shown(instances),
        [
            "container[0].environment_variables API_KEY=?a key, not kept BASE_URL=https://a.example",
            "container[1].secure_environment_variables API_KEY=?a key, not kept",
        ]
    );
    let app = of(r#"{"config_vars":{"OPENAI_PROJECT":"p"},"sensitive_config_vars":{"OPENAI_API_KEY":"a"}}"#, "", "");
    assert_eq!(show(&app), ["config_vars API_KEY=?a key, not kept PROJECT=p"]);
    assert_eq!(app[0].attribute(Variable::ApiKey), "sensitive_config_vars");
    assert_eq!(app[0].attribute(Variable::Project), "config_vars");
    let both = of(
        r#"{"environment_variables":{"OPENAI_PROJECT":"p"},"secure_environment_variables":{"OPENAI_PROJECT":"q"}}"#,
        "",
        "",
    );
    assert_eq!(show(&both), ["environment_variables PROJECT=?set twice"]);
    // Other workloads stay apart.
    let apart =
        r#"{"build_environment_variables":{"OPENAI_PROJECT":"p"},"environment_variables":{"OPENAI_PROJECT":"q"}}"#;
    assert_eq!(shown(apart), ["build_environment_variables PROJECT=p", "environment_variables PROJECT=q"]);
}

#[test]
fn items_of_yaml_and_json_in_text_are_pairs_however_they_are_written() {
    for text in [
        "env:\n  - {name: OPENAI_BASE_URL, value: \"https://eu.api.openai.com/v1\"}\n",
        "env:\n  - {name: OPENAI_BASE_URL, value: https://eu.api.openai.com/v1}\n",
        "env: [{name: A, value: b}, {value: https://eu.api.openai.com/v1, name: OPENAI_BASE_URL}, {name: B}]\n",
        "x {\"name\": \"OPENAI_BASE_URL\", \"value\": \"https://eu.api.openai.com/v1\"}, {\"name\": \"B\", \"value\": \"c\"}",
        "env:\n  - value: https://eu.api.openai.com/v1\n    name: OPENAI_BASE_URL\n  - name: A\n    value: b\n",
        "env:\n  - value: \"https://eu.api.openai.com/v1\"\n    name: OPENAI_BASE_URL\nother:\n  value: b\n",
        "x\n  {\n    \"name\": \"OPENAI_BASE_URL\",\n    \"value\": \"https://eu.api.openai.com/v1\"\n  }\n",
        "env:\n- name: OPENAI_BASE_URL\n  value: https://eu.api.openai.com/v1\n",
    ] {
        let values = serde_json::json!({ "values": [text] }).to_string();
        assert_eq!(shown(&values), [format!("values[0] BASE_URL={URL}")], "{text}");
    }
    let elsewhere = "env:\n  - valueFrom: {secretKeyRef: {}}\n    name: OPENAI_API_KEY\n";
    let values = serde_json::json!({ "values": [elsewhere] }).to_string();
    assert_eq!(shown(&values), ["values[0] API_KEY=?set from elsewhere"]);
}

#[test]
fn what_only_names_a_variable_is_told_from_what_does_not() {
    let mentioned = |values: &str| mention::mentions(Some(&parse_json(values).unwrap()));
    for text in [
        "set OPENAI_BASE_URL to the host of your region",
        "echo $OPENAI_BASE_URL",
        "[Environment]::SetEnvironmentVariable('OPENAI_API_KEY', $key)",
        "# a comment\nrun --with OPENAI_PROJECT\n",
    ] {
        assert!(mentioned(&serde_json::json!({ "a": [{ "text": text }] }).to_string()), "{text}");
        let encoded = data_encoding::BASE64.encode(text.as_bytes());
        assert!(mentioned(&serde_json::json!({ "text": encoded }).to_string()), "{text}");
    }
    assert!(mentioned(r#"{"x":{"OPENAI_API_KEY":{"from":"vault"}}}"#));
    for text in [
        "# OPENAI_BASE_URL",
        "  // OPENAI_BASE_URL=x",
        "run # OPENAI_PROJECT",
        "AZURE_OPENAI_API_KEY",
        "OPENAI_ORG",
        "OPENAI_API_KEYS",
    ] {
        assert!(!mentioned(&serde_json::json!({ "text": text }).to_string()), "{text}");
    }
    for values in [r#"{"tags":{"OPENAI_PROJECT":"x"}}"#, r#"{"env":{"OPENAI_PROJECT":null}}"#] {
        assert!(!mentioned(values), "{values}");
    }
}

#[test]
fn a_command_in_a_list_sets_all_that_it_assigns() {
    for command in [
        "OPENAI_PROJECT=proj_1 OPENAI_BASE_URL=https://eu.api.openai.com/v1 python app.py",
        "OPENAI_BASE_URL=https://eu.api.openai.com/v1 OPENAI_PROJECT=proj_1 python app.py",
        "OPENAI_BASE_URL=https://eu.api.openai.com/v1;OPENAI_PROJECT=proj_1;app",
    ] {
        let values = serde_json::json!({ "container": [{ "command": ["sh", "-c", command] }] }).to_string();
        assert_eq!(shown(&values), [format!("container[0] PROJECT=proj_1 BASE_URL={URL}")], "{command}");
    }
}

#[test]
fn a_value_of_another_pair_is_not_taken() {
    for text in [
        "[\n {\"name\": \"OPENAI_BASE_URL\"},\n {\"name\": \"LOG\",\n  \"value\": \"https://eu.x\"}\n]",
        "[\n{\n\"name\": \"OPENAI_BASE_URL\"\n},\n{\n\"value\": \"https://eu.x\",\n\"name\": \"LOG\"\n}\n]",
        "[\n{\n\"value\": \"https://eu.x\"\n},\n{\n\"name\": \"OPENAI_BASE_URL\"\n}\n]",
        "name = \"OPENAI_BASE_URL\"\n[[env]]\nvalue = \"https://eu.x\"\n",
        "<add key=\"OPENAI_BASE_URL\"/>\n<add key=\"LOG\" value=\"https://eu.x\"/>",
        "name: OPENAI_BASE_URL\nname: LOG\nvalue: https://eu.x\n",
    ] {
        // No JSON as a whole, so that it is read as text.
        let values = serde_json::json!({ "text": format!("cat <<EOF\n{text}\nEOF\n") }).to_string();
        assert_eq!(shown(&values), Vec::<String>::new(), "{text}");
        assert!(of_unread(&values), "{text}");
    }
}

/// Whether a base URL is named that was not understood.
fn of_unread(values: &str) -> bool {
    environments(Some(&parse_json(values).unwrap()), None, None).1
}

#[test]
fn a_base_url_that_was_not_understood_is_told_beside_what_was() {
    let other = "[Environment]::SetEnvironmentVariable(\"OPENAI_BASE_URL\", $url)";
    for (text, told) in [
        (format!("$env:OPENAI_PROJECT=\"proj_1\"\n{other}"), true),
        (format!("OPENAI_BASE_URL=https://x.example\n{other}"), false),
        ("export OPENAI_PROJECT=proj_1\ncurl $OPENAI_BASE_URL ${OPENAI_API_BASE}".to_owned(), false),
        ("OPENAI_PROJECT=proj_1\n# OPENAI_BASE_URL\nrun # OPENAI_BASE_URL".to_owned(), false),
    ] {
        assert_eq!(of_unread(&serde_json::json!({ "text": text }).to_string()), told, "{text}");
    }
}

#[test]
fn what_a_secret_holds_in_base64_is_read() {
    let base64 = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    let (url, project, key) = (base64(URL), base64("proj_1"), base64("sk-abc"));
    let data = serde_json::json!({ "OPENAI_BASE_URL": url, "OPENAI_PROJECT": project, "OPENAI_API_KEY": key });
    let found = of(&serde_json::json!({ "binary_data": data }).to_string(), "", "");
    assert_eq!(show(&found), [format!("binary_data API_KEY=?a key, not kept PROJECT=proj_1 BASE_URL={URL}")]);
    let plain = of(r#"{"env":{"OPENAI_API_KEY":"sk-abc"}}"#, "", "");
    let digest = |e: &[Environment]| e[0].variables[&Variable::ApiKey].digest.clone().unwrap();
    assert_eq!(digest(&found), digest(&plain));
    let manifest = format!("kind: Secret\ndata:\n  app.env: {}\n", base64("OPENAI_BASE_URL=https://x.example\n"));
    let values = serde_json::json!({ "yaml_body": manifest }).to_string();
    assert!(MARKS.iter().any(|mark| values.contains(mark)));
    assert_eq!(shown(&values), ["yaml_body BASE_URL=https://x.example"]);
}

#[test]
fn keys_of_maps_that_must_not_be_shown_are_numbered() {
    let inner = r#"{"OPENAI_BASE_URL":"https://x.example"}"#;
    let secret = format!(r#"{{"input":{{"HIDDEN1":{inner},"HIDDEN2":{inner}}}}}"#);
    let found = of(&secret, "", r#"{"input":true}"#);
    assert_eq!(show(&found), ["input[0] BASE_URL=?sensitive", "input[1] BASE_URL=?sensitive"]);
    assert!(!format!("{found:?}").contains("HIDDEN"));
    let key = format!(r#"{{"input":{{"a":1,"sk-proj-abcdefgh":{inner}}}}}"#);
    assert_eq!(shown(&key), ["input[1] BASE_URL=https://x.example"]);
    let name = r#"{"set":[{"name":"sk-proj-abcdefgh.OPENAI_BASE_URL","value":"https://x.example"}]}"#;
    assert_eq!(shown(name), Vec::<String>::new());
}

#[test]
fn texts_assign_variables() {
    for (text, says) in [
        ("export OPENAI_BASE_URL=\"https://eu.api.openai.com/v1\"\n", format!("BASE_URL={URL}")),
        ("OPENAI_BASE_URL='https://eu.api.openai.com/v1'", format!("BASE_URL={URL}")),
        ("docker run -e OPENAI_BASE_URL=https://eu.api.openai.com/v1 image", format!("BASE_URL={URL}")),
        ("Environment=\"OPENAI_BASE_URL=https://eu.api.openai.com/v1\" \"A=b\"", format!("BASE_URL={URL}")),
        ("  OPENAI_BASE_URL: https://eu.api.openai.com/v1\n", format!("BASE_URL={URL}")),
        ("{'OPENAI_BASE_URL': 'https://eu.api.openai.com/v1', x", format!("BASE_URL={URL}")),
        ("OPENAI_BASE_URL=https://$HOST/v1", "BASE_URL=?computed in the text".to_owned()),
        ("OPENAI_PROJECT=a\nOPENAI_PROJECT=b", "PROJECT=?set twice".to_owned()),
        ("OPENAI_PROJECT=sk-abc", "PROJECT=?looks like a key, not kept".to_owned()),
        ("OPENAI_PROJECT_ID=proj_1", "PROJECT_ID=proj_1".to_owned()),
        ("setx OPENAI_BASE_URL https://eu.api.openai.com/v1 /M", format!("BASE_URL={URL}")),
        ("SETX OPENAI_BASE_URL \"https://eu.api.openai.com/v1\"", format!("BASE_URL={URL}")),
        ("setenv OPENAI_BASE_URL 'https://eu.api.openai.com/v1'", format!("BASE_URL={URL}")),
        ("set -gx OPENAI_BASE_URL https://eu.api.openai.com/v1", format!("BASE_URL={URL}")),
        ("FROM x\nENV OPENAI_BASE_URL https://eu.api.openai.com/v1\n", format!("BASE_URL={URL}")),
        ("ENV OPENAI_BASE_URL=https://eu.api.openai.com/v1 A=b", format!("BASE_URL={URL}")),
        ("setenv OPENAI_BASE_URL $HOST", "BASE_URL=?computed in the text".to_owned()),
        (
            "run \"{\\\"name\\\":\\\"OPENAI_BASE_URL\\\",\\\"value\\\":\\\"https://a.example\\\"}\"",
            "BASE_URL=https://a.example".to_owned(),
        ),
        (
            "[[env]]\nname = \"OPENAI_BASE_URL\"\nvalue = \"https://a.example\"\n[[env]]\nname=\"A\"",
            "BASE_URL=https://a.example".to_owned(),
        ),
        ("<add key=\"OPENAI_BASE_URL\" value=\"https://a.example\"/>", "BASE_URL=https://a.example".to_owned()),
    ] {
        let plain = serde_json::json!({ "user_data": text }).to_string();
        assert_eq!(shown(&plain), [format!("user_data {says}")], "{text}");
        let encoded = data_encoding::BASE64.encode(text.as_bytes());
        let encoded = serde_json::json!({ "user_data_base64": encoded }).to_string();
        assert!(MARKS.iter().any(|mark| encoded.contains(mark)), "{text}");
        assert_eq!(shown(&encoded), [format!("user_data_base64 {says}")], "{text}");
    }
}

#[test]
fn what_only_mentions_a_name_sets_nothing() {
    for text in [
        "# OPENAI_BASE_URL=https://x",
        "// OPENAI_BASE_URL=https://x",
        "set OPENAI_BASE_URL to the host of your region",
        "echo $OPENAI_BASE_URL",
        "if [ \"$OPENAI_BASE_URL\" == x ]",
        "AZURE_OPENAI_API_KEY=x",
        "OPENAI_API_KEY_FILE=/run/x",
        "OPENAI_BASE_URL:\n",
        "openai_base_url=x",
        "name: OPENAI_PROJECT\n- value: x",
    ] {
        let values = serde_json::json!({ "text": text }).to_string();
        assert_eq!(shown(&values), Vec::<String>::new(), "{text}");
    }
    // What may begin a comment may stand in a text: neither is it set to that, nor can it be passed over.
    for (text, expected) in [
        (
            "OPENAI_PROJECT=proj_1 # OPENAI_BASE_URL=https://eu.api.openai.com/v1",
            "PROJECT=proj_1 BASE_URL=?set behind what may begin a comment",
        ),
        (
            "echo 'a # b'; OPENAI_BASE_URL=https://eu.api.openai.com/v1 run",
            "BASE_URL=?set behind what may begin a comment",
        ),
        (
            "A=1 // OPENAI_BASE_URL=https://x\nOPENAI_BASE_URL=https://eu.api.openai.com/v1",
            "BASE_URL=https://eu.api.openai.com/v1",
        ),
    ] {
        let values = serde_json::json!({ "text": text }).to_string();
        assert_eq!(shown(&values), [format!("text {expected}")], "{text}");
    }
    for values in [
        r#"{"tags":{"OPENAI_PROJECT":"x"}}"#,
        r#"{"environment":{"AZURE_OPENAI_API_KEY":"x","OPENAI_ORG":"x","OPENAI_BASE_URL":null}}"#,
        r#"{"name":"OPENAI_API_KEY"}"#,
        r#"{"description":"OPENAI_API_KEY"}"#,
    ] {
        assert_eq!(shown(values), Vec::<String>::new(), "{values}");
    }
}

#[test]
fn marks_hide_values_and_keys_that_only_they_know_are_set() {
    let environments = of(
        r#"{"env":{"OPENAI_PROJECT":"proj_1","OPENAI_API_KEY":"abc"}}"#,
        r#"{"env":{"OPENAI_BASE_URL":true}}"#,
        r#"{"env":{"OPENAI_API_KEY":true,"OPENAI_PROJECT":true}}"#,
    );
    assert_eq!(show(&environments), ["env API_KEY=?sensitive PROJECT=?sensitive BASE_URL=?known after apply"]);
    assert!(environments[0].variables[&Variable::ApiKey].digest.is_some());
    assert!(environments[0].variables[&Variable::Project].digest.is_some());
    assert!(!format!("{environments:?}").contains("abc") && !format!("{environments:?}").contains("proj_1"));
    let list = of(
        r#"{"c":[{"env":[{"name":"OPENAI_API_KEY"},{"name":"OPENAI_BASE_URL","value":"https://x.example"}]}]}"#,
        r#"{"c":[{"env":[{"value":true},{}]}]}"#,
        r#"{"c":[{"env":[{"value":true},{}]}]}"#,
    );
    assert_eq!(show(&list), ["c[0] API_KEY=?sensitive BASE_URL=https://x.example"]);
    let hidden = of(r#"{"env":{"OPENAI_BASE_URL":"https://x.example"}}"#, "", "true");
    assert_eq!(show(&hidden), ["env BASE_URL=?sensitive"]);
}

#[test]
fn an_item_of_a_set_that_is_unknown_as_a_whole_moves_no_mark() {
    let environments = of(
        r#"{"env":[{"name":"OPENAI_PROJECT","value":"proj_1"},{"name":"OPENAI_BASE_URL"}]}"#,
        r#"{"env":[true,{},{"value":true}]}"#,
        "",
    );
    assert_eq!(show(&environments), ["value PROJECT=proj_1 BASE_URL=?known after apply"]);
}

#[test]
fn no_text_makes_the_search_fail() {
    let texts = [
        "Environment=\"OPENAI_BASE_URL=é\" name: OPENAI_API_KEY\n value: 'x",
        "{\"OPENAI_BASE_URL\": [\"{\\\"OPENAI_PROJECT\\\": 1}\", {\"name\": \"OPENAI_PROJECT\", \"value\": {}}]}",
    ];
    for text in texts {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            for start in (0..=end).step_by(3).filter(|start| text.is_char_boundary(*start)) {
                shown(&serde_json::json!({ "a": text[start..end], "b": [text[..end]] }).to_string());
            }
        }
    }
    let long = "OPENAI_BASE_URL=\"".repeat(20_000);
    assert_eq!(shown(&serde_json::json!({ "a": long }).to_string()).len(), 1);
}
