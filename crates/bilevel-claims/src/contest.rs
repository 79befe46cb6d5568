//! A contest of methods on one problem at equal cost: the same number of trials for each method, selection by the share
//! of solved starts, and a report on other starts.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{OracleCall, Problem, Settings};
use bilevel::referee::{Bench, ColumnCache};
use bilevel::run::{Budget, Points, Recording, Run, RunSpec, WEIGHTS};
use bilevel::study::{FinalState, KnownMinima, OutcomeCounts, Share, Verdict, judge};
use rayon::prelude::*;

use super::finding::Size;
use super::interval::Interval;
use super::messages;
use super::search::{setting, start};

/// The budget of a run in weighted calls: values count ½, gradients 1, products 2, higher derivatives 4.
pub(super) const BUDGET: f64 = 13_000.0;
/// The tolerances of φ − φ* for a solved run.
pub(super) const TOLERANCES: [f64; 4] = [1e-1, 1e-2, 1e-4, 1e-8];
/// The largest value gap that counts as closed.
pub(super) const CLOSED: f64 = 1e-2;
/// Index of the tolerance at which the value gap is checked as well.
const OF_ANSWERED: usize = 1;
/// The final share of the budget, with [`LOOKS`] looks: a solved run stays within the tolerance at each of them.
const LAST: f64 = 0.1;
const LOOKS: u32 = 10;
/// Growth factor of the cost from one look to the next before that.
const GROWTH: f64 = 1.1;

/// The size of a contest.
#[derive(Clone, Copy, Debug)]
pub(super) struct ContestSize {
    /// The number of trials, each with its own settings, per method.
    pub(super) trials: u32,
    /// The number of starts of each trial.
    pub(super) tuning: u32,
    /// The number of further starts for the report.
    pub(super) report: u32,
}

impl ContestSize {
    pub(super) fn of(size: Size) -> Self {
        size.of(
            Self {
                trials: 40,
                tuning: 16,
                report: 60,
            },
            Self {
                trials: 3,
                tuning: 2,
                report: 4,
            },
        )
    }
}

/// The first look from which on a run stays within a tolerance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reached {
    pub(super) iteration: u64,
    pub(super) cost: f64,
}

/// The result of a run to the end of its budget.
#[derive(Clone, Debug)]
pub(super) struct BudgetedRun {
    /// The first look within each of [`TOLERANCES`]; `None` if the run does not stay within it.
    pub(super) reached: [Option<Reached>; TOLERANCES.len()],
    /// True if the run is within 0.01 of the optimum with a closed value gap.
    pub(super) is_answered: bool,
    /// φ − φ* at the end; infinite for a run that diverged or failed.
    pub(super) above: f64,
    pub(super) verdict: Verdict,
    pub(super) cost: f64,
    /// The method's own time per outer iteration, in seconds.
    pub(super) pace: f64,
}

/// A method with the best setting of its trials, and its runs from the report's starts.
#[derive(Clone, Debug)]
pub(super) struct TunedMethod {
    pub(super) label: &'static str,
    pub(super) settings: Settings,
    /// The number of trials that solve all of their starts.
    pub(super) perfect: usize,
    pub(super) courses: Vec<BudgetedRun>,
}

impl TunedMethod {
    pub(super) fn solved(&self, tolerance: usize) -> Share {
        let solved = self.courses.iter();
        let solved = solved
            .filter(|one| one.reached[tolerance].is_some())
            .count();
        Share::new(solved, self.courses.len())
    }

    /// The paired difference of solved shares: this method's less the other's, from the same starts.
    pub(super) fn ahead_of(&self, other: &Self, tolerance: usize) -> Interval {
        let pairs = self.courses.iter().zip(&other.courses);
        let has = |one: &BudgetedRun| one.reached[tolerance].is_some();
        Interval::of_difference(pairs.map(|(one, two)| (has(one), has(two))))
    }

    /// The median of a score over the solved runs.
    pub(super) fn median(&self, tolerance: usize, figure: fn(&Reached) -> f64) -> Interval {
        let reached = self
            .courses
            .iter()
            .filter_map(|one| one.reached[tolerance].as_ref());
        Interval::of_median(reached.map(figure))
    }

    /// The median ratio of a score to another method's, over the starts that both solve.
    pub(super) fn ratio_to(
        &self,
        other: &Self,
        tolerance: usize,
        figure: fn(&Reached) -> f64,
    ) -> Interval {
        let pairs = self.courses.iter().zip(&other.courses);
        let ratios = pairs.filter_map(|(one, two)| {
            let [one, two] = [one, two].map(|course| course.reached[tolerance].as_ref());
            Some(figure(one?) / figure(two?))
        });
        Interval::of_median(ratios)
    }

    pub(super) fn count_outcomes(&self) -> OutcomeCounts {
        OutcomeCounts::of(self.courses.iter().map(|one| (one.verdict, one.cost)))
    }

    pub(super) fn above(&self) -> Interval {
        Interval::of_median(self.courses.iter().map(|one| one.above))
    }

    /// The median time per outer iteration.
    pub(super) fn pace(&self) -> f64 {
        Interval::of_median(self.courses.iter().map(|one| one.pace)).estimate
    }
}

/// Returns the labels of the methods with the largest share of solved starts, and the first of these methods; `None` if
/// there are no methods.
pub(super) fn best_of<'a>(
    others: &[&'a TunedMethod],
    tolerance: usize,
) -> Option<(Vec<String>, &'a TunedMethod)> {
    let share = |one: &TunedMethod| one.solved(tolerance).share;
    let most = others.iter().map(|one| share(one)).fold(0.0, f64::max);
    let best = others.iter().filter(|one| share(one) == most);
    let labels = best.clone().map(|one| one.label.to_owned()).collect();
    Some((labels, best.copied().next()?))
}

/// Indices of the methods that no other one beats in the share of solved starts, beyond the interval of the paired
/// difference; empty if no method solves any start.
pub(super) fn leaders(variants: &[&TunedMethod], tolerance: usize) -> Vec<usize> {
    let is_beaten = |one: &TunedMethod| {
        let mut others = variants.iter();
        others.any(|other| other.ahead_of(one, tolerance).low > 0.0)
    };
    let is_leader = |place: &usize| {
        let one = variants[*place];
        one.solved(tolerance).share > 0.0 && !is_beaten(one)
    };
    (0..variants.len()).filter(is_leader).collect()
}

/// Index of the leading method with a smaller score than every other leading one, beyond the intervals of the paired
/// ratios.
pub(super) fn least(
    variants: &[&TunedMethod],
    tolerance: usize,
    figure: fn(&Reached) -> f64,
) -> Option<usize> {
    let leaders = leaders(variants, tolerance);
    let is_least = |place: &usize| {
        let mut others = leaders.iter().filter(|other| *other != place);
        others.all(|other| {
            let ratio = variants[*place].ratio_to(variants[*other], tolerance, figure);
            ratio.high < 1.0
        })
    };
    leaders.iter().copied().find(is_least)
}

/// The trials of one method: the settings and the runs of each.
struct MethodTrials {
    settings: Vec<Settings>,
    courses: Vec<Vec<BudgetedRun>>,
}

impl MethodTrials {
    /// Index of the setting that solves most starts; ties go to the lowest median cost of solved runs, then to the
    /// lowest median φ at the end.
    fn best(&self, tolerance: usize) -> usize {
        let key = |courses: &Vec<BudgetedRun>| {
            let reached: Vec<f64> = courses
                .iter()
                .filter_map(|one| Some(one.reached[tolerance].as_ref()?.cost))
                .collect();
            let unsolved = courses.len() - reached.len();
            let cost = Interval::of_median(reached).estimate;
            let above = Interval::of_median(courses.iter().map(|one| one.above)).estimate;
            // without a solved run the median cost is NaN: then the ends decide
            (unsolved, if cost.is_nan() { 0.0 } else { cost }, above)
        };
        let keys = self.courses.iter().map(key).enumerate();
        let best = keys.min_by(|(_, a), (_, b)| {
            let by_cost = a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2));
            a.0.cmp(&b.0).then(by_cost)
        });
        best.map_or(0, |(place, _)| place)
    }

    fn perfect(&self, tolerance: usize) -> usize {
        let is_perfect = |courses: &&Vec<BudgetedRun>| {
            courses.iter().all(|one| one.reached[tolerance].is_some())
        };
        self.courses.iter().filter(is_perfect).count()
    }
}

/// A problem with the starts of trials and report.
pub(super) struct Contest {
    problem: Arc<dyn Problem>,
    effort: ContestSize,
    /// All starts, those of the trials first.
    pub(super) starts: Vec<Point>,
    goals: KnownMinima,
    memory: Arc<ColumnCache>,
    token: WorkToken,
}

impl Contest {
    pub(super) fn new(problem: Arc<dyn Problem>, effort: ContestSize) -> Result<Self> {
        let token = WorkToken::default();
        let goals = KnownMinima::of(&*problem, &token).context(messages::no_goal())?;
        let metadata = problem.metadata();
        metadata.optimum().context(messages::unknown_optimum())?;
        let starts = (0..effort.tuning + effort.report).map(|number| start(metadata, number));
        Ok(Self {
            starts: starts.collect(),
            effort,
            goals,
            memory: Arc::default(),
            token,
            problem,
        })
    }

    /// Tunes each method, given as id and label, for each tolerance; the inner lists are by tolerance.
    pub(super) fn variants(
        &self,
        methods: &[(&str, &'static str)],
        tolerances: &[usize],
    ) -> Result<Vec<Vec<TunedMethod>>> {
        let methods = methods.iter();
        methods
            .map(|(id, label)| {
                let entry = method::find(id).with_context(|| messages::no_method(id))?;
                Ok(self.tuned((entry, label), tolerances))
            })
            .collect()
    }

    /// Runs a method with one given setting from the report's starts.
    pub(super) fn reported(
        &self,
        (id, label): (&str, &'static str),
        settings: &Settings,
    ) -> Result<TunedMethod> {
        let entry = method::find(id).with_context(|| messages::no_method(id))?;
        Ok(TunedMethod {
            label,
            settings: settings.clone(),
            perfect: 0,
            courses: self.report(entry, settings),
        })
    }

    /// The runs of a setting from the report's starts.
    fn report(&self, entry: &'static method::MethodInfo, settings: &Settings) -> Vec<BudgetedRun> {
        let starts = self.effort.tuning as usize..self.starts.len();
        let specs = starts.map(|start| self.spec(entry, settings, start));
        self.run(specs.collect(), true)
    }

    fn tuned(
        &self,
        (entry, label): (&'static method::MethodInfo, &'static str),
        tolerances: &[usize],
    ) -> Vec<TunedMethod> {
        let lower_levels = self.problem.metadata().shape().levels() - 1;
        let numbers = 0..self.effort.trials;
        let settings: Vec<Settings> = numbers
            .map(|number| setting(entry.parameters, lower_levels, number))
            .collect();
        let tuning = 0..self.effort.tuning as usize;
        let specs = settings
            .iter()
            .flat_map(|one| tuning.clone().map(|start| self.spec(entry, one, start)));
        let courses = self.run(specs.collect(), false);
        let courses = courses.chunks(tuning.len()).map(<[BudgetedRun]>::to_vec);
        let trials = MethodTrials {
            courses: courses.collect(),
            settings,
        };
        let mut found: Vec<(usize, Vec<BudgetedRun>)> = Vec::new();
        let variant = |&tolerance: &usize| {
            let best = trials.best(tolerance);
            let settings = &trials.settings[best];
            let known = found.iter().find(|(place, _)| *place == best);
            let courses = known.map_or_else(
                || self.report(entry, settings),
                |(_, courses)| courses.clone(),
            );
            found.push((best, courses.clone()));
            TunedMethod {
                label,
                settings: settings.clone(),
                perfect: trials.perfect(tolerance),
                courses,
            }
        };
        tolerances.iter().map(variant).collect()
    }

    fn spec(
        &self,
        entry: &'static method::MethodInfo,
        settings: &Settings,
        start_number: usize,
    ) -> RunSpec {
        RunSpec {
            settings: settings.clone(),
            start: self.starts[start_number].clone(),
            start_number,
            // another random seed for each start
            seed: start_number as u64,
            iterations: u64::MAX,
            recording: Recording {
                every: 0,
                points: Points::None,
            },
            ..RunSpec::new(&self.problem, entry)
        }
    }

    /// Runs the specifications on the current thread pool; the results are in their order.
    fn run(&self, specs: Vec<RunSpec>, is_judged: bool) -> Vec<BudgetedRun> {
        let specs = specs.into_par_iter();
        specs.map(|spec| self.course(spec, is_judged)).collect()
    }

    fn course(&self, spec: RunSpec, is_judged: bool) -> BudgetedRun {
        let mut run = Run::new(spec, self.token.clone());
        let looks = looks(&mut run);
        let is_lost = run.status().is_failure();
        let mut course = BudgetedRun {
            reached: [None; TOLERANCES.len()],
            is_answered: false,
            above: f64::INFINITY,
            verdict: Verdict::Unknown,
            cost: cost(&run),
            pace: run.time().as_secs_f64() / run.iteration().max(1) as f64,
        };
        if is_judged {
            let end = self
                .goals
                .end(&*self.problem, FinalState::of(&run), &self.token);
            course.verdict = end.map_or(Verdict::Unknown, |end| end.verdict);
        }
        if !is_lost {
            self.measure(&looks, &mut course);
        }
        course
    }

    /// Finds the first look within each tolerance, going back from the end as long as the run is within one.
    fn measure(&self, looks: &[Look], course: &mut BudgetedRun) {
        let bench = Bench::new(&*self.problem, &self.memory, &self.token);
        let optimum = self.problem.metadata().optimum().unwrap_or(f64::NAN);
        let mut is_within = [true; TOLERANCES.len()];
        for (back, look) in looks.iter().rev().enumerate() {
            let judged = judge(&*self.problem, &bench, Some(&look.point));
            // rounding can put φ a little below φ*
            let above = (judged.reduced - optimum).max(0.0);
            if back == 0 {
                course.above = if above.is_nan() { f64::INFINITY } else { above };
                course.is_answered = judged.gap <= CLOSED;
            }
            for ((reached, is_within), tolerance) in course
                .reached
                .iter_mut()
                .zip(&mut is_within)
                .zip(TOLERANCES)
            {
                *is_within &= above <= tolerance;
                if *is_within {
                    let Look {
                        iteration, cost, ..
                    } = *look;
                    *reached = Some(Reached { iteration, cost });
                } else if look.is_late {
                    *reached = None;
                }
            }
            if is_within.iter().all(|is_so| !is_so) {
                break;
            }
        }
        course.is_answered &= course.reached[OF_ANSWERED].is_some();
    }
}

/// The state of a run at one look.
struct Look {
    iteration: u64,
    cost: f64,
    /// True if the look is in the final share of the budget.
    is_late: bool,
    point: Point,
}

/// Advances a run through its budget and records looks: after each tenth more of cost, then in ten equal parts of the
/// last tenth, and at the last iterate. An iteration that would exceed the budget, if it costs as much as the one
/// before, is not started, and one that does exceed it does not count.
fn looks(run: &mut Run) -> Vec<Look> {
    let mut found = vec![look(run)];
    let mut mark = 1.0;
    let mut last = 0.0;
    while run.status().is_running() && cost(run) + last <= BUDGET {
        let before = cost(run);
        run.advance(Budget::Iterations(1));
        last = cost(run) - before;
        if cost(run) >= mark {
            found.push(look(run));
            while mark <= cost(run) {
                let part = BUDGET * LAST / f64::from(LOOKS);
                mark = (mark * GROWTH).min(if mark < BUDGET * (1.0 - LAST) {
                    BUDGET * (1.0 - LAST)
                } else {
                    mark + part
                });
            }
        }
    }
    if found
        .last()
        .is_some_and(|last| last.iteration < run.iteration())
    {
        found.push(look(run));
    }
    found.retain(|look| look.cost <= BUDGET);
    if let Some(last) = found.last_mut() {
        last.is_late = true;
    }
    found
}

fn look(run: &Run) -> Look {
    let cost = cost(run);
    Look {
        iteration: run.iteration(),
        is_late: cost >= BUDGET * (1.0 - LAST),
        cost,
        point: run.point().clone(),
    }
}

fn cost(run: &Run) -> f64 {
    let weighed = OracleCall::ALL.iter().zip(WEIGHTS);
    weighed
        .map(|(&call, weight)| weight * run.counts().total(call) as f64)
        .sum()
}
