//! Changes of starts and seeds.

use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use bilevel::study::{SpreadPattern, StartSpread};
use bilevel_figure::race::Spread;
use bilevel_files::{Experiment, StartSpec};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::app::App;
use crate::app::command::SpreadChoice;
use crate::app::messages;
use crate::app::session::MOST_RUNS;

impl App {
    /// Moves a start to a point, projected onto the box.
    pub(super) fn move_start(&mut self, number: usize, point: Point) {
        let point = self.inside_box(point);
        let starts = self.document.session.starts().to_vec();
        self.document.edit(|experiment| {
            experiment.starts = starts.into_iter().map(StartSpec::At).collect();
            if let Some(start) = experiment.starts.get_mut(number) {
                *start = StartSpec::At(point);
            }
        });
    }

    /// Moves the chosen start to a random place in the landscape's range, another one each time.
    pub(crate) fn random_start(&mut self) {
        let number = self.document.session.chosen().start;
        let point = self.random_point(number);
        self.move_start(number, point);
    }

    /// Adds a start at a random place in the landscape's range.
    pub(crate) fn add_random_start(&mut self) {
        let point = self.random_point(0);
        self.add_start(point);
    }

    /// Adds a start after the others and chooses it.
    pub(super) fn add_start(&mut self, point: Point) {
        let point = self.inside_box(point);
        let mut starts = self.document.session.starts().to_vec();
        let last = starts.len();
        starts.push(point);
        if self.set_starts(starts) {
            self.document.session.choose_start(last);
        }
    }

    /// Removes the chosen start; the last one stays.
    pub(crate) fn remove_chosen_start(&mut self) {
        let number = self.document.session.chosen().start;
        let mut starts = self.document.session.starts().to_vec();
        if starts.len() > 1 {
            starts.remove(number);
            self.set_starts(starts);
        }
    }

    /// Removes all starts but the chosen one.
    pub(crate) fn keep_chosen_start(&mut self) {
        let number = self.document.session.chosen().start;
        let start = self.document.session.starts()[number].clone();
        self.set_starts(vec![start]);
    }

    /// Replaces all starts by a grid, a ring or random ones.
    pub(super) fn spread_starts(&mut self, choice: SpreadChoice) {
        let axes = self.spread_axes(choice);
        let count = StartSpread::len(choice.pattern, choice.count(), axes.len());
        if !self.fits(count, self.experiment().seeds.len()) {
            return;
        }
        let spread = StartSpread {
            pattern: choice.pattern,
            count: choice.count(),
            seed: choice.seed,
            axes,
        };
        let starts = spread.starts(&self.document.session.starts()[0]);
        if self.set_starts(starts) {
            self.document.session.choose_start(0);
        }
    }

    /// Sets the seeds to consecutive numbers.
    pub(super) fn set_seeds(&mut self, first: u64, count: usize) {
        if self.fits(self.document.session.starts().len(), count) {
            // the largest integer of TOML
            let first = first.min(i64::MAX as u64 - count as u64);
            let seeds = (first..).take(count.max(1)).collect();
            self.change_runs(|experiment| experiment.seeds = seeds);
        }
    }

    /// The variables and ranges of a spread: the visible part of the landscape, or the box.
    fn spread_axes(&self, choice: SpreadChoice) -> Vec<(Coordinate, [f64; 2])> {
        let metadata = self.document.session.problem().metadata();
        // a ring lies in a plane
        if choice.is_in_box && choice.pattern != SpreadPattern::Ring {
            return StartSpread::over_box(metadata);
        }
        let landscape = &self.views.landscape;
        let plane = &landscape.plane;
        let range = landscape.viewport.range.unwrap_or(plane.range);
        StartSpread::over_plane(metadata, [plane.horizontal, plane.vertical], range)
    }

    /// Sets the starts; false, with a message, if the runs would be too many.
    fn set_starts(&mut self, starts: Vec<Point>) -> bool {
        if !self.fits(starts.len(), self.experiment().seeds.len()) {
            return false;
        }
        self.change_runs(|experiment| {
            experiment.starts = starts.into_iter().map(StartSpec::At).collect();
        });
        true
    }

    /// Changes the number of runs. The race shows a median if there are many now, each run if there are few.
    fn change_runs(&mut self, change: impl FnOnce(&mut Experiment)) {
        let suited = |app: &Self| {
            let seeds = app.experiment().seeds.len();
            Spread::suited(app.document.session.starts().len() * seeds)
        };
        let before = suited(self);
        self.document.edit(change);
        let now = suited(self);
        if before != now {
            self.views.race.view.spread = now;
        }
    }

    /// True if every method can run from so many starts with so many seeds; if not, a message says so.
    fn fits(&mut self, starts: usize, seeds: usize) -> bool {
        let runs = run_count(self.experiment().methods.len(), starts, seeds);
        if runs > MOST_RUNS {
            let words = messages::starts::too_many_runs(runs, MOST_RUNS);
            self.message = Some((words, true));
        }
        runs <= MOST_RUNS
    }

    fn inside_box(&self, mut point: Point) -> Point {
        let problem = Arc::clone(self.document.session.problem());
        let bounds = &problem.metadata().bounds;
        for level in 1..=point.shape().levels() {
            bounds.project(level, &mut point[level]);
        }
        point
    }

    /// A random place in the landscape's range, another one each time, with the other variables of a start.
    fn random_point(&mut self, number: usize) -> Point {
        self.random += 1;
        let mut random = ChaCha8Rng::seed_from_u64(self.random);
        let mut start = self.document.session.starts()[number].clone();
        let plane = &self.views.landscape.plane;
        for (axis, [low, high]) in [plane.horizontal, plane.vertical]
            .into_iter()
            .zip(plane.range)
        {
            let share = f64::from(random.next_u32()) / f64::from(u32::MAX);
            start[axis.level][axis.index] = low + (0.1 + 0.8 * share) * (high - low);
        }
        start
    }
}

/// The number of runs of an experiment.
pub(crate) fn run_count(methods: usize, starts: usize, seeds: usize) -> usize {
    methods
        .max(1)
        .saturating_mul(starts)
        .saturating_mul(seeds.max(1))
}
