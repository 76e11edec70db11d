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
    let cyclic = cyclic(needs, &needed_by, |one| open[one] > 0);
    let longest = (0..needs.len()).filter(|one| open[*one] == 0).max_by_key(|one| chain[*one]);
    Shape { cyclic, longest: longest.map(|one| (one, chain[one])) }
}

/// Those of the open ones that depend on themselves: each group whose members all reach one another, by the way of Kosaraju.
fn cyclic(needs: &[BTreeSet<usize>], needed_by: &[Vec<usize>], is_open: impl Fn(usize) -> bool) -> Vec<usize> {
    // Each behind all that it reaches.
    let (mut ended, mut seen) = (Vec::new(), vec![false; needs.len()]);
    for start in (0..needs.len()).filter(|one| is_open(*one)) {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut walk = vec![(start, needs[start].iter())];
        while let Some((one, rest)) = walk.last_mut() {
            match rest.find(|next| is_open(**next) && !seen[**next]) {
                Some(next) => {
                    seen[*next] = true;
                    walk.push((*next, needs[*next].iter()));
                }
                None => {
                    ended.push(*one);
                    walk.pop();
                }
            }
        }
    }
    let (mut found, mut grouped) = (Vec::new(), vec![false; needs.len()]);
    for start in ended.into_iter().rev() {
        if std::mem::replace(&mut grouped[start], true) {
            continue;
        }
        let (mut group, mut waiting) = (vec![start], vec![start]);
        while let Some(one) = waiting.pop() {
            for above in needed_by[one].iter().filter(|above| is_open(**above)) {
                if !std::mem::replace(&mut grouped[*above], true) {
                    group.push(*above);
                    waiting.push(*above);
                }
            }
        }
        if group.len() > 1 || needs[start].contains(&start) {
            found.extend(group);
        }
    }
    found.sort_unstable();
    found
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
        // What lies between two circles is in none.
        let between: &[&[usize]] = &[&[1, 2], &[0], &[3], &[4], &[3]];
        assert_eq!(graph(between), Shape { cyclic: vec![0, 1, 3, 4], longest: None });
    }

    #[test]
    fn many_on_one_circle_take_their_number_not_its_square() {
        let circle: Vec<BTreeSet<usize>> = (0..100_000).map(|one| BTreeSet::from([(one + 1) % 100_000])).collect();
        let began = std::time::Instant::now();
        assert_eq!(shape(&circle).cyclic.len(), 100_000);
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
