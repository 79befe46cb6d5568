//! Quantities of steps that several methods report under the same name.

use super::assembly::{Factor, Operation, VelocityTerms};
use super::diagnostics::{StepDiagnostics, SystemPart, TermForm, TermInfo, TermKind, TermPoint};
use super::momentum::MomentumTerms;
use super::term_names;
use crate::numerics::{Levels, MAX_LEVELS, Point};

/// The leader's block.
pub(super) const LEADER: Levels = Levels::only(1);
/// The block of level 2.
pub(super) const FOLLOWER: Levels = Levels::only(2);

/// The blocks of all levels but the first.
pub(super) const LOWER: Levels = Levels::from(2);

/// Estimate of the hypergradient, before momentum.
pub(super) const HYPERGRADIENT: TermInfo =
    TermInfo::blocks("hypergradient", "d", TermKind::Direction, LEADER);
/// Direction of level 1 after momentum.
pub(super) const STEP: TermInfo =
    TermInfo::blocks("step direction", "u", TermKind::Direction, LEADER);
/// Direction of all levels after momentum, for methods that move both blocks at once.
pub(super) const STEP_OF_ALL: TermInfo =
    TermInfo::blocks("step direction", "u", TermKind::Direction, Levels::ALL);
/// Step size of level 1.
pub(super) const STEP_SIZE: TermInfo = TermInfo::number("step size of x", "ξ", TermKind::StepSize);
/// Step size of level 2 in methods that move both blocks.
pub(super) const STEP_SIZE_LOWER: TermInfo =
    TermInfo::number("step size of y", "ξ_y", TermKind::StepSize);

/// Momentum of level 1.
pub(super) const MOMENTUM: MomentumTerms = MomentumTerms {
    factor: TermInfo::number("momentum", "m", TermKind::Weight),
    velocity: TermInfo::blocks("velocity", "u_{−}", TermKind::Velocity, LEADER),
};
/// Momentum of all levels at once.
pub(super) const MOMENTUM_OF_ALL: MomentumTerms = MomentumTerms {
    velocity: TermInfo::blocks("velocity", "u_{−}", TermKind::Velocity, Levels::ALL),
    ..MOMENTUM
};

/// Quantities of a loop of the follower.
#[derive(Debug)]
pub(super) struct InnerTerms {
    /// The iterates, the start first.
    pub(super) path: TermInfo,
    /// The gradient of each step.
    pub(super) gradients: TermInfo,
    /// α.
    pub(super) step_size: TermInfo,
    /// The momentum, if the loop has one.
    pub(super) momentum: MomentumTerms,
}

/// The follower's loop in methods that call its variables y.
pub(super) const INNER: InnerTerms = InnerTerms {
    path: TermInfo::rows(term_names::INNER_PATH, "y^{(t)}", TermKind::Path, FOLLOWER),
    gradients: TermInfo::rows(
        "inner gradients",
        "∇_y g(x, y^{(t)})",
        gradient(2, TermPoint::Term(term_names::INNER_PATH)),
        FOLLOWER,
    ),
    step_size: TermInfo::number(term_names::INNER_STEP_SIZE, "α", TermKind::StepSize),
    momentum: MomentumTerms {
        factor: TermInfo::number("inner momentum", "m_y", TermKind::Weight),
        velocity: TermInfo::blocks("inner velocity", "u_{y}", TermKind::Velocity, FOLLOWER),
    },
};

/// Quantities of unrolled loops, level within level.
#[derive(Debug)]
pub(super) struct UnrolledTerms {
    /// The loop of level 2.
    pub(super) inner: InnerTerms,
    /// The start of the loop of level 2.
    pub(super) start: TermInfo,
    /// The last loop of each deeper level, level 3 first.
    pub(super) deeper: [TermInfo; MAX_LEVELS - 2],
    /// The answers of all lower levels.
    pub(super) answers: TermInfo,
}

/// The loops at the leader's block before the step.
pub(super) const UNROLLED: UnrolledTerms = UnrolledTerms {
    inner: InnerTerms {
        path: TermInfo::rows(
            term_names::INNER_PATH,
            "x_2^{(t)}",
            TermKind::Path,
            FOLLOWER,
        ),
        gradients: TermInfo::rows(
            "inner gradients",
            "∂F_2/∂x_2",
            TermKind::ReducedGradient {
                objective: 2,
                at: TermPoint::Term(term_names::INNER_PATH),
            },
            FOLLOWER,
        ),
        ..INNER
    },
    start: TermInfo::blocks("inner start", "x_2^{(0)}", TermKind::Point, FOLLOWER),
    deeper: [
        path("inner path of level 3", "x_3^{(t)}", 3),
        path("inner path of level 4", "x_4^{(t)}", 4),
        path("inner path of level 5", "x_5^{(t)}", 5),
        path("inner path of level 6", "x_6^{(t)}", 6),
        path("inner path of level 7", "x_7^{(t)}", 7),
        path("inner path of level 8", "x_8^{(t)}", 8),
    ],
    answers: TermInfo::blocks("answers", "x_k^{(T)}", TermKind::Point, LOWER),
};

/// The loops at the leader's new block.
pub(super) const UNROLLED_AGAIN: UnrolledTerms = UnrolledTerms {
    inner: InnerTerms {
        path: TermInfo::rows("new inner path", "x_2^{(t)}", TermKind::Path, FOLLOWER),
        gradients: TermInfo::rows(
            "new inner gradients",
            "∂F_2/∂x_2",
            TermKind::ReducedGradient {
                objective: 2,
                at: TermPoint::Term("new inner path"),
            },
            FOLLOWER,
        ),
        step_size: TermInfo::number("new inner step size", "α", TermKind::StepSize),
        momentum: MomentumTerms {
            factor: TermInfo::number("new inner momentum", "m_y", TermKind::Weight),
            velocity: TermInfo::blocks("new inner velocity", "u_{y}", TermKind::Velocity, FOLLOWER),
        },
    },
    start: TermInfo::blocks("new inner start", "x_2^{(0)}", TermKind::Point, FOLLOWER),
    deeper: [
        path("new inner path of level 3", "x_3^{(t)}", 3),
        path("new inner path of level 4", "x_4^{(t)}", 4),
        path("new inner path of level 5", "x_5^{(t)}", 5),
        path("new inner path of level 6", "x_6^{(t)}", 6),
        path("new inner path of level 7", "x_7^{(t)}", 7),
        path("new inner path of level 8", "x_8^{(t)}", 8),
    ],
    answers: TermInfo::blocks("new answers", "x_k^{(T)}", TermKind::Point, LOWER),
};

/// Iterates of a level.
const fn path(name: &'static str, symbol: &'static str, level: usize) -> TermInfo {
    TermInfo::rows(name, symbol, TermKind::Path, Levels::only(level))
}

/// Quantities of a linear system with the follower's Hessian.
#[derive(Debug)]
pub(super) struct SystemTerms {
    pub(super) right: TermInfo,
    pub(super) solution: TermInfo,
    /// A norm for each iteration.
    pub(super) norms: TermInfo,
    /// The flags of the coordinates that the box cuts off; only if there are any.
    pub(super) cut: TermInfo,
}

/// The system `∇²_yy g u = ∇_y f`.
pub(super) const SYSTEM: SystemTerms = SystemTerms {
    right: TermInfo::blocks(
        "right-hand side",
        "∇_y f",
        TermKind::LinearSystem(SystemPart::RightSide),
        FOLLOWER,
    ),
    solution: TermInfo::blocks(
        "linear solution",
        "u",
        TermKind::LinearSystem(SystemPart::Solution),
        FOLLOWER,
    ),
    norms: TermInfo::new(
        "residual norms",
        "‖∇^2_{yy} g\\, u − ∇_y f‖",
        TermKind::LinearSystem(SystemPart::Norms),
        TermForm::List,
    ),
    cut: TermInfo::blocks("cut off", "y_i ∉ P", TermKind::Flag, FOLLOWER),
};

/// Quantities of an estimate of the hypergradient by a Neumann series.
#[derive(Debug)]
pub(super) struct EstimateTerms {
    /// ∇f, with its noise.
    pub(super) gradient: TermInfo,
    /// ∇_y f alone, where ∇_x f is left out.
    pub(super) lower_gradient: TermInfo,
    pub(super) gradient_noise: TermInfo,
    /// ∇_y f in the coordinates that the box does not cut off.
    pub(super) right: TermInfo,
    pub(super) cut: TermInfo,
    pub(super) step_size: TermInfo,
    /// The Hessian product of each step of the series, with its noise.
    pub(super) products: TermInfo,
    pub(super) product_noise: TermInfo,
    /// The norm of each term of the series.
    pub(super) norms: TermInfo,
    pub(super) solution: TermInfo,
    /// `∇²_xy g u`, with its noise.
    pub(super) mixed: TermInfo,
    pub(super) mixed_noise: TermInfo,
}

/// The estimate at the end of the follower's loop.
pub(super) const ESTIMATE_AT_END: EstimateTerms = estimate(TermPoint::Term(term_names::INNER_PATH));
/// The estimate at the point before the step.
pub(super) const ESTIMATE: EstimateTerms = estimate(TermPoint::Before);

/// The estimate whose gradients and products are taken at a point.
const fn estimate(at: TermPoint) -> EstimateTerms {
    EstimateTerms {
        gradient: TermInfo::blocks(
            term_names::GRADIENT_OF_F,
            "∇f(x, y)",
            gradient(1, at),
            Levels::ALL,
        ),
        lower_gradient: TermInfo::blocks(
            term_names::GRADIENT_OF_F,
            "∇_y f(x, y)",
            gradient(1, at),
            FOLLOWER,
        ),
        gradient_noise: noise("noise of the gradient of f", TermForm::Blocks(Levels::ALL)),
        right: TermInfo::blocks(
            "right-hand side",
            "∇_y f(x, y)",
            TermKind::LinearSystem(SystemPart::RightSide),
            FOLLOWER,
        ),
        cut: TermInfo::blocks("cut off", "y_i ∉ P", TermKind::Flag, FOLLOWER),
        step_size: TermInfo::number("linear step size", "β", TermKind::StepSize),
        products: TermInfo::rows(
            "Hessian products",
            "∇^2_{yy} g (I − β ∇^2_{yy} g)^q ∇_y f",
            TermKind::Product { objective: 2, at },
            FOLLOWER,
        ),
        product_noise: noise("noise of the Hessian products", TermForm::Rows(FOLLOWER)),
        norms: TermInfo::new(
            "norms of the series",
            "‖(I − β ∇^2_{yy} g)^q ∇_y f‖",
            TermKind::LinearSystem(SystemPart::Norms),
            TermForm::List,
        ),
        solution: TermInfo::blocks(
            "linear solution",
            "u",
            TermKind::LinearSystem(SystemPart::Solution),
            FOLLOWER,
        ),
        mixed: TermInfo::blocks(
            "mixed product",
            "∇^2_{xy} g\\, u",
            TermKind::Product { objective: 2, at },
            LEADER,
        ),
        mixed_noise: noise("noise of the mixed product", TermForm::Blocks(LEADER)),
    }
}

/// Quantities of the directions of both levels at one point, in single-loop methods.
#[derive(Debug)]
pub(super) struct DirectionTerms {
    /// ∇_y g, with its noise.
    pub(super) slope: TermInfo,
    pub(super) slope_noise: TermInfo,
    pub(super) of_estimate: EstimateTerms,
    /// h.
    pub(super) estimate: TermInfo,
}

/// The estimate at the point of the previous step.
pub(super) const PREVIOUS_ESTIMATE: EstimateTerms = EstimateTerms {
    gradient: TermInfo::blocks(
        "previous gradient of f",
        "∇f(k−1)",
        gradient(1, TermPoint::Term("previous point")),
        Levels::ALL,
    ),
    lower_gradient: TermInfo::blocks(
        "previous gradient of f",
        "∇_y f(k−1)",
        gradient(1, TermPoint::Term("previous point")),
        FOLLOWER,
    ),
    gradient_noise: noise(
        "previous noise of the gradient of f",
        TermForm::Blocks(Levels::ALL),
    ),
    right: TermInfo::blocks(
        "previous right-hand side",
        "∇_y f(k−1)",
        TermKind::LinearSystem(SystemPart::RightSide),
        FOLLOWER,
    ),
    cut: TermInfo::blocks("previous cut off", "y_i ∉ P", TermKind::Flag, FOLLOWER),
    step_size: TermInfo::number("previous linear step size", "β", TermKind::StepSize),
    products: TermInfo::rows(
        "previous Hessian products",
        "∇^2_{yy} g (I − β ∇^2_{yy} g)^q ∇_y f",
        TermKind::Product {
            objective: 2,
            at: TermPoint::Term("previous point"),
        },
        FOLLOWER,
    ),
    product_noise: noise(
        "previous noise of the Hessian products",
        TermForm::Rows(FOLLOWER),
    ),
    norms: TermInfo::new(
        "previous norms of the series",
        "‖(I − β ∇^2_{yy} g)^q ∇_y f‖",
        TermKind::LinearSystem(SystemPart::Norms),
        TermForm::List,
    ),
    solution: TermInfo::blocks(
        "previous linear solution",
        "u",
        TermKind::LinearSystem(SystemPart::Solution),
        FOLLOWER,
    ),
    mixed: TermInfo::blocks(
        "previous mixed product",
        "∇^2_{xy} g\\, u",
        TermKind::Product {
            objective: 2,
            at: TermPoint::Term("previous point"),
        },
        LEADER,
    ),
    mixed_noise: noise(
        "previous noise of the mixed product",
        TermForm::Blocks(LEADER),
    ),
};

/// The directions at the point before the step.
pub(super) const DIRECTIONS: DirectionTerms = DirectionTerms {
    slope: TermInfo::blocks(
        "gradient of g",
        "∇_y g(x, y)",
        gradient(2, TermPoint::Before),
        FOLLOWER,
    ),
    slope_noise: noise("noise of the gradient of g", TermForm::Blocks(FOLLOWER)),
    of_estimate: ESTIMATE,
    estimate: TermInfo::blocks("estimate", "h(x, y)", TermKind::Direction, LEADER),
};
/// The directions at the point of the previous step, from the same sample.
pub(super) const PREVIOUS_DIRECTIONS: DirectionTerms = DirectionTerms {
    slope: TermInfo::blocks(
        "previous gradient of g",
        "∇_y g(k−1)",
        gradient(2, TermPoint::Term("previous point")),
        FOLLOWER,
    ),
    slope_noise: noise(
        "noise of the previous gradient of g",
        TermForm::Blocks(FOLLOWER),
    ),
    of_estimate: PREVIOUS_ESTIMATE,
    estimate: TermInfo::blocks("previous estimate", "h(k−1)", TermKind::Direction, LEADER),
};

/// Normal noise.
pub(super) const fn noise(name: &'static str, form: TermForm) -> TermInfo {
    TermInfo::new(name, "σ ν", TermKind::Noise, form)
}

/// ∇f at the point (x, y⁽ᵀ⁾).
pub(super) const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇f(x, y)",
    gradient(1, TermPoint::Term(term_names::INNER_PATH)),
    Levels::ALL,
);
/// The product `∇²_xy g u` at the point (x, y⁽ᵀ⁾).
pub(super) const MIXED_PRODUCT: TermInfo = TermInfo::blocks(
    "mixed product",
    "∇^2_{xy} g\\, u",
    TermKind::Product {
        objective: 2,
        at: TermPoint::Term(term_names::INNER_PATH),
    },
    LEADER,
);

/// The kind of a gradient.
pub(super) const fn gradient(objective: usize, at: TermPoint) -> TermKind {
    TermKind::Gradient { objective, at }
}

/// The blocks of all levels but the first.
pub(super) fn lower_blocks(at: &Point) -> &[f64] {
    &at.values()[at.shape().range(1).end..]
}

/// Records the flags of coordinates as numbers.
pub(super) fn flags(terms: &mut StepDiagnostics, info: &'static TermInfo, marks: &[bool]) {
    let numbers: Vec<f64> = marks
        .iter()
        .map(|&mark| f64::from(u8::from(mark)))
        .collect();
    terms.record(info, &numbers);
}

/// The names of the terms of a momentum of the outer step.
pub(super) const VELOCITY: VelocityTerms = VelocityTerms {
    factor: "momentum",
    velocity: "velocity",
};
/// The follower's block after its loop.
pub(super) const DESCEND: Operation = Operation::Descend {
    level: 2,
    by: Factor::Minus(term_names::INNER_STEP_SIZE),
    along: "inner gradients",
    momentum: Some(VelocityTerms {
        factor: "inner momentum",
        velocity: "inner velocity",
    }),
};
/// The step direction from the hypergradient, by momentum if there is one.
pub(super) const TURN: Operation = Operation::Momentum {
    to: "step direction",
    from: "hypergradient",
    by: VELOCITY,
};
/// The step of level 1 along the step direction.
pub(super) const MOVE: Operation = Operation::Move {
    level: 1,
    by: Factor::Minus("step size of x"),
    along: "step direction",
};
/// The projection of level 1.
pub(super) const PROJECT: Operation = Operation::Project { level: 1 };

/// The operations of implicit differentiation at the end of the follower's loop.
pub(super) const IMPLICIT: &[Operation] = &[
    DESCEND,
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(-1.0),
        from: "mixed product",
    },
    TURN,
    MOVE,
    PROJECT,
];
