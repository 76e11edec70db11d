//! What could not be read, in the facts themselves: who has nothing else sees that they are not all.

use super::{Facts, SourceFacts};
use crate::error::Error;

impl Facts {
    /// Notes problems at the sources that they are about; what is about none is an entry of its own.
    pub(crate) fn note_unread(&mut self, problems: &[Error]) {
        for problem in problems {
            let place = problem.location.as_ref().map(|location| location.path.as_str());
            let what = problem.what.as_str();
            let input = what.split_once('#').map(|(input, _)| input);
            let known = [place, Some(what), input].into_iter().flatten().find(|name| self.sources.contains_key(*name));
            let name = known.unwrap_or(what).to_owned();
            let unread = SourceFacts { kind: None, complete: false, errored: false };
            self.sources.entry(name).or_insert(unread).complete = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::EditionFacts;
    use crate::location::{Location, Position};

    #[test]
    fn a_problem_is_noted_at_its_source_or_by_its_own_name() {
        let mut facts = Facts::new(EditionFacts::default(), "2026-11-22".to_owned());
        for name in ["a.json", "b.json", "c.json", "d.json"] {
            facts.sources.insert(name.to_owned(), SourceFacts { kind: None, complete: true, errored: false });
        }
        let start = Position { line: 1, column: 1 };
        let in_a = Location { path: "a.json".to_owned(), start, end: start };
        let problems = ["b.json", "c.json#openai_project.p", "settings"].map(|what| Error::new(what, "wrong"));
        facts.note_unread(&problems);
        facts.note_unread(&[Error::new("openai_project.q", "wrong").at(in_a)]);
        let complete: Vec<(&str, bool)> = facts.sources.iter().map(|(n, s)| (n.as_str(), s.complete)).collect();
        let expected = [("a.json", false), ("b.json", false), ("c.json", false), ("d.json", true), ("settings", false)];
        assert_eq!(complete, expected);
    }
}
