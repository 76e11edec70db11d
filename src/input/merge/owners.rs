//! The projects of uses and clients that have an id of their own.

use super::targets::Targets;
use crate::error::Error;
use crate::input::reading::{ClientReading, Loose, Owner, ProjectReading, UseReading};

/// The most projects with one id that something is judged with.
const MOST: usize = 100;

/// What belongs to a project.
pub(super) trait Owned {
    /// The input that it stands in.
    fn source(&self) -> Option<&str>;
    /// Gives it the project with this subject id, or none.
    fn give(&mut self, project: Option<String>);
}

impl Owned for UseReading {
    fn source(&self) -> Option<&str> {
        self.facts.origin.source.as_deref()
    }

    fn give(&mut self, project: Option<String>) {
        self.facts.project = project;
    }
}

impl Owned for ClientReading {
    fn source(&self) -> Option<&str> {
        self.facts.origin.source.as_deref()
    }

    fn give(&mut self, project: Option<String>) {
        if project.is_none() {
            self.facts.linked_by = None;
        }
        self.facts.project = project;
    }
}

/// Gives each its project. Inputs may speak of one project twice: then it is the one of its own input, else there is one of it
/// for each, with an id of its own, so that what holds for one of them is not lost.
pub(super) fn settle<R: Owned + Clone>(
    all: Vec<Loose<R>>,
    projects: &[ProjectReading],
    targets: &Targets,
    problems: &mut Vec<Error>,
) -> Vec<Loose<R>> {
    let mut settled = Vec::with_capacity(all.len());
    for mut loose in all {
        let mut owners = owners(&loose.owner, loose.reading.source(), projects, targets);
        if owners.len() > MOST {
            owners.truncate(MOST);
            let many =
                Error::new(&loose.id, format!("more than {MOST} projects of this run have the id of its project"));
            problems.push(many.help("give each project in one input").firm());
        }
        for (number, owner) in owners.iter().enumerate().skip(1) {
            let mut copy = Loose { id: format!("{}#{}", loose.id, number + 1), ..loose.clone() };
            copy.reading.give(Some((*owner).to_owned()));
            settled.push(copy);
        }
        let first = owners.first().map(|owner| (*owner).to_owned());
        loose.reading.give(first);
        settled.push(loose);
    }
    settled
}

/// The subject ids of the projects that something belongs to.
fn owners<'p>(
    owner: &'p Owner,
    source: Option<&str>,
    projects: &'p [ProjectReading],
    targets: &Targets,
) -> Vec<&'p str> {
    match owner {
        Owner::Untold => Vec::new(),
        Owner::Subject(id) => vec![id],
        Owner::Identity(id) => {
            let all = || targets.with_identity(id).iter().filter_map(|index| projects.get(*index));
            let own = all().filter(|project| source.is_some() && project.project.origin.source.as_deref() == source);
            let own: Vec<&str> = own.map(|project| project.id.as_str()).collect();
            if own.is_empty() { all().map(|project| project.id.as_str()).collect() } else { own }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Client, Origin, Project};

    fn origin(source: &str) -> Origin {
        Origin { source: Some(source.to_owned()), address: None }
    }

    /// The ids that a client of an input gets, with its projects, where inputs show one project.
    fn settled(own: &str, inputs: &[&str]) -> (Vec<(String, Option<String>)>, usize) {
        let project = |source: &&str| ProjectReading {
            id: format!("{source}#p"),
            project: Project { origin: origin(source), ..Project::default() },
            identities: vec!["proj_1".to_owned()],
            ..ProjectReading::default()
        };
        let projects: Vec<ProjectReading> = inputs.iter().map(project).collect();
        let facts = Client { origin: origin(own), linked_by: Some("id".to_owned()), ..Client::default() };
        let reading = ClientReading { facts, ..ClientReading::default() };
        let loose = Loose { id: "c".to_owned(), reading, owner: Owner::Identity("proj_1".to_owned()) };
        let mut problems = Vec::new();
        let settled = settle(vec![loose], &projects, &Targets::of(&projects), &mut problems);
        assert!(settled.iter().all(|one| one.reading.facts.linked_by.is_some() == one.reading.facts.project.is_some()));
        let mut settled: Vec<_> = settled.into_iter().map(|one| (one.id, one.reading.facts.project)).collect();
        settled.sort();
        (settled, problems.len())
    }

    #[test]
    fn what_belongs_to_one_project_of_several_inputs_is_that_of_its_own_or_of_each() {
        let one = |id: &str, project: &str| (id.to_owned(), Some(project.to_owned()));
        assert_eq!(settled("a", &["a", "b"]), (vec![one("c", "a#p")], 0));
        assert_eq!(settled("x", &["b"]), (vec![one("c", "b#p")], 0));
        assert_eq!(settled("x", &["a", "b"]), (vec![one("c", "a#p"), one("c#2", "b#p")], 0));
        assert_eq!(settled("x", &[]), (vec![("c".to_owned(), None)], 0));
        let many: Vec<String> = (0..=MOST).map(|n| n.to_string()).collect();
        let (found, problems) = settled("x", &many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((found.len(), problems), (MOST, 1));
    }
}
