//! Source that Terraform refuses, though every value in it can be computed: it must never end in a pass.

use std::fs;

use crate::support::{options, write_files};
use openai_data_controls::check;

/// A project that passes with `var.n` for its name.
const MAIN: &str = r#"terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "n" {
  type    = string
  default = "x"
}

"#;

const PROJECT: &str = "resource \"openai_project\" \"p\" {\n  name = var.n\n}\n";

/// Checks a directory with `main.tf` and other files: the exit code, and what could not be checked.
fn checked(main: &str, others: &[(&str, &str)]) -> (u8, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), format!("{MAIN}{main}")).unwrap();
    write_files(directory.path(), others);
    let (report, _) = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty());
    let told = report.unchecked.iter().map(|unchecked| format!("{}: {}", unchecked.what, unchecked.why));
    (report.summary.exit_code, told.collect())
}

#[track_caller]
fn refused(main: &str, others: &[(&str, &str)], says: &str) {
    let (code, told) = checked(main, others);
    assert_eq!(code, 5, "{main}: {told:?}");
    assert!(told.iter().any(|told| told.contains(says)), "{main}: {told:?}");
    assert_eq!(told.iter().filter(|told| told.contains(says)).count(), 1, "told once: {told:?}");
}

#[track_caller]
fn taken(main: &str, others: &[(&str, &str)]) {
    let (_, told) = checked(main, others);
    assert!(told.is_empty(), "{main}: {told:?}");
}

#[test]
fn overrides_of_nothing_and_of_what_can_not_be_overridden() {
    for (overriding, says) in [
        ("resource \"openai_project\" \"q\" {\n  name = \"q\"\n}\n", "no resource \"openai_project\" \"q\""),
        ("variable \"m\" {\n  default = 1\n}\n", "no variable \"m\""),
        ("locals {\n  l = 1\n}\n", "no local.l"),
        ("module \"m\" {\n  source = \"./m\"\n}\n", "no module \"m\""),
        ("output \"o\" {\n  value = 1\n}\n", "no output \"o\""),
        ("data \"openai_project\" \"d\" {\n  project_id = \"1\"\n}\n", "no data \"openai_project\" \"d\""),
        (
            "variable \"n\" {\n  validation {\n    condition = var.n != \"\"\n    error_message = \"!\"\n  }\n}\n",
            "validation can't be overridden",
        ),
        ("resource \"openai_project\" \"p\" {\n  depends_on = []\n}\n", "depends_on can't be overridden"),
        (
            "resource \"openai_project\" \"p\" {\n  lifecycle {\n    precondition {\n      condition = var.n != \"\"\n      error_message = \"!\"\n    }\n  }\n}\n",
            "precondition can't be overridden",
        ),
        ("moved {\n  from = a.b\n  to = a.c\n}\n", "moved can't be overridden"),
    ] {
        refused(PROJECT, &[("x_override.tf", overriding)], says);
    }
    taken(PROJECT, &[("x_override.tf", "removed {\n  from = a.b\n}\n")]);
    taken(PROJECT, &[("x_override.tf", "resource \"openai_project\" \"p\" {\n  name = \"q\"\n}\n")]);
}

#[test]
fn count_counts_where_one_file_has_it_and_another_has_for_each() {
    let with = |number: &str| format!("resource \"openai_project\" \"p\" {{\n  {number}\n  name = \"p\"\n}}\n");
    let (count, for_each) = ("count = 1", "for_each = toset([\"a\", \"b\"])");
    for (base, overriding) in [(count, for_each), (for_each, count)] {
        let (code, told) = checked(&with(base), &[("x_override.tf", &with(overriding))]);
        assert_ne!(code, 5, "{told:?}");
    }
    refused(&with(&format!("{count}\n  {for_each}")), &[], "exclude each other");
}

#[test]
fn conditions_that_do_not_hold() {
    let condition = |kind: &str, condition: &str| {
        format!(
            "resource \"openai_project\" \"p\" {{\n  name = var.n\n  lifecycle {{\n    {kind} {{\n      condition = {condition}\n      error_message = \"!\"\n    }}\n  }}\n}}\n"
        )
    };
    let says = "does not hold";
    refused(&condition("precondition", "var.n == \"y\""), &[], says);
    refused(&condition("postcondition", "self.name == \"y\""), &[], says);
    refused(&condition("precondition", "var.n[0] == \"y\""), &[], "no indexes");
    taken(&condition("precondition", "var.n == \"x\""), &[]);
    taken(&condition("postcondition", "self.name == \"x\""), &[]);
    taken(&condition("postcondition", "self.id != \"\""), &[]);
    let each = condition("postcondition", "self.name == each.key").replace("name = var.n", "name = each.value");
    let each =
        |second: &str| each.replacen("name =", &format!("for_each = {{ a = \"a\", b = \"{second}\" }}\n  name ="), 1);
    refused(&each("c"), &[], says);
    taken(&each("b"), &[]);
    let output = |condition: &str| {
        format!(
            "{PROJECT}output \"o\" {{\n  value = 1\n  precondition {{\n    condition = {condition}\n    error_message = \"!\"\n  }}\n}}\n"
        )
    };
    refused(&output("var.n == \"y\""), &[], says);
    taken(&output("var.n == \"x\""), &[]);
    let variable = |condition: &str| {
        format!(
            "{PROJECT}variable \"v\" {{\n  default = \"a\"\n  validation {{\n    condition = {condition}\n    error_message = \"!\"\n  }}\n}}\n"
        )
    };
    refused(&variable("var.v == \"b\""), &[], "does not meet");
    refused(&variable("var.v[0] == \"a\""), &[], "var.v: ");
    taken(&variable("var.v == \"a\""), &[]);
}

#[test]
fn values_that_a_variable_does_not_take() {
    let wrong = "variable \"v\" {\n  type = number\n  default = \"a\"\n}\n";
    refused(&format!("{PROJECT}{wrong}"), &[], "var.v: ");
    let used = PROJECT.replace("var.n", "var.v");
    refused(&format!("{used}{wrong}"), &[], "a number");
    let null = "variable \"v\" {\n  nullable = false\n  default = null\n}\n";
    refused(&format!("{PROJECT}{null}"), &[], "must not be null");
    let call = |argument: &str| format!("{PROJECT}module \"m\" {{\n  source = \"./m\"\n  v = {argument}\n}}\n");
    let child = ("m/main.tf", "variable \"v\" {\n  nullable = false\n}\n");
    refused(&call("null"), &[child], "must not be null");
    taken(&call("1"), &[child]);
    refused(&format!("{PROJECT}variable \"v\" {{\n  type = \"string\"\n}}\n"), &[], "expected a type");
}

#[test]
fn repetition_over_what_must_not_be_shown_or_kept() {
    let secret = "variable \"s\" {\n  sensitive = true\n  default = \"a\"\n}\n";
    let ephemeral = "variable \"e\" {\n  ephemeral = true\n  default = \"a\"\n}\n";
    let project =
        |argument: &str| format!("{secret}{ephemeral}resource \"openai_project\" \"p\" {{\n  {argument}\n}}\n");
    refused(&project("for_each = toset([var.s])\n  name = each.key"), &[], "for_each is sensitive");
    refused(&project("for_each = toset([var.e])\n  name = \"a\""), &[], "for_each is ephemeral");
    taken(&project("count = length(var.s)\n  name = \"p\""), &[]);
    refused(&project("name = var.e"), &[], "ephemeral value");
    refused(&project("name = nonsensitive(\"${var.e}-\")"), &[], "ephemeral value");
    taken(&project("name = var.s"), &[]);
}

#[test]
fn a_resource_that_refers_to_itself_or_was_removed() {
    let says = "refers to itself";
    refused("resource \"openai_project\" \"p\" {\n  name = openai_project.p.id\n}\n", &[], says);
    refused(
        "resource \"openai_project\" \"p\" {\n  for_each = toset([\"a\"])\n  name = openai_project.p[\"a\"].id\n}\n",
        &[],
        says,
    );
    refused(&format!("{PROJECT}removed {{\n  from = openai_project.p\n}}\n"), &[], "a removed block");
    taken(&format!("{PROJECT}removed {{\n  from = openai_project.q\n}}\n"), &[]);
}

#[test]
fn a_setting_that_is_forgotten_stays_and_what_it_sets_is_not_shown() {
    let removed = |from: &str, destroy: &str| {
        format!("{PROJECT}removed {{\n  from = {from}\n  lifecycle {{\n    destroy = {destroy}\n  }}\n}}\n")
    };
    let says = "it is forgotten, and stays as it is";
    refused(&removed("openai_project_data_retention.r", "false"), &[], says);
    refused(&removed("module.m.openai_project_model_permissions.r", "false"), &[], says);
    taken(&removed("openai_project_data_retention.r", "true"), &[]);
    taken(&removed("openai_project.q", "false"), &[]);
    let own = removed("openai_project_data_retention.r", "false").replace(PROJECT, "");
    taken(&format!("{}{own}", removed("openai_project.q", "false")), &[]);
    taken(&removed("terraform_data.t", "false"), &[]);
}

#[test]
fn the_elements_of_a_set_of_texts_become_texts() {
    let models = |ids: &str| {
        format!(
            "{PROJECT}resource \"openai_project_model_permissions\" \"m\" {{\n  project_id = openai_project.p.id\n  mode = \"allow_list\"\n  model_ids = {ids}\n}}\n"
        )
    };
    taken(&models("[1, \"gpt-4o\", true]"), &[]);
    taken(&models("toset([\"gpt-4o\"])"), &[]);
    taken(&models("[openai_project.p.id, \"gpt-4o\"]"), &[]);
    refused(&models("[[\"gpt-4o\"]]"), &[], "a list of strings");
    refused(&models("\"gpt-4o\""), &[], "a list of strings");
}

#[test]
fn a_mark_of_the_byte_order_stands_once_and_not_in_json() {
    let mark = "\u{feff}";
    taken("", &[("p.tf", &format!("{mark}{PROJECT}"))]);
    taken(PROJECT, &[("a.auto.tfvars", &format!("{mark}n = \"y\"\n"))]);
    refused("", &[("p.tf", &format!("{mark}{mark}{PROJECT}"))], "p.tf: ");
    refused(PROJECT, &[("a.auto.tfvars", &format!("{mark}{mark}n = \"y\"\n"))], "a.auto.tfvars: ");
    refused(PROJECT, &[("a.auto.tfvars.json", &format!("{mark}{{\"n\": \"y\"}}"))], "a.auto.tfvars.json: ");
    refused(PROJECT, &[("o.tf.json", &format!("{mark}{{\"locals\": {{\"l\": 1}}}}"))], "o.tf.json: ");
}

#[test]
fn references_to_what_is_not_declared_are_told_wherever_they_stand() {
    for (text, says) in [
        ("locals {\n  l = var.m\n}\n", "local.l: var.m is not declared"),
        ("locals {\n  l = [for x in [1] : x + y]\n}\n", "local.l: \"y\" is no name"),
        ("output \"o\" {\n  value = try(local.m, 1)\n}\n", "output.o: local.m is not declared"),
        ("output \"o\" {\n  value = openai_project.q.id\n}\n", "output.o: openai_project.q is not declared"),
        ("output \"o\" {\n  value = data.openai_project.q.id\n}\n", "data.openai_project.q is not declared"),
        ("module \"m\" {\n  source = \"./m\"\n  count = var.m\n}\n", "module.m: var.m is not declared"),
        ("resource \"terraform_data\" \"t\" {\n  input = module.m.o\n}\n", "terraform_data.t: module.m is not"),
        (
            "resource \"other\" \"t\" {\n  dynamic \"b\" {\n    for_each = b\n    content {}\n  }\n}\n",
            "other.t: \"b\" is no name",
        ),
        ("resource \"openai_project\" \"q\" {\n  name = var.m\n}\n", "openai_project.q: var.m is not declared"),
    ] {
        refused(&format!("{PROJECT}{text}"), &[("m/main.tf", "")], says);
    }
    // What a dynamic block makes is evaluated only where it makes something.
    let nothing = "resource \"other\" \"t\" {\n  dynamic \"b\" {\n    for_each = []\n    content {\n      x = local.nope\n    }\n  }\n}\n";
    taken(&format!("{PROJECT}{nothing}"), &[]);
    taken(
        &format!(
            "{PROJECT}resource \"other\" \"t\" {{\n  dynamic \"b\" {{\n    for_each = [1]\n    iterator = i\n    labels = [i.key]\n    content {{\n      x = i.value\n      dynamic \"c\" {{\n        for_each = i.value\n        content {{\n          y = [i.key, c.key]\n        }}\n      }}\n    }}\n  }}\n  provisioner \"local-exec\" {{\n    command = self.id\n  }}\n}}\n"
        ),
        &[],
    );
}

#[test]
fn references_that_lead_nowhere_are_refused_whatever_is_around_them() {
    let named = |expression: &str| format!("resource \"openai_project\" \"p\" {{\n  name = {expression}\n}}\n");
    for (expression, says) in [
        ("try(each.value, \"x\")", "each.key"),
        ("try(count.index, \"x\")", "count.index"),
        ("try(self.id, \"x\")", "self is there only"),
        ("try(path.foo, \"x\")", "path must be followed"),
        ("try(terraform.foo, \"x\")", "terraform must be followed"),
        ("try(var[\"n\"], \"x\")", "var must be followed"),
        ("can(data.openai_project) ? \"y\" : \"x\"", "data must be followed"),
        ("templatefile(\"${path.module}/t.tpl\", {})", "no variable \"nope\""),
    ] {
        refused(&named(expression), &[("t.tpl", "${try(nope, \"x\")}")], says);
    }
    let says = "is not declared";
    for text in [
        "resource \"openai_project\" \"q\" {\n  name = \"q\"\n  depends_on = [openai_project.x]\n}\n",
        "resource \"openai_project\" \"q\" {\n  name = \"q\"\n  lifecycle {\n    replace_triggered_by = [openai_project.x]\n  }\n}\n",
        "output \"o\" {\n  value = 1\n  depends_on = [openai_project.x]\n}\n",
        "resource \"openai_project\" \"q\" {\n  count = 0\n  name = local.x\n}\n",
        "provider \"openai\" {\n  api_key = local.x\n}\n",
    ] {
        refused(&format!("{PROJECT}{text}"), &[], says);
    }
    let call = "module \"m\" {\n  source = \"./m\"\n  count = 0\n}\n";
    refused(&format!("{PROJECT}{call}"), &[("m/m.tf", "output \"o\" {\n  value = local.x\n}\n")], "module.m.output.o");
    // What a module does not put out is an error that `try` takes.
    let missing = "module \"m\" {\n  source = \"./m\"\n}\noutput \"o\" {\n  value = try(module.m.nope, \"x\")\n}\n";
    taken(&format!("{PROJECT}{missing}"), &[("m/m.tf", "")]);
}

#[test]
fn what_the_parser_takes_and_terraform_does_not() {
    let says = "a line break inside quotes";
    refused("", &[("p.tf", "locals {\n  l = \"EU\n  \"\n}\n")], says);
    refused("", &[("p.tf", "locals {\n  l = \"EU${1}\n  \"\n}\n")], says);
    taken("", &[("p.tf", "locals {\n  l = \"EU${\n1\n}\"\n  m = <<END\na\nEND\n}\n")]);
    let function = "variable \"v\" {\n  default = upper(\"eu\")\n}\n";
    refused(&format!("{PROJECT}{function}"), &[], "upper() can't be called here");
    let optional = "variable \"v\" {\n  type = object({ a = optional(string, upper(\"eu\")) })\n  default = {}\n}\n";
    refused(&format!("{PROJECT}{optional}"), &[], "upper() can't be called here");
}

#[test]
fn what_conditions_and_numbers_must_be() {
    let condition = |condition: &str| {
        format!(
            "{PROJECT}variable \"v\" {{\n  default = \"x\"\n  validation {{\n    condition = {condition}\n    error_message = \"!\"\n  }}\n}}\n"
        )
    };
    refused(&condition("var.v == \"x\" ? \"false\" : \"true\""), &[], "does not meet");
    refused(&condition("length(var.v)"), &[], "bool");
    refused(&condition("var.v == \"x\" ? null : true"), &[], "is null");
    refused(&condition("true"), &[], "must refer to the variable");
    let each =
        |number: &str| format!("{PROJECT}resource \"openai_project\" \"q\" {{\n  {number}\n  name = \"q\"\n}}\n");
    refused(&each("for_each = [openai_project.p.id]"), &[], "for_each must be");
    refused(&each("for_each = openai_project.p.id == \"\" ? [1] : [2]"), &[], "for_each must be");
    refused(&each("count = sensitive(-1)"), &[], "zero or more");
    refused(&each("count = openai_project.p.id\n  for_each = {}"), &[], "exclude each other");
    refused(&each("count = length(openai_project.q)"), &[], "itself");
    refused(&each("depends_on = [openai_project.p]\n  name2 = resource.openai_project.q.id"), &[], "refers to itself");
    let inner = ("m/m.tf", "variable \"n\" {}\nmodule \"i\" {\n  source = \"./i\"\n  count = var.n\n}\n");
    let call = |name: &str, n: &str| format!("module \"{name}\" {{\n  source = \"./m\"\n  n = {n}\n}}\n");
    let two = format!("{PROJECT}{}{}", call("a", "1"), call("b", "-1"));
    refused(&two, &[inner, ("m/i/i.tf", "")], "zero or more");
}

#[test]
fn overriding_keeps_what_terraform_keeps() {
    let facts = |base: &str, overriding: &str| {
        let main = format!(
            "resource \"openai_project\" \"p\" {{\n  name = \"p\"\n  geography = \"EU\"\n  lifecycle {{\n    ignore_changes = {base}\n  }}\n}}\n"
        );
        let change = format!(
            "resource \"openai_project\" \"p\" {{\n  lifecycle {{\n    ignore_changes = {overriding}\n  }}\n}}\n"
        );
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("main.tf"), format!("{MAIN}{main}")).unwrap();
        fs::write(directory.path().join("x_override.tf"), change).unwrap();
        let options = options(vec![directory.path().to_owned()]);
        let facts = openai_data_controls::facts(&options, &mut std::io::empty()).0.unwrap().facts;
        facts.projects.values().next().unwrap().region.known().cloned()
    };
    assert_eq!(facts("all", "[name]"), None);
    assert_eq!(facts("[geography]", "[]"), None);
    assert_eq!(facts("[geography]", "[name]"), Some("EU".to_owned()));
    assert_eq!(facts("[name]", "all"), None);
}

#[test]
fn what_depends_on_itself_though_nothing_asks_for_it() {
    let project = |name: &str, value: &str| format!("resource \"openai_project\" \"{name}\" {{\n  {value}\n}}\n");
    let says = "depends on itself";
    let two = |a: &str, b: &str| format!("{}{}", project("a", a), project("b", b));
    refused(&two("name = openai_project.b.id", "name = openai_project.a.id"), &[], says);
    refused(
        &two("name = true ? \"a\" : openai_project.b.name", "name = true ? \"b\" : openai_project.a.name"),
        &[],
        says,
    );
    let depends = |on: &str| format!("name = \"x\"\n  depends_on = [openai_project.{on}]");
    refused(&two(&depends("b"), &depends("a")), &[], says);
    refused(&format!("{PROJECT}locals {{\n  y = local.z\n  z = local.y\n}}\n"), &[], says);
    let validation = |name: &str, of: &str| {
        format!(
            "variable \"{name}\" {{\n  default = 1\n  validation {{\n    condition = var.{name} + var.{of} > 0\n    error_message = \"!\"\n  }}\n}}\n"
        )
    };
    refused(&format!("{PROJECT}{}{}", validation("a", "b"), validation("b", "a")), &[], says);
    let module = (
        "m/m.tf",
        "variable \"i\" {\n  default = 1\n}\noutput \"o\" {\n  value = \"x\"\n}\noutput \"i\" {\n  value = var.i\n}\n",
    );
    let call = |name: &str, more: &str| format!("module \"{name}\" {{\n  source = \"./m\"\n  {more}\n}}\n");
    let of_module = project("p", "name = module.a.o");
    refused(&format!("{of_module}{}", call("a", "depends_on = [openai_project.p]")), &[module], says);
    let counted = project("p", "name = module.a[0].o");
    refused(&format!("{counted}{}", call("a", "count = length(openai_project.p.name)")), &[module], says);
    // Two modules that take from each other are no cycle, as long as no value does.
    let each_other = format!("{PROJECT}{}{}", call("a", "i = module.b.o"), call("b", "i = module.a.o"));
    taken(&each_other, &[module]);
    refused(&each_other.replace(".o", ".i"), &[module], says);
    taken(&format!("{PROJECT}{}", validation("a", "n").replace("var.n", "length(var.n)")), &[]);
    // Of many that all depend on each other, a few cycles are told.
    let names: Vec<String> = (0..300).map(|i| format!("local.l{i}")).collect();
    let all: String = (0..300).map(|i| format!("  l{i} = [{}]\n", names.join(", "))).collect();
    let (code, told) = checked(&format!("{PROJECT}locals {{\n{all}}}\n"), &[]);
    assert!(code == 5 && (1..20).contains(&told.len()) && told.iter().all(|told| told.len() < 400), "{told:?}");
}

#[test]
fn a_reference_of_a_resource_to_itself_is_told_in_the_file_that_it_stands_in() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), format!("{MAIN}{PROJECT}")).unwrap();
    let change = "resource \"openai_project\" \"p\" {\n  name = openai_project.p.id\n}\n";
    fs::write(directory.path().join("x_override.tf"), change).unwrap();
    let (report, _) = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty());
    let told: Vec<_> = report.unchecked.iter().filter(|told| told.why.contains("refers to itself")).collect();
    assert_eq!(told.len(), 1, "{:?}", report.unchecked);
    assert!(told[0].path.as_deref().is_some_and(|path| path.ends_with("x_override.tf")), "{told:?}");
    assert_eq!((told[0].line, told[0].column), (Some(2), Some(10)));
}

#[test]
fn providers_that_are_not_there() {
    let project =
        |provider: &str| format!("resource \"openai_project\" \"q\" {{\n  name = \"q\"\n  provider = {provider}\n}}\n");
    let says = "the provider openai.nope is not declared";
    let configured = "provider \"openai\" {\n  alias = \"eu\"\n}\n";
    refused(&project("openai.nope"), &[], says);
    taken(&project("openai"), &[]);
    taken(&format!("{}{configured}", project("openai.eu")), &[]);
    let wants = "terraform {\n  required_providers {\n    openai = {\n      source = \"openai/openai\"\n      configuration_aliases = [openai.x]\n    }\n  }\n}\n";
    let called = format!("{wants}{}", project("openai.x"));
    let call = |more: &str| format!("{configured}module \"m\" {{\n  source = \"./m\"\n  {more}\n}}\n");
    refused(&call(""), &[("m/m.tf", &called)], "needs a provider for \"openai.x\"");
    refused(&call("providers = { openai.x = openai.nope }"), &[("m/m.tf", &called)], says);
    taken(&call("providers = { openai.x = openai.eu }"), &[("m/m.tf", &called)]);
    let sources = MAIN.replace("openai/openai", "OpenAI/OpenAI");
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), format!("{sources}{PROJECT}")).unwrap();
    let (report, _) = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty());
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
}

#[test]
fn arguments_of_the_language_that_are_misspelt() {
    let lifecycle = PROJECT.replace("name = var.n", "name = var.n\n  lifecycle {\n    ignore_change = [name]\n  }");
    refused(&lifecycle, &[], "did you mean \"ignore_changes\"");
    let variable = |argument: &str| format!("{PROJECT}variable \"v\" {{\n  default = 1\n  {argument} = true\n}}\n");
    refused(&variable("senstive"), &[], "did you mean \"sensitive\"");
    taken(&variable("sensitive"), &[]);
    // What no version that is known here has may be of a later one.
    taken(&variable("deprecated"), &[]);
    let output = format!("{PROJECT}output \"o\" {{\n  value = 1\n  sensitve = true\n}}\n");
    refused(&output, &[], "did you mean \"sensitive\"");
}
