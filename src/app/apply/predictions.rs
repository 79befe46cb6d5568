//! Predictions: begun at the playhead, changed by guesses, and revealed.

use bilevel::study::Measure;
use bilevel_files::{AskedPrediction, ViewKind};

use crate::app::App;
use crate::app::command::prediction::{PredictedQuestion, PredictionChange};
use crate::app::session::prediction::Prediction;
use crate::app::views::hidden;

impl App {
    /// Begins a prediction at the playhead, or at the start where the playhead is at the end; ends the one that is open.
    pub(super) fn toggle_prediction(&mut self) {
        if self.prediction.take().is_some() {
            return;
        }
        let session = &self.document.session;
        let now = session.playhead.iteration();
        let last = if now < session.end() { now } else { 0 };
        self.prediction = Some(Prediction::new(session, last));
    }

    /// Begins the prediction that a step of a lesson asks for; ends the one that is open if it asks for none.
    pub(super) fn ask_prediction(&mut self, asked: Option<&AskedPrediction>) {
        let session = &self.document.session;
        self.prediction = asked.map(|asked| {
            let mut prediction = Prediction::new(session, asked.at);
            prediction.hides_optimum = asked.hides_optimum;
            match &asked.method {
                Some(label) => prediction.method.clone_from(label),
                None => prediction.question = PredictedQuestion::Order,
            }
            prediction
        });
        self.follow_prediction();
        if let Some(asked) = asked {
            self.document.session.playhead.seek(asked.at);
        }
    }

    /// Changes the prediction. What is revealed plays on to its end.
    pub(super) fn change_prediction(&mut self, change: PredictionChange) {
        let Some(prediction) = &mut self.prediction else {
            return;
        };
        let was_hidden = !prediction.is_revealed;
        prediction.change(change, &self.document.session);
        let hides = prediction.hides_optimum && !prediction.is_revealed;
        if hides && self.views.race.view.measure == Measure::TrueSuboptimality {
            self.views.race.set_measure(Measure::Upper);
        }
        if prediction.is_revealed && was_hidden {
            self.follow_prediction();
            let end = self.document.session.end();
            self.document.session.playhead.play(end);
        }
    }

    /// Lets the runs compute as far as the prediction allows.
    pub(crate) fn follow_prediction(&mut self) {
        let horizon = self.prediction.as_ref().and_then(Prediction::horizon);
        self.document.session.set_horizon(horizon);
    }

    /// True while the future of the runs is hidden.
    pub(crate) fn is_predicting(&self) -> bool {
        self.document.session.horizon().is_some()
    }

    /// True if a view of the runs would give away what is predicted.
    pub(crate) fn hides_view(&self, kind: ViewKind) -> bool {
        let horizon = self.document.session.horizon();
        horizon.is_some_and(|horizon| hidden::hides_view(horizon, kind))
    }
}
