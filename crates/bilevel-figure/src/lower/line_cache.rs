//! What is kept of a picture's lines from one frame to the next, so that a long record is not read again to be drawn as before.

use super::decimate::Cuts;
use crate::{Line, Source};

/// The lines that one picture had in its last frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    known: Vec<(Source, Cuts)>,
    /// Those of the frame that is being drawn.
    used: Vec<(Source, Cuts)>,
}

impl Memory {
    /// What is known of a line; nothing for one without a source.
    pub(crate) fn take(&mut self, line: &Line<'_>) -> Cuts {
        let place = line.source.and_then(|source| {
            let mut known = self.known.iter();
            known.position(|(known, _)| *known == source)
        });
        place.map_or_else(Cuts::default, |place| self.known.swap_remove(place).1)
    }

    /// Keeps what is known of a line until the next frame.
    pub(crate) fn keep(&mut self, line: &Line<'_>, cuts: Cuts) {
        if let Some(source) = line.source {
            self.used.push((source, cuts));
        }
    }

    /// Forgets the lines that the frame did not have.
    pub(crate) fn end_frame(&mut self) {
        self.known = std::mem::take(&mut self.used);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Layout, Scene};
    use super::super::shapes::Rect;
    use super::*;
    use crate::build::race::{Course, Curve, View, race};
    use crate::{RunTag, Scale, Theme};
    use bilevel::problem::{Call, Facts, Settings, find};
    use bilevel::run::{Recording, Rows, Trace};
    use bilevel::study::{Cost, Measure};

    fn grow(trace: &mut Trace, by: u64) {
        let first = trace.len() as u64;
        let rows = first..first + by;
        trace.extend(&Rows {
            iterations: rows.clone().collect(),
            time: rows.clone().map(|row| 0.01 * row as f64).collect(),
            objectives: rows
                .clone()
                .flat_map(|row| [1.0 + (row * 7919 % 1009) as f64, 2.0])
                .collect(),
            counts: rows
                .flat_map(|row| [3 * row; Call::ALL.len() * 2])
                .collect(),
            ..Rows::default()
        });
    }

    fn pictures(
        traces: &[Trace],
        facts: &Facts,
        view: View,
        memories: &mut [Memory; 2],
    ) -> Vec<Scene> {
        let curves: Vec<Curve<'_>> = traces
            .iter()
            .enumerate()
            .map(|(slot, trace)| Curve {
                trace,
                tag: RunTag { slot, run: 0 },
                label: "method",
                until: 700,
                is_stale: slot == 2,
                finish: None,
                has_diverged: false,
            })
            .collect();
        let layout = Layout {
            area: Rect {
                min: [0.0, 0.0],
                max: [400.0, 300.0],
            },
            text: 12.0,
            theme: Theme::Light,
            sides: [0.0; 2],
        };
        let course = Course {
            facts,
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
        let facts = problem.facts();
        let mut traces: Vec<Trace> = (0..3)
            .map(|_| Trace::new(facts, Recording::NO_POINTS))
            .collect();
        let mut memories = <[Memory; 2]>::default();
        let mut view = View::default();
        for frame in 0..12 {
            match frame {
                2 => view.scales[0] = Scale::Linear,
                4 => view.cost = Cost::Weighted,
                5 => traces
                    .iter_mut()
                    .for_each(|trace| trace.weigh([1.0, 5.0, 1.0, 1.0, 1.0])),
                6 => view.measure = Measure::Upper,
                8 => traces[1] = Trace::new(facts, Recording::NO_POINTS),
                9 => traces.swap(0, 2),
                10 => view.cost = Cost::Iterations,
                _ => {}
            }
            if frame % 3 != 2 {
                for trace in &mut traces {
                    grow(trace, 500);
                }
            }
            let seen = pictures(&traces, facts, view, &mut memories);
            let anew = pictures(&traces, facts, view, &mut Default::default());
            for (seen, anew) in seen.iter().zip(&anew) {
                assert!(seen.primitives == anew.primitives, "frame {frame}");
            }
            assert!(memories[0].known.len() <= 3, "no more than the frame had");
        }
    }
}
