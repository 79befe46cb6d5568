//! The form in which benchmarks ship as formulas.

/// A benchmark as formulas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example {
    /// The id of the benchmark.
    pub(super) id: &'static str,
    /// The variables and the objective of each level.
    pub(super) levels: &'static [(&'static str, &'static str)],
    /// Names, values and ranges of constants.
    pub(super) constants: &'static [(&'static str, f64, [f64; 2])],
    /// Names and formulas of definitions.
    pub(super) definitions: &'static [(&'static str, &'static str)],
}

/// An empty example, to be completed by struct update.
pub(super) const NONE: Example = Example {
    id: "",
    levels: &[],
    constants: &[],
    definitions: &[],
};
