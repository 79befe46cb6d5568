//! Sentences for users: a crate makes them in its folder `messages`, and nowhere else.
//!
//! A sentence is a string literal of three words or more in `format!`, `write!`, `writeln!` or `#[error(…)]`, or one
//! that becomes a `String` or an error as it stands. Placeholders, maths between dollar signs and names with signs in
//! them are not words. Panics, descriptions in tables and tests do not count.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use rstest::rstest;

/// The crates that have such a folder.
const CRATES: [&str; 2] = ["crates/bilevel", "crates/bilevel-files"];
/// The files that may have such literals, and the reason.
const EXCEPTIONS: [(&str, &str); 4] = [
    (
        "crates/bilevel-files/src/output/table_text.rs",
        "commands of LaTeX",
    ),
    (
        "crates/bilevel/src/problem/benchmark/learning/cleaning_visuals.rs",
        "titles and captions of pictures",
    ),
    (
        "crates/bilevel/src/problem/benchmark/learning/continual/visuals.rs",
        "titles and captions of pictures",
    ),
    (
        "crates/bilevel/src/problem/benchmark/learning/regularization.rs",
        "titles and captions of pictures",
    ),
];
/// The fewest words of a sentence.
const WORDS: usize = 3;
/// Macros and attributes whose literals become texts.
const FORMATS: [&str; 4] = ["format", "write", "writeln", "error"];
/// Methods that make a text of a literal.
const CONVERSIONS: [&str; 3] = ["to_owned", "to_string", "into"];
/// Functions and variants that take a literal as an error.
const ERRORS: [&str; 3] = ["Err", "Unknown", "expected"];

/// The sentences in a file, with their lines.
fn sentences(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    scan(text.parse().expect("Rust tokens"), false, &mut found);
    found
}

/// Collects the sentences among tokens; `is_text` is true inside of a macro that makes texts.
fn scan(stream: TokenStream, is_text: bool, found: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] if hash.as_char() == '#' => {
                at += 2;
                let mut inner = attribute.stream().into_iter();
                match (inner.next(), inner.next()) {
                    (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group)))
                        if name == "cfg" && group.stream().to_string() == "test" =>
                    {
                        at += item_length(&tokens[at..]);
                    }
                    (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group)))
                        if name == "error" =>
                    {
                        scan(group.stream(), true, found);
                    }
                    _ => {} // documentation and other attributes
                }
            }
            [
                TokenTree::Ident(name),
                TokenTree::Punct(mark),
                TokenTree::Group(group),
                ..,
            ] if mark.as_char() == '!' => {
                let is_format = FORMATS.iter().any(|format| name == format);
                scan(group.stream(), is_text || is_format, found);
                at += 3;
            }
            [TokenTree::Ident(name), TokenTree::Group(group), ..]
                if group.delimiter() == Delimiter::Parenthesis
                    && ERRORS.iter().any(|error| name == error) =>
            {
                for token in group.stream() {
                    if let TokenTree::Literal(literal) = token {
                        take(&literal, found);
                    }
                }
                at += 1; // the group is scanned like all others
            }
            [
                TokenTree::Literal(literal),
                TokenTree::Punct(point),
                TokenTree::Ident(method),
                ..,
            ] if point.as_char() == '.' => {
                if is_text || CONVERSIONS.iter().any(|name| method == name) {
                    take(literal, found);
                }
                at += 1;
            }
            [TokenTree::Literal(literal), ..] => {
                if is_text {
                    take(literal, found);
                }
                at += 1;
            }
            [TokenTree::Group(group), ..] => {
                scan(group.stream(), is_text, found);
                at += 1;
            }
            _ => at += 1,
        }
    }
    found.sort_unstable();
    found.dedup();
}

/// The number of tokens up to and including the item's closing brace or semicolon.
fn item_length(tokens: &[TokenTree]) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let end = tokens.iter().position(is_end);
    end.map_or(tokens.len(), |end| end + 1)
}

/// Adds a literal if it is a sentence.
fn take(literal: &Literal, found: &mut Vec<(usize, String)>) {
    let text = literal.to_string();
    if text.starts_with('"') && words(&text) >= WORDS {
        found.push((literal.span().start().line, text));
    }
}

/// The number of words in a literal.
fn words(literal: &str) -> usize {
    let mut plain = String::new();
    let (mut depth, mut is_maths) = (0_i32, false);
    for character in literal.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            '$' => is_maths = !is_maths,
            '\n' | '\\' => plain.push(' '),
            other if depth == 0 && !is_maths => plain.push(other),
            _ => {}
        }
    }
    let is_word = |word: &&str| {
        let word = word.trim_matches(|end: char| !end.is_alphanumeric());
        let is_letters = word
            .chars()
            .all(|one| one.is_ascii_alphabetic() || "'-".contains(one));
        is_letters && (word.len() > 1 || word == "a")
    };
    plain.split_whitespace().filter(is_word).count()
}

/// The Rust files of a crate outside of `messages`, with their paths from the root.
fn files(one: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = root.join(one).join("src");
    let mut folders: Vec<PathBuf> = vec![source.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.extend(Some(path).filter(|path| *path != source.join("messages")));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let name = path.strip_prefix(root).expect("beneath the root");
                files.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    files
}

#[rstest]
fn sentences_for_users_are_in_the_folder_of_messages() {
    let (mut elsewhere, mut excepted) = (Vec::new(), Vec::new());
    for one in CRATES {
        let files = files(one);
        assert!(files.len() > 10, "{one} has only {} files", files.len());
        for (file, text) in files {
            let is_excepted = EXCEPTIONS.iter().any(|(name, _)| *name == file);
            for (line, sentence) in sentences(&text) {
                if is_excepted {
                    excepted.push(file.clone());
                } else {
                    elsewhere.push(format!("{file}:{line}: {sentence}"));
                }
            }
        }
    }
    assert!(elsewhere.is_empty(), "\n{}\n", elsewhere.join("\n"));
    for (file, reason) in EXCEPTIONS {
        let is_needed = excepted.iter().any(|name| name == file);
        assert!(is_needed, "{file} ({reason}) has no sentence any more");
    }
}

mod the_checker {
    use super::*;

    #[rstest]
    #[case("fn f() { format!(\"level {level} has no variables\") }")]
    #[case("fn f() { format!(\"{}\", \"level has no variables\") }")]
    #[case("fn f() { write!(f, \"of {} or \\\n   {}, in all\", 1, 2) }")]
    #[case("#[error(\"{file} cannot be read\")] struct E;")]
    #[case("fn f() { Err(\"it descends itself\") }")]
    #[case("fn f() { Around::Unknown(\"the work was stopped\") }")]
    #[case("fn f() { Some(\"no step was made\".to_owned()) }")]
    #[case("fn f() { vec![format!(\"a list of {}\", 3)] }")]
    fn finds_texts_made_of_literals(#[case] text: &str) {
        assert_eq!(sentences(text).len(), 1, "{text}");
    }

    #[rstest]
    #[case("/// A list of four words.\nfn f() {}")]
    #[case("fn f() { format!(\"run {number}\") }")]
    #[case("fn f() { format!(\"$\\\\min is the least {x}$\") }")]
    #[case("fn f() { format!(\"{a} × {b_of_the_x} = {c:.3e}\") }")]
    #[case("fn f() { x.expect(\"the embedded files are sound\") }")]
    #[case("fn f() { panic!(\"no parameter of this name\") }")]
    #[case("const INFO: Info = Info { about: \"a sentence of a table\" };")]
    #[case("#[expect(dead_code, reason = \"a sentence for readers\")] fn f() {}")]
    #[case("#[cfg(test)] mod tests { fn f() { format!(\"a list of {}\", 3) } }")]
    fn passes_over_other_literals(#[case] text: &str) {
        assert_eq!(sentences(text), [], "{text}");
    }
}
