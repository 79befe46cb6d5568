//! The learned model of a run: the problem's own pictures in the window, and the points that they show.

use bilevel::numerics::WorkToken;
use bilevel::problem::{ObservedPoint, Visual};
use bilevel::run::{Budget, Points, Run, Trace};
use bilevel_figure::{LandscapePicture, LearnedPicture, View as _};
use bilevel_files::{Experiment, presets};
use bilevel_lab::app::App;
use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::choosing::choose;
use crate::support::driving::{assert_figures, picture, press, settle, window, window_on};

const ITERATIONS: u64 = 150;

/// Hyper-cleaning with few samples.
fn small(rest: &str) -> Experiment {
    let text = format!(
        "title = \"Hyper-cleaning, small\"\niterations = {ITERATIONS}\nstart = \"pretrained\"\n{rest}\n\
         [problem]\nid = \"hyper-cleaning\"\ntrain = 400\nvalidation = 200\ntest = 100\n\
         [[method]]\nid = \"bome\"\ninner_steps = 1\ninner_step_size = 0.05\nouter_step_size = 300\n\
         outer_step_size_lower = 0.05\nmomentum = 0.9\nbarrier = \"gap\"\n[view]\nrace_y = \"f1\"\n"
    );
    Experiment::read("small", &text).expect("the experiment is right")
}

fn cleaning(size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    window_on("hyper-cleaning", small(""), size, theme)
}

#[rstest]
fn pictures_follow_the_playhead_and_look_as_they_should() {
    let mut harness = cleaning([1280.0, 720.0], Theme::Light);
    assert!(harness.query_by_label("at iteration 0").is_some());
    // for a row without a point, the last row before it that has one
    for (iteration, words) in [(101, "at iteration 100"), (ITERATIONS, "at iteration 150")] {
        harness.state_mut().seek(iteration);
        settle(&mut harness);
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    for name in ["Weights of the samples", "Smallest weights", "The model Θ"] {
        assert!(harness.query_by_label(name).is_some(), "{name}");
    }
    support::assert_readme_picture("learned", &picture(&mut harness));
}

#[rstest]
fn the_race_has_the_controls_of_what_it_draws() {
    let learned = cleaning([1280.0, 720.0], Theme::Light);
    let toy = window("minimax", [1280.0, 720.0], Theme::Light);
    // neither chart of metrics has a target line
    assert!(learned.query_by_label("target line").is_none());
    assert!(toy.query_by_label("target line").is_some());
    // each switch stands beside its own quantity: the second chart has a scale of its own
    for harness in [&learned, &toy] {
        let row = ["Measure of the race", "log y", "Cost of the race", "log x"];
        let row = row.map(|name| harness.get_by_label(name).rect());
        assert!(
            row.windows(2).all(|pair| pair[0].right() < pair[1].left()),
            "{row:?}"
        );
    }
}

#[rstest]
fn pictures_look_as_they_should_in_the_dark() {
    let mut harness = cleaning([1920.0, 1080.0], Theme::Dark);
    harness.state_mut().seek(ITERATIONS);
    settle(&mut harness);
    assert_figures(&mut harness, "learned-1080-dark");
}

#[rstest]
fn the_view_is_the_usual_one_where_there_is_one_and_elsewhere_is_empty() {
    let mut harness = cleaning([900.0, 600.0], Theme::Light);
    assert_eq!(harness.state().as_seen().view.kind, None);
    press(&mut harness, Key::V);
    settle(&mut harness);
    assert_eq!(
        harness.state().as_seen().view.kind,
        Some(LandscapePicture::KIND)
    );
    let mut harness = window("welcome", [1280.0, 720.0], Theme::Light);
    choose(&mut harness, "View of the runs", "learned");
    assert_eq!(
        harness.state().as_seen().view.kind,
        Some(LearnedPicture::KIND)
    );
    assert!(harness.query_by_label("Weights of the samples").is_none());
}

#[rstest]
fn the_default_start_needs_no_training() {
    let mut harness = cleaning([1280.0, 720.0], Theme::Dark);
    choose(&mut harness, "Start of the runs", "default");
    assert!(harness.state().experiment().starts.is_empty());
    choose(&mut harness, "Start of the runs", "pretrained");
    assert_eq!(
        harness.state().experiment().starts,
        small("").starts,
        "and back again"
    );
}

#[rstest]
fn exhibits_are_of_all_samples_and_the_most_suspicious_come_first() {
    let experiment = small("");
    let problem = experiment.problem.build();
    let token = WorkToken::default();
    let mut at = problem.metadata().start.clone();
    for (sample, weight) in at[1].iter_mut().enumerate() {
        *weight = sample as f64 / 400.0;
    }
    let visuals = problem
        .pictured()
        .expect("it has pictures")
        .visuals(&ObservedPoint::alone(at.clone()), &token);
    let [
        Visual::Histogram(weights),
        Visual::Gallery(suspects),
        Visual::Gallery(model),
    ] = &visuals[..]
    else {
        panic!("a histogram and two galleries");
    };
    let mut all: Vec<f64> = weights
        .groups
        .iter()
        .flat_map(|it| it.values.clone())
        .collect();
    all.sort_by(f64::total_cmp);
    assert_eq!(all, at[1]);
    assert_eq!((suspects.tiles.len(), suspects.width), (24, 28));
    assert_eq!((model.tiles.len(), model.is_signed), (10, true));
    assert!(model.tiles.iter().all(|tile| tile.pixels.len() == 784));
    // without a model all classes are equally likely: the first class counts, and the sample of the least weight comes
    // first
    assert!(
        suspects
            .tiles
            .iter()
            .all(|tile| tile.caption.ends_with("→ 0"))
    );
    let labels = bilevel::data::DataSet::shipped();
    let is_first = suspects.tiles[0].pixels[..]
        .iter()
        .zip(labels.pool.image(0))
        .all(|(pixel, byte)| (pixel - f32::from(*byte) / 255.0).abs() < 1e-6);
    assert!(is_first);
    token.cancel();
    assert!(
        problem
            .pictured()
            .expect("it has pictures")
            .visuals(&ObservedPoint::alone(at.clone()), &token)
            .is_empty()
    );
}

#[rstest]
fn points_of_some_rows_are_those_of_the_run() {
    let experiment = small("record_points = \"some\"\n");
    assert!(experiment.write().contains("record_points = \"some\""));
    let problem = experiment.problem.build();
    let specs = experiment.runs(&problem).expect("the plan is right");
    let spec = specs[0].1.clone();
    assert_eq!(spec.recording.points, Points::Some);
    let mut trace = Trace::new(problem.metadata(), spec.recording);
    let mut run = Run::new(spec, WorkToken::default());
    // in steps of any length
    for budget in [1, 30, 60, 100] {
        trace.extend(&run.advance(Budget::Iterations(budget)));
        let last = trace.kept_row(trace.len() - 1).expect("a row is kept");
        if last + 1 == trace.len() {
            assert_eq!(trace.point(last).as_ref(), Some(run.point()));
        }
    }
    assert_eq!(trace.len(), 151);
    // every row up to twice 32, every second up to four times, every fourth beyond, and the last
    let kept: Vec<usize> = (0..trace.len())
        .filter(|&row| trace.values(row).is_some())
        .collect();
    let expected: Vec<usize> = (0..64)
        .chain((64..128).step_by(2))
        .chain((128..150).step_by(4))
        .chain([150])
        .collect();
    assert_eq!(kept, expected);
    assert_eq!(trace.point(150).as_ref(), Some(run.point()));
    assert!(trace.judged_point(0).is_some() && trace.judged_point(150).is_some());
    assert!(trace.judged_point(8).is_none());
}

#[rstest]
fn presets_that_learn_from_data_are_offered_like_the_others() {
    let names: Vec<&str> = presets::all().map(|preset| preset.name).collect();
    for name in ["hyper-cleaning", "robust-regression", "regularization"] {
        assert!(names.contains(&name), "{name}");
        bilevel_lab::embedded::open(name).expect("the preset is right");
    }
}
