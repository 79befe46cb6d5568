//! Commands of the user. Panels queue them; the app carries them out between frames.

pub(crate) mod action;
pub(crate) mod chord;
pub(crate) mod controls;
pub(crate) mod keyboard;
pub(crate) mod matching;
pub(crate) mod prediction;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, ParameterValue, Settings};
use bilevel::run::Weights;
use bilevel::study::{Measure, PlaneOf, RunCost, SpreadPattern};
use bilevel_figure::AxisScale;
use bilevel_figure::race::Spread;
use bilevel_files::{PictureNote, SweepAxis, ViewKind, WindowLayout};

pub(crate) use action::Action;

use self::controls::Control;
use self::prediction::PredictionChange;
use super::formulas::fields::Fields;

/// The tab in the place that the race and the results share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Race,
    Results,
}

/// A parameter of a method, by the method's label and the parameter's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SliderChoice {
    pub(crate) method: String,
    pub(crate) parameter: String,
}

/// A choice of several starts, before they are spread over the picture or the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpreadChoice {
    pub(crate) pattern: SpreadPattern,
    /// The number of a grid's starts along each variable.
    pub(crate) side: usize,
    /// The number of other starts.
    pub(crate) points: usize,
    /// The seed of random starts.
    pub(crate) seed: u64,
    /// True for the box, false for the visible part of the landscape.
    pub(crate) is_in_box: bool,
}

impl Default for SpreadChoice {
    fn default() -> Self {
        Self {
            pattern: SpreadPattern::Grid,
            side: 3,
            points: 10,
            seed: 0,
            is_in_box: false,
        }
    }
}

impl SpreadChoice {
    /// The number of starts, or of a grid's starts along each variable.
    pub(crate) fn count(self) -> usize {
        if self.pattern == SpreadPattern::Grid {
            self.side
        } else {
            self.points
        }
    }
}

/// A command of one of three kinds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// A command without a value, from the table of actions.
    Act(Action),
    /// A change of the experiment, which can be undone.
    Edit(Edit),
    /// A change of the picture, which is no step of undo.
    View(ViewChange),
}

/// A change of the experiment. Methods are named by their slot in the experiment's order, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// Open a file, or a preset by its name.
    Open { name: String },
    /// Open a lesson by its name or its file.
    OpenLesson { name: String },
    /// Open the preset that shows a claim, by its index in the list, with a strip that says what to watch for.
    OpenClaim { place: usize },
    /// Open a failure of the gallery, counted from 0, or its mend.
    OpenFailure { place: usize, is_mended: bool },
    /// Open the experiment in a text.
    Paste { text: String },
    /// Set another problem, keeping the methods.
    SetProblem { id: &'static str },
    /// Set a parameter of the problem.
    SetProblemParameter {
        name: &'static str,
        value: ParameterValue,
    },
    /// Set the texts of the typed problem, which may have errors.
    SetFormulas { fields: Fields },
    /// Open a benchmark as formulas, by its id.
    StartFrom { id: &'static str },
    /// Add a method by its id.
    AddMethod { id: &'static str },
    /// Remove a method.
    RemoveMethod { slot: usize },
    /// Add a copy of a method after it, with a label of its own.
    DuplicateMethod { slot: usize },
    /// Add a branch of a method after it: the same method from an iterate on, or another one by its id.
    ForkMethod {
        slot: usize,
        iteration: u64,
        id: Option<&'static str>,
    },
    /// Move a method to another slot.
    MoveMethod { slot: usize, to: usize },
    /// Give a method another label.
    RenameMethod { slot: usize, label: String },
    /// Give a method a colour of the user's own, or take it away.
    ColourMethod {
        slot: usize,
        colour: Option<[u8; 3]>,
    },
    /// Set the note of a method.
    NoteMethod { slot: usize, note: String },
    /// Keep the present parameters of a method as a pinned copy.
    PinMethod { slot: usize },
    /// Make a pinned method an ordinary one.
    UnpinMethod { slot: usize },
    /// Set a parameter of a method.
    SetParameter {
        slot: usize,
        name: &'static str,
        value: ParameterValue,
    },
    /// Set a parameter of several methods at once, a step for all of them.
    SetParameterOfAll {
        slots: Vec<usize>,
        name: &'static str,
        value: ParameterValue,
    },
    /// Reset the parameters of a method to their defaults.
    ResetParameters { slot: usize },
    /// Set the parameters of all methods at once, in the order of the experiment.
    UseSettings { settings: Vec<Settings> },
    /// Set the outer iterations of every run.
    SetIterations { iterations: u64 },
    /// Move a start, counted from 0.
    MoveStart { number: usize, point: Point },
    /// Add a start and choose it.
    AddStart { point: Point },
    /// Replace all starts by several.
    SpreadStarts { choice: SpreadChoice },
    /// Set the seeds to consecutive numbers.
    SetSeeds { first: u64, count: usize },
    /// Start from the pretrained point (true) or the problem's own start (false).
    SetPretrained { is_pretrained: bool },
    /// Set a numeric option of a view, by its name.
    SetViewOption { name: &'static str, value: f64 },
    /// Add a note on a picture.
    AddPictureNote { note: PictureNote },
    /// Replace a note on a picture, counted from 0.
    SetPictureNote { number: usize, note: PictureNote },
    /// Remove a note on a picture, counted from 0.
    RemovePictureNote { number: usize },
}

/// A change of the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ViewChange {
    /// Move the playhead to an iteration.
    Seek { iteration: u64 },
    /// Play a part of the iterations again and again, or the whole once.
    SetLoop { range: Option<[u64; 2]> },
    /// Set the speed of the playhead.
    SetSpeed { speed: f64 },
    /// Show or hide a method.
    ToggleVisible { slot: usize },
    /// Show only one method, or all again.
    Isolate { slot: usize },
    /// Set the measure that the race compares.
    SetMeasure { measure: Measure },
    /// Set the cost along the race's horizontal axis.
    SetCost { cost: RunCost },
    /// Set the weights of the oracle calls in the weighted cost.
    SetWeights { weights: Weights },
    /// Set the scale of the race's horizontal (0) or vertical (1) axis.
    SetScale { axis: usize, scale: AxisScale },
    /// Show each run of a method or their median.
    SetSpread { spread: Spread },
    /// Set the tolerance of the target line, or remove the line.
    SetTolerance { tolerance: Option<f64> },
    /// Show a view of the runs.
    Show { view: ViewKind },
    /// Choose the start whose run the cards show, counted from 0.
    ChooseStart { number: usize },
    /// Set the two axes of the landscape.
    SetPlane { axes: [Coordinate; 2] },
    /// Set the level whose objective the landscape shows.
    SetLandscapeLevel { level: usize },
    /// Set the choice of the plane of the slice.
    SetSlice { plane: PlaneOf },
    /// Set the number of starts along each axis of the atlas.
    SetAtlasGrid { side: usize },
    /// Set the number of starts along each axis of a sweep.
    SetSweepGrid { side: usize },
    /// Set the varied parameters of a sweep.
    SetVary { vary: Vec<SweepAxis> },
    /// Set the layout of the window.
    SetLayout { layout: WindowLayout },
    /// Choose the parameter of the slider in the layout for presentations.
    ChooseSlider { choice: SliderChoice },
    /// Show the race or the results in their shared place.
    SetTab { tab: Tab },
    /// Change the prediction.
    Predict { change: PredictionChange },
    /// Copy a text to the clipboard and report its format.
    Copy { text: String, format: &'static str },
    /// Take the last move of a start back, as if it had never been: it was the first click of a double click.
    RetractMove { number: usize },
    /// Click a control of the window, or give it the keyboard.
    UseControl { control: Control },
}

/// The target of an edit that comes in many small changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EditTarget {
    Parameter(usize, &'static str),
    ParameterOfAll(&'static str),
    ProblemParameter(&'static str),
    Colour(usize),
    Note(usize),
    Formulas,
    Iterations,
    Start(usize),
    Seeds,
    ViewOption(&'static str),
    PictureNote(usize),
}

impl EditTarget {
    /// The target that an edit changes step by step; `None` for edits that are a step each.
    pub(crate) fn of(edit: &Edit) -> Option<Self> {
        match edit {
            Edit::SetParameter { slot, name, .. } => Some(Self::Parameter(*slot, name)),
            Edit::SetParameterOfAll { name, .. } => Some(Self::ParameterOfAll(name)),
            Edit::SetProblemParameter { name, .. } => Some(Self::ProblemParameter(name)),
            Edit::ColourMethod { slot, .. } => Some(Self::Colour(*slot)),
            Edit::NoteMethod { slot, .. } => Some(Self::Note(*slot)),
            Edit::SetFormulas { .. } => Some(Self::Formulas),
            Edit::SetIterations { .. } => Some(Self::Iterations),
            Edit::MoveStart { number, .. } => Some(Self::Start(*number)),
            Edit::SetSeeds { .. } => Some(Self::Seeds),
            Edit::SetViewOption { name, .. } => Some(Self::ViewOption(name)),
            Edit::SetPictureNote { number, .. } => Some(Self::PictureNote(*number)),
            Edit::Open { .. }
            | Edit::OpenLesson { .. }
            | Edit::OpenClaim { .. }
            | Edit::OpenFailure { .. }
            | Edit::Paste { .. }
            | Edit::SetProblem { .. }
            | Edit::StartFrom { .. }
            | Edit::AddMethod { .. }
            | Edit::RemoveMethod { .. }
            | Edit::DuplicateMethod { .. }
            | Edit::ForkMethod { .. }
            | Edit::MoveMethod { .. }
            | Edit::RenameMethod { .. }
            | Edit::PinMethod { .. }
            | Edit::UnpinMethod { .. }
            | Edit::ResetParameters { .. }
            | Edit::UseSettings { .. }
            | Edit::AddStart { .. }
            | Edit::SpreadStarts { .. }
            | Edit::SetPretrained { .. }
            | Edit::AddPictureNote { .. }
            | Edit::RemovePictureNote { .. } => None,
        }
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Edit(edit)
    }
}

impl From<ViewChange> for Command {
    fn from(change: ViewChange) -> Self {
        Self::View(change)
    }
}

/// The commands of a frame, in order.
#[derive(Debug, Default)]
pub(crate) struct CommandQueue(Vec<Command>);

impl CommandQueue {
    /// Adds a command.
    pub(crate) fn push(&mut self, command: impl Into<Command>) {
        self.0.push(command.into());
    }

    /// Adds commands in their order.
    pub(crate) fn extend<C: Into<Command>>(&mut self, commands: impl IntoIterator<Item = C>) {
        self.0.extend(commands.into_iter().map(Into::into));
    }

    /// Removes and returns all commands.
    pub(crate) fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
