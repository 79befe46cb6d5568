//! Pages as SVG text: equal pages give equal bytes.

use std::fmt::Write as _;

use super::embedded_faces::EmbeddedFaces;
use super::layout::primitives;
use super::outlines::{EM, GlyphOutlines};
use super::regions::regions;
use crate::model::image::patches;
use crate::{Colour, Face, Image, Letters, Page, PageSize, Primitive, Rect, RichText, TextRun};

/// The width of the line around letters that sets them off from their background.
const HALO: f32 = 3.0;

/// The rule that shows words in place of outlines. Programs that read no faces from files skip it, too.
const WORDS_FOR_OUTLINES: &str =
    "@supports (display:grid){.outlines{display:none}.words{display:inline}}";

/// A page as a complete SVG document of the size of the paper, in layout units, twelve to the size of text.
pub fn svg(page: &Page<'_>, page_size: &PageSize) -> String {
    let mut pen = Pen::new(page_size.letters);
    let [width, height] = page_size.units().map(short);
    if page_size.parts.has_background {
        // the figure lies on another page: its background is that of the plots
        pen.line(&format!(
            "<rect width=\"{width}\" height=\"{height}\"{}/>",
            paint("fill", page_size.theme.roles().plot)
        ));
    }
    for primitive in &primitives(page, page_size) {
        pen.draw(primitive);
    }
    let PageSize {
        width_mm,
        height_mm,
        ..
    } = page_size;
    let size = format!("width=\"{width_mm}mm\" height=\"{height_mm}mm\"");
    let head = format!(
        "<title>{}</title>\n<metadata>{}</metadata>\n",
        escaped(&RichText::parse(&page.title).plain()),
        escaped(&page.metadata)
    );
    pen.document(&size, [&width, &height], &head)
}

/// The lines of a page inside of an SVG document, with the glyphs that they use.
pub(crate) fn lines(
    page: &Page<'_>,
    page_size: &PageSize,
    glyphs: &mut GlyphOutlines,
) -> Vec<String> {
    let mut pen = Pen::new(page_size.letters);
    std::mem::swap(&mut pen.outlines, glyphs);
    for primitive in &primitives(page, page_size) {
        pen.draw(primitive);
    }
    std::mem::swap(&mut pen.outlines, glyphs);
    pen.out.lines().map(ToOwned::to_owned).collect()
}

/// Primitives on a ground of one colour as an SVG document of a size in layout units.
pub(crate) fn document(primitives: &[Primitive], size: [f32; 2], ground: Colour) -> String {
    let mut pen = Pen::new(Letters::Outlines);
    let [width, height] = size.map(short);
    pen.line(&format!(
        "<rect width=\"{width}\" height=\"{height}\"{}/>",
        paint("fill", ground)
    ));
    for primitive in primitives {
        pen.draw(primitive);
    }
    let size = format!("width=\"{width}\" height=\"{height}\"");
    pen.document(&size, [&width, &height], "")
}

struct Pen {
    out: String,
    clips: usize,
    letters: Letters,
    outlines: GlyphOutlines,
    faces: EmbeddedFaces,
}

impl Pen {
    fn new(letters: Letters) -> Self {
        Self {
            out: String::new(),
            clips: 0,
            letters,
            outlines: GlyphOutlines::default(),
            faces: EmbeddedFaces::default(),
        }
    }

    /// The whole document, with the definitions of the glyphs before what uses them.
    fn document(self, size: &str, [width, height]: [&str; 2], head: &str) -> String {
        let mut definitions = self.outlines.definitions();
        if self.letters == Letters::Embedded {
            let rules = self.faces.rules();
            // writing to a String cannot fail
            let _ok = writeln!(
                definitions,
                "<style>\n{rules}{WORDS_FOR_OUTLINES}\n</style>"
            );
        }
        let definitions = if definitions.is_empty() {
            String::new()
        } else {
            format!("<defs>\n{definitions}</defs>\n")
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" {size} \
             viewBox=\"0 0 {width} {height}\">\n{head}{definitions}{}</svg>\n",
            self.out
        )
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn draw(&mut self, primitive: &Primitive) {
        match primitive {
            Primitive::Stroke {
                points,
                is_closed,
                width,
                colour,
            } => self.stroke(points, *is_closed, *width, *colour),
            Primitive::Fill { corners, colour } => self.fill(corners, *colour),
            Primitive::Text {
                at,
                text,
                size,
                colour,
                halo,
            } => {
                if let Some(halo) = halo {
                    self.text(*at, text, *size, *halo, Some(HALO));
                }
                self.text(*at, text, *size, *colour, None);
            }
            Primitive::Image { rect, image } => self.image(*rect, image),
            Primitive::Bands {
                rect,
                relief,
                theme,
            } => {
                for (colour, lines) in regions(relief, *rect, *theme) {
                    self.region(&lines, colour);
                }
            }
            Primitive::Clip(rect) => {
                self.clips += 1;
                let (number, [x, y]) = (self.clips, rect.min);
                self.line(&format!(
                    "<clipPath id=\"clip{number}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n\
                     <g clip-path=\"url(#clip{number})\">",
                    short(x),
                    short(y),
                    short(rect.width()),
                    short(rect.height())
                ));
            }
            Primitive::Unclip => self.line("</g>"),
        }
    }

    fn path(&mut self, points: &[[f32; 2]], is_closed: bool, looks: &str) {
        let mut data = String::new();
        trace(&mut data, points);
        if is_closed {
            data.push('Z');
        }
        self.line(&format!("<path d=\"{data}\"{looks}/>"));
    }

    /// Fills the points that an odd number of closed lines surrounds.
    fn region(&mut self, lines: &[Vec<[f32; 2]>], colour: Colour) {
        let mut data = String::new();
        for line in lines {
            trace(&mut data, line);
            data.push('Z');
        }
        if !data.is_empty() {
            let looks = paint("fill", colour);
            self.line(&format!(
                "<path d=\"{data}\" fill-rule=\"evenodd\"{looks}/>"
            ));
        }
    }

    fn stroke(&mut self, points: &[[f32; 2]], is_closed: bool, width: f32, colour: Colour) {
        if points.len() > 1 {
            let looks = format!(
                " fill=\"none\"{} stroke-width=\"{}\" stroke-linejoin=\"round\"",
                paint("stroke", colour),
                short(width)
            );
            self.path(points, is_closed, &looks);
        }
    }

    fn fill(&mut self, corners: &[[f32; 2]], colour: Colour) {
        if corners.len() > 2 {
            self.path(corners, true, &paint("fill", colour));
        }
    }

    /// Draws each colour as one path of rectangles, whose edges are not blended with the background.
    fn image(&mut self, rect: Rect, image: &Image) {
        let [columns, rows] = image.size();
        let mut paths: Vec<(Colour, String)> = Vec::new();
        for (colour, [left, top, width, height]) in patches(image) {
            let x =
                |column: usize| short(rect.min[0] + rect.width() * column as f32 / columns as f32);
            let y = |row: usize| short(rect.min[1] + rect.height() * row as f32 / rows as f32);
            let place = paths.iter().position(|(known, _)| *known == colour);
            let place = place.unwrap_or_else(|| {
                paths.push((colour, String::new()));
                paths.len() - 1
            });
            let (right, bottom) = (x(left + width), y(top + height));
            // writing to a String cannot fail
            let _ok = write!(
                paths[place].1,
                "M{} {}H{right}V{bottom}H{}Z",
                x(left),
                y(top),
                x(left)
            );
        }
        for (colour, data) in paths {
            let looks = paint("fill", colour);
            self.line(&format!(
                "<path d=\"{data}\"{looks} shape-rendering=\"crispEdges\"/>"
            ));
        }
    }

    /// Draws a text, or with a width its halo: the same letters with a line around them.
    fn text(
        &mut self,
        [x, y]: [f32; 2],
        text: &RichText,
        size: f32,
        colour: Colour,
        halo: Option<f32>,
    ) {
        for run in &text.runs {
            let at = [x + run.offset * size, y - run.rise * size];
            let size = run.scale * size;
            let is_drawn =
                self.letters != Letters::Names && self.glyphs(run, at, size, colour, halo);
            if !is_drawn {
                self.words(
                    run,
                    at,
                    size,
                    (font_of(run.face), ""),
                    &letter_paint(colour, halo),
                );
            } else if self.letters == Letters::Embedded {
                let name = self.faces.name(run.face, &run.text);
                let font = format!("font-family=\"{name}\"");
                let hidden =
                    " class=\"words\" display=\"none\" text-rendering=\"geometricPrecision\"";
                self.words(run, at, size, (&font, hidden), &letter_paint(colour, halo));
            }
        }
    }

    /// Draws a run by the outlines of its glyphs; false if the face lacks one of them.
    fn glyphs(
        &mut self,
        run: &TextRun,
        [x, y]: [f32; 2],
        size: f32,
        colour: Colour,
        halo: Option<f32>,
    ) -> bool {
        let names: Option<Vec<(char, String)>> = run
            .text
            .chars()
            .map(|character| Some((character, self.outlines.name(run.face, character)?)))
            .collect();
        let Some(names) = names else { return false };
        let scale = size / EM;
        let looks = letter_paint(colour, halo.map(|width| width / scale));
        let mut uses = String::new();
        let mut left = x;
        for (character, name) in names {
            if !self.outlines.is_empty(run.face, character) {
                // writing to a String cannot fail
                let _ok = write!(
                    uses,
                    "<use xlink:href=\"#{name}\" transform=\"translate({} {}) scale({scale:.5})\"/>",
                    short(left),
                    short(y)
                );
            }
            left += run.face.width(character) * size;
        }
        let class = match self.letters {
            Letters::Embedded => " class=\"outlines\"",
            _ => "",
        };
        self.line(&format!(
            "<g{class} aria-label=\"{}\"{looks}>{uses}</g>",
            escaped(&run.text)
        ));
        true
    }

    /// Draws a run as text in a font, with further attributes.
    fn words(
        &mut self,
        run: &TextRun,
        [x, y]: [f32; 2],
        size: f32,
        (font, more): (&str, &str),
        looks: &str,
    ) {
        self.line(&format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" {font}{more}{looks} xml:space=\"preserve\">{}</text>",
            short(x),
            short(y),
            short(size),
            escaped(&run.text)
        ));
    }
}

/// The fonts of the reader's system for a face, as an attribute.
fn font_of(face: Face) -> &'static str {
    match face {
        Face::Sans => "font-family=\"Inter Tabular, Inter, Helvetica, Arial, sans-serif\"",
        Face::SansBold => {
            "font-family=\"Inter Tabular, Inter, Helvetica, Arial, sans-serif\" font-weight=\"600\""
        }
        Face::Serif => "font-family=\"STIX, STIX Two Text, Times New Roman, serif\"",
        Face::SerifItalic => {
            "font-family=\"STIX, STIX Two Text, Times New Roman, serif\" font-style=\"italic\""
        }
    }
}

/// The attributes of letters, or with a width those of their halo.
fn letter_paint(colour: Colour, halo: Option<f32>) -> String {
    let fill = paint("fill", colour);
    match halo {
        None => fill,
        Some(width) => format!(
            "{fill}{} stroke-width=\"{}\" stroke-linejoin=\"round\"",
            paint("stroke", colour),
            short(width)
        ),
    }
}

/// Appends a line through points to the data of a path.
fn trace(data: &mut String, points: &[[f32; 2]]) {
    for (place, [x, y]) in points.iter().enumerate() {
        let letter = if place == 0 { 'M' } else { 'L' };
        // writing to a String cannot fail
        let _ok = write!(data, "{letter}{} {}", short(*x), short(*y));
    }
}

/// A fill or a stroke as attributes.
fn paint(property: &str, colour: Colour) -> String {
    let [red, green, blue] = colour.rgb;
    let mut text = format!(" {property}=\"#{red:02x}{green:02x}{blue:02x}\"");
    if colour.alpha < 255 {
        let share = short(f32::from(colour.alpha) / 255.0);
        // writing to a String cannot fail
        let _ok = write!(text, " {property}-opacity=\"{share}\"");
    }
    text
}

/// A number with at most two decimals.
fn short(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// Escapes text for XML; characters that XML 1.0 does not allow are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Letters, Theme};

    #[test]
    fn markup_in_titles_cannot_break_the_document() {
        let page = Page {
            title: "a < b & \"c\" \u{1}\u{fffe}\u{ffff}".to_owned(),
            arrangement: crate::FigureArrangement::Free,
            figures: Vec::new(),
            iteration: None,
            legend: Vec::new(),
            metadata: "]]> <script>".to_owned(),
        };
        let page_size = PageSize {
            width_mm: 60.0,
            height_mm: 40.0,
            is_height_free: false,
            font_pt: 8.0,
            dpi: 72.0,
            theme: Theme::Light,
            letters: Letters::Outlines,
            parts: crate::PageParts::ALL,
        };
        let text = svg(&page, &page_size);
        assert!(text.contains("a &lt; b &amp; &quot;c&quot;") && !text.contains("<script>"));
        assert!(super::super::png::png(&page, &page_size).is_ok());
    }
}
