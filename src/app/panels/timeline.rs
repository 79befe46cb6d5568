//! The timeline: play, pause, step and scrub; every view follows it.

use bilevel_figure::{RichText, fixed};
use bilevel_files::Experiment;
use egui::{Role, Ui, WidgetInfo};

use super::timeline_bar::timeline_bar;
use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit, ViewChange};
use crate::app::messages;
use crate::app::paint::number_field::count_field;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{action_button, icon_button, main_icon_button, rich_label};
use crate::app::session::Session;
use crate::app::session::playhead::SPEEDS;

/// Below this width the controls leave more space to the bar.
const NARROW: f32 = 560.0;
/// Below this width only the controls of the playhead are shown.
const TINY: f32 = 380.0;

/// Draws the controls and queues what the user asks for.
pub(crate) fn timeline_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let (now, end) = (session.playhead.iteration(), session.end());
    ui.horizontal_centered(|ui| {
        let is_narrow = ui.available_width() < NARROW;
        let is_tiny = ui.available_width() < TINY;
        if !is_tiny {
            action_button(ui, Action::Restart, false, commands);
        }
        action_button(ui, Action::PreviousIteration, false, commands);
        let is_playing = session.playhead.is_playing;
        let icon = if is_playing { Icon::Pause } else { Icon::Play };
        let name = Action::TogglePlay.tooltip(is_playing);
        if main_icon_button(ui, icon, &name).clicked() {
            commands.push(Action::TogglePlay);
        }
        action_button(ui, Action::NextIteration, false, commands);
        let has_letters = session.letters().is_some();
        if !is_narrow {
            ui.add_enabled_ui(!has_letters, |ui| fork_ui(ui, session, commands));
            speed_ui(ui, session.playhead.speed, commands);
        }
        ui.add_space(8.0);
        let kept = kept(session);
        let words = match &kept {
            _ if is_tiny => 50.0,
            _ if is_narrow => 120.0,
            None => 210.0,
            Some(kept) => {
                let numbers = 2.0 * TEXT * RichText::parse(&fixed(end as f64, 0)).width;
                170.0 + numbers + SMALL * RichText::parse(kept).width
            }
        };
        let playhead = fixed(now as f64, 0);
        ui.spacing_mut().slider_width = (ui.available_width() - words).max(40.0);
        timeline_bar(ui, session, commands);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if !is_tiny {
                ui.add_enabled_ui(!has_letters, |ui| {
                    length_ui(ui, session.experiment().iterations, commands);
                });
                rich_label(ui, "of", SMALL, roles.text_weak);
            }
            // pictures are not of an iteration that is still to come
            let computed = session.computed();
            let is_behind = computed < now && session.is_computing();
            let shown = fixed(computed.min(now) as f64, 0);
            let number = if is_behind { &shown } else { &playhead };
            rich_label(ui, &format!("**{number}**"), TEXT, roles.text);
            if !is_narrow {
                if is_behind {
                    let words = messages::timeline::shown_so_far();
                    let meaning = messages::timeline::shown_so_far_meaning(&shown, &playhead);
                    rich_label(ui, words, SMALL, roles.warning).on_hover_text(meaning);
                } else {
                    // not on the bar: it would cover the sentence under the race while that is dragged
                    rich_label(ui, "iteration", SMALL, roles.text_weak)
                        .on_hover_text(messages::timeline::loop_hint());
                }
                if let Some(kept) = &kept {
                    rich_label(ui, kept, SMALL, roles.warning)
                        .on_hover_text(messages::status::one_is_kept_meaning());
                }
            }
        });
    });
}

/// Draws the button that continues the first method shown from the playhead.
fn fork_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let methods = &session.experiment().methods;
    let Some(method) = session.first_visible().and_then(|slot| methods.get(slot)) else {
        return;
    };
    let iteration = fixed(session.playhead.iteration() as f64, 0);
    let keys = Action::Fork.info().chords.iter();
    let keys: Vec<String> = keys.map(|chord| chord.name()).collect();
    let name = messages::timeline::branch_off(&method.label, &iteration, &keys.join(", "));
    if icon_button(ui, Icon::Branch, &name).clicked() {
        commands.push(Action::Fork);
    }
}

/// Draws the field of the runs' length.
fn length_ui(ui: &mut Ui, iterations: u64, commands: &mut CommandQueue) {
    let mut most = iterations;
    let field = count_field(&mut most, 1..=Experiment::MOST_ITERATIONS).speed(10.0);
    let field = ui
        .add(field)
        .on_hover_text("The outer iterations of every run");
    field.widget_info(|| {
        WidgetInfo::labeled(Role::SpinButton, true, "Outer iterations of every run")
    });
    if field.changed() {
        commands.push(Edit::SetIterations { iterations: most });
    }
}

/// The recording interval in words, if it is longer than the experiment's.
fn kept(session: &Session) -> Option<String> {
    let every = session.every();
    (every > session.experiment().record_every)
        .then(|| messages::status::one_is_kept(&fixed(every as f64, 0)))
}

/// Draws the chooser of the speed.
fn speed_ui(ui: &mut Ui, speed: f64, commands: &mut CommandQueue) {
    let combo = egui::ComboBox::from_id_salt("speed")
        .width(56.0)
        .selected_text(format!("{speed}×"))
        .show_ui(ui, |ui| {
            for option in SPEEDS {
                if ui
                    .selectable_label(option == speed, format!("{option}×"))
                    .clicked()
                {
                    commands.push(ViewChange::SetSpeed { speed: option });
                }
            }
        });
    combo
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Speed"));
}
