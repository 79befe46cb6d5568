//! The follower's stationary points as functions of x, and all minima of the reduced objective, against brute force and
//! closed forms.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Coordinate, PROBLEMS, Problem, Settings, Site};
use bilevel::referee::{Branches, ReducedCurve, StationaryKind, branches, reduced_curve};
use rstest::rstest;

use crate::toys::Toy;

const UPPER: Coordinate = Coordinate { level: 1, index: 0 };
const LOWER: Coordinate = Coordinate { level: 2, index: 0 };
/// The largest error of a claimed minimum.
const TOLERANCE: f64 = 1e-4;

/// All benchmarks and toys with a one-variable leader.
fn problems() -> Vec<(String, Arc<dyn Problem>)> {
    let shipped = PROBLEMS.iter().map(|entry| {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        (entry.id.to_owned(), problem)
    });
    let toys = Toy::ALL.iter().map(|toy| (format!("{toy:?}"), toy.build()));
    shipped
        .chain(toys)
        .filter(|(_, problem)| problem.metadata().shape().size(1) == 1)
        .collect()
}

/// The leader's range: the box, or the picture's range at an infinite end.
fn range(problem: &dyn Problem) -> [f64; 2] {
    let metadata = problem.metadata();
    let limits = metadata.bounds.limits(1)[0];
    let shown = metadata.range(UPPER);
    [0, 1].map(|end| {
        if limits[end].is_finite() {
            limits[end]
        } else {
            shown[end]
        }
    })
}

fn surveyed(problem: &dyn Problem) -> ReducedCurve {
    let metadata = problem.metadata();
    let token = WorkToken::default();
    reduced_curve(problem, &metadata.start, range(problem), 512, &token).expect("φ is a curve")
}

#[rstest]
fn every_minimum_of_a_leader_of_one_variable_is_found_and_no_other() {
    let mut faults = Vec::new();
    for (name, problem) in problems() {
        let found = surveyed(&*problem);
        // a minimum on a flat part of φ fixes no x
        let minima = problem.metadata().minima.iter();
        let claimed: Vec<(Option<f64>, f64)> = minima
            .map(|minimum| (minimum.coordinate(UPPER), minimum.value))
            .collect();
        let is_near = |(x, value): (Option<f64>, f64), found: [f64; 2]| {
            x.is_none_or(|x| (x - found[0]).abs() <= TOLERANCE)
                && (value - found[1]).abs() <= TOLERANCE
        };
        let places: Vec<[f64; 2]> = found.minima.iter().map(|m| [m.x, m.value]).collect();
        for &minimum in &claimed {
            if !places.iter().any(|&place| is_near(minimum, place)) {
                faults.push(format!(
                    "{name}: {minimum:?} is claimed but not found among {:?}",
                    found.minima
                ));
            }
        }
        for &place in &places {
            if !claimed.iter().any(|&minimum| is_near(minimum, place)) {
                faults.push(format!(
                    "{name}: {place:?} is found but not claimed among {claimed:?}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The bilevel problems with one variable per level.
fn planar() -> impl Iterator<Item = (String, Arc<dyn Problem>)> {
    let problems = problems().into_iter();
    problems.filter(|(_, problem)| {
        let shape = problem.metadata().shape();
        shape.levels() == 2 && shape.total() == 2
    })
}

/// The follower's range: the box, or the picture's range at an infinite end.
fn follower_range(problem: &dyn Problem) -> [f64; 2] {
    let metadata = problem.metadata();
    let limits = metadata.bounds.limits(2)[0];
    let shown = metadata.range(LOWER);
    [0, 1].map(|end| {
        if limits[end].is_finite() {
            limits[end]
        } else {
            shown[end]
        }
    })
}

fn traced(problem: &dyn Problem, columns: usize) -> Branches {
    let ranges = [range(problem), follower_range(problem)];
    branches(problem, ranges, columns, &WorkToken::default()).expect("the follower is traced")
}

/// The y of all branch segments of some kinds at an x.
fn heights(branches: &Branches, x: f64, is_wanted: fn(StationaryKind) -> bool) -> Vec<f64> {
    let stretches = branches
        .stretches
        .iter()
        .filter(|stretch| is_wanted(stretch.kind));
    let heights = stretches.filter_map(|stretch| {
        let pairs = stretch.points.windows(2);
        let [a, b] = pairs
            .map(|pair| [pair[0], pair[1]])
            .find(|[a, b]| a[0] <= x && x <= b[0])?;
        Some(a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]))
    });
    heights.collect()
}

/// The minima of g on a grid of y, as (y, g); both ends count if the box ends there.
fn minima_on_grid(problem: &dyn Problem, x: f64) -> Vec<[f64; 2]> {
    const ROWS: usize = 2001;
    let token = WorkToken::default();
    let [low, high] = follower_range(problem);
    let is_closed = problem.metadata().bounds.limits(2)[0].map(f64::is_finite);
    let mut point = problem.metadata().start.clone();
    point[1][0] = x;
    let rows: Vec<[f64; 2]> = (0..ROWS)
        .map(|row| {
            point[2][0] = low + (high - low) * row as f64 / (ROWS - 1) as f64;
            [point[2][0], problem.value(2, &point, &token)]
        })
        .collect();
    let minima = (0..ROWS).filter(|&row| {
        let below = row
            .checked_sub(1)
            .map_or(is_closed[0], |below| rows[below][1] > rows[row][1]);
        let above = rows
            .get(row + 1)
            .map_or(is_closed[1], |above| above[1] > rows[row][1]);
        below && above
    });
    minima.map(|row| rows[row]).collect()
}

#[rstest]
fn the_branches_are_the_minima_that_a_grid_finds_and_no_others() {
    for (name, problem) in planar() {
        let branches = traced(&*problem, 512);
        let [low, high] = range(&*problem);
        let [bottom, top] = follower_range(&*problem);
        let near = 2e-3 * (top - bottom);
        for number in 0..41 {
            let x = low + (high - low) * (0.31 + 0.618_033_988_749_895 * f64::from(number)).fract();
            let found = heights(&branches, x, StationaryKind::is_minimum);
            let global = heights(&branches, x, StationaryKind::is_global);
            let on_grid = minima_on_grid(&*problem, x);
            let best = on_grid
                .iter()
                .map(|[_, g]| *g)
                .fold(f64::INFINITY, f64::min);
            for [y, g] in &on_grid {
                assert!(
                    found.iter().any(|other| (other - y).abs() <= near),
                    "{name}: a minimum at ({x}, {y}) is not among {found:?}"
                );
                let is_global = global.iter().any(|other| (other - y).abs() <= near);
                let is_best = g - best <= 1e-4;
                assert!(is_best || !is_global, "{name}: ({x}, {y}) is not global");
            }
            let is_on_grid = |y: f64| on_grid.iter().any(|[other, _]| (other - y).abs() <= near);
            for y in found
                .iter()
                .filter(|y| bottom + near < **y && **y < top - near)
            {
                let is_flat = on_grid.is_empty();
                assert!(
                    is_flat || is_on_grid(*y),
                    "{name}: no minimum at ({x}, {y})"
                );
            }
            let favourites = heights(&branches, x, |kind| kind == StationaryKind::Chosen);
            let is_outside = problem.metadata().bounds.limits(2)[0][0].is_infinite();
            assert!(
                is_outside || !favourites.is_empty(),
                "{name}: no answer at {x}"
            );
        }
    }
}

#[rstest]
fn a_cusp_has_its_folds_and_its_jump_where_the_formula_says() {
    for columns in [2, 100, 101, 512] {
        let branches = traced(&*Toy::Cusp.build(), columns);
        let fold = 2.0 / (3.0 * 3.0_f64.sqrt());
        let folds: Vec<[f64; 2]> = branches.folds.clone();
        assert_eq!(folds.len(), 2, "{columns} columns: {folds:?}");
        for ([x, y], side) in folds.iter().zip([-1.0, 1.0]) {
            assert!((x - side * fold).abs() < 1e-6, "a fold at {x}");
            assert!(
                (y - side / 3.0_f64.sqrt()).abs() < 1e-3,
                "a fold at height {y}"
            );
        }
        assert_eq!(branches.leaps.len(), 1);
        let leap = branches.leaps[0];
        assert!(leap.x.abs() < 1e-6, "a jump at {}", leap.x);
        assert!((leap.y[0] - 1.0).abs() < 1e-6 && (leap.y[1] + 1.0).abs() < 1e-6);
        // the lower and the upper minimum, each global on one side, and the maximum between them
        let kinds =
            |kind: StationaryKind| branches.stretches.iter().filter(|s| s.kind == kind).count();
        assert_eq!(
            [
                StationaryKind::Chosen,
                StationaryKind::Local,
                StationaryKind::Maximum
            ]
            .map(kinds),
            [2, 2, 1]
        );
    }
}

#[rstest]
fn answers_that_meet_in_a_pitchfork_are_equally_good_up_to_there() {
    let branches = traced(&*Toy::Pitchfork.build(), 300);
    assert!(branches.leaps.is_empty(), "{:?}", branches.leaps);
    assert_eq!(branches.folds.len(), 1);
    assert!(branches.folds[0].iter().all(|value| value.abs() < 1e-3));
    let mut chosen = heights(&branches, -0.49, |kind| kind == StationaryKind::Chosen);
    chosen.sort_by(f64::total_cmp);
    assert_eq!(chosen.len(), 2);
    assert!((chosen[0] + 0.7).abs() < 1e-4 && (chosen[1] - 0.7).abs() < 1e-4);
    assert_eq!(heights(&branches, 0.5, StationaryKind::is_minimum), [0.0]);
}

#[rstest]
fn jumps_are_where_the_follower_is_torn_between_two_answers() {
    let jumps = |toy: Toy| -> Vec<f64> {
        let of_answers = traced(&*toy.build(), 512).leaps;
        let of_values = surveyed(&*toy.build()).jumps;
        assert_eq!(of_answers.len(), of_values.len(), "{toy:?}: {of_values:?}");
        for (leap, jump) in of_answers.iter().zip(&of_values) {
            assert!((leap.x - jump.x).abs() < 1e-6, "{toy:?}");
            assert!((leap.y[0] - jump.answers[0][0]).abs() < 1e-4, "{toy:?}");
            assert!((leap.y[1] - jump.answers[1][0]).abs() < 1e-4, "{toy:?}");
        }
        of_values.iter().map(|jump| jump.x).collect()
    };
    let expect = |toy: Toy, places: &[f64]| {
        let found = jumps(toy);
        assert_eq!(found.len(), places.len(), "{toy:?}: {found:?}");
        for (found, place) in found.iter().zip(places) {
            assert!((found - place).abs() < 1e-6, "{toy:?}: {found}");
        }
    };
    expect(Toy::Cusp, &[0.0]);
    expect(Toy::Trap, &[-0.5, 0.5]);
    expect(Toy::Bumps, &[1.0]);
    expect(Toy::Quartic, &[]);
    expect(Toy::Pair, &[]);
    expect(Toy::Indifferent, &[]);
}

#[rstest]
fn the_pessimistic_value_differs_where_answers_tie_that_the_leader_does_not_like_equally() {
    let tied = surveyed(&*Toy::Pair.build());
    assert_eq!(tied.pessimistic.len(), 1);
    for ([x, worst], [_, value]) in tied.pessimistic[0].iter().zip(&tied.pieces[0]) {
        let expected = 2.0 * (0.5 + 0.5 * x).sqrt();
        assert!((worst - value - expected).abs() < 1e-9, "{worst} at {x}");
    }
    for toy in [Toy::Pitchfork, Toy::Cusp, Toy::Trap] {
        assert!(surveyed(&*toy.build()).pessimistic.is_empty(), "{toy:?}");
    }
}

#[rstest]
fn minima_say_what_holds_them() {
    for toy in Toy::ALL {
        let found = surveyed(&*toy.build());
        for ([x, value], site) in toy.minima() {
            let there = found
                .minima
                .iter()
                .find(|minimum| (minimum.x - x).abs() < TOLERANCE);
            let there = there.unwrap_or_else(|| panic!("{toy:?}: none at {x}"));
            assert_eq!(there.site, site, "{toy:?} at {x}");
            assert!(
                (there.value - value).abs() < 1e-5,
                "{toy:?} at {x}: {}",
                there.value
            );
        }
    }
}

#[rstest]
fn a_smooth_minimum_is_found_to_eight_digits() {
    for (name, problem) in problems() {
        let found = surveyed(&*problem);
        let known = problem
            .metadata()
            .minima
            .iter()
            .filter(|minimum| minimum.site == Site::Interior);
        for minimum in known.filter(|_| PROBLEMS.iter().any(|entry| entry.id == name)) {
            let Some(x) = minimum.coordinate(UPPER) else {
                continue;
            };
            let distances = found.minima.iter().map(|found| (found.x - x).abs());
            let nearest = distances.fold(f64::INFINITY, f64::min);
            let found = found.minima.iter().find(|it| (it.x - x).abs() <= nearest);
            let site = found.map(|found| found.site);
            assert_eq!(site, Some(Site::Interior), "{name}: {x}");
            assert!(
                nearest <= 1e-8 * (1.0 + x.abs()),
                "{name}: {nearest:e} from {x}"
            );
        }
    }
}

#[rstest]
fn cancelled_work_ends_with_nothing() {
    let token = WorkToken::default();
    token.cancel();
    for (name, problem) in problems() {
        let start = &problem.metadata().start;
        let range = range(&*problem);
        assert!(
            reduced_curve(&*problem, start, range, 512, &token).is_none(),
            "{name}"
        );
        assert!(
            branches(&*problem, [range; 2], 512, &token).is_none(),
            "{name}"
        );
    }
}

#[rstest]
fn only_the_box_and_the_picture_of_one_variable_each_are_traced() {
    let token = WorkToken::default();
    for id in ["coreset", "degenerate", "tri-sin"] {
        let entry = bilevel::problem::find(id).unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        assert!(
            branches(&*problem, [[-1.0, 1.0]; 2], 10, &token).is_none(),
            "{id}"
        );
    }
    let problem = Toy::Cusp.build();
    let start = &problem.metadata().start;
    let shown = reduced_curve(&*problem, start, [0.2, 0.4], 100, &token).unwrap();
    assert!(
        shown.minima.is_empty(),
        "an end of a picture is none of the problem: {:?}",
        shown.minima
    );
    assert!(
        reduced_curve(&*problem, start, [2.0, 3.0], 100, &token).is_none(),
        "nothing is outside of the box"
    );
}
