//! Messages about experiments as lines of text.

use bilevel::data::{excerpt, plain_excerpt};

pub(crate) const fn no_shared_line() -> &'static str {
    "this is no line of an experiment; it begins with `bilevel1:`"
}

pub(crate) fn other_shared_version(version: &str) -> String {
    let version = plain_excerpt(version);
    format!(
        "this program reads lines that begin with `bilevel1:`, and this one begins with `{version}:`"
    )
}

pub(crate) const fn damaged_line() -> &'static str {
    "the line of the experiment is not whole: a character is missing or changed; copy it again"
}

pub(crate) fn shared_too_large(most: u64) -> String {
    format!(
        "an experiment of more than {} KiB is too large for a line; send its file",
        most >> 10
    )
}

pub(crate) fn shared_needs_data(name: &str) -> String {
    format!(
        "the experiment reads its data from {}, which a line does not hold; send its file and the data",
        excerpt(name)
    )
}
