//! Axes: linear and logarithmic scales, their ticks, and numbers in words.

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
                let ticks = log_ticks(range, most);
                // a range within a decade may contain no power of ten
                if ticks.iter().all(|tick| tick.label.is_empty()) {
                    linear_ticks(range, most)
                } else {
                    ticks
                }
            }
        }
    }
}

/// A grid line, with a label if there is room.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value on the axis.
    pub value: f64,
    /// The label in markup; empty for a minor line.
    pub label: String,
}

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
    (first..=last.min(first + 100))
        .map(|number| {
            let value = number as f64 * step;
            Tick {
                value,
                label: fixed(value, decimals),
            }
        })
        .collect()
}

fn log_ticks([low, high]: [f64; 2], most: usize) -> Vec<Tick> {
    let first = low.log10().floor() as i32;
    let last = high.log10().ceil() as i32;
    let decades = (last - first).max(1);
    let stride = (f64::from(decades) / most.max(1) as f64).ceil().max(1.0) as i32;
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
    let inside = |value: f64| low * (1.0 - 1e-9) <= value && value <= high * (1.0 + 1e-9);
    ticks.retain(|tick| inside(tick.value));
    ticks
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
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 && whole.len() > 3 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{grouped}{rest}")
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
    }
}
