//! The answer of a prediction: guesses beside the truth, in sentences.

use bilevel::problem::Coordinate;
use bilevel::study::Rank;
use bilevel_figure::significant;
use egui::Ui;

use crate::app::command::prediction::PredictedQuestion;
use crate::app::messages::prediction as words;
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::rich_paragraph;
use crate::app::session::Session;
use crate::app::session::letters::letter;
use crate::app::session::prediction::{Guess, Prediction, SignedGuess, pairs_in_order};

/// Draws the guesses beside the truth.
pub(super) fn answer_ui(
    ui: &mut Ui,
    prediction: &Prediction,
    session: &Session,
    axes: Option<[Coordinate; 2]>,
) {
    let sentences = match prediction.question {
        PredictedQuestion::End => end_words(prediction, session, axes),
        PredictedQuestion::Order => order_words(prediction, session),
        PredictedQuestion::Curves => Some(curve_words(prediction, session)),
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
            Guess::Place { .. } | Guess::Owners(_) => None,
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

/// The method of each letter, the number of letters that each guess has right, and the number of guesses that have each
/// letter right.
fn curve_words(prediction: &Prediction, session: &Session) -> String {
    let labels = &prediction.letters;
    let owners = labels.iter().enumerate().map(|(number, label)| {
        let others = labels.iter().filter(|other| *other != label);
        let same: Vec<&str> = others
            .filter(|other| session.have_one_curve(label, other))
            .map(String::as_str)
            .collect();
        words::owner_is(letter(number), label, &same)
    });
    let mut sentences = vec![format!("{}.", owners.collect::<Vec<_>>().join(" · "))];
    let mut scores = prediction.owner_scores(session);
    let right = |score: &[bool]| score.iter().filter(|it| **it).count();
    let tally: Vec<(&str, usize)> = (0..labels.len())
        .map(|number| {
            let hits = scores.iter().filter(|(_, score)| score[number]);
            (letter(number), hits.count())
        })
        .collect();
    scores.sort_by_key(|(_, score)| std::cmp::Reverse(right(score)));
    let each: Vec<String> = scores
        .iter()
        .map(|(guess, score)| {
            let initials = initials_of(&prediction.guesses[*guess]);
            words::curves_right(initials, right(score), score.len())
        })
        .collect();
    if !each.is_empty() {
        sentences.push(format!("{}.", each.join(" · ")));
    }
    if each.len() > 1 {
        sentences.push(words::tally_of_curves(&tally, each.len()));
    }
    sentences.join(" ")
}

/// The initials of a guess, or a word in their place.
pub(super) fn initials_of(guess: &SignedGuess) -> &str {
    if guess.initials.is_empty() {
        words::unsigned()
    } else {
        &guess.initials
    }
}
