//! Runs from many starts, looked at by the referee on their way: how near, after how many iterations, at what cost.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use anyhow::{Context as _, Result};
use bilevel::numerics::WorkToken;
use bilevel::problem::{Call, Problem};
use bilevel::referee::{Bench, Memory};
use bilevel::run::{Budget, Points, Pool, Recording, Run, RunSpec, WEIGHTS};
use bilevel::study::{Effort, Ended, Goals, StartGrid, Tally, Verdict, judge, tune};
use bilevel_files::{Ask, Experiment, MethodSpec, Shard, StartSpec};
use bilevel_files::{Progress, cells};
use rayon::prelude::*;

use super::finding::median;

/// Methods in which chance has a part: they run with several seeds.
const OF_CHANCE: [&str; 4] = ["evolution", "stocbio", "mrbo", "vrbo"];
/// Their seeds.
const SEEDS: [u64; 3] = [0, 1, 2];

/// A value gap up to this counts as closed here.
pub(super) const CLOSED: f64 = 1e-2;

/// How a run stands at one of its iterations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Milestone {
    pub(super) iteration: u64,
    /// The calls so far, weighed as in files.
    pub(super) cost: f64,
    pub(super) gap: f64,
    /// φ − φ* where the leader stands.
    pub(super) above: f64,
}

/// A run from its start to its end.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub(super) milestones: Vec<Milestone>,
    pub(super) verdict: Verdict,
    /// The method's own time for an outer iteration, in seconds.
    pub(super) pace: f64,
}

impl Course {
    /// Divergence or failure: the run has no end of its own.
    fn is_lost(&self) -> bool {
        matches!(self.verdict, Verdict::Diverged | Verdict::Failed)
    }

    /// How it ended; NaN where nothing is known.
    pub(super) fn above(&self) -> f64 {
        match self.milestones.last() {
            Some(last) if !self.is_lost() => last.above,
            _ => f64::INFINITY,
        }
    }

    /// From where on the leader's choice is worth the optimum but for a tolerance; with the follower's gap closed as well where
    /// that is asked for. Iterates between two milestones are not looked at: these lie a tenth apart.
    pub(super) fn first_within(&self, tolerance: f64, is_answered: bool) -> Option<&Milestone> {
        if self.is_lost() {
            return None;
        }
        let is_near =
            |one: &Milestone| one.above <= tolerance && (!is_answered || one.gap <= CLOSED);
        let far = self.milestones.iter().rposition(|one| !is_near(one));
        self.milestones.get(far.map_or(0, |far| far + 1))
    }
}

/// Runs to their ends, in the order of their specifications, on the threads of the present pool.
pub(super) fn courses(specs: Vec<RunSpec>) -> Result<Vec<Course>> {
    let token = WorkToken::default();
    let Some(first) = specs.first() else {
        return Ok(Vec::new());
    };
    let goals = Goals::of(&*first.problem, &token).context("there is nothing to reach")?;
    let memory = Arc::<Memory>::default();
    let run = |spec| course(spec, (&goals, &memory), &token);
    Ok(specs.into_par_iter().map(run).collect())
}

fn course(spec: RunSpec, (goals, memory): (&Goals, &Arc<Memory>), token: &WorkToken) -> Course {
    let problem = Arc::clone(&spec.problem);
    let bench = Bench::new(&*problem, memory, token);
    let optimum = problem.facts().optimum().unwrap_or(f64::NAN);
    let mut run = Run::new(unrecorded(spec), token.clone());
    let mut milestones = Vec::new();
    let mut next = 1;
    while run.status().is_running() {
        run.advance(Budget::Iterations(next - run.iteration()));
        let judged = judge(&*problem, &bench, Some(run.point()));
        let weighed = Call::ALL.iter().zip(WEIGHTS);
        milestones.push(Milestone {
            iteration: run.iteration(),
            cost: weighed
                .map(|(&call, weight)| weight * run.counts().total(call) as f64)
                .sum(),
            gap: judged.gap,
            // the best that rounding lets be known
            above: (judged.reduced - optimum).max(0.0),
        });
        next = (next + 1).max(next + next / 10);
    }
    let ended = Ended::of(&run);
    let end = goals.end(&*problem, ended, token);
    Course {
        milestones,
        verdict: end.map_or(Verdict::Unknown, |end| end.verdict),
        pace: run.time().as_secs_f64() / run.iteration().max(1) as f64,
    }
}

fn unrecorded(spec: RunSpec) -> RunSpec {
    RunSpec {
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        ..spec
    }
}

/// All courses of one method.
pub(super) struct Entrant {
    pub(super) label: String,
    pub(super) courses: Vec<Course>,
}

impl Entrant {
    /// How the runs ended; a run costs what it cost in all.
    pub(super) fn tally(&self) -> Tally {
        let cost = |one: &Course| one.milestones.last().map_or(0.0, |last| last.cost);
        Tally::of(self.courses.iter().map(|one| (one.verdict, cost(one))))
    }

    /// The median of φ − φ* at the ends.
    pub(super) fn above(&self) -> f64 {
        median(self.courses.iter().map(Course::above))
    }

    /// How many runs come within a tolerance, and the medians of what these need: iterations and cost.
    pub(super) fn within(&self, tolerance: f64, is_answered: bool) -> (usize, [f64; 2]) {
        let courses = self.courses.iter();
        let found: Vec<&Milestone> = courses
            .filter_map(|one| one.first_within(tolerance, is_answered))
            .collect();
        let iterations = median(found.iter().map(|one| one.iteration as f64));
        (
            found.len(),
            [iterations, median(found.iter().map(|one| one.cost))],
        )
    }

    /// The median time of an outer iteration.
    pub(super) fn pace(&self) -> f64 {
        median(self.courses.iter().map(|one| one.pace))
    }
}

/// One method of an experiment alone, with several seeds if chance has a part in it.
fn alone(experiment: &Experiment, method: &MethodSpec) -> Experiment {
    let mut alone = experiment.clone();
    alone.methods = vec![method.clone()];
    if OF_CHANCE.contains(&method.entry.id) {
        alone.seeds = SEEDS.to_vec();
    }
    alone
}

/// Every method of an experiment from all of its starts; one that is not for the problem has no course.
pub(super) fn entrants(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
) -> Result<Vec<Entrant>> {
    let found = experiment.methods.iter().map(|method| {
        let specs = alone(experiment, method).tunable(problem)?;
        Ok(Entrant {
            label: method.label.clone(),
            courses: courses(specs.concat())?,
        })
    });
    found.collect()
}

/// Starts on a grid over the variables that pictures of the problem show.
pub(super) fn grid(experiment: &Experiment, problem: &dyn Problem, side: usize) -> StartGrid {
    let facts = problem.facts();
    let plane = facts.plane(experiment.view.axes(facts));
    let axes = StartGrid::pictured(facts, &plane);
    let base = experiment.start_points(problem).swap_remove(0);
    StartGrid::new(facts, &axes, side, base)
}

/// The same experiment from some starts of a grid.
pub(super) fn from_starts(
    experiment: &Experiment,
    grid: &StartGrid,
    starts: impl Iterator<Item = usize>,
) -> Experiment {
    Experiment {
        starts: starts.map(|cell| StartSpec::At(grid.start(cell))).collect(),
        ..experiment.clone()
    }
}

/// The same experiment with the best of equally many step sizes for each method.
pub(super) fn tuned(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    effort: Effort,
) -> Result<Experiment> {
    let (done, token) = (AtomicUsize::new(0), WorkToken::default());
    let methods = experiment.tunable(problem)?;
    let tunings = tune(&methods, effort, &done, &token).context("the tuning was cancelled")?;
    Ok(experiment.tuned(&tunings))
}

/// Where each method of an experiment ends from each start of a grid; methods of chance with several seeds.
pub(super) fn surveyed_ends(experiment: &Experiment, side: usize) -> Result<Vec<(String, Tally)>> {
    let problem = experiment.problem.build();
    let facts = problem.facts();
    let plane = facts.plane(experiment.view.axes(facts));
    let axes = StartGrid::pictured(facts, &plane);
    let mut found = Vec::new();
    for method in &experiment.methods {
        let alone = alone(experiment, method);
        let ask = Ask {
            plane: Some(axes.iter().map(ToString::to_string).collect()),
            side,
            ..Ask::default()
        };
        let plan = alone.basins(&problem, &ask)?;
        let workers = Pool::default_workers();
        let cells = cells(&plan, Shard::WHOLE, workers, Progress::SILENT)?;
        found.push((method.label.clone(), Tally::of_cells(&cells)));
    }
    Ok(found)
}
