//! Marks into an SVG, by plotters' backend.
//!
//! plotters' coordinates are whole numbers: a drawing is made ten times larger and shown smaller by its `viewBox`.

use plotters::{
    backend::{DrawingBackend, SVGBackend},
    style::{
        FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Error,
    canvas::{Anchor, Canvas, Mark},
    text,
    theme::{Colour, Role, Theme, hexadecimal},
};

/// Units of the `viewBox` a px.
const UNITS: f64 = 10.0;

/// An SVG with the theme's colours.
pub(crate) fn svg(canvas: &Canvas, theme: Theme) -> Result<String, Error> {
    vector(canvas, |role| theme.colour(role), true)
}

/// An SVG whose colours are custom properties, without a page: for HTML that sets them.
pub(crate) fn inline_svg(canvas: &Canvas, theme: Theme) -> Result<String, Error> {
    // Each role is drawn in a colour that stands for it, and that is then replaced.
    let stand_in = |role: Role| -> Colour {
        let number = Role::all().position(|other| other.property() == role.property()).unwrap_or(0) as u8;
        (1, 2, number)
    };
    let mut svg = vector(canvas, stand_in, false)?;
    for role in Role::all() {
        let property = format!("\"var({},{})\"", role.property(), hexadecimal(theme.colour(role)));
        svg = svg.replace(&format!("\"{}\"", hexadecimal(stand_in(role)).to_uppercase()), &property);
    }
    Ok(svg)
}

fn vector(canvas: &Canvas, colour: impl Fn(Role) -> Colour, page: bool) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let size = ((canvas.width * UNITS) as u32, (canvas.height * UNITS) as u32);
        let mut backend = SVGBackend::with_string(&mut svg, size);
        draw(canvas, &mut backend, colour, page)?;
        backend.present().map_err(failed)?;
    }
    let (width, height) = (canvas.width, canvas.height);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" stroke-linejoin=\"round\" font-family=\"{}\">\n<title>{}</title>\n<desc>{}</desc>\n",
        width * UNITS,
        height * UNITS,
        text::FAMILY,
        escape(&canvas.title),
        escape(&canvas.description),
    );
    let body = svg.split_once('\n').map_or("", |(_, body)| body);
    // What every element repeats, or what is the default, is not worth its bytes.
    let body = body
        .replace(" opacity=\"1\"", "")
        .replace(&format!(" font-family=\"{}\"", text::FAMILY), "")
        .replace(" stroke=\"none\"", "")
        .replace(" text-anchor=\"start\"", "")
        .replace(" \"/>", "\"/>")
        .replace("\n</text>", "</text>");
    let mut tidy = head;
    for line in body.lines() {
        // Of one shape it is the same, but in a page an `opacity` wants a layer of its own.
        let kind = if line.starts_with("<polyline") { " stroke-opacity=" } else { " fill-opacity=" };
        tidy.push_str(&line.replace(" opacity=", kind));
        // Text stands on one line with its tag, so that no blank creeps into it.
        if !line.starts_with("<text") {
            tidy.push('\n');
        }
    }
    Ok(tidy)
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn failed(error: impl std::error::Error) -> Error {
    Error::Draw(error.to_string())
}

fn draw<B: DrawingBackend>(
    canvas: &Canvas,
    backend: &mut B,
    colour: impl Fn(Role) -> Colour,
    page: bool,
) -> Result<(), Error> {
    let place = |(x, y): (f64, f64)| ((x * UNITS).round() as i32, (y * UNITS).round() as i32);
    let paint = |role: Role, opacity: f64| {
        let (red, green, blue) = colour(role);
        RGBAColor(red, green, blue, opacity)
    };
    if page {
        let style = ShapeStyle { color: paint(Role::Page, 1.0), filled: true, stroke_width: 0 };
        backend.draw_rect((0, 0), place((canvas.width, canvas.height)), &style, true).map_err(failed)?;
    }
    for (mark, role, opacity) in &canvas.marks {
        let color = paint(*role, *opacity);
        let filled = ShapeStyle { color, filled: true, stroke_width: 0 };
        match mark {
            Mark::Path { points, width } => {
                let stroke_width = (width * UNITS).round().max(1.0) as u32;
                let style = ShapeStyle { color, filled: false, stroke_width };
                let points = simplify(points.iter().copied().map(place));
                backend.draw_path(points, &style).map_err(failed)?;
            }
            Mark::Box { x, y, width, height } => {
                let (from, to) = (place((*x, *y)), place((x + width, y + height)));
                backend.draw_rect(from, to, &filled, true).map_err(failed)?;
            }
            Mark::Dot { x, y, radius } => {
                let radius = (radius * UNITS).round() as u32;
                backend.draw_circle(place((*x, *y)), radius, &filled, true).map_err(failed)?;
            }
            Mark::Text { x, y, content, size, bold, anchor, upwards } => {
                // plotters' SVG divides the size by 1.24 and hangs the base line 0.76 em below the position.
                let style = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                let mut font = FontDesc::new(FontFamily::Name(text::FAMILY), size * 1.24 * UNITS, style);
                let mut at = (*x, y - size * 0.76);
                if *upwards {
                    font = font.transform(FontTransform::Rotate270);
                    at = (x - size * 0.76, *y);
                }
                let h_pos = match anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let (red, green, blue) = colour(*role);
                let ink = RGBColor(red, green, blue);
                let style = TextStyle::from(font).color(&ink).pos(Pos::new(h_pos, VPos::Top));
                backend.draw_text(content, &style, place(at)).map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// Points without repetitions.
fn simplify(points: impl Iterator<Item = (i32, i32)>) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for point in points {
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    kept
}
