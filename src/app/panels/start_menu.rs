//! The menu of several starts and seeds: a grid, a ring or random starts, and the number of seeds.

use bilevel::problem::Coordinate;
use bilevel::study::{SpreadPattern, StartSpread};
use egui::{PopupCloseBehavior, Role, Ui, WidgetInfo};

use crate::app::command::{Action, CommandQueue, Edit, SpreadChoice};
use crate::app::messages::{starts, status};
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{action_button, rich_label, rich_paragraph, segmented};
use crate::app::session::{MOST_RUNS, Session};

/// The width of the menu.
const WIDTH: f32 = 250.0;
/// The name of the button in the accessibility tree and the palette.
const NAME: &str = "Several starts and seeds";

/// Draws the button with its menu. `axes` are the coordinates of the landscape.
pub(super) fn start_menu(
    ui: &mut Ui,
    session: &Session,
    (axes, choice): ([Coordinate; 2], &mut SpreadChoice),
    commands: &mut CommandQueue,
) {
    let button = ui
        .button("Several…")
        .on_hover_text(starts::several_meaning());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, NAME));
    egui::Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        // fields and buttons of menus have no frames
        .style(egui::style::StyleModifier::default())
        .show(|ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 5.0;
            // problems with pictures of their own have too many variables to place a start
            if session.problem().pictured().is_none() {
                rich_label(ui, "**Several starts**", TEXT, roles_of(ui).text);
                pattern_ui(ui, choice);
                count_ui(ui, choice);
                result_ui(ui, session, (axes, choice), commands);
                ui.separator();
                ui.horizontal(|ui| {
                    action_button(ui, Action::AddStart, false, commands);
                    let is_one = session.starts().len() < 2;
                    ui.add_enabled_ui(!is_one, |ui| {
                        action_button(ui, Action::KeepStart, false, commands);
                    });
                });
                ui.separator();
            }
            rich_label(ui, "**Seeds**", TEXT, roles_of(ui).text);
            seeds_ui(ui, session, commands);
        });
}

/// Draws the choosers of the pattern and its region, with the meaning of the choice.
fn pattern_ui(ui: &mut Ui, choice: &mut SpreadChoice) {
    let options = [
        (SpreadPattern::Grid, "grid"),
        (SpreadPattern::Ring, "ring"),
        (SpreadPattern::Random, "random"),
    ];
    if let Some(pattern) = segmented(ui, &options, choice.pattern) {
        choice.pattern = pattern;
    }
    let is_ring = choice.pattern == SpreadPattern::Ring;
    // a ring lies in a plane
    let regions = [(false, "in the picture"), (true, "in the whole box")];
    let regions = if is_ring { &regions[..1] } else { &regions };
    let is_in_box = choice.is_in_box && !is_ring;
    if let Some(is_in_box) = segmented(ui, regions, is_in_box) {
        choice.is_in_box = is_in_box;
    }
    let pattern = match choice.pattern {
        SpreadPattern::Grid => starts::grid_meaning(),
        SpreadPattern::Ring => starts::ring_meaning(),
        SpreadPattern::Random => starts::random_meaning(),
    };
    let region = if is_in_box {
        starts::box_meaning()
    } else {
        starts::picture_meaning()
    };
    for words in [pattern, region] {
        rich_paragraph(ui, words, SMALL, roles_of(ui).text_faint);
    }
}

/// Draws the fields of the number of starts and of the seed.
fn count_ui(ui: &mut Ui, choice: &mut SpreadChoice) {
    ui.horizontal(|ui| {
        let is_grid = choice.pattern == SpreadPattern::Grid;
        let (words, count) = if is_grid {
            ("per variable", &mut choice.side)
        } else {
            ("starts", &mut choice.points)
        };
        number_ui(ui, words, "Number of starts", (count, 1..=MOST_RUNS));
        if choice.pattern == SpreadPattern::Random {
            number_ui(
                ui,
                "seed",
                "Seed of the starts",
                (&mut choice.seed, 0..=u64::MAX),
            );
        }
    });
}

/// Draws the number of runs that come of the choice, and the button that makes them.
fn result_ui(
    ui: &mut Ui,
    session: &Session,
    (axes, choice): ([Coordinate; 2], &SpreadChoice),
    commands: &mut CommandQueue,
) {
    let metadata = session.problem().metadata();
    let is_plane = !choice.is_in_box || choice.pattern == SpreadPattern::Ring;
    let variables = if is_plane {
        axes.len()
    } else {
        metadata.shape().total()
    };
    let count = StartSpread::len(choice.pattern, choice.count(), variables);
    let experiment = session.experiment();
    let (methods, seeds) = (experiment.methods.len(), experiment.seeds.len());
    let runs = count
        .saturating_mul(seeds.max(1))
        .saturating_mul(methods.max(1));
    let roles = roles_of(ui);
    if runs > MOST_RUNS {
        let words = status::warning(&starts::too_many_runs(runs, MOST_RUNS));
        rich_paragraph(ui, &words, SMALL, roles.warning);
    } else {
        let words = starts::runs(methods, count, seeds, runs);
        rich_paragraph(ui, &words, SMALL, roles.text_weak);
    }
    ui.horizontal(|ui| {
        let button = egui::Button::new("Set these starts");
        if ui.add_enabled(runs <= MOST_RUNS, button).clicked() {
            commands.push(Edit::SpreadStarts { choice: *choice });
        }
    });
}

/// Draws the fields of the number of seeds and of the first one.
fn seeds_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let seeds = &session.experiment().seeds;
    let before = (seeds.first().copied().unwrap_or(0), seeds.len());
    let (mut first, mut count) = before;
    let runs_per_seed = session.starts().len() * session.experiment().methods.len().max(1);
    let most = (MOST_RUNS / runs_per_seed).max(count);
    for words in [starts::seeds_meaning(), &starts::most_seeds(most)] {
        rich_paragraph(ui, words, SMALL, roles_of(ui).text_faint);
    }
    ui.horizontal(|ui| {
        number_ui(ui, "seeds", "Number of seeds", (&mut count, 1..=most));
        number_ui(ui, "from", "First seed", (&mut first, 0..=i64::MAX as u64));
    });
    if (first, count) != before {
        commands.push(Edit::SetSeeds { first, count });
    }
}

/// Draws a whole number after its name.
fn number_ui<N: egui::emath::Numeric>(
    ui: &mut Ui,
    words: &str,
    spoken: &str,
    (number, range): (&mut N, std::ops::RangeInclusive<N>),
) {
    rich_label(ui, words, SMALL, roles_of(ui).text_weak);
    let field = ui.add_sized([52.0, 22.0], ranged_field(number, range).speed(0.1));
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, spoken));
}
