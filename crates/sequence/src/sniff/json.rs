//! JSON: one object a line or an array, and which field holds what.

use std::io::Cursor;
use std::path::Path;

use super::{Format, Plan, SAMPLE, Sniffed};
use crate::columns;
use crate::error::Error;
use crate::format::json::{self, Element, Fields, Objects};
use crate::reader::ReadOptions;
use crate::source::Lines;

/// Whether what starts with a bracket is JSON and no table whose first cell does.
pub(super) fn is_array(first: &[u8]) -> bool {
    first[1..].trim_ascii_start().first().is_none_or(|&byte| byte == b'{' || byte == b']')
}

pub(super) fn table(path: &Path, text: &[u8], options: &ReadOptions) -> Result<Sniffed, Error> {
    let first = text.trim_ascii_start();
    let first_line = first.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    let array = first.first() == Some(&b'[');
    // One object a line, unless the first line shows that an object goes on below.
    let by_line = !array && first_line.trim_ascii_end().last() == Some(&b'}');
    let mut objects = Objects::new(Lines::new(Box::new(Cursor::new(text.to_vec()))), by_line);
    let mut sample = Vec::new();
    let mut problem = None;
    while sample.len() < SAMPLE {
        match objects.next() {
            Some(Element::Object(_, object)) => sample.push(object),
            Some(Element::Refused(line, what)) | Some(Element::Broken(line, what)) => {
                problem.get_or_insert((line, what));
            }
            Some(Element::Failed(..)) | None => break,
        }
    }
    let mut names: Vec<String> = Vec::new();
    for object in &sample {
        for name in object.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    if names.is_empty() {
        let (line, said) = problem.unwrap_or((1, "there is no object in it".to_string()));
        return Err(Error::Structure {
            path: path.to_path_buf(),
            line,
            what: format!("this looks like JSON, but no record can be read from it: {said}"),
            advice: "Write one object a line, {\"sequence\": \"ACGT\", \"label\": 1}, or an array of such objects."
                .to_string(),
        });
    }
    let rows: Vec<Vec<String>> = sample
        .iter()
        .map(|object| {
            let cell = |name: &String| object.get(name).and_then(|value| json::scalar(value).ok().flatten());
            names.iter().map(|name| cell(name).unwrap_or_default()).collect()
        })
        .collect();
    let chosen = columns::choose(path, &names, true, &rows, options)?;
    let columns = chosen.named(&names);
    let fields = Fields::new(&chosen, &names);
    let format = if array { Format::JsonArray } else { Format::JsonLines };
    Ok(Sniffed { format, plan: Plan::Json { by_line, fields }, columns })
}
