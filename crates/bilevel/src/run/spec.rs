//! The specification of a run.

use std::sync::Arc;

use crate::method;
use crate::numerics::Point;
use crate::problem::{ParameterError, ParameterValue, Problem, Settings};

/// One method on one problem from one start with one seed, as a whole or as a branch of another run.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// The problem, shared by the runs of an experiment.
    pub problem: Arc<dyn Problem>,
    /// The method.
    pub method: &'static method::MethodInfo,
    /// The method's parameters.
    pub settings: Settings,
    /// The parts of the run before those of the method, which another run has made; empty unless the run is a
    /// [branch](RunSpec::branch).
    pub earlier: Arc<[RunPart]>,
    /// The first point.
    pub start: Point,
    /// The index of the start among the experiment's starts, from 0.
    pub start_number: usize,
    /// The seed.
    pub seed: u64,
    /// The most outer iterations.
    pub iterations: u64,
    /// Stop rules that may end the run earlier.
    pub stop: StopRules,
    /// The rows and points to keep.
    pub recording: Recording,
    /// Magnitude beyond which a variable has diverged; see [`RunSpec::divergence_limit`] for the default.
    pub diverge_at: Option<f64>,
}

/// The first part of a branch: the iterations of the run that it continues.
#[derive(Clone, Debug)]
pub struct RunPart {
    /// The name of that run, for messages.
    pub name: String,
    /// Its method.
    pub method: &'static method::MethodInfo,
    /// The method's parameters.
    pub settings: Settings,
    /// The iteration after which the next part begins; it rises from part to part.
    pub until: u64,
}

impl PartialEq for RunPart {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.method.id == other.method.id
            && self.settings == other.settings
            && self.until == other.until
    }
}

impl RunSpec {
    /// Factor of the default of [`RunSpec::divergence_limit`].
    const DIVERGED: f64 = 1e6;

    /// Magnitude beyond which a variable of this run has diverged: `diverge_at`, or 1e6 times the largest of 1, the
    /// finite widths of the box and the start's variables. A number that is not finite has diverged in any case.
    pub fn divergence_limit(&self) -> f64 {
        self.diverge_at.unwrap_or_else(|| {
            let bounds = &self.problem.metadata().bounds;
            let limits = (1..=self.start.shape().levels()).flat_map(|level| bounds.limits(level));
            let widths = limits.map(|[low, high]| high - low);
            let sizes = self.start.values().iter().map(|value| value.abs());
            let scale = widths.chain(sizes).filter(|size| size.is_finite());
            Self::DIVERGED * scale.fold(1.0, f64::max)
        })
    }

    /// A run of a method with its default parameters, from the problem's own start, over 1,000 outer iterations.
    ///
    /// ```
    /// use bilevel::prelude::*;
    ///
    /// # fn main() -> Result<(), ParameterError> {
    /// let problem = problem::find("coreset").unwrap().instance();
    /// let bome = method::find("bome").unwrap();
    /// let spec = RunSpec::new(&problem, bome).with("inner_steps", 1)?.iterations(50);
    /// let (run, trace) = Run::to_end(spec);
    /// assert_eq!(run.iteration(), 50);
    /// assert_eq!(trace.len(), 51); // the start is row 0
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(problem: &Arc<dyn Problem>, method: &'static method::MethodInfo) -> Self {
        let start = problem.metadata().start.clone();
        Self {
            problem: Arc::clone(problem),
            method,
            settings: Settings::new(method.parameters),
            earlier: Arc::default(),
            recording: Recording::default_for(start.values().len()),
            start,
            start_number: 0,
            seed: 0,
            iterations: 1000,
            stop: StopRules::default(),
            diverge_at: None,
        }
    }

    /// Sets a parameter of the method.
    ///
    /// # Errors
    /// If the method has no such parameter, or the value is out of its range.
    pub fn with(
        mut self,
        name: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Self, ParameterError> {
        self.settings.set(name, value.into())?;
        Ok(self)
    }

    /// Sets the start.
    ///
    /// # Panics
    /// If the start does not have the shape of the problem's points.
    #[must_use]
    pub fn starting_at(mut self, start: Point) -> Self {
        assert_eq!(start.shape(), self.problem.metadata().shape());
        self.start = start;
        self
    }

    /// Sets the number of outer iterations.
    #[must_use]
    pub fn iterations(mut self, iterations: u64) -> Self {
        self.iterations = iterations;
        self
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

/// Rules to stop before all iterations are done; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StopRules {
    /// Stop when the value gap is at most this; checked every 16 iterations.
    pub gap: Option<f64>,
    /// Stop when the norm of the method's direction in level 1 is at most this.
    pub gradient: Option<f64>,
    /// Stop after this many seconds of the method's own time; makes the result depend on the machine.
    pub time_s: Option<f64>,
}

/// The iterates that a run keeps; the first and the last are always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Interval in iterations between two rows; 0 keeps nothing at all.
    pub every: u64,
    /// The rows whose variables are kept.
    pub points: Points,
}

/// The rows whose variables are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// Every row.
    All,
    /// The first and the last row, and at most [`Points::per_doubling`] in each doubling of the iterations: few in a
    /// run of any length, and evenly spaced within a doubling.
    Some,
    /// The first and the last row.
    Ends,
    /// No row.
    None,
}

impl Points {
    /// The most points that [`Points::Some`] keeps in each doubling of the iterations.
    const MOST_PER_DOUBLING: u64 = 32;
    /// The most numbers in the points of a doubling; a run of a million iterations keeps about 20 times as many.
    const NUMBERS_PER_DOUBLING: usize = 1 << 20;

    /// The number of points that [`Points::Some`] keeps in each doubling of the iterations: fewer for more variables,
    /// and none for more than a million.
    pub fn per_doubling(variables: usize) -> u64 {
        let fitting = (Self::NUMBERS_PER_DOUBLING / variables.max(1)) as u64;
        fitting.min(Self::MOST_PER_DOUBLING)
    }

    /// True if the point of a recorded row before the last is kept; rows are `every` iterations apart.
    pub(super) fn keeps(self, iteration: u64, every: u64, variables: usize) -> bool {
        match self {
            Self::All => true,
            Self::Some => {
                let row = iteration / every.max(1);
                let step = match row.checked_div(Self::per_doubling(variables)) {
                    Some(0) => 1,
                    Some(doublings) => 1 << doublings.ilog2(),
                    None => return iteration == 0,
                };
                row.is_multiple_of(step)
            }
            Self::Ends => iteration == 0,
            Self::None => false,
        }
    }
}

impl Recording {
    /// Every row, without points.
    pub const NO_POINTS: Self = Self {
        every: 1,
        points: Points::None,
    };
    /// The most variables for which the points of all rows are kept by default.
    pub const MOST_VARIABLES: usize = 64;

    /// True if the direction of every step is kept, which requires the point of every step.
    pub fn keeps_directions(self) -> bool {
        self.every == 1 && self.points == Points::All
    }

    /// Every row, with all points if the problem is small.
    pub fn default_for(variables: usize) -> Self {
        Self {
            every: 1,
            points: if variables <= Self::MOST_VARIABLES {
                Points::All
            } else {
                Points::Ends
            },
        }
    }

    /// The recording for pictures: all variables of a small problem, those of some rows of a large one.
    pub fn for_pictures(variables: usize) -> Self {
        let usual = Self::default_for(variables);
        match usual.points {
            Points::Ends => Self {
                points: Points::Some,
                ..usual
            },
            _ => usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn some_points_are_as_many_in_each_doubling() {
        let kept = |rows: std::ops::Range<u64>, variables| {
            rows.filter(|&row| Points::Some.keeps(7 * row, 7, variables))
                .count()
        };
        assert_eq!(kept(0..64, 1000), 64);
        assert_eq!(kept(64..128, 1000), 32);
        assert_eq!(kept(524_288..1_048_576, 1000), 32);
        assert_eq!(kept(0..2000, 2_000_000), 1);
        assert_eq!(kept(1024..2048, 500_000), 2);
    }
}
