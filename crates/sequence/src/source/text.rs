//! Text encodings: UTF-8 with or without a byte order mark, UTF-16 of either order.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};

use super::{Bytes, fill};

/// The same text as UTF-8, without a byte order mark. Text without a mark is UTF-16 where every second one of its first
/// bytes is zero, and otherwise left as it is.
pub(crate) fn utf8(mut bytes: Bytes) -> io::Result<Bytes> {
    let mut head = Vec::new();
    fill(&mut bytes, &mut head, 64)?;
    let (encoding, mark) = match head.as_slice() {
        [0xef, 0xbb, 0xbf, ..] => (None, 3),
        [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
        [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
        _ => (unmarked(&head), 0),
    };
    head.drain(..mark);
    let rest: Bytes = Box::new(Cursor::new(head).chain(bytes));
    Ok(match encoding {
        None => rest,
        Some(encoding) => Box::new(Transcoded {
            bytes: rest,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; 1 << 15],
            start: 0,
            end: 0,
            ended: false,
            output: vec![0; 1 << 16],
            given: 0,
            ready: 0,
            finished: false,
        }),
    })
}

fn unmarked(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let pairs = head.chunks_exact(2);
    if pairs.len() < 2 {
        return None;
    }
    if pairs.clone().all(|pair| pair[0] != 0 && pair[1] == 0) {
        Some(UTF_16LE)
    } else if pairs.clone().all(|pair| pair[0] == 0 && pair[1] != 0) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-16 turned into UTF-8 as it is read. A lone surrogate or half a character is an error, not a replacement.
struct Transcoded {
    bytes: Bytes,
    decoder: Decoder,
    input: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    output: Vec<u8>,
    given: usize,
    ready: usize,
    finished: bool,
}

impl Read for Transcoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready && !self.finished {
            if self.start == self.end && !self.ended {
                self.start = 0;
                self.end = self.bytes.read(&mut self.input)?;
                self.ended = self.end == 0;
            }
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.input[self.start..self.end],
                &mut self.output,
                self.ended,
            );
            self.start += read;
            self.given = 0;
            self.ready = written;
            match result {
                DecoderResult::Malformed(..) => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "the UTF-16 text holds half a character; save the file as UTF-8",
                    ));
                }
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
            }
        }
        let count = buffer.len().min(self.ready - self.given);
        buffer[..count].copy_from_slice(&self.output[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
