//! Exponents in plain text: the superscripts of Unicode that fonts have.

/// Characters with their superscripts.
const RAISED: [(char, char); 19] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('-', '⁻'),
    ('−', '⁻'),
    ('=', '⁼'),
    ('(', '⁽'),
    (')', '⁾'),
    ('n', 'ⁿ'),
    ('i', 'ⁱ'),
    ('T', 'ᵀ'),
];

/// An exponent after its base. Signs that are no number, such as the star of an optimum, stay.
pub(super) fn raised(exponent: &str) -> String {
    let has_letters = exponent.chars().any(char::is_alphanumeric);
    if !has_letters {
        return exponent.to_owned();
    }
    let one = |letter: char| {
        let mut known = RAISED.iter();
        known.find(|(low, _)| *low == letter).map(|(_, high)| *high)
    };
    let written: Option<String> = exponent.chars().map(one).collect();
    written.unwrap_or_else(|| match exponent.chars().count() {
        1 => format!("^{exponent}"),
        _ => format!("^({exponent})"),
    })
}

#[cfg(test)]
mod tests {
    use crate::RichText;

    #[test]
    fn plain_text_keeps_exponents() {
        for (markup, plain) in [
            ("$x^2 + y_1^{12}$", "x²+y1¹²"),
            ("$10^{−16}$ and 10^{−3}", "10⁻¹⁶ and 10⁻³"),
            ("$f^*$", "f*"),
            ("$e^{x}$", "e^x"),
            ("$e^{−4x}$", "e^(−4x)"),
            ("$A^T b$", "Aᵀb"),
            ("**bold** words", "bold words"),
        ] {
            assert_eq!(RichText::parse(markup).plain(), plain);
        }
    }
}
