//! `trace.csv`: one row per recorded iterate.
//!
//! `run,start,seed,k,time_s,f1…fn,gap,<counts>,<metrics>,<variables>`; counts ordered by kind, then by level. Floats
//! are the shortest text that reads back to the same bits, or `nan` and `inf`; an empty cell is unknown.

use std::io::Write;
use std::ops::Range;

use bilevel::problem::{OracleCall, Problem};
use bilevel::run::Trace;

use super::escapes::spreadsheet_text;
use crate::{Experiment, RunKey};

/// A further column, after the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtraColumn {
    /// The reduced objective φ.
    Phi,
    /// φ above the optimum; unknown without a known optimum.
    PhiGap,
    /// The distance to the nearest known global optimum.
    Distance,
    /// The distance of the method's direction from the true hypergradient.
    HypergradientError,
    /// All calls, each with the weight of its kind.
    Cost,
}

impl ExtraColumn {
    /// The name of the column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phi => "phi",
            Self::PhiGap => "phi_gap",
            Self::Distance => "distance",
            Self::HypergradientError => "hypergradient_error",
            Self::Cost => "cost",
        }
    }

    /// The value in a row; NaN if it is not known.
    fn value(self, trace: &Trace, row: usize) -> f64 {
        let at = |values: &[f64]| values.get(row).copied().unwrap_or(f64::NAN);
        match self {
            Self::Phi => at(trace.true_suboptimality.values()) + trace.optimum(),
            Self::PhiGap if trace.has_optimum() => at(trace.true_suboptimality.values()),
            Self::PhiGap => f64::NAN,
            Self::Distance => at(trace.distance.values()),
            Self::HypergradientError => at(trace.hypergradient_error.values()),
            Self::Cost => at(&trace.cost),
        }
    }
}

/// The columns of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceLayout {
    /// Further columns, after the variables.
    pub extra: Vec<ExtraColumn>,
    /// True if variables have the problem's own names in place of `x<level>[<index>]`.
    pub has_own_names: bool,
}

impl TraceLayout {
    /// The column names for a problem.
    pub fn header(&self, problem: &dyn Problem) -> Vec<String> {
        let mut names = header(problem);
        if self.has_own_names {
            let metadata = problem.metadata();
            let own = metadata.coordinates();
            let first = names.len() - own.len();
            for (name, at) in names[first..].iter_mut().zip(own) {
                *name = metadata.variable(at).replace(['{', '}', '\\'], "");
            }
        }
        names.extend(self.extra.iter().map(|column| column.name().to_owned()));
        names
    }

    /// Writes some rows of one run of an experiment.
    pub fn write_rows(
        &self,
        writer: &mut csv::Writer<impl Write>,
        (experiment, key, trace): (&Experiment, RunKey, &Trace),
        rows: Range<usize>,
    ) -> csv::Result<()> {
        for row in rows {
            write_fields(writer, experiment, key, (trace, row))?;
            for column in &self.extra {
                let value = column.value(trace, row);
                let text = if value.is_nan() {
                    String::new()
                } else {
                    float(value)
                };
                writer.write_field(text)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

/// The column names for a problem.
pub fn header(problem: &dyn Problem) -> Vec<String> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    let levels = 1..=shape.levels();
    let mut names: Vec<String> = ["run", "start", "seed", "k", "time_s"]
        .map(ToOwned::to_owned)
        .into();
    names.extend(levels.clone().map(|level| format!("f{level}")));
    names.push("gap".to_owned());
    for call in OracleCall::ALL {
        names.extend(
            levels
                .clone()
                .map(|level| format!("{}{level}", call.name())),
        );
    }
    names.extend(
        metadata
            .metrics
            .iter()
            .map(|metric| format!("metric:{}", metric.name)),
    );
    for level in levels {
        names.extend((1..=shape.size(level)).map(|index| format!("x{level}[{index}]")));
    }
    names
}

/// Writes the rows of one run.
pub fn write_rows(
    writer: &mut csv::Writer<impl Write>,
    experiment: &Experiment,
    key: RunKey,
    trace: &Trace,
) -> csv::Result<()> {
    TraceLayout::default().write_rows(writer, (experiment, key, trace), 0..trace.len())
}

/// Writes the fields of one row, up to the variables.
fn write_fields(
    writer: &mut csv::Writer<impl Write>,
    experiment: &Experiment,
    key: RunKey,
    (trace, row): (&Trace, usize),
) -> csv::Result<()> {
    let shape = trace.shape();
    let label = &experiment.methods[key.method].label;
    writer.write_field(spreadsheet_text(label))?;
    writer.write_field((key.start + 1).to_string())?;
    writer.write_field(key.seed.to_string())?;
    writer.write_field(format!("{}", trace.iterations[row]))?;
    writer.write_field(float(trace.time[row]))?;
    for column in &trace.objectives {
        writer.write_field(float(column.values()[row]))?;
    }
    let gap = trace.gap.values().get(row).filter(|gap| !gap.is_nan());
    writer.write_field(gap.map(|&gap| float(gap)).unwrap_or_default())?;
    for call in OracleCall::ALL {
        for level in 1..=shape.levels() {
            writer.write_field(format!("{}", trace.count(call, level, row)))?;
        }
    }
    for column in &trace.metrics {
        writer.write_field(float(column.values()[row]))?;
    }
    let values = trace.values(row);
    for variable in 0..shape.total() {
        let value = values.map(|values| float(values[variable]));
        writer.write_field(value.unwrap_or_default())?;
    }
    Ok(())
}

/// The shortest text that reads back to the same bits.
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else {
        format!("{value:?}")
    }
}
