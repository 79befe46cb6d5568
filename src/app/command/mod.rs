//! What a user can ask for. Panels queue commands; the app carries them out between frames.

pub(crate) mod history;
pub(crate) mod keyboard;

use bilevel::formula::Model;
use bilevel::numerics::Point;
use bilevel::problem::{ParameterValue, Settings};
use bilevel::run::Weights;
use bilevel::study::{Measure, PlaneOf, RunCost};
use bilevel_figure::AxisScale;
use bilevel_figure::race::Spread;
use bilevel_files::{SweepAxis, ViewKind, WindowLayout};

/// What stands in the place that the race and the results share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Race,
    Results,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Open a file, or a preset by its name.
    Open(String),
    /// Another problem, with the methods that are there.
    SetProblem(&'static str),
    /// A parameter of the problem.
    SetProblemParameter(&'static str, ParameterValue),
    /// Other formulas of the typed problem.
    SetModel(Model),
    /// A benchmark as formulas, by its id.
    StartFrom(&'static str),
    /// The experiment as text, on the clipboard.
    CopyExperiment,
    /// Ask the system for what is on the clipboard.
    AskPaste,
    /// Open the experiment that a text is.
    Paste(String),
    /// Add a method by its id.
    AddMethod(&'static str),
    /// Remove the method in a slot.
    RemoveMethod(usize),
    /// A method's parameter.
    SetParameter(usize, &'static str, ParameterValue),
    /// A method's parameters back to their defaults.
    ResetParameters(usize),
    /// The parameters of all methods at once, in the order of the experiment.
    UseSettings(Vec<Settings>),
    /// Ask for the same tuning effort for all methods.
    AskTuning,
    /// Leave the dialog for it.
    CloseTuning,
    /// A method's eye.
    SetVisible(usize, bool),
    /// The outer iterations of every run.
    SetIterations(u64),
    /// Move a start, counted from 0.
    MoveStart(usize, Point),
    /// The problem's own start, or the file's.
    ResetStart,
    /// A start somewhere in the picture.
    RandomStart,
    /// The start that is trained without the leader, or the problem's own.
    SetPretrained(bool),
    /// Let time move the playhead, or not.
    TogglePlay,
    /// Move the playhead by so many iterations.
    StepBy(i64),
    /// Move the playhead to an iteration.
    Seek(u64),
    /// How fast the playhead moves.
    SetSpeed(f64),
    /// Run everything again from the beginning.
    Restart,
    /// What the race is over.
    SetCost(RunCost),
    /// What the race compares.
    SetMeasure(Measure),
    /// How several runs of a method are shown.
    SetSpread(Spread),
    /// Where the finish line is, if it is drawn.
    SetTolerance(Option<f64>),
    /// What calls weigh in the weighted cost.
    SetWeights(Weights),
    /// The scale of the race's horizontal (0) or vertical (1) axis.
    SetScale(usize, AxisScale),
    /// The plane of the landscape, by its place in the list of pairs.
    SetPlane([bilevel::problem::Coordinate; 2]),
    /// Whose objective the landscape shows.
    SetLandscapeLevel(usize),
    /// What the runs are seen on.
    ShowView(ViewKind),
    /// The landscape, or the levels where that is shown.
    ToggleView,
    /// The next of all views of the runs.
    NextView,
    /// A numeric option of a view, by its name.
    SetViewOption(&'static str, f64),
    /// What the plane of the slice is laid through.
    SetSlice(PlaneOf),
    /// The starts along each axis of the atlas.
    SetAtlasGrid(usize),
    /// The starts along each axis of a sweep.
    SetSweepGrid(usize),
    /// What a sweep varies.
    SetVary(Vec<SweepAxis>),
    /// Another arrangement of the views.
    SetLayout(WindowLayout),
    /// The race, or the table of results in its place.
    SetTab(Tab),
    /// Copy a text, and say what it is.
    Copy(String, &'static str),
    /// Light or dark.
    ToggleTheme,
    /// Show or hide what explains the picture.
    ToggleGuide,
    /// Show or hide the sheet of keys.
    ToggleKeys,
    /// Show or hide the page of papers.
    TogglePapers,
    /// Open the preset that shows a claim, by its place in the list, and keep what to watch for in sight.
    OpenClaim(usize),
    /// Hide what to watch for.
    HideClaim,
    /// Ask where to save.
    AskExport,
    /// Ask where to save the experiment.
    AskSave,
    /// Ask for a file to open.
    AskOpen,
    /// Save what the export dialog says.
    Export,
    /// Leave the export dialog.
    CancelExport,
    /// Take the last edit of the experiment back.
    Undo,
    /// Make the edit again that was taken back last.
    Redo,
    /// Show or hide the method in a slot.
    ToggleVisible(usize),
    /// Show the method in a slot only, or all again.
    Isolate(usize),
    /// The next combination of logarithmic axes in the race.
    CycleScales,
    /// Show or hide the palette of commands.
    TogglePalette,
    /// Fill the screen, or not.
    ToggleFullScreen,
    /// Close what lies over the window.
    Dismiss,
    /// Leave the program.
    Quit,
}
