//! Numbers of things.

use std::fmt::Display;

/// A number with the noun that it counts, whose plural has an s: `1 row`, `2 rows`.
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let s = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{s}")
}
