//! What `.terraform/modules/modules.json` says of a module that `terraform init` installed.

use serde::Deserialize;

/// An installed module.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstalledModule {
    /// `a.b` for `module.a.module.b`
    pub(super) key: String,
    /// Its directory, from that of the root module.
    pub(super) dir: String,
    /// Where it comes from, in full.
    #[serde(default)]
    source: String,
    /// The version that was chosen, of a module of a registry.
    #[serde(default)]
    version: Option<String>,
}

impl InstalledModule {
    /// Whether it is what a call asks for: its source, and a version that meets the constraints. What can't be told is taken
    /// for the same.
    pub(super) fn is_of(&self, source: Option<&str>, constraints: Option<&str>) -> bool {
        let same = source.is_none_or(|source| {
            let (asked, held) = (in_full(source), in_full(&self.source));
            self.source.is_empty() || asked == held || is_same_source(&asked, &held)
        });
        let version = self.version.as_deref().and_then(parsed);
        let meets = match (version, constraints) {
            (Some(version), Some(constraints)) => constraints.split(',').all(|one| meets(&version, one.trim())),
            _ => true,
        };
        same && meets
    }
}

/// A source of the public registry with its host.
fn in_full(source: &str) -> String {
    let (module, inside) = source.split_once("//").filter(|(module, _)| !module.ends_with(':')).unwrap_or((source, ""));
    let parts: Vec<&str> = module.split('/').collect();
    let is_word =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    match parts.len() == 3 && parts.iter().all(is_word) {
        true if inside.is_empty() => format!("registry.terraform.io/{module}"),
        true => format!("registry.terraform.io/{module}//{inside}"),
        false => source.to_owned(),
    }
}

/// Whether two sources are one, of which Terraform writes the second down: what the address of a repository or a path stands
/// for in full.
fn is_same_source(asked: &str, held: &str) -> bool {
    Address::of(asked) == Address::of(held)
}

/// The parts of a source that is no registry's.
#[derive(Debug, PartialEq, Eq)]
struct Address<'s> {
    git: bool,
    scheme: &'s str,
    /// Host and path, without user; of the hosts with a short form without `.git`.
    repository: String,
    /// The directory in it.
    inside: String,
    /// `ref=v1`
    query: &'s str,
}

impl<'s> Address<'s> {
    fn of(source: &'s str) -> Address<'s> {
        let (rest, query) = source.split_once('?').unwrap_or((source, ""));
        let (mut git, rest) = rest.strip_prefix("git::").map_or((false, rest), |rest| (true, rest));
        let schemes = ["https://", "http://", "ssh://", "file://", "git://"];
        let (scheme, rest) = schemes.iter().find_map(|s| Some((*s, rest.strip_prefix(s)?))).unwrap_or(("", rest));
        let (path, inside) = rest.split_once("//").unwrap_or((rest, ""));
        // What stands before the host, as in git@host.
        let (user, path) = match path.split_once('@').filter(|(user, _)| !user.contains('/')) {
            Some((user, path)) => (user, path),
            None => ("", path),
        };
        git |= user == "git";
        // `host:path`, as ssh has it; a port stays.
        let path = match path.split_once(':') {
            Some((host, path)) if scheme.is_empty() && !host.contains('/') => {
                format!("{host}/{}", path.trim_start_matches('/'))
            }
            Some(_) | None => path.to_owned(),
        };
        let is_short = scheme.is_empty();
        let scheme = match (scheme, user) {
            ("", "git") => "ssh://",
            ("", _) if path.starts_with('/') => "file://",
            (scheme, _) => scheme,
        };
        let (mut repository, mut inside, mut scheme) = (path, inside.to_owned(), scheme);
        if is_short || git {
            let parts: Vec<&str> = repository.split('/').collect();
            if let [host @ ("github.com" | "bitbucket.org"), owner, name, more @ ..] = parts.as_slice() {
                git = true;
                scheme = if scheme.is_empty() { "https://" } else { scheme };
                inside = more
                    .iter()
                    .copied()
                    .chain([inside.as_str()])
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("/");
                repository = format!("{host}/{owner}/{}", name.trim_end_matches(".git"));
            }
        }
        let repository = repository.trim_end_matches('/').to_owned();
        Address { git, scheme, repository, inside: without_dots(&inside), query }
    }
}

/// A path without `.`, `..` and empty parts.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The numbers of a version, and what stands behind a hyphen.
fn parsed(version: &str) -> Option<([u64; 3], String)> {
    let version = version.trim().trim_start_matches('v');
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    let (numbers, before_release) = version.split_once('-').unwrap_or((version, ""));
    let mut found = [0; 3];
    let parts: Vec<&str> = numbers.split('.').collect();
    for (place, part) in found.iter_mut().zip(&parts) {
        *place = part.parse().ok()?;
    }
    (parts.len() <= 3).then(|| (found, before_release.to_owned()))
}

/// Whether a version meets one constraint, such as `~> 1.2`. One that is not understood is met.
fn meets(version: &([u64; 3], String), constraint: &str) -> bool {
    let digits = constraint.find(|c: char| c.is_ascii_digit() || c == 'v').unwrap_or(constraint.len());
    let (operator, wanted) = constraint.split_at(digits);
    let Some(wanted_version) = parsed(wanted) else { return true };
    // A version before a release is behind all that have its numbers.
    let key = |(numbers, before): &([u64; 3], String)| (*numbers, before.is_empty(), before.clone());
    let (own, other) = (key(version), key(&wanted_version));
    match operator.trim() {
        "" | "=" => own == other,
        "!=" => own != other,
        ">" => own > other,
        ">=" => own >= other,
        "<" => own < other,
        "<=" => own <= other,
        "~>" => {
            let fixed = wanted.split('-').next().unwrap_or(wanted).split('.').count().saturating_sub(1).min(2);
            own >= other && version.0[..fixed] == wanted_version.0[..fixed]
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(source: &str, version: Option<&str>) -> InstalledModule {
        InstalledModule {
            key: "m".to_owned(),
            dir: "m".to_owned(),
            source: source.to_owned(),
            version: version.map(str::to_owned),
        }
    }

    #[test]
    fn another_source_or_version_is_another_module() {
        let registry = module("registry.terraform.io/foo/bar/baz", Some("1.2.3"));
        for (source, version, is_of) in [
            ("foo/bar/baz", None, true),
            ("registry.terraform.io/foo/bar/baz", Some("1.2.3"), true),
            ("foo/other/baz", None, false),
            ("app.terraform.io/foo/bar/baz", None, false),
            ("foo/bar/baz", Some("~> 1.2"), true),
            ("foo/bar/baz", Some("~> 1.2.1"), true),
            ("foo/bar/baz", Some("~> 1.3"), false),
            ("foo/bar/baz", Some("~> 1.1.0"), false),
            ("foo/bar/baz", Some(">= 1.0, < 1.2"), false),
            ("foo/bar/baz", Some(">= 1.0, != 1.2.3"), false),
            ("foo/bar/baz", Some("2.0.0"), false),
            ("foo/bar/baz", Some("= 1.2.3"), true),
            ("foo/bar/baz", Some("no version"), true),
        ] {
            assert_eq!(registry.is_of(Some(source), version), is_of, "{source} {version:?}");
        }
        let inside = module("registry.terraform.io/foo/bar/baz//modules/a", Some("1.2.3"));
        assert!(inside.is_of(Some("foo/bar/baz//modules/a"), None));
        assert!(!inside.is_of(Some("foo/bar/baz//modules/b"), None));
        let git = module("git::https://github.com/foo/bar.git?ref=v1", None);
        assert!(git.is_of(Some("github.com/foo/bar?ref=v1"), None));
        assert!(git.is_of(Some("git::https://github.com/foo/bar.git?ref=v1"), None));
        assert!(!git.is_of(Some("github.com/foo/bar?ref=v2"), None));
        assert!(!git.is_of(Some("git::https://github.com/foo/bar.git?ref=v2"), None));
        assert!(module("git::ssh://git@github.com/foo/bar.git", None).is_of(Some("git@github.com:foo/bar.git"), None));
        let held = "git::ssh://git@github.com/acme/mod.git?ref=v1";
        assert!(module(held, None).is_of(Some("git::git@github.com:acme/mod.git?ref=v1"), None));
        for (asked, held) in [
            ("git::git@git.example.com:acme/mod.git//sub", "git::ssh://git@git.example.com/acme/mod.git//sub"),
            ("git::github.com/acme/mod?ref=v1", "git::https://github.com/acme/mod.git?ref=v1"),
            ("github.com/acme/mod/sub?ref=v1", "git::https://github.com/acme/mod.git//sub?ref=v1"),
            ("github.com/acme/mod//?ref=v1", "git::https://github.com/acme/mod.git?ref=v1"),
            ("git::/abs/mod.git?ref=v1", "git::file:///abs/mod.git?ref=v1"),
            ("/abs/path//sub", "file:///abs/path//sub"),
            ("git::https://git.example.com/mod.git//sub/../sub", "git::https://git.example.com/mod.git//sub"),
        ] {
            assert!(module(held, None).is_of(Some(asked), None), "{asked}");
            for other in ["x", "?ref=v9"] {
                assert!(!module(held, None).is_of(Some(&format!("{asked}{other}")), None), "{asked}{other}");
            }
        }
        let archive = module("https://example.com/mod.zip", None);
        assert!(!archive.is_of(Some("git::https://example.com/mod.zip"), None));
        assert!(!archive.is_of(Some("https://example.org/mod.zip"), None));
        assert!(!archive.is_of(Some("http://example.com/mod.zip"), None));
        assert!(!module("git::https://example.com/mod.git", None).is_of(Some("git::https://example.com/mod"), None));
        assert!(module("", None).is_of(Some("foo/bar/baz"), Some("1.0.0")));
    }
}
