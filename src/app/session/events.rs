//! Events of the runs along the timeline: a target that is reached, rest, an end before the last iteration, a new task.

use bilevel::run::Status;

use bilevel_files::MethodSpec;

use super::{Session, Slot};
use crate::app::messages::timeline;

/// An event at an iteration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) iteration: u64,
    /// The method of the run; `None` for an event of the problem.
    pub(crate) slot: Option<usize>,
    /// The event in a few words.
    pub(crate) words: String,
    /// The definition of a word among them; empty where none is needed.
    pub(crate) meaning: &'static str,
}

impl Session {
    /// The events of the chosen run of each shown method and of the problem, in the order of iterations.
    pub(crate) fn events(&self) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        // the last task has no successor
        let tasks = self.problem.milestones().into_iter().enumerate();
        for (number, iteration) in tasks.filter(|(_, at)| *at < self.experiment.iterations) {
            events.push(Event {
                iteration,
                slot: None,
                words: timeline::task(number + 2),
                meaning: "",
            });
        }
        let methods = self.experiment.methods.iter().zip(&self.slots).enumerate();
        let is_meant = |(_, (method, state)): &(usize, (&MethodSpec, &Slot))| {
            state.is_visible && !method.is_pinned
        };
        // an event of a method would tell its curve
        let has_names = self.letters.is_none();
        for (slot, (method, state)) in methods.filter(|one| has_names && is_meant(one)) {
            let Some(run) = self.run_of(state) else {
                continue;
            };
            let mut explained = |iteration: u64, words: String, meaning: &'static str| {
                events.push(Event {
                    iteration,
                    slot: Some(slot),
                    words,
                    meaning,
                });
            };
            let resting = run.rest.and_then(|row| run.trace.iterations.get(row));
            if let Some(iteration) = resting {
                let words = timeline::at_rest(&method.label);
                explained(*iteration as u64, words, timeline::meaning_of_rest());
            }
            let mut add = |iteration: u64, words: String| explained(iteration, words, "");
            if let Some(from) = &method.from {
                add(from.k, timeline::branch(&method.label, &from.run));
            }
            let reached = run.finish.and_then(|row| run.trace.iterations.get(row));
            if let Some(iteration) = reached {
                add(*iteration as u64, timeline::at_target(&method.label));
            }
            if matches!(
                run.status,
                Status::Converged(_) | Status::Diverged(_) | Status::Failed(_)
            ) {
                let words = timeline::ended(&method.label, run.status.word());
                add(run.iteration, words);
            }
        }
        events.retain(|event| event.iteration <= self.end());
        events.sort_by_key(|event| event.iteration);
        events
    }

    /// The iteration of the next event after the playhead, or of the last one before it.
    pub(crate) fn event_beside(&self, is_next: bool) -> Option<u64> {
        let now = self.playhead.iteration();
        let mut iterations = self.events().into_iter().map(|event| event.iteration);
        if is_next {
            iterations.find(|iteration| *iteration > now)
        } else {
            iterations.rfind(|iteration| *iteration < now)
        }
    }
}
