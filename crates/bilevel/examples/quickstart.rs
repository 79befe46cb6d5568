//! BOME and ITD on a toy problem, checked by the referee: `cargo run -p bilevel --example quickstart`

use bilevel::prelude::*;

#[expect(clippy::print_stdout, reason = "an example talks")]
pub(crate) fn main() -> Result<(), ParameterError> {
    let problem = problem::find("coreset").expect("it ships").instance();
    let token = WorkToken::default();
    let referee = Referee::new(&*problem, &token);
    for id in ["bome", "itd"] {
        let method = method::find(id).expect("it ships");
        let spec = RunSpec::new(&problem, method)
            .with("inner_steps", 10)?
            .iterations(2000);
        let (run, trace) = Run::to_end(spec);
        let gap = referee
            .gap(run.point())
            .expect("the follower has an answer");
        let slope = referee.reduced_gradient(run.point()).unwrap_or_default();
        println!("{}: {} rows, value gap {gap:.1e}", method.name, trace.len());
        println!("  x, y = {:.4?}", run.point().values());
        println!("  true hypergradient {slope:.2?}");
    }
    Ok(())
}
