//! Edits of the experiment: the affected runs are restarted, the others stay.

use std::time::Duration;

use bilevel_files::{Experiment, MethodSpec, lineage};

use super::{Session, Slot};

impl Session {
    /// Changes methods, starts or limits of the experiment, but not its problem, and restarts the affected runs, after
    /// `DEBOUNCE` unless methods were added or removed.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Experiment)) {
        let before = self.experiment.clone();
        let every = self.every();
        change(&mut self.experiment);
        self.look_at_starts();
        let same_list = is_same_list(&before.methods, &self.experiment.methods);
        // words and views change no run
        let only_methods = Experiment {
            title: before.title.clone(),
            about: before.about.clone(),
            source: before.source.clone(),
            view: before.view.clone(),
            methods: before.methods.clone(),
            ..self.experiment.clone()
        } == before;
        if !same_list {
            // the document hides by label afterwards
            if only_methods && every == self.every() {
                self.rearrange(&before.methods);
            } else {
                self.start_all();
            }
            return;
        }
        for (index, slot) in self.slots.iter_mut().enumerate() {
            // a branch follows the methods that it continues
            let [old, new] =
                [&before.methods, &self.experiment.methods].map(|it| lineage(it, index));
            if old != new || !only_methods {
                // the first of several quick edits sets the clock, so that a long drag shows results on the way
                slot.edited.get_or_insert(self.clock);
            }
        }
    }

    /// Keeps the runs of methods that are still there, in their new places, and starts those of the others.
    fn rearrange(&mut self, before: &[MethodSpec]) {
        let mut old: Vec<Option<Slot>> = std::mem::take(&mut self.slots)
            .into_iter()
            .map(Some)
            .collect();
        let methods = self.experiment.methods.clone();
        let kept: Vec<Option<Slot>> = methods
            .iter()
            .enumerate()
            .map(|(slot, method)| {
                let same = |place: &usize| {
                    before[*place].label == method.label
                        && lineage(before, *place) == lineage(&methods, slot)
                };
                let place = (0..before.len()).find(same)?;
                old.get_mut(place)?.take()
            })
            .collect();
        for run in old.iter().flatten().flat_map(|slot| &slot.runs) {
            self.pool.stop(run.id);
        }
        for (index, slot) in kept.into_iter().enumerate() {
            let is_new = slot.is_none();
            let mut slot = slot.unwrap_or_default();
            slot.runs.iter_mut().for_each(|run| run.key.method = index);
            self.slots.push(slot);
            if is_new {
                self.start_slot(index, Duration::ZERO);
            }
        }
    }
}

/// True if methods were neither added nor removed nor moved; labels and settings may differ.
fn is_same_list(before: &[MethodSpec], now: &[MethodSpec]) -> bool {
    let is_known = |label: &str| before.iter().any(|method| method.label == label);
    before.len() == now.len()
        && before.iter().zip(now).all(|(before, now)| {
            before.entry.id == now.entry.id && (before.label == now.label || !is_known(&now.label))
        })
}
