//! The messages of the command line in words: errors, states and the lines of results, a function per message.
//!
//! A function takes plain values and decides nothing but words, so that a translation is made in this file alone. The
//! help of arguments is beside each argument.

use bilevel::data::counted;

// errors

pub(super) fn error(message: &str) -> String {
    format!("error: {message}")
}

/// An error with the colour of errors.
pub(super) fn coloured_error(message: &str) -> String {
    format!("\u{1b}[1;31merror\u{1b}[0m: {message}")
}

/// The error of an invalid call of a command; `what` is its first sentence.
pub(super) fn wrong_call(what: &str, command: &str) -> String {
    let space = if command.is_empty() { "" } else { " " };
    format!("{what} (see bilevel-lab {command}{space}--help)")
}

pub(super) const fn window_and_command() -> &'static str {
    "a file, --fresh and --threads before a command are of the window, which a command does without"
}

/// An error with a suggestion.
pub(super) fn with_tip(what: &str, tip: &str) -> String {
    format!("{what}; {tip}")
}

pub(super) fn unknown_command(word: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("there is no command `{word}` (did you mean `{near}`?)"),
        None => format!("there is no command `{word}`"),
    }
}

/// The error of a single word that names no file and no preset, and nearly a command.
pub(super) fn unknown_name(word: &str, near: &str) -> String {
    format!("there is no command, file or preset `{word}` (did you mean `{near}`?)")
}

pub(super) fn output_lost(kind: std::io::ErrorKind, reason: &str) -> String {
    let reason = match kind {
        std::io::ErrorKind::StorageFull => "the disk is full",
        _ => reason,
    };
    format!("the output is lost: {reason}")
}

pub(super) const fn standard_input() -> &'static str {
    "standard input"
}

pub(super) const fn no_file() -> &'static str {
    "an experiment is missing: name a file or a preset, such as coreset"
}

pub(super) fn unknown_method(label: &str, known: &str) -> String {
    format!("`{label}` is no method of the experiment; there are {known}")
}

pub(super) const fn sweep_names_its_method() -> &'static str {
    "a sweep has the method that --vary names, and no --methods"
}

pub(super) fn runs_are_there(folder: &str) -> String {
    format!(
        "the runs in {folder} are computed: --iterations, --seed and --set are for an experiment's file"
    )
}

pub(super) fn only_survey(folder: &str) -> String {
    format!(
        "{folder} holds a survey and no runs; draw it with --view atlas (basins) or --view sweep"
    )
}

pub(super) fn unknown_table_format(file: &str) -> String {
    format!("the format of {file} is not known; name the table OUT.md, OUT.tex or OUT.csv")
}

pub(super) const fn only_data_on_output() -> &'static str {
    "the standard output takes the table of data alone; name a folder for figures, tables, --diagnostics and --resume"
}

pub(super) fn too_many_diagnostics(rows: u64, most: u64) -> String {
    format!(
        "--diagnostics would write about {} million lines, more than {} million; set a larger record_every in the file, or give fewer --iterations or --methods",
        rows.div_ceil(1_000_000),
        most / 1_000_000
    )
}

// memory

pub(super) fn error_of_file(file: &str, words: &str) -> String {
    format!("{file}: {words}")
}

pub(super) fn memory_of_file(file: &str, size: &str, rows: f64, runs: usize) -> String {
    let runs = counted(runs, "run");
    format!(
        "{file}: about {size} of memory for all {rows:.0} rows of {runs} at once, which pictures need; `run` without --figures writes them as it goes"
    )
}

pub(super) fn too_much_memory(size: &str, there: &str) -> String {
    format!(
        "the runs would take about {size} of memory, and there are {there}; thin their rows with `record_every`, leave out --figures, or divide them with --shard"
    )
}

pub(super) fn megabytes(number: f64) -> String {
    format!("{number} MB")
}

pub(super) fn gigabytes(number: f64) -> String {
    format!("{number} GB")
}

pub(super) fn terabytes(number: f64) -> String {
    format!("{number} TB")
}

pub(super) fn merge_into_part(part: &str) -> String {
    format!("{part} is one of the parts; choose another folder for the whole")
}

pub(super) fn other_survey(folder: &str) -> String {
    format!("{folder} holds another survey, which cannot be completed by this call")
}

pub(super) fn other_tuning(folder: &str) -> String {
    format!(
        "{folder} holds trials of other settings, which this call cannot complete; leave --resume out to replace them"
    )
}

pub(super) fn other_runs(folder: &str) -> String {
    format!(
        "{folder} holds runs of other settings, which this call cannot complete; leave --resume out to replace them"
    )
}

/// The error of a picture that could not be drawn, beside results that are written.
pub(super) fn no_picture(name: &str, reason: &str) -> String {
    format!("{name} is missing: {reason}; the numbers are written")
}

pub(super) fn wrong_whole(least: u64, most: Option<u64>) -> String {
    match most {
        Some(most) => format!("it must be a whole number from {least} to {most}"),
        None => format!("it must be a whole number from {least}"),
    }
}

pub(super) fn wrong_rest(given: &str) -> String {
    format!("it must be a number of at least 0, not {given}")
}

/// No scheduler has given the job a number; `names` are the variables that were looked up.
pub(super) fn no_scheduler(names: &str) -> String {
    format!("no scheduler numbers this job: none of {names} is set; write i/n")
}

pub(super) fn wrong_variable(name: &str, value: &str) -> String {
    format!("{name} is `{value}` and no whole number")
}

pub(super) fn no_number_of_jobs(name: &str) -> String {
    format!("{name} is the job's number; write how many jobs there are, such as auto/8")
}

/// The number of a job is no part; `error` is the sentence on the part.
pub(super) fn wrong_job(name: &str, error: &str) -> String {
    format!("the job's number, from {name}: {error}")
}

pub(super) fn wrong_label() -> String {
    "it must be made of letters, digits and the marks : . - _ /".to_owned()
}

pub(super) const fn only_in_latex() -> &'static str {
    "--siunitx, --caption and --label are for a table in LaTeX; name it OUT.tex"
}

pub(super) const fn full_in_csv() -> &'static str {
    "--digits and --bold are for Markdown and LaTeX: a table in CSV has numbers in full precision"
}

pub(super) fn unknown_format(file: &str) -> String {
    format!(
        "the format of {file} is not known; name the figure OUT.svg, OUT.pdf, OUT.png or OUT.dat"
    )
}

/// `endings` are those of the document, such as ".pdf".
pub(super) fn wrong_ending_of_document(file: &str, endings: &str) -> String {
    format!("`{file}`: the name of this document ends in {endings}")
}

pub(super) fn unknown_animation_format(file: &str) -> String {
    format!(
        "the format of {file} is not known; name the animation OUT.png, OUT.gif or OUT.mp4, or name a folder for frames"
    )
}

pub(super) const fn animation_is_no_output() -> &'static str {
    "an animation is a file or a folder; the standard output takes none"
}

pub(super) const fn survey_stays() -> &'static str {
    "a survey has no iterations, one of which could be drawn"
}

pub(super) fn beyond_the_end(at: u64, iterations: u64) -> String {
    format!("--at {at} is beyond the {iterations} iterations of the experiment")
}

pub(super) fn wrong_number(least: f64, most: f64) -> String {
    format!("it must be a number from {least} to {most}")
}

/// An animation that was written.
pub(super) fn animation(
    file: &str,
    frames: usize,
    [width, height]: [u32; 2],
    seconds: f64,
    size: &str,
) -> String {
    let frames = counted(frames, "frame");
    format!("{file}: {frames} of {width} x {height} pixels in {seconds:.1} s, {size}")
}

pub(super) fn remark_on(file: &str, remark: &str) -> String {
    format!("{file}: {remark}")
}

/// The reason why ends of runs have no verdict.
pub(super) fn reason_of_unknown(reason: &str) -> String {
    format!("unknown: {reason}")
}

pub(super) fn no_search(problem: &str, reason: Option<&str>) -> String {
    let usual = "it has too many variables, or its lower levels have no solution";
    let reason = reason.unwrap_or(usual);
    format!("the minima of {problem} cannot be searched: {reason}")
}

pub(super) const fn no_workers() -> &'static str {
    "the worker threads cannot be started"
}

// states

pub(super) fn computing_view(view: &str) -> String {
    format!("computing the view {view}")
}

pub(super) fn searching_minima(problem: &str) -> String {
    format!("searching the minima of {problem}")
}

pub(super) fn sampling(file: &str) -> String {
    format!("sampling the problem of {file}")
}

pub(super) fn measuring_claims(file: &str) -> String {
    format!("measuring the claims of {file}")
}

pub(super) const fn running() -> &'static str {
    "methods run"
}

pub(super) const fn making_report() -> &'static str {
    "making the page"
}

pub(super) const fn making_handout() -> &'static str {
    "making the sheets"
}

pub(super) fn reading_results() -> String {
    "reading the results".to_owned()
}

pub(super) fn judging_results() -> String {
    "the referee looks at every row".to_owned()
}

pub(super) fn repeating_steps() -> String {
    "computing the steps again, with their quantities".to_owned()
}

/// A phase of a command, as a line.
pub(super) fn phase(words: &str) -> String {
    format!("bilevel-lab: {words}")
}

/// The progress of a phase, as a line of a log.
pub(super) fn progress(words: &str, percent: f64, seconds: u64) -> String {
    format!("bilevel-lab: {words}, {percent:.0} % after {seconds} s")
}

/// The method, the start and the seed of a run.
pub(super) fn label_of_run(label: &str, start: usize, seed: u64) -> String {
    format!("{label}, start {start}, seed {seed}")
}

/// The end of a run, as a line.
pub(super) fn run_ended([ended, runs]: [usize; 2], run: &str, status: &str) -> String {
    let runs = counted(runs, "run");
    format!("bilevel-lab: {ended} of {runs}: {run}: {status}")
}

pub(super) fn interrupted(done: usize, all: usize) -> String {
    if all == 0 {
        return "interrupted; no file was written".to_owned();
    }
    let all = counted(all, "run");
    format!("interrupted: {done} of {all} went to the end")
}

pub(super) const fn earlier_stay() -> &'static str {
    "the earlier results in the folder stay"
}

pub(super) fn removed(names: &str) -> String {
    format!("removed from the earlier results: {names}")
}

pub(super) fn kept(names: &str) -> String {
    format!("warning: of the earlier results, these were changed since and stay: {names}")
}

// results

pub(super) fn file_is_right(file: &str, runs: usize) -> String {
    let runs = counted(runs, "run");
    format!("{file}: ok, {runs}")
}

/// A valid lesson, with the numbers of claims that hold and of all.
pub(super) fn lesson_is_right(file: &str, steps: usize, [held, claims]: [usize; 2]) -> String {
    let word = if held == claims { "ok, " } else { "" };
    let steps = counted(steps, "step");
    format!("{file}: {word}{steps}, {held} of {claims} claims hold")
}

/// A claim of a lesson, at its line and step.
pub(super) fn claim_of_lesson(
    file: &str,
    [line, step]: [usize; 2],
    holds: bool,
    sentence: &str,
) -> String {
    let word = if holds { "holds" } else { "does not hold" };
    format!("{file}:{line}: step {step}: {sentence}: {word}")
}

/// The data of a valid file, as they were read.
pub(super) fn data_of_file(file: &str, data: &str) -> String {
    format!("{file}: data: {data}")
}

/// A note that no picture draws, by its number and text, with the reason.
pub(super) fn note_not_drawn(file: &str, number: usize, text: &str, reason: &str) -> String {
    let text = bilevel::data::excerpt(text);
    format!("{file}: note {number}, {text}, is not drawn: {reason}")
}

/// A note that is not drawn in a figure.
pub(super) fn note_of_figure(number: usize, text: &str, reason: &str) -> String {
    let text = bilevel::data::excerpt(text);
    format!("note {number}, {text}, is not drawn: {reason}")
}

/// A note that is no markup, by its number and text, with the fault.
pub(super) fn note_as_typed(file: &str, number: usize, text: &str, fault: &str) -> String {
    let text = bilevel::data::excerpt(text);
    format!("{file}: note {number}, {text}, is drawn as typed: {fault}")
}

/// A text of a key with a fault of its markup.
pub(super) fn markup_of_file(file: &str, key: &str, text: &str, fault: &str) -> String {
    let text = bilevel::data::excerpt(text);
    format!("{file}: `{key}`, {text}, is drawn otherwise than it is typed: {fault}")
}

pub(super) fn drawing_notes(file: &str) -> String {
    format!("{file}: drawing the pictures of notes")
}

pub(super) fn notes_not_checked(file: &str, seconds: u64) -> String {
    format!("{file}: notes: their pictures take more than {seconds} s; not checked")
}

/// Several variables by the first and the last one.
pub(super) fn from_to(first: &str, last: &str) -> String {
    format!("{first}, …, {last}")
}

/// The box of variables, with the sampled range where it is open.
pub(super) fn box_of_file(
    file: &str,
    names: &str,
    [low, high]: [f64; 2],
    sampled: Option<[f64; 2]>,
) -> String {
    let sampled = sampled.map_or_else(String::new, |[low, high]| {
        format!(", sampled in [{low}, {high}]")
    });
    format!("{file}: box: {names} in [{low}, {high}]{sampled}")
}

/// The check of a property: its name, yes, no or unknown, and the evidence.
pub(super) fn check_of_file(file: &str, name: &str, answer: &str, words: &str) -> String {
    format!("{file}: {name}: {answer}: {words}")
}

pub(super) fn no_checks(file: &str, seconds: u64) -> String {
    format!("{file}: the properties of the problem cannot be checked within {seconds} s")
}

pub(super) fn no_minima_in_time(file: &str, seconds: u64) -> String {
    format!(
        "{file}: minima: not found within {seconds} s; bilevel-lab minima searches without a limit"
    )
}

pub(super) fn no_global_minimum_of_file(file: &str, reason: Option<&str>) -> String {
    match reason {
        None => format!("{file}: minima: none was found"),
        Some(reason) => format!("{file}: minima: none is known to be global: {reason}"),
    }
}

pub(super) fn minimum_of_file(
    file: &str,
    kind: &str,
    site: &str,
    value: &str,
    place: &str,
) -> String {
    format!("{file}: {kind} minimum, {site}: φ = {value} at {place}")
}

pub(super) fn more_minima(file: &str, more: usize) -> String {
    format!("{file}: and {more} more minima; bilevel-lab minima lists all")
}

pub(super) fn no_global_minimum(problem: &str, reason: &str) -> String {
    format!("no minimum of {problem} is known to be global: {reason}")
}

pub(super) fn no_minimum(problem: &str) -> String {
    format!("no minimum of {problem} was found")
}

pub(super) fn minimum(kind: &str, site: &str, value: &str, blocks: &str) -> String {
    format!("{kind:6}  {site:8}  φ = {value}  at [{blocks}]")
}

/// A run's line up to its gap.
pub(super) fn run(
    (label, width): (&str, usize),
    [start, seed]: [&str; 2],
    status: &str,
    iterations: u64,
    [f, gap]: [&str; 2],
) -> String {
    format!(
        "{label:width$}  start {start}  seed {seed}  {status:9}  {iterations:>8} iterations  f = {f}  gap = {gap}"
    )
}

/// A run that ended otherwise than it should, in a line of its own; the expected status is known if the file has one.
pub(super) fn unexpected_end(
    (label, [start, seed]): (&str, [usize; 2]),
    (status, iterations): (&str, u64),
    message: &str,
    expected: Option<&str>,
) -> String {
    let label = bilevel::data::plain_excerpt(label);
    let message = if message.is_empty() {
        String::new()
    } else {
        message_of_run(message)
    };
    let expected = expected.map_or_else(String::new, expected_status);
    format!(
        "{label}, start {start}, seed {seed}: {status} after {iterations} iterations{message}{expected}"
    )
}

pub(super) const fn verdicts_differ() -> &'static str {
    "a verdict on a claim is another one than in the list of claims"
}

pub(super) fn message_of_run(message: &str) -> String {
    format!("  ({message})")
}

pub(super) fn expected_status(status: &str) -> String {
    format!("  (expected: {status})")
}

pub(super) const fn unknown_number() -> &'static str {
    "unknown"
}

pub(super) fn score_of_trials(score: &str) -> String {
    format!("score of a trial: {score} at the end")
}
