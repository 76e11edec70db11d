//! Projects that share an id, and the settings that name it: each different one is laid over them once, however many say
//! the same.

use std::collections::BTreeMap;

use super::reading::SettingChange;
use crate::facts::Project;

/// The most different settings of one attribute that are laid over projects that share an id.
const MOST: usize = 100;

/// What a setting does: its values, what becomes of it, and the project that it belonged to before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effect {
    pub(super) values: Project,
    pub(super) change: Option<SettingChange>,
    pub(super) belonged_to: Option<String>,
}

/// What to do with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It says something new.
    First,
    /// Another said the same.
    Again,
    /// It is one too many: what it sets is not known.
    TooMany,
}

/// What was laid over projects, by the index of the first and the attribute.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    seen: BTreeMap<(usize, String), Vec<Effect>>,
}

impl Repeated {
    /// Whether a setting is to be laid over `projects`.
    pub(super) fn turn(&mut self, projects: &[usize], attribute: &str, effect: impl FnOnce() -> Effect) -> Turn {
        let [first, _, ..] = projects else { return Turn::First };
        let seen = self.seen.entry((*first, attribute.to_owned())).or_default();
        if seen.len() > MOST {
            return Turn::Again;
        }
        let effect = effect();
        if seen.contains(&effect) {
            return Turn::Again;
        }
        seen.push(effect);
        if seen.len() > MOST { Turn::TooMany } else { Turn::First }
    }
}

/// Why an attribute is not known that too many settings set.
pub(super) fn too_many() -> String {
    format!("more than {MOST} different settings name its id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_effect_has_one_turn_and_too_many_are_told_once() {
        let mut repeated = Repeated::default();
        let effect = |n: usize| Effect { values: Project::default(), change: None, belonged_to: Some(n.to_string()) };
        for n in 0..MOST {
            assert_eq!(repeated.turn(&[3, 4], "models", || effect(n)), Turn::First);
            assert_eq!(repeated.turn(&[3, 4], "models", || effect(n)), Turn::Again);
        }
        assert_eq!(repeated.turn(&[3, 4], "models", || effect(MOST)), Turn::TooMany);
        assert_eq!(repeated.turn(&[3, 4], "models", || effect(MOST + 1)), Turn::Again);
        assert_eq!(repeated.turn(&[3, 4], "tools", || effect(0)), Turn::First);
        assert_eq!([(); 2].map(|()| repeated.turn(&[3], "models", || effect(0))), [Turn::First; 2]);
    }
}
