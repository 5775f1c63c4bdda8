//! The type face: Noto Sans, embedded (SIL Open Font License 1.1), so that figures look the same on a machine without fonts.

use std::sync::OnceLock;

use ttf_parser::Face;

/// What an SVG asks for; a reader without Noto Sans gets a face of nearly the same widths.
pub(crate) const FAMILY: &str = "Noto Sans, Helvetica Neue, Helvetica, Arial, sans-serif";

/// The face, regular or bold.
pub(crate) const fn bytes(bold: bool) -> &'static [u8] {
    if bold { notosans::BOLD_TTF } else { notosans::REGULAR_TTF }
}

/// The face, read once.
fn face(bold: bool) -> Option<&'static Face<'static>> {
    static FACES: [OnceLock<Option<Face<'static>>>; 2] = [OnceLock::new(), OnceLock::new()];
    FACES[usize::from(bold)].get_or_init(|| Face::parse(bytes(bold), 0).ok()).as_ref()
}

/// Whether the face has all letters of `text`; the machine's own fonts must lend the others.
pub(crate) fn has_all(text: &str) -> bool {
    let mut letters = text.chars().filter(|letter| !letter.is_control());
    face(false).is_some_and(|face| letters.all(|letter| face.glyph_index(letter).is_some()))
}

/// Width of a line of text at `size` px an em.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|letter| advance(letter, bold)).sum::<f64>() * size
}

/// Width of a letter in ems. Those that the face lacks are as wide as fonts have them: an em from the scripts of East Asia on.
fn advance(letter: char, bold: bool) -> f64 {
    let own = face(bold).and_then(|face| {
        let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
        Some(f64::from(advance) / f64::from(face.units_per_em()))
    });
    own.unwrap_or(if letter >= '\u{1100}' { 1.0 } else { 0.6 })
}

/// The text, or as much of its beginning as fits `room` px with an ellipsis.
pub(crate) fn fit(text: &str, size: f64, bold: bool, room: f64) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let shorter = format!("{}…", kept.iter().collect::<String>().trim_end());
        if width(&shorter, size, bold) <= room {
            return shorter;
        }
    }
    String::new()
}

/// Lines of at most `room` px, broken at spaces.
pub(crate) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, false) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, size, false, room)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_that_figures_use_is_in_the_face() {
        for bold in [false, true] {
            let face = face(bold).unwrap();
            for sign in "0123456789.,−–×%…·^ACGTäéµ".chars() {
                assert!(face.glyph_index(sign).is_some(), "{sign} bold {bold}");
            }
        }
        assert!(has_all("Größe ≤ 3"), "what the face has is not looked for elsewhere");
    }

    #[test]
    fn letters_of_other_scripts_have_their_room() {
        assert!(!has_all("启动子"));
        assert_eq!(width("启动子", 12.0, false), 36.0);
    }

    #[test]
    fn long_names_are_cut_and_wrapped() {
        assert_eq!(fit("promoter", 12.0, false, 200.0), "promoter");
        let cut = fit("a very long class name", 12.0, false, 60.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0, false) <= 60.0, "{cut}");
        let lines = wrap("one two three four five six", 12.0, 60.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line, 12.0, false) <= 60.0));
    }
}
