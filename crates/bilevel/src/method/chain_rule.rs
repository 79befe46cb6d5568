//! Naive chain rule through n levels: each level's optimality condition is differentiated with the deeper levels held
//! fixed, which is wrong for most problems of three levels.
//!
//! ```text
//! x_k = x_k*(x_1 … x_{k−1})   for k = 2 … n, exactly
//! a_k = ∂f₁/∂x_k              for k = 1 … n
//! k = n … 2:   ∇²_kk f_k w = a_k,   a_j ← a_j − ∇²_jk f_k w   for all j < k
//! x_1 ← P(x_1 − ξ a_1),   then all answers again
//! ```
//!
//! Source: folklore. The correct sweep (`implicit`) takes the Hessian `H_k` and the mixed derivatives `N_kj` of the
//! reduced objective `F_k`, in which deeper levels answer; this one takes those of `f_k`. So it leaves out the
//! responses of x_{k+1}* … to `x_k` and the third derivatives of the deeper objectives; for two levels nothing is left
//! out and the two agree.
//! Cost per outer step: exact answers as in `implicit`, then `d_k` Hessian-vector and k − 1 mixed products of each
//! `f_k`.
//! Assumes: that no `f_k` depends on the levels beneath it, which is wrong for most problems of three levels.

use super::entry::{Inverse, MOST_FACTORISED, MethodInfo, Requirements, StepCost};
use super::implicit::{ASSEMBLY, Implicit};
use super::shared;
use crate::nested::ChainOrder;

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "chain-rule",
    name: "Chain rule (wrong)",
    summary: "Wrong baseline: solves all levels, but differentiates each as if the levels below it were constant.",
    rule: &[
        "$x_k = x_k^*$ for $k = 2 … n$, $a_k = ∂f_1/∂x_k$",
        "$k = n … 2$: $∇^2_{kk} f_k\\, w = a_k$, then $a_j ← a_j − ∇^2_{jk} f_k\\, w$",
        "$x_1 ← x_1 − ξ a_1$, without what $F_k$ has beyond $f_k$",
    ],
    source: "folklore",
    references: &[],
    cost: &[
        StepCost {
            call: "∇f",
            count: "1",
        },
        StepCost {
            call: "Hessian products of each $f_k$, beside those of exact solutions",
            count: "d_k",
        },
    ],
    assumes: "No intermediate objective depends on deeper levels; true for two levels, false for most problems with \
              more.",
    needs: Requirements {
        two_levels: false,
        inverse: Inverse::OffTheBounds,
        unique_answer: true,
        min_max: false,
        most_variables: Some(MOST_FACTORISED),
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_TOLERANCE,
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| Box::new(Implicit::new(settings, ChainOrder::Naive)),
};
