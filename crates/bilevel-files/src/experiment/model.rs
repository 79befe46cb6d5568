//! An experiment as plain data: the content of a file with its defaults filled in.

use std::sync::Arc;

/// The most runs of one experiment.
const MOST_RUNS: usize = 65_536;

use bilevel::formula::Model;
use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{
    self, Coordinate, FORMULA, Metadata, Parameter, ParameterError, ParameterValue, Problem,
    Settings,
};
use bilevel::referee::with_found_minima;
use bilevel::run::{Points, Recording, RunSpec, StopRules};
use bilevel::study::{Measure, PlaneOf, RunCost};
use thiserror::Error;

use super::family_tree::{FamilyTree, ForkError, ForkPoint};
use super::figure_spec::FigureSpec;
use super::picture_note::PictureNote;
use super::sweep_axis::SweepAxis;
use crate::messages;
use crate::views::{ViewInfo, ViewKind, choices_of, default_of};

/// A problem, starts, methods with parameters, and options of the view.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The title, a few words.
    pub title: String,
    /// A description, a sentence or two.
    pub about: String,
    /// The source of the experiment, such as a paper.
    pub source: String,
    /// The maximum number of outer iterations of every run.
    pub iterations: u64,
    /// The seeds; every method runs from every start with every seed.
    pub seeds: Vec<u64>,
    /// The starts as given; if empty, the problem's default start.
    pub starts: Vec<StartSpec>,
    /// The number of iterations from one recorded iterate to the next.
    pub record_every: u64,
    /// The rows whose variables are recorded; `None` decides by the size of the problem.
    pub record_points: Option<Points>,
    /// The magnitude beyond which a variable has diverged; see [`RunSpec::divergence_limit`].
    pub diverge_at: Option<f64>,
    /// The problem.
    pub problem: ProblemSpec,
    /// The methods, in the order of their colours.
    pub methods: Vec<MethodSpec>,
    /// The rules for early stopping.
    pub stop: StopRules,
    /// The options of the view.
    pub view: ViewSpec,
}

/// A start as a file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum StartSpec {
    /// The problem's own start.
    Default,
    /// The start that the problem trains, if it offers one.
    Pretrained,
    /// A point, block by block.
    At(Point),
}

/// A problem with its parameters.
#[derive(Clone, Debug)]
pub struct ProblemSpec {
    /// The catalogue entry of the benchmark.
    pub entry: &'static problem::ProblemInfo,
    /// The values of its parameters.
    pub settings: Settings,
}

impl PartialEq for ProblemSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id && self.settings == other.settings
    }
}

impl ProblemSpec {
    /// A problem with default parameters; for typed formulas, the editor's initial model.
    pub fn new(entry: &'static problem::ProblemInfo) -> Self {
        let settings = if entry.id == FORMULA.id {
            Settings::of_model(Model::clone(Model::starter()))
        } else {
            Settings::new(entry.parameters)
        };
        Self { entry, settings }
    }

    /// A problem of typed formulas.
    pub fn typed(model: Model) -> Self {
        Self {
            entry: FORMULA,
            settings: Settings::of_model(model),
        }
    }

    /// The instance with the minima that the referee finds if the problem knows none itself; outcomes of runs are
    /// judged by them.
    ///
    /// Minima found before the token is cancelled are discarded.
    pub fn build_informed(&self, token: &WorkToken) -> Arc<dyn Problem> {
        with_found_minima(&self.build(), token)
    }

    /// The problem instance.
    pub fn build(&self) -> Arc<dyn Problem> {
        (self.entry.build)(&self.settings)
    }
}

/// A method with its parameters.
#[derive(Clone, Debug)]
pub struct MethodSpec {
    /// The catalogue entry of the method.
    pub entry: &'static method::MethodInfo,
    /// The values of its parameters.
    pub settings: Settings,
    /// The label, unique in the experiment.
    pub label: String,
    /// The expected final status of its runs, if any.
    pub expect: Option<&'static str>,
    /// The user's own colour as red, green and blue; `None` for the method's home colour.
    pub colour: Option<[u8; 3]>,
    /// A line of text of the user's own; empty for none.
    pub note: String,
    /// True for parameters that are kept for comparison: drawn faint, without a rank, and never tuned.
    pub is_pinned: bool,
    /// The iterate of another method from which the runs continue; `None` for runs from the starts.
    pub from: Option<ForkPoint>,
}

impl PartialEq for MethodSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id
            && self.settings == other.settings
            && self.label == other.label
            && self.expect == other.expect
            && self.colour == other.colour
            && self.note == other.note
            && self.is_pinned == other.is_pinned
            && self.from == other.from
    }
}

/// The arrangement of the views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowLayout {
    /// The landscape over the race, with explanations beside them.
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

    /// A description of the layout.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Teach => "the landscape over the race, with words beside them",
            Self::Compare => "the landscape beside the race, with a table of results",
            Self::Present => "large pictures and few controls",
        }
    }

    /// The layout of a word in files.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.word() == word)
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

/// The view options of an experiment, in the words of the views.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewSpec {
    /// The arrangement of the views.
    pub layout: Option<WindowLayout>,
    /// The horizontal axis of the race: the cost.
    pub race_x: Option<RunCost>,
    /// The vertical axis of the race: the measure.
    pub race_y: Option<Measure>,
    /// The level whose objective the landscape shows.
    pub landscape_level: Option<usize>,
    /// The coordinates of the landscape, such as `["x2[1]", "x1[1]"]`.
    pub plane: Option<[String; 2]>,
    /// The ranges of the landscape.
    pub range: Option<[[f64; 2]; 2]>,
    /// The kind of view; `None` for the default of the problem.
    pub kind: Option<ViewKind>,
    /// Options of views that are set, by their names; a choice by its number, from 0.
    pub options: Vec<(&'static str, f64)>,
    /// The choice of the slice's plane.
    pub slice: Option<PlaneOf>,
    /// The number of starts along an axis of an atlas or a sweep.
    pub grid: Option<usize>,
    /// The parameters that a sweep varies.
    pub vary: Vec<SweepAxis>,
    /// The axes of figures, hidden methods, the playhead and the page.
    pub figure: FigureSpec,
    /// The notes on pictures, `[[note]]` in files.
    pub notes: Vec<PictureNote>,
}

impl ViewSpec {
    /// An option of a view, a choice by its number: the one that is set, else its default; NaN where the view declares none of this name.
    pub fn option(&self, view: &ViewInfo, name: &str) -> f64 {
        let set = self.options.iter().find(|(set, _)| *set == name);
        let declared = || view.options.iter().find(|option| option.name == name);
        match set {
            Some((_, value)) => *value,
            None => declared().map_or(f64::NAN, default_of),
        }
    }

    /// Sets an option of a view, a choice by its number. A value out of range changes nothing.
    pub fn set_option(&mut self, option: &'static Parameter, value: f64) {
        let choices = choices_of(option).iter();
        let is_choice = choices.enumerate().any(|(place, _)| place as f64 == value);
        if !is_choice && option.check(&ParameterValue::Number(value)).is_err() {
            return;
        }
        self.options.retain(|(set, _)| *set != option.name);
        self.options.push((option.name, value));
        self.options.sort_by_key(|(name, _)| *name);
    }

    /// The coordinates of `plane`; `None` if it is not set or names an unknown variable.
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

/// Identification of a run in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// The method, counted from 0.
    pub method: usize,
    /// The start, counted from 0.
    pub start: usize,
    /// The seed.
    pub seed: u64,
}

/// The reason why an experiment cannot be run as a whole.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PlanError {
    /// A method does not apply to the problem.
    #[error("{}", messages::experiment::refused(.label, .reason))]
    Refused {
        /// The method's label.
        label: String,
        /// The reason.
        reason: String,
    },
    /// A parameter's list does not have one value per lower level.
    #[error("{}", messages::experiment::wrong_parameter(.label, &.error.to_string()))]
    Parameter {
        /// The method's label.
        label: String,
        /// The error.
        error: ParameterError,
    },
    /// A method cannot continue another one.
    #[error("{}", messages::experiment::wrong_fork(.label, &.error.to_string()))]
    Fork {
        /// The method's label.
        label: String,
        /// The error.
        error: ForkError,
    },
    /// The blocks of a start do not have the sizes of the problem's.
    #[error("{}", messages::experiment::shape_of_start(*.number, .given, .expected))]
    Shape {
        /// Number of the start, from 1.
        number: usize,
        /// The sizes given.
        given: Vec<usize>,
        /// The sizes of the problem.
        expected: Vec<usize>,
    },
    /// A start lies outside the problem's box.
    #[error(
        "{}",
        messages::experiment::start_outside(*.number, (*.level, *.index), *.value, [*.low, *.high])
    )]
    Outside {
        /// Number of the start, from 1.
        number: usize,
        /// The level.
        level: usize,
        /// Number of the variable, from 1.
        index: usize,
        /// The value of the variable.
        value: f64,
        /// The lower bound of the box.
        low: f64,
        /// The upper bound of the box.
        high: f64,
    },
    /// The experiment has too many runs.
    #[error("{}", messages::experiment::too_many_runs(*.0, MOST_RUNS))]
    TooMany(usize),
}

impl Experiment {
    /// The largest number of outer iterations that a file may ask for.
    pub const MOST_ITERATIONS: u64 = 100_000_000;

    /// The starting points of runs; a pretrained start is trained at the first call.
    pub fn start_points(&self, problem: &dyn Problem) -> Vec<Point> {
        self.starts_with(problem, &WorkToken::default())
    }

    /// The starting points of runs without any training: the problem's own start stands for one that is not trained
    /// yet.
    pub fn known_starts(&self, problem: &dyn Problem) -> Vec<Point> {
        self.starts_with(problem, &cancelled())
    }

    /// True if no start needs training any more.
    pub fn starts_are_known(&self, problem: &dyn Problem) -> bool {
        let is_known = || {
            problem
                .pretrained()
                .and_then(|it| it.pretrained(&cancelled()))
                .is_some()
        };
        !self.starts.contains(&StartSpec::Pretrained) || is_known()
    }

    fn starts_with(&self, problem: &dyn Problem, token: &WorkToken) -> Vec<Point> {
        let default = &problem.metadata().start;
        if self.starts.is_empty() {
            return vec![default.clone()];
        }
        let point = |start: &StartSpec| match start {
            StartSpec::Default => default.clone(),
            StartSpec::Pretrained => problem
                .pretrained()
                .and_then(|it| it.pretrained(token))
                .unwrap_or_else(|| default.clone()),
            StartSpec::At(point) => point.clone(),
        };
        self.starts.iter().map(point).collect()
    }

    /// The number of runs.
    pub fn run_count(&self) -> usize {
        self.methods
            .len()
            .saturating_mul(self.starts.len().max(1))
            .saturating_mul(self.seeds.len())
    }

    /// Checks that the experiment can be run as a whole, without training a start.
    pub fn check(&self, problem: &dyn Problem) -> Result<(), PlanError> {
        self.faults(problem).into_iter().next().map_or(Ok(()), Err)
    }

    /// The reasons why the experiment cannot be run as a whole: at most one for each method and start.
    pub fn faults(&self, problem: &dyn Problem) -> Vec<PlanError> {
        let mut faults = Vec::new();
        if self.run_count() > MOST_RUNS {
            faults.push(PlanError::TooMany(self.run_count()));
        }
        let methods = self.methods.iter();
        faults.extend(methods.filter_map(|method| check_method(method, problem).err()));
        let tree = self.family_tree();
        let branches = self.methods.iter().enumerate();
        faults.extend(branches.filter_map(|(slot, method)| {
            let error = tree.fault(slot, self.iterations)?;
            let label = method.label.clone();
            Some(PlanError::Fork { label, error })
        }));
        for (place, start) in self.starts.iter().enumerate() {
            if let StartSpec::At(point) = start {
                faults.extend(check_start(place + 1, point, problem).err());
            }
        }
        faults
    }

    /// All runs, ordered by method, then by start, then by seed.
    pub fn runs(&self, problem: &Arc<dyn Problem>) -> Result<Vec<(RunKey, RunSpec)>, PlanError> {
        if self.run_count() > MOST_RUNS {
            return Err(PlanError::TooMany(self.run_count()));
        }
        let mut runs = Vec::new();
        for method in 0..self.methods.len() {
            runs.extend(self.runs_of(method, problem)?);
        }
        Ok(runs)
    }

    /// The experiment with the points recorded that pictures show, as the window records them.
    pub fn recorded_for_pictures(&self, problem: &dyn Problem) -> Self {
        let usual = Recording::for_pictures(problem.metadata().shape().total());
        Self {
            record_points: Some(self.record_points.unwrap_or(usual.points)),
            ..self.clone()
        }
    }

    /// The runs of one method, from every start with every seed.
    pub fn runs_of(
        &self,
        method: usize,
        problem: &Arc<dyn Problem>,
    ) -> Result<Vec<(RunKey, RunSpec)>, PlanError> {
        let model = self.run_of(method, problem)?;
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
                    start: point.clone(),
                    start_number: start,
                    seed,
                    iterations: self.iterations,
                    stop: self.stop,
                    recording,
                    diverge_at: self.diverge_at,
                    ..model.clone()
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

    fn family_tree(&self) -> FamilyTree<'_> {
        let methods = self.methods.iter();
        FamilyTree::new(methods.map(|one| (one.label.as_str(), one.from.as_ref())))
    }

    /// A run of a method, with the parts that its parents have made.
    fn run_of(&self, method: usize, problem: &Arc<dyn Problem>) -> Result<RunSpec, PlanError> {
        let in_method = |slot: usize, error| PlanError::Fork {
            label: self.methods[slot].label.clone(),
            error,
        };
        let tree = self.family_tree();
        let parents = tree.parents(method);
        let parents = parents.map_err(|error| in_method(method, error))?;
        let first = parents.last().map_or(method, |parent| parent.slot);
        let mut run = RunSpec::new(problem, self.methods[first].entry);
        let branches = parents.iter().rev().skip(1).map(|parent| parent.slot);
        let slots = [first].into_iter().chain(branches);
        for slot in slots.chain((!parents.is_empty()).then_some(method)) {
            let spec = &self.methods[slot];
            check_method(spec, &**problem)?;
            if let Some(error) = tree.fault(slot, self.iterations) {
                return Err(in_method(slot, error));
            }
            if let Some(from) = &spec.from {
                run = run.branch(&from.run, from.k);
            }
            run.method = spec.entry;
            run.settings = spec.settings.clone();
        }
        Ok(run)
    }
}

/// Checks that a method applies to the problem and has valid parameters.
fn check_method(spec: &MethodSpec, problem: &dyn Problem) -> Result<(), PlanError> {
    let metadata = problem.metadata();
    let refused = |reason| PlanError::Refused {
        label: spec.label.clone(),
        reason,
    };
    if let Some(reason) = spec.entry.refusal(metadata) {
        return Err(refused(reason));
    }
    spec.settings
        .check_levels(metadata.shape().levels())
        .map_err(|error| PlanError::Parameter {
            label: spec.label.clone(),
            error,
        })?;
    match spec.entry.refusal_of(&spec.settings, metadata) {
        Some(reason) => Err(refused(reason)),
        None => Ok(()),
    }
}

/// Checks that a start has the problem's shape and lies in its box.
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

/// A cancelled token: results that are known already are still returned, but no work begins.
fn cancelled() -> WorkToken {
    let token = WorkToken::default();
    token.cancel();
    token
}

/// The method that a pinned one is compared with: the last one before it that is the same method and not pinned, else the
/// first one after it. `None` if there is none, or if the method is not pinned.
pub fn counterpart(methods: &[MethodSpec], slot: usize) -> Option<usize> {
    let pinned = methods.get(slot).filter(|method| method.is_pinned)?;
    let is_same = |other: &MethodSpec| !other.is_pinned && other.entry.id == pinned.entry.id;
    let before = methods[..slot].iter().rposition(is_same);
    let after = || methods.iter().skip(slot).position(is_same);
    before.or_else(|| after().map(|place| slot + place))
}

/// A free label for a method: its id, with a number if that is taken.
pub fn unused_label(id: &str, methods: &[MethodSpec]) -> String {
    let is_free = |label: &str| methods.iter().all(|method| method.label != label);
    if is_free(id) {
        return id.to_owned();
    }
    // one of these numbers is always free
    (2..methods.len() + 3)
        .map(|number| format!("{id} {number}"))
        .find(|label| is_free(label))
        .unwrap_or_else(|| id.to_owned())
}
