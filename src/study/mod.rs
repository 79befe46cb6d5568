//! Work over many points or runs: the gaps of a trace, landscapes, reaction curves. Takes runs and problems, never files.

mod curves;
mod desk;
mod gaps;
mod landscape;
mod standing;

pub use curves::{reaction_curve, reduced_curve};
pub use desk::Desk;
pub use gaps::{GapDesk, Gaps, fill_gaps};
pub use landscape::{Grid, sample};
pub use standing::{FEASIBLE, Standing, standings};
