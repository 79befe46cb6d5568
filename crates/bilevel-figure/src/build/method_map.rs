//! The map of one method: each start in the hue of the minimum that its run reached.

use std::sync::Arc;

use bilevel::run::Weights;
use bilevel::study::{OutcomeCounts, Share, StartGrid, SurveyOutcome, Verdict};

use super::ends::{OutcomeColours, OutcomeStyle, cost_step, deepened};
use crate::{CellMap, Colour, Image, Part, Patch, Shares, Theme};

/// The map of one method, ready to be drawn.
#[derive(Clone, Debug)]
pub struct MethodMap {
    pub(crate) cells: Arc<CellMap>,
    /// The outcomes of its runs, counted.
    pub tally: OutcomeCounts,
    pub(crate) shares: Shares,
    /// True if some run reached a minimum that was not known.
    pub(crate) has_nameless: bool,
}

/// Colouring of maps.
#[derive(Clone, Copy, Debug)]
pub struct Colouring<'a> {
    /// The known minima and their hues.
    pub ends: &'a OutcomeColours,
    /// The weights of calls.
    pub weights: &'a Weights,
    /// The least and the greatest cost over all maps.
    pub costs: [f64; 2],
    /// Light or dark.
    pub theme: Theme,
}

/// The least and the greatest cost of runs that came to rest; `[1, 1]` if there are none.
pub fn costs<'a>(
    cells: impl IntoIterator<Item = &'a SurveyOutcome>,
    weights: &Weights,
) -> [f64; 2] {
    let at_rest = |cell: &&SurveyOutcome| {
        !matches!(
            cell.verdict,
            Verdict::Moving | Verdict::Unknown | Verdict::Failed | Verdict::Diverged
        )
    };
    let costs = cells
        .into_iter()
        .filter(at_rest)
        .map(|cell| cell.cost(weights).max(1.0));
    let [low, high] = costs.fold([f64::INFINITY, 0.0], |[low, high], cost: f64| {
        [low.min(cost), high.max(cost)]
    });
    if low <= high { [low, high] } else { [1.0, 1.0] }
}

impl MethodMap {
    /// The map of cells over a grid; a missing cell shows that of the finest coarser grid that is known.
    pub fn new(
        grid: &StartGrid,
        cells: &[Option<SurveyOutcome>],
        colouring: Colouring<'_>,
    ) -> Self {
        let (side, rows) = (grid.side(), grid.rows());
        let looks = OutcomeStyle::of(colouring.theme);
        let mut colours = vec![looks.plot; side * rows];
        let mut hatches = vec![None; side * rows];
        for row in 0..rows {
            for column in 0..side {
                let Some(cell) = coarse(cells, side, [column, row]) else {
                    continue;
                };
                let patch = colouring.patch(cell, &looks);
                // images begin at the top
                colours[(rows - 1 - row) * side + column] = patch.colour;
                hatches[row * side + column] = patch.hatch;
            }
        }
        if hatches.iter().all(Option::is_none) {
            hatches.clear();
        }
        let known = || cells.iter().flatten();
        let tally =
            OutcomeCounts::of(known().map(|cell| (cell.verdict, cell.cost(colouring.weights))));
        let edge = |axis: usize| match grid.ranges().get(axis) {
            Some([low, high]) => {
                let half = 0.5 * (high - low) / (side - 1) as f64;
                [low - half, high + half]
            }
            None => [0.0, 1.0],
        };
        Self {
            cells: Arc::new(CellMap {
                x: edge(0),
                y: edge(1),
                image: Arc::new(Image::new(side, colours)),
                hatches,
            }),
            shares: shares(known(), &tally, colouring.ends, &looks),
            has_nameless: known().any(|cell| cell.index.is_none() && is_minimum(cell.verdict)),
            tally,
        }
    }
}

fn is_minimum(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Global | Verdict::Local | Verdict::Boundary | Verdict::Jump
    )
}

/// A cell, or if it is missing, that of the finest coarser grid that is known.
fn coarse(
    cells: &[Option<SurveyOutcome>],
    side: usize,
    [column, row]: [usize; 2],
) -> Option<&SurveyOutcome> {
    let mut stride = 1;
    while stride <= side {
        let corner = (row - row % stride) * side + column - column % stride;
        if let Some(cell) = cells.get(corner).and_then(Option::as_ref) {
            return Some(cell);
        }
        stride *= 2;
    }
    None
}

impl Colouring<'_> {
    fn patch(&self, cell: &SurveyOutcome, looks: &OutcomeStyle) -> Patch {
        match cell.verdict {
            Verdict::Moving => looks.moving(),
            Verdict::Unknown => looks.unknown(),
            Verdict::Failed | Verdict::Diverged => looks.diverged(),
            Verdict::Saddle => looks.saddle(),
            Verdict::Spurious => looks.spurious(self.deep(self.ends.hue(cell.nearest), cell)),
            _ => Patch {
                colour: self.deep(self.ends.hue(cell.index), cell),
                hatch: None,
            },
        }
    }

    /// A hue, deeper for a more expensive run.
    fn deep(&self, hue: Colour, cell: &SurveyOutcome) -> Colour {
        let step = cost_step(cell.cost(self.weights), self.costs);
        deepened(hue, step, self.theme)
    }
}

/// The parts of the bar: global minima first, other minima in their order, then all other outcomes.
fn shares<'a>(
    cells: impl Iterator<Item = &'a SurveyOutcome>,
    tally: &OutcomeCounts,
    ends: &OutcomeColours,
    looks: &OutcomeStyle,
) -> Shares {
    let mut counts: Vec<(usize, Patch, usize)> = Vec::new();
    for cell in cells {
        let (rank, patch) = match cell.verdict {
            Verdict::Global => (0, ends.hue(cell.index)),
            Verdict::Spurious => (1000, ends.hue(cell.nearest)),
            Verdict::Saddle => (1001, looks.plot),
            Verdict::Moving => (2000, looks.grey),
            Verdict::Unknown => (2001, looks.plot),
            Verdict::Failed | Verdict::Diverged => (2002, looks.plot),
            _ => (
                1 + cell.index.map_or(998, usize::from).min(998),
                ends.hue(cell.index),
            ),
        };
        let patch = match cell.verdict {
            Verdict::Spurious => looks.spurious(patch),
            Verdict::Saddle => looks.saddle(),
            Verdict::Unknown => looks.unknown(),
            Verdict::Failed | Verdict::Diverged => looks.diverged(),
            _ => Patch {
                colour: patch,
                hatch: None,
            },
        };
        match counts
            .iter_mut()
            .find(|(of, known, _)| *of == rank && *known == patch)
        {
            Some((_, _, count)) => *count += 1,
            None => counts.push((rank, patch, 1)),
        }
    }
    counts.sort_by_key(|(rank, patch, _)| (*rank, patch.colour.rgb));
    let total = tally.total().max(1) as f64;
    let Share { low, high, .. } = tally.share(Verdict::Global);
    Shares {
        parts: counts
            .into_iter()
            .map(|(rank, patch, count)| Part {
                share: count as f64 / total,
                patch,
                is_global: rank == 0,
            })
            .collect(),
        interval: [low, high],
    }
}
