//! Bundled fonts and the widths of their glyphs, so that labels are placed alike on screen and on paper.

use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use unicode_width::UnicodeWidthChar as _;

/// The faces that the app uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// Words and numbers.
    Sans,
    /// Headings.
    SansBold,
    /// Upright maths.
    Serif,
    /// Variables.
    SerifItalic,
}

impl Face {
    /// All faces.
    pub const ALL: [Self; 4] = [Self::Sans, Self::SansBold, Self::Serif, Self::SerifItalic];

    /// The font file.
    pub const fn data(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../../assets/fonts/InterTabular-Regular.otf"),
            Self::SansBold => include_bytes!("../../assets/fonts/InterTabular-SemiBold.otf"),
            Self::Serif => include_bytes!("../../assets/fonts/STIX-Regular.otf"),
            Self::SerifItalic => include_bytes!("../../assets/fonts/STIX-Italic.otf"),
        }
    }

    /// The face's name in the window.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sans => "sans",
            Self::SansBold => "sans bold",
            Self::Serif => "serif",
            Self::SerifItalic => "serif italic",
        }
    }

    fn metrics(self) -> &'static Metrics {
        static METRICS: [OnceLock<Metrics>; 4] = [const { OnceLock::new() }; 4];
        METRICS[self as usize].get_or_init(|| Metrics::read(self.data()))
    }

    /// The width of a glyph at size 1; `None` where the face has no such glyph.
    pub fn advance(self, glyph: char) -> Option<f32> {
        let code = glyph as usize;
        self.metrics()
            .advances
            .get(code)
            .copied()
            .filter(|width| !width.is_nan())
    }

    /// The width of a glyph at size 1; where the face has no such glyph, that of a glyph of another face: a Chinese
    /// character takes twice the width of a Latin one, and a combining mark none.
    pub fn width(self, glyph: char) -> f32 {
        self.advance(glyph).unwrap_or_else(|| match glyph.width() {
            Some(0) => 0.0,
            Some(2) => 1.0,
            _ => 0.6,
        })
    }

    /// The number of a glyph in the font file; `None` where the face has no such glyph.
    pub(crate) fn glyph(self, character: char) -> Option<u32> {
        let font = FontRef::new(self.data()).ok()?;
        let glyph = font.charmap().map(character)?;
        Some(glyph.to_u32())
    }

    /// The number of the glyph of a space.
    pub(crate) fn blank(self) -> u32 {
        self.glyph(' ').unwrap_or(0)
    }

    /// True if one of the bundled faces has the glyph.
    pub fn is_bundled(glyph: char) -> bool {
        Self::ALL.iter().any(|face| face.advance(glyph).is_some())
    }
}

/// Widths at size 1 by code point; NaN where there is no glyph.
struct Metrics {
    advances: Vec<f32>,
}

/// Widths are read for code points below this one; the app uses no others.
const LAST_CODE: u32 = 0x2C00;

impl Metrics {
    fn read(data: &[u8]) -> Self {
        let Ok(font) = FontRef::new(data) else {
            return Self {
                advances: Vec::new(),
            };
        };
        let glyphs = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        let codes = font.charmap();
        let advance = |code| {
            codes
                .map(code)
                .and_then(|glyph| glyphs.advance_width(glyph))
        };
        Self {
            advances: (0..LAST_CODE)
                .map(|code| advance(code).unwrap_or(f32::NAN))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_equally_wide_and_maths_has_its_signs() {
        let widths: Vec<Option<f32>> = ('0'..='9').map(|digit| Face::Sans.advance(digit)).collect();
        assert!(
            widths
                .iter()
                .all(|width| width.is_some() && *width == widths[0])
        );
        for sign in "∇⟨⟩∈‖Σ≤²½".chars() {
            assert!(Face::Serif.advance(sign).is_some(), "{sign}");
        }
        for letter in "xyzθφξηλσα".chars() {
            assert!(Face::SerifItalic.advance(letter).is_some(), "{letter}");
        }
    }

    #[test]
    fn glyphs_of_other_faces_have_the_width_of_their_script() {
        assert_eq!(Face::Sans.width('中'), 1.0);
        assert_eq!(Face::Sans.width('م'), 0.6);
        assert_eq!(Face::Sans.width('\u{64B}'), 0.0);
        assert!(!Face::is_bundled('中'));
        assert!(Face::is_bundled('λ'));
    }
}
