//! Lines, whatever ends them: LF, CRLF, or the lone CR of old Macintosh files, also mixed.

use std::io::{self, Read};

use super::Bytes;

/// Cuts text into lines and counts them.
pub(crate) struct Lines {
    bytes: Bytes,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    after_return: bool,
    number: u64,
    kept: Vec<Vec<u8>>,
}

impl Lines {
    pub(crate) fn new(bytes: Bytes) -> Lines {
        Lines {
            bytes,
            buffer: vec![0; 1 << 16],
            start: 0,
            end: 0,
            after_return: false,
            number: 0,
            kept: Vec::new(),
        }
    }

    /// The number of the line given last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Puts the next line, without its end, into `line`; false at the end of the text.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        if let Some(kept) = self.kept.pop() {
            *line = kept;
            self.number += 1;
            return Ok(true);
        }
        let mut begun = false;
        loop {
            if self.start == self.end {
                self.start = 0;
                self.end = 0;
                self.end = loop {
                    match self.bytes.read(&mut self.buffer) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        other => break other?,
                    }
                };
                if self.end == 0 {
                    self.number += u64::from(begun);
                    return Ok(begun);
                }
            }
            if self.after_return {
                self.after_return = false;
                if self.buffer[self.start] == b'\n' {
                    self.start += 1;
                    continue;
                }
            }
            let window = &self.buffer[self.start..self.end];
            match memchr::memchr2(b'\n', b'\r', window) {
                Some(length) => {
                    line.extend_from_slice(&window[..length]);
                    self.after_return = window[length] == b'\r';
                    self.start += length + 1;
                    self.number += 1;
                    return Ok(true);
                }
                None => {
                    line.extend_from_slice(window);
                    begun = true;
                    self.start = self.end;
                }
            }
        }
    }

    /// Gives a line back, so that it is the next one again; of several, the last comes first.
    pub(crate) fn keep(&mut self, line: &[u8]) {
        self.kept.push(line.to_vec());
        self.number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static [u8]) -> Vec<String> {
        let mut lines = Lines::new(Box::new(text));
        let (mut line, mut all) = (Vec::new(), Vec::new());
        while lines.next(&mut line).unwrap() {
            all.push(String::from_utf8(line.clone()).unwrap());
            assert_eq!(lines.number(), all.len() as u64);
        }
        all
    }

    #[test]
    fn every_line_end_ends_a_line() {
        assert_eq!(lines(b"a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(lines(b"a\n\n\r\n\r\rb\n"), ["a", "", "", "", "", "b"]);
        assert_eq!(lines(b""), Vec::<String>::new());
    }

    #[test]
    fn a_line_given_back_comes_again() {
        let mut lines = Lines::new(Box::new(&b"a\nb\n"[..]));
        let mut line = Vec::new();
        lines.next(&mut line).unwrap();
        let first = line.clone();
        lines.keep(&first);
        assert!(lines.next(&mut line).unwrap());
        assert_eq!((line.as_slice(), lines.number()), (&b"a"[..], 1));
        assert!(lines.next(&mut line).unwrap());
        assert_eq!(line, b"b");
    }
}
