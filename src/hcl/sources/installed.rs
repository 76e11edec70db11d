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
            self.source.is_empty() || asked == held || is_same_repository(&asked, &held)
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

/// Whether a short form of a repository's address is the long one, as Terraform writes it down.
fn is_same_repository(asked: &str, held: &str) -> bool {
    let is_short = ["github.com/", "bitbucket.org/", "git@"].iter().any(|start| asked.starts_with(start));
    let core = |text: &str| {
        let text = text.trim_start_matches("git::").trim_start_matches("https://").trim_start_matches("ssh://");
        text.trim_start_matches("git@").replace(".git", "").replace(':', "/")
    };
    is_short && core(asked) == core(held)
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
        assert!(module("", None).is_of(Some("foo/bar/baz"), Some("1.0.0")));
    }
}
