//! The tried settings of each method and the starts: points of scrambled Sobol sequences (Burley 2020), so that every
//! method gets the same number of trials and none is picked by hand.

use bilevel::numerics::{Point, rounded};
use bilevel::problem::{
    Coordinate, DefaultValue, Metadata, Parameter, ParameterKind, ParameterValue, Settings,
};
use sobol_burley::sample;

/// The seeds of the two sequences.
const OF_SETTINGS: u32 = 2026;
const OF_STARTS: u32 = 11;
/// Significant digits of a tried number, few enough to write down the best setting.
const DIGITS: usize = 3;

/// The setting with a number in the sequence: every declared parameter of the method varies over its slider's range.
///
/// Logarithmic ranges are sampled uniformly in the logarithm. A parameter that is off (0) or equal to another one by
/// default stays so in half of the settings. One that may differ by level gets a value for each lower level.
pub(super) fn setting(table: &'static [Parameter], lower_levels: usize, number: u32) -> Settings {
    let mut settings = Settings::new(table);
    let mut dimension = 0;
    let mut draw = || {
        dimension += 1;
        f64::from(sample(number, dimension - 1, OF_SETTINGS))
    };
    for parameter in table {
        if let Some(value) = draw_setting(parameter, lower_levels, &mut draw) {
            // cannot fail: a test of the methods checks that sliders lie within the parameters' ranges
            let _within = settings.set(parameter.name, value);
        }
    }
    settings
}

fn draw_setting(
    parameter: &Parameter,
    lower_levels: usize,
    draw: &mut impl FnMut() -> f64,
) -> Option<ParameterValue> {
    let (slider, per_level, is_whole) = match parameter.kind {
        ParameterKind::Number {
            slider, per_level, ..
        } => (slider, per_level, false),
        ParameterKind::Integer {
            slider, per_level, ..
        } => (slider, per_level, true),
        ParameterKind::Choice(choices) => {
            let place = (draw() * choices.len() as f64) as usize;
            let choice = choices.get(place.min(choices.len().saturating_sub(1)));
            return choice.map(|choice| ParameterValue::Choice(choice.name.to_owned()));
        }
        _ => return None,
    };
    let is_optional = matches!(parameter.default, DefaultValue::SameAs(_)) || slider[0] == 0.0;
    // drawn in any case, so that each dimension belongs to one parameter
    let is_given = !is_optional || draw() < 0.5;
    let count = if per_level { lower_levels } else { 1 };
    let numbers: Vec<f64> = (0..count)
        .map(|_| {
            let number = at(slider, draw());
            if is_whole {
                number.round()
            } else {
                rounded(number, DIGITS)
            }
        })
        .collect();
    is_given.then(|| match numbers[..] {
        [number] => ParameterValue::Number(number),
        _ => ParameterValue::List(numbers),
    })
}

/// The value at a fraction of a slider; logarithmic unless the slider begins at 0.
fn at([low, high]: [f64; 2], share: f64) -> f64 {
    if low == 0.0 {
        high * share
    } else {
        low * (high / low).powf(share)
    }
}

/// The start with a number in the sequence: every variable of every level lies in its box, or in the range of its
/// pictures if the box is unbounded.
pub(super) fn start(metadata: &Metadata, number: u32) -> Point {
    let mut start = metadata.start.clone();
    let shape = metadata.shape();
    let mut dimension = 0;
    for level in 1..=shape.levels() {
        for index in 0..shape.size(level) {
            let [low, high] = metadata.start_range(Coordinate { level, index });
            let share = f64::from(sample(number, dimension, OF_STARTS));
            start[level][index] = rounded(low + (high - low) * share, DIGITS).clamp(low, high);
            dimension += 1;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use bilevel::{method, problem};

    use super::*;

    #[test]
    fn every_parameter_varies_and_settings_are_those_of_their_number() {
        for entry in method::METHODS {
            let all: Vec<Settings> = (0..40).map(|n| setting(entry.parameters, 2, n)).collect();
            assert_eq!(all[7], setting(entry.parameters, 2, 7));
            for parameter in entry.parameters {
                let mut values: Vec<String> = all
                    .iter()
                    .map(|one| one.value(parameter.name).to_string())
                    .collect();
                values.sort_unstable();
                values.dedup();
                let least = match parameter.kind {
                    ParameterKind::Choice(choices) => choices.len(),
                    _ => 8,
                };
                assert!(
                    values.len() >= least,
                    "{}: {}: {values:?}",
                    entry.id,
                    parameter.name
                );
            }
        }
    }

    #[test]
    fn a_list_has_a_value_for_each_lower_level_and_half_of_the_optional_ones_stay_as_they_are() {
        let itd = method::find("itd").expect("it exists");
        let all: Vec<Settings> = (0..40).map(|n| setting(itd.parameters, 3, n)).collect();
        for one in &all {
            let ParameterValue::List(steps) = one.value("inner_steps") else {
                panic!("one number a level")
            };
            assert_eq!(steps.len(), 3);
        }
        let without = all.iter().filter(|one| one.number("momentum") == 0.0);
        assert!((15..=25).contains(&without.count()));
    }

    #[test]
    fn starts_lie_in_the_box_and_differ() {
        for id in ["coreset", "pbgd", "stackelberg", "chain", "ls-3-2"] {
            let entry = problem::find(id).expect(id);
            let problem = entry.instance();
            let metadata = problem.metadata();
            let [one, two] = [0, 1].map(|number| start(metadata, number));
            assert_ne!(one, two, "{}", entry.id);
            for level in 1..=metadata.shape().levels() {
                for (value, [low, high]) in one[level].iter().zip(metadata.bounds.limits(level)) {
                    assert!(low <= value && value <= high, "{}: {value}", entry.id);
                }
            }
        }
    }
}
