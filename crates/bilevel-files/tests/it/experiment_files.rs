//! Experiment files: accepted and refused texts, error messages, and agreement of writer and reader.

use bilevel::numerics::Point;
use bilevel::problem::ParameterValue;
use bilevel_files::{Experiment, StartSpec};
use proptest::prelude::*;
use rstest::rstest;

use crate::presets::preset;

const HEAD: &str = "[problem]\nid = \"coreset\"\n[[method]]\nid = \"bome\"\n";

fn complaint(text: &str) -> String {
    match Experiment::read("x.toml", text) {
        Ok(_) => panic!("this was accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

#[rstest]
fn whatever_is_wrong_is_said_in_one_sentence_with_its_place() {
    let cases = [
        ("", "x.toml:1:1: the file has no [problem] table"),
        (
            "[problem]\nid = \"coreset\"",
            "x.toml:1:1: the file has no [[method]] table",
        ),
        (
            "titel = 'x'\n",
            "x.toml:1:1: unknown key `titel` in the file (did you mean `title`?)",
        ),
        (
            "[problem]\nid = \"corset\"",
            "x.toml:2:6: unknown problem \"corset\" (did you mean `coreset`?)",
        ),
        (
            "[problem]\nid = 3",
            "x.toml:2:6: `id` must be a text in quotes, not 3",
        ),
        (
            "[problem]\nid = \"coreset\"\nx4 = \"up\"",
            "x.toml:3:6: `x4` must be \"paper-code\" or \"mirrored\", not \"up\"",
        ),
        (
            "[problem]\nid = \"coreset\"\n[[method]]\nid = \"bomb\"",
            "x.toml:4:6: unknown method \"bomb\" (did you mean `bome`?)",
        ),
        (
            "[problem]\nid = \"coreset\"\n[[method]]\netta = 1",
            "x.toml:3:1: [[method]] has no `id`",
        ),
        (
            &format!("{HEAD}etta = 0.5"),
            "x.toml:5:1: unknown key `etta` in [[method]] (did you mean `eta`?)",
        ),
        (
            &format!("{HEAD}eta = -1"),
            "x.toml:5:7: `eta` must be a number from 0 to",
        ),
        (
            &format!("{HEAD}eta = nan"),
            "`eta` must be a number from 0 to",
        ),
        (
            &format!("{HEAD}outer_step_size = 1e300"),
            "`outer_step_size` must be a number from 0 to",
        ),
        (
            &format!("{HEAD}inner_steps = 2.5"),
            "`inner_steps` must be a whole number from 0 to 1000000",
        ),
        (
            &format!("{HEAD}inner_steps = [1, 2]"),
            "one number, or a list of 1 (one per lower level)",
        ),
        (
            &format!("{HEAD}barrier = \"wall\""),
            "`barrier` must be \"gradient\" or \"gap\", not \"wall\"",
        ),
        (
            &format!("{HEAD}expect = \"fame\""),
            "`expect` must be \"converged\" or",
        ),
        (
            &format!("{HEAD}label = 'a'\n[[method]]\nid = 'itd'\nlabel = 'a'"),
            "two methods have the label \"a\"",
        ),
        (
            &format!("{HEAD}note = \"\"\"two\nlines\"\"\""),
            "`note` must be a text of at most 300 characters on one line",
        ),
        (
            &format!("{HEAD}pinned = 1"),
            "`pinned` must be `true` or `false`, not 1",
        ),
        (
            &format!("{HEAD}colour = 'red'"),
            "`colour` must be a colour as red, green and blue in hexadecimal digits, such as \"#0072B2\", not 'red'",
        ),
        (
            &format!("{HEAD}colour = '#0072B'"),
            "such as \"#0072B2\", not '#0072B'",
        ),
        (
            &format!("{HEAD}label = ''"),
            "`label` must be a text of 1 to 60 characters",
        ),
        (
            &format!("iterations = -5\n{HEAD}"),
            "x.toml:1:14: `iterations` must be a whole number from 0 to 100000000, not -5",
        ),
        (
            &format!("iterations = 10000000000\n{HEAD}"),
            "`iterations` must be a whole number",
        ),
        (
            &format!("iterations = 1.5\n{HEAD}"),
            "`iterations` must be a whole number",
        ),
        (
            &format!("seed = 1\nseeds = [2]\n{HEAD}"),
            "`seed` and `seeds` are alternatives",
        ),
        (&format!("seeds = []\n{HEAD}"), "`seeds` must not be empty"),
        (
            &format!("start = [[0,0,0,0]]\n{HEAD}"),
            "2 rows expected (of [4, 2] numbers), 1 given",
        ),
        (
            &format!("start = [[0,0,0], [0,0]]\n{HEAD}"),
            "x.toml:1:10: level 1 of this problem has 4 variables, and 3 are given",
        ),
        (
            &format!("start = [[0,0,0,0], [0,nan]]\n{HEAD}"),
            "must be a finite number, not nan",
        ),
        (
            &format!("start = [[0,0,0,0], [0,inf]]\n{HEAD}"),
            "must be a finite number, not inf",
        ),
        (
            &format!("start = \"pretrained\"\n{HEAD}"),
            "`start` must be \"default\", not \"pretrained\"",
        ),
        (
            &format!("record_points = \"few\"\n{HEAD}"),
            "`record_points` must be \"all\" or \"some\" or \"ends\" or \"none\"",
        ),
        (
            &format!("record_every = 0\n{HEAD}"),
            "`record_every` must be a whole number from 1",
        ),
        (
            &format!("diverge_at = 0\n{HEAD}"),
            "`diverge_at` must be a number from",
        ),
        (
            &format!("{HEAD}[stop]\ngap = -1"),
            "`gap` must be a number from",
        ),
        (
            &format!("{HEAD}[stop]\ngp = 1"),
            "unknown key `gp` in [stop] (did you mean `gap`?)",
        ),
        (
            &format!("{HEAD}[view]\nrace_x = \"miles\""),
            "`race_x` must be \"iterations\" or",
        ),
        (
            &format!("{HEAD}[view]\nplane = [\"x9[1]\", \"x1[1]\"]"),
            "`plane` must name two different variables",
        ),
        (
            &format!("{HEAD}[view]\nrange = [[1, 0], [0, 1]]"),
            "`range` must be two rising pairs",
        ),
        (
            &format!("{HEAD}[view]\nhidden = [\"nobody\"]"),
            "`hidden` names \"nobody\", which is no method of the file",
        ),
        (
            &format!("{HEAD}[view]\nrace_scales = [\"log\"]"),
            "`race_scales` must be two of the words",
        ),
        (
            &format!("{HEAD}[view]\nrace_weights = [1, 2]"),
            "`race_weights` must be a list of the weights",
        ),
        (
            &format!("{HEAD}[view]\nrace_ranges = [\"all\"]"),
            "`race_ranges` must be a list with two pairs of numbers",
        ),
        (
            &format!("{HEAD}[view.page]\nwidth = 5"),
            "`width` must be a number from 1e1 to 1e3",
        ),
        (
            &format!("{HEAD}[view.page]\ntitle = \"no\""),
            "`title` must be \"on\" or \"off\"",
        ),
        (
            "problem = 3",
            "`problem` must be a table, written [problem], not 3",
        ),
        ("title = ", "x.toml:1:9: "),
        (
            "\u{0}\u{1}\u{2}",
            "x.toml:1:1: this is not a text file; an experiment is TOML",
        ),
    ];
    for (text, expected) in cases {
        let found = complaint(text);
        assert!(
            found.contains(expected),
            "{text:?}\n  says     {found}\n  expected {expected}"
        );
        for line in found.lines() {
            assert!(line.starts_with("x.toml:"), "a sentence each: {found}");
        }
    }
}

#[rstest]
fn a_start_outside_of_the_box_is_refused() {
    let text = "start = [[11], [4]]\n[problem]\nid = \"minimax\"\n[[method]]\nid = \"bome\"";
    assert_eq!(
        complaint(text),
        "x.toml:1:9: start 1: x1[1] = 11 is outside of the box [-10, 10]"
    );
}

#[rstest]
fn more_runs_than_can_be_queued_are_refused() {
    let seeds: Vec<String> = (0..70_000).map(|seed| seed.to_string()).collect();
    let text = format!("seeds = [{}]\n{HEAD}", seeds.join(","));
    assert!(complaint(&text).contains("70000 runs are too many"));
}

#[rstest]
fn what_a_file_leaves_out_has_its_default() {
    let experiment = Experiment::read("x.toml", &format!("{HEAD}[[method]]\nid = \"bome\""))
        .expect("it is right");
    assert_eq!(
        (
            experiment.iterations,
            &experiment.seeds[..],
            experiment.diverge_at
        ),
        (1000, &[0][..], None)
    );
    let labels: Vec<&str> = experiment
        .methods
        .iter()
        .map(|method| method.label.as_str())
        .collect();
    assert_eq!(labels, ["bome", "bome 2"]);
    assert_eq!(experiment.title, "Toy coreset");
    assert_eq!(
        experiment.methods[0]
            .settings
            .value("outer_step_size_lower"),
        ParameterValue::Number(0.05)
    );
}

#[rstest]
fn a_colour_reads_back_equal() {
    let text = format!("{HEAD}colour = \"#0a72B2\"\n");
    let experiment = Experiment::read("x.toml", &text).expect("the file is right");
    assert_eq!(experiment.methods[0].colour, Some([0x0A, 0x72, 0xB2]));
    let written = experiment.write();
    assert!(written.contains("colour = \"#0A72B2\""), "{written}");
    assert_eq!(Experiment::read("again", &written), Ok(experiment));
}

#[rstest]
fn a_note_and_a_pin_read_back_equal_and_are_not_written_where_there_are_none() {
    let text = format!("{HEAD}note = \"with $T = 10$, as published\"\npinned = true\n");
    let experiment = Experiment::read("x.toml", &text).expect("the file is right");
    assert_eq!(experiment.methods[0].note, "with $T = 10$, as published");
    assert!(experiment.methods[0].is_pinned);
    let written = experiment.write();
    assert!(
        written.contains("note = \"with $T = 10$, as published\"\npinned = true\n"),
        "{written}"
    );
    assert_eq!(Experiment::read("again", &written), Ok(experiment));
    let plain = Experiment::read("x.toml", HEAD).expect("the file is right");
    assert!(!plain.methods[0].is_pinned);
    let written = plain.write();
    assert!(
        !written.contains("note") && !written.contains("pinned"),
        "{written}"
    );
}

#[rstest]
fn a_pinned_method_is_compared_with_the_nearest_one_before_it_else_after_it() {
    let method = |id: &str, label: &str, pinned: bool| {
        format!("[[method]]\nid = '{id}'\nlabel = '{label}'\npinned = {pinned}\n")
    };
    let text = [
        "[problem]\nid = 'valleys'\n".to_owned(),
        method("itd", "early", true),
        method("itd", "a", false),
        method("bome", "b", false),
        method("itd", "c", false),
        method("itd", "late", true),
        method("aid-cg", "alone", true),
    ];
    let experiment = Experiment::read("x.toml", &text.concat()).expect("the file is right");
    let others = (0..6).map(|slot| bilevel_files::counterpart(&experiment.methods, slot));
    let expected = [Some(1), None, None, None, Some(3), None];
    assert_eq!(others.collect::<Vec<_>>(), expected);
}

#[rstest]
fn integers_are_taken_as_numbers_and_underscores_are_allowed() {
    let experiment = Experiment::read(
        "x.toml",
        &format!("iterations = 1_000\n{HEAD}eta = 1\ninner_step_size = 0.000_5"),
    );
    let experiment = experiment.expect("it is right");
    assert_eq!(experiment.methods[0].settings.number("eta"), 1.0);
    assert_eq!(
        experiment.methods[0].settings.number("inner_step_size"),
        0.0005
    );
}

#[rstest]
fn every_preset_is_right_and_reads_back_equal_after_writing() {
    for preset in crate::presets::all() {
        let experiment = preset.read().unwrap_or_else(|error| panic!("{error}"));
        let written = experiment.write();
        assert_eq!(
            Experiment::read("written", &written).expect("what is written is right"),
            experiment,
            "{written}"
        );
    }
}

#[rstest]
fn a_problems_own_metric_is_an_axis_of_the_race_and_levels_a_view_of_it() {
    let file = |problem: &str, view: &str| {
        format!("[problem]\nid = \"{problem}\"\n[[method]]\nid = \"implicit\"\n[view]\n{view}\n")
    };
    for problem in ["stackelberg", "chain"] {
        let text = file(
            problem,
            "race_y = \"mse\"\nkind = \"levels\"\nlandscape_level = 3",
        );
        let experiment = Experiment::read("x.toml", &text).expect("the file is right");
        let Some(measure) = experiment.view.race_y else {
            panic!("the axis is read")
        };
        assert_eq!(measure.word(), "mse");
        assert!(measure.suits_logarithm());
        let written = experiment.write();
        assert!(written.contains("race_y = \"mse\"") && written.contains("kind = \"levels\""));
        assert_eq!(Experiment::read("written", &written), Ok(experiment));
    }
    // a problem without metrics accepts none, and the message lists the known measures
    let refused = complaint(&file("coreset", "race_y = \"mse\""));
    assert!(refused.starts_with("x.toml:6:10: `race_y` must be \"f-optimum\""));
    assert!(refused.ends_with("\"hypergradient-error\", not \"mse\""));
    let refused = complaint(&file("chain", "race_y = \"rmse\""));
    assert!(refused.ends_with("\"hypergradient-error\" or \"mse\", not \"rmse\""));
    let old = Experiment::read("x.toml", &file("chain", "ground = \"landscape\""));
    assert_eq!(
        old,
        Experiment::read("x.toml", &file("chain", "kind = \"landscape\""))
    );
    let both = complaint(&file("chain", "kind = \"levels\"\nground = \"levels\""));
    assert!(
        both.contains("`kind` and `ground` are alternatives"),
        "{both}"
    );
    let refused = complaint(&file("chain", "slice = \"random\""));
    assert!(refused.contains("\"points\" or \"principal\""), "{refused}");
    let refused = complaint(&file("coreset", "landscape_level = 3"));
    assert!(refused.contains("`landscape_level` must be a whole number from 0 to 2"));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        // an error is as good as an experiment here: only a panic fails
        let _either = Experiment::read("x.toml", &text);
    }

    #[test]
    fn a_damaged_preset_is_read_or_refused(cut in 0_usize..400, insert in "[\\[\\]=\"0-9a-z.\n-]{0,8}") {
        let mut text = preset("welcome").text.to_owned();
        let place = (0..=cut.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0);
        text.insert_str(place, &insert);
        let _either = Experiment::read("x.toml", &text);
    }

    #[test]
    fn numbers_keep_their_bits_through_a_file(v in prop::array::uniform4(-1e9..1e9_f64), eta in 0.0..10.0_f64, gap in 1e-20..1.0_f64) {
        let mut experiment = preset("welcome").read().expect("the preset is right");
        experiment.starts = vec![StartSpec::Default, StartSpec::At(Point::from_blocks(&[v.to_vec(), vec![-0.0, 1e-300]]))];
        experiment.methods[0].settings.set("eta", ParameterValue::Number(eta)).expect("it is in range");
        experiment.title = "quotes \" and \\ and\nlines".to_owned();
        experiment.stop.gap = Some(gap);
        experiment.seeds = vec![3, 1];
        prop_assert_eq!(Experiment::read("x.toml", &experiment.write()).expect("it is right"), experiment);
    }
}
