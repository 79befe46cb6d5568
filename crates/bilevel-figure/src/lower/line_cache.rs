//! Cache of a picture's lines between frames, so that a long record is not read again for an equal picture.

use super::decimate::Cuts;
use crate::{Line, LineSource};

/// The lines of one picture in its last frame, cut into columns of pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineCache {
    known: Vec<(LineSource, Cuts)>,
    /// The lines of the frame that is being drawn.
    used: Vec<(LineSource, Cuts)>,
}

impl LineCache {
    /// Takes the cuts of a line from the cache; empty for a line without a source or not in the cache.
    pub(crate) fn take(&mut self, line: &Line<'_>) -> Cuts {
        let place = line.source.and_then(|source| {
            let mut known = self.known.iter();
            known.position(|(known, _)| *known == source)
        });
        place.map_or_else(Cuts::default, |place| self.known.swap_remove(place).1)
    }

    /// Keeps the cuts of a line for the next frame.
    pub(crate) fn keep(&mut self, line: &Line<'_>, cuts: Cuts) {
        if let Some(source) = line.source {
            self.used.push((source, cuts));
        }
    }

    /// Forgets the lines that the frame did not contain.
    pub(crate) fn end_frame(&mut self) {
        self.known = std::mem::take(&mut self.used);
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::SceneLayout;
    use super::super::scene::Scene;
    use super::super::shapes::Rect;
    use super::*;
    use crate::build::race::{Curve, RaceData, RaceOptions, race};
    use crate::{AxisScale, MethodLook, RunTag, Theme};
    use bilevel::problem::{Metadata, OracleCall, Settings, find};
    use bilevel::run::{Recording, Trace, TraceRows};
    use bilevel::study::{Measure, RunCost};

    fn grow(trace: &mut Trace, by: u64) {
        let first = trace.len() as u64;
        let rows = first..first + by;
        trace.extend(&TraceRows {
            iterations: rows.clone().collect(),
            time: rows.clone().map(|row| 0.01 * row as f64).collect(),
            objectives: rows
                .clone()
                .flat_map(|row| [1.0 + (row * 7919 % 1009) as f64, 2.0])
                .collect(),
            counts: rows
                .flat_map(|row| [3 * row; OracleCall::ALL.len() * 2])
                .collect(),
            ..TraceRows::default()
        });
    }

    fn pictures(
        traces: &[Trace],
        metadata: &Metadata,
        view: RaceOptions,
        memories: &mut [LineCache; 2],
    ) -> Vec<Scene> {
        let curves: Vec<Curve<'_>> = traces
            .iter()
            .enumerate()
            .map(|(slot, trace)| Curve {
                trace,
                tag: RunTag {
                    slot,
                    run: 0,
                    look: MethodLook::default(),
                },
                label: "method",
                leaves: None,
                until: 700,
                is_stale: slot == 2,
                finish: None,
                has_diverged: false,
            })
            .collect();
        let layout = SceneLayout {
            area: Rect {
                min: [0.0, 0.0],
                max: [400.0, 300.0],
            },
            text: 12.0,
            theme: Theme::Light,
            sides: [0.0; 2],
            head: 0.0,
            is_page: false,
        };
        let course = RaceData {
            metadata,
            lines: &[],
            iterations: 5_000,
        };
        let figures = race(&curves, course, view, Theme::Light);
        let pairs = figures.iter().zip(memories);
        pairs
            .map(|(figure, memory)| Scene::remembering(figure, layout, memory))
            .collect()
    }

    #[test]
    fn a_picture_with_a_memory_is_the_picture_without_one() {
        let entry = find("coreset").expect("the coreset ships");
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let metadata = problem.metadata();
        let mut traces: Vec<Trace> = (0..3)
            .map(|_| Trace::new(metadata, Recording::NO_POINTS))
            .collect();
        let mut memories = <[LineCache; 2]>::default();
        let mut view = RaceOptions::default();
        for frame in 0..12 {
            match frame {
                2 => view.scales[0] = AxisScale::Linear,
                4 => view.cost = RunCost::Weighted,
                5 => traces
                    .iter_mut()
                    .for_each(|trace| trace.weigh([1.0, 5.0, 1.0, 1.0, 1.0])),
                6 => view.measure = Measure::Upper,
                8 => traces[1] = Trace::new(metadata, Recording::NO_POINTS),
                9 => traces.swap(0, 2),
                10 => view.cost = RunCost::Iterations,
                _ => {}
            }
            if frame % 3 != 2 {
                for trace in &mut traces {
                    grow(trace, 500);
                }
            }
            let seen = pictures(&traces, metadata, view, &mut memories);
            let anew = pictures(&traces, metadata, view, &mut Default::default());
            for (seen, anew) in seen.iter().zip(&anew) {
                assert!(seen.primitives == anew.primitives, "frame {frame}");
            }
            assert!(memories[0].known.len() <= 3, "no more than the frame had");
        }
    }
}
