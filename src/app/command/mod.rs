//! Commands of the user. Panels queue them; the app carries them out between frames.

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

/// The tab in the place that the race and the results share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Race,
    Results,
}

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Open a file, or a preset by its name.
    Open(String),
    /// Set another problem, keeping the methods.
    SetProblem(&'static str),
    /// Set a parameter of the problem.
    SetProblemParameter(&'static str, ParameterValue),
    /// Replace the formulas of the typed problem.
    SetModel(Model),
    /// Open a benchmark as formulas, by its id.
    StartFrom(&'static str),
    /// Copy the experiment as text to the clipboard.
    CopyExperiment,
    /// Ask the system for the text on the clipboard.
    AskPaste,
    /// Open the experiment in a text.
    Paste(String),
    /// Add a method by its id.
    AddMethod(&'static str),
    /// Remove the method in a slot.
    RemoveMethod(usize),
    /// Set a parameter of the method in a slot.
    SetParameter(usize, &'static str, ParameterValue),
    /// Reset the parameters of the method in a slot to their defaults.
    ResetParameters(usize),
    /// Set the parameters of all methods at once, in the order of the experiment.
    UseSettings(Vec<Settings>),
    /// Open the dialog that tunes the step sizes of all methods.
    AskTuning,
    /// Close that dialog.
    CloseTuning,
    /// Show or hide the method in a slot.
    SetVisible(usize, bool),
    /// Set the outer iterations of every run.
    SetIterations(u64),
    /// Move a start, counted from 0.
    MoveStart(usize, Point),
    /// Go back to the problem's own start.
    ResetStart,
    /// Set a random start within the picture.
    RandomStart,
    /// Start from the pretrained point (true) or the problem's own start (false).
    SetPretrained(bool),
    /// Play or pause.
    TogglePlay,
    /// Move the playhead by a number of iterations.
    StepBy(i64),
    /// Move the playhead to an iteration.
    Seek(u64),
    /// Set the speed of the playhead.
    SetSpeed(f64),
    /// Restart all runs.
    Restart,
    /// Set the cost along the race's horizontal axis.
    SetCost(RunCost),
    /// Set the measure that the race compares.
    SetMeasure(Measure),
    /// Show each run of a method or their median.
    SetSpread(Spread),
    /// Set the tolerance of the finish line, or remove it.
    SetTolerance(Option<f64>),
    /// Set the weights of the oracle calls in the weighted cost.
    SetWeights(Weights),
    /// Set the scale of the race's horizontal (0) or vertical (1) axis.
    SetScale(usize, AxisScale),
    /// Set the two axes of the landscape.
    SetPlane([bilevel::problem::Coordinate; 2]),
    /// Set the level whose objective the landscape shows.
    SetLandscapeLevel(usize),
    /// Show a view of the runs.
    ShowView(ViewKind),
    /// Show the landscape, or the levels if it is shown already.
    ToggleView,
    /// Show the next view of the runs.
    NextView,
    /// Set a numeric option of a view, by its name.
    SetViewOption(&'static str, f64),
    /// Set the choice of the plane of the slice.
    SetSlice(PlaneOf),
    /// Set the number of starts along each axis of the atlas.
    SetAtlasGrid(usize),
    /// Set the number of starts along each axis of a sweep.
    SetSweepGrid(usize),
    /// Set the varied parameters of a sweep.
    SetVary(Vec<SweepAxis>),
    /// Set the layout of the window.
    SetLayout(WindowLayout),
    /// Show the race or the results in their shared place.
    SetTab(Tab),
    /// Copy a text to the clipboard and report its kind.
    Copy(String, &'static str),
    /// Switch between light and dark.
    ToggleTheme,
    /// Show or hide the panel that explains the picture.
    ToggleGuide,
    /// Show or hide the sheet of keys.
    ToggleKeys,
    /// Show or hide the page of papers.
    TogglePapers,
    /// Open the preset that shows a claim, by its index in the list, and show above it what to watch for.
    OpenClaim(usize),
    /// Hide the claim above the experiment.
    HideClaim,
    /// Open the export dialog.
    AskExport,
    /// Open the export dialog to save the experiment.
    AskSave,
    /// Open the menu with the field for a file.
    AskOpen,
    /// Save as the export dialog is set.
    Export,
    /// Close the export dialog.
    CancelExport,
    /// Undo the last edit of the experiment.
    Undo,
    /// Redo the edit that was undone last.
    Redo,
    /// Show or hide the method in a slot.
    ToggleVisible(usize),
    /// Show only the method in a slot, or all again.
    Isolate(usize),
    /// Go to the next combination of logarithmic axes in the race.
    CycleScales,
    /// Show or hide the palette of commands.
    TogglePalette,
    /// Enter or leave full screen.
    ToggleFullScreen,
    /// Close the topmost dialog.
    Dismiss,
    /// Quit the program.
    Quit,
}
