//! Work over many points or runs: the gaps of a trace, landscapes, reaction curves. Takes runs and problems, never files.

mod desk;
mod gaps;
mod landscape;
mod standing;

pub use desk::Desk;
pub use gaps::{GapDesk, Gaps, fill_gaps};
pub use landscape::{Grid, reaction_curve, sample};
pub use standing::{FEASIBLE, Standing, standings};
