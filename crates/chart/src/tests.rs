use super::*;

fn lines(points: Vec<(f64, f64)>) -> Figure {
    let series = vec![
        Series { name: "Fine-tuned <model>".to_owned(), points, role: Role::Accent, stroke: Stroke::Solid },
        Series {
            name: "Baseline".to_owned(),
            points: vec![(0.0, 0.0), (1.0, 0.5)],
            role: Role::Neutral,
            stroke: Stroke::Dashed,
        },
    ];
    Figure::Lines(Lines { title: "Curve".to_owned(), series, ..Lines::default() })
}

fn each() -> Vec<Figure> {
    let estimate = Some(Estimate { value: 0.8, low: 0.7, high: 0.9 });
    vec![
        lines(vec![(0.0, 0.1), (0.5, f64::NAN), (0.7, 0.4), (1.0, 0.2)]),
        Figure::ConfusionMatrix(ConfusionMatrix {
            title: "Confusion".to_owned(),
            labels: vec!["0".to_owned(), "a long name of a class, longer than its cell".to_owned()],
            counts: vec![vec![1_234, 12], vec![0, 0]],
            ..ConfusionMatrix::default()
        }),
        Figure::Histogram(Histogram {
            title: "Lengths".to_owned(),
            series: vec![("train".to_owned(), Role::Class(0), vec![300.0; 9])],
            ..Histogram::default()
        }),
        Figure::Bars(Bars {
            title: "Bars".to_owned(),
            bars: vec![("x".to_owned(), 2.0), ("y".to_owned(), -1.0)],
            ..Bars::default()
        }),
        Figure::Estimates(Estimates {
            title: "Estimates".to_owned(),
            series: vec!["ours".to_owned(), "theirs".to_owned()],
            rows: vec![("MCC".to_owned(), vec![estimate, None])],
            ..Estimates::default()
        }),
    ]
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for figure in each() {
        assert_eq!(figure.svg(Theme::Light), figure.svg(Theme::Light));
        assert_eq!(figure.png(Theme::Dark), figure.png(Theme::Dark));
        assert_eq!(figure.pdf(Theme::Dark), figure.pdf(Theme::Dark));
        assert_ne!(figure.svg(Theme::Light), figure.svg(Theme::Dark));
    }
}

#[test]
fn svg_holds_its_text_as_text_and_is_well_formed() {
    for figure in each() {
        let svg = figure.svg(Theme::Light).unwrap();
        assert!(svg.contains(&format!(">{}</text>", figure.title())), "{svg}");
        assert!(svg.starts_with("<svg xmlns") && svg.ends_with("</svg>\n"), "{svg}");
        // Every tag that opens closes; attributes and text are escaped.
        let opened =
            svg.matches("<text").count() + svg.matches("<title").count() + svg.matches("<desc").count();
        assert_eq!(svg.matches("</").count(), opened + 1, "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert!(!svg.contains("<model>"));
    }
}

#[test]
fn an_inline_svg_leaves_its_colours_to_the_page() {
    for figure in each() {
        let svg = figure.inline_svg().unwrap();
        assert!(svg.contains("var(--chart-ink,#1b1f24)"), "{svg}");
        assert!(!svg.contains("\"#"), "a colour that is not a property: {svg}");
        if matches!(figure, Figure::ConfusionMatrix(_)) {
            assert!(svg.contains("var(--chart-heat,"), "{svg}");
        }
        for part in svg.split("var(").skip(1) {
            let property = part.split(',').next().unwrap();
            assert!(Theme::Dark.properties().contains(&format!("{property}:")), "{property}");
        }
    }
}

#[test]
fn a_png_is_two_pixels_a_px() {
    let png = each()[0].png(Theme::Light).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.width, 1_360);
    // The page is white, and there is ink.
    assert_eq!(&pixels[..4], &[255, 255, 255, 255]);
    assert!(pixels.chunks(4).any(|pixel| pixel[0] < 60 && pixel[1] < 60));
}

#[test]
fn a_pdf_is_one_page_of_lines_and_text_with_its_fonts() {
    for figure in each() {
        let pdf = figure.pdf(Theme::Light).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-") && text.trim_end().ends_with("%%EOF"));
        let count = |what: &str| text.matches(what).count();
        assert_eq!((count("/Type/Page/"), count("/Subtype/Image")), (1, 0), "{}", figure.title());
        assert!(count("NotoSans") > 0 && count(&format!("/Title({})", figure.title())) == 1, "{text}");
    }
    // 680 px are 510 points.
    let pdf = each()[0].pdf(Theme::Light).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains("/MediaBox[0 0 510 "));
}

#[test]
fn names_in_other_scripts_are_drawn_and_cut_to_their_room() {
    let labels = vec!["启动子".to_owned(), "这是一个非常非常非常非常非常非常非常长的类别名称".to_owned()];
    let counts = vec![vec![9, 1], vec![2, 8]];
    let title = "混淆矩阵".to_owned();
    let figure =
        Figure::ConfusionMatrix(ConfusionMatrix { title, labels, counts, ..ConfusionMatrix::default() });
    let svg = figure.svg(Theme::Light).unwrap();
    assert!(svg.contains(">启动子</text>") && svg.contains("…</text>"), "{svg}");
    assert!(figure.png(Theme::Light).is_ok() && figure.pdf(Theme::Light).is_ok());
}

#[test]
fn nothing_to_draw_is_an_error_that_names_the_figure() {
    let empty = Figure::Lines(Lines { title: "Loss".to_owned(), ..Lines::default() });
    assert_eq!(empty.svg(Theme::Light), Err(Error::NoPoints("Loss".to_owned())));
    let nan = Figure::Bars(Bars { bars: vec![("x".to_owned(), f64::NAN)], ..Bars::default() });
    assert!(nan.png(Theme::Light).is_err() && nan.pdf(Theme::Light).is_err());
    let ragged = Figure::ConfusionMatrix(ConfusionMatrix {
        labels: vec!["a".to_owned()],
        counts: vec![vec![1, 2]],
        ..ConfusionMatrix::default()
    });
    assert!(ragged.svg(Theme::Light).is_err());
}

#[test]
fn one_point_and_no_spread_are_drawn() {
    for points in [vec![(3.0, 0.5)], vec![(1.0, 0.0), (2.0, 0.0)]] {
        let series = vec![Series { name: "x".to_owned(), points, role: Role::Accent, stroke: Stroke::Solid }];
        let figure = Figure::Lines(Lines { title: "One".to_owned(), series, ..Lines::default() });
        let svg = figure.svg(Theme::Light).unwrap();
        assert!(!svg.contains("NaN"), "{svg}");
    }
}
