//! Bounded quotations: a text from a file may be of any length, and a message may not.

/// The most characters of a quotation.
const QUOTED: usize = 40;
/// The most characters of a file's name in a message.
const PATH: usize = 200;

/// A text in quotes: whole up to 40 characters, else the first 40 and the number of all.
pub fn excerpt(text: &str) -> String {
    shortened(text, QUOTED, quoted)
}

/// A text in double quotes, or in single ones if it has double ones; as it is typed but for control characters.
fn quoted(text: &str) -> String {
    let quote = if text.contains('"') { '\'' } else { '"' };
    let mut quoted = String::from(quote);
    for one in text.chars() {
        if one.is_control() {
            quoted.extend(one.escape_default());
        } else {
            quoted.push(one);
        }
    }
    quoted.push(quote);
    quoted
}

/// A text as it stands: whole up to 40 characters, else the first 40 and the number of all.
pub fn plain_excerpt(text: &str) -> String {
    shortened(text, QUOTED, ToOwned::to_owned)
}

/// A file's name as it stands, of which no more than 200 characters are shown.
pub(crate) fn short_path(path: &str) -> String {
    shortened(path, PATH, ToOwned::to_owned)
}

fn shortened(text: &str, most: usize, quoted: impl Fn(&str) -> String) -> String {
    match text.char_indices().nth(most) {
        None => quoted(text),
        Some((end, _)) => {
            let count = text.chars().count();
            format!("{}… ({count} characters)", quoted(&text[..end]))
        }
    }
}

/// A number in few characters: with an exponent where its digits would fill a line.
pub fn brief_number(number: f64) -> String {
    let size = number.abs();
    if number.is_finite() && size != 0.0 && !(1e-5..1e15).contains(&size) {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_as_typed_with_forty_characters_and_a_count() {
        assert_eq!(excerpt("a\"b"), "'a\"b'");
        assert_eq!(excerpt("$\\theta$\n"), "\"$\\theta$\\n\"");
        let long = "é".repeat(100_000);
        let begun = "é".repeat(40);
        assert_eq!(excerpt(&long), format!("{begun:?}… (100000 characters)"));
        assert_eq!(plain_excerpt(&begun), begun);
    }

    #[test]
    fn no_number_fills_a_line() {
        for (number, text) in [
            (1e308, "1e308"),
            (5e-324, "5e-324"),
            (0.001, "0.001"),
            (1_000_000.0, "1000000"),
            (f64::INFINITY, "inf"),
            (0.0, "0"),
        ] {
            assert_eq!(brief_number(number), text);
        }
    }
}
