//! Names of methods in pictures, cut to a length that leaves room for the picture.

use std::borrow::Cow;

use super::markup::RichText;

/// The widest name in a picture, in sizes of text.
const WIDEST: f32 = 16.0;

/// A name as pictures and their sentences have it: the whole of it, or its beginning with an ellipsis.
pub fn short_name(label: &str) -> Cow<'_, str> {
    let whole = RichText::parse(label);
    if whole.width <= WIDEST {
        return Cow::Borrowed(label);
    }
    // what is cut has no markup: a formula may end in its middle
    let plain: String = whole.plain().replace(['$', '*'], "");
    let mut kept: Vec<char> = plain.chars().collect();
    loop {
        let beginning: String = kept.iter().collect();
        let short = format!("{}…", beginning.trim_end());
        if kept.pop().is_none() || RichText::parse(&short).width <= WIDEST {
            return Cow::Owned(short);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_a_usual_one_is_whole() {
        assert_eq!(short_name("AID-CG, T = 30"), "AID-CG, T = 30");
        let long = "My very long name of a method, with $ξ = 0.05$ and more";
        let short = short_name(long);
        assert!(
            short.starts_with("My very long name") && short.ends_with('…'),
            "{short}"
        );
        assert!(RichText::parse(&short).width <= WIDEST);
    }
}
