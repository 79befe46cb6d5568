//! The test set as formulas: problems of two levels with one variable each, and one whose follower has two.

use super::shipped::{Example, NONE};

/// A problem of two levels with the variables x and y.
const fn planar(id: &'static str, levels: &'static [(&'static str, &'static str); 2]) -> Example {
    Example { id, levels, ..NONE }
}

/// The formulas of the test set.
pub(super) const MORE: &[Example] = &[
    planar("ls-3-2", &[("x", "x^2 + y^2"), ("y", "(x + y - 1)^2")]),
    planar(
        "henderson-quandt",
        &[("x", "((x + y)/2 - 95)*x"), ("y", "(y + x/2 - 100)*y")],
    ),
    planar(
        "mb-3-10",
        &[
            ("x", "y"),
            ("y", "x*(16*y^4 + 2*y^3 - 8*y^2 - 1.5*y + 0.5)"),
        ],
    ),
    planar(
        "mb-3-11",
        &[
            ("x", "y"),
            ("y", "x*(16*y^4 + 2*y^3 - 8*y^2 - 1.5*y + 0.5)"),
        ],
    ),
    planar(
        "mb-3-12",
        &[("x", "-x + x*y + 10*y^2"), ("y", "-x*y^2 + y^4/2")],
    ),
    planar("mb-3-13", &[("x", "x - y"), ("y", "x*y^2/2 - x^3*y")]),
    planar(
        "mb-3-14",
        &[("x", "(x - 0.25)^2 + y^2"), ("y", "y^3/3 - x*y")],
    ),
    planar("mb-3-15", &[("x", "x + y"), ("y", "x*y^2/2 - y^3/3")]),
    planar("mb-3-16", &[("x", "2*x + y"), ("y", "-x*y^2/2 - y^4/4")]),
    planar(
        "mb-3-17",
        &[("x", "(x + 0.5)^2 + y^2/2"), ("y", "x*y^2/2 + y^4/4")],
    ),
    planar("mb-3-18", &[("x", "-x^2 + y^2"), ("y", "x*y^2 - y^4/2")]),
    planar(
        "mb-3-19",
        &[("x", "x*y - y + y^2/2"), ("y", "-x*y^2 + y^4/2")],
    ),
    planar(
        "mb-3-20",
        &[("x", "(x - 0.25)^2 + y^2"), ("y", "y^3/3 - x^2*y")],
    ),
    planar(
        "mb-3-21",
        &[
            ("x", "(x + 0.6)^2 + y^2"),
            (
                "y",
                "y^4 + 2/15*(1 - x)*y^3 + (-0.02*x^2 + 0.16*x - 0.4)*y^2 + (0.004*x^3 - 0.036*x^2 + 0.08*x)*y",
            ),
        ],
    ),
    planar(
        "mb-3-24",
        &[
            ("x", "x^2 - y"),
            ("y", "((y - 1 - 0.1*x)^2 - 0.5 - 0.5*x)^2"),
        ],
    ),
    planar(
        "mirrlees",
        &[
            ("x", "(x - 2)^2 + (y - 1)^2"),
            ("y", "-x*exp(-(y + 1)^2) - exp(-(y - 1)^2)"),
        ],
    ),
    planar(
        "cusp-jump",
        &[
            ("x", "(x - 0.5)^2 + (y - 0.8)^2"),
            ("y", "y^4/4 - y^2/2 + x*y"),
        ],
    ),
    planar("iaptt-sin", &[("x", "x + x*y"), ("y", "-sin(x*y)")]),
    planar(
        "rastrigin-response",
        &[
            ("x", "(y - 1)^2 + (1 - cos(2*pi*y))/2 + 0.05*x^2"),
            ("y", "(y - x)^2/2 + 0.025*y^4"),
        ],
    ),
    planar(
        "sinresp",
        &[
            ("x", "(y - 0.9)^2 + 0.02*(x - 4)^2"),
            ("y", "(y - sin(x))^2/2"),
        ],
    ),
    planar(
        "tanh-doublewell",
        &[
            ("x", "(y^2 - 1)^2 + 0.2*y + 0.02*x^2"),
            ("y", "y^2/2 + y^4/4 - x*y"),
        ],
    ),
    planar(
        "two-basin-ridge",
        &[
            ("x", "100*(y - 0.2)^2*(y - 0.8)^2 + 0.5*y"),
            ("y", "exp(-x)*y^2/2 + (y - 1)^2/2"),
        ],
    ),
    planar(
        "bda-counterexample",
        &[
            ("x", "(x - y[2])^2/2 + (y[1] - 1)^2/2"),
            ("y[2]", "y[1]^2/2 - x*y[1]"),
        ],
    ),
];
