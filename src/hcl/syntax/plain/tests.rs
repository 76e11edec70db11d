use super::*;

#[test]
fn text_is_written_in_a_form_that_the_parser_takes() {
    for (text, expected) in [
        ("a = { for k, v in b :\r\n k => v ?\n 1 : 2 }\n", "a = { for k, v in b :   k => v ?  1 : 2 }\n"),
        ("a = { # é\n for k in b : k => {\n x = 1\n}\n}\n", "a = {       for k in b : k => {\n x = 1\n} }\n"),
        ("a = { x = 1, \"x\" = 2, x : 3 }\n", "a = { x = 1, \"A\" = 2, B : 3 }\n"),
        ("a = {\n  x = { x = 1 }\n  x = c ? d : e\n}\n", "a = {\n  x = { x = 1 }\n  A = c ? d : e\n}\n"),
        ("a = 1e400 + b1e400 + c.0\n", "a = 1.000 + b1e400 + c.0\n"),
        ("a = <<EOT\nEOT\nb = 1\n", "a = \"\"       \nb = 1\n"),
        ("a = <<EOT\n EOTX ${\"}\"}\n EOT\n", "a = <<AAA\n EOTX ${\"}\"}\n AAA\n"),
        (
            "/* before */ a = \"# $${ \\\" no comment\" // after\n",
            "             a = \"# $${ \\\" no comment\"         \n",
        ),
        ("b {\n  for = 1 # one\n}\n", "b {\n  for = 1      \n}\n"),
    ] {
        assert_eq!(plain(text, Form::Body).as_deref(), Some(expected), "{text}");
    }
    for text in ["a = 1\n", "a = \"", "a = {", "a = }", "a = <<EOT\n", "a = (]", "a = /*", "a = {\"\" = 1, \"\" = 2}"] {
        assert_eq!(plain(text, Form::Body), None, "{text}");
    }
    assert_eq!(plain("/* a */ [1 # b\n]", Form::Expression).as_deref(), Some("        [1    \n]"));
    assert_eq!(
        plain("# ${{ for k in b :\n k => 1 }} \"", Form::Template).as_deref(),
        Some("# ${{ for k in b :  k => 1 }} \"")
    );
}
