//! Steps taken apart: the parts of every move sum to it, and the follower's path ends at its solution.

use bilevel::method::{self, METHODS};
use bilevel::numerics::{Levels, Point, WorkToken};
use bilevel::run::{Run, RunSpec, StepReplay};
use bilevel::study::{StepAnatomy, step_anatomy, step_anatomy_of};
use rstest::rstest;

use crate::step_cases::{StepCase, cases};

fn spec_of(case: &StepCase) -> RunSpec {
    RunSpec {
        settings: case.settings.clone(),
        iterations: 12,
        seed: 3,
        start_number: 1,
        ..RunSpec::new(&case.problem, case.method)
    }
}

/// The step after some iterations, checked against the run's own iterates.
fn anatomy_of(spec: &RunSpec, iteration: u64) -> StepAnatomy {
    let run_to = |iterations: u64| Run::to_end(spec.clone().iterations(iterations)).0;
    let anatomy = step_anatomy(spec, iteration, &WorkToken::default()).expect("a step");
    assert_eq!(anatomy.failure, None);
    assert_eq!(anatomy.before, *run_to(iteration).point());
    assert_eq!(anatomy.after, *run_to(iteration + 1).point());
    anatomy
}

#[rstest]
fn the_parts_of_each_move_sum_to_it() {
    let (mut moved, mut taken_back) = (Vec::new(), 0);
    for info in METHODS {
        for case in cases(info.id) {
            let spec = spec_of(&case);
            for iteration in [0, 1, 7] {
                let anatomy = anatomy_of(&spec, iteration);
                let replay = anatomy.replay.as_ref().expect("operations");
                assert_eq!(replay.point, anatomy.after, "{}", case.name);
                for one in &anatomy.moves {
                    moved.push(info.id);
                    assert!(!one.parts.is_empty(), "{} {iteration}", case.name);
                    for (index, (to, from)) in one.moved.iter().zip(&one.before).enumerate() {
                        let parts = one.parts.iter().map(|part| part.vector[index]);
                        let sum: f64 = parts.clone().sum();
                        let sizes: f64 = parts.map(f64::abs).sum();
                        let error = (to - from - sum).abs();
                        let scale = sizes + to.abs() + from.abs();
                        assert!(
                            error <= 1e-13 * scale,
                            "{} {iteration}, level {}: {error} of {scale}: {:?}",
                            case.name,
                            one.level,
                            one.parts
                        );
                    }
                }
                // only the trials of an evolution are taken back
                if let Some(last) = anatomy.moves.iter().rev().find(|one| one.level == 1) {
                    assert_eq!(last.is_kept, last.after == anatomy.after[1]);
                    assert!(last.is_kept || info.id == "evolution", "{}", case.name);
                    taken_back += usize::from(!last.is_kept);
                }
            }
        }
    }
    let is_moved = |info: &method::MethodInfo| moved.contains(&info.id);
    assert!(METHODS.iter().all(is_moved), "{moved:?}");
    assert!(taken_back > 0);
}

#[rstest]
fn the_barrier_is_kept_where_the_multiplier_is_on() {
    let mut active = 0;
    for case in cases("bome") {
        let spec = spec_of(&case);
        let is_gap = case.name.contains("gap");
        for iteration in 0..12 {
            let anatomy = anatomy_of(&spec, iteration);
            let term = |name: &str| anatomy.term(name).expect("a term").value.clone();
            let (of_f, of_gap) = (term("gradient of f"), term("gradient of the gap"));
            let multiplier = term("multiplier")[0];
            let square: f64 = of_gap.iter().map(|it| it * it).sum();
            let eta = case.settings.number("eta");
            let level = if is_gap {
                eta * term("estimated gap")[0]
            } else {
                eta * square
            };
            let product: f64 = of_f
                .iter()
                .zip(&of_gap)
                .map(|(f, gap)| (f + multiplier * gap) * gap)
                .sum();
            // ε = 1e-8 in the denominator moves the point off the edge by λ ε
            let tolerance = 1e-10 * (1.0 + square + product.abs()) + 1e-8 * multiplier;
            if multiplier > 0.0 {
                active += 1;
                assert!(
                    (product - level).abs() <= 10.0 * tolerance,
                    "{} {iteration}: {product} {level}",
                    case.name
                );
            } else {
                assert!(product - level >= -tolerance, "{} {iteration}", case.name);
            }
        }
    }
    assert!(active > 20, "{active}");
}

#[rstest]
fn the_path_of_the_follower_ends_at_its_solution() {
    let problem = bilevel::problem::find("pbgd")
        .expect("it is there")
        .instance();
    let bome = method::find("bome").expect("it is there");
    let spec = RunSpec::new(&problem, bome).iterations(20);
    for iteration in [0, 3, 10] {
        let anatomy = anatomy_of(&spec, iteration);
        let first = anatomy.followed.first().expect("a path");
        assert_eq!(first[..], anatomy.before[2]);
        let mut end = anatomy.before.clone();
        end[2].copy_from_slice(anatomy.followed.last().expect("a path"));
        let mut slope = Point::zeros(end.shape());
        let token = WorkToken::default();
        problem.grad(2, &end, Levels::only(2), &mut slope, &token);
        assert!(slope[2][0].abs() < 1e-7, "{}", slope[2][0]);
        // the loop of BOME takes the first steps of the same path
        let own = anatomy.term("inner path").expect("a loop");
        for (row, expected) in own.rows(end.shape()).zip(&anatomy.followed).take(8) {
            assert_eq!(row, expected);
        }
        // one eigenvalue, which is the second derivative by central differences
        let at = own.rows(end.shape()).next_back().expect("an end")[0];
        let value = |y: f64| {
            let mut point = anatomy.before.clone();
            point[2][0] = y;
            problem.value(2, &point, &token)
        };
        let step = 1e-4;
        let second = (value(at + step) - 2.0 * value(at) + value(at - step)) / (step * step);
        let [eigenvalue] = anatomy.spectrum[..] else {
            panic!("{:?}", anatomy.spectrum);
        };
        assert!((eigenvalue - second).abs() < 1e-5 * (1.0 + second.abs()));
    }
}

#[rstest]
fn a_failing_step_says_so_and_keeps_its_terms() {
    let problem = bilevel::problem::find("pbgd")
        .expect("it is there")
        .instance();
    let aid = method::find("aid-cg").expect("it is there");
    let spec = RunSpec::new(&problem, aid)
        .with("inner_steps", 0)
        .expect("a value");
    let mut start = spec.start.clone();
    // negative curvature of the follower
    start[1][0] = 2.4;
    start[2][0] = -1.0;
    let spec = spec.starting_at(start);
    let anatomy = step_anatomy(&spec, 0, &WorkToken::default()).expect("an anatomy");
    if anatomy.spectrum[0] < 0.0 {
        let reason = anatomy.failure.expect("it fails");
        assert!(reason.contains("curvature"), "{reason}");
        assert_eq!(anatomy.after, anatomy.before);
        assert!(anatomy.moves.is_empty() && !anatomy.terms.is_empty());
    } else {
        panic!("the curvature is {:?}", anatomy.spectrum);
    }
}

#[rstest]
fn the_steps_beside_the_last_one_do_not_repeat_the_run() {
    let problem = bilevel::problem::find("coreset")
        .expect("it ships")
        .instance();
    let spec = RunSpec::new(&problem, method::find("bome").expect("it ships")).iterations(2000);
    let (mut replay, token) = (StepReplay::new(spec.clone()), WorkToken::default());
    let mut performed_for = |iteration: u64| {
        let before = replay.performed();
        let anatomy = step_anatomy_of(&mut replay, iteration, &token).expect("a step");
        let alone = step_anatomy(&spec, iteration, &token).expect("a step");
        assert_eq!(anatomy.before, alone.before);
        assert_eq!(anatomy.after, alone.after);
        assert_eq!(anatomy.terms, alone.terms);
        replay.performed() - before
    };
    assert_eq!(performed_for(1000), 1000);
    for iteration in 1001..1010 {
        assert_eq!(performed_for(iteration), 1);
    }
    assert_eq!(performed_for(1009), 0);
    // 64 states at most of 1,009 steps: a state at every 16th
    for iteration in [1008, 900, 899, 640, 3, 0] {
        let performed = performed_for(iteration);
        assert!(performed <= 16, "{performed} steps for iterate {iteration}");
    }
}

#[rstest]
fn the_step_after_the_last_iteration_is_there() {
    let problem = bilevel::problem::find("coreset")
        .expect("it ships")
        .instance();
    let spec = RunSpec::new(&problem, method::find("itd").expect("it ships")).iterations(5);
    let anatomy = step_anatomy(&spec, 5, &WorkToken::default()).expect("a step");
    assert_eq!(anatomy.iteration, 5);
    assert!(anatomy.failure.is_none());
}
