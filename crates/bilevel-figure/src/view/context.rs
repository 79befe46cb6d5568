//! The context of a view: an experiment, its problem, and its runs up to an iteration.

use std::ops::Deref;
use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Plane, Problem};
use bilevel::run::Points;
use bilevel::study::FinishLine;
use bilevel_files::{Experiment, MethodSpec, RunResult, ViewSpec, parents};

use crate::build::landscape::RunPath;
use crate::build::race::RaceOptions;
use crate::{MethodLook, RunTag, method_looks};

/// The margin of a page's samples beyond its range, as a share of it on each side: with equally long units a page may
/// show more than its range.
const PAGE_MARGIN: f64 = 0.6;

/// The inputs of all views.
#[derive(Clone)]
pub struct ViewContext<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// The present state of the view, in place of the experiment's own.
    pub view: ViewSpec,
    /// The experiment's problem.
    pub problem: &'a Arc<dyn Problem>,
    /// The starts; at least one.
    pub starts: &'a [Point],
    /// The runs of the visible methods.
    pub paths: Vec<RunPath<'a>>,
    /// The indices of the hidden methods, from 0.
    pub hidden: Vec<usize>,
    /// The iteration of the playhead; `None` at the end of all runs.
    pub iteration: Option<u64>,
    /// The axes and scales of the race.
    pub race: RaceOptions,
    /// The state of a window; its default on a page.
    pub screen: Screen,
}

/// The state of a window that a view depends on.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// True on a screen, where sentences stand beside a figure and not in it.
    pub is_there: bool,
    /// The ranges to be sampled, margins included.
    pub sampled: Option<[[f64; 2]; 2]>,
    /// The ranges of each figure that was panned or zoomed; the plane of the landscape has its own, in
    /// [`ViewSpec::range`].
    pub ranges: Vec<Option<[[f64; 2]; 2]>>,
    /// The run under the pointer.
    pub pointed: Option<RunTag>,
    /// True if the levels of a step have no room for a figure each.
    pub joins_levels: bool,
    /// The most rows beneath a column of `levels`.
    pub rows: Option<usize>,
    /// The method that `learned` shows.
    pub chosen: Option<usize>,
    /// The start or setting of a survey under the pointer.
    pub cell: Option<usize>,
    /// The start that is emphasized among several, counted from 0.
    pub start: Option<usize>,
    /// The run of each method that `anatomy` and `compass` show, in the order of starts and seeds, counted from 0.
    pub run: usize,
}

impl<'a> ViewContext<'a> {
    /// The context of an experiment whose runs have ended.
    pub fn of_results(
        experiment: &'a Experiment,
        problem: &'a Arc<dyn Problem>,
        starts: &'a [Point],
        results: &'a [RunResult],
    ) -> Self {
        let looks = method_looks(&experiment.methods);
        let figure = &experiment.view.figure;
        let methods = experiment.methods.iter().enumerate();
        let hidden: Vec<usize> = methods
            .filter(|(_, method)| figure.hidden.contains(&method.label))
            .map(|(slot, _)| slot)
            .collect();
        let ends = results.iter().map(|result| result.trace.last_iteration());
        let end = ends.max().flatten().unwrap_or_default();
        let iteration = figure.playhead.filter(|iteration| *iteration < end);
        let runs = results
            .iter()
            .filter(|result| result.key.method == 0)
            .count();
        let race = RaceOptions::of(&experiment.view, runs, &problem.milestones());
        let mut paths: Vec<RunPath<'a>> = Vec::with_capacity(results.len());
        for result in results {
            let slot = result.key.method;
            if hidden.contains(&slot) {
                continue;
            }
            let run = paths.iter().filter(|path| path.tag.slot == slot).count();
            paths.push(RunPath {
                trace: &result.trace,
                status: &result.status,
                tag: RunTag {
                    slot,
                    run,
                    look: looks[slot],
                },
                leaves: leaves(&experiment.methods, slot, |_| true),
                until: iteration.unwrap_or(u64::MAX),
                is_stale: false,
                most: None,
                end: result.end.as_ref(),
                finish: race
                    .tolerance
                    .and_then(|tolerance| FinishLine::new(tolerance).row(&result.trace)),
                name: &experiment.methods[slot].label,
            });
        }
        Self {
            experiment,
            view: experiment.view.clone(),
            problem,
            starts,
            race,
            paths,
            hidden,
            iteration,
            screen: Screen::default(),
        }
    }

    /// The iteration that was chosen, at most that of the end of all runs; `None` for the end itself.
    pub(crate) fn said_iteration(&self) -> Option<u64> {
        let chosen = self.iteration.or(self.view.figure.playhead)?;
        let ends = self.paths.iter();
        let ends = ends.filter_map(|path| path.trace.last_iteration());
        Some(ends.max().map_or(chosen, |end| chosen.min(end)))
    }

    /// True if a run goes on after the playhead, where it may fail, diverge or leave the picture.
    pub(crate) fn has_unseen_rows(&self) -> bool {
        let is_unseen = |path: &RunPath<'_>| path.trace.last_iteration() > Some(path.until);
        self.iteration.is_some() && self.paths.iter().any(is_unseen)
    }

    /// The same context at the end of all runs.
    pub(crate) fn at_end(&self) -> Self {
        let mut context = self.clone();
        context.iteration = None;
        for path in &mut context.paths {
            path.until = u64::MAX;
        }
        context
    }

    /// The experiment with the present state of the view.
    pub fn experiment_as_seen(&self) -> Experiment {
        Experiment {
            view: self.view.clone(),
            ..self.experiment.clone()
        }
    }

    /// The plane of the landscape, with its visible range.
    pub fn plane(&self) -> Plane {
        let metadata = self.problem.metadata();
        let mut plane = metadata.plane(self.view.axes(metadata));
        plane.range = self.view.range.unwrap_or(plane.range);
        plane
    }

    /// The axes of the plane.
    pub fn axes(&self) -> [Coordinate; 2] {
        let plane = self.plane();
        [plane.horizontal, plane.vertical]
    }

    /// The values of the variables that a plane does not show.
    pub fn base(&self) -> Point {
        self.problem.metadata().base_point(self.first_start())
    }

    /// The first start; the problem's own if there is none yet.
    pub fn first_start(&self) -> &Point {
        let own = &self.problem.metadata().start;
        self.starts.first().unwrap_or(own)
    }

    /// The level whose objective is drawn, 0 for the reduced objective.
    pub fn level(&self) -> usize {
        self.view.landscape_level.unwrap_or(1)
    }

    /// The ranges over which the plane is sampled: those of the screen, or more than a page shows.
    pub fn sampled(&self) -> [[f64; 2]; 2] {
        self.screen.sampled.unwrap_or_else(|| {
            self.plane().range.map(|[low, high]| {
                let margin = PAGE_MARGIN * (high - low);
                [low - margin, high + margin]
            })
        })
    }

    /// The runs that keep every point.
    pub fn recorded(&self) -> Vec<RunPath<'a>> {
        let mut paths = self.paths.clone();
        paths.retain(|path| path.trace.kept() == Points::All);
        paths
    }

    /// The visible methods, with their indices.
    pub fn visible_methods(&self) -> impl Iterator<Item = (usize, &'a MethodSpec)> + '_ {
        let methods = self.experiment.methods.iter().enumerate();
        methods.filter(|(slot, _)| !self.hidden.contains(slot))
    }

    /// The label of a method.
    pub fn label(&self, slot: usize) -> &'a str {
        let method = self.experiment.methods.get(slot);
        method.map_or("", |method| &method.label)
    }

    /// A method's look.
    pub fn look(&self, slot: usize) -> MethodLook {
        let looks = method_looks(&self.experiment.methods);
        looks.get(slot).copied().unwrap_or_default()
    }

    /// The ranges of a figure that was panned or zoomed.
    pub fn range(&self, figure: usize) -> Option<[[f64; 2]; 2]> {
        self.screen.ranges.get(figure).copied().flatten()
    }
}

/// The iteration at which the runs of a branch leave those of a method that is drawn, too: the last one that they have in
/// common with any of them.
pub fn leaves(
    methods: &[MethodSpec],
    slot: usize,
    is_drawn: impl Fn(usize) -> bool,
) -> Option<u64> {
    let parents = parents(methods, slot).unwrap_or_default();
    let drawn = parents.iter().find(|parent| is_drawn(parent.slot));
    drawn.map(|parent| parent.until)
}

/// A problem in a request, equal only to itself.
#[derive(Clone, Debug)]
pub struct SharedProblem(pub Arc<dyn Problem>);

impl PartialEq for SharedProblem {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for SharedProblem {
    type Target = dyn Problem;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl ViewContext<'_> {
    /// The problem, for a request.
    pub fn shared_problem(&self) -> SharedProblem {
        SharedProblem(Arc::clone(self.problem))
    }
}

#[cfg(test)]
mod tests {
    use bilevel::study::RunCost;
    use bilevel_files::{ProgressReports, run_all};

    use super::*;
    use crate::view::View as _;
    use crate::view::race::RacePicture;
    use crate::{Layer, Theme};

    /// A parent, a branch of it, and a branch of that which leaves it early.
    const TREE: &str = "iterations = 20\n[problem]\nid = 'valleys'\n[[method]]\nid = 'itd'\nlabel = 'A'\n\
                        [[method]]\nid = 'itd'\nlabel = 'B'\nfrom = { run = 'A', k = 10 }\n\
                        [[method]]\nid = 'gda'\nlabel = 'C'\nfrom = { run = 'B', k = 4 }\n";

    #[test]
    fn a_branch_leaves_the_nearest_path_that_is_drawn() {
        let experiment = Experiment::read("tree.toml", TREE).expect("the file is right");
        let leaves = |slot, drawn: &[usize]| {
            leaves(&experiment.methods, slot, |parent| drawn.contains(&parent))
        };
        assert_eq!(leaves(0, &[0, 1, 2]), None);
        assert_eq!(leaves(1, &[0, 1, 2]), Some(10));
        assert_eq!(leaves(1, &[1, 2]), None);
        assert_eq!(leaves(2, &[0, 1, 2]), Some(4));
        assert_eq!(leaves(2, &[0, 2]), Some(4));
        assert_eq!(leaves(2, &[2]), None);
    }

    #[test]
    fn the_curve_of_a_branch_begins_where_it_leaves_and_its_cost_includes_its_parents() {
        let experiment = Experiment::read("tree.toml", TREE).expect("the file is right");
        let problem = experiment.problem.build();
        let results = run_all(&experiment, &problem, Some(1), ProgressReports::SILENT);
        let results = results.expect("it runs");
        let starts = experiment.start_points(&*problem);
        let mut context = ViewContext::of_results(&experiment, &problem, &starts, &results);
        for (cost, words) in [
            (RunCost::Iterations, ""),
            (RunCost::Gradients, ", parents included"),
        ] {
            context.race.cost = cost;
            let figures = RacePicture::figures(&context, &Vec::new(), Theme::Light);
            let lines = figures[0].layers.iter().filter_map(|layer| match layer {
                Layer::Line(line) => Some((line.slot, line.from)),
                _ => None,
            });
            assert_eq!(lines.collect::<Vec<_>>(), [(0, 0), (1, 10), (2, 4)]);
            assert!(
                figures[0].x.label.ends_with(words),
                "{}",
                figures[0].x.label
            );
        }
        // without the parent, the whole run is drawn
        context.paths.remove(0);
        context.paths[0].leaves = leaves(&experiment.methods, 1, |slot| slot != 0);
        assert_eq!(context.paths[0].first_row(), 0);
    }
}
