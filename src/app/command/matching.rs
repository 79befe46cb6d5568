//! The distance of a text from search words: prefixes, synonyms and typing errors.

use strsim::osa_distance;

/// The costs of a search word by the way in which it is found.
const WHOLE: usize = 0;
const BEGINNING: usize = 1;
const SYNONYM: usize = 2;
const INSIDE: usize = 4;
const MISTYPED: usize = 8;
/// The additional costs of words written as one, of their beginning, and of an error in a short word.
const JOINED: usize = 1;
const JOINED_BEGINNING: usize = 9;
const SHORT: usize = 3;
/// The length from which on a word is not short.
const LONG: usize = 4;
/// The number of texts that are enough without a search for mistyped words.
const ENOUGH: usize = 3;
/// The greatest number of words that may be written as one.
const MOST_JOINED: usize = 3;

/// A text that is searched for words, and synonyms that find it, too.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SearchText {
    /// In lower case.
    text: String,
    words: Vec<SearchWord>,
    synonyms: Vec<SearchWord>,
    /// The kind of the text; texts of several kinds are found where there are any.
    kind: &'static str,
}

/// A word of a text, or some neighboring ones written as one.
#[derive(Clone, Debug, PartialEq)]
struct SearchWord {
    letters: String,
    is_joined: bool,
}

impl SearchText {
    /// A text with further words that find it, each from its beginning.
    pub(crate) fn new(text: &str, synonyms: &str) -> Self {
        let text = text.to_lowercase();
        Self {
            words: words_of(&text),
            synonyms: words_of(&synonyms.to_lowercase()),
            text,
            kind: "",
        }
    }

    /// The same text as one of a kind.
    pub(crate) fn of_kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// The distance from search words, ignoring case; `None` if one of them is not found. The words may be joined or
    /// torn apart, and if `is_tolerant`, mistyped.
    fn distance(&self, words: &str, is_tolerant: bool) -> Option<usize> {
        let words = words.to_lowercase();
        let word = |letters| self.word(letters, is_tolerant);
        let apart: Option<usize> = words.split_whitespace().map(word).sum();
        let joined: String = words.split_whitespace().collect();
        let together = if joined.len() < words.trim().len() {
            word(&joined).map(|distance| distance + 1)
        } else {
            None
        };
        [apart, together].into_iter().flatten().min()
    }

    /// The distance from one search word.
    fn word(&self, letters: &str, is_tolerant: bool) -> Option<usize> {
        let found = |among: &[SearchWord]| {
            let distances = among.iter().filter_map(|word| beginning(word, letters));
            distances.min()
        };
        let spelled = found(&self.words)
            .or_else(|| found(&self.synonyms).map(|distance| distance + SYNONYM))
            .or_else(|| self.text.contains(letters).then_some(INSIDE));
        if spelled.is_some() || !is_tolerant {
            return spelled;
        }
        let mistyped = |among: &[SearchWord]| {
            let distances = among.iter().filter_map(|word| mistyped(word, letters));
            distances.min()
        };
        let synonym = mistyped(&self.synonyms).map(|distance| distance + SYNONYM);
        mistyped(&self.words).into_iter().chain(synonym).min()
    }
}

/// The indices of the texts that have all search words, the nearest first. Mistyped words are looked for if fewer than
/// `ENOUGH` texts have the words as they are.
pub(crate) fn search<'a>(
    texts: impl IntoIterator<Item = &'a SearchText>,
    words: &str,
) -> Vec<usize> {
    let texts: Vec<&SearchText> = texts.into_iter().collect();
    let found = |is_tolerant| {
        let distances = texts.iter().enumerate().filter_map(|(index, text)| {
            let distance = text.distance(words, is_tolerant)?;
            Some((distance, index))
        });
        distances.collect::<Vec<(usize, usize)>>()
    };
    let kinds: Vec<&str> = texts.iter().map(|text| text.kind).collect();
    let mut all = found(false);
    let is_near = |it: &&(usize, usize)| it.0 < MISTYPED;
    let near = || all.iter().filter(is_near).map(|(_, index)| kinds[*index]);
    let has_two_kinds = near().any(|kind| Some(kind) != near().next() || kind.is_empty());
    if near().count() < ENOUGH || !has_two_kinds {
        all = found(true);
    }
    all.sort_unstable();
    let mut all: Vec<usize> = all.into_iter().map(|(_, index)| index).collect();
    // the last of the first rows is of another kind than many equal ones
    let first = all.first().map(|index| kinds[*index]);
    let other = all.iter().position(|index| Some(kinds[*index]) != first);
    if let Some(other) = other.filter(|other| *other >= ENOUGH && first != Some("")) {
        let other = all.remove(other);
        all.insert(ENOUGH - 1, other);
    }
    all
}

/// The words of a text, and its neighboring words written as one.
fn words_of(text: &str) -> Vec<SearchWord> {
    let plain = text.split(|letter: char| !letter.is_alphanumeric());
    let plain: Vec<&str> = plain.filter(|word| !word.is_empty()).collect();
    let mut words = Vec::new();
    for count in 1..=MOST_JOINED.min(plain.len()) {
        words.extend(plain.windows(count).map(|parts| SearchWord {
            letters: parts.concat(),
            is_joined: count > 1,
        }));
    }
    words
}

/// The cost of letters that are the word or begin it.
fn beginning(word: &SearchWord, letters: &str) -> Option<usize> {
    let rest = word.letters.strip_prefix(letters)?;
    Some(match (rest.is_empty(), word.is_joined) {
        (true, false) => WHOLE,
        (true, true) => JOINED,
        (false, false) => BEGINNING,
        (false, true) => JOINED_BEGINNING,
    })
}

/// The cost of letters with an error: one that is missing, too many, wrong or swapped with its neighbor in a word or its
/// beginning; `None` if there are more errors. Letters that stand for a whole word come first.
fn mistyped(word: &SearchWord, letters: &str) -> Option<usize> {
    let count = letters.chars().count();
    let word = &word.letters;
    if count < 2 || !shares_a_beginning(word, letters) {
        return None;
    }
    let length = word.chars().count();
    let short = |length: usize| if length < LONG { SHORT } else { 0 };
    if length.abs_diff(count) <= 1 && osa_distance(word, letters) <= 1 {
        return Some(MISTYPED + short(length));
    }
    let beginnings = (count - 1..=count + 1).filter(|part| *part < length);
    let near = beginnings.filter(|part| {
        let beginning: String = word.chars().take(*part).collect();
        osa_distance(&beginning, letters) <= 1
    });
    near.map(|part| MISTYPED + BEGINNING + short(part)).min()
}

/// True if one of the first two letters of a word is one of the first two typed ones: with a single error it must be.
fn shares_a_beginning(word: &str, letters: &str) -> bool {
    let first: Vec<char> = letters.chars().take(2).collect();
    word.chars().take(2).any(|letter| first.contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_occur_and_whole_words_come_first() {
        let text = SearchText::new("Add method: AID-CG", "algorithm");
        for words in ["", "  ", "aid", "cg ADD", "method aid"] {
            assert_eq!(text.distance(words, false), Some(WHOLE), "{words:?}");
        }
        assert_eq!(text.distance("add bome", true), None);
        assert_eq!(text.distance("meth ai", false), Some(2 * BEGINNING));
        assert_eq!(text.distance("dd", false), Some(INSIDE));
        assert_eq!(text.distance("algo aid", false), Some(SYNONYM + BEGINNING));
        assert_eq!(text.distance("algorithm", false), Some(SYNONYM));
        let inside = text.distance("gorithm", true);
        assert_eq!(inside, None, "synonyms are found from their beginning only");
    }

    #[test]
    fn words_may_be_joined_torn_apart_and_mistyped() {
        let text = SearchText::new("Full screen", "maximize");
        for (words, expected) in [
            ("fullscreen", Some(JOINED)),
            ("full-screen", Some(MISTYPED)),
            ("ful lscreen", Some(JOINED + 1)),
            ("fulscreen", Some(MISTYPED)),
            ("fullscrene", Some(MISTYPED)),
            ("fulscr", Some(MISTYPED + BEGINNING)),
            ("fukk", None),
            ("xull", Some(MISTYPED)),
            ("mxaimize", Some(MISTYPED + SYNONYM)),
        ] {
            assert_eq!(text.distance(words, true), expected, "{words}");
            let spelled = expected.filter(|distance| *distance < MISTYPED);
            assert_eq!(text.distance(words, false), spelled, "{words}");
        }
    }

    #[test]
    fn mistyped_words_are_looked_for_where_few_texts_have_them() {
        let texts = ["theme", "the mean", "them"].map(|text| SearchText::new(text, ""));
        assert_eq!(search(texts.iter(), "them"), [2, 0, 1]);
        assert_eq!(search(texts.iter(), "thme"), [0, 2, 1]);
        assert_eq!(search(texts.iter(), ""), [0, 1, 2]);
    }
}
