use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use super::*;

#[test]
fn the_softmax_is_stable_and_sums_to_one() {
    let scores = Scores::of(&[1000.0, 999.0, -1000.0]);
    assert_eq!(scores.best, 0);
    assert!((scores.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    assert_eq!(Scores::of(&[0.25, 0.25]).best, 0, "the first of equals");
}

#[test]
fn formats_are_told_by_the_ending() {
    assert_eq!(Format::of(Path::new("a/b.PARQUET")).unwrap(), Format::Parquet);
    let error = Format::of(Path::new("b.docx")).unwrap_err().to_string();
    assert!(error.contains("b.docx") && error.contains(".parquet"), "{error}");
}

#[test]
fn parquet_holds_rows_with_and_without_a_prediction() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("p.parquet");
    let labels = ["a".to_owned(), "b".to_owned()];
    let mut writer = RowWriter::create(&out, &labels, false).unwrap();
    let rows = ROW_GROUP + 10;
    for number in 0..rows {
        let scores = (number % 2 == 0).then(|| Scores::of(&[0.0, 1.0]));
        let length = Some(number as u64);
        writer
            .write(Row { id: format!("r{number}"), length, scores, note: String::new(), sequence: None })
            .unwrap();
    }
    writer.finish().unwrap();
    let reader = SerializedFileReader::new(File::open(&out).unwrap()).unwrap();
    let read: Vec<_> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
    assert_eq!(read.len(), rows);
    let last = &read[rows - 2];
    assert_eq!(last.get_string(0).unwrap(), &format!("r{}", rows - 2));
    assert_eq!(last.get_long(1).unwrap(), rows as i64 - 2);
    assert_eq!(last.get_string(2).unwrap(), "b");
    assert_eq!(last.get_float(7).unwrap(), 1.0);
    assert!(read[1].is_null(2).unwrap() && read[1].is_null(4).unwrap(), "no prediction, no numbers");
}
