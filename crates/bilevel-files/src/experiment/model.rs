//! An experiment as plain data: what a file says, with its defaults filled in.

use std::sync::Arc;

use bilevel::formula::Model;
use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, Coordinate, FORMULA, Metadata, ParameterError, Problem, Settings};
use bilevel::referee::with_found_minima;
use bilevel::run::{Points, RUNS, Recording, RunSpec, StopRules};
use bilevel::study::{Measure, PlaneOf, RunCost};
use thiserror::Error;

use super::sweep_axis::SweepAxis;

/// A problem, starts, methods with parameters, and how to view them.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// A few words.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub about: String,
    /// Where it comes from.
    pub source: String,
    /// The most outer iterations of every run.
    pub iterations: u64,
    /// Every method is run from every start with every seed.
    pub seeds: Vec<u64>,
    /// The starts as given; the problem's default where there are none.
    pub starts: Vec<StartSpec>,
    /// Every so many iterations are recorded.
    pub record_every: u64,
    /// Whose variables are recorded; by the size of the problem if not given.
    pub record_points: Option<Points>,
    /// Size beyond which a variable has diverged; see [`RunSpec::divergence_limit`].
    pub diverge_at: Option<f64>,
    /// The problem.
    pub problem: ProblemSpec,
    /// The methods, in the order of their colours.
    pub methods: Vec<MethodSpec>,
    /// When to stop early.
    pub stop: StopRules,
    /// How to look at it.
    pub view: ViewSpec,
}

/// A start as a file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum StartSpec {
    /// The problem's own.
    Default,
    /// The one that the problem trains, where it offers that.
    Pretrained,
    /// These blocks.
    At(Point),
}

/// A problem with its parameters.
#[derive(Clone, Debug)]
pub struct ProblemSpec {
    /// The benchmark.
    pub entry: &'static problem::ProblemInfo,
    /// Its parameters.
    pub settings: Settings,
}

impl PartialEq for ProblemSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id && self.settings == other.settings
    }
}

impl ProblemSpec {
    /// A problem with all defaults; for typed formulas, those that an editor opens with.
    pub fn new(entry: &'static problem::ProblemInfo) -> Self {
        let settings = if entry.id == FORMULA.id {
            Settings::of_model(Model::clone(Model::starter()))
        } else {
            Settings::new(entry.parameters)
        };
        Self { entry, settings }
    }

    /// The problem of typed formulas.
    pub fn typed(model: Model) -> Self {
        Self {
            entry: FORMULA,
            settings: Settings::of_model(model),
        }
    }

    /// The instance with the minima that the referee finds, where the problem knows none itself: ends of runs are judged by them.
    ///
    /// What was found until the token was cancelled is thrown away.
    pub fn build_informed(&self, token: &WorkToken) -> Arc<dyn Problem> {
        with_found_minima(&self.build(), token)
    }

    /// The instance.
    pub fn build(&self) -> Arc<dyn Problem> {
        (self.entry.build)(&self.settings)
    }
}

/// A method with its parameters.
#[derive(Clone, Debug)]
pub struct MethodSpec {
    /// The method.
    pub entry: &'static method::MethodInfo,
    /// Its parameters.
    pub settings: Settings,
    /// Its name, unique in the experiment.
    pub label: String,
    /// The status that its runs are meant to end with.
    pub expect: Option<&'static str>,
}

impl PartialEq for MethodSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id
            && self.settings == other.settings
            && self.label == other.label
            && self.expect == other.expect
    }
}

/// The arrangement of the views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowLayout {
    /// The landscape over the race, with words beside them.
    #[default]
    Teach,
    /// The landscape beside the race, with a table of results.
    Compare,
    /// Large pictures and few controls.
    Present,
}

impl WindowLayout {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Teach, Self::Compare, Self::Present];

    /// What it shows, in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Teach => "the landscape over the race, with words beside them",
            Self::Compare => "the landscape beside the race, with a table of results",
            Self::Present => "large pictures and few controls",
        }
    }

    /// The word in files and menus.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Teach => "teach",
            Self::Compare => "compare",
            Self::Present => "present",
        }
    }
}

/// What the runs are seen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// An objective over a plane of two variables.
    Landscape,
    /// Each level's objective along its own variable, side by side.
    Levels,
    /// The leader's objective against the value gap.
    Honesty,
    /// The leader's objective with a penalty on the value gap.
    Penalty,
    /// Where the innermost level is convex.
    Assumptions,
    /// An objective over a plane through all variables.
    Slice,
    /// Where each method ends, for every start.
    Atlas,
    /// How often a method reaches the global optimum, over its parameters.
    Sweep,
    /// What a run has learnt, in the problem's own pictures.
    Learned,
}

impl ViewKind {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 9] = [
        Self::Landscape,
        Self::Levels,
        Self::Honesty,
        Self::Penalty,
        Self::Assumptions,
        Self::Slice,
        Self::Atlas,
        Self::Sweep,
        Self::Learned,
    ];

    /// The word in files and menus.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Landscape => "landscape",
            Self::Levels => "levels",
            Self::Honesty => "honesty",
            Self::Penalty => "penalty",
            Self::Assumptions => "assumptions",
            Self::Slice => "slice",
            Self::Atlas => "atlas",
            Self::Sweep => "sweep",
            Self::Learned => "learned",
        }
    }

    /// What it shows, in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Landscape => "an objective over a plane of two variables",
            Self::Levels => "each level's objective along its own variable, side by side",
            Self::Honesty => "what the leader believes, over how far the follower is from its best",
            Self::Penalty => "the leader's objective with a price on the follower's gap",
            Self::Assumptions => "where the follower is convex, and which methods need that",
            Self::Slice => {
                "an objective over a plane through all variables, with the trails projected"
            }
            Self::Atlas => "for every start, where each method ends",
            Self::Sweep => "how often a method finds the optimum, over one or two parameters",
            Self::Learned => "what a run has learnt from data: samples, images, tables",
        }
    }

    /// The one after it, in the order of menus.
    #[must_use]
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|kind| *kind == self);
        let next = place.map_or(0, |place| (place + 1) % Self::ALL.len());
        Self::ALL[next]
    }

    /// The one that suits a problem: its own pictures where it has any, and a plane shows no more than two levels.
    pub fn suited_to(problem: &dyn Problem) -> Self {
        if problem.offers_visuals() {
            Self::Learned
        } else if problem.metadata().shape().levels() > 2 {
            Self::Levels
        } else {
            Self::Landscape
        }
    }
}

/// How an experiment wants to be looked at; the words are those of the views.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewSpec {
    /// The arrangement of the views.
    pub layout: Option<WindowLayout>,
    /// What runs are compared over.
    pub race_x: Option<RunCost>,
    /// What is compared.
    pub race_y: Option<Measure>,
    /// Whose objective the landscape shows.
    pub landscape_level: Option<usize>,
    /// The coordinates of the landscape, such as `["x2[1]", "x1[1]"]`.
    pub plane: Option<[String; 2]>,
    /// The ranges of the landscape.
    pub range: Option<[[f64; 2]; 2]>,
    /// What the runs are seen on; what suits the number of levels if not given.
    pub kind: Option<ViewKind>,
    /// The penalty on the follower's gap where that view is shown.
    pub penalty: Option<f64>,
    /// What the plane of a slice is laid through.
    pub slice: Option<PlaneOf>,
    /// The starts along an axis of an atlas or a sweep.
    pub grid: Option<usize>,
    /// What a sweep varies.
    pub vary: Vec<SweepAxis>,
}

impl ViewSpec {
    /// The penalty where none is given.
    pub const PENALTY: f64 = 10.0;

    /// The coordinates that `plane` names; `None` where it names none or wrong ones.
    pub fn axes(&self, metadata: &Metadata) -> Option<[Coordinate; 2]> {
        let names = self.plane.as_ref()?;
        let find = |name: &String| {
            metadata
                .coordinates()
                .into_iter()
                .find(|at| at.to_string() == *name)
        };
        let axes = [find(&names[0])?, find(&names[1])?];
        (axes[0] != axes[1]).then_some(axes)
    }
}

/// Which of an experiment's runs it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunKey {
    /// The method, from 0.
    pub method: usize,
    /// The start, from 0.
    pub start: usize,
    /// The seed.
    pub seed: u64,
}

/// Why an experiment cannot be run as a whole.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PlanError {
    /// A method is not for this problem.
    #[error("`{label}` cannot run here: {reason}")]
    Refused {
        /// The method's label.
        label: String,
        /// Why.
        reason: String,
    },
    /// A list of a parameter has not one value per lower level.
    #[error("`{label}`: {error}")]
    Parameter {
        /// The method's label.
        label: String,
        /// Why.
        error: ParameterError,
    },
    /// A start has other blocks than the problem.
    #[error("start {number} has blocks of {given:?} variables, and the problem has {expected:?}")]
    Shape {
        /// Which start, from 1.
        number: usize,
        /// The sizes given.
        given: Vec<usize>,
        /// The sizes needed.
        expected: Vec<usize>,
    },
    /// A start lies outside of the problem's box.
    #[error("start {number}: x{level}[{index}] = {value} is outside of the box [{low}, {high}]")]
    Outside {
        /// Which start, from 1.
        number: usize,
        /// The level.
        level: usize,
        /// The variable, from 1.
        index: usize,
        /// Its value.
        value: f64,
        /// The box.
        low: f64,
        /// The box.
        high: f64,
    },
    /// There are too many.
    #[error("{0} runs are too many for one experiment; split it into several with at most {RUNS}")]
    TooMany(usize),
}

impl Experiment {
    /// The most outer iterations that a file may ask for.
    pub const MOST_ITERATIONS: u64 = 100_000_000;

    /// The points that runs start from; a start that has to be trained is trained when it is first asked for.
    pub fn start_points(&self, problem: &dyn Problem) -> Vec<Point> {
        self.starts_with(problem, &WorkToken::default())
    }

    /// The points that runs start from, without any training: what is not trained yet is the problem's own start.
    pub fn known_starts(&self, problem: &dyn Problem) -> Vec<Point> {
        self.starts_with(problem, &cancelled())
    }

    /// Whether no start has still to be trained.
    pub fn starts_are_known(&self, problem: &dyn Problem) -> bool {
        let is_known = || problem.pretrained(&cancelled()).is_some();
        !self.starts.contains(&StartSpec::Pretrained) || is_known()
    }

    fn starts_with(&self, problem: &dyn Problem, token: &WorkToken) -> Vec<Point> {
        let default = &problem.metadata().start;
        if self.starts.is_empty() {
            return vec![default.clone()];
        }
        let point = |start: &StartSpec| match start {
            StartSpec::Default => default.clone(),
            StartSpec::Pretrained => problem.pretrained(token).unwrap_or_else(|| default.clone()),
            StartSpec::At(point) => point.clone(),
        };
        self.starts.iter().map(point).collect()
    }

    /// How many runs it has.
    pub fn run_count(&self) -> usize {
        self.methods
            .len()
            .saturating_mul(self.starts.len().max(1))
            .saturating_mul(self.seeds.len())
    }

    /// Whether the experiment can be run as a whole, without training a start.
    pub fn check(&self, problem: &dyn Problem) -> Result<(), PlanError> {
        if self.run_count() > RUNS {
            return Err(PlanError::TooMany(self.run_count()));
        }
        for method in &self.methods {
            check_method(method, problem)?;
        }
        for (place, start) in self.starts.iter().enumerate() {
            if let StartSpec::At(point) = start {
                check_start(place + 1, point, problem)?;
            }
        }
        Ok(())
    }

    /// All runs: method after method, in each start after start, in each seed after seed.
    pub fn runs(&self, problem: &Arc<dyn Problem>) -> Result<Vec<(RunKey, RunSpec)>, PlanError> {
        if self.run_count() > RUNS {
            return Err(PlanError::TooMany(self.run_count()));
        }
        let mut runs = Vec::new();
        for method in 0..self.methods.len() {
            runs.extend(self.runs_of(method, problem)?);
        }
        Ok(runs)
    }

    /// The runs of one method.
    pub fn runs_of(
        &self,
        method: usize,
        problem: &Arc<dyn Problem>,
    ) -> Result<Vec<(RunKey, RunSpec)>, PlanError> {
        let spec = &self.methods[method];
        check_method(spec, &**problem)?;
        let recording = Recording::default_for(problem.metadata().shape().total());
        let recording = Recording {
            every: self.record_every,
            points: self.record_points.unwrap_or(recording.points),
        };
        let mut runs = Vec::new();
        for (start, point) in self.start_points(&**problem).into_iter().enumerate() {
            check_start(start + 1, &point, &**problem)?;
            for &seed in &self.seeds {
                let spec = RunSpec {
                    problem: Arc::clone(problem),
                    method: spec.entry,
                    settings: spec.settings.clone(),
                    start: point.clone(),
                    start_number: start,
                    seed,
                    iterations: self.iterations,
                    stop: self.stop,
                    recording,
                    diverge_at: self.diverge_at,
                };
                runs.push((
                    RunKey {
                        method,
                        start,
                        seed,
                    },
                    spec,
                ));
            }
        }
        Ok(runs)
    }
}

/// Whether a method can be run on the problem at all.
fn check_method(spec: &MethodSpec, problem: &dyn Problem) -> Result<(), PlanError> {
    let metadata = problem.metadata();
    if let Some(reason) = spec.entry.refusal(metadata) {
        return Err(PlanError::Refused {
            label: spec.label.clone(),
            reason,
        });
    }
    spec.settings
        .check_levels(metadata.shape().levels())
        .map_err(|error| PlanError::Parameter {
            label: spec.label.clone(),
            error,
        })
}

/// Whether a start fits the problem.
fn check_start(number: usize, point: &Point, problem: &dyn Problem) -> Result<(), PlanError> {
    let metadata = problem.metadata();
    let sizes = |point: &Point| -> Vec<usize> { point.to_blocks().iter().map(Vec::len).collect() };
    if point.shape() != metadata.shape() {
        return Err(PlanError::Shape {
            number,
            given: sizes(point),
            expected: sizes(&metadata.start),
        });
    }
    for level in 1..=point.shape().levels() {
        for (index, (&value, &[low, high])) in point[level]
            .iter()
            .zip(metadata.bounds.limits(level))
            .enumerate()
        {
            if !(low <= value && value <= high) {
                return Err(PlanError::Outside {
                    number,
                    level,
                    index: index + 1,
                    value,
                    low,
                    high,
                });
            }
        }
    }
    Ok(())
}

/// The token of work that may not begin: what is known already is found all the same.
fn cancelled() -> WorkToken {
    let token = WorkToken::default();
    token.cancel();
    token
}

/// A label for a method that has none: its id, numbered when that is taken.
pub fn unused_label(id: &str, methods: &[MethodSpec]) -> String {
    let is_free = |label: &str| methods.iter().all(|method| method.label != label);
    if is_free(id) {
        return id.to_owned();
    }
    // one more number than there are methods is always free
    (2..methods.len() + 3)
        .map(|number| format!("{id} {number}"))
        .find(|label| is_free(label))
        .unwrap_or_else(|| id.to_owned())
}
