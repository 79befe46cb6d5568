//! The context of a view in the window: the session up to the playhead.

use bilevel_figure::race::{RaceOptions, Spread};
use bilevel_figure::{View, ViewContext};
use bilevel_files::ViewSpec;

use crate::app::background::view_worker::ViewWorker;
use crate::app::paint::plot_view::ShownFigure;
use crate::app::session::Session;
use crate::app::session::letters::Letters;
use crate::app::session::visible_runs::visible_runs;

/// The margin of the data beyond the range on the screen, as a share of it on each side, so that panning does not reach
/// their edge at once.
const MARGIN: f64 = 0.3;

/// The context of a session for views in the window.
pub(crate) fn view_context(
    session: &Session,
    mut view: ViewSpec,
    mut race: RaceOptions,
) -> ViewContext<'_> {
    let letters = session.letters();
    let slots = session.slots().iter().enumerate();
    let slots = slots.filter(|_| letters.is_none());
    let hidden = slots
        .filter(|(_, slot)| !slot.is_visible)
        .map(|(place, _)| place);
    if session.horizon().is_some() || letters.is_some() {
        // a note may tell what is to be predicted
        view.notes.clear();
    }
    let iteration = session.playhead.iteration();
    if letters.is_some() {
        // a letter has one run
        race.spread = Spread::Each;
    }
    ViewContext {
        experiment: letters.map_or_else(|| session.experiment(), Letters::experiment),
        view,
        problem: session.problem(),
        starts: session.starts(),
        paths: visible_runs(session),
        hidden: hidden.collect(),
        iteration: (session.is_computing()
            || session.horizon().is_some()
            || iteration < session.end())
        .then_some(iteration),
        race,
        screen: bilevel_figure::Screen {
            start: Some(session.chosen().start),
            run: session.chosen_run(),
            ..bilevel_figure::Screen::default()
        },
    }
}

/// Requests the data for the figure that is shown, over its ranges on the screen.
pub(crate) fn ask_for<V: View>(
    worker: &mut ViewWorker<V>,
    mut context: ViewContext<'_>,
    shown: Option<&ShownFigure>,
    session: &Session,
) {
    if !session.has_begun() {
        return;
    }
    context.screen.sampled = shown.map(sampled_ranges);
    if let Ok(request) = V::request(&context) {
        worker.ask(request);
    }
}

/// The ranges of a figure on the screen, with margins.
pub(crate) fn sampled_ranges(shown: &ShownFigure) -> [[f64; 2]; 2] {
    shown.scene.transform.ranges.map(|[low, high]| {
        let margin = MARGIN * (high - low);
        [low - margin, high + margin]
    })
}
