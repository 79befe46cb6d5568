//! Faults of markup that a person types: the parser reads on in spite of them, so that a text may lose signs.

use thiserror::Error;

use crate::messages;
use bilevel_files::latex_character;

/// The words that are set upright after a backslash.
const OPERATORS: [&str; 24] = [
    "arg", "argmax", "argmin", "cos", "cosh", "det", "diag", "dim", "exp", "inf", "lim", "ln",
    "log", "max", "mean", "median", "min", "prox", "sin", "sinh", "sup", "tan", "tanh", "tr",
];

/// The reason why a text is not markup, for a hint beside it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}", self.message())]
pub enum MarkupFault {
    /// A dollar sign without a second one.
    OpenFormula,
    /// A brace without its counterpart, in a formula.
    OpenBrace,
    /// A command of LaTeX with arguments, without its backslash.
    Command(String),
    /// A command of LaTeX that is neither a character nor an operator, without its backslash.
    Word(String),
    /// A script with a script or with braces in it.
    NestedScript,
    /// A script without a sign in it.
    EmptyScript,
    /// Two dollar signs with nothing between them, as around `$$x$$`.
    EmptyFormula,
    /// A backslash before this sign, which is no letter.
    Escape(char),
    /// Two stars without two others before the next formula.
    OpenBold,
}

impl MarkupFault {
    /// The first fault of a text; `None` for markup that is drawn as it is meant.
    pub fn of(markup: &str) -> Option<Self> {
        let parts: Vec<&str> = markup.split('$').collect();
        if markup.contains("\\$") {
            return Some(Self::Escape('$'));
        }
        if parts.len().is_multiple_of(2) {
            return Some(Self::OpenFormula);
        }
        let mut parts = parts.into_iter().enumerate();
        parts.find_map(|(place, part)| {
            if place % 2 == 1 {
                Self::of_formula(part)
            } else {
                Self::of_words(part)
            }
        })
    }

    /// The first fault outside of dollar signs.
    fn of_words(words: &str) -> Option<Self> {
        let is_open = words.matches("**").count() % 2 == 1;
        is_open.then_some(Self::OpenBold)
    }

    /// The first fault between two dollar signs.
    fn of_formula(formula: &str) -> Option<Self> {
        if formula.trim().is_empty() {
            return Some(Self::EmptyFormula);
        }
        let mut rest = formula.chars().peekable();
        let mut depth = 0_usize;
        while let Some(character) = rest.next() {
            match character {
                '\\' => {
                    let mut word = String::new();
                    while let Some(letter) = rest.next_if(char::is_ascii_alphabetic) {
                        word.push(letter);
                    }
                    if word.is_empty() && !matches!(rest.peek(), Some(',' | ';')) {
                        return rest.next().map(Self::Escape);
                    }
                    let is_word = OPERATORS.contains(&&word[..]);
                    if !word.is_empty() && rest.peek() == Some(&'{') {
                        return Some(Self::Command(word));
                    }
                    if !word.is_empty() && !is_word && latex_character(&word).is_none() {
                        return Some(Self::Word(word));
                    }
                }
                '_' | '^' => match rest.peek() {
                    None | Some('_' | '^' | '}' | ' ') => return Some(Self::EmptyScript),
                    Some('{') => {
                        rest.next();
                        let mut group = String::new();
                        loop {
                            match rest.next() {
                                None => return Some(Self::OpenBrace),
                                Some('}') => break,
                                Some(sign) => group.push(sign),
                            }
                        }
                        if group.contains(['_', '^', '{']) {
                            return Some(Self::NestedScript);
                        }
                        if group.trim().is_empty() {
                            return Some(Self::EmptyScript);
                        }
                    }
                    Some(_) => {}
                },
                '{' => depth += 1,
                '}' => {
                    let Some(outer) = depth.checked_sub(1) else {
                        return Some(Self::OpenBrace);
                    };
                    depth = outer;
                }
                _ => {}
            }
        }
        (depth > 0).then_some(Self::OpenBrace)
    }

    fn message(&self) -> String {
        match self {
            Self::OpenFormula => messages::open_formula().to_owned(),
            Self::OpenBrace => messages::open_brace().to_owned(),
            Self::Command(word) => messages::unknown_command(word),
            Self::Word(word) => messages::unknown_word(word),
            Self::NestedScript => messages::nested_script().to_owned(),
            Self::EmptyScript => messages::empty_script().to_owned(),
            Self::EmptyFormula => messages::empty_formula().to_owned(),
            Self::Escape(sign) => messages::escaped_sign(*sign),
            Self::OpenBold => messages::open_bold().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_that_is_drawn_as_meant_has_no_fault() {
        for markup in [
            "plain words, 5 of 6",
            "the answer $x_1$ **jumps**",
            "$x_{12}^2 = 10^{−16}$ and $φ$",
            "$\\min_y g(x, y)$",
            "$x ∈ {0, 1}$",
            "$a\\,b\\;c$",
            "$\\varphi(x) \\le \\log x$",
            "set {a, b with a brace in words",
        ] {
            assert_eq!(MarkupFault::of(markup), None, "{markup}");
        }
    }

    #[test]
    fn a_fault_is_found_in_each_formula() {
        use MarkupFault::{
            Command, EmptyFormula, EmptyScript, Escape, NestedScript, OpenBold, OpenBrace,
            OpenFormula,
        };
        let command = |word: &str| Command(word.to_owned());
        for (markup, fault) in [
            ("$\\frac{1$", command("frac")),
            ("$\\frac{1", OpenFormula),
            ("\\frac{1} costs 5 $", OpenFormula),
            ("$x$ and $\\sqrt{2}$", command("sqrt")),
            ("$\\foo + 1$", MarkupFault::Word("foo".to_owned())),
            ("$x_{12$", OpenBrace),
            ("${1$", OpenBrace),
            ("$1}$", OpenBrace),
            ("$x_{a_b}$", NestedScript),
            ("$x^{$", OpenBrace),
            ("$x^$", EmptyScript),
            ("$x^ 2$", EmptyScript),
            ("$x_{}$", EmptyScript),
            ("$$x$$", EmptyFormula),
            ("a $ $ b", EmptyFormula),
            ("$\\|x\\|$", Escape('|')),
            ("5 \\$ and 6 \\$", Escape('$')),
            ("**bold", OpenBold),
            ("**bold $x$ words**", OpenBold),
        ] {
            assert_eq!(MarkupFault::of(markup), Some(fault), "{markup}");
        }
    }
}
