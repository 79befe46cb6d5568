//! Pages as SVG text: equal pages give equal bytes.

use std::fmt::Write as _;

use super::layout::primitives;
use super::regions::regions;
use crate::model::image::patches;
use crate::{Colour, Face, Image, Page, PageSize, Primitive, Rect, RichText};

/// A page as a complete SVG document of the size of the paper, in layout units, twelve to the size of text.
pub fn svg(page: &Page<'_>, page_size: &PageSize) -> String {
    let mut pen = Pen {
        out: String::new(),
        clips: 0,
    };
    let [width, height] = page_size.units().map(short);
    let PageSize {
        width_mm,
        height_mm,
        ..
    } = page_size;
    pen.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width_mm}mm\" height=\"{height_mm}mm\" viewBox=\"0 0 {width} {height}\">"
    ));
    pen.line(&format!(
        "<title>{}</title>",
        escaped(&RichText::parse(&page.title).plain())
    ));
    pen.line(&format!("<metadata>{}</metadata>", escaped(&page.metadata)));
    // the figure lies on another page: its background is that of the plots
    pen.line(&format!(
        "<rect width=\"{width}\" height=\"{height}\"{}/>",
        paint("fill", page_size.theme.roles().plot)
    ));
    for primitive in &primitives(page, page_size) {
        pen.draw(primitive);
    }
    pen.line("</svg>");
    pen.out
}

/// Primitives on a ground of one colour as an SVG document of a size in layout units.
pub(crate) fn document(primitives: &[Primitive], size: [f32; 2], ground: Colour) -> String {
    let mut pen = Pen {
        out: String::new(),
        clips: 0,
    };
    let [width, height] = size.map(short);
    pen.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    ));
    pen.line(&format!(
        "<rect width=\"{width}\" height=\"{height}\"{}/>",
        paint("fill", ground)
    ));
    for primitive in primitives {
        pen.draw(primitive);
    }
    pen.line("</svg>");
    pen.out
}

struct Pen {
    out: String,
    clips: usize,
}

impl Pen {
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
                    self.text_with(
                        *at,
                        text,
                        *size,
                        &format!(
                            "{}{} stroke-width=\"3\" stroke-linejoin=\"round\"",
                            paint("fill", *halo),
                            paint("stroke", *halo)
                        ),
                    );
                }
                self.text(*at, text, *size, *colour);
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

    fn text(&mut self, at: [f32; 2], text: &RichText, size: f32, colour: Colour) {
        self.text_with(at, text, size, &paint("fill", colour));
    }

    fn text_with(&mut self, [x, y]: [f32; 2], text: &RichText, size: f32, looks: &str) {
        for run in &text.runs {
            let face = match run.face {
                Face::Sans => "font-family=\"Inter Tabular, Inter, Helvetica, Arial, sans-serif\"",
                Face::SansBold => {
                    "font-family=\"Inter Tabular, Inter, Helvetica, Arial, sans-serif\" font-weight=\"600\""
                }
                Face::Serif => "font-family=\"STIX, STIX Two Text, Times New Roman, serif\"",
                Face::SerifItalic => {
                    "font-family=\"STIX, STIX Two Text, Times New Roman, serif\" font-style=\"italic\""
                }
            };
            self.line(&format!(
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" {face}{looks} xml:space=\"preserve\">{}</text>",
                short(x + run.offset * size),
                short(y - run.rise * size),
                short(run.scale * size),
                escaped(&run.text)
            ));
        }
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
    use crate::Theme;

    #[test]
    fn markup_in_titles_cannot_break_the_document() {
        let page = Page {
            title: "a < b & \"c\" \u{1}\u{fffe}\u{ffff}".to_owned(),
            arrangement: crate::FigureArrangement::Free,
            figures: Vec::new(),
            legend: Vec::new(),
            metadata: "]]> <script>".to_owned(),
        };
        let page_size = PageSize {
            width_mm: 60.0,
            height_mm: 40.0,
            font_pt: 8.0,
            dpi: 72.0,
            theme: Theme::Light,
        };
        let text = svg(&page, &page_size);
        assert!(text.contains("a &lt; b &amp; &quot;c&quot;") && !text.contains("<script>"));
        assert!(super::super::png::png(&page, &page_size).is_ok());
    }
}
