//! The examples run and have at most 40 lines.

use std::fs;
use std::path::Path;

use rstest::rstest;

#[path = "../../examples/my_method.rs"]
mod my_method;
#[path = "../../examples/my_problem.rs"]
mod my_problem;
#[path = "../../examples/quickstart.rs"]
mod quickstart;
#[path = "../../examples/survey.rs"]
mod survey;

#[rstest]
fn a_method_of_ones_own_runs() {
    my_method::main();
}

#[rstest]
fn a_problem_of_ones_own_is_solved() {
    my_problem::main();
}

#[rstest]
fn two_methods_are_run_and_judged() {
    quickstart::main().expect("the example runs");
}

#[rstest]
fn a_survey_is_run_and_counted() {
    survey::main().expect("the example runs");
}

#[rstest]
fn every_example_is_run_and_has_at_most_40_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut names = Vec::new();
    for file in fs::read_dir(folder).expect("the folder of examples") {
        let path = file.expect("an example").path();
        let lines = fs::read_to_string(&path).expect("a text").lines().count();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(lines <= 40, "{name} has {lines} lines");
        names.push(name);
    }
    names.sort();
    assert_eq!(names, ["my_method", "my_problem", "quickstart", "survey"]);
}
