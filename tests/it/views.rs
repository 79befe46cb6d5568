//! The views in experiment files and on the command line: their words, options and requirements.

use std::path::Path;

use bilevel::problem;
use bilevel_figure::{VIEWS, view_of_word};
use bilevel_files::Experiment;
use bilevel_files::views::choices_of;
use rstest::rstest;

/// An experiment with lines under `[view]`.
fn read(problem: &str, view: &str) -> Result<Experiment, String> {
    bilevel_lab::embedded::register_presets();
    let text =
        format!("[problem]\nid = \"{problem}\"\n[[method]]\nid = \"implicit\"\n[view]\n{view}\n");
    Experiment::read("x.toml", &text).map_err(|error| error.to_string())
}

#[rstest]
fn every_view_is_read_and_written_by_its_word() {
    for view in VIEWS {
        let info = view.info();
        let experiment = read("valleys", &format!("kind = \"{}\"", info.id));
        if info.is_beside {
            assert!(experiment.is_err(), "{} is not chosen", info.id);
            continue;
        }
        let experiment = experiment.expect("the file is right");
        let written = experiment.write();
        assert!(written.contains(&format!("kind = \"{}\"", info.id)));
        assert_eq!(Experiment::read("again", &written), Ok(experiment.clone()));
        for old in info.old_ids {
            assert_eq!(
                read("valleys", &format!("ground = \"{old}\"")),
                Ok(experiment.clone())
            );
        }
    }
}

#[rstest]
fn numeric_options_are_read_written_and_refused_out_of_range() {
    let options = VIEWS.iter().flat_map(|view| view.info().options);
    for option in options.filter(|option| choices_of(option).is_empty()) {
        let experiment = read("valleys", &format!("{} = 7", option.name)).expect("it is right");
        assert_eq!(experiment.view.options, [(option.name, 7.0)]);
        let written = experiment.write();
        assert!(
            written.contains(&format!("{} = 7", option.name)),
            "{written}"
        );
        assert_eq!(Experiment::read("again", &written), Ok(experiment));
        let refused = read("valleys", &format!("{} = -1", option.name)).expect_err("too small");
        let start = format!(
            "x.toml:6:{}: `{}` must be a ",
            option.name.len() + 4,
            option.name
        );
        assert!(refused.starts_with(&start), "{refused}");
    }
    let refused = read("chain", "penalty = 1e5").expect_err("too large");
    assert!(refused.contains("`penalty` must be a number from 1e-2 to 1e4"));
}

#[rstest]
fn options_of_words_are_read_written_and_refused_with_the_list_of_words() {
    let options = VIEWS.iter().flat_map(|view| view.info().options);
    let mut words = 0;
    for option in options {
        for (place, choice) in choices_of(option).iter().enumerate() {
            let line = format!("{} = \"{}\"", option.name, choice.name);
            let experiment = read("valleys", &line).expect("it is right");
            assert_eq!(experiment.view.options, [(option.name, place as f64)]);
            let written = experiment.write();
            assert!(written.contains(&line), "{written}");
            assert_eq!(Experiment::read("again", &written), Ok(experiment));
            words += 1;
        }
    }
    assert!(words > 0, "some view has such an option");
    for wrong in ["\"leader\"", "1", "true"] {
        let refused = read("chain", &format!("compass_y = {wrong}")).expect_err("no such word");
        let expected = "`compass_y` must be \"run\" or \"start\" or \"reference\", not";
        assert!(refused.contains(expected), "{refused}");
    }
}

#[rstest]
fn an_unknown_view_is_answered_with_the_list_of_views() {
    let refused = read("chain", "kind = \"plane\"").expect_err("there is no such view");
    assert!(refused.contains("`kind` must be \"landscape\" or \"levels\" or"));
    assert!(
        refused.ends_with("or \"learned\", not \"plane\""),
        "{refused}"
    );
}

#[rstest]
fn every_view_applies_to_some_problem_and_no_word_names_two() {
    for view in VIEWS {
        let all = problem::PROBLEMS.iter().chain(problem::LEARNING);
        let applies = all
            .map(|entry| (entry.build)(&problem::Settings::new(entry.parameters)))
            .any(|problem| view.needs(&*problem).is_ok());
        assert!(applies, "{}", view.info().id);
        for word in [view.info().id].iter().chain(view.info().old_ids) {
            let found = view_of_word(word).expect("the word is known").info().id;
            assert_eq!(found, view.info().id, "{word}");
        }
    }
}

/// The presets of version 0.1.0 say `ground` where those of today say `kind`.
#[rstest]
fn presets_of_the_last_release_open_as_before(
    #[files("tests/it/old_presets/*.toml")] path: std::path::PathBuf,
) {
    bilevel_lab::embedded::register_presets();
    let text = std::fs::read_to_string(&path).expect("the file");
    let mut old = Experiment::read("old.toml", &text).expect("it is still right");
    let today = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
    let name = path.file_name().expect("a name");
    let text = std::fs::read_to_string(today.join(name)).expect("the preset is still there");
    let today = Experiment::read("today.toml", &text).expect("it is right");
    // texts may be reworded
    old.title.clone_from(&today.title);
    old.about.clone_from(&today.about);
    assert_eq!(old, today);
}
