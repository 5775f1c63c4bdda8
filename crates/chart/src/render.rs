//! Marks into SVG and PNG, by plotters' backends.
//!
//! plotters' coordinates are whole pixels. An SVG is therefore drawn ten times larger and shown smaller by its `viewBox`; a
//! PNG is drawn six times larger, and each three by three pixels are averaged, which leaves two pixels a px: sharp on
//! every screen, with smooth edges that plotters' own bitmaps lack.

use std::sync::OnceLock;

use plotters::{
    backend::{BitMapBackend, DrawingBackend, SVGBackend},
    style::{
        Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle,
        register_font,
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
/// Pixels of the finished bitmap a px.
const DENSITY: u32 = 2;
/// Pixels that are averaged, each way.
const SAMPLES: u32 = 3;

/// What a backend makes.
#[derive(Clone, Copy)]
enum Kind {
    Vector,
    Bitmap,
}

/// Whether the face was registered; plotters keeps faces for the whole program.
static REGISTERED: OnceLock<bool> = OnceLock::new();

fn register() -> Result<(), Error> {
    let done = REGISTERED.get_or_init(|| {
        register_font(text::FAMILY, FontStyle::Normal, text::bytes(false)).is_ok()
            && register_font(text::FAMILY, FontStyle::Bold, text::bytes(true)).is_ok()
    });
    if *done { Ok(()) } else { Err(Error::Font("plotters refused the embedded face".to_owned())) }
}

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
    register()?;
    let mut svg = String::new();
    {
        let size = ((canvas.width * UNITS) as u32, (canvas.height * UNITS) as u32);
        let mut backend = SVGBackend::with_string(&mut svg, size);
        draw(canvas, &mut backend, UNITS, Kind::Vector, colour, page)?;
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
        tidy.push_str(line);
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

/// A PNG, RGB, two pixels a px.
pub(crate) fn png(canvas: &Canvas, theme: Theme) -> Result<Vec<u8>, Error> {
    register()?;
    let scale = DENSITY * SAMPLES;
    let (width, height) = (canvas.width as u32 * scale, canvas.height as u32 * scale);
    let mut large = vec![0; (width * height * 3) as usize];
    {
        let mut backend = BitMapBackend::with_buffer(&mut large, (width, height));
        draw(canvas, &mut backend, f64::from(scale), Kind::Bitmap, |role| theme.colour(role), true)?;
        backend.present().map_err(failed)?;
    }
    let (small_width, small_height) = (width / SAMPLES, height / SAMPLES);
    let mut small = Vec::with_capacity((small_width * small_height * 3) as usize);
    for y in 0..small_height {
        for x in 0..small_width {
            for channel in 0..3 {
                let mut sum = 0;
                for row in y * SAMPLES..(y + 1) * SAMPLES {
                    for column in x * SAMPLES..(x + 1) * SAMPLES {
                        sum += u32::from(large[((row * width + column) * 3 + channel) as usize]);
                    }
                }
                small.push(((sum + SAMPLES * SAMPLES / 2) / (SAMPLES * SAMPLES)) as u8);
            }
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, small_width, small_height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // 96 px an inch, twice: programs that honour it show the figure at its size in px.
    let density = (96.0 * f64::from(DENSITY) / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: density,
        yppu: density,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&small).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn failed(error: impl std::error::Error) -> Error {
    Error::Draw(error.to_string())
}

fn draw<B: DrawingBackend>(
    canvas: &Canvas,
    backend: &mut B,
    scale: f64,
    kind: Kind,
    colour: impl Fn(Role) -> Colour,
    page: bool,
) -> Result<(), Error> {
    let place = |(x, y): (f64, f64)| ((x * scale).round() as i32, (y * scale).round() as i32);
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
                let stroke_width = (width * scale).round().max(1.0) as u32;
                let style = ShapeStyle { color, filled: false, stroke_width };
                let points = simplify(points.iter().copied().map(place));
                match kind {
                    Kind::Vector => backend.draw_path(points, &style).map_err(failed)?,
                    Kind::Bitmap => {
                        // The parts of a stroke overlap: mixed with the page beforehand, they do so unseen.
                        let mixed =
                            ShapeStyle { color: mix(colour(*role), colour(Role::Page), *opacity), ..filled };
                        stroke(backend, &points, stroke_width, &mixed)?;
                    }
                }
            }
            Mark::Box { x, y, width, height } => {
                backend
                    .draw_rect(place((*x, *y)), place((x + width, y + height)), &filled, true)
                    .map_err(failed)?;
            }
            Mark::Dot { x, y, radius } => {
                let radius = (radius * scale).round() as u32;
                backend.draw_circle(place((*x, *y)), radius, &filled, true).map_err(failed)?;
            }
            Mark::Text { x, y, content, size, bold, anchor, upwards } => match kind {
                Kind::Vector => {
                    // plotters' SVG divides the size by 1.24 and hangs the base line 0.76 em below the position.
                    let style = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                    let mut font = FontDesc::new(FontFamily::Name(text::FAMILY), size * 1.24 * scale, style);
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
                Kind::Bitmap => {
                    // plotters' bitmaps leave out each letter's side bearing, which makes words uneven.
                    let before = match anchor {
                        Anchor::Start => 0.0,
                        Anchor::Middle => text::width(content, *size, *bold) / 2.0,
                        Anchor::End => text::width(content, *size, *bold),
                    };
                    for (right, down, coverage) in text::pixels(content, size * scale, *bold)? {
                        let (right, down) = (f64::from(right) - before * scale, f64::from(down));
                        let (right, down) = if *upwards { (down, -right) } else { (right, down) };
                        let at = ((x * scale + right).round() as i32, (y * scale + down).round() as i32);
                        let (red, green, blue) = colour(*role);
                        let ink =
                            RGBAColor(red, green, blue, f64::from(coverage.min(1.0))).to_backend_color();
                        if at.0 >= 0 && at.1 >= 0 {
                            backend.draw_pixel(at, ink).map_err(failed)?;
                        }
                    }
                }
            },
        }
    }
    Ok(())
}

/// One colour over another.
fn mix(over: Colour, under: Colour, opacity: f64) -> RGBAColor {
    let part =
        |over: u8, under: u8| (f64::from(over) * opacity + f64::from(under) * (1.0 - opacity)).round() as u8;
    RGBAColor(part(over.0, under.0), part(over.1, under.1), part(over.2, under.2), 1.0)
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

/// A stroke as one quadrilateral a segment and a disc at each bend: plotters' own polygons break at sharp bends.
fn stroke<B: DrawingBackend>(
    backend: &mut B,
    points: &[(i32, i32)],
    width: u32,
    style: &ShapeStyle,
) -> Result<(), Error> {
    let half = f64::from(width) / 2.0;
    for pair in points.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let (along, down) = (f64::from(to_x - x), f64::from(to_y - y));
        let length = along.hypot(down);
        let (right, below) = (-down / length * half, along / length * half);
        let corner = |x: i32, y: i32, sign: f64| {
            ((f64::from(x) + sign * right).round() as i32, (f64::from(y) + sign * below).round() as i32)
        };
        if x == to_x || y == to_y {
            let ((a, b), (c, d)) = (corner(x, y, -1.0), corner(to_x, to_y, 1.0));
            backend
                .draw_rect(
                    (a.min(c), b.min(d)),
                    (a.max(c) - i32::from(a != c), b.max(d) - i32::from(b != d)),
                    style,
                    true,
                )
                .map_err(failed)?;
        } else {
            let quadrilateral =
                [corner(x, y, 1.0), corner(to_x, to_y, 1.0), corner(to_x, to_y, -1.0), corner(x, y, -1.0)];
            backend.fill_polygon(quadrilateral, style).map_err(failed)?;
        }
    }
    for &bend in points.get(1..points.len().saturating_sub(1)).unwrap_or_default() {
        backend.draw_circle(bend, width / 2, style, true).map_err(failed)?;
    }
    Ok(())
}
