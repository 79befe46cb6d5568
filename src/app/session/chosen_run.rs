//! The run that cards and fields show where each method has several: one start with one seed.

use super::{LiveRun, Session, Slot};

/// A start and a seed, counted from 0 in the experiment's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChosenRun {
    pub(crate) start: usize,
    pub(crate) seed: usize,
}

impl Session {
    /// The chosen start and seed, or the last ones if the lists have become shorter.
    pub(crate) fn chosen(&self) -> ChosenRun {
        let last = |count: usize| count.saturating_sub(1);
        ChosenRun {
            start: self.chosen.start.min(last(self.starts.len())),
            seed: self.chosen.seed.min(last(self.experiment.seeds.len())),
        }
    }

    /// The index of the chosen run among those of a method.
    pub(crate) fn chosen_run(&self) -> usize {
        let chosen = self.chosen();
        chosen.start * self.experiment.seeds.len() + chosen.seed
    }

    /// The first method that is shown and not pinned.
    pub(crate) fn first_visible(&self) -> Option<usize> {
        let methods = self.experiment.methods.iter().zip(&self.slots);
        let mut shown = methods.enumerate();
        let found = shown.find(|(_, (method, slot))| slot.is_visible && !method.is_pinned);
        found.map(|(slot, _)| slot)
    }

    /// Chooses a start.
    pub(crate) fn choose_start(&mut self, start: usize) {
        self.chosen.start = start;
    }

    /// Chooses the next start or the one before, in a circle.
    pub(crate) fn step_start(&mut self, is_next: bool) {
        let chosen = self.chosen();
        self.chosen.start = beside(chosen.start, self.starts.len(), is_next);
    }

    /// Chooses the next seed or the one before, in a circle.
    pub(crate) fn step_seed(&mut self, is_next: bool) {
        let chosen = self.chosen();
        self.chosen.seed = beside(chosen.seed, self.experiment.seeds.len(), is_next);
    }

    /// A method's run from the chosen start with the chosen seed; `None` while it is not there yet.
    pub(crate) fn run_of<'a>(&self, slot: &'a Slot) -> Option<&'a LiveRun> {
        let chosen = self.chosen();
        let seed = *self.experiment.seeds.get(chosen.seed)?;
        let is_chosen = |run: &&LiveRun| run.key.start == chosen.start && run.key.seed == seed;
        slot.runs.iter().find(is_chosen)
    }
}

/// The index after or before another one, in a circle.
fn beside(index: usize, count: usize, is_next: bool) -> usize {
    let step = if is_next { 1 } else { count.saturating_sub(1) };
    (index + step) % count.max(1)
}
