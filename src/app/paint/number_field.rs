//! Fields for numbers, typed as people write them: `0,01`, `1/3`, `1e-3`, `−2`.
//!
//! A field shows a short number. While it is typed in, it shows the number in full, so that a visit changes nothing.

use std::cell::Cell;
use std::ops::RangeInclusive;

use bilevel_figure::fixed;
use egui::emath::Numeric;
use egui::{Context, DragValue, Id, Response, Tooltip, Ui, Widget, vec2};

use super::theme::{SMALL, roles_of};
use super::widgets::{rich_paragraph, select_whole, short};
use crate::app::messages;

/// The key of the last remark, in egui's memory.
const REMARK: &str = "remark of a number field";
/// The key of the remark that stands beside its field.
const SHOWN: &str = "remark beside a number field";
/// The time for which a remark stands, and that in which no key takes it away, in seconds.
const STANDS: f64 = 8.0;
const STAYS: f64 = 0.5;
/// The width of a remark beside a field.
const WIDTH: f32 = 240.0;

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

    /// The remark on a text that was read as a number, in a range; `None` for a number within it.
    fn on(text: &str, number: Option<f64>, [low, high]: [f64; 2]) -> Option<Self> {
        let text = text.to_owned();
        match number {
            None => Some(Self::Unread(text)),
            Some(number) if low <= number && number <= high => None,
            Some(number) => Some(Self::Clamped {
                text,
                nearest: number.clamp(low, high),
            }),
        }
    }
}

/// The remark that stands beside a field, and the time since which it does.
#[derive(Clone, Debug)]
struct ShownRemark {
    field: Id,
    words: String,
    since: f64,
}

/// The field of a number. Its owner is changed by an edited text, a drag or an arrow key, and by nothing else.
pub(crate) struct NumberField<'a, N> {
    value: &'a mut N,
    ends: [f64; 2],
    read: Reader,
    /// The text of a number that is not being typed; `None` for the usual one, with decimals that suit the speed.
    shown: Option<fn(f64) -> String>,
    /// The text of a number that is being typed.
    full: fn(f64) -> String,
    speed: f64,
    most_decimals: Option<usize>,
    unit: String,
}

/// A field that reads fractions, decimal commas and typographic signs. A remark on what it cannot read is shown beside
/// it and kept for [`take_remark`].
pub(crate) fn number_field<N: Numeric>(value: &mut N) -> NumberField<'_, N> {
    NumberField {
        value,
        ends: [f64::NEG_INFINITY, f64::INFINITY],
        read: read_number,
        shown: None,
        full: whole_text::<N>,
        speed: 1.0,
        most_decimals: N::INTEGRAL.then_some(0),
        unit: String::new(),
    }
}

/// A field as [`number_field`] with a range; a remark on a typed number outside of it is shown and kept, too.
pub(crate) fn ranged_field<N: Numeric>(
    value: &mut N,
    range: RangeInclusive<N>,
) -> NumberField<'_, N> {
    NumberField {
        ends: [range.start().to_f64(), range.end().to_f64()],
        ..number_field(value)
    }
}

/// A field as [`ranged_field`] for a whole number, whose digits are in groups of three: `2,000`.
pub(crate) fn count_field<N: Numeric>(
    value: &mut N,
    range: RangeInclusive<N>,
) -> NumberField<'_, N> {
    NumberField {
        read: read_count,
        shown: Some(whole),
        full: |value| fixed(value, 0),
        most_decimals: Some(0),
        ..ranged_field(value, range)
    }
}

impl<N: Numeric> NumberField<'_, N> {
    /// Sets the change of the number for a point of a drag.
    pub(crate) fn speed(self, speed: f64) -> Self {
        Self { speed, ..self }
    }

    /// Sets the most decimals that are shown.
    pub(crate) fn max_decimals(self, most: usize) -> Self {
        let most_decimals = Some(most);
        Self {
            most_decimals,
            ..self
        }
    }

    /// Sets the text of a number that is not being typed.
    pub(crate) fn shown_as(self, shown: fn(f64) -> String) -> Self {
        let shown = Some(shown);
        Self { shown, ..self }
    }

    /// Sets the words after the number.
    pub(crate) fn suffix(self, unit: String) -> Self {
        Self { unit, ..self }
    }
}

impl<N: Numeric> Widget for NumberField<'_, N> {
    fn ui(self, ui: &mut Ui) -> Response {
        let ctx = ui.ctx().clone();
        // that of the field below: it is the next widget
        let id = ui.next_auto_id();
        let Self { value, ends, .. } = self;
        let before = value.to_f64();
        let unedited = (self.full)(before);
        let is_unedited = Cell::new(false);
        let read = |text: &str| {
            is_unedited.set(text == unedited);
            if text == unedited {
                keep_remark(&ctx, id, None);
                return Some(before);
            }
            let number = (self.read)(text);
            keep_remark(&ctx, id, FieldRemark::on(text, number, ends));
            number
        };
        let change = |new: Option<f64>| {
            // a number beyond the range, or of more digits than a float has, stays as it is, too
            if let Some(new) = new.filter(|_| !is_unedited.take()) {
                *value = N::from_f64(new);
            }
            value.to_f64()
        };
        let mut field = DragValue::from_get_set(change)
            .speed(self.speed)
            .range(ends[0]..=ends[1])
            .clamp_existing_to_range(false)
            // a number in full may be wider than its field, which keeps its place
            .clip_text(true)
            .custom_parser(read)
            .suffix(self.unit);
        if let Some(most) = self.most_decimals {
            field = field.max_decimals(most);
        }
        let usual = ui.style().number_formatter.clone();
        let field = field.custom_formatter(|value, decimals| {
            // asked for here, because the field itself may have just taken the keyboard
            match self.shown {
                _ if ctx.memory(|memory| memory.has_focus(id)) => (self.full)(value),
                Some(shown) => shown(value),
                None => usual.format(value, decimals),
            }
        });
        let key = id.with("width of a number field");
        let is_typed = |ui: &Ui| ui.memory(|memory| memory.has_focus(id));
        let width = ui.data(|data| data.get_temp::<f32>(key));
        let field = match width.filter(|_| is_typed(ui)) {
            Some(width) => field.min_size(vec2(width, ui.spacing().interact_size.y)),
            None => field,
        };
        let response = ui.add(field);
        if response.clicked() {
            // the field has selected as many letters as the short text has
            select_whole(&response, &unedited);
        }
        if !is_typed(ui) {
            ui.data_mut(|data| data.insert_temp(key, response.rect.width()));
        }
        remark_ui(ui, &response);
        response
    }
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

/// The shortest text that reads as the same number of its type.
fn whole_text<N: Numeric>(value: f64) -> String {
    let single = format!("{}", value as f32);
    let same = |text: &String| {
        let number = text.parse::<f64>().map(N::from_f64);
        number.is_ok_and(|number| number.to_f64() == value)
    };
    let texts = [single, format!("{value}"), format!("{value:e}")].into_iter();
    let shortest = texts.filter(same).min_by_key(String::len);
    shortest.unwrap_or_else(|| value.to_string())
}

/// The number in a text; `None` if there is none.
type Reader = fn(&str) -> Option<f64>;

/// Keeps the remark on the text of a field in place of the one before, which no longer stands beside it.
fn keep_remark(ctx: &Context, field: Id, remark: Option<FieldRemark>) {
    let [key, shown] = [REMARK, SHOWN].map(Id::unique);
    ctx.data_mut(|data| {
        let before = data.get_temp::<ShownRemark>(shown);
        if before.is_some_and(|before| before.field == field) {
            data.remove::<ShownRemark>(shown);
        }
        data.insert_temp(key, remark.map(|remark| (field, remark)));
    });
}

/// Shows the remark on a field beside it, until a while is over or something else is done.
fn remark_ui(ui: &Ui, field: &Response) {
    let key = Id::unique(SHOWN);
    let shown = ui.data(|data| data.get_temp::<ShownRemark>(key));
    let Some(remark) = shown.filter(|remark| remark.field == field.id) else {
        return;
    };
    let (age, is_used) = ui.input(|input| {
        let is_key = |event: &egui::Event| matches!(event, egui::Event::Key { .. });
        let is_used = input.pointer.any_pressed() || input.events.iter().any(is_key);
        (input.time - remark.since, is_used)
    });
    if age > STANDS || is_used && age > STAYS {
        ui.data_mut(|data| data.remove::<ShownRemark>(key));
        return;
    }
    let layer = field.layer_id;
    let id = field.id.with(SHOWN);
    Tooltip::always_open(ui.ctx().clone(), layer, id, field.rect).show(|ui| {
        ui.set_max_width(WIDTH);
        rich_paragraph(ui, &remark.words, SMALL, roles_of(ui).warning);
    });
    let left = std::time::Duration::try_from_secs_f64(STANDS - age);
    ui.ctx().request_repaint_after(left.unwrap_or_default());
}

/// Removes and returns the remark on the last text of a field once the field is left, and shows it beside the field.
pub(crate) fn take_remark(ctx: &Context) -> Option<FieldRemark> {
    let key = Id::unique(REMARK);
    let last = ctx.data(|data| data.get_temp::<Option<(Id, FieldRemark)>>(key));
    let (field, remark) = last.flatten()?;
    if ctx.memory(|memory| memory.has_focus(field)) {
        return None;
    }
    ctx.data_mut(|data| data.remove::<Option<(Id, FieldRemark)>>(key));
    let (FieldRemark::Unread(text) | FieldRemark::Clamped { text, .. }) = &remark;
    if text.trim().is_empty() {
        return None;
    }
    let shown = ShownRemark {
        field,
        words: messages::status::warning(&remark.message()),
        since: ctx.input(|input| input.time),
    };
    ctx.data_mut(|data| data.insert_temp(Id::unique(SHOWN), shown));
    Some(remark)
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

    #[test]
    fn a_number_in_full_reads_as_itself() {
        for value in [1.0 / 3.0, 0.1, -1e-9, 1e300, 12_345.678_9, 0.0, 5e-324] {
            let text = whole_text::<f64>(value);
            assert_eq!(read_number(&text), Some(value), "{text}");
        }
        assert_eq!(whole_text::<f64>(0.1), "0.1");
        assert_eq!(whole_text::<f32>(f64::from(2.1_f32)), "2.1");
        assert_eq!(
            read_count(&fixed(123_456_789_012.0, 0)),
            Some(123_456_789_012.0)
        );
    }

    #[test]
    fn a_short_number_is_plain_where_that_fits() {
        for (value, expected) in [
            (1.0 / 3.0, "0.333"),
            (1.0 / 7.0, "0.143"),
            (0.700_000_01, "0.7"),
            (0.001_234_567, "0.00123"),
            (1_234.567_8, "1235"),
            (12_345.678, "12346"),
            (-2.345_678_9, "-2.346"),
            (0.05, "0.05"),
            (1e-13, "1e-13"),
            (1.234_567e-7, "1.2e-7"),
            (123_456_789.0, "1.2e8"),
        ] {
            assert_eq!(short(value), expected);
        }
    }
}
