//! The layout of a table in a text: its separator, its line of names, its decimal mark and the lines that are no rows.
//!
//! Separators are a comma, a semicolon, a tab or blanks; the one that splits most lines alike into most numbers is
//! taken. The first line is one of names unless it has a number where other lines have numbers.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::messages;

/// A separator of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Semicolon,
    Tab,
    Blank,
}

impl Separator {
    const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Blank];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Blank => b' ',
        }
    }

    /// The separator in words, unless it is the usual one.
    pub(super) const fn remark(self) -> Option<&'static str> {
        match self {
            Self::Comma => None,
            Self::Semicolon => Some(messages::data::semicolons()),
            Self::Tab => Some(messages::data::tabs()),
            Self::Blank => Some(messages::data::blanks()),
        }
    }
}

/// The cells of a line, with its number.
#[derive(Debug)]
pub(super) struct TableLine {
    /// The line in the file, from 1.
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

/// The lines by which a separator is found.
const LOOKED_AT: usize = 100;

/// The lines of a text that are neither empty nor comments, and their separator.
///
/// `most` bounds the number of cells: reading ends with the line that exceeds it.
pub(super) fn lines_of(text: &str, most: usize) -> Result<(Separator, Vec<TableLine>), String> {
    // programs for spreadsheets may name the separator in a line before all others
    let named = text.lines().next().and_then(|line| {
        let sign = line.trim().strip_prefix("sep=")?;
        let separator = Separator::ALL.into_iter();
        separator
            .into_iter()
            .find(|one| sign == char::from(one.byte()).to_string())
    });
    let (text, skipped) = match named {
        Some(_) => (text.split_once('\n').map_or("", |(_, rest)| rest), 1),
        None => (text, 0),
    };
    let separator = named.unwrap_or_else(|| separator_of(text));
    let mut lines = split(text, separator, usize::MAX, most)?;
    for line in &mut lines {
        line.number += skipped;
    }
    Ok((separator, lines))
}

/// The separator that splits the first lines into cells of equal number and most of them numbers.
fn separator_of(text: &str) -> Separator {
    let score = |separator: Separator| {
        let lines = split(text, separator, LOOKED_AT, usize::MAX).unwrap_or_default();
        let widths = lines.iter().skip(1).map(|line| line.cells.len());
        let Some(width) = usual(widths) else {
            return 0.0;
        };
        if width < 2 {
            return 0.0;
        }
        let alike = lines.iter().filter(|line| line.cells.len() == width);
        let cells = || alike.clone().filter(|line| line.number > lines[0].number);
        let count: usize = cells().map(|line| line.cells.len()).sum();
        let is_number = |cell: &&String| {
            is_missing(cell)
                || plain_number(cell).is_some()
                || (separator != Separator::Comma && comma_number(cell).is_some())
        };
        let numbers: usize = cells()
            .map(|line| line.cells.iter().filter(is_number).count())
            .sum();
        let share = numbers as f64 / count.max(1) as f64;
        alike.count() as f64 / lines.len() as f64 * (0.1 + share)
    };
    let mut best = (0.0, Separator::Comma);
    for separator in Separator::ALL {
        let score = score(separator);
        if score > best.0 {
            best = (score, separator);
        }
    }
    best.1
}

/// The most frequent of some numbers.
fn usual(numbers: impl Iterator<Item = usize>) -> Option<usize> {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map(|run| run[0])
}

fn split(
    text: &str,
    separator: Separator,
    lines: usize,
    cells: usize,
) -> Result<Vec<TableLine>, String> {
    let mut found = Vec::new();
    let mut count = 0;
    let mut keep = |number, cells_of: Vec<String>| {
        count += cells_of.len();
        found.push(TableLine {
            number,
            cells: cells_of,
        });
        count <= cells && found.len() < lines
    };
    if separator == Separator::Blank {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if !keep(number as u64 + 1, words_of(line)) {
                break;
            }
        }
        return Ok(found);
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator.byte())
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| error.to_string())?
    {
        // a line of blanks
        if record.len() == 1 && record.get(0).is_some_and(str::is_empty) {
            continue;
        }
        let number = record.position().map_or(0, csv::Position::line);
        if !keep(number, record.iter().map(ToOwned::to_owned).collect()) {
            break;
        }
    }
    Ok(found)
}

/// The words of a line between blanks; quotes keep blanks within a word.
fn words_of(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let quote = rest
            .chars()
            .next()
            .filter(|first| *first == '"' || *first == '\'');
        let quoted = quote.and_then(|quote| rest[1..].split_once(quote));
        let (word, after) = match quoted {
            Some(parts) => parts,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// True for the words by which programs mark a missing number.
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 9] = ["", "?", "NA", "N/A", "NaN", "null", "None", "-", "."];
    WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The finite number that a cell has with a decimal point.
pub(super) fn plain_number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The finite number that a cell has with a decimal comma.
pub(super) fn comma_number(cell: &str) -> Option<f64> {
    let is_decimal = cell.matches(',').count() == 1 && !cell.contains('.');
    is_decimal
        .then(|| plain_number(&cell.replace(',', ".")))
        .flatten()
}

/// The mark between the whole and the fractional digits of all numbers: true for a comma. An error is a line in which
/// the mark changes.
pub(super) fn has_decimal_commas(
    separator: Separator,
    lines: &[TableLine],
) -> Result<bool, (u64, String)> {
    if separator == Separator::Comma {
        // a comma inside of a quoted number may as well part thousands
        return Ok(false);
    }
    let mut marks = [false; 2];
    for line in lines {
        for cell in &line.cells {
            let is_point = cell.contains('.') && plain_number(cell).is_some();
            marks[0] |= is_point;
            marks[1] |= comma_number(cell).is_some();
            if marks == [true; 2] {
                return Err((line.number, cell.clone()));
            }
        }
    }
    Ok(marks[1])
}

/// True if the first line has names: text above numbers, or the numbers 0, 1, 2, … of columns behind an empty cell.
pub(super) fn begins_with_names(lines: &[TableLine], number: impl Fn(&str) -> Option<f64>) -> bool {
    let Some((first, rest)) = lines.split_first() else {
        return false;
    };
    let kind = |column: usize| {
        let cells = || rest.iter().filter_map(|line| line.cells.get(column));
        let given = cells().filter(|cell| !is_missing(cell)).count();
        let numbers = cells().filter(|cell| number(cell).is_some()).count();
        numbers > 0 && 2 * numbers >= given
    };
    let (mut has_columns, mut has_text_above) = (false, false);
    for (column, cell) in first.cells.iter().enumerate() {
        if kind(column) {
            has_columns = true;
            has_text_above |= number(cell).is_none() && !is_missing(cell);
        }
    }
    let counts = |from: f64| {
        let after = first.cells.get(1..).unwrap_or_default();
        let mut expected = (0..after.len()).map(|place| place as f64 + from);
        after.iter().all(|cell| number(cell) == expected.next())
    };
    let is_counted = first.cells.len() > 2
        && first.cells.first().is_some_and(String::is_empty)
        && (counts(0.0) || counts(1.0));
    has_text_above || !has_columns || is_counted
}
