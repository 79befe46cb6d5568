//! Texts inside of an HTML document: no character of theirs is markup.

use crate::RichText;

/// Escapes a text for an element or a quoted attribute; characters that a document may not hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            _ if character.is_control() || is_noncharacter(character) => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A text with the markup of titles, as plain text.
pub(super) fn plain(text: &str) -> String {
    escaped(&RichText::parse(text).plain())
}

/// True for code points that a document may not hold.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_text_is_markup() {
        assert_eq!(
            escaped("</script><b a='\"'>&\u{0}\u{7f}\u{fffe}\u{fdd0}x"),
            "&lt;/script&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;x"
        );
    }
}
