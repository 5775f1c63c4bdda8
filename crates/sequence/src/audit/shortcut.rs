//! Signs that something trivial tells the classes apart: length or composition alone.

use serde::Serialize;

use super::Seen;

/// How well one plain number tells a class from all others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortcut {
    /// "gc" (the share of G and C) or "length".
    pub feature: &'static str,
    /// The class.
    pub label: String,
    /// The area under the ROC curve of that number alone: 0.5 says nothing, 1 and 0 say everything (higher or lower in the
    /// class). Ties count half (Mann and Whitney, 1947).
    pub auroc: f64,
    /// The mean in the class.
    pub mean: f64,
    /// The mean of the others.
    pub mean_of_others: f64,
}

pub(crate) fn find(seen: &[Seen<'_>], labels: &[&str]) -> Vec<Shortcut> {
    if labels.len() < 2 {
        return Vec::new();
    }
    let gc: Vec<(f64, usize)> = seen.iter().filter_map(|one| Some((one.gc?, one.class?))).collect();
    let length: Vec<(f64, usize)> =
        seen.iter().filter_map(|one| Some((one.record.sequence.len() as f64, one.class?))).collect();
    // Of two classes one says it all.
    let told = if labels.len() == 2 { 1..2 } else { 0..labels.len() };
    let mut found = Vec::new();
    for (feature, mut values) in [("gc", gc), ("length", length)] {
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        for class in told.clone() {
            if let Some((auroc, mean, mean_of_others)) = auroc(&values, class) {
                found.push(Shortcut {
                    feature,
                    label: labels[class].to_string(),
                    auroc,
                    mean,
                    mean_of_others,
                });
            }
        }
    }
    found
}

/// Area under the ROC curve and the two means, of sorted values.
fn auroc(values: &[(f64, usize)], class: usize) -> Option<(f64, f64, f64)> {
    let (mut ranks, mut inside, mut sum, mut all) = (0.0, 0.0, 0.0, 0.0);
    let mut place = 0.0;
    for ties in values.chunk_by(|a, b| a.0 == b.0) {
        let rank = place + (ties.len() as f64 + 1.0) / 2.0;
        place += ties.len() as f64;
        let members = ties.iter().filter(|(_, other)| *other == class).count() as f64;
        ranks += rank * members;
        inside += members;
        sum += ties[0].0 * members;
        all += ties[0].0 * ties.len() as f64;
    }
    let outside = values.len() as f64 - inside;
    (inside > 0.0 && outside > 0.0).then(|| {
        let area = (ranks - inside * (inside + 1.0) / 2.0) / (inside * outside);
        (area, sum / inside, (all - sum) / outside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_scikit_learns() {
        // sklearn.metrics.roc_auc_score([0, 0, 1, 1, 1], [1, 2, 2, 3, 0]) == 0.5833333333333333
        let mut values: Vec<(f64, usize)> = vec![(1.0, 0), (2.0, 0), (2.0, 1), (3.0, 1), (0.0, 1)];
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (area, mean, others) = auroc(&values, 1).unwrap();
        assert!((area - 0.583_333_333_333_333_3).abs() < 1e-15, "{area}");
        assert!((mean - 5.0 / 3.0).abs() < 1e-15 && (others - 1.5).abs() < 1e-15);
        assert!(auroc(&values, 2).is_none());
    }
}
