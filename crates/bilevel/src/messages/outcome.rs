//! Verdicts on runs in a few words and in a sentence, the reasons for which one is unknown, and those for a minimum.
//!
//! Sentences are markup, and their numbers are formatted. A tail `above` is empty or the text of [`above_optimum`].

// names

pub(crate) fn global_optimum() -> &'static str {
    "global optimum"
}

pub(crate) fn best_known_optimum() -> &'static str {
    "best known optimum"
}

pub(crate) fn local_minimum() -> &'static str {
    "local minimum"
}

pub(crate) fn numbered_local_minimum(index: usize) -> String {
    format!("local minimum {index}")
}

pub(crate) fn spurious_end() -> &'static str {
    "non-stationary point"
}

/// A run at rest whose lower levels are not solved.
pub(crate) fn infeasible_end() -> &'static str {
    "infeasible point"
}

pub(crate) fn active_bound() -> &'static str {
    "active bound"
}

pub(crate) fn stopped_at_jump() -> &'static str {
    "stopped at a jump"
}

pub(crate) fn saddle_or_maximum() -> &'static str {
    "saddle or maximum"
}

pub(crate) fn not_converged() -> &'static str {
    "not converged"
}

pub(crate) fn not_known() -> &'static str {
    "not known"
}

pub(crate) fn failed() -> &'static str {
    "failed"
}

pub(crate) fn diverged() -> &'static str {
    "diverged"
}

// sentences

pub(crate) fn above_optimum(difference: &str) -> String {
    format!("; $φ$ is ${difference}$ above the optimum")
}

pub(crate) fn searched_in(ranges: &[String]) -> String {
    format!(" (searched in {})", ranges.join(" × "))
}

pub(crate) fn no_better_found(searched: &str) -> String {
    format!("no better $x$ was found{searched}")
}

pub(crate) fn no_smaller_value() -> &'static str {
    "no $x$ has a smaller $φ$"
}

/// φ is near its smallest value.
pub(crate) fn near_smallest_value(difference: &str) -> String {
    format!("its $φ$ is ${difference}$ above the smallest value")
}

pub(crate) fn no_smaller_value_nearby(above: &str) -> String {
    format!("no $x$ nearby has a smaller $φ${above}")
}

pub(crate) fn stationary_without_minimum(above: &str) -> String {
    format!("$∇φ = 0$ here, but $φ$ falls in some direction: no minimum{above}")
}

pub(crate) fn minimum_by_bound(above: &str) -> String {
    format!("minimum only because of an active bound{above}")
}

pub(crate) fn solution_jumps(above: &str) -> String {
    format!("the lower-level solution jumps here, and $φ$ with it{above}")
}

pub(crate) fn level_not_optimal(level: usize, gap: &str, above: &str) -> String {
    format!("converged, but level {level} is not optimal: its gap is ${gap}${above}")
}

pub(crate) fn follower_not_optimal(gap: &str, above: &str) -> String {
    format!("converged, but the follower is not optimal: its gap is $q = {gap}${above}")
}

pub(crate) fn update_is_zero(bias: &str, above: &str) -> String {
    format!(
        "its update is exactly $0$, but $‖∇φ‖ = {bias}$: nothing in its estimate of the gradient depends on $x$ here{above}"
    )
}

pub(crate) fn stopped_at_slope(bias: &str, above: &str) -> String {
    format!("stopped at a non-stationary point, $‖∇φ‖ = {bias}$ (biased hypergradient){above}")
}

pub(crate) fn descends_slowly(bias: &str, above: &str) -> String {
    format!("it descends $φ$ slowly, $‖∇φ‖ = {bias}${above}")
}

pub(crate) fn slope(bias: &str, above: &str) -> String {
    format!("$‖∇φ‖ = {bias}${above}")
}

/// The length of the last update; `step` is empty or the text of [`step_and_momentum`].
pub(crate) fn update_norm(direction: &str, step: &str, above: &str) -> String {
    format!("update norm ${direction}${step}{above}")
}

pub(crate) fn step_and_momentum(stride: &str) -> String {
    format!(" (step × momentum = ${stride}$)")
}

pub(crate) fn method_failed() -> &'static str {
    "the method failed"
}

pub(crate) fn iterates_grew() -> &'static str {
    "its iterates grew beyond the limit"
}

pub(crate) fn unknown(reason: &str) -> String {
    format!("not known: {reason}")
}

// reasons for which a verdict is unknown

pub(crate) fn not_evaluated() -> &'static str {
    "$φ$ could not be evaluated here"
}

pub(crate) fn follower_without_solution() -> &'static str {
    "no solution of the follower was found for this $x$: the search missed it, or its objective has no minimum"
}

pub(crate) fn some_follower_without_solution() -> &'static str {
    "no solution of some follower was found for this $x$: the search missed it, or its objective has no minimum"
}

/// The objective of a level has a pole.
pub(crate) fn objective_has_pole(level: usize) -> String {
    format!("the objective of level {level} falls without bound at a pole")
}

/// The objective of a level has features that the search may miss.
pub(crate) fn objective_is_narrow(level: usize) -> String {
    format!(
        "the objective of level {level} turns within a shorter way than the search's samples lie apart, so that minima may be missed"
    )
}

/// The objective of a level jumps.
pub(crate) fn objective_jumps(level: usize) -> String {
    format!(
        "the objective of level {level} jumps, and no search along slopes finds the minima of such a function"
    )
}

pub(crate) fn objective_undefined() -> &'static str {
    "the leader's objective is undefined there"
}

pub(crate) fn different_solutions() -> &'static str {
    "two searches find different lower-level solutions there"
}

pub(crate) fn no_step_made() -> &'static str {
    "no step was made, so convergence cannot be judged"
}

pub(crate) fn oscillates() -> &'static str {
    "it oscillates around a point, and $φ$ could not be probed in all directions"
}

pub(crate) fn far_from_solutions() -> &'static str {
    "the lower levels are far from their solutions, although their objectives differ by little"
}

pub(crate) fn slope_too_small() -> &'static str {
    "$∇φ$ is too small to tell convergence from slow descent"
}

pub(crate) fn slope_not_confirmed() -> &'static str {
    "values of $φ$ do not confirm its gradient there"
}

pub(crate) fn no_lower_solution() -> &'static str {
    "the lower levels have no solution there"
}

pub(crate) fn too_many_variables() -> &'static str {
    "the leader has too many variables to probe $φ$ in all directions"
}

pub(crate) fn too_large_to_resolve() -> &'static str {
    "$φ$ is too large there for double precision to resolve its descent"
}

pub(crate) fn too_flat() -> &'static str {
    "$φ$ is too flat there to tell a minimum from a maximum or an inflection"
}

pub(crate) fn kink() -> &'static str {
    "$φ$ has a kink there, and not all directions could be probed"
}

pub(crate) fn no_minimum_to_compare() -> &'static str {
    "it is a minimum, but no other is known to compare $φ$ with"
}

pub(crate) fn below_all_minima_found() -> &'static str {
    "it is a minimum below all that the search found, which may have missed others, too"
}

pub(crate) fn searches_disagree() -> &'static str {
    "two searches find different lower-level solutions at some $x$"
}

pub(crate) fn reduced_objective_falls_on() -> &'static str {
    "$φ$ is lower than at all minima found at a sample, or at an end of the searched range"
}

pub(crate) fn doubtful_search() -> &'static str {
    "no lower minimum is known, but two searches find different lower-level solutions at some $x$"
}

pub(crate) fn work_stopped() -> &'static str {
    "the work was stopped"
}

// reasons for which a point is a minimum

pub(crate) fn lowest_minimum_found() -> &'static str {
    "the lowest minimum of $φ$ found by the reference solver"
}

pub(crate) fn minimum_found() -> &'static str {
    "a minimum of $φ$ found by the reference solver"
}
