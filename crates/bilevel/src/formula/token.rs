//! Splits characters into tokens.

use std::ops::Range;

use super::errors::SpanError;
use super::limits::{LONGEST_FORMULA, LONGEST_NAME};
use super::tree::Relation;
use crate::messages;

/// The smallest part of a formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number that is not negative.
    Number(f64),
    /// A name of any kind.
    Name(String),
    /// One of `+ - * / ^ ( ) [ ] ,`.
    Sign(char),
    /// A comparison.
    Relation(Relation),
}

impl Token {
    /// The token's name in errors.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Number(number) => messages::formula::the_number(*number),
            Self::Name(name) => messages::formula::quoted(name),
            Self::Sign(sign) => messages::formula::quoted(&sign.to_string()),
            Self::Relation(relation) => messages::formula::quoted(relation.sign()),
        }
    }
}

/// A token and its characters, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// True if a name may begin with the character: Latin letters without accents, and Greek ones.
pub(super) fn begins_name(character: char) -> bool {
    character.is_ascii_alphabetic()
        || (character.is_alphabetic() && ('\u{370}'..='\u{3ff}').contains(&character))
}

/// True if a name may continue with the character.
pub(super) fn continues_name(character: char) -> bool {
    begins_name(character) || character.is_ascii_digit() || character == '_'
}

/// Splits a formula into tokens.
///
/// # Errors
/// All characters that begin no token; of several that one sentence explains, the first.
pub(super) fn tokens(text: &str) -> Result<Vec<Spanned>, Vec<SpanError>> {
    // counting stops at the limit, however long the text is
    if let Some((byte, _)) = text.char_indices().nth(LONGEST_FORMULA) {
        let rest = text[byte..].chars().take(1).count();
        return Err(vec![SpanError::new(
            LONGEST_FORMULA..LONGEST_FORMULA + rest,
            messages::formula::formula_too_long(LONGEST_FORMULA),
        )]);
    }
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut errors: Vec<SpanError> = Vec::new();
    let mut place = 0;
    while let Some(&character) = characters.get(place) {
        if character.is_whitespace() {
            place += 1;
            continue;
        }
        match token(character, &characters[place..], place) {
            Ok((token, length)) => {
                let span = place..place + length;
                place = span.end;
                found.push(Spanned { token, span });
            }
            Err(error) => {
                let length = error.span.len().max(1);
                let instead = |error: &SpanError| {
                    messages::formula::sign_instead(characters[error.span.start])
                };
                let is_told = errors.iter().any(|other| {
                    let is_same = instead(&error).is_some() && instead(&error) == instead(other);
                    is_same || error.message == other.message
                });
                // characters beside each other are one mistake
                let is_beside = errors.last().is_some_and(|last| last.span.end == place);
                if is_beside && let Some(last) = errors.last_mut() {
                    last.span.end = place + length;
                } else if !is_told {
                    errors.push(error);
                }
                place += length;
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(errors)
    }
}

/// Reads the token at the beginning of the rest, with its length.
fn token(character: char, rest: &[char], place: usize) -> Result<(Token, usize), SpanError> {
    if begins_name(character) {
        name(rest, place)
    } else if character.is_ascii_digit() || character == '.' {
        number(rest, place)
    } else if let Some(found) = relation(rest) {
        Ok(found)
    } else if rest.starts_with(&['*', '*']) {
        let message = messages::formula::power_of_stars();
        Err(SpanError::new(place..place + 2, message))
    } else {
        Ok((Token::Sign(sign(character, place)?), 1))
    }
}

fn length_while(characters: &[char], holds: impl Fn(char) -> bool) -> usize {
    characters.iter().take_while(|&&one| holds(one)).count()
}

fn name(rest: &[char], place: usize) -> Result<(Token, usize), SpanError> {
    let length = length_while(rest, continues_name);
    if length > LONGEST_NAME {
        let message = messages::formula::name_too_long(LONGEST_NAME);
        return Err(SpanError::new(place..place + length, message));
    }
    Ok((Token::Name(rest[..length].iter().collect()), length))
}

/// Reads digits, a fraction and a power of ten; the last only if digits follow, so that `2e` is not half a number.
fn number(rest: &[char], place: usize) -> Result<(Token, usize), SpanError> {
    let digits =
        |from: usize| length_while(&rest[from.min(rest.len())..], |one| one.is_ascii_digit());
    let whole = digits(0);
    let mut length = whole;
    if rest.get(length) == Some(&'.') {
        let fraction = digits(length + 1);
        length += 1 + fraction;
        if whole + fraction == 0 {
            return Err(SpanError::expected(
                place..place + 1,
                messages::formula::digit_beside_the_point(),
                messages::formula::none(),
            ));
        }
    }
    if matches!(rest.get(length), Some('e' | 'E')) {
        let signed = usize::from(matches!(rest.get(length + 1), Some('+' | '-' | '−')));
        let power = digits(length + 1 + signed);
        if power > 0 {
            length += 1 + signed + power;
        }
    }
    let written: String = rest[..length].iter().collect();
    let span = place..place + length;
    match written.replace('−', "-").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((Token::Number(number), length)),
        _ => Err(SpanError::new(
            span,
            messages::formula::number_too_large(&shortened(&written)),
        )),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 20 {
        format!("{}…", text.chars().take(20).collect::<String>())
    } else {
        text.to_owned()
    }
}

/// Reads a comparison, if one is next.
fn relation(rest: &[char]) -> Option<(Token, usize)> {
    let (relation, length) = match rest {
        ['<', '=', ..] => (Relation::LessEqual, 2),
        ['>', '=', ..] => (Relation::GreaterEqual, 2),
        ['<', ..] => (Relation::Less, 1),
        ['>', ..] => (Relation::Greater, 1),
        ['≤', ..] => (Relation::LessEqual, 1),
        ['≥', ..] => (Relation::GreaterEqual, 1),
        _ => return None,
    };
    Some((Token::Relation(relation), length))
}

/// Reads a sign; typographic ones of formulas copied from a page are accepted.
fn sign(character: char, place: usize) -> Result<char, SpanError> {
    match character {
        '+' | '-' | '*' | '/' | '^' | '(' | ')' | '[' | ']' | ',' => Ok(character),
        '−' => Ok('-'),
        '·' | '×' | '⋅' => Ok('*'),
        _ => {
            if let Some(instead) = messages::formula::sign_instead(character) {
                let message = messages::formula::written_instead(character, instead);
                return Err(SpanError::new(place..place + 1, message));
            }
            let found = if character.is_control() {
                messages::formula::control_character().to_owned()
            } else {
                messages::formula::quoted(&character.to_string())
            };
            Err(SpanError::expected(
                place..place + 1,
                messages::formula::any_token(),
                &found,
            ))
        }
    }
}
