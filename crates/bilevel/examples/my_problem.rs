//! A user-defined problem with derivatives from one generic definition: `cargo run -p bilevel --example my_problem`

use std::sync::Arc;

use bilevel::prelude::*;

/// f = (x − 1)² + (y − 2)², g = (y − sin x)²; the lower-level solution is y*(x) = sin x.
struct Sine;

impl Objectives for Sine {
    fn metadata(&self) -> Metadata {
        Metadata::new(Point::from_blocks(&[vec![0.0], vec![0.0]]))
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 1.0).square() + (y - 2.0).square()
        } else {
            (y - x.sin()).square()
        }
    }
}

#[expect(clippy::print_stdout, reason = "an example talks")]
pub(crate) fn main() {
    let problem: Arc<dyn Problem> = Arc::new(Differentiated::new(Sine));
    let exact = method::find("implicit").expect("it ships");
    let (run, _) = Run::to_end(RunSpec::new(&problem, exact));
    let [x, y] = run.point().values()[..] else {
        unreachable!("one variable each");
    };
    println!("x = {x:.6}, y = {y:.6}, sin x = {:.6}", x.sin());
    // dφ/dx = 2 (x − 1) + 2 (sin x − 2) cos x vanishes at a stationary point
    assert!((2.0 * (x - 1.0) + 2.0 * (x.sin() - 2.0) * x.cos()).abs() < 1e-6);
}
