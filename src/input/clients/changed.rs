//! Commands that change what a variable was set to, or take it away.

/// What belongs to a command stands so near, in bytes.
const NEAR: usize = 200;

/// Words that a command may stand behind.
const LEADS: [&str; 15] = [
    "-", "!", "{", "builtin", "command", "do", "else", "exec", "if", "nohup", "sudo", "then", "time", "until", "while",
];

/// Whether a line changes what a variable was set to, or takes it away: `NAME+=…`, `unset`, `unsetenv`, `export -n`,
/// `declare +x`, `read`, `printf -v`, fish's `set -e`, `env -u`, `Remove-Item Env:`, `sed`, systemd's `UnsetEnvironment=` and
/// `unset-environment`. `earlier` are the lines before, which the command may begin in.
pub(super) fn is_changed(earlier: &[&str], before: &str, after: &str) -> bool {
    if after.starts_with("+=") {
        return true;
    }
    if before.ends_with(['$', '%']) || before.ends_with("${") {
        return false;
    }
    let before = end(before.strip_suffix(['"', '\'']).unwrap_or(before));
    let begun: Vec<&str> = earlier.iter().rev().map_while(|line| line.trim_end().strip_suffix('\\')).take(8).collect();
    let whole: String = begun.into_iter().rev().map(|line| end(line).to_owned() + " ").collect::<String>() + before;
    let command = whole.rsplit([';', '|', '&', '(', '`', '\'', '"']).next().unwrap_or_default();
    let words = || command.split_whitespace().skip_while(|word| LEADS.contains(word));
    let last = words().last().unwrap_or_default();
    let is_flag =
        |letter: char| move |word: &str| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
    match words().next().map(str::to_ascii_lowercase).as_deref() {
        Some("unset" | "unsetenv" | "read" | "sed") => true,
        Some("export") => words().any(is_flag('n')),
        Some("declare" | "typeset" | "local") => words().any(|word| word.starts_with('+') && word.contains('x')),
        Some("printf") => last == "-v",
        Some("set") => words().any(|word| word == "--erase" || is_flag('e')(word) && !is_flag('x')(word)),
        Some("systemctl" | "launchctl") => words().any(|word| ["unset-environment", "unsetenv"].contains(&word)),
        Some(word) if word.starts_with("unsetenvironment=") => true,
        Some("remove-item" | "ri") => true,
        Some("rm" | "del" | "erase") => last.to_ascii_lowercase().starts_with("env:"),
        Some(_) => {
            let is_env = |word: &str| word == "env" || word.ends_with("/env");
            words().any(is_env) && (last == "-u" || last.starts_with("--unset"))
        }
        None => false,
    }
}

/// The end of a text, as far as a command can reach.
fn end(text: &str) -> &str {
    let mut start = text.len().saturating_sub(NEAR);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}
