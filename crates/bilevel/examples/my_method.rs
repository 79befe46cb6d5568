//! A user-defined method whose leader ignores the response y*(x): `cargo run -p bilevel --example my_method`

use bilevel::prelude::*;

static NAIVE: method::MethodInfo = method::MethodInfo::new("naive", |_| Box::new(Naive));

#[derive(Debug)]
struct Naive;

impl Method for Naive {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        Box::new(Step(start.point.clone(), Point::zeros(start.point.shape())))
    }
}

#[derive(Clone, Debug)]
struct Step(Point, Point);

#[rustfmt::skip]
impl MethodState for Step {
    fn point(&self) -> &Point { &self.0 }
    fn direction(&self) -> &[f64] { &self.1[1] }
    fn clone_box(&self) -> Box<dyn MethodState> { Box::new(self.clone()) }
    fn step(&mut self, oracle: &mut Oracle<'_>, _: &mut StepDiagnostics) -> Result<(), StepError> {
        for level in [2, 1] {
            oracle.grad(level, &self.0, Levels::only(level), &mut self.1);
            self.0[level].iter_mut().zip(&self.1[level]).for_each(|(v, g)| *v -= 0.1 * g);
        }
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "an example talks")]
pub(crate) fn main() {
    let problem = problem::find("valleys").expect("it ships").instance();
    let (run, _) = Run::to_end(RunSpec::new(&problem, &NAIVE));
    let x = run.point()[1][0];
    println!("it rests at x = {x:.4}, where φ has no minimum");
    assert!((x - 1.0).abs() < 1e-6);
}
