//! Several errors of one experiment file: each is told once, at its line and column, and none that follows from another.

use bilevel_files::Experiment;
use rstest::rstest;

/// Formulas with a slider, a matrix and two levels, and a method, right as they are.
const HEAD: &str = "title = 'x'\n\
starts = [[[1, 1], [0]]]\n\
[problem]\n\
id = 'formula'\n\
[problem.constants]\n\
a = { value = 1, min = 0, max = 2 }\n\
A = [[1, 2], [3, 4]]\n\
[problem.definitions]\n\
s = 'x[1] + y'\n\
[[problem.level]]\n\
variables = ['x[2]']\n\
objective = 'x[1]^2 + a*s + A[1, 2]'\n\
bounds = [[-2, 2]]\n\
[[problem.level]]\n\
variables = ['y']\n\
objective = '(y - x[2])^2'\n\
[[method]]\n\
id = 'bome'\n\
label = 'one'\n\
[view]\n\
plane = ['x1[1]', 'x2[1]']\n";

/// The errors of a text, a line each, without the file's name.
fn errors(text: &str) -> Vec<String> {
    let error = Experiment::read("x.toml", text).expect_err("this was accepted");
    let lines = error.lines().into_iter();
    lines
        .map(|line| line.strip_prefix("x.toml:").unwrap_or(&line).to_owned())
        .collect()
}

/// The errors after some replacements in the right file.
fn errors_after(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = HEAD.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    errors(&text)
}

fn assert_told(found: &[String], expected: &[&str]) {
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[rstest]
fn the_file_of_these_tests_is_right() {
    Experiment::read("x.toml", HEAD).unwrap_or_else(|error| panic!("{error}"));
}

#[rstest]
fn errors_of_formulas_hide_no_others() {
    let found = errors_after(&[
        ("[[[1, 1], [0]]]", "[[[1, 1, 1], [0]], [[3, 0], [0]]]"),
        ("a*s", "b*s + sni(zz)"),
        ("label = 'one'", "label = ''\netta = 1\ninner_steps = -1"),
        ("'x2[1]']", "'x3[1]']\nkind = 'map'\nhidden = ['two']"),
    ]);
    let expected = [
        "2:12: level 1 of this problem has 2 variables, and 3 are given",
        "12:23: there is no variable, constant or definition `b`",
        "12:29: there is no function `sni` (did you mean `sin`?)",
        "12:33: there is no variable, constant or definition `zz`",
        "19:9: `label` must be a text of 1 to 60 characters",
        "20:1: unknown key `etta` in [[method]] (did you mean `eta`?)",
        "21:15: `inner_steps` must be a whole number",
        "23:9: `plane` must name two different variables",
    ];
    let (kind, others): (Vec<String>, Vec<String>) = found
        .into_iter()
        .partition(|line| line.contains("`kind`") || line.contains("`hidden`"));
    assert_told(&others, &expected);
    assert!(
        kind.iter()
            .any(|line| line.starts_with("25:11: `hidden` names \"two\"")),
        "{kind:?}"
    );
}

#[rstest]
#[case::slider("max = 2 }", "max = x }", &["6:33: text stands in quotes: \"x\""])]
#[case::value_of_a_slider("value = 1", "value = '1'", &["6:15: `value` must be a finite number, not '1'"])]
#[case::end_of_a_slider("min = 0, ", "mn = 0, ", &["6:18: unknown key `mn` in { value, min, max } (did you mean `min`?)"])]
#[case::ragged_matrix("[3, 4]", "[3, 4, 5]", &["7:14: row 2 of `A` has 3 numbers, and the first row has 2"])]
#[case::entries_of_a_matrix("[3, 4]", "['u', 'v']", &["7:15: `A` must be a finite number", "7:20: `A` must be a finite number"])]
#[case::variables_that_are_no_list("['x[2]']", "'x'", &["11:13: `variables` must be a list of names"])]
#[case::a_variable_without_a_size("['x[2]']", "['x[']", &["11:14: expected a variable"])]
#[case::a_level_without_variables("variables = ['y']\n", "", &["14:1: [[problem.level]] has no `variables`"])]
#[case::a_misspelt_key("variables = ['y']", "variable = ['y']", &["15:1: unknown key `variable` in [[problem.level]] (did you mean `variables`?)"])]
#[case::a_definition_that_is_no_text("'x[1] + y'", "3", &["9:5: `s` must be a text in quotes, not 3"])]
#[case::an_objective_that_is_no_text("'(y - x[2])^2'", "3", &["16:13: `objective` must be a text in quotes"])]
#[case::bounds("[[-2, 2]]", "[['-b', true]]", &["13:14: there is no fixed constant `b`", "13:18: `bounds` must be"])]
#[case::a_table_that_is_misspelt("[[method]]", "[[methods]]", &["17:3: unknown key `methods`"])]
#[case::a_start_without_rows("[[[1, 1], [0]]]", "[[1, 1, 0]]", &["2:11: a start is a list with a row of numbers for each level, such as [[0.5], [1]], not [1, 1, 0]"])]
#[case::a_row_that_is_a_number("[[[1, 1], [0]]]", "[[[1, 1], 0]]", &["2:11: a start is a list with a row of numbers for each level, such as [[0.5], [1]], not [[1, 1], 0]"])]
#[case::starts_of_numbers("[[[1, 1], [0]]]", "[1, 1, 0]", &["2:10: `starts` is a list of starts"])]
#[case::a_start_that_is_a_number("starts = [[[1, 1], [0]]]", "start = 0.5", &["2:9: a start is a list with a row of numbers for each level"])]
#[case::flat_bounds("[[-2, 2]]", "[-2, 2]", &["13:10: `bounds` must be a list of pairs, such as [[-10, 10]] or [[0, inf]], not [-2, 2]"])]
#[case::bounds_that_are_a_text("[[-2, 2]]", "'x > 0'", &["13:10: `bounds` must be a list of pairs, such as [[-10, 10]] or [[0, inf]], not 'x > 0'"])]
#[case::a_start_of_a_level_in_a_row("bounds = [[-2, 2]]", "start = [[1, 2]]", &["13:9: `start` must be a list with a number for each variable"])]
#[case::flat_ranges("plane = ", "race_ranges = [0, 1]\nplane = ", &["21:15: `race_ranges` must be a list with two pairs of numbers or \"auto\" for each figure, such as [[[-1, 1], [0, 2]], \"auto\"], not [0, 1]"])]
#[case::flat_ranges_of_a_figure("plane = ", "race_ranges = [[0, 1]]\nplane = ", &["21:15: `race_ranges` must be a list with two pairs of numbers"])]
#[case::a_name_of_a_constant("a = {", "'2 a' = 3\na = {", &["6:1: a name is made of letters"])]
#[case::a_name_of_a_matrix("A = [[1", "sin = [1]\nA = [[1", &["7:1: `sin` is reserved"])]
#[case::case_of_a_method("'bome'", "'BOME'", &["18:6: unknown method \"BOME\" (did you mean `bome`?)"])]
#[case::signs_of_a_method("'bome'", "'AID CG'", &["18:6: unknown method \"AID CG\" (did you mean `aid-cg`?)"])]
#[case::beginning_of_a_key("label = ", "outer_step = 1\nlabel = ", &["19:1: unknown key `outer_step` in [[method]] (did you mean `outer_step_size`?)"])]
fn an_error_is_followed_by_no_other_one(
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &[&str],
) {
    let expected: Vec<&str> = expected.to_vec();
    assert_told(&errors_after(&[(from, to)]), &expected);
}

#[rstest]
#[case::bracket("[[-2, 2]]", "[[-2, 2]", &["13:10: this `[` is never closed"])]
#[case::brace("max = 2 }", "max = 2", &["6:5: this `{` is never closed"])]
#[case::heading("[[method]]", "[[method]", &["17:1: `[[method]` is never closed"])]
#[case::quote("label = 'one'", "label = 'one", &["19:9: this `'` is never closed"])]
#[case::closing("[[-2, 2]]", "[[-2, 2]]]", &["13:19: this `]` closes nothing"])]
#[case::another_closing("[[-2, 2]]", "[[-2, 2}]", &["13:17: this `}` stands in place of a `]`"])]
#[case::number("title = 'x'", "iterations = .5", &["1:14: `.5` is no number"])]
#[case::truth("title = 'x'", "iterations = True", &["1:14: `True` is written `true`"])]
#[case::commas("[[-2, 2]]", "[[-2 2]]", &["13:12: text stands in quotes, and commas part values: `-2 2` is no value"])]
#[case::decimal_comma("title = 'x'", "diverge_at = 1,5", &["1:15: a number has a decimal point"])]
#[case::nothing("title = 'x'", "title = ", &["1:9: there is no value behind the `=`"])]
#[case::escape("title = 'x'", "title = \"$\\alpha$ and $\\gamma$\"", &["1:11: in double quotes a backslash begins an escape, here `\\a`; single quotes keep it, such as '$\\theta$'"])]
#[case::silent_escape("label = 'one'", "label = \"$\\theta$\"", &["19:11: in double quotes a backslash begins an escape, here `\\t`"])]
fn errors_of_the_grammar_are_one_each_and_hide_no_others(
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &[&str],
) {
    assert_told(&errors_after(&[(from, to)]), expected);
    // an error further down is told, too
    let found = errors_after(&[(from, to), ("'x2[1]']", "'x2[1]']\nkinds = 1")]);
    assert_eq!(found.len(), expected.len() + 1, "{found:#?}");
    assert!(found[expected.len()].contains("unknown key `kinds`"));
}

#[rstest]
fn what_is_quoted_is_as_typed() {
    let found = errors_after(&[(
        "label = 'one'",
        "label = '$\\theta$'\n[[method]]\nid = 'itd'\nlabel = '$\\theta$'",
    )]);
    assert_told(
        &found,
        &["22:9: two methods have the label \"$\\theta$\": labels must differ"],
    );
}

#[rstest]
fn a_key_that_is_unknown_is_told_at_its_place_in_every_table() {
    for (table, line) in [
        ("title = 'x'", 2),
        (
            "[problem.constants]\na = { value = 1, min = 0, max = 2, ",
            6,
        ),
        ("variables = ['y']", 16),
        ("label = 'one'", 20),
        ("label = 'one'\n[stop]", 21),
        ("plane = ['x1[1]', 'x2[1]']", 22),
        ("plane = ['x1[1]', 'x2[1]']\n[view.page]", 23),
        (
            "plane = ['x1[1]', 'x2[1]']\n[[note]]\nview = 'race'\nat = [1, 1]\ntext = 'a'",
            26,
        ),
    ] {
        let is_inline = table.ends_with(", ");
        let from = table.split('\n').next().expect("a line");
        let (from, to) = if is_inline {
            ("max = 2 }", "max = 2, zzz = 1 }".to_owned())
        } else {
            (from, format!("{table}\nzzz = 1"))
        };
        let found = errors_after(&[(from, &to)]);
        let column = if is_inline { 36 } else { 1 };
        assert_told(&found, &[&format!("{line}:{column}: unknown key `zzz`")]);
    }
    let benchmark = "[problem]\nid = 'sine'\nzzz = 1\n[[method]]\nid = 'bome'\n";
    assert_told(&errors(benchmark), &["3:1: unknown key `zzz` in [problem]"]);
}

#[rstest]
fn levels_of_the_file_are_one_error() {
    let text = "[problem]\nid = 'formula'\n[[level]]\nvariables = ['x']\n[[method]]\nid = 'bome'\n";
    let expected = ["3:3: unknown key `level` in the file; levels are tables of the problem"];
    assert_told(&errors(text), &expected);
}

#[rstest]
fn json_is_named() {
    let expected = ["1:1: this is JSON, and an experiment is TOML"];
    assert_told(&errors(" {\"problem\": {\"id\": \"pbgd\"}}"), &expected);
}
