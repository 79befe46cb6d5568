//! Saving over a file: what did not change stays as it is written.

use bilevel::problem::ParameterValue;
use bilevel_files::Experiment;
use rstest::rstest;

const WRITTEN: &str = "\
# my race
title = 'A race'   # single quotes stay

iterations = 2_000 # underscores, too
seeds = [0, 1]     # two of them
start = [[0, 0,    # x first
          0, 0], [0, 3]]

[problem]
id = \"coreset\"

# the one that we like
[[method]]
id = \"bome\"
outer_step_size = 0.05 # found by hand
eta = 0.5

[[method]] # and its rival
id = \"itd\"
label = \"ITD, short\"
inner_steps = 2

[view]
ground = \"honesty\" # f over q
";

fn read(text: &str) -> Experiment {
    Experiment::read("race.toml", text).expect("the file is right")
}

/// The text after a change, which must read back as the changed experiment.
#[track_caller]
fn after(change: impl FnOnce(&mut Experiment)) -> String {
    let mut experiment = read(WRITTEN);
    change(&mut experiment);
    let text = experiment.write_over("race.toml", WRITTEN);
    assert_eq!(read(&text), experiment);
    text
}

#[rstest]
fn nothing_changed_is_the_same_text() {
    assert_eq!(after(|_| ()), WRITTEN);
}

#[rstest]
fn a_changed_value_changes_its_own_place_alone() {
    let text = after(|experiment| {
        let settings = &mut experiment.methods[0].settings;
        settings
            .set("outer_step_size", ParameterValue::Number(0.1))
            .expect("it is in range");
        experiment.iterations = 500;
    });
    let expected = WRITTEN
        .replace(
            "outer_step_size = 0.05 # found",
            "outer_step_size = 0.1 # found",
        )
        .replace("iterations = 2_000 #", "iterations = 500 #");
    assert_eq!(text, expected);
}

#[rstest]
fn a_value_back_at_its_default_is_left_out_and_a_new_one_comes_last() {
    let text = after(|experiment| {
        experiment.methods[0].settings.reset("eta");
        let settings = &mut experiment.methods[1].settings;
        settings
            .set("outer_step_size", ParameterValue::Number(0.25))
            .expect("it is in range");
    });
    let expected = WRITTEN.replace("eta = 0.5\n", "").replace(
        "inner_steps = 2\n",
        "inner_steps = 2\nouter_step_size = 0.25\n",
    );
    assert_eq!(text, expected);
}

#[rstest]
fn a_method_that_goes_takes_its_lines_and_a_new_one_brings_its_own() {
    let gone = after(|experiment| {
        experiment.methods.remove(0);
    });
    assert!(
        !gone.contains("bome") && gone.contains("[[method]] # and its rival"),
        "{gone}"
    );
    assert!(
        gone.contains("title = 'A race'   # single quotes stay"),
        "{gone}"
    );
    let more = after(|experiment| {
        let mut third = experiment.methods[1].clone();
        third.label = "ITD, again".to_owned();
        experiment.methods.push(third);
    });
    assert!(
        more.contains("# the one that we like") && more.contains("\"ITD, again\""),
        "{more}"
    );
    let place = |words: &str| more.find(words).expect("it is there");
    assert!(place("ITD, short") < place("ITD, again"), "{more}");
}

#[rstest]
fn a_label_that_changes_keeps_the_rest_of_its_method() {
    let text = after(|experiment| experiment.methods[0].label = "Ours".to_owned());
    assert!(
        text.contains("outer_step_size = 0.05 # found by hand"),
        "{text}"
    );
    assert!(text.contains("label = \"Ours\""), "{text}");
}

#[rstest]
fn other_spellings_of_a_key_do_not_stand_beside_it() {
    let text = after(|experiment| {
        experiment.seeds = vec![7];
        experiment.view.kind = bilevel_files::views::find("levels");
    });
    assert!(
        text.contains("seed = 7") && !text.contains("seeds"),
        "{text}"
    );
    assert!(
        text.contains("kind = \"levels\" # f over q") && !text.contains("ground"),
        "{text}"
    );
}

#[rstest]
fn a_text_that_is_no_experiment_is_replaced() {
    let experiment = read(WRITTEN);
    for text in ["", "title = ", "[problem]\nid = \"fish\"\n"] {
        assert_eq!(experiment.write_over("race.toml", text), experiment.write());
    }
}

#[rstest]
fn every_preset_keeps_its_comments_when_one_number_changes() {
    for preset in crate::presets::all() {
        let mut experiment = preset.read().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(experiment.write_over(preset.name, preset.text), preset.text);
        experiment.iterations += 1;
        let text = experiment.write_over(preset.name, preset.text);
        let lines = preset.text.lines().zip(text.lines());
        let changed: Vec<_> = lines.filter(|(before, after)| before != after).collect();
        let is_written = preset.text.contains("\niterations = ");
        if is_written {
            assert_eq!(changed.len(), 1, "{}: {changed:?}", preset.name);
        }
        assert_eq!(Experiment::read(preset.name, &text), Ok(experiment));
    }
}
