//! The type face: Noto Sans, embedded (SIL Open Font License 1.1), so that figures look the same on a machine without fonts.

use ab_glyph::{Font, FontRef, ScaleFont};

use crate::Error;

/// What an SVG asks for; a reader without Noto Sans gets a face of nearly the same widths.
pub(crate) const FAMILY: &str = "Noto Sans, Helvetica Neue, Helvetica, Arial, sans-serif";

/// The face, regular or bold.
pub(crate) const fn bytes(bold: bool) -> &'static [u8] {
    if bold { notosans::BOLD_TTF } else { notosans::REGULAR_TTF }
}

pub(crate) fn face(bold: bool) -> Result<FontRef<'static>, Error> {
    FontRef::try_from_slice(bytes(bold)).map_err(|error| Error::Font(error.to_string()))
}

/// Height of the face's line in ems: what `ab_glyph` scales by.
pub(crate) fn line(bold: bool) -> Result<f64, Error> {
    let face = face(bold)?;
    let em = face.units_per_em().ok_or_else(|| Error::Font("no units per em".to_owned()))?;
    Ok(f64::from(face.height_unscaled() / em))
}

/// Width of a line of text at `size` px an em.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let (Ok(face), Ok(line)) = (face(bold), line(bold)) else {
        return text.chars().count() as f64 * size * 0.6;
    };
    let scaled = face.as_scaled((size * line) as f32);
    let mut width = 0.0;
    let mut before = None;
    for character in text.chars() {
        let glyph = scaled.glyph_id(character);
        if let Some(before) = before {
            width += scaled.kern(before, glyph);
        }
        width += scaled.h_advance(glyph);
        before = Some(glyph);
    }
    f64::from(width)
}

/// The pixels that a line of text covers, from its beginning on the base line: to the right, down, and how much of each.
pub(crate) fn pixels(text: &str, size: f64, bold: bool) -> Result<Vec<(i32, i32, f32)>, Error> {
    let face = face(bold)?;
    let scaled = face.as_scaled((size * line(bold)?) as f32);
    let mut pixels = Vec::new();
    let mut right = 0.0;
    let mut before = None;
    for character in text.chars() {
        let id = scaled.glyph_id(character);
        if let Some(before) = before {
            right += scaled.kern(before, id);
        }
        let glyph = id.with_scale_and_position(scaled.scale(), ab_glyph::point(right, 0.0));
        if let Some(outline) = scaled.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                if coverage > 0.0 {
                    pixels.push((corner.x as i32 + x as i32, corner.y as i32 + y as i32, coverage));
                }
            });
        }
        right += scaled.h_advance(id);
        before = Some(id);
    }
    Ok(pixels)
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
                assert_ne!(face.glyph_id(sign).0, 0, "{sign} bold {bold}");
            }
        }
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
