//! Notes that no picture of their view draws, as an experiment is set: its check names them.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel_files::{Experiment, PictureNote, ProgressReports, RunOptions, RunResult, run_until};

use super::context::ViewContext;
use super::list::view_of_word;
use super::{AnyView, Fineness};
use crate::model::annotation::PictureKey;
use crate::{Layer, Theme, messages};

/// The iterations after which the pictures of a view are there with their axes.
const FEW: u64 = 2;

/// A note that is not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndrawnNote {
    /// Its number among the notes of the experiment, from 1.
    pub number: usize,
    /// The reason in words.
    pub reason: String,
}

/// The notes of an experiment that none of its pictures has, with the axes and options that it sets.
///
/// Another problem would have to offer the view, or other axes be chosen. Ranges do not count, since they can be panned. `None`
/// once the token is cancelled.
pub fn undrawn_notes(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    token: &WorkToken,
) -> Option<Vec<UndrawnNote>> {
    let notes = &experiment.view.notes;
    if notes.is_empty() {
        return Some(Vec::new());
    }
    let short = shortened(experiment);
    let results = run_until(
        &short.recorded_for_pictures(&**problem),
        problem,
        RunOptions {
            threads: Some(1),
            ..RunOptions::default()
        },
        ProgressReports::SILENT,
        token,
    );
    let results = results.unwrap_or_default();
    let mut known: Vec<(&'static str, Pictures)> = Vec::new();
    let mut undrawn = Vec::new();
    for (place, note) in notes.iter().enumerate() {
        let word = note.view.word();
        if !known.iter().any(|(of, _)| *of == word) {
            let Some(view) = view_of_word(word) else {
                continue;
            };
            known.push((word, pictures(view, (&short, problem, &results), token)));
        }
        let pictures = known.iter().find(|(of, _)| *of == word);
        if let Some((_, pictures)) = pictures
            && let Some(reason) = pictures.reason_against(note)
        {
            undrawn.push(UndrawnNote {
                number: place + 1,
                reason,
            });
        }
    }
    (!token.is_cancelled()).then_some(undrawn)
}

/// The experiment with so few iterations, seeds and branches that its pictures are there at once.
fn shortened(experiment: &Experiment) -> Experiment {
    let mut short = experiment.clone();
    short.iterations = short.iterations.min(FEW);
    short.seeds.truncate(1);
    short.view.figure.playhead = None;
    for method in &mut short.methods {
        method.from = None;
    }
    short
}

/// The pictures of a view.
enum Pictures {
    /// The problem does not offer the view, for a reason in words.
    None(String),
    /// Those that notes can be on.
    Known(Vec<PictureKey>),
    /// Other steps of a run have other pictures, or they could not be computed.
    Unknown,
}

impl Pictures {
    /// The reason in words why none of the pictures has a note.
    fn reason_against(&self, note: &PictureNote) -> Option<String> {
        let word = note.view.word();
        match self {
            Self::Unknown => None,
            Self::None(reason) => Some(reason.clone()),
            Self::Known(keys) => {
                let own = keys.iter().find(|key| key.figure == note.figure);
                match (own, &note.axes) {
                    (None, _) => Some(messages::no_such_picture(word, note.figure)),
                    (Some(own), Some(axes)) if own.axes != *axes => {
                        Some(messages::other_axes(word, note.figure, &own.axes))
                    }
                    _ => None,
                }
            }
        }
    }
}

fn pictures(
    view: &'static dyn AnyView,
    (experiment, problem, results): (&Experiment, &Arc<dyn Problem>, &[RunResult]),
    token: &WorkToken,
) -> Pictures {
    if let Err(needs) = view.needs(&**problem) {
        let id = experiment.problem.entry.id;
        return Pictures::None(messages::unfit_view(view.info().id, &needs, id));
    }
    if view.has_axes_of_step() {
        return Pictures::Unknown;
    }
    let starts = experiment.start_points(&**problem);
    let context = ViewContext::of_results(experiment, problem, &starts, results);
    let data = view
        .request(&context)
        .and_then(|job| job.compute(Fineness::Coarse, token));
    let Ok(data) = data else {
        return Pictures::Unknown;
    };
    let figures = view.figures(&context, &data, Theme::Light);
    let layers = figures.iter().flat_map(|figure| &figure.layers);
    let keys = layers.filter_map(|layer| match layer {
        Layer::Annotations(all) => Some(all.picture.clone()),
        _ => None,
    });
    Pictures::Known(keys.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reasons of the undrawn notes of a file, by their numbers.
    fn reasons(problem: &str, notes: &[&str]) -> Vec<(usize, String)> {
        crate::register_views();
        let notes = notes
            .iter()
            .map(|note| format!("[[note]]\nat = [1, 1]\ntext = 'a'\n{note}\n"));
        let text = format!(
            "iterations = 50\n[problem]\nid = '{problem}'\n[[method]]\nid = 'bome'\n{}",
            notes.collect::<String>()
        );
        let experiment = Experiment::read("notes.toml", &text).expect("the file is right");
        let problem = experiment.problem.build();
        let undrawn = undrawn_notes(&experiment, &problem, &WorkToken::default());
        let undrawn = undrawn.expect("nothing was cancelled").into_iter();
        undrawn.map(|it| (it.number, it.reason)).collect()
    }

    #[test]
    fn notes_on_pictures_and_axes_that_are_there_are_drawn() {
        let all = [
            "view = 'landscape'",
            "view = 'landscape'\naxes = ['x1[1]', 'x2[1]']",
            "view = 'landscape'\nfigure = 2\naxes = ['x1[1]', 'phi']",
            "view = 'race'\nfigure = 2\naxes = ['iterations', 'gap']",
            // its axes are those of a step
            "view = 'anatomy'\naxes = ['a', 'b']",
        ];
        assert_eq!(reasons("sine", &all), []);
    }

    #[test]
    fn notes_on_other_axes_figures_and_views_are_named_with_what_there_is() {
        let wrong = [
            "view = 'landscape'\naxes = ['x2[1]', 'x1[1]']",
            "view = 'race'\naxes = ['time', 'f-optimum']",
            "view = 'feasibility'\naxes = ['no', 'label']",
            "view = 'levels'\nfigure = 60",
            "view = 'learned'",
            "view = 'race'",
        ];
        let reasons = reasons("sine", &wrong);
        let numbers: Vec<usize> = reasons.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        for (words, (_, reason)) in [
            "[\"x1[1]\", \"x2[1]\"]",
            "[\"iterations\", ",
            "`feasibility` has the axes",
            "no picture 60",
            "`learned` needs",
        ]
        .into_iter()
        .zip(&reasons)
        {
            assert!(reason.contains(words), "{reason}");
        }
    }

    #[test]
    fn a_cancelled_check_says_nothing() {
        let experiment = Experiment::read(
            "a.toml",
            "[problem]\nid = 'sine'\n[[method]]\nid = 'bome'\n[[note]]\nview = 'race'\nat = [0, 0]\ntext = 'a'\n",
        );
        let experiment = experiment.expect("the file is right");
        let token = WorkToken::default();
        token.cancel();
        let problem = experiment.problem.build();
        assert_eq!(undrawn_notes(&experiment, &problem, &token), None);
    }
}
