//! Bounds on what a run reads, evaluates and waits for, which `--limit NAME=VALUE` moves.

use std::io::Read;
use std::path::Path;

use crate::error::nearest;

/// What a bound is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// Its value, unless it is moved.
    pub default: u64,
    /// The most that it can be moved to.
    pub most: u64,
}

macro_rules! limits {
    ($($field:ident $name:literal $what:literal $default:expr, $most:expr;)*) => {
        /// The bounds of a run.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = $what] pub $field: u64,)*
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits { $($field: $default,)* }
            }
        }

        impl Limits {
            /// What each bound is.
            pub const ALL: &'static [Limit] =
                &[$(Limit { name: $name, what: $what, default: $default, most: $most },)*];

            fn value(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $($name => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

limits! {
    input_bytes "input-bytes" "bytes of an input" 1 << 30, 1 << 36;
    definition_bytes "definition-bytes" "bytes of a definition, or of an export" 64 << 20, 1 << 30;
    directories "directories" "directories that --recursive looks through" 100_000, 10_000_000;
    module_calls "module-calls" "calls of modules below one root module" 20_000, 1_000_000;
    module_depth "module-depth" "modules that call each other, one in the other" 40, 200;
    instances "instances" "instances of resources, or of modules, of one root module" 200_000, 10_000_000;
    steps "steps" "steps of the evaluation of one root module" 50_000_000, 100_000_000_000;
    rule_seconds "rule-seconds" "seconds that one rule may run" 10, 3_600;
}

impl Limits {
    /// Moves a bound, by its name.
    ///
    /// # Errors
    /// A name that no bound has, a value that it can't have.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let Some(limit) = Limits::ALL.iter().find(|limit| limit.name == name) else {
            let names = Limits::ALL.iter().map(|limit| limit.name);
            return Err(match nearest(name, names.clone()) {
                Some(near) => format!("there is no limit {name:?}: did you mean {near}?"),
                None => format!("there is no limit {name:?}: known are {}", names.collect::<Vec<_>>().join(", ")),
            });
        };
        if value == 0 || value > limit.most {
            return Err(format!("{name} is a number from 1 to {}", limit.most));
        }
        if let Some(own) = self.value(name) {
            *own = value;
        }
        Ok(())
    }
}

/// How a bound is moved, as an error says it.
pub(crate) fn raised_by(name: &str) -> String {
    format!("--limit {name}=NUMBER raises it")
}

/// The bytes of a file that has at most this many.
///
/// # Errors
/// What is no file, which is not opened: a pipe would be waited for. What can't be read, and more bytes.
pub(crate) fn read_file(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    let mut read = Vec::new();
    std::fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut read)?;
    if read.len() as u64 > most {
        return Err(std::io::Error::other(format!("it is larger than {}", bytes(most))));
    }
    Ok(read)
}

/// The text of such a file.
///
/// # Errors
/// As [`read_file`], and bytes that are no UTF-8.
pub(crate) fn read_text(path: &Path, most: u64) -> std::io::Result<String> {
    String::from_utf8(read_file(path, most)?).map_err(|_| std::io::Error::other("it is not UTF-8"))
}

/// A number of bytes for people.
pub(crate) fn bytes(count: u64) -> String {
    if count >= 1 << 20 && count.is_multiple_of(1 << 20) {
        format!("{} MiB", count >> 20)
    } else {
        format!("{count} bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a");
        std::fs::write(&file, "é".repeat(2)).unwrap();
        assert_eq!(read_text(&file, 4).unwrap(), "éé");
        let said = |read: std::io::Result<String>| read.unwrap_err().to_string();
        assert_eq!(said(read_text(&file, 3)), "it is larger than 3 bytes");
        assert_eq!(said(read_text(directory.path(), 3)), "it is no file");
        std::fs::write(&file, [0xff]).unwrap();
        assert_eq!(said(read_text(&file, 3)), "it is not UTF-8");
    }

    #[test]
    fn each_bound_can_be_moved_within_its_own() {
        for limit in Limits::ALL {
            let mut limits = Limits::default();
            assert_eq!(limits.value(limit.name).copied(), Some(limit.default), "{}", limit.name);
            assert!(limit.default <= limit.most);
            limits.set(limit.name, limit.most).unwrap();
            assert_eq!(limits.value(limit.name).copied(), Some(limit.most));
            assert!(limits.set(limit.name, limit.most + 1).is_err() && limits.set(limit.name, 0).is_err());
            limits.set(limit.name, limit.default).unwrap();
            assert_eq!(limits, Limits::default());
        }
        let said = Limits::default().set("instance", 1).unwrap_err();
        assert!(said.contains("did you mean instances?"), "{said}");
    }
}
