//! Surveys: cells agree with single runs, parts merge to the whole, and the recorded shares are reproduced.

use std::sync::Arc;

use bilevel::method::METHODS;
use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::{Budget, Run};
use bilevel::study::{FinalState, KnownMinima, OutcomeCounts, RunIndex, SurveyOutcome, Verdict};
use bilevel_files::{Experiment, Shard, SurveyFiles, SurveyOptions, SurveyPlan};
use rayon::prelude::*;
use rstest::rstest;
use serde_json::json;

use crate::presets::open;

/// An experiment from the text of a file.
fn experiment(text: &str) -> (Experiment, Arc<dyn Problem>) {
    let experiment = Experiment::read("test", text).expect("an experiment");
    let problem = experiment.problem.build();
    (experiment, problem)
}

fn ask(side: usize) -> SurveyOptions {
    SurveyOptions {
        side,
        ..SurveyOptions::default()
    }
}

fn cells(plan: &SurveyPlan) -> Vec<SurveyOutcome> {
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    (0..plan.survey.len())
        .into_par_iter()
        .map(|number| {
            let place = plan.survey.place(number);
            let cell = plan.survey.cell(place, &goals, &token);
            cell.expect("it is not cancelled")
        })
        .collect()
}

/// The outcome counts of each variant.
fn tallies(plan: &SurveyPlan) -> Vec<OutcomeCounts> {
    let cells = cells(plan);
    let each = plan.survey.len() / plan.survey.variants.len();
    cells.chunks(each).map(OutcomeCounts::of_cells).collect()
}

#[rstest]
fn a_cell_is_the_run_from_its_start_bit_for_bit() {
    for (name, side) in [("pbgd", 5), ("stackelberg", 6), ("noise", 3)] {
        let experiment = open(name);
        let problem = experiment.problem.build();
        let mut asked = ask(side);
        if name == "pbgd" {
            asked.plane = Some(vec!["x".to_owned(), "y".to_owned()]);
        } else if problem.metadata().shape().size(1) > 1 {
            asked.plane = Some(vec!["x1[1]".to_owned(), "x2[1]".to_owned()]);
        }
        let plan = experiment.basins(&problem, &asked).expect("a survey");
        let token = WorkToken::default();
        let goals = plan.survey.goals(&token).expect("it is not cancelled");
        for number in (0..plan.survey.len()).step_by(7) {
            let place = plan.survey.place(number);
            let (cell, end) = plan.survey.ended(place, &goals, &token).expect("a cell");
            // an experiment with this start alone, as a click on the cell opens it
            let mut single = experiment.clone();
            let start = plan.survey.grid.start(place.cell);
            single.starts = vec![bilevel_files::StartSpec::At(start)];
            single.seeds = vec![plan.survey.seeds[place.seed]];
            let runs = single.runs_of(plan.methods[place.variant].method, &problem);
            let (_, spec) = runs.expect("a run").remove(0);
            let mut run = Run::new(spec, token.clone());
            while run.status().is_running() {
                run.advance(Budget::SliceUntil(u64::MAX));
            }
            let bits = |values: &[f64]| values.iter().map(|one| one.to_bits()).collect::<Vec<_>>();
            assert_eq!(
                bits(run.point().values()),
                bits(end.values()),
                "{name} {number}"
            );
            let ended = FinalState::of(&run);
            let end = KnownMinima::of(&*problem, &token)
                .and_then(|goals| goals.end(&*problem, ended, &token))
                .expect("an end");
            assert_eq!(end.verdict, cell.verdict, "{name} {number}");
            assert_eq!(end.phi.to_bits(), cell.phi.to_bits(), "{name} {number}");
        }
    }
}

#[rstest]
fn rest_begins_where_a_recorded_run_says() {
    let (experiment, problem) = experiment(
        "iterations = 400\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"bome\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 0.02\n",
    );
    let plan = experiment.basins(&problem, &ask(7)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    let mut rested = 0;
    for number in 0..plan.survey.len() {
        let place = plan.survey.place(number);
        let cell = plan.survey.cell(place, &goals, &token).expect("a cell");
        let mut run = Run::new(plan.survey.spec(place), token.clone());
        let mut last_unrest = 0;
        let mut cost = Vec::new();
        for iteration in 1..=400 {
            run.advance(Budget::Iterations(1));
            let bounds = &problem.metadata().bounds;
            let length = bounds.free_length(1, &run.point()[1], run.direction());
            cost.push(*run.counts());
            if length > goals.longest_at_rest(run.stride()) {
                last_unrest = iteration;
            }
        }
        let expected = (last_unrest + 1).min(400);
        assert_eq!(cell.k, expected as u64, "{place:?}");
        rested += usize::from(last_unrest < 400);
        let counts = cost[expected - 1];
        for (call, &calls) in bilevel::problem::OracleCall::ALL.iter().zip(&cell.calls) {
            assert_eq!(u64::from(calls), counts.total(*call));
        }
    }
    assert!(rested > 4, "{rested}");
}

/// With a large step size rest begins later: a direction that moves the leader by more than a thousandth of the width
/// is not at rest, however short it is.
#[rstest]
fn rest_under_long_steps_begins_later() {
    let (experiment, problem) = experiment(
        "iterations = 100\n[problem]\nid = \"henderson-quandt\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 2\n",
    );
    let plan = experiment.basins(&problem, &ask(5)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    let mut rested = 0;
    for number in 0..plan.survey.len() {
        let place = plan.survey.place(number);
        let cell = plan.survey.cell(place, &goals, &token).expect("a cell");
        let mut run = Run::new(plan.survey.spec(place), token.clone());
        let mut last_unrest = [0; 2];
        let longest = [run.stride(), 0.0].map(|stride| goals.longest_at_rest(stride));
        for iteration in 1..=100 {
            run.advance(Budget::Iterations(1));
            let length = run.direction()[0].abs();
            for (last, longest) in last_unrest.iter_mut().zip(longest) {
                if length > longest {
                    *last = iteration;
                }
            }
        }
        assert_eq!(cell.k, (last_unrest[0] + 1).min(100), "{place:?}");
        assert!(last_unrest[0] >= last_unrest[1]);
        rested += usize::from(last_unrest[0] < 100);
    }
    assert!(rested > 0 && goals.longest_at_rest(1e6) < goals.longest_at_rest(0.0));
}

#[rstest]
fn the_recorded_shares_of_three_levels_come_out() {
    let (sin, problem) = experiment(
        "iterations = 500\nstart = [[0], [0], [0]]\n[problem]\nid = \"tri-sin\"\n\
         [[method]]\nid = \"implicit\"\nouter_step_size = 0.02\n\
         [[method]]\nid = \"itd\"\nlabel = \"ITD, T = 10\"\ninner_steps = 10\ninner_step_size = 0.1\nouter_step_size = 0.02\n",
    );
    let plan = sin.basins(&problem, &ask(200)).expect("a survey");
    let [exact, truncated] = &tallies(&plan)[..] else {
        panic!("two methods");
    };
    assert!(
        (82..=86).contains(&exact.count(Verdict::Global)),
        "{exact:?}"
    );
    assert_eq!(truncated.count(Verdict::Global), 0, "{truncated:?}");
    for (step, global, moving) in [(0.05, 0.26, 0.22), (0.1, 0.47, 0.0)] {
        let (cosresp, problem) = experiment(&format!(
            "iterations = 500\nstart = [[0], [0], [0]]\n[problem]\nid = \"tri-cosresp\"\n[[method]]\nid = \"implicit\"\nouter_step_size = {step}\n",
        ));
        let plan = cosresp.basins(&problem, &ask(200)).expect("a survey");
        let tally = &tallies(&plan)[0];
        let share = |verdict| tally.share(verdict).share;
        assert!(
            (share(Verdict::Global) - global).abs() <= 0.02,
            "{step}: {tally:?}"
        );
        assert!(
            (share(Verdict::Moving) - moving).abs() <= 0.02,
            "{step}: {tally:?}"
        );
    }
}

#[rstest]
fn exact_descent_on_pbgd_parts_at_the_ridges_of_phi() {
    let (pbgd, problem) = experiment(
        "iterations = 2000\nstart = [[0], [0]]\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 0.01\n",
    );
    let side = 256;
    let plan = pbgd.basins(&problem, &ask(side)).expect("a survey");
    let cells = cells(&plan);
    let token = WorkToken::default();
    let referee = bilevel::referee::Referee::new(&*problem, &token);
    // the maxima of φ between its valleys, on a grid a hundred times as fine
    let fine = 100 * side;
    let phi: Vec<f64> = (0..=fine)
        .map(|place| {
            let mut at = problem.metadata().start.clone();
            at[1][0] = 3.0 * place as f64 / fine as f64;
            referee.reduced(&at).expect("an answer")
        })
        .collect();
    let ridges: Vec<f64> = (1..fine)
        .filter(|&place| phi[place] > phi[place - 1] && phi[place] >= phi[place + 1])
        .map(|place| 3.0 * place as f64 / fine as f64)
        .collect();
    let parted: Vec<f64> = (1..side)
        .filter(|&place| cells[place].index != cells[place - 1].index)
        .map(|place| 3.0 * (place as f64 - 0.5) / (side - 1) as f64)
        .collect();
    assert_eq!(
        (ridges.len(), parted.len()),
        (2, 2),
        "{ridges:?} {parted:?}"
    );
    for (ridge, parted) in ridges.iter().zip(&parted) {
        assert!(
            (ridge - parted).abs() <= 3.0 / (side - 1) as f64,
            "{ridges:?} {parted:?}"
        );
    }
}

#[rstest]
fn a_cancelled_cell_is_none() {
    let experiment = open("pbgd");
    let problem = experiment.problem.build();
    let plan = experiment.basins(&problem, &ask(4)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    token.cancel();
    let first = RunIndex {
        variant: 0,
        seed: 0,
        cell: 0,
    };
    assert!(plan.survey.cell(first, &goals, &token).is_none());
}

#[rstest]
fn a_survey_from_before_the_later_words_is_read_and_gets_all_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let summary = json!({
        "problem": "pbgd", "experiment": "", "version": "0.1.0", "grid": 2, "axes": [], "seeds": [0], "iterations": 9, "rest": 1e-3,
        "runs": 4, "file": "",
        "methods": [{
            "method": "bome", "label": "BOME", "total": 4, "cost": 7.0,
            "counts": {"global": 1, "local": 1, "boundary": 0, "jump": 0, "spurious": 1, "moving": 0, "diverged": 1},
            "shares": {},
        }],
    });
    let table = "run,seed,i,j,x1[1],verdict,index,k,cost,phi\nBOME,0,1,1,0.0,global,1,9,7.0,0.5\nBOME,0,2,1,1.0,local,2,9,8.0,0.7\n\
                 BOME,0,1,2,2.0,spurious,,9,9.0,0.9\nBOME,0,2,2,3.0,diverged,,9,9.0,\n";
    std::fs::write(folder.path().join("basins.json"), summary.to_string()).expect("a file");
    std::fs::write(folder.path().join("basins.csv"), table).expect("a file");
    let read = SurveyFiles::merge(&[folder.path()]).expect("an old survey");
    assert_eq!(read.csv().expect("a table"), table);
    let json = read.json();
    let method = &json["methods"][0];
    let counts = method["counts"].as_object().expect("counts");
    assert_eq!((counts.len(), &method["total"]), (10, &json!(4)));
    let ones: Vec<&str> = counts
        .iter()
        .filter(|(_, count)| **count == json!(1))
        .map(|(word, _)| word.as_str())
        .collect();
    assert_eq!(ones.len(), 4, "{counts:?}");
    for word in ["saddle", "unknown", "failed"] {
        assert_eq!(counts[word], json!(0));
        assert!(
            !read.table().head.contains(&word),
            "an empty column of a rare word"
        );
    }
}

#[rstest]
fn seeds_of_a_method_without_chance_do_not_narrow_its_interval() {
    let text = |seeds: &str| {
        format!(
            "seeds = {seeds}\niterations = 4\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"bome\"\n\
             [[method]]\nid = \"stocbio\"\ngradient_noise = 0.1\n"
        )
    };
    let shares = |seeds: &str| {
        let (experiment, problem) = experiment(&text(seeds));
        let plan = experiment.basins(&problem, &ask(3)).expect("a plan");
        let cells = cells(&plan);
        let json = SurveyFiles::new(&experiment, &plan, Shard::WHOLE, &cells).json();
        [0, 1].map(|method| json["methods"][method].clone())
    };
    let [once, several] = [shares("[5]"), shares("[5, 6, 7]")];
    assert_eq!(once[0]["shares"], several[0]["shares"], "BOME");
    assert_eq!(once[0]["total"], json!(3));
    assert_eq!(several[0]["total"], json!(9));
    assert_ne!(once[1]["shares"], several[1]["shares"], "stocBiO");
    let with_chance: Vec<&str> = METHODS
        .iter()
        .filter(|method| method.has_chance())
        .map(|method| method.id)
        .collect();
    assert_eq!(with_chance, ["evolution", "stocbio", "mrbo", "vrbo"]);
}
