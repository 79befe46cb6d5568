//! `trace.csv`: one row per recorded iterate.
//!
//! `run,start,seed,k,time_s,f1…fn,gap,<counts>,<metrics>,<variables>`; counts ordered by kind, then by level. Floats
//! are the shortest text that reads back to the same bits, or `nan` and `inf`; an empty cell is unknown.

use std::io::Write;

use bilevel::problem::{OracleCall, Problem};
use bilevel::run::Trace;

use crate::{Experiment, RunKey};

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
    let shape = trace.shape();
    let label = &experiment.methods[key.method].label;
    let (start, seed) = ((key.start + 1).to_string(), key.seed.to_string());
    for row in 0..trace.len() {
        writer.write_field(label)?;
        writer.write_field(&start)?;
        writer.write_field(&seed)?;
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
        match trace.values(row) {
            Some(values) => {
                for &value in values {
                    writer.write_field(float(value))?;
                }
            }
            None => {
                for _ in 0..shape.total() {
                    writer.write_field("")?;
                }
            }
        }
        writer.write_record(None::<&[u8]>)?;
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
