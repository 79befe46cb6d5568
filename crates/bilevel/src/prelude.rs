//! The items that most programs need: `use bilevel::prelude::*`.

pub use crate::method::{self, METHODS, Method, MethodState, Start, StepDiagnostics, StepError};
pub use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape, WorkToken};
pub use crate::problem::{
    self, Coordinate, Differentiated, Key, Metadata, Objectives, Oracle, PROBLEMS, ParameterError,
    ParameterValue, Problem, Settings, Word,
};
pub use crate::referee::Referee;
pub use crate::run::{Budget, Run, RunSpec, Status, Trace};
pub use crate::study::{KnownMinima, OutcomeCounts, StartGrid, Survey, Verdict};
