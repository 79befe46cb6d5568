//! The course of the playhead: iterations as shares of the race's horizontal axis, and back.
//!
//! On a logarithmic axis each decade takes the same time and the same room; on an axis of costs the playhead moves evenly
//! along the costs of the longest run.

use bilevel_figure::{AxisScale, Tick};

/// The map between iterations and shares, from 0 at the start to 1 at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course<'a> {
    end: f64,
    scale: AxisScale,
    /// The iterations of a run's rows and their costs; `None` on an axis of iterations.
    costs: Option<(&'a [f64], &'a [f64])>,
}

impl<'a> Course<'a> {
    /// A course along iterations.
    pub(crate) fn of_iterations(end: u64, scale: AxisScale) -> Self {
        Self {
            end: end as f64,
            scale,
            costs: None,
        }
    }

    /// A course along the costs of a run: its iterations, and the cost at each of them. Costs that do not grow yet give a
    /// course along iterations.
    pub(crate) fn of_costs(
        end: u64,
        scale: AxisScale,
        iterations: &'a [f64],
        costs: &'a [f64],
    ) -> Self {
        let rows = iterations.len().min(costs.len());
        let known = (&iterations[..rows], &costs[..rows]);
        let is_growing = rows > 1 && known.1[rows - 1] > known.1[0] && known.0[rows - 1] > 0.0;
        Self {
            costs: is_growing.then_some(known),
            ..Self::of_iterations(end, scale)
        }
    }

    /// The share at an iteration.
    pub(crate) fn share(&self, iteration: f64) -> f64 {
        let last = self.cost(self.end);
        if self.end <= 0.0 || last <= 0.0 {
            return 0.0;
        }
        let cost = self.cost(iteration);
        let share = match self.scale {
            AxisScale::Linear => cost / last,
            AxisScale::Log => {
                let unit = self.unit();
                (cost / unit).ln_1p() / (last / unit).ln_1p()
            }
        };
        share.clamp(0.0, 1.0)
    }

    /// The iteration at a share.
    pub(crate) fn iteration(&self, share: f64) -> f64 {
        let (share, last) = (share.clamp(0.0, 1.0), self.cost(self.end));
        let cost = match self.scale {
            AxisScale::Linear => share * last,
            AxisScale::Log => {
                let unit = self.unit();
                unit * (share * (last / unit).ln_1p()).exp_m1()
            }
        };
        self.at_cost(cost).clamp(0.0, self.end)
    }

    /// Iterations with labels, with room for about `most`; none on an axis of costs, which the timeline does not count.
    pub(crate) fn ticks(&self, most: usize) -> Vec<Tick> {
        let first = match self.scale {
            AxisScale::Linear => 0.0,
            AxisScale::Log => 1.0,
        };
        if self.costs.is_some() || self.end <= first {
            return Vec::new();
        }
        let ticks = self.scale.ticks([first, self.end], most).into_iter();
        let is_shown = |tick: &Tick| !tick.label.is_empty() && tick.value.fract() == 0.0;
        ticks.filter(is_shown).collect()
    }

    /// The cost of the first iteration, from which on a logarithmic axis shows costs.
    fn unit(&self) -> f64 {
        let Some((_, costs)) = self.costs else {
            return 1.0;
        };
        let first = costs.iter().find(|cost| **cost > 0.0);
        first.map_or(1.0, |cost| *cost)
    }

    /// The cost up to an iteration; beyond the known rows as if all iterations cost the same.
    fn cost(&self, iteration: f64) -> f64 {
        let Some((iterations, costs)) = self.costs else {
            return iteration;
        };
        between(iterations, costs, iteration)
    }

    /// The iteration up to which a cost reaches.
    fn at_cost(&self, cost: f64) -> f64 {
        let Some((iterations, costs)) = self.costs else {
            return cost;
        };
        between(costs, iterations, cost)
    }
}

/// The value at `x` of a line through increasing points, and through the origin beyond the last one.
fn between(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let after = xs.partition_point(|known| *known <= x);
    match (after.checked_sub(1), xs.get(after)) {
        (None, _) => ys[0],
        (Some(before), Some(next)) => {
            let share = (x - xs[before]) / (next - xs[before]);
            ys[before] + share * (ys[after] - ys[before])
        }
        (Some(last), None) => ys[last] * x / xs[last],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn ticks_are_whole_iterations_and_none_stand_on_an_axis_of_costs() {
        let values = |course: Course<'_>| -> Vec<f64> {
            let ticks = course.ticks(8).into_iter();
            ticks.map(|tick| tick.value).collect()
        };
        let log = Course::of_iterations(5000, AxisScale::Log);
        assert_eq!(values(log), [1.0, 10.0, 100.0, 1000.0]);
        let linear = values(Course::of_iterations(7, AxisScale::Linear));
        assert_eq!((linear[0], linear[1].fract()), (0.0, 0.0));
        let costs = Course::of_costs(9, AxisScale::Linear, &[0.0, 9.0], &[0.0, 50.0]);
        assert!(values(costs).is_empty());
        assert!(values(Course::of_iterations(0, AxisScale::Log)).is_empty());
    }

    #[test]
    fn shares_and_iterations_are_inverse_on_every_axis() {
        let iterations: Vec<f64> = (0..=80).map(f64::from).collect();
        let costs: Vec<f64> = iterations
            .iter()
            .map(|k| 5.0 * k + (0.1 * k).powi(3))
            .collect();
        for scale in [AxisScale::Linear, AxisScale::Log] {
            for course in [
                Course::of_iterations(200, scale),
                Course::of_costs(200, scale, &iterations, &costs),
                Course::of_costs(80, scale, &iterations, &costs),
            ] {
                assert_eq!(course.share(0.0), 0.0);
                for iteration in [1.0, 3.5, 40.0, 79.0, 80.0] {
                    let share = course.share(iteration);
                    assert_relative_eq!(course.iteration(share), iteration, max_relative = 1e-9);
                }
                assert_relative_eq!(course.share(course.end), 1.0, epsilon = 1e-12);
            }
        }
    }

    #[test]
    fn each_decade_of_a_logarithmic_axis_is_about_as_long() {
        let course = Course::of_iterations(9_999, AxisScale::Log);
        let shares = [9.0, 99.0, 999.0, 9_999.0].map(|iteration| course.share(iteration));
        for (decade, share) in shares.iter().enumerate() {
            assert_relative_eq!(*share, 0.25 * (decade + 1) as f64, epsilon = 1e-12);
        }
    }

    #[test]
    fn nothing_to_play_and_costs_that_do_not_grow_are_no_trouble() {
        assert_eq!(Course::of_iterations(0, AxisScale::Log).share(5.0), 0.0);
        assert_eq!(Course::of_iterations(0, AxisScale::Log).iteration(0.5), 0.0);
        let flat = Course::of_costs(10, AxisScale::Log, &[0.0, 1.0], &[0.0, 0.0]);
        assert_relative_eq!(flat.iteration(flat.share(4.0)), 4.0, epsilon = 1e-12);
        let none = Course::of_costs(10, AxisScale::Linear, &[], &[]);
        assert_eq!(none.share(5.0), 0.5);
    }
}
