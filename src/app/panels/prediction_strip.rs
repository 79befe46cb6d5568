//! The strip of a prediction: question, guesses and, once it is revealed, how near they are.

use bilevel::problem::Coordinate;
use bilevel_figure::fixed;
use egui::{
    Align, Button, Color32, FontId, Layout, RichText, Role, TextEdit, Ui, WidgetInfo, vec2,
};

use super::prediction_answer::{answer_ui, initials_of};
use crate::app::command::action::Icon;
use crate::app::command::prediction::{PredictedQuestion, PredictionChange};
use crate::app::command::{Action, CommandQueue, ViewChange};
use crate::app::messages::prediction as words;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{
    action_button, chooser, controls_are_shown, low_icon_button, rich_label, rich_paragraph,
    segmented,
};
use crate::app::session::Session;
use crate::app::session::letters::letter;
use crate::app::session::prediction::{Guess, MOST_INITIALS, Prediction, ranked_labels};

/// The width of the field for initials.
const INITIALS: f32 = 44.0;
/// The width of a letter and its field, but for the method's name.
const FIELD: f32 = 72.0;
/// The room for the buttons at the right.
const BUTTONS: f32 = 120.0;

/// Draws the strip and queues what the user asks for; `axes` are those of the landscape, `None` where it is not shown.
///
/// Question and guesses share their rows where pictures have little room, as in a presentation.
pub(crate) fn prediction_ui(
    ui: &mut Ui,
    (prediction, session): (&Prediction, &Session),
    axes: Option<[Coordinate; 2]>,
    commands: &mut CommandQueue,
) {
    let labels = ranked_labels(session);
    let is_roomy = controls_are_shown(ui);
    let has_guesses = !labels.is_empty() && !prediction.is_revealed;
    let guesses = |ui: &mut Ui, commands: &mut CommandQueue| {
        guesses_ui(ui, prediction, (&labels, axes.is_some()), commands);
    };
    ui.add_space(4.0);
    ui.horizontal_top(|ui| {
        // the buttons keep their place, and the rest wraps beside them
        let room = vec2((ui.available_width() - BUTTONS).max(0.0), 24.0);
        let wrapped = Layout::left_to_right(Align::Center).with_main_wrap(true);
        ui.allocate_ui_with_layout(room, wrapped, |ui| {
            ui.set_max_width(room.x);
            question_ui(ui, (prediction, session), is_roomy, commands);
            if has_guesses && !is_roomy {
                guesses(ui, commands);
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            action_button(ui, Action::TogglePrediction, false, commands);
            if !prediction.is_revealed {
                action_button(ui, Action::Reveal, false, commands);
            }
        });
    });
    if labels.is_empty() {
        rich_paragraph(ui, words::no_method(), TEXT, roles_of(ui).text_weak);
    } else if prediction.is_revealed {
        answer_ui(ui, prediction, session, axes);
    } else if is_roomy {
        ui.horizontal_wrapped(|ui| guesses(ui, commands));
    }
    ui.add_space(if is_roomy { 6.0 } else { 2.0 });
}

fn push(commands: &mut CommandQueue, change: PredictionChange) {
    commands.push(ViewChange::Predict { change });
}

/// Draws the question with its choices.
fn question_ui(
    ui: &mut Ui,
    (prediction, session): (&Prediction, &Session),
    is_roomy: bool,
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    let labels = ranked_labels(session);
    let options = [
        (PredictedQuestion::End, "Where does it end?"),
        (PredictedQuestion::Order, "Who ends best?"),
        (PredictedQuestion::Curves, "Whose curve is this?"),
    ];
    let count = match (labels.len() > 1, session.labels_by_letter(None).len() > 1) {
        (false, _) => 1,
        (true, false) => 2,
        (true, true) => 3,
    };
    let picked = if is_roomy {
        rich_label(ui, "**Predict**", TEXT, roles.text);
        segmented(ui, &options[..count], prediction.question)
    } else {
        let rows = options.map(|(question, words)| (question, words, ""));
        chooser(
            ui,
            "Question of the prediction",
            &rows[..count],
            prediction.question,
        )
    };
    if let Some(question) = picked {
        push(commands, PredictionChange::SetQuestion(question));
    }
    if prediction.question == PredictedQuestion::End && labels.len() > 1 {
        let here = labels.iter().position(|label| *label == prediction.method);
        let rows: Vec<(usize, &str, &str)> = labels
            .iter()
            .enumerate()
            .map(|(number, label)| (number, label.as_str(), ""))
            .collect();
        if let Some(number) = chooser(ui, "Predicted method", &rows, here.unwrap_or(0)) {
            push(
                commands,
                PredictionChange::SetMethod(labels[number].clone()),
            );
        }
    }
    if !prediction.is_revealed {
        let mut hides = prediction.hides_optimum;
        if ui.checkbox(&mut hides, "hide the optimum and φ").changed() {
            push(commands, PredictionChange::SetHidesOptimum(hides));
        }
        if is_roomy {
            let from = match prediction.question {
                PredictedQuestion::Curves => words::names_are_hidden().to_owned(),
                _ => words::hidden_from(&fixed(prediction.last as f64, 0)),
            };
            rich_label(ui, &from, SMALL, roles.text_weak);
        }
    }
}

/// Draws the field for initials, the way to guess, and the guesses so far.
fn guesses_ui(
    ui: &mut Ui,
    prediction: &Prediction,
    (labels, has_landscape): (&[String], bool),
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    initials_ui(ui, prediction, commands);
    match prediction.question {
        PredictedQuestion::End => {
            let hint = match (has_landscape, controls_are_shown(ui)) {
                (false, _) => words::no_landscape(),
                (true, true) => words::place_a_mark(),
                (true, false) => words::place_a_mark_in_short(),
            };
            rich_label(ui, hint, SMALL, roles.text_weak);
        }
        PredictedQuestion::Order => order_ui(ui, prediction, labels, commands),
        PredictedQuestion::Curves => owners_ui(ui, prediction, commands),
    }
    for (number, it) in prediction.guesses.iter().enumerate() {
        let words = match &it.guess {
            Guess::Place { .. } => format!("**{}**", initials_of(it)),
            Guess::Order(order) => format!("**{}** {}", initials_of(it), order.join(" · ")),
            Guess::Owners(owners) => {
                let named = owners.iter().enumerate();
                let named = named.filter_map(|(number, owner)| {
                    Some(words::owner(letter(number), owner.as_deref()?))
                });
                let named: Vec<String> = named.collect();
                format!("**{}** {}", initials_of(it), named.join(" · "))
            }
        };
        ui.add_space(6.0);
        rich_label(ui, &words, SMALL, roles.text);
        let name = format!("Remove the guess of {}", initials_of(it));
        if low_icon_button(ui, Icon::Close, &name).clicked() {
            push(commands, PredictionChange::Remove(number));
        }
    }
}

fn initials_ui(ui: &mut Ui, prediction: &Prediction, commands: &mut CommandQueue) {
    let mut initials = prediction.initials.clone();
    let field = TextEdit::singleline(&mut initials)
        .char_limit(MOST_INITIALS)
        .hint_text("AB")
        .desired_width(INITIALS);
    let response = ui.add(field).on_hover_text("Your initials");
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Initials of the guess"));
    if initials != prediction.initials {
        push(commands, PredictionChange::SetInitials(initials));
    }
}

/// Draws the methods, each at its place, with the ranks of those that are named.
fn order_ui(ui: &mut Ui, prediction: &Prediction, labels: &[String], commands: &mut CommandQueue) {
    let named = &prediction.order;
    for label in labels {
        let rank = named.iter().position(|it| it == label);
        let words = rank.map_or_else(|| label.clone(), |rank| words::ranked(rank + 1, label));
        // with room for the rank, so that no chip moves
        let width = chip_width(ui, label, labels.len());
        let words = RichText::new(words).size(SMALL);
        let chip = Button::new(words).small().min_size(vec2(width, 0.0));
        if ui.add_enabled(rank.is_none(), chip).clicked() {
            push(commands, PredictionChange::AddToOrder(label.clone()));
        }
    }
    // after the chips, which keep their places
    if controls_are_shown(ui) {
        let hint = words::name_the_next(named.len());
        rich_label(ui, &hint, SMALL, roles_of(ui).text_weak);
    }
    if !named.is_empty() && ui.small_button("Begin anew").clicked() {
        push(commands, PredictionChange::ClearOrder);
    }
}

/// The width of a chip with any rank.
fn chip_width(ui: &Ui, label: &str, most: usize) -> f32 {
    let widths = (1..=most).map(|rank| text_width(ui, words::ranked(rank, label)));
    (widths.fold(0.0, f32::max) + 2.0 * ui.spacing().button_padding.x).ceil()
}

/// The width of a line of small text.
fn text_width(ui: &Ui, words: String) -> f32 {
    let font = FontId::proportional(SMALL);
    let galley = ui
        .painter()
        .layout_no_wrap(words, font, Color32::PLACEHOLDER);
    galley.size().x
}

/// Draws a field for the method of each letter.
fn owners_ui(ui: &mut Ui, prediction: &Prediction, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    if controls_are_shown(ui) {
        rich_label(ui, words::name_the_curves(), SMALL, roles.text_weak);
    }
    // in the order of the alphabet, which is not that of the letters
    let mut labels: Vec<&str> = prediction.letters.iter().map(String::as_str).collect();
    labels.sort_unstable();
    let mut rows = vec![(None, "?", "")];
    rows.extend(labels.into_iter().map(|label| (Some(label), label, "")));
    for (number, owner) in prediction.owners.iter().enumerate() {
        let name = letter(number);
        // a letter and its field are not torn apart
        let widest = FIELD + text_width(ui, owner.as_deref().unwrap_or("?").to_owned());
        if ui.available_size_before_wrap().x < widest {
            ui.end_row();
        }
        // as high as the field, so that both begin a row at one height
        let size = vec2(0.0, ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_height(size.y);
            rich_label(ui, &format!("**{name}**"), TEXT, roles.text);
        });
        let field = words::owner_field(name);
        if let Some(picked) = chooser(ui, &field, &rows, owner.as_deref()) {
            let method = picked.map(str::to_owned);
            let letter = number;
            push(commands, PredictionChange::SetOwner { letter, method });
        }
    }
    let is_made = prediction.owners.iter().any(Option::is_some);
    let face = if controls_are_shown(ui) {
        "Add guess"
    } else {
        "Add"
    };
    let add = ui.add_enabled(is_made, Button::new(face).small());
    add.widget_info(|| WidgetInfo::labeled(Role::Button, is_made, "Add guess"));
    if add.on_hover_text(words::reveal_adds_it()).clicked() {
        push(commands, PredictionChange::AddOwners);
    }
    let shuffle = ui.add_enabled(prediction.can_be_shuffled(), Button::new("Shuffle").small());
    let shuffle = shuffle
        .on_hover_text(words::shuffle_meaning())
        .on_disabled_hover_text(words::letters_are_named());
    if shuffle.clicked() {
        // the moment of a click repeats in tests alone
        let seed = ui.input(|input| input.time.to_bits());
        push(commands, PredictionChange::Shuffle { seed });
    }
}
