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
    let mut sentences = Vec::new();
    if session.nobody_is_ahead() {
        let all_failed = runs.iter().all(|(_, run)| run.status.is_failure());
        let words = if all_failed {
            guide::all_failed()
        } else {
            guide::no_rank()
        };
        sentences.push(words.to_owned());
    }
    sentences.extend(outcomes(&runs));
    sentences.extend(infeasible(&runs));
    sentences.extend(minima(&runs));
    sentences.extend(cheapest(&runs));
    sentences
}

/// Each outcome with the methods that share it: its meaning if all runs share it, else the range of φ.
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
    let sentences = groups.iter().take(MOST_OUTCOMES).map(|(outcome, same)| {
        let names = race::names(&names(same, runs));
        let shared = meaning(same[0].1);
        if same.iter().all(|(_, run)| meaning(run) == shared) {
            guide::group(&names, outcome, &shared)
        } else if same[0].1.status.is_failure() {
            guide::failures(&names, outcome, same[0].0, &shared)
        } else {
            guide::several(&names, outcome, range(same).as_ref())
        }
    });
    sentences.collect()
}

/// The names of methods, each with the number of its runs in a group if others have another outcome.
fn names(group: &[(&str, &LiveRun)], all: &[(&str, &LiveRun)]) -> Vec<String> {
    let count = |runs: &[(&str, &LiveRun)], name| runs.iter().filter(|it| it.0 == name).count();
    let mut names: Vec<&str> = group.iter().map(|(name, _)| *name).collect();
    names.dedup();
    let words = names.into_iter().map(|name| {
        let [some, whole] = [group, all].map(|runs| count(runs, name));
        if some == whole {
            name.to_owned()
        } else {
            race::some_runs(name, some, whole)
        }
    });
    words.collect()
}

/// The outcome of a run in words.
fn meaning(run: &LiveRun) -> String {
    match run.verdict.as_ref().filter(|_| !run.status.is_failure()) {
        Some(end) => end.meaning(|number| significant(number, 2)),
        None => run.status.message().trim_end_matches('.').to_owned(),
    }
}

/// The least and the greatest φ of runs above the optimum; `None` if one of them is not known.
fn range(runs: &[(&str, &LiveRun)]) -> Option<[String; 2]> {
    let above = runs
        .iter()
        .map(|(_, run)| run.verdict.as_ref()?.visible_above());
    let above: Option<Vec<f64>> = above.collect();
    let above = above?;
    let least = above.iter().copied().fold(f64::INFINITY, f64::min);
    let most = above.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some([least, most].map(|it| significant(it, 2)))
}

/// The run with the smallest f, if its lower level is not solved.
fn infeasible(runs: &[(&str, &LiveRun)]) -> Option<String> {
    let ends = runs.iter().filter_map(|(name, run)| {
        let (f, gap) = run.values_at(run.iteration)?;
        f.is_finite().then_some((*name, *run, f, gap?))
    });
    let (name, run, f, (gap, level)) = ends.min_by(|a, b| a.2.total_cmp(&b.2))?;
    let levels = run.trace.objectives.len();
    let outcome = run.verdict.as_ref();
    let is_infeasible = outcome.is_some_and(bilevel::study::Outcome::is_unanswered);
    let level = (levels > 2).then_some(level);
    is_infeasible.then(|| {
        let numbers = [significant(f, 3), significant(gap, 2)];
        guide::smallest_f_is_infeasible(name, &numbers, level)
    })
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
    let ((_, fewest), (other, most)) = (best.first()?, best.last()?);
    let is_worth_a_word = *most as f64 > FACTOR * *fewest as f64;
    let mut cheapest: Vec<String> = Vec::new();
    for (name, _) in best.iter().filter(|(_, calls)| calls == fewest) {
        if cheapest.last().is_none_or(|last| last != name) {
            cheapest.push((*name).to_owned());
        }
    }
    let number = |calls: u64| fixed(calls as f64, 0);
    let names = race::names(&cheapest);
    is_worth_a_word.then(|| guide::cheapest(&names, &number(*fewest), other, &number(*most)))
}
