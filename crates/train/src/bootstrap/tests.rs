use super::*;

/// `records` with two classes; a record is called rightly when `right` says so.
fn binary(records: usize, right: impl Fn(usize) -> bool) -> Predictions {
    let labels: Vec<usize> = (0..records).map(|record| record % 2).collect();
    let logits: Vec<f32> = (0..records)
        .flat_map(|record| {
            let sign = if (record % 2 == 1) == right(record) { 1.0 } else { -1.0 };
            [0.0, sign * (1.0 + (record % 17) as f32 / 20.0)]
        })
        .collect();
    Predictions::from_logits(&logits, &labels, 2).unwrap()
}

#[test]
fn the_interval_of_a_share_is_the_binomial_one() {
    // 1,000 records, accuracy .8 in each class: standard error √(.8·.2/1000) = .01265.
    let predictions = binary(1_000, |record| record % 10 > 1);
    let resampling = Resampling { resamples: 10_000, ..Resampling::default() };
    let accuracy = intervals(&predictions, &resampling)[&Metric::Accuracy];
    assert_eq!(accuracy.estimate, 0.8);
    // The ends of 10,000 draws scatter by about .0003.
    assert!((accuracy.low - (0.8 - 1.96 * 0.012_65)).abs() < 0.001, "{accuracy:?}");
    assert!((accuracy.high - (0.8 + 1.96 * 0.012_65)).abs() < 0.001, "{accuracy:?}");
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let predictions = binary(300, |record| record % 3 > 0);
    let on = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| intervals(&predictions, &Resampling { seed, resamples: 300, confidence: 0.95 }))
    };
    assert_eq!(on(1, 7), on(3, 7));
    assert_ne!(on(1, 7), on(1, 8));
}

#[test]
fn what_both_models_find_hard_cancels_out() {
    // The second model is right wherever the first is, and on 2 % more: the difference is certain, though each is not.
    let weaker = binary(2_000, |record| record % 10 > 1);
    let stronger = binary(2_000, |record| record % 10 > 1 || record % 100 < 2);
    let resampling = Resampling::default();
    let difference = paired_difference(&stronger, &weaker, &resampling).unwrap()[&Metric::Accuracy];
    assert!((difference.estimate - 0.02).abs() < 1e-12, "{difference:?}");
    assert!(difference.low > 0.01 && difference.high < 0.03, "{difference:?}");
    let alone = intervals(&stronger, &resampling)[&Metric::Accuracy];
    assert!(alone.high - alone.low > 2.0 * (difference.high - difference.low));
    let none = paired_difference(&weaker, &weaker, &resampling).unwrap()[&Metric::Mcc];
    assert_eq!((none.low, none.estimate, none.high), (0.0, 0.0, 0.0));
}

#[test]
fn a_rare_class_is_in_every_draw() {
    let labels = [vec![0; 50], vec![1; 30], vec![2; 2]].concat();
    let logits: Vec<f32> = labels
        .iter()
        .enumerate()
        .flat_map(|(record, &label)| {
            (0..3).map(move |class| if class == label { (record % 5) as f32 - 1.0 } else { 0.5 })
        })
        .collect();
    let predictions = Predictions::from_logits(&logits, &labels, 3).unwrap();
    let intervals = intervals(&predictions, &Resampling { resamples: 500, ..Resampling::default() });
    assert_eq!(intervals.len(), Metric::ALL.len());
    for (metric, interval) in intervals {
        assert!(interval.contains(interval.estimate), "{metric}: {interval:?}");
    }
}

#[test]
fn scores_that_do_not_exist_have_no_interval() {
    let predictions = Predictions::from_logits(&[1.0, 0.0, 0.0, 1.0], &[0, 0], 2).unwrap();
    let intervals = intervals(&predictions, &Resampling::default());
    assert!(!intervals.contains_key(&Metric::Auroc));
    assert!(intervals.contains_key(&Metric::Accuracy));
}

#[test]
fn models_of_different_records_are_not_compared() {
    let error = paired_difference(&binary(10, |_| true), &binary(12, |_| true), &Resampling::default());
    assert_eq!(error, Err(Error::Unpaired { ours: 10, theirs: 12 }));
}

#[test]
fn quantiles_are_numpy_s() {
    // numpy.quantile([1, 2, 4, 8], [0.025, 0.5, 0.975]) = [1.075, 3.0, 7.7]
    let values = [1.0, 2.0, 4.0, 8.0];
    assert!((quantile(&values, 0.025) - 1.075).abs() < 1e-12);
    assert!((quantile(&values, 0.5) - 3.0).abs() < 1e-12);
    assert!((quantile(&values, 0.975) - 7.7).abs() < 1e-12);
    assert_eq!(quantile(&[3.0], 0.975), 3.0);
}
