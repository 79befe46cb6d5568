//! The outlines of glyphs as the data of SVG paths, so that a text looks alike wherever its font is missing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::Face;

/// The height of the square that outlines are drawn in, with the baseline at 0 and y downwards.
pub(crate) const EM: f32 = 1000.0;

/// The glyphs of a document, each of which is defined once.
#[derive(Default)]
pub(crate) struct GlyphOutlines {
    /// The path data of each glyph, by its face and character.
    used: BTreeMap<(usize, char), String>,
}

impl GlyphOutlines {
    /// The name of a glyph, which is defined from now on; `None` if the face lacks it. A space has an empty outline.
    pub(crate) fn name(&mut self, face: Face, character: char) -> Option<String> {
        if let Entry::Vacant(vacant) = self.used.entry((face as usize, character)) {
            vacant.insert(outline(face, character)?);
        }
        Some(format!("g{}-{:x}", face as usize, u32::from(character)))
    }

    /// True if a glyph that was named has no ink.
    pub(crate) fn is_empty(&self, face: Face, character: char) -> bool {
        let data = self.used.get(&(face as usize, character));
        data.is_none_or(String::is_empty)
    }

    /// The definitions of all named glyphs, a line each.
    pub(crate) fn definitions(&self) -> String {
        let mut text = String::new();
        for ((face, character), data) in &self.used {
            if !data.is_empty() {
                let code = u32::from(*character);
                // writing to a String cannot fail
                let _ok = writeln!(text, "<path id=\"g{face}-{code:x}\" d=\"{data}\"/>");
            }
        }
        text
    }
}

fn outline(face: Face, character: char) -> Option<String> {
    let font = FontRef::new(face.data()).ok()?;
    let glyph = GlyphId::new(face.glyph(character)?);
    let mut pen = PathData::default();
    if let Some(outline) = font.outline_glyphs().get(glyph) {
        let settings = DrawSettings::unhinted(Size::new(EM), LocationRef::default());
        outline.draw(settings, &mut pen).ok()?;
    }
    Some(pen.0)
}

#[derive(Default)]
struct PathData(String);

impl PathData {
    fn add(&mut self, letter: char, points: &[[f32; 2]]) {
        self.0.push(letter);
        for (place, [x, y]) in points.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            // writing to a String cannot fail; `+ 0.0` turns -0 into 0
            let _ok = write!(self.0, "{gap}{} {}", x.round() + 0.0, (-y).round() + 0.0);
        }
    }
}

impl OutlinePen for PathData {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[[x, y]]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[[x, y]]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.add('Q', &[[cx, cy], [x, y]]);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.add('C', &[[ax, ay], [bx, by], [x, y]]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_is_defined_once_and_a_missing_one_never() {
        let mut outlines = GlyphOutlines::default();
        let first = outlines.name(Face::Sans, 'a').expect("it is bundled");
        assert_eq!(outlines.name(Face::Sans, 'a'), Some(first.clone()));
        assert_eq!(outlines.name(Face::Sans, '中'), None);
        assert!(outlines.name(Face::Sans, ' ').is_some());
        assert!(outlines.is_empty(Face::Sans, ' ') && !outlines.is_empty(Face::Sans, 'a'));
        let text = outlines.definitions();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains(&first) && text.contains('Z'));
    }
}
