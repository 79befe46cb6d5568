//! Axes: linear and logarithmic scales, their ticks, and numbers in words.

use crate::messages::grouped;

/// Scale of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisScale {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios; undefined for values at or below zero.
    Log,
}

impl AxisScale {
    /// The position of a value on the scale; NaN if undefined.
    pub fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log if value > 0.0 => value.log10(),
            Self::Log => f64::NAN,
        }
    }

    /// The value at a position on the scale.
    pub fn inverse(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => 10.0_f64.powf(place),
        }
    }

    /// A range that can be drawn: finite, increasing, of nonzero width, and positive on a logarithmic scale.
    pub fn drawable(self, [low, high]: [f64; 2]) -> [f64; 2] {
        let (low, high) = if low <= high {
            (low, high)
        } else {
            (high, low)
        };
        match self {
            _ if !(low.is_finite() && high.is_finite()) => match self {
                Self::Linear => [0.0, 1.0],
                Self::Log => [0.1, 10.0],
            },
            Self::Linear if high - low <= 1e-12 * low.abs().max(high.abs()) => {
                let margin = if low == 0.0 { 1.0 } else { 0.1 * low.abs() };
                [low - margin, high + margin]
            }
            Self::Log => {
                let high = if high > 0.0 { high } else { 1.0 };
                let low = if low > 0.0 { low } else { high / 1e3 };
                if high / low < 1.0 + 1e-9 {
                    [low / 2.0, high * 2.0]
                } else {
                    [low, high]
                }
            }
            // the difference must be finite, too
            Self::Linear => [low.max(-1e300), high.min(1e300)],
        }
    }

    /// Ticks for a range with room for about `most` labels.
    pub fn ticks(self, range: [f64; 2], most: usize) -> Vec<Tick> {
        match self {
            Self::Linear => linear_ticks(range, most),
            Self::Log => {
                let stride = stride(range, most);
                let fewer = (1..=stride).rev().map(|stride| log_ticks(range, stride));
                let readable = fewer
                    .into_iter()
                    .find(|ticks| labels(ticks) >= FEWEST_LABELS);
                // a short range contains fewer powers of ten than make an axis readable
                let mut ticks = readable.unwrap_or_else(|| digit_ticks(range));
                if labels(&ticks) < FEWEST_LABELS {
                    let mut denser =
                        (most.max(FEWEST_LABELS)..).map(|more| linear_ticks(range, more));
                    let readable = denser
                        .by_ref()
                        .take(4 * FEWEST_LABELS)
                        .find(|ticks| labels(ticks) >= FEWEST_LABELS);
                    ticks = readable.unwrap_or(ticks);
                }
                ticks
            }
        }
    }

    /// Ticks at given values, each with its label.
    pub fn ticks_at(values: &[f64]) -> Vec<Tick> {
        let tick = |&value: &f64| {
            let label = brief(value, 2);
            let has_decimals = label.contains('.') && !label.contains('^');
            let label = if has_decimals {
                label.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                label
            };
            Tick { value, label }
        };
        values.iter().map(tick).collect()
    }
}

/// The least number of labels from which an axis can be read.
pub(crate) const FEWEST_LABELS: usize = 3;

/// The number of ticks with a label.
pub(crate) fn labels(ticks: &[Tick]) -> usize {
    ticks.iter().filter(|tick| !tick.label.is_empty()).count()
}

/// A grid line, with a label if there is room.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value on the axis.
    pub value: f64,
    /// The label in markup; empty for a minor line.
    pub label: String,
}

/// Numbers of an axis that are all below this have powers of ten.
const TINY: f64 = 1e-4;

fn linear_ticks([low, high]: [f64; 2], most: usize) -> Vec<Tick> {
    let rough = (high - low) / most.max(1) as f64;
    let unit = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * unit)
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * unit);
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let is_tiny = first.abs().max(last.abs()) as f64 * step < TINY;
    let digits = |value: f64| {
        let digits = value.abs().log10().floor() - step.log10().floor() + 1.0;
        digits.max(1.0) as usize
    };
    (first..=last.min(first + 100))
        .map(|number| {
            let value = number as f64 * step;
            let label = if is_tiny {
                significant(value, digits(value))
            } else {
                fixed(value, decimals)
            };
            Tick { value, label }
        })
        .collect()
}

/// The powers of ten at and beyond the ends of a range.
fn powers([low, high]: [f64; 2]) -> [i32; 2] {
    [low.log10().floor() as i32, high.log10().ceil() as i32]
}

/// The distance of labelled powers of ten, for about `most` labels.
fn stride(range: [f64; 2], most: usize) -> i32 {
    let [first, last] = powers(range);
    let decades = (last - first).max(1);
    (f64::from(decades) / most.max(1) as f64).ceil().max(1.0) as i32
}

/// Ticks of a logarithmic axis at powers of ten, every `stride`-th with a label.
fn log_ticks([low, high]: [f64; 2], stride: i32) -> Vec<Tick> {
    let [first, last] = powers([low, high]);
    let decades = (last - first).max(1);
    let mut ticks = Vec::new();
    for exponent in first..=last {
        let decade = 10.0_f64.powi(exponent);
        let label = if exponent.rem_euclid(stride) == 0 {
            power_of_ten(exponent)
        } else {
            String::new()
        };
        ticks.push(Tick {
            value: decade,
            label,
        });
        if decades <= 3 {
            ticks.extend([2.0, 5.0].map(|factor| Tick {
                value: factor * decade,
                label: String::new(),
            }));
        }
    }
    ticks.retain(|tick| is_inside(tick.value, [low, high]));
    ticks
}

/// Ticks of a logarithmic axis at 1, 2 and 5 times each power of ten, all with a label.
fn digit_ticks([low, high]: [f64; 2]) -> Vec<Tick> {
    let (first, last) = (low.log10().floor() as i32, high.log10().floor() as i32);
    let is_plain = (-4..=6).contains(&first) && (-4..=6).contains(&last);
    let mut ticks = Vec::new();
    for exponent in first..=last {
        for digit in [1, 2, 5] {
            // by the decimal literal, so that 2e−3 is the number nearest to it
            let value: f64 = format!("{digit}e{exponent}").parse().unwrap_or(f64::NAN);
            let label = match digit {
                _ if is_plain => fixed(value, exponent.min(0).unsigned_abs() as usize),
                1 => power_of_ten(exponent),
                _ => format!("{digit} × 10^{}", signed(exponent)),
            };
            ticks.push(Tick { value, label });
        }
    }
    ticks.retain(|tick| is_inside(tick.value, [low, high]));
    ticks
}

/// True if a value is in a range, up to rounding.
fn is_inside(value: f64, [low, high]: [f64; 2]) -> bool {
    low * (1.0 - 1e-9) <= value && value <= high * (1.0 + 1e-9)
}

/// 10 to a power as a label: 1, 10, 100, 1,000 as they are, others with an exponent.
fn power_of_ten(exponent: i32) -> String {
    match exponent {
        0..=3 => fixed(10.0_f64.powi(exponent), 0),
        _ => format!("10^{}", signed(exponent)),
    }
}

fn signed(exponent: i32) -> String {
    if exponent < 0 {
        format!("{{−{}}}", -exponent)
    } else {
        format!("{{{exponent}}}")
    }
}

/// A number with `decimals` decimals, a true minus sign and commas between thousands.
pub fn fixed(value: f64, decimals: usize) -> String {
    let digits = format!("{:.*}", decimals, value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{}{rest}", grouped(whole))
}

/// The number in full if that is short, else with about `digits` significant digits, in markup.
pub fn brief(value: f64, digits: usize) -> String {
    let shortest = format!("{value}");
    if shortest.len() <= digits + 2 && value.is_finite() {
        shortest.replace('-', "−")
    } else {
        significant(value, digits)
    }
}

/// A number with about `digits` significant digits, in markup: plain if that is short, else with a power of ten.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return if value.is_nan() {
            "undefined".to_owned()
        } else {
            "∞".to_owned()
        };
    }
    let scientific = format!("{:.*e}", digits.saturating_sub(1), value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-3..6).contains(&exponent) {
        let size = exponent.unsigned_abs() as usize;
        let decimals = if exponent < 0 {
            digits + size
        } else {
            digits.saturating_sub(size)
        }
        .saturating_sub(1);
        return fixed(value, decimals);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{mantissa} × 10^{}", signed(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::counted;

    fn labels(scale: AxisScale, range: [f64; 2]) -> Vec<String> {
        let ticks = scale.ticks(range, 6).into_iter().map(|tick| tick.label);
        ticks.filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(
            labels(AxisScale::Linear, [0.0, 5000.0]),
            ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]
        );
        assert_eq!(
            labels(AxisScale::Linear, [-1.0, 1.0]),
            ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
        );
        assert_eq!(
            labels(AxisScale::Linear, [-1e-13, 2e-14]),
            [
                "−1.0 × 10^{−13}",
                "−8 × 10^{−14}",
                "−6 × 10^{−14}",
                "−4 × 10^{−14}",
                "−2 × 10^{−14}",
                "0",
                "2 × 10^{−14}"
            ]
        );
        assert_eq!(
            labels(AxisScale::Log, [1.0, 1e4]),
            ["1", "10", "100", "1,000", "10^{4}"]
        );
        assert_eq!(
            labels(AxisScale::Log, [1e-12, 1.0]),
            [
                "10^{−12}",
                "10^{−10}",
                "10^{−8}",
                "10^{−6}",
                "10^{−4}",
                "10^{−2}",
                "1"
            ]
        );
    }

    #[test]
    fn a_log_axis_within_a_decade_has_plain_numbers() {
        assert_eq!(
            labels(AxisScale::Log, [1.2, 1.9]),
            ["1.2", "1.4", "1.6", "1.8"]
        );
    }

    #[test]
    fn a_short_log_axis_has_at_least_three_labels() {
        assert_eq!(labels(AxisScale::Log, [1.5, 30.0]), ["2", "5", "10", "20"]);
        assert_eq!(
            labels(AxisScale::Log, [0.004, 0.06]),
            ["0.005", "0.01", "0.02", "0.05"]
        );
        assert_eq!(
            labels(AxisScale::Log, [8e-7, 6e-6]),
            ["10^{−6}", "2 × 10^{−6}", "5 × 10^{−6}"]
        );
        for decades in [0.02, 0.1, 0.3, 0.7, 1.0, 1.4, 1.9, 2.6, 5.0, 40.0] {
            for low in [1e-9, 0.013, 0.8, 1.0, 470.0, 3e5] {
                for most in 2..8 {
                    let range = [low, low * 10.0_f64.powf(decades)];
                    let ticks = AxisScale::Log.ticks(range, most);
                    let count = super::labels(&ticks);
                    assert!(count >= FEWEST_LABELS, "{range:?} {most}: {ticks:?}");
                    let labels: Vec<&str> = ticks.iter().map(|tick| &*tick.label).collect();
                    let named = labels.iter().filter(|label| !label.is_empty());
                    let different: std::collections::BTreeSet<_> = named.collect();
                    assert_eq!(different.len(), count, "{range:?} {most}: {labels:?}");
                }
            }
        }
    }

    #[test]
    fn a_range_that_cannot_be_drawn_is_widened() {
        for range in [
            [f64::NAN, 1.0],
            [1.0, 1.0],
            [0.0, 0.0],
            [-3.0, -3.0],
            [0.0, f64::INFINITY],
            [2.0, 1.0],
        ] {
            for scale in [AxisScale::Linear, AxisScale::Log] {
                let [low, high] = scale.drawable(range);
                assert!(
                    scale.forward(low) < scale.forward(high),
                    "{scale:?} {range:?}"
                );
                assert!(!scale.ticks([low, high], 5).is_empty());
            }
        }
    }

    #[test]
    fn numbers_are_short_and_their_minus_is_a_minus() {
        assert_eq!(significant(0.000_861_23, 2), "8.6 × 10^{−4}");
        assert_eq!(significant(-0.726_4, 3), "−0.726");
        assert_eq!(significant(1234.5, 3), "1,234");
        assert_eq!(significant(0.0, 3), "0");
        assert_eq!(fixed(-0.0001, 2), "0.00");
        for (count, words) in [
            (0_u32, "0"),
            (999, "999"),
            (2000, "2,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(count), words);
            assert_eq!(fixed(f64::from(count), 0), words);
        }
        assert_eq!(counted(2000_u32, "run"), "2,000 runs");
        assert_eq!(counted(1_usize, "run"), "1 run");
    }
}
