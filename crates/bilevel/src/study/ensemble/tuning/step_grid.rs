//! The settings that a tuning tries for a method: a grid over its step sizes.

use crate::numerics::rounded;
use crate::problem::{ParameterKind, ParameterValue, Settings};

/// The parameters that count as step sizes, by axes of the grid. Those of the follower share an axis, so that a method
/// that moves it twice has no third axis.
const STEP_SIZES: [&[&str]; 3] = [
    &["outer_step_size"],
    &["inner_step_size", LOWER],
    &["sigma0"],
];
/// The follower's outer step size, which defaults to the leader's and is varied only if it is set.
pub(super) const LOWER: &str = "outer_step_size_lower";

/// The number of settings tried per method: a square, so that two step sizes make a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrialCount {
    /// Nine: each of two step sizes times 0.1, 1 and 10.
    #[default]
    Nine,
    /// Twenty-five: factors in half decades.
    TwentyFive,
    /// Forty-nine: factors in thirds of decades.
    FortyNine,
}

impl TrialCount {
    /// All counts, smallest first.
    pub const ALL: [Self; 3] = [Self::Nine, Self::TwentyFive, Self::FortyNine];

    /// The number of settings tried per method.
    pub const fn trials(self) -> usize {
        let side = self.side();
        side * side
    }

    /// The number of values of each of two step sizes.
    const fn side(self) -> usize {
        match self {
            Self::Nine => 3,
            Self::TwentyFive => 5,
            Self::FortyNine => 7,
        }
    }
}

/// The step sizes of a method, except those that are 0, which scaling cannot change.
pub(super) fn varied(settings: &Settings) -> Vec<&'static str> {
    axes(settings).concat()
}

/// The step sizes of a method by axes of the grid.
fn axes(settings: &Settings) -> Vec<Vec<&'static str>> {
    let is_varied = |name: &&'static str| {
        settings.declares(name)
            && numbers(&settings.value(name)).iter().any(|&n| n != 0.0)
            && (*name != LOWER || settings.iter_set().any(|(given, _)| given == LOWER))
    };
    let axes = STEP_SIZES.map(|names| names.iter().copied().filter(is_varied).collect());
    axes.into_iter()
        .filter(|names: &Vec<_>| !names.is_empty())
        .collect()
}

pub(super) fn numbers(value: &ParameterValue) -> &[f64] {
    match value {
        ParameterValue::Number(number) => std::slice::from_ref(number),
        ParameterValue::List(numbers) => numbers,
        _ => &[],
    }
}

/// The settings to try, the smallest steps first, and the index of the present one among them. Each step size goes from
/// a tenth of its value to tenfold; a method with a single axis gets as many values on it as others have pairs.
pub(super) fn grid(settings: &Settings, effort: TrialCount) -> (Vec<Settings>, usize) {
    let axes = axes(settings);
    let side = if axes.len() == 1 {
        effort.trials()
    } else {
        effort.side()
    };
    let mut all = vec![(settings.clone(), true)];
    for names in axes {
        let mut next = Vec::new();
        for (settings, is_present) in all {
            for number in 0..side {
                let is_middle = number == side / 2;
                let exponent = 2.0 * number as f64 / (side - 1) as f64 - 1.0;
                let mut settings = settings.clone();
                // no trial outside of the parameter's range
                let is_set = is_middle
                    || names.iter().all(|name| {
                        let scaled = scaled(&settings.value(name), exponent);
                        let clamped = clamped(&settings, name, scaled);
                        settings.set(name, clamped).is_ok()
                    });
                if !is_set {
                    continue;
                }
                next.push((settings, is_present && is_middle));
            }
        }
        all = next;
    }
    let present = all.iter().position(|(_, is_present)| *is_present);
    let settings = all.into_iter().map(|(settings, _)| settings);
    (settings.collect(), present.unwrap_or(0))
}

/// A value times a power of ten, rounded to two digits so that it is easy to write down.
fn scaled(value: &ParameterValue, exponent: f64) -> ParameterValue {
    let times = |number: f64| rounded(number * 10.0_f64.powf(exponent), 2);
    match value {
        ParameterValue::Number(number) => ParameterValue::Number(times(*number)),
        ParameterValue::List(numbers) => {
            ParameterValue::List(numbers.iter().map(|&n| times(n)).collect())
        }
        other => other.clone(),
    }
}

/// The value clamped to the parameter's range.
fn clamped(settings: &Settings, name: &str, value: ParameterValue) -> ParameterValue {
    let parameter = settings.table().iter().find(|one| one.name == name);
    let Some(ParameterKind::Number { min, max, .. }) = parameter.map(|one| one.kind) else {
        return value;
    };
    match value {
        ParameterValue::Number(number) => ParameterValue::Number(number.clamp(min, max)),
        ParameterValue::List(numbers) => {
            ParameterValue::List(numbers.iter().map(|n| n.clamp(min, max)).collect())
        }
        other => other,
    }
}
