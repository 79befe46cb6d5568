//! The solution of a level, in values.

/// Solution of a level, in values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// The least value of its objective.
    pub(super) value: f64,
    /// Span of the objective over the level's region.
    pub(super) spread: f64,
    /// True if no other solution is tied.
    pub(super) is_unique: bool,
}
