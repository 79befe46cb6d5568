//! Rich text: words with maths between dollar signs.
//!
//! Inside `$…$` Latin letters and lower-case Greek are italic, digits, operators and capital Greek upright; `_` and `^`
//! take one character or a `{group}`; `\word` is an upright word; `\,` and `\;` are spaces. Outside, `**…**` is bold and `^{…}` a superscript.
//! Malformed markup is no error: it is read as far as possible.

use super::fonts::Face;
use super::superscripts;

use bilevel_files::latex_character;

/// A run of text in one face and size.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRun {
    /// The characters.
    pub text: String,
    /// The face.
    pub face: Face,
    /// The size, as a share of the text's size.
    pub scale: f32,
    /// The rise of the baseline, as a share of the text's size; negative for a subscript.
    pub rise: f32,
    /// The horizontal offset of the run, as a share of the text's size.
    pub offset: f32,
}

impl TextRun {
    fn width(&self) -> f32 {
        let advances = self
            .text
            .chars()
            .map(|character| self.face.width(character));
        advances.sum::<f32>() * self.scale
    }
}

/// A line of text, laid out at size 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RichText {
    /// The runs, from left to right.
    pub runs: Vec<TextRun>,
    /// The width at size 1.
    pub width: f32,
    /// True if an ellipsis stands for a part that was cut off.
    pub is_cut: bool,
    /// The end of the last run: less than the width if a space follows it.
    end: f32,
}

/// The rise of an accent over a tall letter and over a low one; not 0, so that no later character joins its run.
const TALL: f32 = 0.2;
const LOW: f32 = 0.01;
/// The shift of an accent over an italic letter.
const SLANT: f32 = 0.06;
/// The space after a subscript or superscript, so that it touches no sign after it.
const BEHIND_SCRIPT: f32 = 0.05;
/// The overhang of slanted ascenders beyond their advance, which a superscript must clear.
const OVERHANG: [(&str, f32); 4] = [
    ("fΨ", 0.2),
    ("dlkφ", 0.06),
    ("TFVWYPK", 0.06),
    ("HNMIJUE", 0.04),
];
const SCRIPT: f32 = 0.7;
const SUPERSCRIPT_RISE: f32 = 0.36;
const SUBSCRIPT_RISE: f32 = -0.18;
/// Scale of serif letters, which look smaller than sans ones of the same size.
const SERIF: f32 = 1.12;

impl RichText {
    /// Parses the markup.
    pub fn parse(markup: &str) -> Self {
        let mut text = Self::default();
        for (part, words) in markup.split('$').enumerate() {
            if part % 2 == 1 {
                Maths::new(words).read(&mut text);
            } else {
                for (part, words) in words.split("**").enumerate() {
                    let face = if part % 2 == 1 {
                        Face::SansBold
                    } else {
                        Face::Sans
                    };
                    text.push_words(words, face);
                }
            }
        }
        text
    }

    /// Adds words outside of maths, in which `^{…}` is a superscript: numbers such as 10^{−16} stand in sentences, too.
    fn push_words(&mut self, words: &str, face: Face) {
        let mut rest = words;
        while let Some((before, after)) = rest.split_once("^{") {
            let Some((exponent, after)) = after.split_once('}') else {
                break;
            };
            self.push(before, face, 1.0, 0.0);
            self.push(exponent, face, SCRIPT, SUPERSCRIPT_RISE);
            rest = after;
        }
        self.push(rest, face, 1.0, 0.0);
    }

    /// A number with an exponent, in the face of numbers.
    pub(crate) fn power(base: &str, exponent: &str) -> Self {
        let mut text = Self::default();
        text.push(base, Face::Sans, 1.0, 0.0);
        text.push(exponent, Face::Sans, SCRIPT, SUPERSCRIPT_RISE);
        text
    }

    /// The text, cut off with an ellipsis if it is wider than `width` (at size 1).
    #[must_use]
    pub fn shortened(mut self, width: f32) -> Self {
        if self.width <= width {
            return self;
        }
        self.is_cut = true;
        while self.width + 1.0 > width {
            let Some(last) = self.runs.last_mut() else {
                return self;
            };
            if last.text.pop().is_none() {
                self.runs.pop();
                continue;
            }
            self.width = last.offset + last.width();
            self.end = self.width;
        }
        self.push("…", Face::Sans, 1.0, 0.0);
        self
    }

    /// The text with an ellipsis after it; what is wider than `width` (at size 1) is left out.
    #[must_use]
    pub fn continued(mut self, width: f32) -> Self {
        self.push("…", Face::Sans, 1.0, 0.0);
        self.shortened(width)
    }

    /// Plain words in bold.
    pub fn bold(words: &str) -> Self {
        let mut text = Self::default();
        text.push(words, Face::SansBold, 1.0, 0.0);
        text
    }

    /// The text broken at spaces into lines no wider than `width` (at size 1), if its words allow. Neither maths nor a
    /// percentage is broken. Lines of the text begin new lines.
    pub fn wrap(markup: &str, width: f32) -> Vec<Self> {
        if markup.contains('\n') {
            let lines = markup.lines();
            return lines.flat_map(|line| Self::wrap(line, width)).collect();
        }
        let mut lines = vec![String::new()];
        let mut in_maths = false;
        let mut word = String::new();
        let place = |word: &mut String, lines: &mut Vec<String>| {
            let Some(line) = lines.last_mut() else { return };
            let longer = if line.is_empty() {
                word.clone()
            } else {
                format!("{line} {word}")
            };
            if line.is_empty() || Self::parse(&longer).width <= width {
                *line = longer;
            } else {
                lines.push(std::mem::take(word));
            }
            word.clear();
        };
        let mut characters = markup.chars().peekable();
        while let Some(character) = characters.next() {
            in_maths ^= character == '$';
            if character == ' ' && !in_maths && characters.peek() != Some(&'%') {
                place(&mut word, &mut lines);
            } else {
                word.push(character);
            }
        }
        place(&mut word, &mut lines);
        let mut is_bold = false;
        let parsed = lines.iter().map(|line| {
            // bold words go on in the next line
            let opened = if is_bold { "**" } else { "" };
            is_bold ^= line.matches("**").count() % 2 == 1;
            Self::parse(&format!("{opened}{line}"))
        });
        parsed.collect()
    }

    /// The text broken into lines no wider than `width` (at size 1): at spaces and, where a word alone is wider, within the
    /// word, whose maths is then plain.
    pub fn broken(markup: &str, width: f32) -> Vec<Self> {
        let mut lines = Vec::new();
        for line in Self::wrap(markup, width) {
            if line.width <= width {
                lines.push(line);
                continue;
            }
            Self::cut_up(&line.characters(), width, &mut lines);
        }
        lines
    }

    /// Words as they are typed, without markup, broken into lines as [`broken`](Self::broken) does.
    pub(crate) fn broken_words(words: &str, width: f32) -> Vec<Self> {
        let plain = |words: &str| {
            let mut text = Self::default();
            text.push(words, Face::Sans, 1.0, 0.0);
            text
        };
        let mut rows = vec![String::new()];
        for word in words.split(' ') {
            let Some(row) = rows.last_mut() else { continue };
            let longer = format!("{row} {word}");
            if row.is_empty() {
                word.clone_into(row);
            } else if plain(&longer).width <= width {
                *row = longer;
            } else {
                rows.push(word.to_owned());
            }
        }
        let mut lines = Vec::new();
        for row in rows {
            let line = plain(&row);
            if line.width <= width {
                lines.push(line);
            } else {
                Self::cut_up(&row, width, &mut lines);
            }
        }
        lines
    }

    /// Adds plain words as lines that are cut within the words.
    fn cut_up(words: &str, width: f32, lines: &mut Vec<Self>) {
        let mut part = Self::default();
        for character in words.chars() {
            if part.width + Face::Sans.width(character) > width && part.width > 0.0 {
                lines.push(std::mem::take(&mut part));
            }
            part.push(character.encode_utf8(&mut [0; 4]), Face::Sans, 1.0, 0.0);
        }
        lines.push(part);
    }

    /// A formula broken at operators into lines no wider than `width` (at size 1), the second and later ones no wider than
    /// `later`; a part without an operator that is wider stays whole.
    ///
    /// Markup that is not one formula is one line.
    pub fn wrap_formula(markup: &str, width: f32, later: f32) -> Vec<Self> {
        let formula = markup
            .strip_prefix('$')
            .and_then(|rest| rest.strip_suffix('$'))
            .filter(|inner| !inner.contains('$'));
        let Some(mut rest) = formula else {
            return vec![Self::parse(markup)];
        };
        let line = |part: &str| Self::parse(&format!("${}$", part.trim()));
        let mut lines = Vec::new();
        loop {
            let room = if lines.is_empty() { width } else { later };
            let whole = line(rest);
            let fits = |at: &usize| line(&rest[..*at]).width <= room;
            let breaks = operators(rest);
            let fitting = breaks.iter().filter(|(at, _)| fits(at));
            // an outer operator is better than an inner one unless the line would be short
            let best = fitting.min_by(|one, other| {
                let cost = |(at, depth): &(usize, usize)| {
                    let left = (room - line(&rest[..*at]).width) / room.max(1e-3);
                    *depth as f32 * INNER_BREAK + left
                };
                cost(one).total_cmp(&cost(other))
            });
            let best = best
                .or_else(|| breaks.first())
                .filter(|_| whole.width > room);
            let Some((at, _)) = best else {
                lines.push(whole);
                return lines;
            };
            lines.push(line(&rest[..*at]));
            rest = &rest[*at..];
        }
    }

    /// The text without faces and sizes, for names that programs read: exponents are written with the superscripts of Unicode or,
    /// where it has none, after a `^`.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        let is_raised = |run: &TextRun| run.rise >= SUPERSCRIPT_RISE;
        for runs in self
            .runs
            .chunk_by(|one, next| is_raised(one) == is_raised(next))
        {
            let text: String = runs.iter().map(|run| run.text.as_str()).collect();
            if runs.first().is_some_and(is_raised) {
                plain.push_str(&superscripts::raised(&text));
            } else {
                plain.push_str(&text);
            }
        }
        plain
    }

    /// The characters of all runs, by whose positions a part of the text is found.
    pub fn characters(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Places an accent over the last character, without a width.
    fn push_accent(&mut self, accent: char, scale: f32, rise: f32) {
        let Some((run, base)) = self
            .runs
            .last()
            .and_then(|run| Some((run, run.text.chars().last()?)))
        else {
            return;
        };
        let scale = scale * SERIF;
        let below = run.face.width(base) * run.scale;
        let width = Face::Serif.advance(accent).unwrap_or(0.33) * scale;
        let slant = if run.face == Face::SerifItalic {
            SLANT
        } else {
            0.0
        };
        let is_tall = base.is_uppercase() || "bdfhklt\u{3b8}\u{3bb}\u{3c6}".contains(base);
        let lift = if is_tall { TALL } else { LOW };
        self.runs.push(TextRun {
            text: accent.to_string(),
            face: Face::Serif,
            scale,
            rise: rise + lift * scale,
            offset: self.end - 0.5 * (below + width) + slant * scale,
        });
    }

    fn push(&mut self, words: &str, face: Face, scale: f32, rise: f32) {
        for character in words.chars() {
            if let Some(accent) = spacing_accent(character) {
                self.push_accent(accent, scale, rise);
                continue;
            }
            let face = with_glyph(face, character);
            let scale = if matches!(face, Face::Serif | Face::SerifItalic) {
                scale * SERIF
            } else {
                scale
            };
            let width = face.width(character) * scale;
            match self.runs.last_mut() {
                Some(run)
                    if run.face == face
                        && run.scale == scale
                        && run.rise == rise
                        && self.end == self.width =>
                {
                    run.text.push(character);
                }
                _ => self.runs.push(TextRun {
                    text: character.to_string(),
                    face,
                    scale,
                    rise,
                    offset: self.width,
                }),
            }
            self.width += width;
            self.end = self.width;
        }
    }
}

/// The cost of breaking a formula one parenthesis deeper, as a share of a line left empty.
const INNER_BREAK: f32 = 0.3;

/// The positions in a formula before binary operators and relations, and after commas and wide spaces, each with the number
/// of parentheses around it.
fn operators(formula: &str) -> Vec<(usize, usize)> {
    let (mut braces, mut depth) = (0_usize, 0_usize);
    let mut found = Vec::new();
    for (at, character) in formula.char_indices() {
        match character {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let (before, after) = (formula[..at].trim_end(), &formula[at..]);
        let is_operator = character == ' '
            && after[1..].starts_with(['+', '−', '=', '·', '/', '≤', '≥', '∈'])
            && after[1..].chars().nth(1) == Some(' ');
        let is_behind = [",", "\\;", "\\,"].iter().any(|end| before.ends_with(end))
            && !character.is_whitespace()
            && !matches!(character, ',' | ';');
        // a product or an argument is broken only if there is no sum to break
        let extra = usize::from(is_behind && !before.ends_with("\\;"));
        if braces == 0 && !before.is_empty() && (is_operator || is_behind) {
            found.push((at, depth + extra));
        }
    }
    found
}

/// The sign with a width of its own that looks like a combining accent.
fn spacing_accent(character: char) -> Option<char> {
    match character {
        '\u{302}' => Some('ˆ'),
        '\u{303}' => Some('˜'),
        '\u{304}' => Some('¯'),
        '\u{307}' => Some('˙'),
        _ => None,
    }
}

/// The face itself if it has the glyph, else one that does.
fn with_glyph(face: Face, character: char) -> Face {
    if face.advance(character).is_some() {
        return face;
    }
    let others = [Face::Serif, Face::Sans];
    others
        .into_iter()
        .find(|other| other.advance(character).is_some())
        .unwrap_or(face)
}

/// A parser of the markup between dollar signs.
struct Maths<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl<'a> Maths<'a> {
    fn new(words: &'a str) -> Self {
        Self {
            rest: words.chars().peekable(),
        }
    }

    fn read(mut self, text: &mut RichText) {
        while let Some(character) = self.rest.next() {
            match character {
                '_' | '^' => {
                    let rise = if character == '^' {
                        SUPERSCRIPT_RISE
                    } else {
                        SUBSCRIPT_RISE
                    };
                    if character == '^' {
                        text.width += overhang(text);
                    }
                    for symbol in self.group() {
                        push_symbol(text, &symbol, SCRIPT, rise);
                    }
                    text.width += BEHIND_SCRIPT;
                }
                _ => {
                    let symbol = self.symbol(character);
                    push_symbol(text, &symbol, 1.0, 0.0);
                }
            }
        }
    }

    /// Reads one symbol, or all of a group in braces.
    fn group(&mut self) -> Vec<String> {
        let mut symbols = Vec::new();
        if self.rest.next_if_eq(&'{').is_some() {
            while let Some(character) = self.rest.next() {
                if character == '}' {
                    break;
                }
                symbols.push(self.symbol(character));
            }
        } else if let Some(character) = self.rest.next() {
            symbols.push(self.symbol(character));
        }
        symbols
    }

    /// Reads a character, or a word after a backslash.
    fn symbol(&mut self, first: char) -> String {
        if first != '\\' {
            return first.to_string();
        }
        match self.rest.peek() {
            Some(',') => {
                self.rest.next();
                "\u{2009}".to_owned()
            }
            Some(';') => {
                self.rest.next();
                "\u{2002}".to_owned()
            }
            _ => {
                let mut word = String::new();
                while let Some(letter) = self.rest.next_if(char::is_ascii_alphabetic) {
                    word.push(letter);
                }
                latex_character(&word).map_or(word, |character| character.to_string())
            }
        }
    }
}

/// The overhang of the last letter at its right, as a share of the text's size; 0 after a script or a space.
fn overhang(text: &RichText) -> f32 {
    let last = text
        .runs
        .last()
        .filter(|run| run.face == Face::SerifItalic && run.rise == 0.0 && text.end == text.width);
    let letter = last.and_then(|run| run.text.chars().last());
    let mut known = OVERHANG.iter();
    let found = letter.and_then(|letter| known.find(|(letters, _)| letters.contains(letter)));
    found.map_or(0.0, |(_, overhang)| *overhang)
}

fn push_symbol(text: &mut RichText, symbol: &str, scale: f32, rise: f32) {
    let mut characters = symbol.chars();
    let is_variable = match (characters.next(), characters.next()) {
        (Some(character), None) => {
            character.is_ascii_alphabetic() || ('α'..='ω').contains(&character)
        }
        _ => false,
    };
    let face = if is_variable {
        Face::SerifItalic
    } else {
        Face::Serif
    };
    match symbol {
        "\u{2009}" => text.width += 0.17 * scale,
        "\u{2002}" => text.width += 0.4 * scale,
        " " => text.width += 0.2 * scale,
        _ => text.push(symbol, face, scale, rise),
    }
}

#[cfg(test)]
mod tests;
