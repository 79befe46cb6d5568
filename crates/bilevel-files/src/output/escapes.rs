//! Texts of labels in tables: no character of theirs is a command of Markdown, LaTeX or a spreadsheet.

/// The marks that have a meaning in Markdown.
const MARKDOWN: &str = "\\`*_<>[]|~&";
/// The beginnings of a cell that a spreadsheet computes.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Commands of LaTeX for characters that are none of its own, in maths.
const MATHS: [(char, &str); 66] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "varepsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('µ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('ς', "varsigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "varphi"),
    ('ϕ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
    ('−', "-"),
    ('×', "times"),
    ('·', "cdot"),
    ('±', "pm"),
    ('≤', "le"),
    ('≥', "ge"),
    ('≠', "ne"),
    ('≈', "approx"),
    ('∞', "infty"),
    ('∇', "nabla"),
    ('∂', "partial"),
    ('∈', "in"),
    ('→', "to"),
    ('←', "leftarrow"),
    ('√', "surd"),
    ('‖', "|"),
    ('°', "circ"),
    ('²', "2"),
    ('³', "3"),
    ('¹', "1"),
    ('⁻', "-"),
    ('₀', "0"),
    ('₁', "1"),
    ('₂', "2"),
    ('₃', "3"),
    ('½', "frac12"),
    ('∑', "sum"),
    ('∫', "int"),
    ('ℓ', "ell"),
    ('′', "prime"),
];

/// Further commands of LaTeX for characters.
const SYNONYMS: [(&str, char); 6] = [
    ("epsilon", 'ε'),
    ("leq", '≤'),
    ("geq", '≥'),
    ("neq", '≠'),
    ("rightarrow", '→'),
    ("star", '⋆'),
];

/// The character that a command of LaTeX sets, by its word without the backslash, such as `φ` for `varphi`.
pub fn latex_character(word: &str) -> Option<char> {
    let is_word = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic());
    let known = MATHS
        .iter()
        .map(|&(character, command)| (command, character));
    known
        .chain(SYNONYMS)
        .find(|&(command, _)| is_word && command == word)
        .map(|(_, character)| character)
}

/// A label in a cell of a Markdown table.
pub(crate) fn escaped_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        if MARKDOWN.contains(one) {
            out.push('\\');
        }
        out.extend(visible(one));
    }
    out
}

/// A label in a cell of a CSV table: a spreadsheet takes it for a text, whatever it begins with.
pub(crate) fn spreadsheet_text(text: &str) -> String {
    if text.starts_with(FORMULAS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A label in LaTeX, made of its own characters alone.
pub(crate) fn latex_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter_map(visible) {
        match letter {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '"' => out.push_str("''"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            _ if letter.is_ascii() => out.push(letter),
            _ => out.push_str(&latex_letter(letter)),
        }
    }
    out
}

/// A character beyond ASCII.
fn latex_letter(letter: char) -> String {
    let punctuation = match letter {
        '–' => "--",
        '—' => "---",
        '“' | '„' => "``",
        '”' => "''",
        '‘' => "`",
        '’' => "'",
        '…' => "\\dots{}",
        'ß' => "\\ss{}",
        'æ' => "\\ae{}",
        'Æ' => "\\AE{}",
        'ø' => "\\o{}",
        'Ø' => "\\O{}",
        'å' => "\\aa{}",
        'Å' => "\\AA{}",
        'ł' => "\\l{}",
        'Ł' => "\\L{}",
        '\u{a0}' | '\u{2009}' | '\u{202f}' => "~",
        _ => "",
    };
    if !punctuation.is_empty() {
        return punctuation.to_owned();
    }
    if let Some((_, command)) = MATHS.iter().find(|(known, _)| *known == letter) {
        return match letter {
            '²' | '³' | '¹' | '⁻' => format!("$^{{{command}}}$"),
            '₀' | '₁' | '₂' | '₃' => format!("$_{command}$"),
            '°' | '′' => format!("$^\\{command}$"),
            '−' => "$-$".to_owned(),
            _ => format!("$\\{command}$"),
        };
    }
    match accented(letter) {
        Some((accent, base)) => format!("\\{accent}{{{base}}}"),
        // a character that LaTeX has no command for is named by its number
        None => format!("[U+{:04X}]", u32::from(letter)),
    }
}

/// The accent of LaTeX and the base of a letter.
fn accented(letter: char) -> Option<(char, char)> {
    const ACCENTS: [(char, &str, &str); 6] = [
        ('`', "àèìòùÀÈÌÒÙ", "aeiouAEIOU"),
        ('\'', "áéíóúýćńśźÁÉÍÓÚÝĆŃŚŹ", "aeiouycnszAEIOUYCNSZ"),
        ('^', "âêîôûÂÊÎÔÛ", "aeiouAEIOU"),
        ('"', "äëïöüÿÄËÏÖÜ", "aeiouyAEIOU"),
        ('~', "ãñõÃÑÕ", "anoANO"),
        ('c', "çşÇŞ", "csCS"),
    ];
    ACCENTS.iter().find_map(|(accent, letters, bases)| {
        let place = letters.chars().position(|one| one == letter)?;
        Some((*accent, bases.chars().nth(place)?))
    })
}

/// A character as it may stand in a cell: a line break is a space, and marks that show nothing are left out.
fn visible(one: char) -> Option<char> {
    match one {
        '\n' | '\r' | '\t' => Some(' '),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        _ if one.is_control() => None,
        _ => Some(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_a_command() {
        for (label, markdown, csv, latex) in [
            ("BOME, 50 %", "BOME, 50 %", "BOME, 50 %", "BOME, 50 \\%"),
            ("<!-- c", "\\<!-- c", "<!-- c", "\\textless{}!-- c"),
            ("*a_b*", "\\*a\\_b\\*", "*a_b*", "*a\\_b*"),
            ("[x](y)", "\\[x\\](y)", "[x](y)", "[x](y)"),
            (
                "=cmd|calc",
                "=cmd\\|calc",
                "'=cmd|calc",
                "=cmd\\textbar{}calc",
            ),
            ("@SUM", "@SUM", "'@SUM", "@SUM"),
            ("-1", "-1", "'-1", "-1"),
            ("α = 0.1", "α = 0.1", "α = 0.1", "$\\alpha$ = 0.1"),
            ("é 中 x²", "é 中 x²", "é 中 x²", "\\'{e} [U+4E2D] x$^{2}$"),
            ("a\u{202e}\nb", "a b", "a\u{202e}\nb", "a b"),
        ] {
            assert_eq!(escaped_markdown(label), markdown);
            assert_eq!(spreadsheet_text(label), csv);
            assert_eq!(latex_text(label), latex);
        }
    }

    #[test]
    fn latex_has_only_its_own_characters() {
        let all: String = ('\u{20}'..='\u{2fff}').collect();
        assert!(latex_text(&all).is_ascii());
    }
}
