//! Colours by the part they play, for a light and a dark page.

use serde::{Deserialize, Serialize};

/// The page that a figure stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark ink on white: for print and most pages.
    #[default]
    Light,
    /// Light ink on near black.
    Dark,
}

/// What a mark is for; the theme gives it its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The page.
    Page,
    /// Titles and numbers.
    Ink,
    /// Axis labels, ticks, notes.
    Muted,
    /// Grid lines.
    Grid,
    /// Axis lines.
    Axis,
    /// The one thing that the figure is about.
    #[default]
    Accent,
    /// What it is compared with.
    Neutral,
    /// The fill of a matrix' cell, the stronger the larger its share; ink can be read on all of it.
    Heat,
    /// One of several equals, by number; the first is the accent's colour, and after eight they begin again.
    Class(usize),
}

/// Red, green, blue.
pub(crate) type Colour = (u8, u8, u8);

const CLASSES: usize = 8;

impl Role {
    /// All that have a colour of their own.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [Self::Page, Self::Ink, Self::Muted, Self::Grid, Self::Axis, Self::Accent, Self::Neutral, Self::Heat]
            .into_iter()
            .chain((0..CLASSES).map(Self::Class))
    }

    /// Name of the custom property that a style sheet may set.
    pub(crate) fn property(self) -> String {
        match self {
            Self::Page => "--chart-page".to_owned(),
            Self::Ink => "--chart-ink".to_owned(),
            Self::Muted => "--chart-muted".to_owned(),
            Self::Grid => "--chart-grid".to_owned(),
            Self::Axis => "--chart-axis".to_owned(),
            Self::Accent => "--chart-accent".to_owned(),
            Self::Neutral => "--chart-neutral".to_owned(),
            Self::Heat => "--chart-heat".to_owned(),
            Self::Class(number) => format!("--chart-class-{}", number % CLASSES),
        }
    }
}

impl Theme {
    /// Ink on page is above 12:1, muted text above 5:1, every series above 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). Series colours
    /// follow Okabe & Ito's hues, which remain apart for colour-blind readers, made darker or lighter for the page.
    pub(crate) const fn colour(self, role: Role) -> Colour {
        match (self, role) {
            (Self::Light, Role::Page) => (255, 255, 255),
            (Self::Light, Role::Ink) => (27, 31, 36),
            (Self::Light, Role::Muted) => (89, 98, 110),
            (Self::Light, Role::Grid) => (230, 233, 237),
            (Self::Light, Role::Axis) => (148, 157, 168),
            (Self::Light, Role::Accent) => (11, 107, 179),
            (Self::Light, Role::Neutral) => (112, 120, 131),
            (Self::Light, Role::Heat) => (98, 168, 224),
            (Self::Light, Role::Class(number)) => match number % CLASSES {
                0 => (11, 107, 179),
                1 => (200, 80, 10),
                2 => (10, 127, 95),
                3 => (170, 72, 148),
                4 => (138, 106, 0),
                5 => (60, 66, 74),
                6 => (62, 146, 196),
                _ => (91, 75, 181),
            },
            (Self::Dark, Role::Page) => (21, 25, 31),
            (Self::Dark, Role::Ink) => (233, 236, 240),
            (Self::Dark, Role::Muted) => (163, 172, 183),
            (Self::Dark, Role::Grid) => (44, 50, 58),
            (Self::Dark, Role::Axis) => (101, 110, 121),
            (Self::Dark, Role::Accent) => (98, 181, 240),
            (Self::Dark, Role::Neutral) => (152, 161, 172),
            (Self::Dark, Role::Heat) => (30, 98, 152),
            (Self::Dark, Role::Class(number)) => match number % CLASSES {
                0 => (98, 181, 240),
                1 => (255, 156, 90),
                2 => (67, 207, 163),
                3 => (227, 148, 207),
                4 => (226, 192, 68),
                5 => (214, 219, 225),
                6 => (150, 213, 245),
                _ => (169, 155, 245),
            },
        }
    }

    /// Custom properties for figures drawn with [`crate::Figure::inline_svg`]: `--chart-ink:#1b1f24;…`.
    #[must_use]
    pub fn properties(self) -> String {
        Role::all().map(|role| format!("{}:{};", role.property(), hexadecimal(self.colour(role)))).collect()
    }
}

pub(crate) fn hexadecimal((red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance((red, green, blue): Colour) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn ink_can_be_read_in_a_full_cell() {
        for theme in [Theme::Light, Theme::Dark] {
            assert!(contrast(theme.colour(Role::Ink), theme.colour(Role::Heat)) >= 5.0, "{theme:?}");
        }
    }

    #[test]
    fn everything_stands_out_from_the_page() {
        for theme in [Theme::Light, Theme::Dark] {
            for role in Role::all() {
                let contrast = contrast(theme.colour(role), theme.colour(Role::Page));
                let needed = match role {
                    Role::Page | Role::Grid | Role::Heat => 1.0,
                    Role::Axis => 2.0,
                    Role::Ink => 12.0,
                    Role::Muted => 5.0,
                    Role::Accent | Role::Neutral | Role::Class(_) => 3.0,
                };
                assert!(contrast >= needed, "{theme:?} {role:?}: {contrast:.2}");
            }
        }
    }
}
