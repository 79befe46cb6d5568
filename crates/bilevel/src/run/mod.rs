//! Runs of a method on a problem: specification, iteration, recording, traces, and the pool of workers.
//!
//! Nothing here knows of files or pixels. [`Run::advance`] is the only way to advance a run, so that a window, a
//! command line and a study get the same bits.

mod advice;
mod column;
mod executor;
mod fork;
mod judgement;
mod pool;
mod retrace;
mod running;
mod spec;
mod status;
mod step_replay;
mod trace;
mod trace_rows;

pub use column::{Extent, TraceColumn};
pub use executor::Executor;
pub use judgement::Judgement;
pub use pool::{Batch, Last, Pool, RunId};
pub use running::{Budget, Rest, Run};
pub use spec::{Points, Recording, RunPart, RunSpec, StopRules};
pub use status::Status;
pub use step_replay::{StateBeforeStep, StepRecord, StepReplay, StepReplayError};
pub use trace::{Trace, WEIGHTS, Weights};
pub use trace_rows::TraceRows;
