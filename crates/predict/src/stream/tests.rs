use std::sync::atomic::AtomicUsize;

use super::*;

/// Scores by the share of A; a token a letter. Remembers its largest batch.
struct Counting {
    labels: Vec<String>,
    limit: usize,
    largest: AtomicUsize,
}

impl Counting {
    fn new(limit: usize) -> Counting {
        let labels = vec!["few".to_owned(), "many".to_owned()];
        Counting { labels, limit, largest: AtomicUsize::new(0) }
    }
}

impl Score for Counting {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error> {
        Ok(sequence.bytes().filter(|letter| *letter != b'N').map(u32::from).collect())
    }

    fn max_length(&self) -> usize {
        self.limit
    }

    fn logits(&self, sequences: &[&[u32]]) -> Result<Vec<Vec<f32>>, Error> {
        let tokens = sequences.iter().map(|ids| ids.len()).sum();
        self.largest.fetch_max(tokens, Ordering::Relaxed);
        let share =
            |ids: &[u32]| ids.iter().filter(|id| **id == u32::from(b'A')).count() as f32 / ids.len() as f32;
        Ok(sequences.iter().map(|ids| vec![0.5, share(ids)]).collect())
    }
}

fn records(sequences: &[&str]) -> impl Iterator<Item = Result<Record, sequence::Error>> + Send + use<> {
    let records: Vec<_> = sequences
        .iter()
        .enumerate()
        .map(|(i, sequence)| Ok(Record::new(format!("r{i}"), *sequence)))
        .collect();
    records.into_iter()
}

fn predict_to(
    out: &Path,
    sequences: &[&str],
    predictor: &Counting,
    options: &Options,
    stop: bool,
) -> Result<Summary, Error> {
    run(records(sequences), predictor, out, options, &mut |_| {}, &AtomicBool::new(stop))
}

#[test]
fn every_record_gets_its_row_in_order_and_batches_stay_small() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.csv");
    let sequences: Vec<String> = (0..1000).map(|i| "A".repeat(1 + i % 7) + &"C".repeat(1 + i % 5)).collect();
    let sequences: Vec<&str> = sequences.iter().map(String::as_str).collect();
    let predictor = Counting::new(100);
    let options = Options { batch_tokens: 50, ..Options::default() };
    let summary = predict_to(&out, &sequences, &predictor, &options, false).unwrap();
    assert_eq!(summary.progress.sequences, 1000);
    assert!(summary.complete);
    assert!(predictor.largest.into_inner() < 50 + 12);
    let mut reader = csv::Reader::from_path(&out).unwrap();
    for (i, row) in reader.records().enumerate() {
        let row = row.unwrap();
        assert_eq!(&row[0], format!("r{i}"));
        assert_eq!(row[1].parse::<usize>().unwrap(), sequences[i].len());
        let many = sequences[i].matches('A').count() * 2 > sequences[i].len();
        assert_eq!(&row[2], if many { "many" } else { "few" }, "{}", sequences[i]);
    }
}

#[test]
fn what_is_too_long_is_cut_with_a_note() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.tsv");
    let summary =
        predict_to(&out, &["AAAAAAAA", "CC"], &Counting::new(3), &Options::default(), false).unwrap();
    assert_eq!((summary.progress.truncated, summary.progress.tokens), (1, 5));
    let text = std::fs::read_to_string(out).unwrap();
    assert!(text.lines().nth(1).unwrap().ends_with("\tcut to the first 3 of 8 tokens"), "{text}");
    assert!(text.lines().nth(2).unwrap().ends_with('\t'), "{text}");
}

#[test]
fn a_record_without_tokens_is_an_error_or_a_note() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.jsonl");
    let predictor = Counting::new(10);
    let error = predict_to(&out, &["AC", "NNN"], &predictor, &Options::default(), false).unwrap_err();
    assert!(matches!(error, Error::NoTokens { .. }), "{error}");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
    let options = Options { skip_invalid: true, ..Options::default() };
    let summary = predict_to(&out, &["AC", "NNN"], &predictor, &options, false).unwrap();
    assert_eq!((summary.progress.sequences, summary.progress.invalid), (2, 1));
    let text = std::fs::read_to_string(out).unwrap();
    let row: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert!(row["predicted_label"].is_null() && row["logit_few"].is_null());
    assert_eq!((&row["id"], &row["length"]), (&"r1".into(), &3.into()));
}

#[test]
fn nothing_is_written_over_and_nothing_predicted_from_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.csv");
    std::fs::write(&out, "precious").unwrap();
    let predictor = Counting::new(10);
    let error = predict_to(&out, &["AC"], &predictor, &Options::default(), false).unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious");
    let options = Options { overwrite: true, ..Options::default() };
    let error = predict_to(&out, &[], &predictor, &options, false).unwrap_err();
    assert!(matches!(error, Error::Empty), "{error}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious", "a failure costs no earlier result");
    predict_to(&out, &["AC"], &predictor, &options, false).unwrap();
    assert_ne!(std::fs::read_to_string(&out).unwrap(), "precious");
}

#[test]
fn sheets_and_fasta_hold_what_was_predicted() {
    use calamine::{Data, Reader as _};
    let scratch = tempfile::tempdir().unwrap();
    let sheet = scratch.path().join("p.xlsx");
    let predictor = Counting::new(10);
    predict_to(&sheet, &["AAAC", "CCCCA"], &predictor, &Options::default(), false).unwrap();
    let mut book = calamine::open_workbook_auto(&sheet).unwrap();
    let rows = book.worksheet_range("predictions").unwrap();
    let header: Vec<String> = rows.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(header, crate::column_names(&predictor.labels));
    assert_eq!(rows.get((1, 2)), Some(&Data::String("many".to_owned())));
    assert_eq!(rows.get((2, 1)), Some(&Data::Float(5.0)));

    let fasta = scratch.path().join("p.fasta");
    predict_to(&fasta, &["AAAC", &"C".repeat(70)], &Counting::new(100), &Options::default(), false).unwrap();
    let text = std::fs::read_to_string(fasta).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(">r0 label=many confidence=0.5621765"), "{text}");
    assert_eq!((lines[1], lines[3].len(), lines[4].len()), ("AAAC", 60, 10));
}

#[test]
fn a_stop_keeps_the_rows_under_another_name() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.csv");
    let summary = predict_to(&out, &["AC"], &Counting::new(10), &Options::default(), true).unwrap();
    assert!(!summary.complete);
    assert_eq!(summary.out, scratch.path().join("p.partial.csv"));
    assert!(summary.out.exists() && !out.exists());
}
