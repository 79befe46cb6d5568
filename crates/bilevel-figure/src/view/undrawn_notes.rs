//! Notes that no picture of their view draws, as an experiment is set: its check names them.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel_files::{Experiment, ProgressReports, RunOptions, RunResult, run_until};

use super::context::ViewContext;
use super::draw::{default_page_size, on_page};
use super::list::view_of_word;
use super::note_pictures::{KnownPicture, Pictures, UndrawnNote, known_pictures};
use super::{AnyData, AnyView, Fineness, ViewJob};
use crate::{Theme, messages};

/// The iterations after which the pictures of a view are there with their axes.
const FEW: u64 = 2;

/// The notes of an experiment that none of its pictures shows, with the axes, ranges and options that it sets.
///
/// Ranges that follow the iterates count only for figures of finished runs, since no run is made to its end
/// here. `None` once the token is cancelled.
pub fn undrawn_notes(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    token: &WorkToken,
) -> Option<Vec<UndrawnNote>> {
    let notes = &experiment.view.notes;
    if notes.is_empty() {
        return Some(Vec::new());
    }
    // ranges that are the same after one iteration and after some do not follow the iterates
    let runs = [FEW, 1].map(|iterations| {
        let short = shortened(experiment, iterations);
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
        (short, results.unwrap_or_default())
    });
    let mut known: Vec<(&'static str, Pictures)> = Vec::new();
    let mut undrawn = Vec::new();
    for (place, note) in notes.iter().enumerate() {
        let word = note.view.word();
        if !known.iter().any(|(of, _)| *of == word) {
            let Some(view) = view_of_word(word) else {
                continue;
            };
            known.push((word, pictures(view, problem, &runs, token)));
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
fn shortened(experiment: &Experiment, iterations: u64) -> Experiment {
    let mut short = experiment.clone();
    short.iterations = short.iterations.min(iterations);
    short.seeds.truncate(1);
    short.view.figure.playhead = None;
    for method in &mut short.methods {
        method.from = None;
    }
    short
}

/// The pictures of a view for runs of several lengths.
fn pictures(
    view: &'static dyn AnyView,
    problem: &Arc<dyn Problem>,
    runs: &[(Experiment, Vec<RunResult>)],
    token: &WorkToken,
) -> Pictures {
    let mut known: Option<Vec<KnownPicture>> = None;
    let mut computed: Option<(Box<dyn ViewJob>, AnyData)> = None;
    for (experiment, results) in runs {
        if let Err(needs) = view.needs(&**problem) {
            let id = experiment.problem.entry.id;
            return Pictures::None(messages::unfit_view(view.info().id, &needs, id));
        }
        if view.has_axes_of_step() {
            return Pictures::Unknown;
        }
        let starts = experiment.start_points(&**problem);
        let context = ViewContext::of_results(experiment, problem, &starts, results);
        let context = on_page(context, view, &default_page_size(view));
        let Ok(job) = view.request(&context) else {
            return Pictures::Unknown;
        };
        // most data do not depend on the runs
        let same = computed.as_ref().filter(|(other, _)| job.is_same(&**other));
        let data = match same {
            Some((_, data)) => Ok(Arc::clone(data)),
            None => job.compute(Fineness::Coarse, token),
        };
        let Ok(data) = data else {
            return Pictures::Unknown;
        };
        computed = Some((job, Arc::clone(&data)));
        let other = known_pictures(&view.figures(&context, &data, Theme::Light));
        match &mut known {
            None => known = Some(other),
            Some(known) => {
                for picture in known {
                    let same = other.iter().find(|other| other.key == picture.key);
                    let ranges = same.and_then(|other| other.ranges);
                    picture.ranges = picture.ranges.filter(|own| Some(*own) == ranges);
                }
            }
        }
    }
    known.map_or(Pictures::Unknown, Pictures::Known)
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
    fn notes_outside_of_ranges_that_do_not_follow_the_iterates_are_named_with_the_range() {
        let far = reasons("sine", &["view = 'landscape'\nfigure = 2", "view = 'race'"]);
        assert_eq!(far, []);
        let file = |view: &str, at: &str| {
            crate::register_views();
            let text = format!(
                "iterations = 50\n[problem]\nid = 'sine'\n[[method]]\nid = 'bome'\n[view]\n\
                 race_ranges = [[[0, 10], [1e-3, 1]]]\n[[note]]\ntext = 'a'\nview = '{view}'\nat = {at}\n"
            );
            let experiment = Experiment::read("notes.toml", &text).expect("the file is right");
            let problem = experiment.problem.build();
            let undrawn = undrawn_notes(&experiment, &problem, &WorkToken::default());
            let undrawn = undrawn.expect("nothing was cancelled").into_iter();
            undrawn.map(|it| it.reason).collect::<Vec<String>>()
        };
        assert_eq!(file("race", "[5, 0.1]"), Vec::<String>::new());
        let race = file("race", "[20, 0.1]");
        assert!(
            race[0].contains("its text is at iterations = 20, outside of the range from 0 to 10"),
            "{race:?}"
        );
        let landscape = file("landscape", "[1e3, 0]");
        assert!(
            landscape[0].contains("its text is at x1[1] = 1000, outside of the range"),
            "{landscape:?}"
        );
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
