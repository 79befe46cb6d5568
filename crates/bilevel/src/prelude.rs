//! What most programs need: `use bilevel::prelude::*`.

pub use crate::method::{self, METHODS, Method, Start, State, Terms, Trouble};
pub use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape, WorkToken};
pub use crate::problem::{
    self, Coordinate, Differentiated, Facts, Objectives, Oracle, PROBLEMS, ParameterError, Problem,
    Settings, Value,
};
pub use crate::referee::Referee;
pub use crate::run::{Budget, Run, RunSpec, Status, Trace};
pub use crate::study::{Goals, StartGrid, Survey, Tally, Verdict};
