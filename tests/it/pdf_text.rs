//! The letters of figures: a PDF file has them as text that can be selected, and they are those of the SVG file.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use flate2::read::ZlibDecoder;
use rstest::rstest;

/// The objects of a file, by their numbers.
struct Objects<'a>(BTreeMap<u32, &'a [u8]>);

/// The position of a word in some bytes.
fn find(bytes: &[u8], word: &str) -> Option<usize> {
    bytes
        .windows(word.len())
        .position(|window| window == word.as_bytes())
}

/// The number that follows a word.
fn number_after(bytes: &[u8], word: &str) -> Option<u32> {
    let digits = bytes[find(bytes, word)? + word.len()..]
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| byte.is_ascii_digit());
    let digits: String = digits.map(|byte| char::from(*byte)).collect();
    digits.parse().ok()
}

impl<'a> Objects<'a> {
    fn of(file: &'a [u8]) -> Self {
        let mut objects = BTreeMap::new();
        let mut rest = file;
        while let Some(place) = find(rest, " 0 obj") {
            let digits = rest[..place]
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_digit());
            let digits: String = digits.map(|byte| char::from(*byte)).collect();
            let digits: String = digits.chars().rev().collect();
            rest = &rest[place + " 0 obj".len()..];
            let end = find(rest, "endobj").unwrap_or(rest.len());
            objects.extend(
                digits
                    .parse::<u32>()
                    .ok()
                    .map(|number| (number, &rest[..end])),
            );
        }
        Self(objects)
    }

    /// The unpacked stream of an object.
    fn stream(&self, number: u32) -> Vec<u8> {
        let object = self.0[&number];
        let place = find(object, "stream").expect("a stream") + "stream".len();
        let packed = &object[place..];
        let start = packed
            .iter()
            .position(|byte| *byte == b'\n')
            .expect("a line")
            + 1;
        let mut unpacked = Vec::new();
        ZlibDecoder::new(&packed[start..])
            .read_to_end(&mut unpacked)
            .expect("a packed stream");
        unpacked
    }

    /// The characters of the glyphs of each font, by the font's name on a page.
    fn fonts(&self) -> BTreeMap<String, BTreeMap<u32, String>> {
        let mut fonts = BTreeMap::new();
        for object in self.0.values() {
            for number in 0..20 {
                let name = format!("f{number}");
                let font = number_after(object, &format!("/{name} "));
                let font = font.and_then(|font| self.0.get(&font));
                let table = font.and_then(|font| number_after(font, "/ToUnicode"));
                fonts.extend(table.map(|table| (name, characters(&self.stream(table)))));
            }
        }
        fonts
    }
}

/// The characters of glyphs: pairs of hexadecimal numbers in the sections `beginbfchar`.
fn characters(table: &[u8]) -> BTreeMap<u32, String> {
    let table = String::from_utf8_lossy(table);
    let sections = table.split("beginbfchar").skip(1);
    let lines = sections.flat_map(|section| {
        section
            .split("endbfchar")
            .next()
            .unwrap_or_default()
            .lines()
    });
    let pair = |line: &str| {
        let mut numbers = line
            .split('<')
            .skip(1)
            .map(|one| one.split('>').next().unwrap_or_default());
        let glyph = u32::from_str_radix(numbers.next()?, 16).ok()?;
        let units = numbers.next()?.as_bytes().chunks(4);
        let units = units.map(|unit| u16::from_str_radix(str::from_utf8(unit).ok()?, 16).ok());
        let text = String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()?;
        Some((glyph, text))
    };
    lines.filter_map(pair).collect()
}

/// The text of a page's operations: `/f0 12 Tf` chooses a font, and strings in parentheses have two bytes for a glyph.
fn text_of(operations: &[u8], fonts: &BTreeMap<String, BTreeMap<u32, String>>) -> String {
    let (mut text, mut font, mut last) = (String::new(), None, String::new());
    let mut bytes = operations.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'/' => {
                last.clear();
                while let Some(next) = bytes.next_if(u8::is_ascii_alphanumeric) {
                    last.push(char::from(next));
                }
                font = fonts.get(&last).or(font);
            }
            b'(' => {
                let mut string = Vec::new();
                while let Some(next) = bytes.next_if(|byte| *byte != b')') {
                    let escaped = if next == b'\\' { bytes.next() } else { None };
                    string.push(match escaped {
                        None => next,
                        Some(first @ b'0'..=b'7') => {
                            let mut value = first - b'0';
                            for _ in 0..2 {
                                let digit = bytes.next_if(|byte| (b'0'..=b'7').contains(byte));
                                value = digit.map_or(value, |digit| {
                                    value.wrapping_mul(8).wrapping_add(digit - b'0')
                                });
                            }
                            value
                        }
                        Some(b'n') => b'\n',
                        Some(b'r') => b'\r',
                        Some(b't') => b'\t',
                        Some(b'b') => 8,
                        Some(b'f') => 12,
                        Some(other) => other,
                    });
                }
                let font = font.expect("a font comes before a text");
                for glyph in string.chunks_exact(2) {
                    let glyph = u32::from(glyph[0]) << 8 | u32::from(glyph[1]);
                    text.push_str(font.get(&glyph).expect("each glyph has a character"));
                }
            }
            _ => {}
        }
    }
    text
}

/// The text of an SVG file, without its marks.
fn text_of_svg(svg: &str) -> String {
    let texts = svg.split("<text").skip(1);
    let texts = texts.map(|text| text.split("</text>").next().unwrap_or_default());
    let plain: String = texts
        .flat_map(|text| text.split('>').skip(1))
        .map(|piece| piece.split('<').next().unwrap_or_default())
        .collect();
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(plain, |text, (entity, sign)| text.replace(entity, sign))
}

/// The letters in alphabetical order: files write them in orders of their own.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|one| !one.is_whitespace()).collect();
    letters.sort_unstable();
    letters
}

#[rstest]
#[case("pbgd", "race", "outer iterations")]
#[case("tri-sin", "levels", "the innermost level")]
#[case("stackelberg", "landscape", "optimum")]
fn a_pdf_has_the_letters_of_its_svg_as_text(
    #[case] preset: &str,
    #[case] view: &str,
    #[case] words: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let drawn = |name: &str, letters: &[&str]| {
        let file = folder.path().join(name);
        let program = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
            .args(["figure", preset, "--view", view])
            .args(letters)
            .arg("-o")
            .arg(&file)
            .output();
        let program = program.expect("the program starts");
        let words = String::from_utf8_lossy(&program.stderr).into_owned();
        assert!(program.status.success(), "{words}");
        read(&file)
    };
    let svg = String::from_utf8(drawn("x.svg", &["--text", "embed"])).expect("a text");
    let svg = text_of_svg(&svg);
    let pdf = drawn("x.pdf", &[]);
    let objects = Objects::of(&pdf);
    let pages = objects
        .0
        .values()
        .filter(|object| find(object, "/Type/Page/").is_some());
    let contents = pages.map(|page| number_after(page, "/Contents").expect("operations"));
    let fonts = objects.fonts();
    let text: String = contents
        .map(|number| text_of(&objects.stream(number), &fonts))
        .collect();
    assert!(svg.contains(words), "{svg}");
    assert!(text.contains(words), "{text}");
    let [text, svg] = [text, svg].map(|text| letters(&text));
    assert_eq!(text, svg);
    assert!(text.len() > 50);
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).expect("the picture is there")
}
