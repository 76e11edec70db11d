//! What depends on what, as a graph of numbers: which depend on themselves, and how long chains are.

use std::collections::BTreeSet;

/// What a graph of dependencies shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Those that depend on themselves, however far around.
    pub(super) cyclic: Vec<usize>,
    /// The one with the longest chain below it, and how many it counts.
    pub(super) longest: Option<(usize, usize)>,
}

/// Looks at a graph: each number with those that it depends on.
pub(super) fn shape(needs: &[BTreeSet<usize>]) -> Shape {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (one, others) in needs.iter().enumerate() {
        others.iter().for_each(|other| needed_by[*other].push(one));
    }
    let mut open: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
    let mut chain = vec![1_usize; needs.len()];
    let mut ready: Vec<usize> = (0..needs.len()).filter(|one| open[*one] == 0).collect();
    while let Some(one) = ready.pop() {
        for above in &needed_by[one] {
            chain[*above] = chain[*above].max(chain[one] + 1);
            open[*above] -= 1;
            if open[*above] == 0 {
                ready.push(*above);
            }
        }
    }
    let cyclic = (0..needs.len()).filter(|one| open[*one] > 0 && reaches_itself(*one, needs, &open)).collect();
    let longest = (0..needs.len()).filter(|one| open[*one] == 0).max_by_key(|one| chain[*one]);
    Shape { cyclic, longest: longest.map(|one| (one, chain[one])) }
}

fn reaches_itself(start: usize, needs: &[BTreeSet<usize>], open: &[usize]) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![start]);
    while let Some(one) = waiting.pop() {
        for next in needs[one].iter().filter(|next| open[**next] > 0) {
            if *next == start {
                return true;
            }
            if seen.insert(*next) {
                waiting.push(*next);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_and_chains_are_told_apart() {
        let graph = |needs: &[&[usize]]| shape(&needs.iter().map(|n| n.iter().copied().collect()).collect::<Vec<_>>());
        assert_eq!(graph(&[&[1], &[2], &[]]), Shape { cyclic: vec![], longest: Some((0, 3)) });
        assert_eq!(graph(&[&[1], &[2], &[1], &[]]), Shape { cyclic: vec![1, 2], longest: Some((3, 1)) });
        assert_eq!(graph(&[&[0]]), Shape { cyclic: vec![0], longest: None });
    }
}
