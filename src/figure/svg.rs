//! The paper pen: a sheet as SVG text, the same bytes for the same sheet.

use std::fmt::Write as _;

use super::fonts::Face;
use super::maths::RichText;
use super::model::Sheet;
use super::palette::{Colour, Theme};
use super::scene::{Layout, Scene};
use super::shapes::{Primitive, Rect};

/// The paper.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The width and the height in pixels of 1/96 inch.
    pub size: [f32; 2],
    /// The size of tick labels.
    pub text: f32,
    /// Light or dark.
    pub theme: Theme,
}

/// A sheet as a complete SVG document.
pub fn svg(sheet: &Sheet<'_>, page: Page) -> String {
    let mut pen = Pen {
        out: String::new(),
        clips: 0,
    };
    let [width, height] = page.size;
    let roles = page.theme.roles();
    pen.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    ));
    pen.line(&format!(
        "<title>{}</title>",
        escaped(&RichText::parse(&sheet.title).plain())
    ));
    pen.line(&format!(
        "<metadata>{}</metadata>",
        escaped(&sheet.metadata)
    ));
    pen.line(&format!(
        "<rect width=\"{width}\" height=\"{height}\"{}/>",
        paint("fill", roles.ground)
    ));
    let margin = 1.3 * page.text;
    let baseline = margin + 1.2 * page.text;
    pen.text(
        [margin, baseline],
        &RichText::parse(&format!("**{}**", sheet.title)),
        1.35 * page.text,
        roles.text,
    );
    let key_top = key(&mut pen, sheet, page, height - margin);
    let top = baseline + 1.1 * page.text;
    let count = sheet.figures.len().max(1) as f32;
    let each = (width - margin * (count + 1.0)) / count;
    for (place, figure) in sheet.figures.iter().enumerate() {
        let left = margin + place as f32 * (each + margin);
        let area = Rect {
            min: [left, top],
            max: [left + each, key_top - 0.6 * page.text],
        };
        let layout = Layout {
            area,
            text: page.text,
            theme: page.theme,
            sides: [0.0; 2],
        };
        for primitive in &Scene::new(figure, layout).primitives {
            pen.draw(primitive);
        }
    }
    pen.line("</svg>");
    pen.out
}

/// The key to the methods in rows at the foot of the page; returns where it begins.
fn key(pen: &mut Pen, sheet: &Sheet<'_>, page: Page, bottom: f32) -> f32 {
    let roles = page.theme.roles();
    let (margin, row) = (1.3 * page.text, 1.9 * page.text);
    let mut rows: Vec<Vec<(f32, usize)>> = vec![Vec::new()];
    let mut x = margin;
    let words = |entry: &super::model::KeyEntry| {
        let note = if entry.note.is_empty() {
            String::new()
        } else {
            format!("   {}", entry.note)
        };
        RichText::parse(&format!("{}{note}", entry.label))
    };
    for (number, entry) in sheet.key.iter().enumerate() {
        let width = words(entry).width * page.text + 5.2 * page.text;
        if x + width > page.size[0] - margin && x > margin {
            rows.push(Vec::new());
            x = margin;
        }
        if let Some(last) = rows.last_mut() {
            last.push((x, number));
        }
        x += width;
    }
    let top = bottom - row * rows.len() as f32;
    for (place, entries) in rows.iter().enumerate() {
        let y = top + row * (place as f32 + 0.6);
        for &(x, number) in entries {
            let entry = &sheet.key[number];
            let ends = [[x, y], [x + 2.6 * page.text, y]];
            for primitive in super::layers::swatch(entry.style, ends, roles.ground) {
                pen.draw(&primitive);
            }
            pen.text(
                [x + 3.2 * page.text, y + 0.36 * page.text],
                &words(entry),
                page.text,
                roles.text,
            );
        }
    }
    top
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
        for (place, [x, y]) in points.iter().enumerate() {
            let letter = if place == 0 { 'M' } else { 'L' };
            // writing to a String cannot fail
            let _ok = write!(data, "{letter}{} {}", short(*x), short(*y));
        }
        if is_closed {
            data.push('Z');
        }
        self.line(&format!("<path d=\"{data}\"{looks}/>"));
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

/// Text as XML wants it; characters that XML 1.0 has no place for are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_titles_cannot_break_the_document() {
        let sheet = Sheet {
            title: "a < b & \"c\" \u{1}".to_owned(),
            figures: Vec::new(),
            key: Vec::new(),
            metadata: "]]> <script>".to_owned(),
        };
        let page = Page {
            size: [300.0, 200.0],
            text: 12.0,
            theme: Theme::Light,
        };
        let text = svg(&sheet, page);
        assert!(text.contains("a &lt; b &amp; &quot;c&quot;") && !text.contains("<script>"));
        assert!(super::super::png(&text, 1.0).is_ok());
    }
}
