//! `check`: whether files are valid experiments, and the properties of their problems from samples.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Coordinate, Metadata, Minimum, Problem};
use bilevel::study::{CheckResult, ProblemCheck, ProblemChecks, known_obstacle};
use bilevel_figure::{MarkupFault, UndrawnNote, undrawn_notes};
use bilevel_files::{
    Experiment, Lesson, OpenLessonError, check_lesson, checks_as_json, checks_of, is_sampled,
    minima_as_json, names_lesson, open_lesson,
};
use serde_json::{Value, json};

use super::console::{self, complain, is_quiet, print, say};
use super::list::site;
use super::memory_need::{self, MemoryNeed};
use super::messages;
use super::opened;
use super::progress::with_spinner;

/// The time for the properties of one file's problem. A check that takes longer is left to other commands.
const LIMIT: Duration = Duration::from_secs(2);
/// The most variables and minima in a line of text or in lines of their own.
const FEW: usize = 12;

/// The properties of a problem, as far as they were found in time.
struct Properties {
    problem: Arc<dyn Problem>,
    checks: Option<ProblemChecks>,
    /// True if the minima are declared, or their search ended in time.
    has_minima: bool,
}

/// Checks all files, and reports every invalid one.
pub(super) fn check(files: &[String], as_json: bool) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    let mut entries: Vec<Value> = Vec::new();
    for file in files {
        if let Some(lesson) = lesson_of(file) {
            let (failed, entry) = check_lesson_file(file, lesson, as_json);
            code = failed.unwrap_or(code);
            entries.push(entry);
            continue;
        }
        match opened::open(file) {
            Ok(found) => {
                let problem = found.problem.build();
                let need = MemoryNeed::of(&found, &*problem, found.run_count());
                if let Err(error) = MemoryNeed::check(need.streamed) {
                    let line = messages::error_of_file(file, &error.to_string());
                    code = complain(&line);
                    entries.push(json!({ "file": file, "errors": [line] }));
                } else if as_json {
                    entries.push(entry(file, &found, need));
                } else {
                    describe(file, &found, need);
                }
            }
            Err(error) => {
                let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
                for line in &lines {
                    code = complain(line);
                }
                entries.push(json!({ "file": file, "errors": lines }));
            }
        }
    }
    if as_json {
        print(&format!("{:#}", Value::Array(entries)));
    }
    code
}

/// The lesson of a name, or its errors; `None` for an experiment.
fn lesson_of(file: &str) -> Option<Result<Lesson, OpenLessonError>> {
    names_lesson(file).then(|| open_lesson(file))
}

/// Measures the claims of a lesson, and prints a line for each. Returns the exit status of an error or of a claim that
/// does not hold, and the entry of the lesson in JSON.
fn check_lesson_file(
    file: &str,
    lesson: Result<Lesson, OpenLessonError>,
    as_json: bool,
) -> (Option<ExitCode>, Value) {
    let lesson = match lesson {
        Ok(lesson) => lesson,
        Err(error) => {
            let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
            let mut code = None;
            for line in &lines {
                code = Some(complain(line));
            }
            return (code, json!({ "file": file, "errors": lines }));
        }
    };
    let checks = with_spinner(messages::measuring_claims(file), || {
        check_lesson(&lesson, None, &WorkToken::default())
    });
    let held = checks.iter().filter(|check| check.holds).count();
    if !as_json {
        let counts = [held, checks.len()];
        say(&messages::lesson_is_right(file, lesson.steps.len(), counts));
    }
    for check in &checks {
        let place = [check.line, check.step];
        let line = messages::claim_of_lesson(file, place, check.holds, &check.sentence);
        if !check.holds {
            complain(&line);
        } else if !as_json {
            say(&line);
        }
    }
    let claims = checks.iter().map(|check| {
        json!({
            "step": check.step,
            "line": check.line,
            "holds": check.holds,
            "words": check.sentence,
        })
    });
    let entry = json!({
        "file": file,
        "errors": [],
        "steps": lesson.steps.len(),
        "claims": claims.collect::<Vec<_>>(),
    });
    let failed = (held < checks.len()).then_some(ExitCode::FAILURE);
    (failed, entry)
}

/// The properties of a file's problem; `None` for a problem that is not sampled.
fn properties(file: &str, experiment: &Experiment) -> Option<Properties> {
    let problem = experiment.problem.build();
    if !is_sampled(experiment, &*problem) {
        return None;
    }
    Some(with_spinner(messages::sampling(file), || {
        within_limit(|token| {
            let checks = checks_of(experiment, &*problem, token);
            let problem = experiment.problem.build_informed(token);
            Properties {
                has_minima: !token.is_cancelled() || !problem.metadata().minima.is_empty(),
                problem,
                checks,
            }
        })
    }))
}

/// The notes that are not drawn; `None` if their pictures take too long.
fn undrawn(file: &str, experiment: &Experiment) -> Option<Vec<UndrawnNote>> {
    if experiment.view.notes.is_empty() {
        return Some(Vec::new());
    }
    let problem = experiment.problem.build();
    with_spinner(messages::drawing_notes(file), || {
        within_limit(|token| undrawn_notes(experiment, &problem, token))
    })
}

/// Does some work with a token that is cancelled after the limit.
fn within_limit<T>(work: impl FnOnce(&WorkToken) -> T) -> T {
    let token = WorkToken::default();
    let (done, ended) = mpsc::channel::<()>();
    let watched = token.clone();
    let watch = std::thread::Builder::new().name("time limit".to_owned());
    // without a thread the work has no limit
    let watch = watch.spawn(move || {
        if ended.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            watched.cancel();
        }
    });
    let result = work(&token);
    drop(done);
    if let Ok(watch) = watch {
        // it has nothing to say
        let _ended = watch.join();
    }
    result
}

/// Prints what was read from a valid file, and the properties of its problem.
fn describe(file: &str, experiment: &Experiment, need: MemoryNeed) {
    if is_quiet() {
        return;
    }
    say(&messages::file_is_right(file, experiment.run_count()));
    if need.bytes >= memory_need::TOLD {
        let size = memory_need::size(need.bytes);
        say(&messages::memory_of_file(file, &size, need.rows, need.runs));
    }
    if let Some(data) = experiment.problem.build().data_summary() {
        say(&messages::data_of_file(file, &data));
    }
    describe_markup(file, experiment);
    match undrawn(file, experiment) {
        None => say(&messages::notes_not_checked(file, LIMIT.as_secs())),
        Some(undrawn) => {
            for it in undrawn {
                let text = &experiment.view.notes[it.number - 1].text;
                say(&messages::note_not_drawn(file, it.number, text, &it.reason));
            }
        }
    }
    let Some(found) = properties(file, experiment) else {
        return;
    };
    let metadata = found.problem.metadata();
    for (names, limits, shown) in boxes(metadata) {
        say(&messages::box_of_file(file, &names, limits, shown));
    }
    match &found.checks {
        None => say(&messages::no_checks(file, LIMIT.as_secs())),
        Some(checks) => {
            for (name, check) in [
                ("finite", &checks.finite),
                ("gradients", &checks.derivatives),
                ("convex", &checks.convex),
                ("unique", &checks.unique),
            ] {
                say(&messages::check_of_file(
                    file,
                    name,
                    mark(check),
                    &check.words,
                ));
            }
        }
    }
    if !found.has_minima {
        say(&messages::no_minima_in_time(file, LIMIT.as_secs()));
        return;
    }
    let doubt = doubt(&*found.problem);
    if metadata.minima.is_empty() || doubt.is_some() {
        say(&messages::no_global_minimum_of_file(file, doubt.as_deref()));
    }
    for found in metadata.minima.iter().take(FEW) {
        say(&messages::minimum_of_file(
            file,
            if found.is_global { "global" } else { "local" },
            site(found.site),
            &short(found.value),
            &place(metadata, found),
        ));
    }
    if metadata.minima.len() > FEW {
        say(&messages::more_minima(file, metadata.minima.len() - FEW));
    }
}

/// The reason for which none of a problem's minima is known to be global.
fn doubt(problem: &dyn Problem) -> Option<String> {
    let known = known_obstacle(problem).or_else(|| problem.metadata().doubt.clone());
    known.map(|words| console::plain(&words))
}

/// Prints the texts with signs that are drawn otherwise than they are typed, and the notes that are drawn as typed.
fn describe_markup(file: &str, experiment: &Experiment) {
    let figure = &experiment.view.figure;
    let own = [
        ("title", &experiment.title),
        ("question", &figure.question),
        ("answer", &figure.answer),
    ];
    let methods = experiment.methods.iter();
    let of_methods = methods.flat_map(|method| [("label", &method.label), ("note", &method.note)]);
    for (key, text) in own.into_iter().chain(of_methods) {
        if let Some(fault) = MarkupFault::of(text) {
            say(&messages::markup_of_file(
                file,
                key,
                text,
                &fault.to_string(),
            ));
        }
    }
    for (place, note) in experiment.view.notes.iter().enumerate() {
        if let Some(fault) = MarkupFault::of(&note.text) {
            let fault = fault.to_string();
            say(&messages::note_as_typed(
                file,
                place + 1,
                &note.text,
                &fault,
            ));
        }
    }
}

const fn mark(check: &ProblemCheck) -> &'static str {
    match check.answer {
        CheckResult::Yes => "yes",
        CheckResult::No => "no",
        CheckResult::Unknown => "unknown",
    }
}

/// The ranges of all variables, those of equal ones together: names, the box, and the sampled range where the box is open.
fn boxes(metadata: &Metadata) -> Vec<(String, [f64; 2], Option<[f64; 2]>)> {
    let range = |at: Coordinate| {
        let limits = metadata.bounds.limits(at.level)[at.index];
        let is_open = limits.iter().any(|end| end.is_infinite());
        (limits, is_open.then(|| metadata.start_range(at)))
    };
    let coordinates = metadata.coordinates();
    let groups = coordinates.chunk_by(|a, b| a.level == b.level && range(*a) == range(*b));
    let group = |group: &[Coordinate]| {
        let name = |at: Coordinate| plain(metadata, at);
        let names = match group {
            [first, _, _, .., last] => messages::from_to(&name(*first), &name(*last)),
            few => few
                .iter()
                .map(|at| name(*at))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let (limits, shown) = range(group[0]);
        (names, limits, shown)
    };
    groups.map(group).take(FEW).collect()
}

fn plain(metadata: &Metadata, at: Coordinate) -> String {
    metadata.variable(at).replace(['{', '}', '\\'], "")
}

/// The variables of a minimum by their names; a block that the minimum does not fix is left out.
fn place(metadata: &Metadata, minimum: &Minimum) -> String {
    let value = |at: &Coordinate| {
        let value = minimum.blocks[at.level - 1].as_ref()?[at.index];
        Some(format!("{} = {}", plain(metadata, *at), short(value)))
    };
    let mut values: Vec<String> = metadata.coordinates().iter().filter_map(value).collect();
    if values.len() > FEW {
        values.truncate(FEW);
        values.push("…".to_owned());
    }
    values.join(", ")
}

fn short(value: f64) -> String {
    let text = json!(bilevel::numerics::rounded(value, 8)).to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// The entry of a valid file in JSON; null is what was not sampled or not found in time.
fn entry(file: &str, experiment: &Experiment, need: MemoryNeed) -> Value {
    let undrawn = undrawn(file, experiment).map(|undrawn| {
        let entry = |it: UndrawnNote| json!({ "note": it.number, "words": it.reason });
        undrawn.into_iter().map(entry).collect::<Value>()
    });
    let mut entry = json!({
        "file": file,
        "errors": [],
        "runs": experiment.run_count(),
        "memory": need.bytes.round(),
        "data": experiment.problem.build().data_summary(),
        "box": null,
        "badges": null,
        "optimum": null,
        "minima": null,
        "undrawn_notes": undrawn,
    });
    let Some(found) = properties(file, experiment) else {
        return entry;
    };
    let metadata = found.problem.metadata();
    let finite = |value: f64| value.is_finite().then_some(value);
    let variable = |at: Coordinate| {
        json!({
            "name": plain(metadata, at),
            "bounds": metadata.bounds.limits(at.level)[at.index].map(finite),
            "sampled": metadata.start_range(at),
        })
    };
    entry["box"] = metadata.coordinates().into_iter().map(variable).collect();
    entry["badges"] = found.checks.as_ref().map_or(Value::Null, checks_as_json);
    if found.has_minima {
        entry["optimum"] = json!(metadata.optimum().and_then(finite));
        entry["minima"] = minima_as_json(metadata);
    }
    entry
}
