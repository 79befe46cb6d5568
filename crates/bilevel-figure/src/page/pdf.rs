//! Pages as PDF: vector graphics with embedded fonts and selectable text; equal pages give equal bytes.

use krilla::Document;
use krilla::color::rgb;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use thiserror::Error;

use super::layout::primitives;
use super::regions::regions;
use crate::messages;
use crate::model::image::patches;
use crate::{Colour, Face, Image, Page, PageSize, PageSizeError, Primitive, Rect, RichText};

/// The name of the file of the experiment inside of a document.
pub const EXPERIMENT_FILE: &str = "experiment.toml";
/// The width of the outline that sets a text off from its background.
const HALO: f32 = 3.0;

/// An error of making a PDF file.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The page size is invalid.
    #[error(transparent)]
    Paper(#[from] PageSizeError),
    /// The document cannot be written.
    #[error("{}", messages::cannot_encode(.0))]
    Document(String),
}

/// A page as a PDF file of the size of the paper, with the experiment as an attached file.
///
/// Characters that the bundled faces lack are left out.
///
/// # Errors
/// If a measure of the page is out of range, or the document cannot be written.
pub fn pdf(page: &Page<'_>, page_size: &PageSize) -> Result<Vec<u8>, PdfError> {
    let title = RichText::parse(&page.title).plain();
    let one = PdfDocument {
        pages: &[primitives(page, page_size)],
        title: &title,
        metadata: &page.metadata,
    };
    document(&one, page_size)
}

/// The content of a document.
pub(crate) struct PdfDocument<'a> {
    /// The primitives of each page, in layout units.
    pub(crate) pages: &'a [Vec<Primitive>],
    /// The title in plain words.
    pub(crate) title: &'a str,
    /// The text of the experiment.
    pub(crate) metadata: &'a str,
}

/// Pages of one size as a PDF file, with the experiment as an attached file.
///
/// # Errors
/// If a measure of the page is out of range, or the document cannot be written.
pub(crate) fn document(
    content: &PdfDocument<'_>,
    page_size: &PageSize,
) -> Result<Vec<u8>, PdfError> {
    page_size.check()?;
    let [width, height] = page_size.points();
    let failed = || PdfError::Document(messages::empty_page().to_owned());
    let mut document = Document::new();
    for page in content.pages {
        let settings = PageSettings::from_wh(width, height).ok_or_else(failed)?;
        draw_page(&mut document, settings, page, page_size);
    }
    // without a date, equal pages are equal files
    let creator = format!("Bilevel Lab {}", env!("CARGO_PKG_VERSION"));
    document.set_metadata(
        Metadata::new()
            .title(content.title.to_owned())
            .creator(creator),
    );
    document.embed_file(EmbeddedFile {
        path: EXPERIMENT_FILE.to_owned(),
        mime_type: MimeType::new("application/toml"),
        description: None,
        association_kind: AssociationKind::Source,
        data: content.metadata.as_bytes().to_vec().into(),
        modification_date: None,
        compress: Some(true),
        location: None,
    });
    document
        .finish()
        .map_err(|error| PdfError::Document(format!("{error:?}")))
}

fn draw_page(
    document: &mut Document,
    settings: PageSettings,
    page: &[Primitive],
    page_size: &PageSize,
) {
    let mut sheet = document.start_page_with(settings);
    let mut pen = Pen {
        surface: sheet.surface(),
        fonts: Face::ALL.map(|face| Font::new(face.data().into(), 0)),
    };
    let size = page_size.units();
    let scale = page_size.points()[0] / size[0];
    pen.surface
        .push_transform(&Transform::from_scale(scale, scale));
    let ground = Rect {
        min: [0.0; 2],
        max: size,
    };
    if page_size.parts.has_background {
        pen.fill(&[ground.corners()], page_size.theme.roles().plot);
    }
    for primitive in page {
        pen.draw(primitive, page_size);
    }
    pen.surface.pop();
}

struct Pen<'a> {
    surface: Surface<'a>,
    /// The faces in the order of [`Face::ALL`].
    fonts: [Option<Font>; Face::ALL.len()],
}

impl Pen<'_> {
    fn draw(&mut self, primitive: &Primitive, page_size: &PageSize) {
        match primitive {
            Primitive::Stroke {
                points,
                is_closed,
                width,
                colour,
            } => self.stroke(points, *is_closed, *width, *colour),
            Primitive::Fill { corners, colour } => {
                self.fill(std::slice::from_ref(corners), *colour);
            }
            Primitive::Text {
                at,
                text,
                size,
                colour,
                halo,
            } => {
                if let Some(halo) = halo {
                    self.outline(*halo, HALO);
                    self.text(*at, text, *size);
                }
                self.ink(*colour);
                self.text(*at, text, *size);
            }
            Primitive::Image { rect, image } => self.image(*rect, image),
            Primitive::Bands { rect, relief, .. } => {
                for (colour, lines) in regions(relief, *rect, page_size.theme) {
                    self.fill(&lines, colour);
                }
            }
            Primitive::Clip(rect) => {
                let path = path(&[rect.corners()], true);
                // an empty rectangle clips everything away, as a point does
                let path = path.or_else(|| self::path(&[vec![rect.min; 3]], true));
                if let Some(path) = path {
                    self.surface.push_clip_path(&path, &FillRule::NonZero);
                } else {
                    self.surface.push_transform(&Transform::identity());
                }
            }
            Primitive::Unclip => self.surface.pop(),
        }
    }

    /// Sets the colour of what is filled.
    fn ink(&mut self, colour: Colour) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill {
            paint: rgb_of(colour).into(),
            opacity: opacity_of(colour),
            rule: FillRule::EvenOdd,
        }));
    }

    /// Sets the colour and the width of lines.
    fn outline(&mut self, colour: Colour, width: f32) {
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: rgb_of(colour).into(),
            width,
            line_join: LineJoin::Round,
            opacity: opacity_of(colour),
            ..Stroke::default()
        }));
    }

    fn stroke(&mut self, points: &[[f32; 2]], is_closed: bool, width: f32, colour: Colour) {
        if let Some(path) = path(&[points], is_closed) {
            self.outline(colour, width);
            self.surface.draw_path(&path);
        }
    }

    /// Fills the points that an odd number of closed lines surrounds.
    fn fill(&mut self, lines: &[Vec<[f32; 2]>], colour: Colour) {
        if let Some(path) = path(lines, true) {
            self.ink(colour);
            self.surface.draw_path(&path);
        }
    }

    /// Draws each colour as one path of rectangles.
    fn image(&mut self, rect: Rect, image: &Image) {
        let [columns, rows] = image.size();
        let mut found: Vec<(Colour, Vec<Vec<[f32; 2]>>)> = Vec::new();
        for (colour, [left, top, width, height]) in patches(image) {
            let at = |column: usize, row: usize| {
                [
                    rect.min[0] + rect.width() * column as f32 / columns as f32,
                    rect.min[1] + rect.height() * row as f32 / rows as f32,
                ]
            };
            let patch = Rect {
                min: at(left, top),
                max: at(left + width, top + height),
            };
            match found.iter_mut().find(|(known, _)| *known == colour) {
                Some((_, patches)) => patches.push(patch.corners()),
                None => found.push((colour, vec![patch.corners()])),
            }
        }
        for (colour, patches) in found {
            self.fill(&patches, colour);
        }
    }

    /// Draws a text with the fill or the line that is set.
    fn text(&mut self, [x, y]: [f32; 2], text: &RichText, size: f32) {
        for run in &text.runs {
            let Some(font) = self.fonts[run.face as usize].clone() else {
                continue;
            };
            let glyphs = run.text.char_indices().map(|(at, character)| {
                // glyph 0 is the box of a missing character
                let glyph = run
                    .face
                    .glyph(character)
                    .unwrap_or_else(|| run.face.blank());
                let width = run.face.width(character);
                let range = at..at + character.len_utf8();
                KrillaGlyph::new(GlyphId::new(glyph), width, 0.0, 0.0, 0.0, range, None)
            });
            let glyphs: Vec<KrillaGlyph> = glyphs.collect();
            let at = Point::from_xy(x + run.offset * size, y - run.rise * size);
            let size = run.scale * size;
            self.surface
                .draw_glyphs(at, &glyphs, font, &run.text, size, false);
        }
    }
}

fn rgb_of(colour: Colour) -> rgb::Color {
    let [red, green, blue] = colour.rgb;
    rgb::Color::new(red, green, blue)
}

fn opacity_of(colour: Colour) -> NormalizedF32 {
    NormalizedF32::new(f32::from(colour.alpha) / 255.0).unwrap_or(NormalizedF32::ONE)
}

/// A path of lines; `None` if it has no extent or a point is not finite.
fn path(lines: &[impl AsRef<[[f32; 2]]>], is_closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for line in lines {
        let Some(([x, y], rest)) = line.as_ref().split_first() else {
            continue;
        };
        builder.move_to(*x, *y);
        for [x, y] in rest {
            builder.line_to(*x, *y);
        }
        if is_closed {
            builder.close();
        }
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FigureArrangement, Theme};

    #[test]
    fn a_page_is_the_same_bytes_twice_and_has_no_date() {
        let page = Page {
            title: "Three valleys, $φ(x)$ and 中".to_owned(),
            arrangement: FigureArrangement::Free,
            figures: Vec::new(),
            iteration: None,
            legend: Vec::new(),
            metadata: "[problem]".to_owned(),
        };
        let page_size = PageSize {
            width_mm: 84.0,
            height_mm: 60.0,
            is_height_free: false,
            font_pt: 8.0,
            dpi: 300.0,
            theme: Theme::Light,
            letters: crate::Letters::Outlines,
            parts: crate::PageParts::ALL,
        };
        let bytes = pdf(&page, &page_size).expect("it is written");
        assert!(bytes.starts_with(b"%PDF-"));
        assert_eq!(bytes, pdf(&page, &page_size).expect("it is written"));
        let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(has(b"/FontFile3") && has(EXPERIMENT_FILE.as_bytes()));
        assert!(!has(b"CreationDate") && !has(b"ModDate"));
        let wide = PageSize {
            width_mm: f32::NAN,
            ..page_size
        };
        assert!(matches!(pdf(&page, &wide), Err(PdfError::Paper(_))));
    }
}
