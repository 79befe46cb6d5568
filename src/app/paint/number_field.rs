//! Fields for numbers, typed as people write them: `0,01`, `1/3`, `1e-3`, `−2`.

use std::ops::RangeInclusive;

use bilevel_figure::fixed;
use egui::emath::Numeric;
use egui::{Context, DragValue, Id};

use super::widgets::short;
use crate::app::messages;

/// The key of the last remark, in egui's memory.
const REMARK: &str = "remark of a number field";

/// A remark on the last text that was typed into a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FieldRemark {
    /// The field could not read the text.
    Unread(String),
    /// The text is a number outside of the range, and the field took the nearest number inside.
    Clamped {
        /// The text.
        text: String,
        /// The end of the range that was taken.
        nearest: f64,
    },
}

impl FieldRemark {
    /// The remark in words.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Unread(text) if is_ambiguous(text) => messages::status::ambiguous_number(text),
            Self::Unread(text) => messages::status::no_number(text),
            Self::Clamped { text, nearest } => {
                messages::status::number_beyond_range(text, *nearest)
            }
        }
    }
}

/// A field that reads fractions, decimal commas and typographic signs. A remark on what it cannot read is kept for
/// [`take_remark`].
pub(crate) fn number_field<'a, N: Numeric>(ctx: &Context, value: &'a mut N) -> DragValue<'a> {
    field(ctx, value, [f64::NEG_INFINITY, f64::INFINITY])
}

/// A field as [`number_field`] with a range; a remark on a typed number outside of it is kept, too.
pub(crate) fn ranged_field<'a, N: Numeric>(
    ctx: &Context,
    value: &'a mut N,
    range: RangeInclusive<N>,
) -> DragValue<'a> {
    let ends = [range.start().to_f64(), range.end().to_f64()];
    field(ctx, value, ends).range(range)
}

/// A field as [`ranged_field`] for a whole number, whose digits are in groups of three: `2,000`.
pub(crate) fn count_field<'a, N: Numeric>(
    ctx: &Context,
    value: &'a mut N,
    range: RangeInclusive<N>,
) -> DragValue<'a> {
    let ends = [range.start().to_f64(), range.end().to_f64()];
    let field = read_field(ctx, value, (ends, read_count));
    let field = field.range(range).fixed_decimals(0);
    field.custom_formatter(|value, _| whole(value))
}

/// The longest number with groups that a narrow field has room for.
const LONGEST: usize = 9;

/// A whole number with its digits in groups of three, or short if it is long.
pub(crate) fn whole(value: f64) -> String {
    let grouped = fixed(value, 0);
    if grouped.chars().count() > LONGEST {
        return short(value);
    }
    grouped
}

fn field<'a, N: Numeric>(ctx: &Context, value: &'a mut N, ends: [f64; 2]) -> DragValue<'a> {
    read_field(ctx, value, (ends, read_number))
}

/// The number in a text; `None` if there is none.
type Reader = fn(&str) -> Option<f64>;

/// A field with the ends of its range and the reader of its text.
fn read_field<'a, N: Numeric>(
    ctx: &Context,
    value: &'a mut N,
    ([low, high], read): ([f64; 2], Reader),
) -> DragValue<'a> {
    let ctx = ctx.clone();
    DragValue::new(value).custom_parser(move |text| {
        let number = read(text);
        let text = text.to_owned();
        let remark = match number {
            None => Some(FieldRemark::Unread(text)),
            Some(number) if low <= number && number <= high => None,
            Some(number) => Some(FieldRemark::Clamped {
                text,
                nearest: number.clamp(low, high),
            }),
        };
        ctx.data_mut(|data| data.insert_temp(Id::unique(REMARK), remark));
        number
    })
}

/// Removes and returns the remark on the last text of a field, once no field is being typed in.
pub(crate) fn take_remark(ctx: &Context) -> Option<FieldRemark> {
    if ctx.text_edit_focused() {
        return None;
    }
    let remark = ctx.data_mut(|data| data.remove_temp::<Option<FieldRemark>>(Id::unique(REMARK)));
    remark.flatten().filter(|remark| match remark {
        FieldRemark::Unread(text) | FieldRemark::Clamped { text, .. } => !text.trim().is_empty(),
    })
}

/// The number of a text; `None` if it is none.
fn read_number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '−' | '–' => '-',
            '·' | '×' => '*',
            other => other,
        })
        .collect();
    let number = match plain.split_once('/') {
        Some((above, below)) => decimal(above)? / decimal(below)?,
        None => match plain.split_once("*10^") {
            Some((factor, exponent)) => decimal(factor)? * 10_f64.powf(decimal(exponent)?),
            None => decimal(&plain)?,
        },
    };
    number.is_finite().then_some(number)
}

/// The number of a text in a field for whole numbers: a comma before three digits parts groups.
fn read_count(text: &str) -> Option<f64> {
    if is_ambiguous(text) {
        return read_number(&text.replace(',', ""));
    }
    read_number(text)
}

/// A number with a decimal point or comma. A single comma before three digits is no number: it may be either.
fn decimal(text: &str) -> Option<f64> {
    if is_ambiguous(text) {
        return None;
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    // the last separator is that of decimals, unless it occurs again
    let (whole, fraction) = match mantissa.rfind([',', '.']) {
        Some(at) if mantissa.matches(&mantissa[at..=at]).count() == 1 => {
            (&mantissa[..at], &mantissa[at + 1..])
        }
        _ => (mantissa, ""),
    };
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    let are_thousands = groups[1..].iter().all(|group| group.len() == 3);
    let plain = format!("{}.{fraction}{exponent}", groups.concat());
    let is_plain = plain
        .chars()
        .all(|it| it.is_ascii_digit() || "+-.eE".contains(it));
    if is_plain && are_thousands {
        plain.parse().ok()
    } else {
        None
    }
}

/// True for a number such as 2,125, which may be 2.125 or 2125.
fn is_ambiguous(text: &str) -> bool {
    let text = text.trim();
    let Some((before, after)) = text.split_once(',') else {
        return false;
    };
    let before = before.trim_start_matches(['-', '+', '−']);
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
    is_number(before) && before != "0" && after.len() == 3 && is_number(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0,01", 0.01),
            ("0,001", 0.001),
            ("-2,5", -2.5),
            ("1.000,5", 1000.5),
            ("0,125", 0.125),
            ("1/3", 1.0 / 3.0),
            ("1e-3", 1e-3),
            ("−2", -2.0),
            (" 1 000 ", 1000.0),
            ("1,000,000", 1e6),
            ("1,000.5", 1000.5),
            ("2·10^−3", 2e-3),
            ("-1/4", -0.25),
            ("+5", 5.0),
        ] {
            let read = read_number(text).expect("it is a number");
            assert!(
                (read - expected).abs() <= 1e-12 * expected.abs(),
                "{text}: {read}"
            );
        }
        assert_eq!(read_count("2,125"), Some(2125.0));
        assert_eq!(read_count("31250"), Some(31_250.0));
        assert_eq!(read_count("1,000,000"), Some(1e6));
        assert_eq!(read_count(&whole(2000.0)), Some(2000.0));
        assert_eq!(read_count("x"), None);
        assert!(is_ambiguous("2,125") && is_ambiguous("-1,000"));
        assert!(!is_ambiguous("0,125") && !is_ambiguous("1,25") && !is_ambiguous("1,000,000"));
        for text in [
            "2,125",
            "1.2.3,4,5",
            "",
            "x",
            "1/0",
            "1/",
            "NaN",
            "inf",
            "1..2",
            "1/2/3",
            "0x10",
        ] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }
}
