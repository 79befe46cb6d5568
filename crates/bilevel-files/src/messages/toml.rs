//! Errors in the grammar of TOML, in the words of experiment files.

use bilevel::data::plain_excerpt;

/// The sentence on an error of the grammar; `message` is that of the parser, `there` the text at its place.
pub(crate) fn error(message: &str, there: &str) -> String {
    let there = plain_excerpt(there.trim());
    match message {
        "duplicate key" => {
            format!("key `{there}` occurs twice in its table: keep one of them")
        }
        "cannot recurse further; max recursion depth met" | "recursion limit" => {
            "brackets are nested too deeply".to_owned()
        }
        _ if message.starts_with("key with no value") => {
            "this line has no value; lines are `key = value`, [tables], or comments after #"
                .to_owned()
        }
        _ if message.starts_with("invalid unquoted key") => {
            "a key is made of letters, digits, _ and -, and lines are `key = value`".to_owned()
        }
        _ if message.starts_with("unexpected key or value") => {
            "there is more behind the value; every key has a line of its own".to_owned()
        }
        _ if message.starts_with("missing comma") => {
            "a comma is missing: commas part the values of lists and tables".to_owned()
        }
        _ if message.starts_with("extra comma") => {
            "there is no value between two commas".to_owned()
        }
        _ => format!("this is not TOML: {}", plain_excerpt(message)),
    }
}

/// A value that is none; `there` is its text.
pub(crate) fn no_value(there: &str) -> String {
    let text = plain_excerpt(there);
    match there {
        "" => "there is no value behind the `=`".to_owned(),
        "True" | "TRUE" | "False" | "FALSE" => {
            format!("`{text}` is written `{}`", there.to_lowercase())
        }
        _ if there.contains(char::is_whitespace) => {
            format!("text stands in quotes, and commas part values: `{text}` is no value")
        }
        _ if there.starts_with(|one: char| one.is_ascii_digit() || "+-.".contains(one)) => {
            format!(
                "`{text}` is no number, such as 1, 0.5 or 1e-3; formulas and texts stand in quotes"
            )
        }
        _ if there.contains(['(', ')']) && !there.contains(char::is_alphabetic) => {
            format!("a list has square brackets, such as [1, 2]: `{text}` is no value")
        }
        _ if there.contains(['“', '”', '„', '‘', '’']) => {
            format!("quotes are \" or ', not those of `{text}`")
        }
        _ => format!("text stands in quotes: \"{text}\""),
    }
}

/// Decimals with a comma.
pub(crate) const fn decimal_comma() -> &'static str {
    "a number has a decimal point, such as 0.5, and several numbers are a list, such as [0, 5]"
}

/// A backslash in double quotes; `escape` is the backslash with the character behind it.
pub(crate) fn escape(escape: &str) -> String {
    let escape = plain_excerpt(escape);
    format!(
        "in double quotes a backslash begins an escape, here `{escape}`; single quotes keep it, such as '$\\theta$'"
    )
}

// brackets and quotes

pub(crate) fn unclosed(sign: char) -> String {
    format!("this `{sign}` is never closed")
}

pub(crate) fn unclosed_heading(heading: &str) -> String {
    let heading = plain_excerpt(heading);
    format!(
        "`{heading}` is never closed; tables are written [problem], and lists of tables [[method]]"
    )
}

pub(crate) fn wrong_closing(sign: char, right: char) -> String {
    format!("this `{sign}` stands in place of a `{right}`")
}

pub(crate) fn stray_closing(sign: char) -> String {
    format!("this `{sign}` closes nothing")
}

pub(crate) fn unclosed_quote(quote: char) -> String {
    format!(
        "this `{quote}` is never closed: a text ends on its line, by the quote that it begins with"
    )
}

pub(crate) fn unclosed_quotes() -> String {
    "these three quotes are never closed".to_owned()
}
