//! `report.html`: one file that opens anywhere. No scripts, nothing fetched; light or dark as the reader's system is.

mod result;
mod run;

use chart::Theme;

use super::{Error, Metrics, ReportInput, Sheet, figures::Named, format};

pub(super) use run::paragraph;

/// The page.
pub(super) fn page(input: &ReportInput, metrics: &Metrics, sheet: &Sheet) -> Result<String, Error> {
    let figures = sheet.figures.as_slice();
    let style = include_str!("page.css")
        .replace("LIGHT", &Theme::Light.properties())
        .replace("DARK", &Theme::Dark.properties());
    let title = escape(&input.title);
    let environment = &input.environment;
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"generator\" content=\"Episome {version}\">\n\
         <title>{title} – Episome report</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n\
         <header>\n<h1>{title}</h1>\n<p class=\"quiet\">{base} fine-tuned with {method} to tell {classes} classes apart. \
         {started}Episome {version}.</p>\n</header>\n",
        version = escape(&environment.version),
        base = escape(&input.model.name),
        method = escape(&input.method),
        classes = input.labels.len(),
        started = if environment.started.is_empty() {
            String::new()
        } else {
            format!("Started {}. ", escape(&format::moment(&environment.started)))
        },
    );
    html.push_str(&result::notices(input, metrics));
    html.push_str(&result::headline(metrics, figures)?);
    html.push_str(&result::classes(metrics, figures)?);
    html.push_str(&run::training(input, figures)?);
    html.push_str(&run::data(input, figures)?);
    html.push_str(&run::settings(input));
    html.push_str(&run::methods(sheet));
    html.push_str(&run::reading(metrics));
    html.push_str(
        "<footer>Beside this file: <code>metrics.json</code> has every number at full precision, \
         <code>predictions.csv</code> every held-out record, <code>figures/</code> every figure as SVG, PNG and PDF, \
         light and dark.</footer>\n</main>\n</body>\n</html>\n",
    );
    // A line never ends between a number and its sign.
    Ok(html.replace(" %", "\u{a0}%"))
}

/// Text that may stand in HTML, in content and in quoted attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A score as everywhere, with its full precision for machines.
fn score(value: Option<f64>) -> String {
    match value {
        Some(exact) => format!("<data value=\"{exact}\">{}</data>", format::score(value)),
        None => "<span title=\"not defined on these records\">–</span>".to_owned(),
    }
}

fn difference(value: f64) -> String {
    format!("<data value=\"{value}\">{}</data>", format::difference(value))
}

/// Some figures, by name, side by side where there is room for `pair`s.
fn figure(figures: &[Named], names: &[&str]) -> Result<String, Error> {
    let mut html = String::new();
    for name in names {
        let Some(named) = figures.iter().find(|figure| figure.name == *name) else {
            continue;
        };
        let svg =
            named.figure.inline_svg().map_err(|source| Error::Figure { name: named.name.clone(), source })?;
        html.push_str(&format!(
            "<figure>\n{svg}<figcaption>{}</figcaption>\n</figure>\n",
            escape(&named.caption)
        ));
    }
    Ok(if names.len() > 1 && !html.is_empty() {
        format!("<div class=\"pair\">\n{html}</div>\n")
    } else {
        html
    })
}

/// A table of names and values.
fn words(rows: &[(String, String)]) -> String {
    let mut html = String::from("<div class=\"scroll\"><table class=\"words\"><tbody>\n");
    for (name, value) in rows.iter().filter(|row| !row.1.is_empty()) {
        html.push_str(&format!("<tr><th scope=\"row\">{}</th><td>{value}</td></tr>\n", escape(name)));
    }
    html.push_str("</tbody></table></div>\n");
    html
}

fn list(items: &[String]) -> String {
    let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
    format!("<ul>\n{items}</ul>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_html() {
        assert_eq!(escape("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
        assert!(list(&["<script>".to_owned()]).contains("&lt;script&gt;"));
    }

    #[test]
    fn a_score_carries_its_full_precision() {
        assert_eq!(score(Some(0.836_317_567)), "<data value=\"0.836317567\">0.836</data>");
        assert!(score(None).contains('–'));
    }
}
