//! Steps replayed from their terms by the operations that each method declares.

use std::collections::HashSet;

use bilevel::method::{METHODS, Operation, StepDiagnostics, TermForm};
use bilevel::numerics::{Levels, Shape};
use bilevel::problem::Counts;
use rstest::rstest;

use crate::step_cases::cases;

/// The number of steps of each case.
const STEPS: usize = 20;

macro_rules! methods {
    ($($name:ident: $id:literal,)*) => {
        $(mod $name {
            use rstest::rstest;

            #[rstest]
            fn the_declared_operations_make_the_new_point_bit_for_bit() {
                super::expect_replays($id);
            }

            #[rstest]
            fn diagnostics_change_neither_points_nor_calls() {
                super::expect_no_effect($id);
            }

            #[rstest]
            fn every_term_has_a_name_of_its_own_and_the_size_of_its_form() {
                super::expect_forms($id);
            }
        })*

        const TESTED: &[&str] = &[$($id),*];
    };
}

methods! {
    bome: "bome",
    itd: "itd",
    aid_cg: "aid-cg",
    aid_fp: "aid-fp",
    implicit: "implicit",
    finite_difference: "finite-difference",
    chain_rule: "chain-rule",
    evolution: "evolution",
    bsg1: "bsg1",
    bvfsm: "bvfsm",
    penalty: "penalty",
    v_pbgd: "v-pbgd",
    stocbio: "stocbio",
    mrbo: "mrbo",
    vrbo: "vrbo",
    ogda: "ogda",
    gda: "gda",
    alternating: "alternating",
}

#[rstest]
fn every_method_declares_its_operations_and_is_tested() {
    let ids: Vec<&str> = METHODS.iter().map(|method| method.id).collect();
    assert_eq!(ids, TESTED);
    for method in METHODS {
        assert!(!method.assembly.is_empty(), "{}", method.id);
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn width(levels: Levels, shape: Shape) -> usize {
    levels.within(shape).map(|level| shape.size(level)).sum()
}

fn expect_replays(method: &'static str) {
    let (mut moved, mut projected, mut compared) = (0, 0, 0);
    for case in cases(method) {
        let bounds = &case.problem.metadata().bounds;
        let mut state = case.start();
        let mut counts = Counts::default();
        for step in 0..STEPS {
            let before = state.point().clone();
            let mut terms = StepDiagnostics::enabled();
            case.step(&mut *state, &mut counts, &mut terms);
            let replay = case.method.replay(&before, &terms, bounds);
            let replay = replay.unwrap_or_else(|| panic!("{}: a term does not fit", case.name));
            let found = bits(replay.point.values());
            let after = bits(state.point().values());
            assert_eq!(found, after, "{} in step {step}", case.name);
            moved += usize::from(after != bits(before.values()));
            // each intermediate result that the method reports, too, is the replayed one
            for term in terms.all() {
                if let Some(stage) = replay.value(term.info.name) {
                    let name = term.info.name;
                    let same = bits(&stage.after) == bits(&term.value);
                    assert!(same, "{name} of {} in step {step}", case.name);
                    compared += 1;
                }
            }
            for stage in &replay.stages {
                if let Some(name) = stage.operation.value() {
                    let is_reported = terms.term(name).is_some();
                    assert!(is_reported, "{name} of {} has no symbol", case.name);
                }
            }
            let stages = replay.stages.iter();
            let projections = stages.filter(|stage| {
                matches!(stage.operation, Operation::Project { .. }) && stage.before != stage.after
            });
            projected += projections.count();
        }
    }
    assert!(moved > STEPS, "{method} does not move");
    assert!(projected > 0, "no box of {method} becomes active");
    assert!(
        compared > STEPS || ["gda", "evolution"].contains(&method),
        "{method} reports no result of its operations"
    );
}

fn expect_no_effect(method: &'static str) {
    for case in cases(method) {
        let [mut observed, mut alone] = [case.start(), case.start()];
        let [mut observed_counts, mut counts] = [Counts::default(); 2];
        for _ in 0..STEPS {
            let mut terms = StepDiagnostics::enabled();
            case.step(&mut *observed, &mut observed_counts, &mut terms);
            case.step(&mut *alone, &mut counts, &mut StepDiagnostics::ignored());
            let [a, b] = [&observed, &alone].map(|state| bits(state.point().values()));
            assert_eq!(a, b, "{}", case.name);
            let [a, b] = [&observed, &alone].map(|state| bits(state.direction()));
            assert_eq!(a, b, "{}", case.name);
            assert_eq!(observed_counts, counts, "{}", case.name);
        }
    }
}

fn expect_forms(method: &'static str) {
    for case in cases(method) {
        let shape = case.problem.metadata().shape();
        let mut state = case.start();
        let mut counts = Counts::default();
        for _ in 0..3 {
            let mut terms = StepDiagnostics::enabled();
            case.step(&mut *state, &mut counts, &mut terms);
            assert!(!terms.all().is_empty(), "{}", case.name);
            let mut names = HashSet::new();
            for term in terms.all() {
                let name = term.info.name;
                assert!(names.insert(name), "{name} twice in {}", case.name);
                let size = term.value.len();
                let fits = match term.info.form {
                    TermForm::Number => size == 1,
                    TermForm::List => true,
                    TermForm::Blocks(levels) => size == width(levels, shape),
                    TermForm::Rows(levels) => size.is_multiple_of(width(levels, shape)),
                };
                assert!(fits, "{name} of {} has {size} numbers", case.name);
                let components = term.components(shape).count();
                assert_eq!(components, size, "{name} of {}", case.name);
            }
        }
    }
}
