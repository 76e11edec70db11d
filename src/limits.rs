//! Bounds on what a run reads, evaluates and waits for, which `--limit NAME=VALUE` moves.

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
    definition_bytes "definition-bytes" "bytes of a definition in JSON, or of an export" 64 << 20, 1 << 30;
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
