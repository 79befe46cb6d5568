//! The message of an invalid call, in one sentence.

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::Arguments;
use crate::cli::messages;

/// The most differences of a mistyped word.
const NEAR: usize = 2;

/// The message of an invalid call, with the tips of clap. `words` are the arguments as they were typed.
pub(crate) fn usage_error(error: &clap::Error, words: &[String]) -> String {
    let names = command_names();
    let is_plain = |word: &&String| !word.starts_with('-');
    let first = words.first().filter(is_plain);
    let known = first.filter(|word| names.contains(word));
    let is_misplaced = matches!(
        error.kind(),
        ErrorKind::ArgumentConflict | ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
    );
    // the first of two words that are neither options nor files is meant as a command
    if let (Some(word), None, true) = (first, known, is_misplaced)
        && words.get(1).is_some_and(|next| is_plain(&next))
    {
        return messages::wrong_call(&unknown_command(word), "");
    }
    let text = error.render().to_string();
    let (mut what, mut tips) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if line.starts_with("Usage:") {
            break;
        }
        if let Some(tip) = line.strip_prefix("tip:") {
            tips.push(tip.trim());
        } else if !line.is_empty() && !line.starts_with("For more") {
            what.push(line);
        }
    }
    let mut sentence = what.join(" ").trim_start_matches("error: ").to_owned();
    for tip in tips {
        sentence = messages::with_tip(&sentence, tip);
    }
    messages::wrong_call(&sentence, known.map_or("", String::as_str))
}

/// The nearest command of a word that is none.
pub(crate) fn near_command(word: &str) -> Option<String> {
    let names = command_names().into_iter();
    let near = names.map(|name| (strsim::damerau_levenshtein(word, &name), name));
    let (distance, name) = near.min()?;
    (distance <= NEAR && distance < word.chars().count()).then_some(name)
}

fn unknown_command(word: &str) -> String {
    messages::unknown_command(word, near_command(word).as_deref())
}

fn command_names() -> Vec<String> {
    let command = Arguments::command();
    let names = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned());
    names.chain(["help".to_owned()]).collect()
}
