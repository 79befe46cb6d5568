//! The sentence under the race, made from the outcomes of the shown runs once all have ended.

use std::borrow::Cow;

use bilevel::study::Verdict;
use bilevel_files::MethodSpec;

use crate::app::messages::race;
use crate::app::session::{Session, Slot};

/// Runs with the same outcome.
struct Group {
    verdict: Verdict,
    outcome: String,
    /// The methods, by their index among the shown ones, with the number of their runs.
    counts: Vec<(usize, usize)>,
}

/// The shown methods with their runs, without pinned ones.
pub(crate) fn compared(session: &Session) -> Vec<(&MethodSpec, &Slot)> {
    let methods = session.experiment().methods.iter().zip(session.slots());
    let is_meant = |(method, slot): &(&MethodSpec, &Slot)| slot.is_visible && !method.is_pinned;
    methods.filter(is_meant).collect()
}

/// The final places of the shown runs in markup; `None` before the playhead is at the end of all of them. `named` gives the
/// name of a method as the sentence has it.
pub(crate) fn race_summary(
    session: &Session,
    named: impl Fn(&str) -> Cow<'_, str>,
) -> Option<String> {
    let shown = compared(session);
    let groups = groups(&shown, session.playhead.iteration())?;
    let all: usize = shown.iter().map(|(_, slot)| slot.runs.len()).sum();
    if all == 0 {
        return None;
    }
    let names = |group: &Group| -> String {
        let names = group.counts.iter().map(|&(place, count)| {
            let (method, slot) = &shown[place];
            let name = named(&method.label);
            if count == slot.runs.len() {
                name.into_owned()
            } else {
                race::some_runs(&name, count, slot.runs.len())
            }
        });
        race::names(&names.collect::<Vec<_>>())
    };
    let is_best = |group: &&Group| group.verdict == Verdict::Global;
    if let [group] = &groups[..]
        && !is_best(&group)
        && all > 1
    {
        return Some(race::all_elsewhere(all, &group.outcome));
    }
    let first = match groups.iter().find(is_best) {
        Some(best) => {
            let count = best.counts.iter().map(|(_, count)| count).sum();
            race::at_optimum(&best.outcome, count, all, &names(best))
        }
        None => race::at_optimum("global optimum", 0, all, ""),
    };
    let others = groups.iter().filter(|group| !is_best(group));
    let others: Vec<(String, String)> = others
        .map(|group| (names(group), group.outcome.clone()))
        .collect();
    if others.is_empty() {
        return Some(first);
    }
    let others = race::elsewhere(&others, first.is_empty());
    Some(format!("{first} {others}").trim().to_owned())
}

/// The numbers of shown runs with each outcome, in markup, for a place without room for names.
pub(crate) fn race_counts(session: &Session) -> Option<String> {
    let shown = compared(session);
    let mut groups = groups(&shown, session.playhead.iteration())?;
    groups.sort_by_key(|group| group.verdict != Verdict::Global);
    let counts = groups.iter().map(|group| {
        let count = group.counts.iter().map(|(_, count)| *count).sum();
        (count, group.outcome.as_str())
    });
    Some(race::counts(&counts.collect::<Vec<(usize, &str)>>()))
}

/// The runs by outcome, in the order of the experiment; `None` while one of them has none at an iteration.
fn groups(shown: &[(&MethodSpec, &Slot)], now: u64) -> Option<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, (_, slot)) in shown.iter().enumerate() {
        for run in &slot.runs {
            let end = run.verdict.as_ref()?;
            if run.status.is_running() || now < run.iteration {
                return None;
            }
            let outcome = end.name();
            let known = groups.iter().position(|group| group.outcome == outcome);
            let group = known.unwrap_or_else(|| {
                groups.push(Group {
                    verdict: end.verdict,
                    outcome,
                    counts: Vec::new(),
                });
                groups.len() - 1
            });
            let counts = &mut groups[group].counts;
            match counts.last_mut().filter(|(last, _)| *last == place) {
                Some((_, count)) => *count += 1,
                None => counts.push((place, 1)),
            }
        }
    }
    Some(groups)
}
