//! A problem whose derivatives are known in closed form, and steps of methods on it with their terms.

use std::sync::Arc;

use bilevel::method::{self, MethodState, Start, StepDiagnostics, StepTerm, TermKind, TermPoint};
use bilevel::numerics::{Blocks, Bounds, Point, Scalar, Shape, WorkToken};
use bilevel::problem::{
    Counts, Differentiated, Metadata, Objectives, Oracle, ParameterValue, Problem, Settings,
};
use nalgebra::{DMatrix, DVector};

pub(crate) type Vector = DVector<f64>;

const A: [[f64; 3]; 3] = [[1.5, 0.2, -0.1], [0.2, 1.1, 0.3], [-0.1, 0.3, 1.3]];
const B: [[f64; 2]; 3] = [[0.9, -0.4], [0.3, 0.8], [-0.6, 0.5]];
const C: [f64; 3] = [0.3, -0.2, 0.1];
const D: [f64; 3] = [1.0, -0.5, 0.7];
/// Weight of the quartic part of g.
const QUARTIC: f64 = 0.3;
pub(crate) const SEED: u64 = 11;
pub(crate) const TOLERANCE: f64 = 1e-10;

/// `g = yᵀAy/2 − yᵀ(Bx + C) + QUARTIC Σ yᵢ⁴/4`, `f = ‖y − D‖²/2 + x₂ sin x₁ + ‖x‖²/10 + x₁ y₂`.
#[derive(Clone, Copy, Debug)]
struct Known {
    is_boxed: bool,
}

impl Objectives for Known {
    fn metadata(&self) -> Metadata {
        let start = Point::from_blocks(&[vec![0.4, -0.3], vec![0.1, 0.2, -0.1]]);
        let bounds = Bounds::none(Shape::new(&[2, 3]));
        Metadata {
            bounds: if self.is_boxed {
                bounds.with(1, -0.5, 0.45).with(2, -0.15, 0.3)
            } else {
                bounds
            },
            ..Metadata::new(start)
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (&at[1], &at[2]);
        if level == 1 {
            let apart = (y[0] - D[0]).square() + (y[1] - D[1]).square() + (y[2] - D[2]).square();
            let own = x[1] * x[0].sin() + (x[0].square() + x[1].square()) * 0.1;
            return apart * 0.5 + own + x[0] * y[1];
        }
        let mut value = y[0] * 0.0;
        for i in 0..3 {
            for j in 0..3 {
                value += y[i] * y[j] * (0.5 * A[i][j]);
            }
            value -= y[i] * (x[0] * B[i][0] + x[1] * B[i][1] + C[i]);
            value += y[i].powi(4) * (QUARTIC / 4.0);
        }
        value
    }
}

pub(crate) fn b() -> DMatrix<f64> {
    DMatrix::from_fn(3, 2, |i, j| B[i][j])
}

/// The gradients of both objectives, by x and then by y.
pub(crate) fn gradient(objective: usize, x: &Vector, y: &Vector) -> Vector {
    let mut all = Vector::zeros(5);
    if objective == 1 {
        all[0] = x[1] * x[0].cos() + 0.2 * x[0] + y[1];
        all[1] = x[0].sin() + 0.2 * x[1];
        for i in 0..3 {
            all[2 + i] = y[i] - D[i];
        }
        all[3] += x[0];
        return all;
    }
    let by_x = -b().transpose() * y;
    let linear = DMatrix::from_fn(3, 3, |i, j| A[i][j]) * y - b() * x;
    all[0] = by_x[0];
    all[1] = by_x[1];
    for i in 0..3 {
        all[2 + i] = linear[i] - C[i] + QUARTIC * y[i].powi(3);
    }
    all
}

pub(crate) fn by_x(objective: usize, x: &Vector, y: &Vector) -> Vector {
    gradient(objective, x, y).rows(0, 2).into_owned()
}

pub(crate) fn by_y(objective: usize, x: &Vector, y: &Vector) -> Vector {
    gradient(objective, x, y).rows(2, 3).into_owned()
}

pub(crate) fn hessian(y: &Vector) -> DMatrix<f64> {
    DMatrix::from_fn(3, 3, |i, j| {
        let diagonal = if i == j {
            3.0 * QUARTIC * y[i].powi(2)
        } else {
            0.0
        };
        A[i][j] + diagonal
    })
}

pub(crate) fn value(objective: usize, x: &Vector, y: &Vector) -> f64 {
    if objective == 1 {
        let apart = (y - Vector::from_row_slice(&D)).norm_squared();
        return 0.5 * apart + x[1] * x[0].sin() + 0.1 * x.norm_squared() + x[0] * y[1];
    }
    let a = DMatrix::from_fn(3, 3, |i, j| A[i][j]);
    let linear = b() * x + Vector::from_row_slice(&C);
    let quartic: f64 = y.iter().map(|y| y.powi(4)).sum();
    0.5 * (y.transpose() * a * y)[0] - y.dot(&linear) + 0.25 * QUARTIC * quartic
}

/// The answer y*(x) without a box, by Newton's method.
pub(crate) fn answer(x: &Vector) -> Vector {
    let mut y = Vector::zeros(3);
    for _ in 0..60 {
        let step = hessian(&y)
            .lu()
            .solve(&by_y(2, x, &y))
            .expect("it is definite");
        y -= step;
    }
    y
}

pub(crate) fn close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let size = expected
        .iter()
        .fold(1.0_f64, |size, value| size.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs();
        assert!(
            error <= tolerance * size,
            "{what}: {found} is not {expected}"
        );
    }
}

/// A step as it is observed.
pub(crate) struct Observed {
    pub(crate) number: usize,
    pub(crate) before: Point,
    pub(crate) after: Point,
    pub(crate) terms: StepDiagnostics,
    pub(crate) is_boxed: bool,
    pub(crate) settings: Settings,
}

impl Observed {
    pub(crate) fn x(&self) -> Vector {
        Vector::from_row_slice(&self.before[1])
    }

    pub(crate) fn y(&self) -> Vector {
        Vector::from_row_slice(&self.before[2])
    }

    pub(crate) fn term(&self, name: &str) -> &StepTerm {
        let found = self.terms.term(name);
        found.unwrap_or_else(|| panic!("there is no {name} in step {}", self.number))
    }

    pub(crate) fn vector(&self, name: &str) -> Vector {
        Vector::from_row_slice(&self.term(name).value)
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.terms
            .find(name)
            .unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) fn rows(&self, name: &str) -> Vec<Vector> {
        let rows = self.term(name).rows(self.before.shape());
        rows.map(Vector::from_row_slice).collect()
    }

    pub(crate) fn setting(&self, name: &str) -> f64 {
        self.settings.number(name)
    }

    pub(crate) fn steps(&self, name: &str) -> usize {
        self.setting(name) as usize
    }

    pub(crate) fn project(&self, level: usize, block: Vector) -> Vector {
        let limits = [[-0.5, 0.45], [-0.15, 0.3]][level - 1];
        if self.is_boxed {
            block.map(|value| value.clamp(limits[0], limits[1]))
        } else {
            block
        }
    }

    pub(crate) fn expect(&self, name: &str, expected: &Vector) {
        let what = format!("{name} in step {}", self.number);
        close(
            &self.term(name).value,
            expected.as_slice(),
            TOLERANCE,
            &what,
        );
    }

    pub(crate) fn expect_number(&self, name: &str, expected: f64) {
        self.expect(name, &Vector::from_element(1, expected));
    }

    pub(crate) fn expect_rows(&self, name: &str, expected: &[Vector]) {
        let all: Vec<f64> = expected
            .iter()
            .flat_map(|row| row.iter().copied())
            .collect();
        self.expect(name, &Vector::from_vec(all));
    }

    /// The direction with the velocity of a momentum before it, and the velocity term; `velocity` is what the test
    /// itself has summed up.
    pub(crate) fn turn(&self, velocity: &mut Vector, direction: &Vector) {
        let momentum = self.setting("momentum");
        if momentum == 0.0 {
            assert!(self.terms.term("velocity").is_none());
            *velocity = direction.clone();
        } else {
            self.expect("velocity", velocity);
            self.expect_number("momentum", momentum);
            *velocity = &*velocity * momentum + direction;
        }
        self.expect("step direction", velocity);
    }

    /// The end of a loop of gradient steps on g from y, whose path is checked.
    pub(crate) fn descend(&self, x: &Vector, mut y: Vector, velocity: &mut Vector) -> Vector {
        let alpha = self.setting("inner_step_size");
        let momentum = if self.settings.declares("inner_momentum") {
            self.setting("inner_momentum")
        } else {
            0.0
        };
        let mut path = vec![y.clone()];
        for _ in 0..self.steps("inner_steps") {
            *velocity = &*velocity * momentum + by_y(2, x, &y);
            y = self.project(2, y - &*velocity * alpha);
            path.push(y.clone());
        }
        self.expect_rows("inner path", &path);
        self.expect_number("inner step size", alpha);
        y
    }

    /// The coordinates in which a step from y ends in the box, as a matrix that clears the others.
    pub(crate) fn free(&self, x: &Vector, y: &Vector) -> DMatrix<f64> {
        let reached = y - by_y(2, x, y) * self.setting("inner_step_size");
        let inside = self.project(2, reached.clone());
        let is_free = |i: usize| reached[i] == inside[i];
        let cut = self.terms.term("cut off").map(|term| term.value.clone());
        let expected: Vec<f64> = (0..3).map(|i| f64::from(u8::from(!is_free(i)))).collect();
        let none = vec![0.0; 3];
        assert_eq!(cut.as_ref().unwrap_or(&none), &expected);
        DMatrix::from_fn(3, 3, |i, j| f64::from(u8::from(i == j && is_free(i))))
    }

    /// Compares every gradient, value and product with closed forms at the point that its declaration names.
    fn expect_calls(&self) {
        let shape = self.before.shape();
        for term in self.terms.all() {
            let name = term.info.name;
            let (objective, at) = match term.info.kind {
                TermKind::Gradient { objective, at } => (objective, at),
                TermKind::ReducedGradient { objective: 2, at } => (2, at),
                TermKind::ReducedGradient { at, .. } => (1, at),
                _ => continue,
            };
            let noise = self.noise(name);
            let is_noisy =
                self.settings.declares("gradient_noise") && self.setting("gradient_noise") > 0.0;
            if is_noisy && noise.is_none() {
                continue; // in the loop of VRBO, whose noise cancels
            }
            for (row, found) in term.rows(shape).enumerate() {
                let Some((x, y)) = self.point(at, row, term) else {
                    continue; // a point of an earlier step
                };
                let all = gradient(objective, &x, &y);
                let levels = term.levels().expect("a gradient has levels");
                let mut expected = Vec::new();
                for level in levels.within(shape) {
                    expected.extend_from_slice(&all.as_slice()[shape.range(level)]);
                }
                if let Some(noise) = &noise {
                    // without the block of x the noise is that of y, which is drawn after it
                    let rows = noise.rows(shape).nth(row).expect("noise of each row");
                    let rows = &rows[rows.len() - expected.len()..];
                    expected
                        .iter_mut()
                        .zip(rows)
                        .for_each(|(value, noise)| *value += noise);
                }
                close(
                    found,
                    &expected,
                    TOLERANCE,
                    &format!("{name} in step {}", self.number),
                );
            }
        }
    }

    /// The noise that a gradient of this name has.
    fn noise(&self, name: &str) -> Option<&StepTerm> {
        let (previous, plain) = match name.strip_prefix("previous ") {
            Some(plain) => (true, plain),
            None => (false, name),
        };
        let name = match (plain, previous) {
            ("inner gradients", false) => "inner noise",
            ("gradient of f", true) => "previous noise of the gradient of f",
            ("gradient of f", false) => "noise of the gradient of f",
            ("gradient of g", true) => "noise of the previous gradient of g",
            ("gradient of g", false) => "noise of the gradient of g",
            _ => return None,
        };
        self.terms.term(name)
    }

    /// The point that a declaration names, for a row of a term.
    fn point(&self, at: TermPoint, row: usize, term: &StepTerm) -> Option<(Vector, Vector)> {
        let shape = self.before.shape();
        let mut point = self.before.clone();
        match at {
            TermPoint::Before => {}
            TermPoint::Earlier => return None,
            TermPoint::Term(name) => {
                if let Some(named) = self.terms.term(name) {
                    let is_rows = matches!(term.info.form, method::TermForm::Rows(_));
                    let count = named.rows(shape).count();
                    let row = if is_rows { row } else { count - 1 };
                    let values = named.rows(shape).nth(row).expect("as many rows");
                    let mut values = values.iter();
                    for level in named.levels().expect("a point").within(shape) {
                        point[level].iter_mut().for_each(|value| {
                            *value = *values.next().expect("as many values");
                        });
                    }
                }
            }
        }
        let [x, y] = [1, 2].map(|level| Vector::from_row_slice(&point[level]));
        Some((x, y))
    }
}

/// Observes steps of a method from the start, with the numbers and words given, on the problem with and without a box.
pub(crate) fn observe(
    method: &str,
    given: &[(&str, &str)],
    boxes: &[bool],
    mut look: impl FnMut(&Observed),
) {
    for &is_boxed in boxes {
        let problem: Arc<dyn Problem> = Arc::new(Differentiated::new(Known { is_boxed }));
        let entry = method::find(method).expect("the method is in the list");
        let mut settings = Settings::new(entry.parameters);
        for (name, value) in given {
            let value = value.parse().map_or_else(
                |_| ParameterValue::Choice((*value).to_owned()),
                ParameterValue::Number,
            );
            settings.set(name, value).expect("a valid value");
        }
        let start = Start {
            point: &problem.metadata().start,
            seed: SEED,
            number: 2,
        };
        let mut state: Box<dyn MethodState> = (entry.build)(&settings).start(&start);
        let (mut counts, token) = (Counts::default(), WorkToken::default());
        for number in 0..12 {
            let before = state.point().clone();
            let mut terms = StepDiagnostics::enabled();
            let mut oracle = Oracle::new(&*problem, &mut counts, &token);
            state.step(&mut oracle, &mut terms).expect("the step works");
            let observed = Observed {
                number,
                before,
                after: state.point().clone(),
                terms,
                is_boxed,
                settings: settings.clone(),
            };
            observed.expect_calls();
            look(&observed);
        }
    }
}

pub(crate) const BOTH: &[bool] = &[false, true];

/// The observer that begins anew at each first step.
pub(crate) fn fresh(step: &Observed, velocity: &mut Vector, size: usize) {
    if step.number == 0 {
        *velocity = Vector::zeros(size);
    }
}
