//! `predictions.csv`: the scored records, one a line.

use super::ReportInput;

/// The table with its header (RFC 4180, LF). The logits' lengths were checked when the metrics were made.
pub(super) fn table(input: &ReportInput) -> String {
    let classes = input.labels.len();
    let mut text = String::from("id,length,true_label,predicted_label,correct,confidence");
    for prefix in ["prob", "logit"] {
        for label in &input.labels {
            text.push(',');
            text.push_str(&field(&format!("{prefix}_{label}")));
        }
    }
    if input.baseline.is_some() {
        text.push_str(",baseline_label");
        for label in &input.labels {
            text.push(',');
            text.push_str(&field(&format!("baseline_prob_{label}")));
        }
    }
    text.push('\n');
    for (record, &truth) in input.scored.labels.iter().enumerate() {
        let logits = &input.scored.logits[record * classes..(record + 1) * classes];
        let probabilities = softmax(logits);
        let predicted = largest(logits);
        let mut fields = vec![
            field(&input.scored.ids[record]),
            input.scored.lengths[record].to_string(),
            field(&input.labels[truth]),
            field(&input.labels[predicted]),
            u8::from(predicted == truth).to_string(),
            probability(probabilities[predicted]),
        ];
        fields.extend(probabilities.iter().map(|&value| probability(value)));
        fields.extend(logits.iter().map(f32::to_string));
        if let Some(baseline) = &input.baseline {
            let logits = &baseline.logits[record * classes..(record + 1) * classes];
            fields.push(field(&input.labels[largest(logits)]));
            fields.extend(softmax(logits).into_iter().map(probability));
        }
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> =
        logits.iter().map(|&value| (f64::from(value) - f64::from(largest)).exp()).collect();
    let total: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|value| value / total).collect()
}

/// The first of the largest.
fn largest(logits: &[f32]) -> usize {
    let mut best = 0;
    for class in 1..logits.len() {
        if logits[class] > logits[best] {
            best = class;
        }
    }
    best
}

/// Seven decimals: what f32 logits carry.
fn probability(value: f64) -> String {
    format!("{value:.7}")
}

/// Quoted where the field needs it. A leading `=`, `+`, `-` or `@` is left alone: ids are data, not formulas.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_commas_quotes_and_line_ends() {
        assert_eq!(field("plain id"), "plain id");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"x\""), "\"say \"\"x\"\"\"");
    }

    #[test]
    fn probabilities_sum_to_one_and_ties_go_to_the_first() {
        assert!((softmax(&[1e4, 1e4, -1e4]).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(largest(&[0.5, 0.5]), 0);
    }
}
