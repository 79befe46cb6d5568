//! The numbers of variables of problems in words, for choosers.

use std::collections::HashMap;
use std::sync::OnceLock;

use bilevel::numerics::Shape;
use bilevel::problem::{self, ProblemInfo};
use bilevel_figure::grouped;
use bilevel_files::presets;

use crate::app::messages::status::variables;

/// The numbers of variables of each level, the leader's first, such as `4` and `2`.
fn numbers_of(shape: Shape) -> Vec<String> {
    let sizes = (1..=shape.levels()).map(|level| grouped(shape.size(level)));
    sizes.collect()
}

/// The numbers of variables in words, such as `4 + 2 variables`.
pub(crate) fn sizes_of(shape: Shape) -> String {
    variables(&numbers_of(shape))
}

/// The numbers of variables of a benchmark with its default parameters, such as `4 + 2`.
pub(crate) fn usual_sizes(entry: &ProblemInfo) -> &'static str {
    static SIZES: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    let all = SIZES.get_or_init(|| {
        let of = |one: &'static ProblemInfo| {
            let shape = one.instance().metadata().shape();
            (one.id, numbers_of(shape).join(" + "))
        };
        problem::all().map(of).collect()
    });
    all.get(entry.id).map_or("", String::as_str)
}

/// The numbers of variables of the problem of a preset in words; empty for a preset that does not exist.
pub(crate) fn sizes_of_preset(name: &str) -> &'static str {
    static SIZES: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    let all = SIZES.get_or_init(|| {
        let of = |it: &'static presets::PresetSummary| {
            let problem = it.preset.read().ok()?.problem.build();
            Some((it.preset.name, sizes_of(problem.metadata().shape())))
        };
        presets::summaries().iter().filter_map(of).collect()
    });
    all.get(name).map_or("", String::as_str)
}
