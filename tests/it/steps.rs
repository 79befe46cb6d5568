//! The texts of the presets on single steps: every number in them, computed from the preset's runs.

use bilevel::numerics::{Point, WorkToken};
use bilevel::referee::Referee;
use bilevel::study::{StepAnatomy, step_anatomy};
use bilevel_figure::{AnatomyPicture, Layer, Theme, View as _, ViewContext, figures};
use bilevel_files::{Experiment, ProgressReports, run_all};
use bilevel_lab::embedded;
use rstest::rstest;

/// The step of a preset's method after some iterations, and the preset's text.
fn step(preset: &str, method: usize, iteration: u64) -> (StepAnatomy, String) {
    let experiment = embedded::open(preset).expect("the preset is right");
    let problem = experiment.problem.build();
    let runs = experiment.runs_of(method, &problem).expect("runs");
    let (_, spec) = runs.into_iter().next().expect("a run");
    let anatomy = step_anatomy(&spec, iteration, &WorkToken::default()).expect("a step");
    (anatomy, experiment.about)
}

fn number(anatomy: &StepAnatomy, name: &str) -> f64 {
    anatomy.number(name).expect("the term is reported")
}

#[rstest]
fn the_multiplier_of_bome_switches_off_after_its_first_step() {
    let multiplier = |iteration| {
        let (anatomy, about) = step("bome-multiplier", 0, iteration);
        assert!(about.contains("$λ = 0.365$") && about.contains("steps 2 to 4"));
        (number(&anatomy, "multiplier"), anatomy)
    };
    assert!((multiplier(0).0 - 0.365).abs() < 5e-4);
    for iteration in [1, 2, 3] {
        let (off, anatomy) = multiplier(iteration);
        assert_eq!(off, 0.0);
        let term = |name: &str| anatomy.term(name).expect("a term").value.clone();
        assert_eq!(term("direction"), term("gradient of f"));
        // the gap is open all the while
        let gap = anatomy.before[2][0] - anatomy.followed.last().expect("a path")[0];
        assert!(gap.abs() > 1.0, "{gap}");
    }
    assert!(multiplier(4).0 > 0.0);
}

#[rstest]
fn the_error_along_a_flat_direction_makes_the_step_three_times_too_long() {
    let (anatomy, about) = step("aid-cg-singular", 0, 0);
    let [least, most] = anatomy.spectrum[..] else {
        panic!("{:?}", anatomy.spectrum);
    };
    assert!(about.contains("eigenvalues 0.001 and 1"));
    assert!((least - 0.001).abs() < 1e-12 && (most - 1.0).abs() < 1e-12);
    let term = |name: &str| anatomy.term(name).expect("a term").value.clone();
    let (right, solution) = (term("right-hand side"), term("linear solution"));
    assert!(about.contains("1,000 times as long"));
    assert!((solution[1] / right[1] - 1000.0).abs() < 1e-6);
    assert!(about.contains("$y_2$ at 0.005 instead of 1"));
    assert!((anatomy.after[2][1] - 0.005).abs() < 5e-5);
    // y* = (x, 2 x) by hand
    assert!((2.0 * anatomy.before[1][0] - 1.0).abs() < 1e-12);
    assert!(about.contains("$−5.98$ instead of $−2$"));
    assert!((number(&anatomy, "hypergradient") + 5.98).abs() < 5e-3);
    let problem = embedded::open("aid-cg-singular")
        .expect("a preset")
        .problem
        .build();
    let phi = |x: f64| {
        let mut at: Point = anatomy.before.clone();
        at[1][0] = x;
        let token = WorkToken::default();
        Referee::new(&*problem, &token)
            .reduced(&at)
            .expect("a value")
    };
    let (x, step) = (anatomy.before[1][0], 1e-4);
    let slope = (phi(x + step) - phi(x - step)) / (2.0 * step);
    assert!((slope + 2.0).abs() < 1e-6, "{slope}");
}

#[rstest]
fn the_naive_chain_rule_adds_half_of_what_the_exact_sweep_adds() {
    let sweep = |method| {
        let (anatomy, about) = step("chain-rule-sweep", method, 0);
        assert!(about.contains("$∂f_1/∂x_1 = 9$"));
        let own = anatomy.term("gradient of f").expect("a gradient").value[0];
        assert!((own - 9.0).abs() < 1e-9, "{own}");
        (number(&anatomy, "hypergradient") - own, about)
    };
    let (naive, about) = sweep(0);
    let (exact, _) = sweep(1);
    assert!(about.contains("adds 9 through") && about.contains("only 4.5"));
    assert!(
        (naive - 4.5).abs() < 1e-9 && (exact - 9.0).abs() < 1e-9,
        "{naive} {exact}"
    );
    assert!(about.contains("three quarters"));
    assert!(((9.0 + naive) / (9.0 + exact) - 0.75).abs() < 1e-9);
}

#[rstest]
fn the_recursion_of_mrbo_cancels_most_of_the_noise() {
    let error = |method| {
        let errors: Vec<f64> = (100..300)
            .map(|iteration| {
                let (anatomy, about) = step("noise-that-cancels", method, iteration);
                assert!(
                    about.contains("by 0.76 in root mean square") && about.contains("by 0.16.")
                );
                // φ = (x − 2)² + (x − 1)²
                number(&anatomy, "hypergradient") - (4.0 * anatomy.before[1][0] - 6.0)
            })
            .collect();
        let squares: f64 = errors.iter().map(|error| error * error).sum();
        (squares / errors.len() as f64).sqrt()
    };
    let [stocbio, mrbo] = [0, 1].map(error);
    assert!((stocbio - 0.76).abs() < 5e-3, "{stocbio}");
    assert!((mrbo - 0.16).abs() < 5e-3, "{mrbo}");
}

/// f + λ g + ν ∂g/∂y + γ (∂g/∂y)² / 2 with f and g written out.
#[rstest]
fn contours_of_the_penalized_objective_lie_where_it_has_their_values() {
    embedded::register_presets();
    let text =
        "iterations = 9\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"penalty\"\npenalty = 0.4\n";
    let experiment = Experiment::read("x.toml", text).expect("the file is right");
    let problem = experiment.problem.build();
    let results = run_all(&experiment, &problem, None, ProgressReports::SILENT).expect("it runs");
    let starts = experiment.start_points(&*problem);
    let context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    let request = AnatomyPicture::request(&context).expect("there is a step");
    let token = WorkToken::default();
    let data = AnatomyPicture::compute(&request, None, 129, &token).expect("it is computed");
    let drawn = figures::<AnatomyPicture>(&context, &data, Theme::Light);
    let figure = drawn.iter().find(|figure| figure.title == "**Surrogate**");
    let layers = &figure.expect("the surrogate").layers;
    let relief = layers.iter().find_map(|layer| match layer {
        Layer::Relief(relief) => Some(relief),
        _ => None,
    });
    let relief = relief.expect("a relief");
    let runs = experiment.runs_of(0, &problem).expect("runs");
    let anatomy = step_anatomy(&runs[0].1, 9, &token).expect("a step");
    let [gamma, lambda, nu] =
        ["penalty", "gradient weight", "multipliers"].map(|name| number(&anatomy, name));
    let value = |[x, y]: [f64; 2]| {
        let f = (4.0 * y + 2.0).cos() / (1.0 + (2.0 - 4.0 * x).exp())
            + 0.5 * (4.0 * x - 2.0).powi(2).ln_1p();
        let g = (x + y).powi(2) + x * (x + y).sin().powi(2);
        let slope = 2.0 * (x + y) + x * (2.0 * (x + y)).sin();
        f + lambda * g + nu * slope + 0.5 * gamma * slope * slope
    };
    let mut levels: Vec<f64> = relief.contours.iter().map(|line| line.level).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    assert!(levels.len() > 4, "{levels:?}");
    let span = levels[levels.len() - 1] - levels[0];
    let mut worst = 0.0_f64;
    for line in &relief.contours {
        for &point in &line.points {
            worst = worst.max((value(point) - line.level).abs());
        }
    }
    // contours are straight between samples
    assert!(worst < 0.01 * span, "{worst} of {span}");
}
