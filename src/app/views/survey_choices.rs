//! Shared parts of the atlas and sweeps: the key of a survey, the grid of starts, and the progress.

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use bilevel::study::StartGrid;
use bilevel_figure::ViewContext;
use bilevel_figure::atlas::progress;
use bilevel_files::{Experiment, SweepAxis, ViewSpec};
use egui::Ui;

use crate::app::background::survey_work::SurveyWork;
use crate::app::messages;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{chooser, rich_label};
use crate::app::session::Session;

/// The key of a survey: everything that its runs depend on.
#[derive(Clone, PartialEq)]
pub(crate) struct Key {
    experiment: Experiment,
    axes: Vec<Coordinate>,
    base: Point,
    side: usize,
    /// The number of known minima: those of typed problems are found after the first runs have begun.
    minima: usize,
}

impl Key {
    /// The key of an experiment, without its views and the first start's values along the axes.
    pub(crate) fn new(session: &Session, axes: Vec<Coordinate>, side: usize) -> Self {
        let mut experiment = session.experiment().clone();
        let mut base = session.starts()[0].clone();
        for axis in &axes {
            base[axis.level][axis.index] = 0.0;
        }
        experiment.starts.clear();
        experiment.view = ViewSpec::default();
        for text in [
            &mut experiment.title,
            &mut experiment.about,
            &mut experiment.source,
        ] {
            text.clear();
        }
        Self {
            experiment,
            axes,
            base,
            side,
            minima: session.problem().metadata().minima.len(),
        }
    }

    /// The key of a sweep: of the methods only the varied one, without the present values of its varied parameters.
    pub(crate) fn of_sweep(
        session: &Session,
        axes: Vec<Coordinate>,
        side: usize,
        vary: &[SweepAxis],
    ) -> Self {
        let mut key = Self::new(session, axes, side);
        key.keep_only(vary);
        key
    }

    /// Removes everything that a sweep does not depend on: other methods, and the present values of the varied
    /// parameters.
    fn keep_only(&mut self, vary: &[SweepAxis]) {
        let label: Vec<String> = vary.iter().take(1).map(|vary| vary.label.clone()).collect();
        let kept = self.experiment.with_parents(&label);
        let methods = &mut self.experiment.methods;
        methods.retain(|method| kept.contains(&method.label));
        for method in methods.iter_mut().filter(|it| label.contains(&it.label)) {
            for vary in vary {
                method.settings.reset(&vary.parameter);
            }
        }
    }
}

/// Draws a menu of the number of starts along each axis; a file may have another number than those that are offered.
pub(crate) fn side_ui(ui: &mut Ui, offered: &[usize], side: usize) -> Option<usize> {
    let mut sides = offered.to_vec();
    if let Err(place) = sides.binary_search(&side) {
        sides.insert(place, side);
    }
    let names: Vec<String> = sides.iter().map(ToString::to_string).collect();
    let options: Vec<(usize, &str, &str)> = sides
        .iter()
        .zip(&names)
        .map(|(&side, name)| (side, name.as_str(), "starts along each axis"))
        .collect();
    chooser(ui, "Starts along each axis", &options, side)
}

/// Draws the progress of a survey, with a button that stops or resumes it.
pub(crate) fn work_ui<K: PartialEq>(ui: &mut Ui, work: &mut SurveyWork<K>) {
    if let Some([done, total]) = work.progress() {
        let share = done as f32 / total.max(1) as f32;
        let words = progress([done, total]);
        ui.add(egui::ProgressBar::new(share).desired_width(110.0));
        rich_label(ui, &words, SMALL, roles_of(ui).text_weak);
        if ui.button("Cancel").clicked() {
            work.cancel();
        }
    } else if work.is_broken_off() {
        rich_label(ui, messages::status::stopped(), SMALL, roles_of(ui).warning);
        if ui.button("Compute").clicked() {
            work.resume();
        }
    }
}

/// The variables that the starts vary in.
pub(crate) fn axes(context: &ViewContext<'_>) -> Vec<Coordinate> {
    StartGrid::pictured(context.problem.metadata(), &context.plane())
}
