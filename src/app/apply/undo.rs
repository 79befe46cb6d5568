//! Commands with undo, and those on visibility and dialogs, which are no steps.

use bilevel_claims::CLAIMS;
use bilevel_figure::AxisScale;

use crate::app::App;
use crate::app::command::Command;
use crate::app::command::history::{EditTarget, Moment};
use crate::app::command::keyboard::Cover;
use crate::app::dialogs::command_palette::Palette;

impl App {
    /// Carries out a command; an edit of the experiment is recorded for undo.
    pub(crate) fn apply(&mut self, command: Command, ctx: &egui::Context) {
        match command {
            Command::Undo => {
                let moment = self.history.undo(self.moment());
                self.restore(moment);
            }
            Command::Redo => {
                let moment = self.history.redo(self.moment());
                self.restore(moment);
            }
            Command::ToggleVisible(slot) => self.toggle_visible(slot),
            Command::Isolate(slot) => self.isolate(slot),
            Command::CycleScales => self.cycle_scales(),
            Command::AskOpen => self.path.is_asked = true,
            Command::TogglePalette => {
                self.palette = match self.palette {
                    Some(_) => None,
                    None => Some(Palette::default()),
                };
            }
            Command::OpenClaim(place) => {
                self.papers.is_open = false;
                if let Some(claim) = CLAIMS.get(place) {
                    self.papers.claim = Some(place);
                    self.apply(Command::Open(claim.preset.to_owned()), ctx);
                }
            }
            Command::ToggleFullScreen => {
                let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
            }
            Command::Dismiss => match self.cover() {
                Cover::Palette => self.palette = None,
                Cover::Dialog if self.tuning.is_open => self.tuning.close(),
                Cover::Dialog => self.export.is_open = false,
                Cover::Keys => self.shows_keys = false,
                Cover::Papers => self.papers.is_open = false,
                Cover::Nothing => {}
            },
            command => {
                let before = self.moment();
                let target = EditTarget::of(&command);
                self.apply_command(command, ctx);
                if before.experiment == *self.session.experiment() && before.name == self.name {
                    // a value that was refused, or that was set already
                    self.is_modified &= before.is_modified;
                } else {
                    self.history.record(before, target);
                }
            }
        }
    }

    /// The topmost dialog over the window.
    pub(crate) fn cover(&self) -> Cover {
        if self.palette.is_some() {
            Cover::Palette
        } else if self.export.is_open || self.tuning.is_open {
            Cover::Dialog
        } else if self.shows_keys {
            Cover::Keys
        } else if self.papers.is_open {
            Cover::Papers
        } else {
            Cover::Nothing
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            experiment: self.session.experiment().clone(),
            name: self.name.clone(),
            is_modified: self.is_modified,
        }
    }

    /// Restores a moment; the views stay unless another problem or file comes with it.
    fn restore(&mut self, moment: Option<Moment>) {
        let Some(moment) = moment else { return };
        let is_same_problem = moment.experiment.problem == self.session.experiment().problem;
        if is_same_problem && moment.name == self.name {
            self.edit(|experiment| *experiment = moment.experiment);
        } else {
            let view = moment.experiment.view.clone();
            self.replace(moment.experiment);
            if moment.name != self.name {
                self.show_as(&view);
            }
        }
        self.name = moment.name;
        self.is_modified = moment.is_modified;
    }

    /// The visibility of each method, in the experiment's order.
    fn visible(&self) -> Vec<bool> {
        let slots = self.session.slots().iter();
        slots.map(|slot| slot.is_visible).collect()
    }

    /// The labels of the hidden methods.
    pub(crate) fn hidden_labels(&self) -> Vec<String> {
        let methods = self.session.experiment().methods.iter();
        methods
            .zip(self.session.slots())
            .filter(|(_, slot)| !slot.is_visible)
            .map(|(method, _)| method.label.clone())
            .collect()
    }

    /// Hides the methods with these labels and no others.
    pub(crate) fn hide(&mut self, labels: &[String]) {
        for slot in 0..self.session.slots().len() {
            let method = self.session.experiment().methods.get(slot);
            let is_hidden = method.is_some_and(|method| labels.contains(&method.label));
            self.session.set_visible(slot, !is_hidden);
        }
    }

    fn toggle_visible(&mut self, slot: usize) {
        if let Some(is_visible) = self.visible().get(slot) {
            self.session.set_visible(slot, !is_visible);
        }
    }

    /// Shows one method only, or all again if it is already the only one.
    fn isolate(&mut self, slot: usize) {
        let visible = self.visible();
        if slot >= visible.len() {
            return;
        }
        let is_alone = visible
            .iter()
            .enumerate()
            .all(|(other, is_visible)| *is_visible == (other == slot));
        for other in 0..visible.len() {
            self.session.set_visible(other, is_alone || other == slot);
        }
    }

    /// Goes to the next combination of logarithmic axes: both, the vertical one, the horizontal one, none.
    fn cycle_scales(&mut self) {
        use AxisScale::{Linear, Log};
        self.race.view.scales = match self.race.view.scales {
            [Log, Log] => [Linear, Log],
            [Linear, Log] => [Log, Linear],
            [Log, Linear] => [Linear, Linear],
            [Linear, Linear] => [Log, Log],
        };
        self.race.fit();
    }
}
