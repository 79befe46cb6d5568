//! The hypergradient compass against differences of φ, closed forms, and the definitions of its methods.
//!
//! ```text
//! f = (x − 2)² + (y − 1)²,   g = ½ (y − x)²:   y* = x,   φ' = 2 (x − 2) + 2 (x − 1),   φ' = 0 at x = 3/2
//! alternating, y solved:     d = 2 (x − 2)
//! ITD, T steps, y solved:    d = 2 (x − 2) + 2 (1 − q) (x − 1),   q = (1 − α)^T,   d = 0 at x = (3 − q) / (2 − q)
//! ```

use std::f64::consts::{FRAC_PI_2, TAU};
use std::sync::Arc;

use bilevel::method::Inverse;
use bilevel::numerics::{WorkToken, richardson};
use bilevel::prelude::*;
use bilevel::problem::PROBLEMS;
use bilevel::referee::reduced_curve;
use bilevel::study::{
    Bearing, CompassMethod, DRAWS, course, direction, method_line, no_direction,
    recorded_direction, true_direction, true_grid, true_line,
};
use rstest::rstest;

#[derive(Debug)]
struct Parabolas;

impl Objectives for Parabolas {
    fn metadata(&self) -> Metadata {
        Metadata::new(Point::from_blocks(&[vec![0.5], vec![-1.5]]))
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 2.0).square() + (y - 1.0).square()
        } else {
            (y - x).square() * 0.5
        }
    }
}

fn parabolas() -> Arc<dyn Problem> {
    Arc::new(Differentiated::new(Parabolas))
}

fn spec(problem: &Arc<dyn Problem>, id: &str, numbers: &[(&str, f64)]) -> RunSpec {
    let mut spec = RunSpec::new(problem, method::find(id).expect("it ships"));
    for (name, number) in numbers {
        spec.settings
            .set(name, (*number).into())
            .expect("the parameter takes it");
    }
    spec
}

fn at_solution(spec: RunSpec) -> CompassMethod {
    CompassMethod { spec, lower: None }
}

/// Numbers spread evenly over [0, 1), the same in every test.
fn spread(count: usize, axis: usize) -> impl Iterator<Item = f64> {
    let step = [
        0.618_033_988_749_895,
        0.754_877_666_246_693,
        0.819_172_513_396_164,
    ];
    let step = step[axis % step.len()] + 0.001 * axis as f64;
    (1..=count).map(move |number| (number as f64 * step).fract())
}

/// Points of the leader's range at a distance of a hundredth of it from the box.
fn leaders(problem: &dyn Problem, count: usize) -> Vec<Point> {
    let metadata = problem.metadata();
    let mut points = vec![metadata.start.clone(); count];
    for index in 0..metadata.shape().size(1) {
        let [low, high] = metadata.range(Coordinate { level: 1, index });
        for (point, share) in points.iter_mut().zip(spread(count, index)) {
            point[1][index] = low + (0.01 + 0.98 * share) * (high - low);
        }
    }
    points
}

fn width(problem: &dyn Problem) -> f64 {
    let size = problem.metadata().shape().size(1);
    let ranges = (0..size).map(|index| problem.metadata().range(Coordinate { level: 1, index }));
    ranges.map(|[low, high]| high - low).fold(0.0, f64::max)
}

/// True if a leader of one variable is at least a hundredth of its range away from a place.
fn is_off(problem: &dyn Problem, point: &Point, places: &[f64]) -> bool {
    let reach = 0.01 * width(problem);
    places
        .iter()
        .all(|place| (point[1][0] - place).abs() >= reach)
}

/// The places at which ∇φ of a leader of one variable breaks, found from values of φ alone: second differences over a
/// step that do not shrink as fast as those of a smooth function.
fn breaks(problem: &dyn Problem) -> Vec<f64> {
    let token = WorkToken::default();
    let referee = Referee::new(problem, &token);
    let metadata = problem.metadata();
    let coordinate = Coordinate { level: 1, index: 0 };
    let [low, high] = metadata.range(coordinate);
    let phi = |x: f64| {
        let mut at = metadata.start.clone();
        at[1][0] = x;
        referee.reduced(&at).unwrap_or(f64::NAN)
    };
    let second = |x: f64, h: f64| (phi(x + h) - 2.0 * phi(x) + phi(x - h)).abs();
    let cells = 100_u32;
    let cell = (high - low) / f64::from(cells);
    let mut places = Vec::new();
    for number in 1..cells {
        let mut x = low + f64::from(number) * cell;
        let mut h = cell;
        // follow the largest second difference inwards: a kink's shrinks like h, a smooth one's like h²
        let first = second(x, h);
        for _ in 0..12 {
            h *= 0.5;
            let candidates = [x - h, x, x + h];
            let best = candidates
                .into_iter()
                .max_by(|a, b| second(*a, h).total_cmp(&second(*b, h)));
            x = best.unwrap_or(x);
        }
        let last = second(x, h);
        let scale = 1e-12 * (1.0 + phi(x).abs());
        if !last.is_finite() || last > scale.max(0.05 * first * h / cell) {
            places.push(x);
        }
    }
    places
}

/// The jumps of the lower-level solutions over a leader of one variable.
fn jumps(problem: &dyn Problem) -> Vec<f64> {
    let metadata = problem.metadata();
    let range = metadata.range(Coordinate { level: 1, index: 0 });
    let token = WorkToken::default();
    let curve = reduced_curve(problem, &metadata.start, range, 100, &token);
    let jumps = curve.map(|curve| curve.jumps).unwrap_or_default();
    jumps.iter().map(|jump| jump.x).collect()
}

/// The problems of few variables.
fn small() -> impl Iterator<Item = (&'static str, Arc<dyn Problem>)> {
    let all = PROBLEMS.iter().map(|entry| (entry.id, entry.instance()));
    all.filter(|(_, problem)| problem.metadata().shape().total() <= 12)
}

#[rstest]
fn the_true_direction_is_that_of_differences_of_phi() {
    let token = WorkToken::default();
    let mut compared = 0;
    for (id, problem) in small() {
        let problem = &*problem;
        let shape = problem.metadata().shape();
        let broken = match (shape.size(1), shape.levels()) {
            (1, 2) => breaks(problem),
            (1, _) => jumps(problem),
            _ => Vec::new(),
        };
        let referee = Referee::new(problem, &token);
        let mut here = 0;
        for point in leaders(problem, 4000) {
            if here == 50 {
                break;
            }
            if !is_off(problem, &point, &broken) {
                continue;
            }
            let Some(found) = true_direction(problem, &point, &token) else {
                continue;
            };
            let gradient = found
                .gradient
                .unwrap_or_else(|| panic!("{id}: undefined at {:?}", &point[1]));
            // the step is relative to large variables
            let largest = point[1].iter().fold(1.0_f64, |most, x| most.max(x.abs()));
            let step = 1e-4 * width(problem) / largest;
            let expected = richardson(&point[1], step, |x| {
                let mut moved = point.clone();
                moved[1].copy_from_slice(x);
                referee.reduced(&moved).unwrap_or(f64::NAN)
            });
            let expected = expected.unwrap_or_else(|| panic!("{id}: φ at {:?}", &point[1]));
            let size = gradient.iter().map(|one| one * one).sum::<f64>().sqrt();
            for (one, other) in gradient.iter().zip(&expected) {
                assert!(
                    (one - other).abs() <= 1e-7 * (1.0 + size),
                    "{id} at {:?}: {one} and {other}",
                    &point[1]
                );
            }
            here += 1;
        }
        assert_eq!(here, 50, "{id}: too few points beside {broken:?}");
        compared += 1;
    }
    assert!(compared > 30, "{compared} problems");
}

/// φ of `minimax` is 10 |v|. The follower of `sine` has its troughs at y = 2 − x − π/2 + 2 π k, and the leader wants the
/// one that is nearest to 4: two are as near at x = −2 − π/2 + 2 π k ± π. In `cusp-jump` the referee's jumps are meant.
#[rstest]
#[case("minimax", Some(0.0))]
#[case("sine", Some(FRAC_PI_2 - 2.0))]
#[case("sine", Some(FRAC_PI_2 - 2.0 + TAU))]
#[case("cusp-jump", None)]
fn at_jumps_and_kinks_it_is_undefined(#[case] id: &str, #[case] place: Option<f64>) {
    let token = WorkToken::default();
    let problem = problem::find(id).expect("it ships").instance();
    let start = &problem.metadata().start;
    let places = place.map_or_else(|| jumps(&*problem), |place| vec![place]);
    assert!(!places.is_empty(), "{id} jumps");
    let range = problem.metadata().range(Coordinate { level: 1, index: 0 });
    let line = true_line(&*problem, start, range, 61, &token).expect("there is φ");
    for x in places {
        let mut at = start.clone();
        at[1][0] = x;
        let found = true_direction(&*problem, &at, &token).expect("φ is defined");
        assert_eq!(found.gradient, None, "{id} at {x}");
        for side in [-1e-4, 1e-4] {
            at[1][0] = x + side;
            let found = true_direction(&*problem, &at, &token).expect("φ is defined");
            assert!(found.gradient.is_some(), "{id} beside {x}");
        }
        let reach = 1e-5 * (range[1] - range[0]);
        let is_crossed = |piece: &Vec<[f64; 2]>| {
            piece[0][0] < x - reach && x + reach < piece[piece.len() - 1][0]
        };
        assert!(
            !line.slope.iter().any(is_crossed),
            "{id}: a curve across {x}"
        );
    }
}

#[rstest]
fn the_exact_method_has_the_true_direction_at_the_reference_solution() {
    let token = WorkToken::default();
    let mut compared = 0;
    for (id, problem) in small() {
        let method = at_solution(spec(&problem, "implicit", &[]));
        for point in leaders(&*problem, 12) {
            let Some(found) = true_direction(&*problem, &point, &token) else {
                continue;
            };
            let (Some(gradient), Ok(own)) = (found.gradient, method.at(&found.answered, &token))
            else {
                continue;
            };
            let size = gradient.iter().map(|one| one * one).sum::<f64>().sqrt();
            for (one, other) in own.mean.iter().zip(&gradient) {
                assert!(
                    (one - other).abs() <= 1e-8 * size.max(1e-3),
                    "{id} at {:?}: {one} and {other}",
                    &point[1]
                );
            }
            compared += 1;
        }
    }
    assert!(compared > 250, "{compared}");
}

#[rstest]
fn the_alternating_baseline_lacks_the_response() {
    let token = WorkToken::default();
    let problem = parabolas();
    let method = at_solution(spec(&problem, "alternating", &[]));
    for x in [-3.0, 0.25, 1.5, 2.0, 7.0] {
        let at = Point::from_blocks(&[vec![x], vec![40.0]]);
        let found = true_direction(&*problem, &at, &token).expect("φ is a parabola");
        assert_eq!(&found.answered[2], &[x]);
        let own = method
            .at(&found.answered, &token)
            .expect("it has a direction");
        assert_eq!(own.mean, [2.0 * (x - 2.0)], "∂f/∂x");
        let gradient = found.gradient.expect("φ is smooth");
        assert!((gradient[0] - 2.0 * (x - 2.0) - 2.0 * (x - 1.0)).abs() < 1e-10);
    }
}

/// The borders of a method's hatch over [0, 4] at the reference solution.
fn borders(id: &str, numbers: &[(&str, f64)]) -> Vec<[f64; 2]> {
    let token = WorkToken::default();
    let problem = parabolas();
    let start = &problem.metadata().start;
    let line = true_line(&*problem, start, [0.0, 4.0], 64, &token).expect("there is φ");
    let method = at_solution(spec(&problem, id, numbers));
    method_line(&*problem, &line, &method, &token).wrong
}

#[rstest]
fn borders_of_a_hatch_agree_with_closed_forms() {
    let close = |found: &[[f64; 2]], expected: [f64; 2]| {
        let [[low, high]] = found else {
            panic!("one interval, not {found:?}");
        };
        assert!((low - expected[0]).abs() < 4e-6, "{low} and {expected:?}");
        assert!((high - expected[1]).abs() < 4e-6, "{high} and {expected:?}");
    };
    close(&borders("alternating", &[]), [1.5, 2.0]);
    for steps in [1, 2, 4, 8] {
        let q = 0.5_f64.powi(steps);
        let numbers = [("inner_steps", f64::from(steps)), ("inner_step_size", 0.5)];
        close(&borders("itd", &numbers), [1.5, (3.0 - q) / (2.0 - q)]);
    }
    assert_eq!(borders("implicit", &[]), Vec::<[f64; 2]>::new());
}

#[rstest]
fn a_method_without_noise_has_no_fan_and_noise_averages_out() {
    let token = WorkToken::default();
    let problem = parabolas();
    let at = Point::from_blocks(&[vec![0.5], vec![0.5]]);
    let exact = direction(&spec(&problem, "stocbio", &[]), &at, &token).expect("a direction");
    assert!(exact.draws.is_empty());
    assert_eq!(exact.fan(|draw| draw[0]), None);
    let noisy = spec(&problem, "stocbio", &[("gradient_noise", 0.3)]);
    let drawn = direction(&noisy, &at, &token).expect("a direction");
    assert_eq!(drawn.draws.len() as u64, DRAWS);
    assert_eq!(
        direction(&noisy, &at, &token),
        Ok(drawn.clone()),
        "keyed draws"
    );
    let mean = drawn.draws.iter().map(|draw| draw[0]).sum::<f64>() / DRAWS as f64;
    assert!((drawn.mean[0] - mean).abs() < 1e-12);
    let [low, high] = drawn.fan(|draw| draw[0]).expect("there are draws");
    let inside = drawn
        .draws
        .iter()
        .filter(|draw| low <= draw[0] && draw[0] <= high)
        .count();
    assert!((25..=27).contains(&inside), "{inside} of {DRAWS}");
    assert!(low < drawn.mean[0] && drawn.mean[0] < high);
    // the standard deviation of one draw is a few times 0.3
    assert!((drawn.mean[0] - exact.mean[0]).abs() < 1.5);
}

#[rstest]
fn a_method_that_compares_values_says_so_and_all_others_have_a_direction() {
    let problem = parabolas();
    for entry in METHODS {
        let reason = no_direction(&RunSpec::new(&problem, entry));
        assert_eq!(reason.is_some(), entry.id == "evolution", "{}", entry.id);
        // a part of a joint step inverts nothing: it estimates no hypergradient
        assert!(
            !entry.joint_step || entry.needs.inverse == Inverse::Never,
            "{}",
            entry.id
        );
    }
}

#[rstest]
#[case([1.0, 0.0], [2.0, 0.0], 0.0, 0.5)]
#[case([0.0, 3.0], [1.5, 0.0], 90.0, 2.0)]
#[case([-1.0, 1e-9], [1.0, 0.0], 180.0 - 1e-9_f64.to_degrees(), 1.0)]
#[case([1.0, 1e-9], [1.0, 0.0], 1e-9_f64.to_degrees(), 1.0)]
fn bearings_are_angles_and_ratios(
    #[case] vector: [f64; 2],
    #[case] gradient: [f64; 2],
    #[case] angle: f64,
    #[case] ratio: f64,
) {
    let found = Bearing::of(&vector, &gradient).expect("both have a length");
    assert!((found.angle - angle).abs() < 1e-12, "{found:?}");
    assert!((found.ratio - ratio).abs() < 1e-12, "{found:?}");
    assert_eq!(Bearing::of(&[0.0; 2], &gradient), None);
}

#[rstest]
#[case("aid-cg")]
#[case("bome")]
#[case("v-pbgd")]
fn velocities_are_those_between_recorded_points(#[case] id: &str) {
    let problem = parabolas();
    let numbers = [("momentum", 0.8), ("outer_step_size", 0.01)];
    let spec = spec(&problem, id, &numbers).iterations(60);
    let settings = spec.settings.clone();
    let (_, trace) = Run::to_end(spec);
    for row in [0, 1, 17, 59, 60] {
        let found = recorded_direction(&trace, row, &settings).expect("it is recorded");
        let row = row.min(59);
        assert_eq!(found.iteration, row as u64);
        let [from, to] = [row, row + 1].map(|row| trace.point(row).expect("it is kept")[1][0]);
        let velocity = found.velocity.expect("there is momentum")[0];
        let moved = (from - to) / 0.01;
        // v-pbgd divides its steps by its penalty, if that is above 1
        let ratio = velocity / moved;
        assert!(ratio >= 1.0 - 1e-9, "{id}: {velocity} and {moved}");
        if id != "v-pbgd" {
            assert!((ratio - 1.0).abs() < 1e-9, "{id}: {velocity} and {moved}");
        }
    }
    let plain = RunSpec::new(&problem, method::find(id).expect("it ships"));
    let found = recorded_direction(&trace, 3, &plain.settings).expect("it is recorded");
    assert_eq!(found.velocity, None, "without momentum");
}

#[rstest]
fn a_course_has_the_bearing_of_each_recorded_direction() {
    let token = WorkToken::default();
    let problem = problem::find("coreset").expect("it ships").instance();
    let spec = spec(&problem, "aid-cg", &[("inner_steps", 2.0)]).iterations(20);
    let settings = spec.settings.clone();
    let (_, trace) = Run::to_end(spec);
    let recorded: Vec<_> = (0..20)
        .filter_map(|row| recorded_direction(&trace, row, &settings))
        .collect();
    let samples = course(&*problem, &recorded, &token);
    assert_eq!(samples.len(), 20);
    let referee = Referee::new(&*problem, &token);
    for (sample, recorded) in samples.iter().zip(&recorded) {
        let gradient = referee
            .reduced_gradient(&recorded.point)
            .expect("it is smooth");
        assert_eq!(sample.bearing, Bearing::of(&recorded.direction, &gradient));
    }
}

#[rstest]
fn a_grid_has_the_middles_of_its_cells_within_the_box() {
    let token = WorkToken::default();
    let problem = problem::find("chain").expect("it ships").instance();
    let start = &problem.metadata().start;
    let grid = true_grid(&*problem, start, [[-1.0, 1.0], [0.0, 4.0]], 4, &token);
    let grid = grid.expect("the leader has two variables");
    assert_eq!(grid.cells.len(), 16);
    assert_eq!(grid.middle(0), [-0.75, 0.5]);
    assert_eq!(grid.middle(15), [0.75, 3.5]);
    for (place, cell) in grid.cells.iter().enumerate() {
        let cell = cell.as_ref().expect("φ is defined");
        assert_eq!(cell.answered[1], grid.middle(place));
    }
    token.cancel();
    assert!(true_grid(&*problem, start, [[-1.0, 1.0]; 2], 4, &token).is_none());
}
