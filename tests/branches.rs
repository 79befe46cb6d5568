//! The follower's stationary points over x, and all minima of the reduced objective, against brute force and closed forms.

#[path = "support/toys.rs"]
mod toys;

use std::sync::Arc;

use bilevel_lab::problem::{Coordinate, PROBLEMS, Problem, Settings, WorkToken};
use bilevel_lab::truth::{Valleys, valleys};

use toys::Toy;

const UPPER: Coordinate = Coordinate { level: 1, index: 0 };
/// How far a minimum may be from what is claimed.
const TOLERANCE: f64 = 1e-4;

/// All benchmarks and toys whose leader has one variable.
fn problems() -> Vec<(String, Arc<dyn Problem>)> {
    let shipped = PROBLEMS.iter().map(|entry| {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        (entry.id.to_owned(), problem)
    });
    let toys = Toy::ALL.iter().map(|toy| (format!("{toy:?}"), toy.build()));
    shipped
        .chain(toys)
        .filter(|(_, problem)| problem.facts().shape().size(1) == 1)
        .collect()
}

/// The leader's range: the box, or where there is none, the picture's.
fn range(problem: &dyn Problem) -> [f64; 2] {
    let facts = problem.facts();
    let limits = facts.bounds.limits(1)[0];
    let shown = facts.range(UPPER);
    [0, 1].map(|end| {
        if limits[end].is_finite() {
            limits[end]
        } else {
            shown[end]
        }
    })
}

fn surveyed(problem: &dyn Problem) -> Valleys {
    let facts = problem.facts();
    let token = WorkToken::default();
    valleys(problem, &facts.start, range(problem), 512, &token).expect("φ is a curve")
}

#[test]
fn every_minimum_of_a_leader_of_one_variable_is_found_and_no_other() {
    let mut faults = Vec::new();
    for (name, problem) in problems() {
        let found = surveyed(&*problem);
        let claimed: Vec<[f64; 2]> = problem
            .facts()
            .minima
            .iter()
            .filter_map(|minimum| Some([minimum.coordinate(UPPER)?, minimum.value]))
            .collect();
        let is_near = |[x, value]: [f64; 2], found: [f64; 2]| {
            (x - found[0]).abs() <= TOLERANCE && (value - found[1]).abs() <= TOLERANCE
        };
        let places: Vec<[f64; 2]> = found.minima.iter().map(|m| [m.x, m.value]).collect();
        for &minimum in &claimed {
            if !places.iter().any(|&place| is_near(minimum, place)) {
                faults.push(format!(
                    "{name}: {minimum:?} is claimed but not found among {:?}",
                    found.minima
                ));
            }
        }
        for &place in &places {
            if !claimed.iter().any(|&minimum| is_near(minimum, place)) {
                faults.push(format!(
                    "{name}: {place:?} is found but not claimed among {claimed:?}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
