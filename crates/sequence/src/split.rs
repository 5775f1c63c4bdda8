//! Dividing records into train, validation and test.
//!
//! Every split is a function of its arguments and the seed: the same on every machine and in every version.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::random::mix;
use crate::record::Part;

/// At random, each class divided in the same proportions (to the nearest record; a class of three or more has at least
/// one record in every part that is not to be empty).
///
/// `labels` are class indices, `fractions` those of train, validation and test; they are scaled to sum to one.
///
/// ```
/// use episome_sequence::{split, Part};
/// let parts = split::stratified(&[0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [0.6, 0.2, 0.2], 7);
/// assert_eq!(parts.iter().filter(|part| **part == Part::Train).count(), 6);
/// ```
pub fn stratified(labels: &[usize], fractions: [f64; 3], seed: u64) -> Vec<Part> {
    let fractions = scaled(fractions);
    let mut classes = BTreeMap::<usize, Vec<usize>>::new();
    for (index, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(index);
    }
    let mut parts = vec![Part::Train; labels.len()];
    for members in classes.values_mut() {
        members.sort_by_key(|&index| (mix(seed, index as u64), index));
        let sizes = sizes(members.len(), fractions);
        for (place, &index) in members.iter().enumerate() {
            parts[index] = if place < sizes[0] {
                Part::Train
            } else if place < sizes[0] + sizes[1] {
                Part::Validation
            } else {
                Part::Test
            };
        }
    }
    parts
}

/// At random, whole groups at a time: no group (chromosome, gene family, cluster of near duplicates) stands in two parts.
/// The proportions of records and of classes come as near to those asked for as whole groups allow.
pub fn grouped(groups: &[usize], labels: &[usize], fractions: [f64; 3], seed: u64) -> Vec<Part> {
    let fractions = scaled(fractions);
    let classes = labels.iter().max().map_or(0, |label| label + 1);
    let mut members = BTreeMap::<usize, Vec<usize>>::new();
    for (index, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(index);
    }
    let class_of = |index: usize| labels.get(index).copied().unwrap_or(0);
    let mut totals = vec![0.0; classes.max(1)];
    for index in 0..groups.len() {
        totals[class_of(index)] += 1.0;
    }
    // Large groups first, since small ones can still mend what these unbalance; equals at random.
    let mut order: Vec<(&usize, &Vec<usize>)> = members.iter().collect();
    order.sort_by_key(|(group, members)| (usize::MAX - members.len(), mix(seed, **group as u64)));
    let mut filled = vec![[0.0; 3]; classes.max(1)];
    let mut parts = vec![Part::Train; groups.len()];
    for (_, members) in order {
        let mut counts = vec![0.0; classes.max(1)];
        for &index in members {
            counts[class_of(index)] += 1.0;
        }
        // The part that lacks most of what the group brings, as a share of what the part is to hold.
        let want = |part: usize| -> f64 {
            if fractions[part] == 0.0 {
                return f64::NEG_INFINITY;
            }
            (0..counts.len())
                .filter(|&class| counts[class] > 0.0)
                .map(|class| {
                    let target = totals[class] * fractions[part];
                    counts[class] * (target - filled[class][part]) / target
                })
                .sum()
        };
        let part = (0..3).max_by(|&a, &b| want(a).total_cmp(&want(b)).then(b.cmp(&a))).unwrap_or(0);
        for class in 0..counts.len() {
            filled[class][part] += counts[class];
        }
        for &index in members {
            parts[index] = Part::ALL[part];
        }
    }
    parts
}

/// As the file says: the values of its split column, by the names that [`Part::parse`] knows.
pub fn by_column<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Result<Vec<Part>, Error> {
    values
        .into_iter()
        .enumerate()
        .map(|(index, value)| match value {
            Some(value) => Part::parse(value).ok_or_else(|| Error::Split {
                what: format!("record {}: the split '{value}' is unknown", index + 1),
                advice: "Write train, validation (or dev) and test, or let Episome split at random."
                    .to_string(),
            }),
            None => Err(Error::Split {
                what: format!("record {} has no split, while the file has a column for it", index + 1),
                advice: "Complete the column, or let Episome split at random.".to_string(),
            }),
        })
        .collect()
}

/// Gives each distinct text a number, in order of first appearance, for [`grouped`]. Records without a group are each
/// a group of their own.
pub fn group_numbers<'a>(groups: impl IntoIterator<Item = Option<&'a str>>) -> Vec<usize> {
    let mut numbers = BTreeMap::<&str, usize>::new();
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    groups
        .into_iter()
        .map(|group| match group {
            Some(group) => *numbers.entry(group).or_insert_with(&mut fresh),
            None => fresh(),
        })
        .collect()
}

fn scaled(fractions: [f64; 3]) -> [f64; 3] {
    let clean = fractions.map(|fraction| if fraction.is_finite() { fraction.max(0.0) } else { 0.0 });
    let sum: f64 = clean.iter().sum();
    if sum == 0.0 { [1.0, 0.0, 0.0] } else { clean.map(|fraction| fraction / sum) }
}

/// Divides `count` by largest remainders; then every wanted part takes one from the largest if it has none.
fn sizes(count: usize, fractions: [f64; 3]) -> [usize; 3] {
    let exact = fractions.map(|fraction| fraction * count as f64);
    let mut sizes = exact.map(|size| (size + 1e-9).floor() as usize);
    let mut order = [0, 1, 2];
    order.sort_by(|&a, &b| {
        (exact[b] - sizes[b] as f64).total_cmp(&(exact[a] - sizes[a] as f64)).then(a.cmp(&b))
    });
    for part in order.into_iter().cycle().take(count.saturating_sub(sizes.iter().sum())) {
        sizes[part] += 1;
    }
    let wanted = fractions.iter().filter(|fraction| **fraction > 0.0).count();
    if count >= wanted {
        for part in 0..3 {
            if fractions[part] > 0.0
                && sizes[part] == 0
                && let Some(largest) = (0..3).max_by_key(|&other| (sizes[other], 2 - other))
            {
                sizes[largest] -= 1;
                sizes[part] += 1;
            }
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(parts: &[Part], part: Part) -> usize {
        parts.iter().filter(|other| **other == part).count()
    }

    #[test]
    fn classes_keep_their_proportions() {
        let labels: Vec<usize> = (0..1000).map(|index| usize::from(index % 10 == 0)).collect();
        let parts = stratified(&labels, [0.8, 0.1, 0.1], 1);
        let rare: Vec<Part> =
            (0..1000).filter(|index| labels[*index] == 1).map(|index| parts[index]).collect();
        assert_eq!([80, 10, 10], Part::ALL.map(|part| count(&rare, part)));
        assert_eq!([800, 100, 100], Part::ALL.map(|part| count(&parts, part)));
        assert_eq!(parts, stratified(&labels, [0.8, 0.1, 0.1], 1));
        assert_ne!(parts, stratified(&labels, [0.8, 0.1, 0.1], 2));
    }

    #[test]
    fn small_classes_reach_every_part_and_odd_fractions_do_no_harm() {
        assert_eq!([1, 1, 1], Part::ALL.map(|part| count(&stratified(&[0, 0, 0], [0.8, 0.1, 0.1], 0), part)));
        assert_eq!(count(&stratified(&[0; 7], [0.0, 0.0, 0.0], 0), Part::Train), 7);
        assert_eq!(count(&stratified(&[0; 10], [8.0, 1.0, 1.0], 0), Part::Train), 8);
        assert!(stratified(&[], [0.8, 0.1, 0.1], 0).is_empty());
    }

    #[test]
    fn groups_stay_together() {
        let groups: Vec<usize> = (0..1000).map(|index| (index * index) % 83).collect();
        let labels: Vec<usize> = (0..1000).map(|index| index % 2).collect();
        let parts = grouped(&groups, &labels, [0.8, 0.1, 0.1], 3);
        for group in 0..83 {
            let mut of_group = (0..1000).filter(|index| groups[*index] == group).map(|index| parts[index]);
            let first = of_group.next();
            assert!(of_group.all(|part| Some(part) == first));
        }
        assert!((count(&parts, Part::Train) as f64 / 1000.0 - 0.8).abs() < 0.03);
        assert!(count(&parts, Part::Test) > 50);
    }

    #[test]
    fn columns_are_read_by_name() {
        assert_eq!(by_column([Some("Train"), Some("dev")]).unwrap(), [Part::Train, Part::Validation]);
        assert!(by_column([Some("fold7")]).is_err());
        assert!(by_column([Some("train"), None]).is_err());
        assert_eq!(group_numbers([Some("b"), None, Some("a"), Some("b")]), [0, 1, 2, 0]);
    }
}
