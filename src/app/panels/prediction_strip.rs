//! The strip of a prediction: question, guesses and, once it is revealed, how near they are.

use bilevel::problem::Coordinate;
use bilevel::study::Rank;
use bilevel_figure::{fixed, significant};
use egui::{Align, Layout, Role, TextEdit, Ui, WidgetInfo, vec2};

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
use crate::app::session::prediction::{
    Guess, MOST_INITIALS, Prediction, SignedGuess, pairs_in_order, ranked_labels,
};

/// The width of the field for initials.
const INITIALS: f32 = 44.0;
/// The room for the buttons at the right.
const BUTTONS: f32 = 120.0;

/// Draws the strip and queues what the user asks for; `axes` are those of the landscape, `None` where it is not shown.
pub(crate) fn prediction_ui(
    ui: &mut Ui,
    (prediction, session): (&Prediction, &Session),
    axes: Option<[Coordinate; 2]>,
    commands: &mut CommandQueue,
) {
    ui.add_space(4.0);
    ui.horizontal_top(|ui| {
        // the buttons keep their place, and the rest wraps beside them
        let room = vec2((ui.available_width() - BUTTONS).max(0.0), 24.0);
        let wrapped = Layout::left_to_right(Align::Center).with_main_wrap(true);
        ui.allocate_ui_with_layout(room, wrapped, |ui| {
            ui.set_max_width(room.x);
            question_ui(ui, prediction, session, commands);
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            action_button(ui, Action::TogglePrediction, false, commands);
            if !prediction.is_revealed {
                action_button(ui, Action::Reveal, false, commands);
            }
        });
    });
    let labels = ranked_labels(session);
    if labels.is_empty() {
        rich_paragraph(ui, words::no_method(), TEXT, roles_of(ui).text_weak);
    } else if prediction.is_revealed {
        answer_ui(ui, prediction, session, axes);
    } else {
        guesses_ui(ui, prediction, (&labels, axes.is_some()), commands);
    }
    ui.add_space(6.0);
}

fn push(commands: &mut CommandQueue, change: PredictionChange) {
    commands.push(ViewChange::Predict { change });
}

/// Draws the question with its choices.
fn question_ui(
    ui: &mut Ui,
    prediction: &Prediction,
    session: &Session,
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    rich_label(ui, "**Predict**", TEXT, roles.text);
    let labels = ranked_labels(session);
    let options = [
        (PredictedQuestion::End, "Where does it end?"),
        (PredictedQuestion::Order, "Who ends best?"),
    ];
    let options = if labels.len() > 1 {
        &options[..]
    } else {
        &options[..1]
    };
    if let Some(question) = segmented(ui, options, prediction.question) {
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
        if controls_are_shown(ui) {
            let from = words::hidden_from(&fixed(prediction.last as f64, 0));
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
    ui.horizontal_wrapped(|ui| {
        initials_ui(ui, prediction, commands);
        match prediction.question {
            PredictedQuestion::End => {
                let hint = if has_landscape {
                    words::place_a_mark()
                } else {
                    words::no_landscape()
                };
                rich_label(ui, hint, SMALL, roles.text_weak);
            }
            PredictedQuestion::Order => order_ui(ui, prediction, labels, commands),
        }
        for (number, it) in prediction.guesses.iter().enumerate() {
            let words = match &it.guess {
                Guess::Place { .. } => format!("**{}**", initials_of(it)),
                Guess::Order(order) => format!("**{}** {}", initials_of(it), order.join(" · ")),
            };
            ui.add_space(6.0);
            rich_label(ui, &words, SMALL, roles.text);
            let name = format!("Remove the guess of {}", initials_of(it));
            if low_icon_button(ui, Icon::Close, &name).clicked() {
                push(commands, PredictionChange::Remove(number));
            }
        }
    });
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

/// Draws the methods that are still to be named.
fn order_ui(ui: &mut Ui, prediction: &Prediction, labels: &[String], commands: &mut CommandQueue) {
    let named = &prediction.order;
    let hint = words::name_the_next(named.len());
    rich_label(ui, &hint, SMALL, roles_of(ui).text_weak);
    for label in labels.iter().filter(|label| !named.contains(label)) {
        if ui.small_button(label).clicked() {
            push(commands, PredictionChange::AddToOrder(label.clone()));
        }
    }
    if !named.is_empty() {
        let so_far = named.join(" · ");
        rich_label(ui, &so_far, SMALL, roles_of(ui).text);
        if ui.small_button("Begin anew").clicked() {
            push(commands, PredictionChange::ClearOrder);
        }
    }
}

fn initials_of(guess: &SignedGuess) -> &str {
    if guess.initials.is_empty() {
        words::unsigned()
    } else {
        &guess.initials
    }
}

/// Draws the guesses beside the truth.
fn answer_ui(
    ui: &mut Ui,
    prediction: &Prediction,
    session: &Session,
    axes: Option<[Coordinate; 2]>,
) {
    let sentences = match prediction.question {
        PredictedQuestion::End => end_words(prediction, session, axes),
        PredictedQuestion::Order => order_words(prediction, session),
    };
    let ink = roles_of(ui).text;
    match sentences {
        Some(sentences) => rich_paragraph(ui, &sentences, TEXT, ink),
        None => rich_paragraph(ui, words::still_running(), TEXT, roles_of(ui).text_weak),
    }
}

fn end_words(
    prediction: &Prediction,
    session: &Session,
    axes: Option<[Coordinate; 2]>,
) -> Option<String> {
    let outcome = prediction.outcome(session)?;
    let metadata = session.problem().metadata();
    let values = axes.and_then(|axes| Some((axes, prediction.end(session, axes)?)));
    let values = values.map(|(axes, end)| {
        let parts = axes.iter().zip(end).map(|(axis, value)| {
            format!("${} = {}$", metadata.variable(*axis), significant(value, 3))
        });
        parts.collect::<Vec<_>>().join(", ")
    });
    let values = values.unwrap_or_default();
    let mut sentences = vec![words::ended(&prediction.method, &outcome.name(), &values)];
    let scores = prediction.place_scores(session)?;
    let missed: Vec<String> = scores
        .iter()
        .map(|score| {
            let initials = initials_of(&prediction.guesses[score.guess]);
            words::missed_by(
                initials,
                &significant(score.distance, 2),
                score.is_same_valley,
            )
        })
        .collect();
    if !missed.is_empty() {
        sentences.push(format!("{}.", missed.join(" · ")));
    }
    let right = scores.iter().filter(|it| it.is_same_valley == Some(true));
    if scores.len() > 1 && scores.iter().all(|it| it.is_same_valley.is_some()) {
        sentences.push(words::tally_of_valleys(right.count(), scores.len()));
    }
    Some(sentences.join(" "))
}

fn order_words(prediction: &Prediction, session: &Session) -> Option<String> {
    let ranks = prediction.final_ranks(session)?;
    let has_place = |(_, rank): &(String, Rank)| matches!(rank, Rank::Place(_));
    if !ranks.iter().any(has_place) {
        return Some(words::nobody_has_a_place().to_owned());
    }
    let mut in_order: Vec<&(String, Rank)> = ranks.iter().collect();
    in_order.sort_by_key(|(_, rank)| match rank {
        Rank::Place(place) => *place,
        _ => usize::MAX,
    });
    let labels: Vec<String> = in_order
        .into_iter()
        .map(|(label, rank)| match rank {
            Rank::Place(place) => format!("{place}. {label}"),
            _ => words::without_place(label),
        })
        .collect();
    let mut sentences = vec![words::order(&labels.join(" · "))];
    let mut scores: Vec<(&SignedGuess, (usize, usize))> = prediction
        .guesses
        .iter()
        .filter_map(|it| match &it.guess {
            Guess::Order(order) => Some((it, pairs_in_order(order, &ranks))),
            Guess::Place { .. } => None,
        })
        .collect();
    scores.sort_by_key(|(_, (right, _))| std::cmp::Reverse(*right));
    let scores: Vec<String> = scores
        .into_iter()
        .map(|(it, (right, all))| words::pairs(initials_of(it), right, all))
        .collect();
    if !scores.is_empty() {
        sentences.push(format!("{}.", scores.join(" · ")));
    }
    Some(sentences.join(" "))
}
