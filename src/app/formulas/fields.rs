//! The fields of the formula editor: a draft as texts, and errors with the characters and the field that they concern.

use std::ops::Range;

use crate::app::messages;
use bilevel::data::{TableConstant, TablePreparation};
use bilevel::formula::{Constant, Draft, FormulaError, FormulaPart, LevelDraft, Model, limits};

/// A field of the editor; levels, constants and definitions are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// No field in particular.
    Whole,
    Variables(usize),
    Bounds(usize),
    Objective(usize),
    Start(usize),
    Range(usize),
    ConstantName(usize),
    ConstantRange(usize),
    Table(usize),
    DefinedName(usize),
    Definition(usize),
}

/// An error in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) spot: Spot,
    /// The range of its wrong characters, counted from 0.
    pub(crate) span: Range<usize>,
    pub(crate) words: String,
}

/// A level as texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LevelFields {
    /// Names, separated by commas.
    pub(crate) variables: String,
    /// Pairs, one for each name or one for all names.
    pub(crate) bounds: String,
    pub(crate) objective: String,
    /// Numbers, one for each entry of a variable or one for all; empty for an automatic start.
    pub(crate) start: String,
    /// Pairs, as in the bounds; empty for an automatic range.
    pub(crate) range: String,
}

/// A constant as texts; one without a range has no slider.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConstantFields {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) range: String,
}

/// A definition as texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DefinitionFields {
    pub(crate) name: String,
    pub(crate) formula: String,
}

/// All fields of the editor.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    pub(crate) levels: Vec<LevelFields>,
    pub(crate) constants: Vec<ConstantFields>,
    /// Constants that hold columns of tables, which are shown but not typed here.
    pub(crate) tables: Vec<(String, TableConstant)>,
    /// The preparation of these tables.
    pub(crate) preparation: TablePreparation,
    pub(crate) definitions: Vec<DefinitionFields>,
}

impl ConstantFields {
    /// True if the value is in the range, or the range cannot be read.
    fn is_within(&self) -> bool {
        let range = pairs(&self.range).ok();
        let range = range.and_then(|range| range.first().copied());
        range.is_none_or(|[low, high]| {
            low.is_finite() && high.is_finite() && low <= self.value && self.value <= high
        })
    }

    /// The range of the constant's slider, if it has one.
    pub(crate) fn slider(&self) -> Option<[f64; 2]> {
        let range = pairs(&self.range).ok()?.first().copied();
        range.filter(|[low, high]| low.is_finite() && high.is_finite() && low < high)
    }
}

impl Fields {
    /// The fields that show a draft.
    pub(crate) fn of(draft: &Draft) -> Self {
        let level = |level: &LevelDraft| LevelFields {
            variables: level.variables.join(", "),
            bounds: pairs_text(&level.bounds),
            objective: level.objective.clone(),
            start: written_numbers(&level.start),
            range: pairs_text(&level.range),
        };
        let constant = |(name, constant): &(String, Constant)| ConstantFields {
            name: name.clone(),
            value: constant.value,
            range: pairs_text(constant.range.as_slice()),
        };
        let definition = |(name, formula): &(String, String)| DefinitionFields {
            name: name.clone(),
            formula: formula.clone(),
        };
        Self {
            levels: draft.levels.iter().map(level).collect(),
            constants: draft.constants.iter().map(constant).collect(),
            tables: draft.tables.clone(),
            preparation: draft.preparation,
            definitions: draft.definitions.iter().map(definition).collect(),
        }
    }

    /// Reads the problem from the fields.
    ///
    /// # Errors
    /// If the fields are no valid problem, with the errors that are not consequences of others.
    pub(crate) fn read(&self) -> Result<Model, Vec<FieldError>> {
        let mut notes = Vec::new();
        let draft = self.draft(&mut notes);
        let model = Model::parse(draft).map_err(|troubles| {
            let causes = troubles.iter().filter(|trouble| !trouble.is_consequence);
            notes.extend(causes.map(|trouble| self.note(trouble)));
        });
        match model {
            Ok(model) if notes.is_empty() => Ok(model),
            _ => Err(notes),
        }
    }

    /// Sets constants to their values in a draft.
    pub(crate) fn take_values(&mut self, draft: &Draft) {
        for fields in &mut self.constants {
            let mut known = draft.constants.iter();
            if let Some((_, constant)) = known.find(|(name, _)| *name == fields.name) {
                fields.value = constant.value;
            }
        }
    }

    fn draft(&self, notes: &mut Vec<FieldError>) -> Draft {
        let mut note = |spot: Spot, (span, words)| notes.push(FieldError { spot, span, words });
        let levels = self.levels.iter().enumerate().map(|(number, level)| {
            let variables: Vec<String> = pieces(&level.variables)
                .map(|(_, name)| name.to_owned())
                .collect();
            let names = variables.len();
            let entries: usize = variables.iter().map(|name| entries(name)).sum();
            let mut or_none = |read, spot| match read {
                Ok(values) => for_all(values, names),
                Err(wrong) => {
                    note(spot, wrong);
                    Vec::new()
                }
            };
            let bounds = or_none(pairs(&level.bounds), Spot::Bounds(number));
            let range = or_none(pairs(&level.range), Spot::Range(number));
            let start = match numbers(&level.start, messages::formulas::form_of_start()) {
                Ok(values) => for_all(values, entries),
                Err(wrong) => {
                    note(Spot::Start(number), wrong);
                    Vec::new()
                }
            };
            LevelDraft {
                objective: level.objective.clone(),
                variables,
                bounds,
                start,
                range,
            }
        });
        let levels = levels.collect();
        let constants = self.constants.iter().enumerate().map(|(number, fields)| {
            let range = pairs(&fields.range).unwrap_or_else(|(span, words)| {
                let spot = Spot::ConstantRange(number);
                notes.push(FieldError { spot, span, words });
                Vec::new()
            });
            let constant = Constant {
                value: fields.value,
                range: range.first().copied(),
            };
            (fields.name.trim().to_owned(), constant)
        });
        Draft {
            levels,
            constants: constants.collect(),
            tables: self.tables.clone(),
            preparation: if self.tables.is_empty() {
                // no table is left to prepare
                TablePreparation::default()
            } else {
                self.preparation
            },
            definitions: self
                .definitions
                .iter()
                .map(|fields| (fields.name.trim().to_owned(), fields.formula.clone()))
                .collect(),
        }
    }

    /// The range of all characters of a level's text; levels count from 1.
    fn whole(&self, level: usize, text: impl Fn(&LevelFields) -> &String) -> Range<usize> {
        let fields = self.levels.get(level - 1);
        0..fields.map_or(0, |fields| text(fields).chars().count())
    }

    /// Converts a formula error to an error of the field that it concerns.
    fn note(&self, trouble: &FormulaError) -> FieldError {
        let mut span = trouble.span.clone();
        let spot = match trouble.place {
            FormulaPart::Whole | FormulaPart::Preparation(_) => Spot::Whole,
            FormulaPart::TableName(number)
            | FormulaPart::Table(number)
            | FormulaPart::Column(number, _) => Spot::Table(number),
            FormulaPart::Variable(level, number) => {
                let text = self.levels.get(level - 1).map(|level| &level.variables);
                let begin = text.and_then(|text| pieces(text).nth(number));
                let begin = begin.map_or(0, |(begin, _)| begin);
                span = begin + span.start..begin + span.end;
                Spot::Variables(level - 1)
            }
            FormulaPart::Bounds(level) => {
                span = self.whole(level, |level| &level.bounds);
                Spot::Bounds(level - 1)
            }
            FormulaPart::Start(level) => {
                span = self.whole(level, |level| &level.start);
                Spot::Start(level - 1)
            }
            FormulaPart::Range(level) => {
                span = self.whole(level, |level| &level.range);
                Spot::Range(level - 1)
            }
            FormulaPart::Objective(level) => Spot::Objective(level - 1),
            FormulaPart::ConstantName(number) => Spot::ConstantName(number),
            FormulaPart::Constant(number) => {
                let fields = self.constants.get(number);
                let range = fields.map_or("", |fields| &fields.range);
                // a value that does not fit its range is an error of the range
                if fields.is_none_or(ConstantFields::is_within) {
                    Spot::ConstantName(number)
                } else {
                    span = 0..range.chars().count();
                    Spot::ConstantRange(number)
                }
            }
            FormulaPart::DefinedName(number) => Spot::DefinedName(number),
            FormulaPart::Definition(number) => Spot::Definition(number),
        };
        FieldError {
            spot,
            span,
            words: trouble.to_string(),
        }
    }
}

/// True if two drafts differ at most in the values of their constants.
pub(crate) fn differ_in_values_only(one: &Draft, other: &Draft) -> bool {
    let mut moved = one.clone();
    for ((name, constant), (known, value)) in moved.constants.iter_mut().zip(&other.constants) {
        if name == known {
            constant.value = value.value;
        }
    }
    moved == *other
}

/// Repeats a single value for all entries.
fn for_all<T: Copy>(values: Vec<T>, count: usize) -> Vec<T> {
    match values[..] {
        [only] => vec![only; count.clamp(1, limits::MOST_VARIABLES)],
        _ => values,
    }
}

/// The names between commas, trimmed, with the position of each in characters; none in an empty text.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    let all = text.split(',').map(move |piece| {
        let blank = piece.len() - piece.trim_start().len();
        let begin = next + piece[..blank].chars().count();
        next += piece.chars().count() + 1;
        (begin, piece.trim())
    });
    let is_empty = text.trim().is_empty();
    all.skip(usize::from(is_empty))
}

/// The number of entries of a variable; 1 if it cannot be read.
fn entries(name: &str) -> usize {
    let inside = name.split_once('[').map(|(_, size)| size.trim());
    let size = inside.and_then(|size| size.trim_end_matches(']').trim().parse().ok());
    size.unwrap_or(1)
}

/// Values as they are typed; equal values are written once.
fn once<T: PartialEq>(values: &[T], write: impl Fn(&T) -> String) -> String {
    let are_same = values.windows(2).all(|two| two[0] == two[1]);
    let few = if are_same {
        &values[..values.len().min(1)]
    } else {
        values
    };
    let words: Vec<String> = few.iter().map(write).collect();
    words.join(", ")
}

fn pairs_text(pairs: &[[f64; 2]]) -> String {
    once(pairs, |[low, high]| format!("[{low}, {high}]"))
}

fn written_numbers(numbers: &[f64]) -> String {
    once(numbers, ToString::to_string)
}

/// The wrong characters, and the message.
type Slip = (Range<usize>, String);

/// Reads pairs of numbers, written `[-4, 4], [0, inf]`; the brackets may be left out.
fn pairs(text: &str) -> Result<Vec<[f64; 2]>, Slip> {
    let numbers = numbers(text, messages::formulas::form_of_pairs())?;
    if numbers.len() % 2 == 1 {
        let words = messages::formulas::half_a_pair().to_owned();
        return Err((0..text.chars().count(), words));
    }
    Ok(numbers.as_chunks::<2>().0.to_vec())
}

/// Reads numbers separated by brackets, commas or space; `advice` is the error message about the notation.
fn numbers(text: &str, advice: &str) -> Result<Vec<f64>, Slip> {
    let characters: Vec<char> = text.chars().collect();
    let is_between = |one: char| one.is_whitespace() || "[](),;".contains(one);
    let mut numbers = Vec::new();
    let mut at = 0;
    for word in characters.split(|one| is_between(*one)) {
        let span = at..at + word.len();
        at = span.end + 1;
        if word.is_empty() {
            continue;
        }
        let word: String = word.iter().collect();
        let number = word
            .replace('−', "-")
            .replace('∞', "inf")
            .parse::<f64>()
            .ok();
        let Some(number) = number.filter(|number| !number.is_nan()) else {
            let words = messages::formulas::no_number(&word, advice);
            return Err((span, words));
        };
        numbers.push(number);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::data::{ColumnChoice, ConstantColumns, DataTable, RowPart};
    use bilevel::problem::{PROBLEMS, example};

    #[test]
    fn every_example_comes_back_from_its_fields_as_it_was() {
        let mut count = 0;
        for draft in PROBLEMS.iter().filter_map(example) {
            let model = Fields::of(&draft).read().expect("an example is right");
            assert_eq!(*model.draft(), draft);
            count += 1;
        }
        assert!(count > 20, "{count}");
    }

    #[test]
    fn columns_of_tables_stay_while_formulas_are_typed() {
        let constant = |columns| TableConstant {
            table: DataTable::shipped("diabetes").expect("it ships"),
            columns,
            rows: RowPart::Train,
        };
        let target = ConstantColumns::One(ColumnChoice::Name("target".to_owned()));
        let mut draft = Model::starter().draft().clone();
        draft.tables = vec![
            ("A".to_owned(), constant(ConstantColumns::Others)),
            ("b".to_owned(), constant(target)),
        ];
        draft.preparation.sizes[0] = Some(0.5);
        draft.levels[0].objective = "x^2 + sum(i, 1, rows(A), (A[i, 1]*y - b[i])^2)".to_owned();
        let mut fields = Fields::of(&draft);
        let model = fields.read().expect("it is right");
        assert_eq!(*model.draft(), draft);
        // without one of the columns that formulas name
        fields.tables.pop();
        let notes = fields.read().expect_err("b is unknown");
        assert!(notes.iter().any(|note| note.words.contains("`b`")));
        // without any table nothing is left to prepare
        fields.tables.clear();
        fields.levels[0].objective = "x^2 + y".to_owned();
        let model = fields.read().expect("it is right");
        assert_eq!(model.draft().preparation, TablePreparation::default());
        // an error of a table is beside its row
        fields.tables = vec![("x".to_owned(), constant(ConstantColumns::Others))];
        let notes = fields.read().expect_err("x is a variable");
        assert_eq!(notes[0].spot, Spot::Table(0));
    }

    #[test]
    fn a_note_is_on_the_characters_of_its_field() {
        let mut fields = Fields::of(Model::starter().draft());
        fields.levels[0].variables = "x,  2w ,z".to_owned();
        fields.levels[1].bounds = "[0, many]".to_owned();
        let notes = fields.read().expect_err("both are wrong");
        let of = |spot: Spot| notes.iter().find(|note| note.spot == spot);
        let variables = of(Spot::Variables(0)).expect("2w is no name");
        assert!(variables.span.start >= 4 && variables.span.end <= 6);
        let bounds = of(Spot::Bounds(1)).expect("many is no number");
        assert_eq!(bounds.span, 4..8);
        assert!(bounds.words.contains("`many`"), "{}", bounds.words);
    }

    #[test]
    fn bounds_are_pairs_of_numbers_with_brackets_or_without() {
        let inf = f64::INFINITY;
        assert_eq!(pairs("").expect("none"), [[0.0; 2]; 0]);
        assert_eq!(pairs("[-4, 4]").expect("one"), [[-4.0, 4.0]]);
        assert_eq!(
            pairs("−1 2, [0, inf]").expect("two"),
            [[-1.0, 2.0], [0.0, inf]]
        );
        assert_eq!(pairs("[-inf, 1e3]").expect("one"), [[-inf, 1e3]]);
        assert_eq!(pairs("[1, 2], 3").expect_err("one and a half").0, 0..9);
        assert!(pairs("[nan, 2]").is_err());
    }

    #[test]
    fn one_pair_or_number_serves_all_variables_and_more_must_be_one_each() {
        let mut draft = Model::starter().draft().clone();
        draft.levels[0].start = vec![2.0];
        draft.levels[0].range = vec![[-1.0, 3.0]];
        let mut fields = Fields::of(&draft);
        fields.levels[0].variables = "x, w[2]".to_owned();
        let model = fields.read().expect("it is right");
        assert_eq!(model.draft().levels[0].bounds, [[-4.0, 4.0]; 2]);
        assert_eq!(model.draft().levels[0].range, [[-1.0, 3.0]; 2]);
        assert_eq!(model.draft().levels[0].start, [2.0; 3]);
        fields.levels[0].variables = "x".to_owned();
        let model = fields.read().expect("it is right again");
        assert_eq!(*model.draft(), draft);
        fields.levels[0].start = "2, 1".to_owned();
        fields.levels[0].range = "[0, inf]".to_owned();
        let notes = fields.read().expect_err("x is one number");
        let spots: Vec<Spot> = notes.iter().map(|note| note.spot).collect();
        assert_eq!(spots, [Spot::Range(0), Spot::Start(0)]);
        assert_eq!([&notes[0].span, &notes[1].span], [&(0..8), &(0..4)]);
    }

    #[test]
    fn moving_a_slider_is_told_from_any_other_change() {
        let draft = Model::starter().draft();
        let mut moved = draft.clone();
        moved.constants[0].1.value = 1.5;
        assert!(differ_in_values_only(draft, &moved));
        moved.levels[0].objective.push_str(" + 1");
        assert!(!differ_in_values_only(draft, &moved));
    }
}
