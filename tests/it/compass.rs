//! The presets of the hypergradient compass show what their texts say, and its pictures are the same bytes each time.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::study::{CompassMethod, method_line, true_line};
use bilevel_figure::{CompassPicture, CompassPointerRequest, Layer, Theme, figures};
use bilevel_figure::{
    Fineness, Format, View as _, ViewContext, default_page_size, draw, view, view_of_word,
};
use bilevel_files::{Experiment, ProgressReports, RunResult, run_all};
use bilevel_lab::embedded;
use rstest::rstest;

/// A preset with its problem and its runs.
fn finished(name: &str) -> (Experiment, Arc<dyn Problem>, Vec<RunResult>) {
    let experiment = embedded::open(name).expect("the preset is right");
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = run_all(&recorded, &problem, None, ProgressReports::SILENT).expect("it runs");
    (experiment, problem, results)
}

/// The hatched interval of each method at the solved y, and the x at which its run ends.
fn hatches_and_ends(name: &str) -> Vec<(Vec<[f64; 2]>, f64)> {
    let token = WorkToken::default();
    let (experiment, problem, results) = finished(name);
    let start = &problem.metadata().start;
    let line = true_line(&*problem, start, [1.0, 2.5], 64, &token).expect("there is φ");
    results
        .iter()
        .map(|result| {
            let runs = experiment.runs_of(result.key.method, &problem);
            let (_, spec) = runs.expect("it suits the problem").swap_remove(0);
            let method = CompassMethod { spec, lower: None };
            let trace = &result.trace;
            let last = trace.point(trace.len() - 1).expect("points are kept");
            (
                method_line(&*problem, &line, &method, &token).wrong,
                last[1][0],
            )
        })
        .collect()
}

#[rstest]
fn the_alternating_baseline_goes_up_phi_between_the_numbers_of_its_preset() {
    let found = hatches_and_ends("missing-response");
    let [(exact, at_exact), (wrong, at_wrong)] = &found[..] else {
        panic!("two methods, not {}", found.len());
    };
    assert_eq!(exact, &[] as &[[f64; 2]]);
    assert!((at_exact - 1.5).abs() < 1e-6, "{at_exact}");
    let [[low, high]] = wrong[..] else {
        panic!("one interval, not {wrong:?}");
    };
    assert!(
        (low - 1.5).abs() < 2e-6 && (high - 2.0).abs() < 2e-6,
        "{wrong:?}"
    );
    assert!((at_wrong - 2.0).abs() < 1e-6, "{at_wrong}");
    let about = embedded::open("missing-response")
        .expect("it is right")
        .about;
    assert!(
        about.contains("Between x = 1.5") && about.contains("x = 2,"),
        "{about}"
    );
}

#[rstest]
fn a_truncated_loop_goes_up_phi_to_the_numbers_of_its_preset() {
    let about = embedded::open("missing-tail").expect("it is right").about;
    let found = hatches_and_ends("missing-tail");
    assert_eq!(found.len(), 3);
    for ((wrong, end), steps) in found.into_iter().zip([1, 2, 4]) {
        let q = 0.5_f64.powi(steps);
        let rest = (3.0 - q) / (2.0 - q);
        let [[low, high]] = wrong[..] else {
            panic!("one interval, not {wrong:?}");
        };
        assert!(
            (low - 1.5).abs() < 2e-6 && (high - rest).abs() < 2e-6,
            "{wrong:?}"
        );
        assert!((end - rest).abs() < 1e-6, "T = {steps}: {end}");
        assert!(about.contains(&format!("{rest:.3}")), "{rest} in {about}");
    }
}

#[rstest]
fn its_pictures_are_the_same_bytes_each_time(
    #[values("missing-tail", "chain", "noise")] name: &str,
) {
    let mut experiment = embedded::open(name).expect("the preset is right");
    let problem = experiment.problem.build_informed(&WorkToken::default());
    experiment.iterations = 40;
    experiment.seeds.truncate(1);
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = run_all(&recorded, &problem, None, ProgressReports::SILENT).expect("it runs");
    let compass = view_of_word("compass").expect("it is in the list");
    let page = default_page_size(compass);
    let picture = || {
        let subject = (compass, page, Format::Svg);
        draw(subject, &experiment, &problem, &results, Fineness::Coarse).expect("it is drawn")
    };
    let svg = picture();
    assert_eq!(svg, picture());
    assert!(svg.len() > 10_000, "{} bytes", svg.len());
}

#[rstest]
fn the_sentence_is_made_of_the_data() {
    let (experiment, problem, results) = finished("missing-response");
    let starts = experiment.start_points(&*problem);
    let mut context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    let sentence = |context: &ViewContext<'_>| {
        let request = CompassPicture::request(context).expect("it applies");
        let token = WorkToken::default();
        let data = CompassPicture::compute(&request, None, 8, &token).expect("it is computed");
        CompassPicture::sentence(context, &data).expect("there are runs")
    };
    let at_end = sentence(&context);
    assert!(
        at_end.contains("At $x = 2.00$ the direction of Alternating is zero, although $‖∇φ‖ = 2"),
        "{at_end}"
    );
    // at the start y = x = 0.6: d = 2 (x − 2) = −2.8, φ' = −2.8 − 0.8
    for path in &mut context.paths {
        path.until = 0;
    }
    let at_start = sentence(&context);
    assert!(
        at_start.contains("the direction of Alternating is that of $∇φ$, 0.78 times as long"),
        "{at_start}"
    );
    assert!(at_start.contains("the direction of Implicit, exact is that of $∇φ$, as long"));
}

#[rstest]
fn a_part_of_a_joint_step_is_not_hatched_at_the_solved_y(
    #[values(("run", true), ("reference", false))] case: (&str, bool),
) {
    let (word, is_hatched) = case;
    embedded::register_presets();
    let text = format!(
        "iterations = 3\n[problem]\nid = \"valleys\"\n[[method]]\nid = \"bome\"\n[[method]]\nid = \"evolution\"\n\
         [view]\nkind = \"compass\"\ncompass_y = \"{word}\"\n"
    );
    let experiment = Experiment::read("x.toml", &text).expect("the file is right");
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let results = run_all(&experiment, &problem, None, ProgressReports::SILENT).expect("it runs");
    let starts = experiment.start_points(&*problem);
    let context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    let request = CompassPicture::request(&context).expect("it applies");
    let token = WorkToken::default();
    let data = CompassPicture::compute(&request, None, 8, &token).expect("it is computed");
    let drawn = figures::<CompassPicture>(&context, &data, Theme::Light);
    let layers = drawn.iter().flat_map(|figure| &figure.layers);
    let mut hatched =
        layers.filter(|layer| matches!(layer, Layer::HatchedAreas(areas) if !areas.is_empty()));
    assert_eq!(hatched.next().is_some(), is_hatched, "{word}");
    let sentence = CompassPicture::sentence(&context, &data).expect("there are methods");
    assert!(
        sentence.contains("level 1's part of a joint step"),
        "{sentence}"
    );
    assert!(
        sentence.contains("evolution has no arrow: it compares values of φ"),
        "{sentence}"
    );
    assert_eq!(view(CompassPicture::KIND).info().id, "compass");
}

#[rstest]
fn a_problem_of_many_variables_says_why_it_has_no_compass() {
    let entry = bilevel::problem::find("regularization").expect("it ships");
    let needs = CompassPicture::needs(&*entry.instance()).expect_err("it is large");
    assert!(needs.starts_with("needs at most 64 variables"), "{needs}");
}

#[rstest]
fn the_pointer_reads_the_directions_of_fresh_states_there() {
    let (experiment, problem, results) = finished("missing-response");
    let starts = experiment.start_points(&*problem);
    let context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    let token = WorkToken::default();
    let request = CompassPicture::request(&context).expect("it applies");
    let data = CompassPicture::compute(&request, None, 8, &token).expect("it is computed");
    let lines = |x: f64| {
        let request = CompassPointerRequest::new(&context, [x, 0.3]).expect("one variable");
        let reading = request.read(&token).expect("it is read");
        reading.lines(&context, &data)
    };
    // y = x: f_x = 2 (x − 2) = −0.4, φ = (x − 2)² + (x − 1)², φ' = 1.2
    let found = lines(1.8);
    let [place, phi, implicit, alternating] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(place, "$x = 1.80$, $y$ solved");
    assert_eq!(phi, "$φ = 0.6800$, $dφ/dx = 1.20$");
    assert_eq!(
        implicit,
        "**Implicit, exact**: as $∇φ$, as long; a descent of $φ$"
    );
    assert_eq!(
        alternating,
        "**Alternating**: opposite to $∇φ$, 0.33 times as long; no descent of $φ$"
    );
    // before φ is least both descend
    assert!(lines(1.2)[3].ends_with("; a descent of $φ$"));
}

#[rstest]
fn the_pointer_has_no_plane_beyond_two_variables() {
    embedded::register_presets();
    let experiment = Experiment::read(
        "x.toml",
        "iterations = 2\n[problem]\nid = \"coreset\"\n[[method]]\nid = \"itd\"\n",
    )
    .expect("the file is right");
    let problem = experiment.problem.build();
    let results = run_all(&experiment, &problem, None, ProgressReports::SILENT).expect("it runs");
    let starts = experiment.start_points(&*problem);
    let context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    assert_eq!(CompassPointerRequest::new(&context, [0.0, 0.0]), None);
}
