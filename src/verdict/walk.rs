//! Walking along sorted ids: what a rule said is found beside the subjects, without a look-up for each.

use std::cmp::Ordering;
use std::iter::Peekable;

/// Entries in the order of their ids, given out while other ids are walked through in the same order.
pub(super) struct Beside<I: Iterator>(Peekable<I>);

impl<'e, T, I: Iterator<Item = (&'e str, T)>> Beside<I> {
    /// Takes entries, each id once, sorted.
    pub(super) fn new(entries: impl IntoIterator<Item = (&'e str, T), IntoIter = I>) -> Beside<I> {
        Beside(entries.into_iter().peekable())
    }

    /// What belongs to an id that comes behind those asked for before.
    pub(super) fn at(&mut self, id: &str) -> Option<T> {
        loop {
            match self.0.peek()?.0.cmp(id) {
                Ordering::Less => drop(self.0.next()),
                Ordering::Equal => return self.0.next().map(|(_, found)| found),
                Ordering::Greater => return None,
            }
        }
    }
}

/// Ids in order, each once.
pub(super) fn in_order(ids: &[String]) -> Vec<&str> {
    let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_beside_the_ids_that_have_them() {
        let mut beside = Beside::new([("a", 1), ("b", 2), ("d", 3)]);
        assert_eq!(["b", "c", "d", "e"].map(|id| beside.at(id)), [Some(2), None, Some(3), None]);
    }

    #[test]
    fn ids_are_in_order_and_each_is_there_once() {
        let ids = ["b", "a", "b"].map(str::to_owned);
        assert_eq!(in_order(&ids), ["a", "b"]);
    }
}
