//! A drawn figure as a bitmap and as a page: its SVG, read by usvg, painted by resvg and by krilla.

use std::sync::{Arc, OnceLock};

use krilla::{Document, geom::Size, metadata::Metadata, page::PageSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        Options, Tree,
        fontdb::{Database, Source},
    },
};

use crate::{Error, text};

/// Pixels of a bitmap a px: sharp on every screen.
const DENSITY: f32 = 2.0;
/// Points of a page a px: a px is a 96th of an inch (CSS Values 4, 6.2), a point a 72nd.
const POINTS: f32 = 0.75;

/// A PNG of an SVG.
pub(crate) fn png(svg: &str) -> Result<Vec<u8>, Error> {
    let tree = read(svg)?;
    let size = tree.size();
    let pixels = |length: f32| (length * DENSITY).round() as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
        .ok_or_else(|| Error::Draw(format!("no bitmap can be {} × {} px", size.width(), size.height())))?;
    resvg::render(&tree, Transform::from_scale(DENSITY, DENSITY), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| Error::Draw(error.to_string()))
}

/// A PDF of an SVG. It carries no date: the same figure gives the same bytes.
pub(crate) fn pdf(svg: &str, title: &str) -> Result<Vec<u8>, Error> {
    let failed = |what: &str| Error::Draw(format!("the page can't be made: {what}"));
    let tree = read(svg)?;
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let size = Size::from_wh(width, height).ok_or_else(|| failed("it has no size"))?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).creator("Episome".to_owned()));
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| failed("the drawing was refused"))?;
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

fn read(svg: &str) -> Result<Tree, Error> {
    let options = Options { fontdb: fonts(svg), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|error| Error::Draw(error.to_string()))
}

/// The embedded face; for letters that it lacks, the machine's fonts behind it. These are looked for once, and only then:
/// it takes a while, and a figure in the embedded face alone is the same on every machine.
fn fonts(svg: &str) -> Arc<Database> {
    static EMBEDDED: OnceLock<Arc<Database>> = OnceLock::new();
    static ALL: OnceLock<Arc<Database>> = OnceLock::new();
    let embedded = EMBEDDED.get_or_init(|| {
        let mut fonts = Database::new();
        for bold in [false, true] {
            fonts.load_font_source(Source::Binary(Arc::new(text::bytes(bold))));
        }
        Arc::new(fonts)
    });
    let all = || {
        let mut fonts = Database::clone(embedded);
        fonts.load_system_fonts();
        Arc::new(fonts)
    };
    Arc::clone(if text::has_all(svg) { embedded } else { ALL.get_or_init(all) })
}
