//! The bundled faces as data of an SVG, each cut down to the characters that a document uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subsetter::GlyphRemapper;
use write_fonts::FontBuilder;
use write_fonts::read::{FontRef, TableProvider as _};
use write_fonts::tables::cmap::Cmap;
use write_fonts::types::{GlyphId, Tag};

use crate::Face;

/// The characters that a document uses of each face.
#[derive(Default)]
pub(crate) struct EmbeddedFaces {
    used: BTreeMap<usize, BTreeSet<char>>,
}

impl EmbeddedFaces {
    /// The name of a face that has these characters from now on.
    pub(crate) fn name(&mut self, face: Face, text: &str) -> String {
        self.used
            .entry(face as usize)
            .or_default()
            .extend(text.chars());
        format!("face{}", face as usize)
    }

    /// The rules of a style sheet that define the faces. A face that cannot be cut down is left out: its words are then
    /// in a font of the reader's system.
    pub(crate) fn rules(&self) -> String {
        let mut text = String::new();
        for (&number, characters) in &self.used {
            let face = Face::ALL.into_iter().find(|face| *face as usize == number);
            let font = face.and_then(|face| font_of(face, characters));
            if let Some(font) = font {
                let data = STANDARD.encode(font);
                // writing to a String cannot fail
                let _ok = writeln!(
                    text,
                    "@font-face{{font-family:face{number};src:url(data:font/otf;base64,{data})}}"
                );
            }
        }
        text
    }
}

/// A font file with some characters of a face. The subset is one for PDF, without a table of characters and the metrics
/// of lines, which programs that show an SVG need.
fn font_of(face: Face, characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let mut glyphs = GlyphRemapper::new();
    let places = characters.iter().filter_map(|&character| {
        let glyph = u16::try_from(face.glyph(character)?).ok()?;
        let own = GlyphId::from(glyphs.remap(glyph));
        Some((character, own))
    });
    let places: Vec<(char, GlyphId)> = places.collect();
    let subset = subsetter::subset(face.data(), 0, &glyphs).ok()?;
    let whole = FontRef::new(face.data()).ok()?;
    let mut font = FontBuilder::new();
    font.add_table(&Cmap::from_mappings(places).ok()?).ok()?;
    let lines = Tag::new(b"OS/2");
    if let Some(data) = whole.data_for_tag(lines) {
        font.add_raw(lines, data.as_bytes().to_vec());
    }
    font.copy_missing_tables(FontRef::new(&subset).ok()?);
    Some(font.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_has_the_characters_that_were_named_and_no_others() {
        for face in Face::ALL {
            let characters: BTreeSet<char> = "φ12x−".chars().collect();
            let Some(data) = font_of(face, &characters) else {
                panic!("{face:?} cannot be cut down");
            };
            assert!(
                data.len() < face.data().len() / 4,
                "{face:?}: {}",
                data.len()
            );
            let font = skrifa::FontRef::new(&data).expect("a font");
            let codes = skrifa::MetadataProvider::charmap(&font);
            for character in characters {
                let glyph = codes.map(character);
                assert_eq!(
                    glyph.is_some(),
                    face.glyph(character).is_some(),
                    "{character}"
                );
            }
            assert_eq!(codes.map('q'), None);
        }
    }

    #[test]
    fn equal_characters_give_equal_rules() {
        let rules = |texts: [&str; 2]| {
            let mut faces = EmbeddedFaces::default();
            for text in texts {
                faces.name(Face::Sans, text);
            }
            faces.rules()
        };
        assert_eq!(rules(["ab", "cb"]), rules(["cab", ""]));
        assert!(rules(["ab", "c"]).len() > 500);
    }
}
