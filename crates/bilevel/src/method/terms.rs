//! Quantities of steps that several methods report under the same name.

use super::assembly::{Factor, Operation, VelocityTerms};
use super::diagnostics::{StepDiagnostics, SystemPart, TermForm, TermInfo, TermKind, TermPoint};
use crate::numerics::{Levels, MAX_LEVELS};

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

/// Quantities of a momentum.
#[derive(Debug)]
pub(super) struct MomentumTerms {
    /// The factor m.
    pub(super) factor: TermInfo,
    /// The velocity before the step.
    pub(super) velocity: TermInfo,
}

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
    path: TermInfo::rows("inner path", "y^{(t)}", TermKind::Path, FOLLOWER),
    gradients: TermInfo::rows(
        "inner gradients",
        "∇_y g(x, y^{(t)})",
        gradient(2, TermPoint::Term("inner path")),
        FOLLOWER,
    ),
    step_size: TermInfo::number("inner step size", "α", TermKind::StepSize),
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
        path: TermInfo::rows("inner path", "x_2^{(t)}", TermKind::Path, FOLLOWER),
        gradients: TermInfo::rows(
            "inner gradients",
            "∂F_2/∂x_2",
            TermKind::ReducedGradient {
                objective: 2,
                at: TermPoint::Term("inner path"),
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

/// ∇f at the point (x, y⁽ᵀ⁾).
pub(super) const GRADIENT_F: TermInfo = TermInfo::blocks(
    "gradient of f",
    "∇f(x, y)",
    gradient(1, TermPoint::Term("inner path")),
    Levels::ALL,
);
/// The product `∇²_xy g u` at the point (x, y⁽ᵀ⁾).
pub(super) const MIXED_PRODUCT: TermInfo = TermInfo::blocks(
    "mixed product",
    "∇^2_{xy} g\\, u",
    TermKind::Product {
        objective: 2,
        at: TermPoint::Term("inner path"),
    },
    LEADER,
);

/// The kind of a gradient.
pub(super) const fn gradient(objective: usize, at: TermPoint) -> TermKind {
    TermKind::Gradient { objective, at }
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
    by: Factor::Minus("inner step size"),
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
        from: "gradient of f",
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
