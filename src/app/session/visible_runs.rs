//! The runs of the visible methods, as run paths for the views.

use bilevel_figure::landscape::RunPath;
use bilevel_figure::{MethodLook, RunTag, leaves, method_looks};

use super::Session;
use super::letters::letter;

/// The most points of a run's path that are drawn in a frame, and the most of all paths together.
const POINTS: usize = 16_384;
const ALL_POINTS: usize = 1 << 19;

/// The paths of the visible methods' runs, stale ones from before the last edit included.
pub(crate) fn visible_runs(session: &Session) -> Vec<RunPath<'_>> {
    if session.letters().is_some() {
        return lettered_runs(session);
    }
    let until = session.playhead.iteration();
    let looks = method_looks(&session.experiment().methods);
    let methods = &session.experiment().methods;
    let mut paths = Vec::new();
    let runs: usize = session.slots().iter().map(|slot| slot.runs.len()).sum();
    let most = POINTS.min(ALL_POINTS / runs.max(1));
    let slots = session.slots().iter().enumerate();
    for (slot, method) in slots.filter(|(_, slot)| slot.is_visible) {
        let leaves = leaves(methods, slot, |slot| session.slots()[slot].is_visible);
        for (number, run) in method.runs.iter().enumerate() {
            let stale = run.stale.iter().map(|trace| (trace, true));
            paths.extend(
                stale
                    .chain([(&run.trace, false)])
                    .map(|(trace, is_stale)| RunPath {
                        trace,
                        status: &run.status,
                        tag: RunTag {
                            slot,
                            run: number,
                            look: looks[slot],
                        },
                        leaves,
                        until,
                        is_stale,
                        most: Some(most),
                        end: run.verdict.as_ref().filter(|_| !is_stale),
                        finish: run.finish.filter(|_| !is_stale),
                        name: &session.experiment().methods[slot].label,
                    }),
            );
        }
    }
    paths
}

/// The path of the chosen run of each method, with its letter in place of name and look. A branch is drawn from its start:
/// where it leaves its parent would tell.
fn lettered_runs(session: &Session) -> Vec<RunPath<'_>> {
    let runs = session.lettered_runs();
    let paths = runs.map(|(number, run)| RunPath {
        trace: &run.trace,
        status: &run.status,
        tag: RunTag {
            slot: number,
            run: 0,
            look: MethodLook::of_letter(u8::try_from(number).unwrap_or_default()),
        },
        leaves: None,
        until: session.playhead.iteration(),
        is_stale: false,
        most: Some(POINTS),
        end: None,
        finish: run.finish,
        name: letter(number),
    });
    paths.collect()
}
