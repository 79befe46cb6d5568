//! Predictions: begun at the playhead, changed by guesses, and revealed.

use bilevel::study::Measure;
use bilevel_files::{AskedPrediction, AskedQuestion, ViewKind};

use crate::app::App;
use crate::app::command::prediction::{PredictedQuestion, PredictionChange};
use crate::app::command::{Action, Command, Edit, ViewChange};
use crate::app::dialogs::question::Question;
use crate::app::messages;
use crate::app::overlay::Overlay;
use crate::app::session::prediction::Prediction;
use crate::app::views::hidden;

impl App {
    /// Begins a prediction at the playhead, or at the start where the playhead is at the end; ends the one that is open.
    pub(super) fn toggle_prediction(&mut self) {
        if self.hides_names() {
            self.ask_to_show_names(PredictionChange::End);
            return;
        }
        if self.prediction.take().is_some() {
            return;
        }
        let session = &self.document.session;
        let now = session.playhead.iteration();
        let last = if now < session.end() { now } else { 0 };
        self.prediction = Some(self.new_prediction(last));
    }

    /// A prediction from an iteration on, with the letters that were shuffled last.
    fn new_prediction(&self, last: u64) -> Prediction {
        Prediction {
            seed: self.letter_seed,
            ..Prediction::new(&self.document.session, last)
        }
    }

    /// True while letters stand for the names of methods.
    fn hides_names(&self) -> bool {
        let prediction = self.prediction.as_ref();
        prediction.is_some_and(|it| it.hidden_labels().is_some())
    }

    /// Asks before a change that shows the names without comparing the guesses.
    fn ask_to_show_names(&mut self, change: PredictionChange) {
        let answers = vec![
            ("Reveal", Action::Reveal.into()),
            ("Show the names", ViewChange::Predict { change }.into()),
        ];
        let words = messages::prediction::names_would_be_shown().to_owned();
        self.overlay = Some(Overlay::Question(Question::new(words, answers).careful()));
    }

    /// True if a command ends a prediction that hides names or has guesses, without comparing them: it opens another
    /// experiment.
    pub(super) fn loses_guesses(&self, command: &Command) -> bool {
        let opens = matches!(
            command,
            Command::Act(Action::LeaveLesson)
                | Command::Edit(
                    Edit::Open { .. }
                        | Edit::OpenLesson { .. }
                        | Edit::OpenClaim { .. }
                        | Edit::OpenFailure { .. }
                        | Edit::Paste { .. }
                )
        );
        opens && self.prediction.as_ref().is_some_and(Prediction::is_begun)
    }

    /// Asks before a command that ends the prediction.
    pub(super) fn ask_to_end_prediction(&mut self, command: Command) {
        let end = ViewChange::Predict {
            change: PredictionChange::End,
        };
        let words = messages::prediction::question_would_end().to_owned();
        let question = Question::new(words, vec![("Reveal", Action::Reveal.into())])
            .or("End the question", vec![end.into(), command])
            .careful();
        self.overlay = Some(Overlay::Question(question));
    }

    /// Begins the prediction that a step of a lesson asks for; ends the one that is open if it asks for none.
    pub(super) fn ask_prediction(&mut self, asked: Option<&AskedPrediction>) {
        if self.hides_names() {
            let words = messages::prediction::ended_unrevealed().to_owned();
            self.message = Some((words, false));
        }
        let session = &self.document.session;
        self.prediction = asked.map(|asked| {
            let mut prediction = self.new_prediction(asked.at);
            prediction.hides_optimum = asked.hides_optimum;
            match &asked.question {
                AskedQuestion::EndOf(label) => prediction.method.clone_from(label),
                AskedQuestion::Order => prediction.ask(PredictedQuestion::Order, session),
                AskedQuestion::Curves => prediction.ask(PredictedQuestion::Curves, session),
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
        if let PredictionChange::SetQuestion(question) = change
            && question != PredictedQuestion::Curves
            && self.hides_names()
        {
            self.ask_to_show_names(PredictionChange::AskInstead(question));
            return;
        }
        let Some(prediction) = &mut self.prediction else {
            return;
        };
        if change == PredictionChange::End {
            self.prediction = None;
            self.follow_prediction();
            return;
        }
        let was_hidden = !prediction.is_revealed;
        let asks_curves = change == PredictionChange::SetQuestion(PredictedQuestion::Curves);
        prediction.change(change, &self.document.session);
        self.letter_seed = prediction.seed;
        let has_names = prediction.letters.is_empty();
        let hides = prediction.hides_optimum && !prediction.is_revealed;
        if hides && self.views.race.view.measure == Measure::TrueSuboptimality {
            self.views.race.set_measure(Measure::Upper);
        }
        let is_new = prediction.is_revealed && was_hidden;
        self.follow_prediction();
        let end = self.document.session.end();
        let playhead = &mut self.document.session.playhead;
        if asks_curves {
            // a curve is recognized by all that it does
            playhead.seek(end);
        } else if is_new && has_names {
            playhead.play(end);
        }
    }

    /// Lets the runs compute as far as the prediction allows, and puts letters in place of methods if it asks for them. The
    /// prediction ends if a method that it asks for is gone.
    pub(crate) fn follow_prediction(&mut self) {
        let session = &self.document.session;
        let hidden = self.prediction.as_ref().and_then(Prediction::hidden_labels);
        let slots = hidden.map(|labels| {
            let slots = labels.iter().map(|label| session.slot_of(label));
            slots.collect::<Option<Vec<usize>>>()
        });
        if slots == Some(None) {
            self.prediction = None;
        }
        let horizon = self.prediction.as_ref().and_then(Prediction::horizon);
        let session = &mut self.document.session;
        session.set_horizon(horizon);
        session.set_letters(slots.flatten().as_deref());
    }

    /// True if an edit is refused while letters stand for the methods: it would show which curve is the method's.
    pub(super) fn refuses(&self, edit: &Edit) -> bool {
        let is_safe = matches!(
            edit,
            Edit::Open { .. }
                | Edit::OpenLesson { .. }
                | Edit::OpenClaim { .. }
                | Edit::OpenFailure { .. }
                | Edit::Paste { .. }
                | Edit::SetViewOption { .. }
        );
        self.document.session.letters().is_some() && !is_safe
    }

    /// True if an action is refused while letters stand for the methods.
    pub(super) fn refuses_action(&self, action: Action) -> bool {
        let changes_runs = matches!(
            action,
            Action::Undo
                | Action::Redo
                | Action::Fork
                | Action::ResetStart
                | Action::RandomStart
                | Action::AddStart
                | Action::RemoveStart
                | Action::KeepStart
        );
        self.document.session.letters().is_some() && changes_runs
    }

    /// True while the future of the runs is hidden.
    pub(crate) fn is_predicting(&self) -> bool {
        self.document.session.horizon().is_some()
    }

    /// True if a view of the runs would give away what is predicted.
    pub(crate) fn hides_view(&self, kind: ViewKind) -> bool {
        let session = &self.document.session;
        let has_letters = session.letters().is_some();
        let horizon = session.horizon();
        horizon.is_some_and(|horizon| hidden::hides_view((horizon, has_letters), kind))
    }
}
