//! The explanation: what the experiment is about, what its runs did, what to try, and the next presets; or a caption of
//! it in few lines.

use bilevel_figure::RichText;
use bilevel_files::presets::{self, PresetSummary};
use bilevel_files::{Experiment, lesson_headings};
use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages::{guide, lessons};
use crate::app::paint::explained::explained_paragraph;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{
    action_button, copy_bibtex, icon_button, remark, rich_label, rich_line, rich_paragraph,
    separator, title,
};
use crate::app::session::Session;
use crate::app::views::observations::observations;

/// The number of suggested presets.
const MOST_COMING: usize = 5;
/// The group of presets that are explained from the beginning.
const FIRST_STEPS: &str = "First steps";
/// The width of the button beside a caption, and the height of one line of it.
const BUTTON: f32 = 110.0;
const CAPTION: f32 = 24.0;

/// Draws the panel and queues what the user asks for. `hints` are those of the view of the runs that is shown; `offers_lesson` is true
/// where the first lesson is offered.
pub(crate) fn guide_ui(
    ui: &mut Ui,
    session: &Session,
    ((hints, name), offers_lesson): ((&[[&'static str; 2]], &str), bool),
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    let experiment = session.experiment();
    ui.horizontal(|ui| {
        title(ui, "What you see");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Close, &Action::ToggleGuide.tooltip(true)).clicked() {
                commands.push(Action::ToggleGuide);
            }
        });
    });
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let small = SMALL + 0.5;
            if offers_lesson {
                offer_ui(ui, commands);
            }
            explained_paragraph(ui, about(experiment), TEXT, roles.text_weak);
            separator(ui);
            let preset = presets::find(name);
            if preset.is_some_and(|preset| preset.group == FIRST_STEPS) {
                rich_label(ui, guide::players(), TEXT, roles.text);
                for sentence in guide::first_words() {
                    rich_paragraph(ui, sentence, small, roles.text_weak);
                }
                separator(ui);
            }
            rich_label(ui, guide::what_happened(), TEXT, roles.text);
            for sentence in observations(session) {
                explained_paragraph(ui, &sentence, small, roles.text_weak);
                ui.add_space(2.0);
            }
            separator(ui);
            look_for_ui(ui, session, small);
            tries_ui(ui, hints, session);
            separator(ui);
            optimum_ui(ui, session);
            if !experiment.source.is_empty() {
                remark(ui, &format!("**Source** {}", experiment.source));
            }
            let entry = experiment.problem.entry;
            copy_bibtex(ui, entry.name, entry.references, commands);
            separator(ui);
            next_ui(ui, name, commands);
        });
}

/// Draws the words on the problem at hand, if there are any.
fn look_for_ui(ui: &mut Ui, session: &Session, size: f32) {
    let look_for = if is_as_described(session) {
        session.experiment().problem.entry.look_for
    } else {
        ""
    };
    let note: &str = &session.problem().metadata().lower_level.note;
    let texts = [look_for, note].into_iter();
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    if texts.is_empty() {
        return;
    }
    let roles = roles_of(ui);
    rich_label(ui, guide::what_to_look_for(), TEXT, roles.text);
    for (place, text) in texts.into_iter().enumerate() {
        if place > 0 {
            ui.add_space(4.0);
        }
        explained_paragraph(ui, text, size, roles.text_weak);
    }
    separator(ui);
}

/// Draws the offer of the first lesson.
fn offer_ui(ui: &mut Ui, commands: &mut CommandQueue) {
    let Some(first) = lesson_headings().first() else {
        return;
    };
    remark(ui, lessons::about_offer());
    ui.add_space(2.0);
    let words = lessons::offer(&first.title, &lessons::steps(first.steps));
    if ui.button(words).clicked() {
        commands.push(Edit::OpenLesson {
            name: first.name.to_owned(),
        });
    }
    separator(ui);
}

/// Draws the title and the text of the experiment in at most `most` lines, with the button of the whole explanation.
pub(crate) fn caption_ui(ui: &mut Ui, session: &Session, most: usize, commands: &mut CommandQueue) {
    let size = vec2(ui.available_width(), CAPTION + 19.0 * (most - 1) as f32);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            action_button(ui, Action::ToggleGuide, false, commands);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(2.0);
                caption_lines(ui, session, most);
            });
        });
    });
}

/// Draws the title and the text of the experiment, as many of its sentences as fit into `most` lines.
pub(crate) fn caption_lines(ui: &mut Ui, session: &Session, most: usize) {
    let roles = roles_of(ui);
    let experiment = session.experiment();
    let room = (ui.available_width() - 8.0).max(BUTTON) / TEXT;
    let words = guide::caption(&experiment.title, about(experiment));
    let mut lines = RichText::wrap(&words, room);
    let mut most = most;
    if lines.len() > most {
        // whole sentences; a long first one may have a line more
        let begun = beginnings(about(experiment)).map(|it| guide::caption(&experiment.title, it));
        let wrapped: Vec<_> = begun.map(|it| RichText::wrap(&it, room)).collect();
        let fits = |most: usize| wrapped.iter().find(|it| it.len() <= most).cloned();
        lines = fits(most).or_else(|| fits(most + 1)).unwrap_or(lines);
        most = most.max(lines.len().min(most + 1));
    }
    let is_cut = lines.len() > most;
    ui.spacing_mut().item_spacing.y = 0.0;
    for (number, line) in lines.into_iter().take(most).enumerate() {
        let is_last = number + 1 == most;
        let line = if is_cut && is_last {
            line.continued(room)
        } else {
            line
        };
        let response = rich_line(ui, &line, TEXT, roles.text_weak);
        response.on_hover_ui(|ui| {
            ui.set_max_width(420.0);
            rich_paragraph(ui, &words, TEXT, roles_of(ui).text);
        });
    }
}

/// The beginnings of a text that end with a sentence, the longest first.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.rmatch_indices(". ").map(|(at, _)| at + 1);
    ends.map(|end| &text[..end])
}

/// The text about an experiment: its own, or that of its problem.
fn about(experiment: &Experiment) -> &str {
    if experiment.about.is_empty() {
        experiment.problem.entry.summary
    } else {
        &experiment.about
    }
}

/// True if the words of the problem on what to look for hold: they are about its own start and default parameters.
fn is_as_described(session: &Session) -> bool {
    let experiment = session.experiment();
    let problem = &experiment.problem;
    let start = &session.problem().metadata().start;
    let is_default = |settings: &bilevel::problem::Settings, parameters| {
        *settings == bilevel::problem::Settings::new(parameters)
    };
    let methods = &experiment.methods;
    let mut runs = methods
        .iter()
        .map(|method| (&method.settings, method.entry.parameters));
    // the start last: it may have millions of variables
    is_default(&problem.settings, problem.entry.parameters)
        && runs.all(|(settings, parameters)| is_default(settings, parameters))
        && session.starts() == std::slice::from_ref(start)
}

/// Draws suggestions for the view that is shown, and for controls that are there.
fn tries_ui(ui: &mut Ui, hints: &[[&'static str; 2]], session: &Session) {
    let roles = roles_of(ui);
    rich_label(ui, guide::things_to_try(), TEXT, roles.text);
    let mut tries = hints.to_vec();
    let mut methods = session.experiment().methods.iter();
    if methods.any(|method| method.settings.declares("outer_step_size")) {
        tries.push(guide::try_a_step_size());
    }
    if session.end() > 0
        && !tries
            .iter()
            .any(|[gesture, _]| gesture.contains("timeline"))
    {
        tries.push(guide::try_the_timeline());
    }
    for (number, [gesture, effect]) in tries.into_iter().enumerate() {
        ui.horizontal_top(|ui| {
            numbered_dot(ui, number + 1);
            ui.vertical(|ui| {
                rich_paragraph(ui, &format!("**{gesture}**"), TEXT, roles.text);
                rich_paragraph(ui, effect, SMALL + 0.5, roles.text_weak);
            });
        });
    }
}

/// Draws the global minima with their reasons.
fn optimum_ui(ui: &mut Ui, session: &Session) {
    let minima = &session.problem().metadata().minima;
    if !minima.is_empty() {
        rich_label(ui, "**Optimum**", TEXT, roles_of(ui).text);
    }
    let mut said = Vec::new();
    for minimum in minima.iter().filter(|minimum| minimum.is_global) {
        let value = bilevel_figure::brief(minimum.value, 3);
        let sentence = format!("$f^* = {value}$: {}.", minimum.reason);
        // many points of one plateau are one optimum
        if !said.contains(&minimum.reason) {
            remark(ui, &sentence);
            said.push(minimum.reason);
        }
    }
}

/// Draws links to the claims and to the presets that follow the open one, each with its meaning.
fn next_ui(ui: &mut Ui, name: &str, commands: &mut CommandQueue) {
    rich_label(ui, "**Next**", TEXT, roles_of(ui).text);
    for summary in coming(name) {
        let link = ui.link(&summary.title);
        if link.clicked() {
            commands.push(Edit::Open {
                name: summary.preset.name.to_owned(),
            });
        }
        remark(ui, &summary.meaning);
    }
    if ui.link("Lessons, step by step").clicked() {
        commands.push(Action::ToggleLessons);
    }
    if ui.link("Two papers, claim by claim").clicked() {
        commands.push(Action::TogglePapers);
    }
}

/// The presets after the one of a name, continued at the start of the list.
fn coming(name: &str) -> impl Iterator<Item = &'static PresetSummary> {
    let summaries = presets::summaries();
    let here = summaries.iter().position(|it| it.preset.name == name);
    let first = here.map_or(0, |here| here + 1);
    let others = summaries.len() - usize::from(here.is_some());
    summaries
        .iter()
        .cycle()
        .skip(first)
        .take(others.min(MOST_COMING))
}

fn numbered_dot(ui: &mut Ui, number: usize) {
    let roles = roles_of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
    ui.painter()
        .circle_filled(rect.center(), 9.0, colour(roles.ink));
    let text = RichText::bold(&number.to_string());
    let left = rect.center().x - 0.5 * text.width * SMALL;
    paint_text(
        ui.painter(),
        [left, rect.center().y + 0.36 * SMALL],
        &text,
        SMALL,
        roles.on_ink,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, number.to_string()));
}
