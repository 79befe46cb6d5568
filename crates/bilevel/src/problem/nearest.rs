//! Suggestions of known words for a mistyped one.

use crate::messages;

/// The nearest known word, if one is near.
pub fn find<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    let nearest = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(given, word), *word))
        .min();
    let is_near = |(distance, word): &(usize, &str)| *distance <= 2.max(word.len() / 3);
    nearest.filter(is_near).map(|(_, word)| word)
}

/// Returns " (did you mean `…`?)" if a known word is near, else the list of known words.
pub fn hint(given: &str, known: &[&str]) -> String {
    match find(given, known) {
        _ if known.is_empty() => messages::settings::no_known_word().to_owned(),
        Some(word) => messages::settings::did_you_mean(word),
        None => messages::settings::known_words(known),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_gets_the_list() {
        assert_eq!(
            super::hint("inner_stepz", &["eta", "inner_steps"]),
            " (did you mean `inner_steps`?)"
        );
        assert_eq!(
            super::hint("banana", &["eta", "inner_steps"]),
            " (known: eta, inner_steps)"
        );
    }
}
