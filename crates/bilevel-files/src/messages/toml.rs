//! Errors in the grammar of TOML, in the words of experiment files.

use bilevel::data::plain_excerpt;

/// An error of the grammar; `message` is that of the parser, and `there` is the text at its place.
pub(crate) fn error(message: &str, there: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let there = plain_excerpt(there.trim());
    match message {
        "duplicate key" => {
            format!("key `{there}` occurs twice in its table: keep one of them")
        }
        "string values must be quoted" => {
            format!("text stands in quotes: \"{there}\"")
        }
        "cannot recurse further; max recursion depth met" | "recursion limit" => {
            "brackets are nested too deeply".to_owned()
        }
        _ if message.starts_with("invalid boolean") => {
            format!("text stands in quotes: \"{there}\"")
        }
        _ if message.starts_with("key with no value") => {
            "this line has no value; lines are `key = value`, [tables], or comments after #"
                .to_owned()
        }
        _ if message.starts_with("unexpected key or value") => {
            "there is more behind the value; every key has a line of its own".to_owned()
        }
        _ => format!("this is not TOML: {message}"),
    }
}
