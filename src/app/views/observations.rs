//! Observations about the shown runs, for the explanation beside the pictures.

use bilevel::problem::Counts;
use bilevel::study::Verdict;
use bilevel_figure::{fixed, significant};

use super::race_summary::compared;
use crate::app::messages::{guide, race};
use crate::app::session::{LiveRun, Session};

/// The most outcomes that are explained.
const MOST_OUTCOMES: usize = 5;
/// A run that used this many times the calls of the cheapest one is worth a word.
const FACTOR: f64 = 1.2;

/// Sentences about the shown runs, made from their traces and verdicts.
pub(crate) fn observations(session: &Session) -> Vec<String> {
    let runs: Vec<(&str, &LiveRun)> = compared(session)
        .into_iter()
        .flat_map(|(method, slot)| slot.runs.iter().map(|run| (method.label.as_str(), run)))
        .collect();
    if runs.is_empty() {
        return vec![guide::no_runs().to_owned()];
    }
    let is_judged = |run: &LiveRun| {
        !run.status.is_running() && (run.verdict.is_some() || run.status.is_failure())
    };
    let waiting = runs.iter().filter(|(_, run)| !is_judged(run)).count();
    if waiting > 0 {
        return vec![guide::under_way(waiting, runs.len())];
    }
    let now = session.playhead.iteration();
    if runs.iter().any(|(_, run)| run.iteration > now) {
        return vec![guide::before_the_end().to_owned()];
    }
    let mut sentences = outcomes(&runs);
    sentences.extend(infeasible(&runs));
    sentences.extend(minima(&runs));
    sentences.extend(cheapest(&runs));
    sentences
}

/// Each outcome with the methods that share it; its meaning is that of the run with the greatest φ.
fn outcomes(runs: &[(&str, &LiveRun)]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<(&str, &LiveRun)>)> = Vec::new();
    for (name, run) in runs {
        let outcome = match &run.verdict {
            Some(end) if !run.status.is_failure() => end.name(),
            _ => run.status.word().to_owned(),
        };
        match groups.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, runs)) => runs.push((name, run)),
            None => groups.push((outcome, vec![(name, run)])),
        }
    }
    let sentences = groups.iter().take(MOST_OUTCOMES).map(|(outcome, runs)| {
        let mut names: Vec<&str> = runs.iter().map(|(name, _)| *name).collect();
        names.dedup();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        guide::group(&race::names(&names), outcome, &meaning(runs))
    });
    sentences.collect()
}

/// The meaning of an outcome in words, for the run with the greatest φ.
fn meaning(runs: &[(&str, &LiveRun)]) -> String {
    let above = |run: &LiveRun| {
        run.verdict
            .as_ref()
            .and_then(|end| end.above)
            .unwrap_or(0.0)
    };
    let worst = runs
        .iter()
        .max_by(|(_, a), (_, b)| above(a).total_cmp(&above(b)));
    let worst = worst.map(|(_, run)| *run);
    let judged = worst.filter(|run| !run.status.is_failure());
    match (judged.and_then(|run| run.verdict.as_ref()), worst) {
        (Some(end), _) => end.meaning(|number| significant(number, 2)),
        (None, Some(run)) => run.status.message().trim_end_matches('.').to_owned(),
        (None, None) => String::new(),
    }
}

/// The run with the smallest f, if its lower level is not solved.
fn infeasible(runs: &[(&str, &LiveRun)]) -> Option<String> {
    let ends = runs.iter().filter_map(|(name, run)| {
        let (f, gap) = run.values_at(run.iteration)?;
        f.is_finite().then_some((*name, *run, f, gap?.0))
    });
    let (name, run, f, gap) = ends.min_by(|a, b| a.2.total_cmp(&b.2))?;
    let is_infeasible = run
        .verdict
        .as_ref()
        .is_some_and(bilevel::study::Outcome::is_unanswered);
    is_infeasible
        .then(|| guide::smallest_f_is_infeasible(name, &significant(f, 3), &significant(gap, 2)))
}

/// The number of different minima and the spread of their values.
fn minima(runs: &[(&str, &LiveRun)]) -> Option<String> {
    let ends = runs.iter().filter_map(|(_, run)| run.verdict.as_ref());
    let ends = ends.filter(|end| matches!(end.verdict, Verdict::Global | Verdict::Local));
    let mut found: Vec<(usize, f64)> = ends.filter_map(|end| Some((end.index?, end.phi))).collect();
    found.sort_by_key(|(index, _)| *index);
    found.dedup_by_key(|(index, _)| *index);
    let values = || found.iter().map(|(_, phi)| *phi);
    let spread = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
    (found.len() > 1).then(|| guide::several_minima(found.len(), &significant(spread, 2)))
}

/// The cheapest run at the optimum beside the most expensive one.
fn cheapest(runs: &[(&str, &LiveRun)]) -> Option<String> {
    let is_best = |run: &LiveRun| {
        let end = run.verdict.as_ref();
        end.is_some_and(|end| end.verdict == Verdict::Global)
    };
    let calls = |counts: &Counts| {
        let all = bilevel::problem::OracleCall::ALL.into_iter();
        all.map(|call| counts.total(call)).sum::<u64>()
    };
    let mut best: Vec<(&str, u64)> = runs
        .iter()
        .filter(|(_, run)| is_best(run))
        .map(|(name, run)| (*name, calls(&run.counts)))
        .collect();
    best.sort_by_key(|(_, calls)| *calls);
    let ((name, fewest), (other, most)) = (best.first()?, best.last()?);
    let is_worth_a_word = name != other && *most as f64 > FACTOR * *fewest as f64;
    let number = |calls: u64| fixed(calls as f64, 0);
    is_worth_a_word.then(|| guide::cheapest(name, &number(*fewest), other, &number(*most)))
}
