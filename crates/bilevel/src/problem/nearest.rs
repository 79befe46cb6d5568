//! Suggestions of known words for a mistyped one.

use crate::messages;

/// The fewest letters of a word that count as the beginning of another one.
const BEGINNING: usize = 3;

/// The nearest known word, if one is near: by letters and digits alone, whatever their case and the signs between them; else
/// the shortest that the given one begins.
pub fn find<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    let bare = |word: &str| -> String {
        let kept = word.chars().filter(|one| one.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let letters = bare(given);
    let distance = |word: &&'k str| {
        let distance = strsim::damerau_levenshtein(&letters, &bare(word));
        (distance, strsim::damerau_levenshtein(given, word), *word)
    };
    // a word that shares no letter with a short one is not near it
    let count = letters.chars().count();
    let is_near =
        |word: &str, distance: usize| distance <= 2.max(word.len() / 3) && distance < count;
    let nearest = known.iter().map(distance).min();
    let nearest = nearest.filter(|(distance, _, word)| is_near(word, *distance));
    let is_begun = |word: &&&str| count >= BEGINNING && bare(word).starts_with(&letters);
    let begun = || known.iter().filter(is_begun).min_by_key(|word| word.len());
    nearest.map_or_else(|| begun().copied(), |(_, _, word)| Some(word))
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

    #[test]
    fn case_signs_and_the_rest_of_a_word_do_not_matter() {
        let known = ["aid-cg", "bome", "outer_step_size", "outer_step_size_lower"];
        assert_eq!(super::find("BOME", &known), Some("bome"));
        assert_eq!(super::find("AID CG", &known), Some("aid-cg"));
        assert_eq!(super::find("outer_step", &known), Some("outer_step_size"));
        assert_eq!(super::find("f", &["id"]), None, "no letter is shared");
        assert_eq!(super::find("_", &["id"]), None, "a sign is no word");
    }
}
