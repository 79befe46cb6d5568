//! Branches of methods: added at the playhead, and kept together with the methods that they continue.

use bilevel::method;
use bilevel::problem::Settings;
use bilevel_figure::home_of;
use bilevel_files::{Experiment, ForkPoint, MethodSpec, children, unused_label};

use crate::app::App;
use crate::app::command::Edit;
use crate::app::messages;

impl App {
    /// Continues the run under the pointer, or the first one that is shown, from the playhead.
    pub(super) fn fork_here(&mut self) {
        let session = &self.document.session;
        let pointed = self.views.pointed.run().map(|run| run.slot);
        if let Some(slot) = pointed.or_else(|| session.first_visible()) {
            let edit = Edit::ForkMethod {
                slot,
                iteration: session.playhead.iteration(),
                id: None,
            };
            self.as_a_step(None, |app| app.apply_edit(edit));
        }
    }

    /// Adds a branch of a method from an iterate on, or from its end if that comes before.
    pub(super) fn fork_method(&mut self, slot: usize, iteration: u64, id: Option<&str>) {
        let session = &self.document.session;
        let (Some(parent), Some(state)) = (
            session.experiment().methods.get(slot),
            session.slots().get(slot),
        ) else {
            return;
        };
        let end = session
            .run_of(state)
            .filter(|run| !run.status.is_running())
            .map_or(u64::MAX, |run| run.iteration);
        let from = ForkPoint {
            run: parent.label.clone(),
            k: iteration.min(end).min(session.experiment().iterations),
        };
        let before: Vec<String> = labels(session.experiment());
        self.document
            .edit(|experiment| add_branch(experiment, slot, from.clone(), id));
        let after = labels(self.document.session.experiment());
        if let Some(label) = after.iter().find(|label| !before.contains(label)) {
            let words = messages::cards::branch_added(label, &from.run, from.k);
            self.message = Some((words, false));
        }
    }

    /// Removes a method, unless others continue it.
    pub(super) fn remove_method(&mut self, slot: usize) {
        let methods = &self.document.session.experiment().methods;
        let children = children(methods, slot);
        if !children.is_empty() {
            let words = messages::cards::has_branches(&children);
            self.message = Some((words, true));
            return;
        }
        self.document.edit(|experiment| {
            if slot < experiment.methods.len() {
                experiment.methods.remove(slot);
            }
        });
    }

    /// Sets the outer iterations of every run, at least as many as branches need.
    pub(super) fn set_iterations(&mut self, iterations: u64) {
        let methods = self.document.session.experiment().methods.iter();
        let forks = methods.filter_map(|method| method.from.as_ref().map(|from| from.k));
        let least = forks.max().unwrap_or(0);
        if iterations < least {
            let words = messages::cards::runs_reach_branches(least);
            self.message = Some((words, true));
        }
        self.document
            .edit(|experiment| experiment.iterations = iterations.max(least));
    }
}

fn labels(experiment: &Experiment) -> Vec<String> {
    let methods = experiment.methods.iter();
    methods.map(|method| method.label.clone()).collect()
}

/// Adds a branch of a method, after the last method of its colour.
fn add_branch(experiment: &mut Experiment, slot: usize, from: ForkPoint, id: Option<&str>) {
    let Some(parent) = experiment.methods.get(slot) else {
        return;
    };
    let entry = id.and_then(method::find).unwrap_or(parent.entry);
    let is_same = entry.id == parent.entry.id;
    let (settings, name) = if is_same {
        (parent.settings.clone(), parent.label.as_str())
    } else {
        let settings = with_step_sizes_of(Settings::new(entry.parameters), &parent.settings);
        (settings, entry.name)
    };
    let branch = MethodSpec {
        entry,
        settings,
        label: unused_label(name, &experiment.methods),
        expect: None,
        colour: None,
        note: String::new(),
        is_pinned: false,
        from: Some(from),
    };
    let home = home_of(entry.id);
    let same = |other: &MethodSpec| home_of(other.entry.id) == home;
    let last = experiment.methods.iter().rposition(same).unwrap_or(slot);
    experiment.methods.insert(last.max(slot) + 1, branch);
}

/// The settings with the step sizes and the inner steps of another method, as far as both declare them.
pub(super) fn with_step_sizes_of(mut settings: Settings, other: &Settings) -> Settings {
    let names = ["outer_step_size", "inner_step_size", "inner_steps"];
    for name in names.into_iter().filter(|name| other.declares(name)) {
        let _unknown = settings.set(name, other.value(name));
    }
    settings
}
