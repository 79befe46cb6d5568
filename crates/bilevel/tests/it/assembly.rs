//! Steps replayed from their terms by the operations that each method declares.

use std::collections::HashSet;

use bilevel::method::{StepDiagnostics, TermForm};
use bilevel::problem::Counts;
use rstest::rstest;

use crate::step_cases::cases;

/// The number of steps of each case.
const STEPS: usize = 20;

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[rstest]
#[case::bome("bome")]
#[case::itd("itd")]
#[case::aid_cg("aid-cg")]
#[case::aid_fp("aid-fp")]
#[case::bsg1("bsg1")]
#[case::v_pbgd("v-pbgd")]
#[case::gda("gda")]
#[case::alternating("alternating")]
fn the_declared_operations_make_the_new_point_bit_for_bit(#[case] method: &'static str) {
    let mut moved = 0;
    let mut projected = 0;
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
                }
            }
            projected += replay
                .stages
                .iter()
                .filter(|stage| {
                    matches!(stage.operation, bilevel::method::Operation::Project { .. })
                        && stage.before != stage.after
                })
                .count();
        }
    }
    assert!(moved > STEPS, "{method} does not move");
    assert!(projected > 0, "no box of {method} becomes active");
}

#[rstest]
#[case::bome("bome")]
#[case::itd("itd")]
#[case::aid_cg("aid-cg")]
#[case::aid_fp("aid-fp")]
#[case::bsg1("bsg1")]
#[case::v_pbgd("v-pbgd")]
#[case::gda("gda")]
#[case::alternating("alternating")]
fn diagnostics_change_neither_points_nor_calls(#[case] method: &'static str) {
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

#[rstest]
#[case::bome("bome")]
#[case::itd("itd")]
#[case::aid_cg("aid-cg")]
#[case::aid_fp("aid-fp")]
#[case::bsg1("bsg1")]
#[case::v_pbgd("v-pbgd")]
#[case::gda("gda")]
#[case::alternating("alternating")]
fn every_term_has_a_name_of_its_own_and_the_size_of_its_form(#[case] method: &'static str) {
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
                    TermForm::Blocks(levels) => {
                        size == levels
                            .within(shape)
                            .map(|level| shape.size(level))
                            .sum::<usize>()
                    }
                    TermForm::Rows(levels) => {
                        let width: usize =
                            levels.within(shape).map(|level| shape.size(level)).sum();
                        size.is_multiple_of(width)
                    }
                };
                assert!(fits, "{name} of {} has {size} numbers", case.name);
                assert_eq!(
                    term.components(shape).count(),
                    size,
                    "{name} of {}",
                    case.name
                );
            }
        }
    }
}
