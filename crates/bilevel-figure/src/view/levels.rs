//! `levels`: each level's objective along its own variable, side by side, with the lower-level solutions and the runs'
//! positions.

use bilevel::numerics::{Point, WorkToken, same_values};
use bilevel::problem::{Coordinate, DefaultValue, Parameter, ParameterKind};
use bilevel::study::{self, LevelSlice, Unfinished};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::landscape::RunPath;
use crate::build::levels::{LevelState, LevelsData, levels};
use crate::{Curves, Figure, FigureArrangement, Page, Proportion, RunTag, Theme};

/// The name of the variable in files.
const VARIABLE: &str = "variable";

/// The `levels` view.
pub struct LevelsPicture;

/// The slices of all levels at a point of the leader, and the runs' points, which are compared with the lower-level
/// solutions.
#[derive(Clone, Debug)]
pub struct LevelsRequest {
    problem: SharedProblem,
    /// The point whose block of level 1 the lower levels answer.
    at: Point,
    slices: Vec<LevelSlice>,
    runs: Vec<(RunTag, Point)>,
}

impl PartialEq for LevelsRequest {
    fn eq(&self, other: &Self) -> bool {
        self.problem == other.problem
            && same_values(&self.at[1], &other.at[1])
            && self.slices == other.slices
            && self.runs == other.runs
    }
}

/// The curves of all levels.
#[derive(Clone, Debug, Default)]
pub struct LevelCurves {
    /// The curves of each level, level 1 first; empty where a lower-level solution does not exist.
    pub curves: Vec<Curves>,
    /// The distances of each run's blocks from the lower-level solutions.
    pub unfinished: Vec<(RunTag, Unfinished)>,
}

/// The variable and range of each column.
pub fn level_slices(context: &ViewContext<'_>) -> Vec<LevelSlice> {
    let metadata = context.problem.metadata();
    let shape = metadata.shape();
    let variable = context.view.option(LevelsPicture::REF, VARIABLE) as usize - 1;
    (1..=shape.levels())
        .map(|level| {
            let index = variable.min(shape.size(level) - 1);
            let along = Coordinate { level, index };
            let seen = context.range(level - 1).map(|[x, _]| x);
            LevelSlice {
                along,
                range: seen.unwrap_or_else(|| metadata.range(along)),
            }
        })
        .collect()
}

/// The run whose decision the levels answer: the one under the pointer, else the first with a row.
fn current<'b, 'a>(context: &'b ViewContext<'a>) -> Option<&'b RunPath<'a>> {
    let paths = &context.paths;
    let has_row = |path: &&RunPath<'_>| {
        let row = path.trace.row_at(path.until);
        row.and_then(|row| path.trace.values(row)).is_some()
    };
    // the present path as soon as it has begun, not the stale one
    let of_tag = |tag| paths.iter().rfind(|path| path.tag == tag && has_row(path));
    let first = || of_tag(paths.iter().find(has_row)?.tag);
    context.screen.pointed.and_then(of_tag).or_else(first)
}

impl View for LevelsPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "levels",
        old_ids: &["nested"],
        title: "levels",
        meaning: "each level's objective along its own variable, side by side",
        hints: &[
            ["Drag a hollow circle", "All methods run again from there."],
            [
                "Drag the timeline",
                "Each column follows the levels above it.",
            ],
        ],
        options: &[Parameter {
            name: VARIABLE,
            label: "variable",
            symbol: "",
            kind: ParameterKind::Integer {
                min: 1,
                max: 1_000_000,
                slider: [1.0, 100.0],
                per_level: false,
            },
            default: DefaultValue::Number(1.0),
            meaning: "The variable of each level that is shown, from 1.",
        }],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Columns;
    const SAMPLES: [usize; 2] = [41, 161];

    type Request = LevelsRequest;
    type Data = LevelCurves;

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let point = |path: &RunPath<'_>| path.trace.point(path.trace.row_at(path.until)?);
        let at = current(context).and_then(point);
        Ok(LevelsRequest {
            problem: context.shared_problem(),
            at: at.unwrap_or_else(|| context.first_start().clone()),
            slices: level_slices(context),
            runs: context
                .paths
                .iter()
                .filter(|path| !path.is_stale)
                .filter_map(|path| Some((path.tag, point(path)?)))
                .collect(),
        })
    }

    fn compute(
        request: &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<LevelCurves, ViewError> {
        let problem = &*request.problem;
        let unfinished = request.runs.iter().filter_map(|(tag, point)| {
            let unfinished = study::unfinished(problem, point, token)?;
            Some((*tag, unfinished))
        });
        let unfinished = unfinished.collect();
        let slices = study::slices(problem, &request.at, &request.slices, samples, token);
        let slices = slices.unwrap_or_default().into_iter();
        Ok(LevelCurves {
            curves: slices.map(Curves::new).collect(),
            unfinished,
        })
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &LevelCurves, theme: Theme) -> Vec<Figure<'a>> {
        let current = current(context).map(|path| path.tag);
        let unfinished = |tag: RunTag| {
            let mut known = data.unfinished.iter();
            Some(known.find(|(other, _)| *other == tag)?.1.clone())
        };
        let mut states: Vec<LevelState<'a>> = context
            .paths
            .iter()
            .map(|&path| LevelState {
                path,
                unfinished: unfinished(path.tag),
                has_row: !path.is_stale && path.tag.run == current.map_or(0, |tag| tag.run),
            })
            .collect();
        let hidden = match context.screen.rows {
            Some(rows) => keep_rows(&mut states, rows, current),
            None => 0,
        };
        let subject = LevelsData {
            metadata: context.problem.metadata(),
            cuts: &level_slices(context),
            curves: &data.curves,
            starts: context.starts,
            current,
            hidden,
            seen: &context.screen.ranges,
        };
        levels(subject, &states, theme)
    }

    fn arrange<'a>(page: Page<'a>, _: &ViewContext<'a>, _: &LevelCurves, _: Theme) -> Page<'a> {
        page.arranged(FigureArrangement::Row)
    }
}

/// Limits the lines beneath the columns, of which a remark takes one, and keeps the row of the run whose decision the levels
/// answer. Returns the number of rows removed.
fn keep_rows(states: &mut [LevelState<'_>], lines: usize, current: Option<RunTag>) -> usize {
    let count = states.iter().filter(|it| it.has_row).count();
    if count <= lines {
        return 0;
    }
    let kept = lines.saturating_sub(1).max(1);
    let is_current = |state: &LevelState<'_>| Some(state.path.tag) == current;
    let has_current = states.iter().any(|it| it.has_row && is_current(it));
    let mut left = kept - usize::from(has_current);
    for state in states {
        if state.has_row && !is_current(state) {
            state.has_row = left > 0;
            left = left.saturating_sub(1);
        }
    }
    count - kept
}
