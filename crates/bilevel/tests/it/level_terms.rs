//! Terms of steps on a problem of three levels, compared with formulas written here a second time.
//!
//! ```text
//! f_1 = 0.1 (x − 1)² + sin 3z,   f_2 = (y − x)²/2 + 0.1 y z,   f_3 = (z − y)²/2 + 0.05 z⁴
//! ```

use bilevel::numerics::WorkToken;
use bilevel::run::{RunSpec, StepRecord, StepReplay};
use bilevel::{method, problem};
use rstest::rstest;

use crate::known_steps::{TOLERANCE, close};

/// Step sizes and lengths of the loops of levels 2 and 3.
const ALPHA: f64 = 0.2;
const STEPS: usize = 5;
/// The loops' start, which is the start of the run.
const START: f64 = 0.0;
const STEP_SIZE: f64 = 0.05;

/// A level's end with its first and second derivatives by the level above.
#[derive(Clone, Copy)]
struct Answer {
    at: f64,
    slope: f64,
    bend: f64,
}

/// ∂F₂/∂y, with level 3 answering.
fn slope_of_level_2(x: f64, y: f64, z: Answer) -> f64 {
    y - x + 0.1 * z.at + 0.1 * y * z.slope
}

/// ∂²F₂/∂y².
fn hessian_of_level_2(y: f64, z: Answer) -> f64 {
    1.0 + 0.2 * z.slope + 0.1 * y * z.bend
}

/// The iterates of the loop of level 3 from its start, with derivatives by y.
fn loop_of_level_3(y: f64) -> Vec<Answer> {
    let mut z = Answer {
        at: START,
        slope: 0.0,
        bend: 0.0,
    };
    let mut path = vec![z];
    for _ in 0..STEPS {
        let curvature = 1.0 + 0.6 * z.at.powi(2);
        z = Answer {
            at: z.at - ALPHA * (z.at - y + 0.2 * z.at.powi(3)),
            slope: z.slope - ALPHA * (curvature * z.slope - 1.0),
            bend: z.bend - ALPHA * (curvature * z.bend + 1.2 * z.at * z.slope.powi(2)),
        };
        path.push(z);
    }
    path
}

fn end_of_level_3(y: f64) -> Answer {
    loop_of_level_3(y)[STEPS]
}

/// The answer of level 3, with derivatives of the root of z − y + 0.2 z³.
fn answer_of_level_3(y: f64) -> Answer {
    let mut z = y;
    for _ in 0..80 {
        z -= (z - y + 0.2 * z.powi(3)) / (1.0 + 0.6 * z * z);
    }
    let slope = 1.0 / (1.0 + 0.6 * z * z);
    Answer {
        at: z,
        slope,
        bend: -1.2 * z * slope.powi(3),
    }
}

/// The answer of level 2 by Newton's method.
fn answer_of_level_2(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..200 {
        let z = answer_of_level_3(y);
        y -= slope_of_level_2(x, y, z) / hessian_of_level_2(y, z);
    }
    y
}

fn records(id: &str, given: &[(&str, f64)], sweep: Option<(&str, &str)>) -> Vec<StepRecord> {
    let problem = problem::find("tri-sin").expect("it ships").instance();
    let mut spec = RunSpec::new(&problem, method::find(id).expect("it ships")).iterations(8);
    spec.start = bilevel::numerics::Point::from_blocks(&[vec![1.3], vec![START], vec![START]]);
    for (name, value) in given {
        spec = spec.with(name, *value).expect("a valid value");
    }
    if let Some((name, word)) = sweep {
        spec = spec.with(name, word).expect("a valid word");
    }
    let mut replay = StepReplay::new(spec);
    let token = WorkToken::default();
    [1, 2, 7]
        .map(|k| replay.step(k, &token).expect("a step"))
        .into()
}

fn expect(record: &StepRecord, name: &str, expected: &[f64]) {
    let what = format!("{name} in step {}", record.iteration);
    let found = record.terms.term(name);
    let found = found.unwrap_or_else(|| panic!("there is no {what}"));
    close(&found.value, expected, TOLERANCE, &what);
}

/// The gradient of f, the hypergradient, and the move along it.
fn expect_step(record: &StepRecord, z: f64, hypergradient: f64) {
    let x = record.before[1][0];
    expect(
        record,
        "gradient of f",
        &[0.2 * (x - 1.0), 0.0, 3.0 * (3.0 * z).cos()],
    );
    expect(record, "hypergradient", &[hypergradient]);
    close(
        &record.after[1],
        &[x - STEP_SIZE * hypergradient],
        TOLERANCE,
        "the move",
    );
}

#[rstest]
#[case("reverse")]
#[case("forward")]
fn unrolled_loops_report_their_formulas(#[case] mode: &str) {
    let given = [
        ("inner_steps", STEPS as f64),
        ("inner_step_size", ALPHA),
        ("outer_step_size", STEP_SIZE),
    ];
    for record in records("itd", &given, Some(("mode", mode))) {
        let x = record.before[1][0];
        let (mut y, mut by_x) = (START, 0.0);
        let (mut path, mut slopes, mut hessians) = (vec![y], Vec::new(), Vec::new());
        for _ in 0..STEPS {
            let z = end_of_level_3(y);
            let (slope, hessian) = (slope_of_level_2(x, y, z), hessian_of_level_2(y, z));
            by_x -= ALPHA * (hessian * by_x - 1.0);
            y -= ALPHA * slope;
            slopes.push(slope);
            hessians.push(hessian);
            path.push(y);
        }
        let z = end_of_level_3(y);
        let of_z = 3.0 * (3.0 * z.at).cos();
        let indirect = of_z * z.slope * by_x;
        if record.iteration == 1 {
            expect(&record, "inner path", &path);
            expect(&record, "inner gradients", &slopes);
            let deeper: Vec<f64> = loop_of_level_3(y).iter().map(|it| it.at).collect();
            expect(&record, "inner path of level 3", &deeper);
            expect(&record, "answers", &[y, z.at]);
        }
        if mode == "forward" {
            expect(&record, "responses", &[by_x, z.slope * by_x]);
            expect(&record, "indirect part", &[indirect]);
        } else {
            expect(&record, "partial gradient", &[0.2 * (x - 1.0)]);
            let mut adjoints = vec![of_z * z.slope];
            for hessian in hessians.iter().rev() {
                let last = adjoints[adjoints.len() - 1];
                adjoints.push(last - ALPHA * hessian * last);
            }
            expect(&record, "adjoints", &adjoints);
            // N_21 = −1
            let products: Vec<f64> = adjoints[..STEPS].iter().map(|it| -it).collect();
            expect(&record, "mixed products", &products);
            expect(&record, "swept step size", &[ALPHA]);
        }
        expect_step(&record, z.at, 0.2 * (x - 1.0) + indirect);
    }
}

#[rstest]
#[case("implicit", Some(("sweep", "reverse")))]
#[case("implicit", Some(("sweep", "forward")))]
#[case("chain-rule", None)]
fn exact_answers_report_their_formulas(
    #[case] id: &str,
    #[case] sweep: Option<(&'static str, &'static str)>,
) {
    for record in records(id, &[("outer_step_size", STEP_SIZE)], sweep) {
        let x = record.before[1][0];
        let y = answer_of_level_2(x);
        let z = answer_of_level_3(y);
        expect(&record, "answers", &[y, z.at]);
        let moved = answer_of_level_2(record.after[1][0]);
        expect(
            &record,
            "new answers",
            &[moved, answer_of_level_3(moved).at],
        );
        // the naive sweep holds z fixed in the Hessian of level 2 and in nothing else here
        let is_naive = id == "chain-rule";
        let hessian = if is_naive {
            1.0
        } else {
            hessian_of_level_2(y, z)
        };
        let of_z = 3.0 * (3.0 * z.at).cos();
        let of_y = of_z * z.slope;
        // ∂²f₂/∂z∂y moves nothing: level 3 is above no other
        let solution = of_y / hessian;
        if sweep == Some(("sweep", "forward")) {
            expect(&record, "responses", &[1.0 / hessian, z.slope / hessian]);
            expect(&record, "indirect part", &[solution]);
        } else {
            expect(&record, "right-hand side", &[of_y, of_z]);
            expect(&record, "linear solution", &[solution, of_z * z.slope]);
            expect(&record, "mixed products", &[0.0, -solution]);
        }
        expect_step(&record, z.at, 0.2 * (x - 1.0) + solution);
    }
}
