//! JSON: one object a line (JSON lines), or an array of objects, or objects printed over several lines.

use std::io;

use serde_json::{Map, Value};

use super::{Entries, Entry, Problem, delimited};
use crate::columns::Chosen;
use crate::reason::Reason;
use crate::source::Lines;

/// An object longer than this (256 MiB) is one that was never closed.
const LONGEST: usize = 1 << 28;

/// The fields of an object that are read.
#[derive(Clone)]
pub(crate) struct Fields {
    pub id: Option<String>,
    pub sequence: String,
    pub label: Option<String>,
    pub split: Option<String>,
    pub group: Option<String>,
}

impl Fields {
    pub(crate) fn new(chosen: &Chosen, names: &[String]) -> Fields {
        let name = |index: Option<usize>| index.and_then(|index| names.get(index).cloned());
        Fields {
            id: name(chosen.id),
            sequence: name(Some(chosen.sequence)).unwrap_or_default(),
            label: name(chosen.label),
            split: name(chosen.split),
            group: name(chosen.group),
        }
    }

    fn entry(&self, line: u64, object: &Map<String, Value>) -> Result<Entry, Problem> {
        let cell = |name: &Option<String>| -> Result<Option<String>, Reason> {
            match name.as_ref().and_then(|name| object.get(name).map(|value| (name, value))) {
                None => Ok(None),
                Some((name, value)) => scalar(value).map_err(|kind| {
                    Reason::Malformed(format!("the field '{name}' holds {kind} where one value is expected"))
                }),
            }
        };
        let id = cell(&self.id);
        let named = id.clone().ok().flatten();
        let refuse = |reason| Problem::Refused { line, id: named.clone(), reason };
        let id = id.map_err(refuse)?;
        let label = cell(&self.label).map_err(refuse)?;
        let split = cell(&self.split).map_err(refuse)?;
        let group = cell(&self.group).map_err(refuse)?;
        let control =
            |text: &Option<String>| text.as_deref().is_some_and(|text| text.chars().any(char::is_control));
        if control(&id) || control(&label) {
            return Err(refuse(Reason::Malformed(
                "the name or the label holds a control character".to_string(),
            )));
        }
        match object.get(&self.sequence) {
            Some(Value::String(sequence)) => {
                let sequence = delimited::cleaned(sequence.as_bytes());
                Ok(Entry { line, id, sequence, label, split, group })
            }
            None | Some(Value::Null) => {
                Err(refuse(Reason::Malformed(format!("the field '{}' is missing", self.sequence))))
            }
            Some(_) => Err(refuse(Reason::Malformed(format!("the field '{}' is no text", self.sequence)))),
        }
    }
}

/// A value as text; whole numbers without a fraction, whatever their type in the file.
pub(crate) fn scalar(value: &Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Bool(truth) => Ok(Some(truth.to_string())),
        Value::Number(number) => Ok(Some(match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), ..) => whole.to_string(),
            (_, Some(whole), _) => whole.to_string(),
            (_, _, Some(real)) => number_text(real),
            _ => number.to_string(),
        })),
        Value::Array(_) => Err("a list"),
        Value::Object(_) => Err("an object"),
    }
}

/// A number as a label: 1.0 is "1".
pub(crate) fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{}", number as i64)
    } else {
        number.to_string()
    }
}

/// One object of a file, as read.
pub(crate) enum Element {
    Object(u64, Map<String, Value>),
    Refused(u64, String),
    Broken(u64, String),
    Failed(u64, io::Error),
}

/// Objects one after the other.
pub(crate) struct Objects {
    lines: Lines,
    line: Vec<u8>,
    at: usize,
    /// One object a line: a broken line is a broken record. Otherwise objects are found by their braces.
    by_line: bool,
    ended: bool,
}

impl Objects {
    pub(crate) fn new(lines: Lines, by_line: bool) -> Objects {
        Objects { lines, line: Vec::new(), at: 0, by_line, ended: false }
    }

    pub(crate) fn next(&mut self) -> Option<Element> {
        if self.ended {
            return None;
        }
        let element = if self.by_line { self.next_line() } else { self.next_braced() };
        if matches!(element, None | Some(Element::Broken(..) | Element::Failed(..))) {
            self.ended = true;
        }
        element
    }

    fn next_line(&mut self) -> Option<Element> {
        loop {
            match self.lines.next(&mut self.line) {
                Err(source) => return Some(Element::Failed(self.lines.number(), source)),
                Ok(false) => return None,
                Ok(true) if self.line.trim_ascii().is_empty() => {}
                Ok(true) => return Some(parsed(self.lines.number(), &self.line)),
            }
        }
    }

    fn next_braced(&mut self) -> Option<Element> {
        let mut element = Vec::new();
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        let mut start = self.lines.number();
        loop {
            while self.at < self.line.len() {
                let byte = self.line[self.at];
                self.at += 1;
                if depth == 0 && element.is_empty() {
                    match byte {
                        b'{' => start = self.lines.number(),
                        b'[' | b']' | b',' | b' ' | b'\t' => continue,
                        _ => {
                            let what = "an object in braces is expected here".to_string();
                            return Some(Element::Broken(self.lines.number(), what));
                        }
                    }
                }
                element.push(byte);
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_text => escaped = true,
                    b'"' => in_text = !in_text,
                    b'{' | b'[' if !in_text => depth += 1,
                    b'}' | b']' if !in_text => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return Some(parsed(start, &element));
                        }
                    }
                    _ => {}
                }
            }
            if element.len() > LONGEST {
                return Some(Element::Broken(
                    start,
                    "the object that starts here is never closed".to_string(),
                ));
            }
            self.at = 0;
            match self.lines.next(&mut self.line) {
                Err(source) => return Some(Element::Failed(self.lines.number(), source)),
                Ok(true) if element.is_empty() => {}
                Ok(true) => element.push(b'\n'),
                Ok(false) if element.is_empty() => return None,
                Ok(false) => {
                    return Some(Element::Broken(
                        start,
                        "the object that starts here is never closed".to_string(),
                    ));
                }
            }
        }
    }
}

fn parsed(line: u64, text: &[u8]) -> Element {
    match serde_json::from_slice::<Value>(text) {
        Ok(Value::Object(object)) => Element::Object(line, object),
        Ok(_) => {
            Element::Refused(line, "an object with named fields is expected, {\"sequence\": …}".to_string())
        }
        Err(error) => Element::Refused(line, format!("this is no valid JSON: {error}")),
    }
}

pub(crate) struct Json {
    objects: Objects,
    fields: Fields,
}

impl Json {
    pub(crate) fn new(lines: Lines, by_line: bool, fields: Fields) -> Json {
        Json { objects: Objects::new(lines, by_line), fields }
    }
}

/// The first objects as rows of text, in the order of `names`. What is no object is passed over.
pub(crate) fn sample(lines: Lines, by_line: bool, names: &[String], rows: usize) -> Vec<Vec<String>> {
    let mut objects = Objects::new(lines, by_line);
    let mut sample = Vec::new();
    while sample.len() < rows {
        match objects.next() {
            Some(Element::Object(_, object)) => {
                let cell = |name: &String| object.get(name).and_then(|value| scalar(value).ok().flatten());
                sample.push(names.iter().map(|name| cell(name).unwrap_or_default()).collect());
            }
            Some(Element::Refused(..)) => {}
            _ => break,
        }
    }
    sample
}

impl Entries for Json {
    fn next(&mut self) -> Option<Result<Entry, Problem>> {
        Some(match self.objects.next()? {
            Element::Object(line, object) => self.fields.entry(line, &object),
            Element::Refused(line, what) => {
                Err(Problem::Refused { line, id: None, reason: Reason::Malformed(what) })
            }
            Element::Broken(line, what) => Err(Problem::Broken {
                line,
                what,
                advice: "Mend the JSON there, or export it again.".to_string(),
            }),
            Element::Failed(line, source) => Err(Problem::Read { line, source }),
        })
    }
}
