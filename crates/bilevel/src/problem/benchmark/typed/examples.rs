//! Small benchmarks as formulas, to start from: the same objectives, box, start and pictures as with default settings.

use super::more_examples::MORE;
use super::shipped::{Example, NONE};
use crate::formula::{Constant, Draft, LevelDraft};
use crate::problem::{Coordinate, Metadata, ProblemInfo, Settings};

const EXAMPLES: &[Example] = &[
    Example {
        id: "coreset",
        levels: &[
            ("v[4]", "0.1*((theta[1] - 3)^2 + (theta[2] + 2)^2)"),
            ("theta[2]", "(theta[1] - m_1)^2 + (theta[2] - m_2)^2"),
        ],
        definitions: &[
            ("total", "sum(i, 1, 4, exp(v[i]))"),
            (
                "m_1",
                "(exp(v[1]) + 3*exp(v[2]) - 2*exp(v[3]) - 3*exp(v[4]))/total",
            ),
            (
                "m_2",
                "(3*exp(v[1]) + exp(v[2]) + 2*exp(v[3]) - 2*exp(v[4]))/total",
            ),
        ],
        ..NONE
    },
    Example {
        id: "minimax",
        levels: &[("v", "v*theta"), ("theta", "-v*theta")],
        ..NONE
    },
    Example {
        id: "degenerate",
        levels: &[
            ("v", "(v - t[2])^2/2 + (t[1] - 1)^2/2"),
            ("t[2]", "t[1]^2/2 - v*t[1]"),
        ],
        ..NONE
    },
    Example {
        id: "quadratic",
        levels: &[
            (
                "x[3]",
                "dot(y, y)/2 - y[1] + 0.5*y[2] - 0.7*y[3] - 0.2*y[4] + rho/2*dot(x, x) + h",
            ),
            (
                "y[4]",
                "0.15*y[1]^2 + 0.25*y[2]^2 + 0.4*y[3]^2 + 0.5*y[4]^2 - y[1]*p_1 - y[2]*p_2 - y[3]*p_3 - y[4]*p_4",
            ),
        ],
        constants: &[
            ("rho", 0.1, [0.0, 1.0]),
            // the mean of ½ ‖t_i‖² over the samples
            ("h", 1.057_080_494_590_418_9, [0.0, 2.0]),
        ],
        definitions: &[
            ("p_1", "0.4*x[1] - 0.2*x[2] + 0.1*x[3] + 0.1"),
            ("p_2", "0.5*x[2] + 0.3*x[3] + 0.3"),
            ("p_3", "-0.3*x[1] + 0.1*x[2] + 0.6*x[3] - 0.2"),
            ("p_4", "0.2*x[1] + 0.2*x[2] - 0.4*x[3] + 0.4"),
        ],
    },
    Example {
        id: "pbgd",
        levels: &[
            (
                "x",
                "cos(4*y + 2)/(1 + exp(2 - 4*x)) + log((4*x - 2)^2 + 1)/2",
            ),
            ("y", "s^2 + x*sin(s)^2"),
        ],
        definitions: &[("s", "x + y")],
        ..NONE
    },
    Example {
        id: "valleys",
        levels: &[("x", "a*(x - 1)^2 + sin(3*y)"), ("y", "(y - x)^2/2")],
        constants: &[("a", 0.1, [0.0, 1.0])],
        ..NONE
    },
    Example {
        id: "sine",
        levels: &[("x", "(x - 2)^2 + (y - 4)^2"), ("y", "sin(x + y - 2)")],
        ..NONE
    },
    Example {
        id: "stackelberg",
        levels: &[("x", "-x*price"), ("y", "-y*price"), ("z", "-z*price")],
        constants: &[("margin", 8.0, [1.0, 20.0])],
        definitions: &[("price", "margin - (x + y + z)")],
    },
    Example {
        id: "chain",
        levels: &[
            ("x[2]", "(z[1] - t)^2 + (z[2] - t)^2 + norm2(x)^2"),
            ("y[2]", "norm2(y - x)^2"),
            ("z[2]", "norm2(z - y)^2"),
        ],
        constants: &[("t", 1.0, [-2.0, 2.0])],
        ..NONE
    },
    Example {
        id: "tri-attack",
        levels: &[
            ("x", "(z - 1)^2 + x^2/2"),
            ("y", "2*y^2 - z^2"),
            ("z", "((z - x - y)^2 + z^2)/2"),
        ],
        ..NONE
    },
    Example {
        id: "tri-log",
        levels: &[
            ("x", "(z - log(2))^2 + 0.05*(x - 1)^2"),
            ("y", "exp(z)/2 - x*y"),
            ("z", "exp(z) - z*(1 + y^2)"),
        ],
        ..NONE
    },
    Example {
        id: "tri-sin",
        levels: &[
            ("x", "0.1*(x - 1)^2 + sin(3*z)"),
            ("y", "(y - x)^2/2 + 0.1*y*z"),
            ("z", "(z - y)^2/2 + 0.05*z^4"),
        ],
        ..NONE
    },
    Example {
        id: "tri-cosresp",
        levels: &[
            ("x", "(z - 0.6)^2 + 0.05*(x - 2)^2"),
            ("y", "(y - sin(x))^2/2 + 0.1*y*z"),
            ("z", "cosh(z) - y*z"),
        ],
        ..NONE
    },
    Example {
        id: "tsg-quadratic",
        levels: &[
            ("x", "x + y + z + x^2/2 + x*y + x*z"),
            ("y", "2*y^2 - y*x - y*z"),
            ("z", "z^2/2 - z*x - z*y"),
        ],
        ..NONE
    },
    Example {
        id: "tsg-quartic",
        levels: &[
            ("x", "x + y + z + x^2/2 + x*y + x*z"),
            ("y", "1.5*y^2 - y*x - y*z"),
            ("z", "(z^2 - z*x - z*y)^2/2"),
        ],
        ..NONE
    },
];

fn shipped(entry: &ProblemInfo) -> Option<&'static Example> {
    let mut all = EXAMPLES.iter().chain(MORE);
    all.find(|example| example.id == entry.id)
}

/// True if a benchmark ships as formulas, too; unlike [`example`], this builds nothing.
pub fn has_example(entry: &ProblemInfo) -> bool {
    shipped(entry).is_some()
}

/// Returns a benchmark with default settings as formulas; `None` if it does not ship as such.
pub fn example(entry: &ProblemInfo) -> Option<Draft> {
    let example = shipped(entry)?;
    let built_in = (entry.build)(&Settings::new(entry.parameters));
    let metadata = built_in.metadata();
    let levels = example.levels.iter().zip(1..);
    let constants = example.constants.iter();
    let definitions = example.definitions.iter();
    Some(Draft {
        levels: levels
            .map(|(&(variable, objective), level)| LevelDraft {
                variables: vec![variable.to_owned()],
                objective: objective.to_owned(),
                bounds: bounds(metadata, level),
                start: metadata.start[level].to_vec(),
                range: vec![range(metadata, level)],
            })
            .collect(),
        constants: constants
            .map(|&(name, value, range)| {
                let constant = Constant {
                    value,
                    range: Some(range),
                };
                (name.to_owned(), constant)
            })
            .collect(),
        definitions: definitions
            .map(|&(name, formula)| (name.to_owned(), formula.to_owned()))
            .collect(),
    })
}

/// The box of a level whose variables all have the same one; empty if there is none.
fn bounds(metadata: &Metadata, level: usize) -> Vec<[f64; 2]> {
    if metadata.bounds.is_bounded(level) {
        vec![metadata.bounds.limits(level)[0]]
    } else {
        Vec::new()
    }
}

/// The range in pictures that covers all variables of a level.
fn range(metadata: &Metadata, level: usize) -> [f64; 2] {
    let ranges =
        (0..metadata.shape().size(level)).map(|index| metadata.range(Coordinate { level, index }));
    ranges.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], range| {
        [low.min(range[0]), high.max(range[1])]
    })
}
