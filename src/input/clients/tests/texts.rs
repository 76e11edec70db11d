//! What commands take away and comments hold, and texts of several workloads.

use super::{URL, shown};

/// What is found in a text.
fn shown_text(text: &str) -> Vec<String> {
    shown(&serde_json::json!({ "user_data": text.replace("EU", URL) }).to_string())
}

#[test]
fn commands_take_a_variable_away_in_many_forms() {
    for script in [
        "{ unset OPENAI_BASE_URL; }",
        "unset \"OPENAI_BASE_URL\"",
        "unset 'OPENAI_BASE_URL'",
        "env -uOPENAI_BASE_URL ./app",
        "unset FOO \\\n  OPENAI_BASE_URL",
        "exec env \\\n  -u OPENAI_BASE_URL ./app",
        "systemctl unset-environment OPENAI_BASE_URL",
        "launchctl unsetenv OPENAI_BASE_URL",
        "time builtin unset OPENAI_BASE_URL",
        "declare +x OPENAI_BASE_URL",
        "del Env:OPENAI_BASE_URL",
        "read -r OPENAI_BASE_URL < /etc/url",
        "printf -v OPENAI_BASE_URL '%s' \"$1\"",
        "sed -i /OPENAI_BASE_URL/d /etc/environment",
    ] {
        let found = shown_text(&format!("export OPENAI_BASE_URL=EU\n{script}\n"));
        assert_eq!(found, ["user_data BASE_URL=?set, and changed or taken away"], "{script}");
    }
    for script in [
        "env -u OTHER ./app",
        "sed -i s,URL,$OPENAI_BASE_URL, /etc/app",
        "echo \"$OPENAI_BASE_URL\"",
        "[ -n \"$OPENAI_BASE_URL\" ] || exit 1",
        "declare -x OTHER",
    ] {
        let found = shown_text(&format!("export OPENAI_BASE_URL=EU\n{script}\n"));
        assert_eq!(found, [format!("user_data BASE_URL={URL}")], "{script}");
    }
}

#[test]
fn what_a_comment_sets_is_not_known() {
    for text in [
        "export OPENAI_PROJECT=proj_1 # export OPENAI_BASE_URL=EU",
        "export OPENAI_PROJECT=proj_1 #setting OPENAI_BASE_URL=EU",
        "export OPENAI_PROJECT=proj_1\t# export OPENAI_BASE_URL=EU",
        "OPENAI_PROJECT = proj_1 //OPENAI_BASE_URL = EU",
        "Environment=OPENAI_PROJECT=proj_1\n; Environment=OPENAI_BASE_URL=EU",
        "setx OPENAI_PROJECT proj_1\nrem setx OPENAI_BASE_URL EU",
        "<env name='OPENAI_PROJECT' value='proj_1'/><!-- <env name='OPENAI_BASE_URL' value='EU'/> -->",
        "OPENAI_PROJECT = 'proj_1'; /* OPENAI_BASE_URL = 'EU' */",
        "env {\nOPENAI_PROJECT = 'proj_1'\n/*\nOPENAI_BASE_URL = 'EU'\n*/\n}",
        "OPENAI_PROJECT=proj_1\n<#\nOPENAI_BASE_URL=EU\n#>",
    ] {
        let expected = "user_data PROJECT=proj_1 BASE_URL=?set behind what may begin a comment";
        assert_eq!(shown_text(text), [expected], "{text}");
    }
    for text in [
        "OPENAI_PROJECT=proj_1\n/* said */\nOPENAI_BASE_URL=EU",
        "OPENAI_PROJECT=proj_1\nls /etc/*\nOPENAI_BASE_URL=EU",
        "#!/bin/sh\nOPENAI_PROJECT=proj_1\n# said\nOPENAI_BASE_URL=EU",
    ] {
        assert_eq!(shown_text(text), [format!("user_data PROJECT=proj_1 BASE_URL={URL}")], "{text}");
    }
}

#[test]
fn a_base_url_of_one_of_several_workloads_in_a_text_is_not_known_for_all() {
    let web = "web:\n  env:\n    OPENAI_PROJECT: proj_1\n    OPENAI_BASE_URL: EU\n";
    let worker = "worker:\n  env:\n    OPENAI_PROJECT: proj_1\n";
    let partly = "user_data PROJECT=proj_1 BASE_URL=?set fewer times than the project in one text";
    assert_eq!(shown_text(&format!("{web}{worker}")), [partly]);
    let both = shown_text(&format!("{web}{worker}    OPENAI_BASE_URL: EU\n"));
    assert_eq!(both, [format!("user_data PROJECT=proj_1 BASE_URL={URL}")]);
}
