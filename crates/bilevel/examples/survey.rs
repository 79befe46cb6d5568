//! Outcomes of BOME from many starts, with 95 % intervals: `cargo run --release -p bilevel --example survey`

use bilevel::prelude::*;
use bilevel::study::REST;

#[expect(clippy::print_stdout, reason = "an example talks")]
pub(crate) fn main() -> Result<(), ParameterError> {
    let problem = problem::find("valleys").expect("it ships").instance();
    let metadata = problem.metadata();
    let bome = method::find("bome").expect("it ships");
    let spec = RunSpec::new(&problem, bome)
        .with("outer_step_size", 0.05)?
        .iterations(500);
    let axes = StartGrid::pictured(metadata, &metadata.plane(None));
    let survey = Survey {
        variants: vec![spec],
        seeds: vec![0],
        grid: StartGrid::new(metadata, &axes, 12, metadata.start.clone()),
        rest: REST,
    };
    let token = WorkToken::default();
    let goals = survey.goals(&token).expect("nothing is cancelled");
    let cells: Option<Vec<_>> = (0..survey.len())
        .map(|number| survey.cell(survey.place(number), &goals, &token))
        .collect();
    let tally = OutcomeCounts::of_cells(&cells.expect("nothing is cancelled"));
    for verdict in Verdict::ALL.into_iter().filter(|one| tally.count(*one) > 0) {
        let share = tally.share(verdict);
        let [percent, low, high] = [share.share, share.low, share.high].map(|part| 100.0 * part);
        println!(
            "{}: {percent:.0} % ({low:.0} to {high:.0} %)",
            verdict.word()
        );
    }
    Ok(())
}
