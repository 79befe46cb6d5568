//! The reader of a step: its words, its experiment with changes, and what the window does with them.

use std::path::Path;

use bilevel::problem::{Problem, nearest};

use super::fields::{needed_text, unknown_run};
use super::model::{
    AskedPrediction, AskedQuestion, Highlight, LessonQuestion, LessonStep, StepPlayhead,
};
use super::read_claim::read_claim;
use crate::experiment::file::document::{DocumentTable, DocumentValue, ErrorList, ReadError};
use crate::experiment::file::read_figure::check_hidden;
use crate::experiment::file::read_parameter::read_parameter;
use crate::experiment::file::read_starts::{read_seeds, read_starts};
use crate::experiment::file::read_view::{check_vary, read_kind, read_view};
use crate::presets::{self, OpenExperimentError};
use crate::{Experiment, MethodSpec, ViewSpec, messages};

/// The keys of a step.
pub(super) const KEYS: [&str; 13] = [
    "title",
    "text",
    "experiment",
    "set",
    "methods",
    "view",
    "playhead",
    "play",
    "highlight",
    "question",
    "answer",
    "predict",
    "claim",
];
/// The keys of an experiment that a step may set, besides parameters.
const SETTABLE: [&str; 6] = [
    "iterations",
    "record_every",
    "seed",
    "seeds",
    "start",
    "starts",
];
/// The keys of a prediction, and the words that ask for the order of all methods and for the method of each curve.
const PREDICTION: [&str; 4] = ["end_of", CURVES, "at", "hides_optimum"];
const ORDER: &str = "order";
const CURVES: &str = "curves";
/// The word of the problem in place of a method's label.
const PROBLEM: &str = "problem";
/// The most characters of a title, a text, a question and an answer.
const LONGEST: [usize; 4] = [100, 4000, 500, 2000];

/// The experiment of the steps so far.
pub(super) struct StepExperiment<'t> {
    /// The name of the lesson's file.
    file: &'t str,
    /// The experiment with all its methods; `None` before the first step.
    whole: Option<Experiment>,
    /// Its name.
    name: String,
    /// The labels of the methods that are shown; `None` for all.
    shown: Option<Vec<String>>,
}

impl<'t> StepExperiment<'t> {
    pub(super) fn new(file: &'t str) -> Self {
        Self {
            file,
            whole: None,
            name: String::new(),
            shown: None,
        }
    }

    /// True if the next step may do without an experiment.
    pub(super) fn has_experiment(&self) -> bool {
        self.whole.is_some()
    }

    /// The experiment with the shown methods alone.
    fn shown(&self) -> Option<Experiment> {
        let mut experiment = self.whole.clone()?;
        if let Some(shown) = &self.shown {
            let kept = experiment.with_parents(shown);
            experiment.methods.retain(|one| kept.contains(&one.label));
            let hidden = &mut experiment.view.figure.hidden;
            hidden.retain(|label| kept.contains(label));
        }
        Some(experiment)
    }
}

/// Reads a step, and takes its experiment into `progress`.
pub(super) fn read_step(
    field: &DocumentValue<'_>,
    progress: &mut StepExperiment<'_>,
) -> Result<LessonStep, ReadError> {
    let step = field.section("[[step]]")?;
    let errors = ErrorList::default();
    errors.keep(step.only(&KEYS));
    let title = errors.keep(needed_text(&step, "title", LONGEST[0]));
    let text = errors.keep(needed_text(&step, "text", LONGEST[1]));
    let question = errors.keep(read_question(&step));
    errors.keep(take_experiment(&step, progress));
    let Some(whole) = progress.whole.as_mut() else {
        return errors.or(None);
    };
    errors.keep(read_changes(&step, whole));
    let problem = whole.problem.build();
    errors.keep(read_step_view(&step, whole, &*problem));
    errors.keep(read_methods(&step, progress));
    let experiment = progress.shown();
    let [playhead, playing] = [step.get("playhead"), step.get("play")];
    let playhead = errors.keep(playhead.map(|field| read_playhead(&field)).transpose());
    let is_playing = errors.keep(playing.map_or(Ok(false), |field| field.truth()));
    let Some(experiment) = experiment else {
        return errors.or(None);
    };
    if let Some(fault) = experiment.check(&*problem).err() {
        let at = step.get("set").or_else(|| step.get("experiment"));
        errors.push(at.map_or_else(
            || step.error(fault.to_string()),
            |at| at.error(fault.to_string()),
        ));
    }
    let highlights = errors.keep(read_highlights(&step, &experiment.methods));
    let predict = step.get("predict");
    let prediction = predict.map(|field| read_prediction(&field, &experiment));
    let prediction = errors.keep(prediction.transpose());
    let claims = read_claims(&step, &experiment, &*problem);
    let claims = errors.keep(claims);
    let read = || {
        Some(LessonStep {
            line: field.line(),
            title: title?,
            paragraphs: paragraphs(&text?),
            experiment_name: progress.name.clone(),
            playhead: playhead?,
            is_playing: is_playing?,
            highlights: highlights?,
            question: question?,
            prediction: prediction?,
            claims: claims?,
            experiment,
        })
    };
    let read = read();
    errors.or(read)
}

/// Parts a text at its empty lines; the lines of a paragraph are joined.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line);
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs.iter().map(|lines| lines.join(" ")).collect()
}

fn read_question(step: &DocumentTable<'_>) -> Result<Option<LessonQuestion>, ReadError> {
    match [step.get("question"), step.get("answer")] {
        [None, None] => Ok(None),
        [Some(question), None] => Err(question.error(messages::lessons::question_without_answer())),
        [None, Some(answer)] => Err(answer.error(messages::lessons::answer_without_question())),
        [Some(_), Some(_)] => Ok(Some(LessonQuestion {
            text: needed_text(step, "question", LONGEST[2])?,
            answer: needed_text(step, "answer", LONGEST[3])?,
        })),
    }
}

/// Reads the prediction: a method's label, "order" or "curves" alone, or a table.
fn read_prediction(
    field: &DocumentValue<'_>,
    experiment: &Experiment,
) -> Result<AskedPrediction, ReadError> {
    let table = if field.is_table() {
        let table = field.section("predict")?;
        table.only(&PREDICTION)?;
        Some(table)
    } else {
        None
    };
    let of_table = |key| table.as_ref().and_then(|it| it.get(key));
    let [end_of, curves, at, hides] = PREDICTION.map(of_table);
    let asks_curves = curves.map_or(Ok(false), |field| field.truth())?;
    let question = if table.is_none() {
        match field.text()? {
            ORDER => AskedQuestion::Order,
            CURVES => AskedQuestion::Curves,
            _ => AskedQuestion::EndOf(label_of(field, &experiment.methods)?),
        }
    } else {
        match end_of {
            Some(other) if asks_curves => {
                return Err(other.error(messages::lessons::one_question()));
            }
            Some(label) => AskedQuestion::EndOf(label_of(&label, &experiment.methods)?),
            None if asks_curves => AskedQuestion::Curves,
            None => AskedQuestion::Order,
        }
    };
    let ranked = experiment.methods.iter().filter(|it| !it.is_pinned);
    let usual = match question {
        AskedQuestion::Curves if ranked.count() < 2 => {
            return Err(field.error(messages::lessons::too_few_curves()));
        }
        // curves are recognized by all that they do
        AskedQuestion::Curves => experiment.iterations,
        AskedQuestion::EndOf(_) | AskedQuestion::Order => 0,
    };
    let at = at.map_or(Ok(usual), |field| field.whole(0, experiment.iterations))?;
    let hides_optimum = hides.map_or(Ok(false), |field| field.truth())?;
    Ok(AskedPrediction {
        question,
        at,
        hides_optimum,
    })
}

fn label_of(field: &DocumentValue<'_>, methods: &[MethodSpec]) -> Result<String, ReadError> {
    let (label, known) = (field.text()?, labels_of(methods));
    if known.iter().any(|one| one == label) {
        Ok(label.to_owned())
    } else {
        Err(field.error(unknown_run(label, &known)))
    }
}

/// Takes the experiment that a step names or holds, if it does.
fn take_experiment(
    step: &DocumentTable<'_>,
    progress: &mut StepExperiment<'_>,
) -> Result<(), ReadError> {
    let Some(field) = step.get("experiment") else {
        return if progress.has_experiment() {
            Ok(())
        } else {
            Err(step.error(messages::lessons::no_experiment()))
        };
    };
    let (name, experiment) = if field.is_table() {
        let name = Path::new(progress.file).file_stem();
        let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let own = Experiment::read_table(&field.section("[step.experiment]")?)?;
        (name, own)
    } else if let Some(word) = field.as_text() {
        open_named(progress.file, word).map_err(|error| {
            let message = match &error {
                // the sentence on a name says enough
                OpenExperimentError::Missing { .. } => error.to_string(),
                _ => messages::lessons::wrong_experiment(&error.to_string()),
            };
            field.error(message)
        })?
    } else {
        return Err(field.expected(messages::lessons::experiment_forms()));
    };
    progress.whole = Some(experiment);
    progress.name = name;
    progress.shown = None;
    Ok(())
}

/// Opens the file of a name beside the lesson or, if there is none, the preset.
fn open_named(file: &str, word: &str) -> Result<(String, Experiment), OpenExperimentError> {
    let beside = Path::new(file).with_file_name(word);
    if !word.is_empty() && beside.is_file() {
        let name = beside.to_string_lossy().into_owned();
        let experiment = presets::open(&name)?;
        return Ok((name, experiment));
    }
    if let Some(preset) = presets::find(word) {
        return Ok((preset.name.to_owned(), preset.read()?));
    }
    // an error that names what there is
    Ok((word.to_owned(), presets::open(word)?))
}

/// Applies `set`: keys of the experiment and parameters.
fn read_changes(step: &DocumentTable<'_>, experiment: &mut Experiment) -> Result<(), ReadError> {
    let Some(field) = step.get("set") else {
        return Ok(());
    };
    let set = field.section("set")?;
    let errors = ErrorList::default();
    for field in set.fields() {
        if field.is_table() {
            // LABEL.parameter without quotes is a table in TOML
            let inner = errors.keep(field.section(field.name));
            for parameter in inner.iter().flat_map(DocumentTable::fields) {
                errors.keep(change(experiment, field.name, &parameter, &set));
            }
        } else if let Some((label, parameter)) = field.name.rsplit_once('.') {
            let parameter = field.named(parameter.trim());
            errors.keep(change(experiment, label.trim(), &parameter, &set));
        } else if !SETTABLE.contains(&field.name) {
            let hint = nearest::hint(field.name, &SETTABLE);
            errors.push(field.error(messages::lessons::unknown_change(field.name, &hint)));
        }
    }
    if let Some(field) = set.get("iterations") {
        let count = field.whole(0, Experiment::MOST_ITERATIONS);
        experiment.iterations = errors.keep(count).unwrap_or(experiment.iterations);
    }
    if let Some(field) = set.get("record_every") {
        let every = field.whole(1, Experiment::MOST_ITERATIONS);
        experiment.record_every = errors.keep(every).unwrap_or(experiment.record_every);
    }
    if set.get("seed").or_else(|| set.get("seeds")).is_some()
        && let Some(seeds) = errors.keep(read_seeds(&set))
    {
        experiment.seeds = seeds;
    }
    if set.get("start").or_else(|| set.get("starts")).is_some() {
        let problem = experiment.problem.build();
        if let Some(starts) = errors.keep(read_starts(&set, Some(&*problem))) {
            experiment.starts = starts;
        }
    }
    errors.or(Some(()))
}

/// Sets a parameter of the problem, of the method with a label, or of all methods with an id.
fn change(
    experiment: &mut Experiment,
    label: &str,
    parameter: &DocumentValue<'_>,
    set: &DocumentTable<'_>,
) -> Result<(), ReadError> {
    let labels: Vec<String> = labels_of(&experiment.methods);
    let is_label = labels.iter().any(|known| known == label);
    if !is_label && label == PROBLEM {
        return read_parameter(parameter, set, &mut experiment.problem.settings);
    }
    let is_meant = |method: &MethodSpec| {
        if is_label {
            method.label == label
        } else {
            method.entry.id.eq_ignore_ascii_case(label)
        }
    };
    let mut is_there = false;
    for method in experiment.methods.iter_mut().filter(|it| is_meant(it)) {
        is_there = true;
        read_parameter(parameter, set, &mut method.settings)?;
    }
    if is_there {
        return Ok(());
    }
    Err(parameter.error(unknown_run(label, &labels)))
}

fn labels_of(methods: &[MethodSpec]) -> Vec<String> {
    methods.iter().map(|one| one.label.clone()).collect()
}

/// Reads the methods that the step shows.
fn read_methods(
    step: &DocumentTable<'_>,
    progress: &mut StepExperiment<'_>,
) -> Result<(), ReadError> {
    let (Some(field), Some(whole)) = (step.get("methods"), &progress.whole) else {
        return Ok(());
    };
    let known = labels_of(&whole.methods);
    let mut shown = Vec::new();
    for item in field.list(messages::experiment::labels())? {
        let label = item.text()?;
        if !known.iter().any(|one| one == label) {
            return Err(item.error(unknown_run(label, &known)));
        }
        shown.push(label.to_owned());
    }
    if shown.is_empty() {
        return Err(field.error(messages::lessons::no_methods()));
    }
    progress.shown = Some(shown);
    Ok(())
}

/// Reads the view: the name of one, or a table with keys of `[view]`, over those of the experiment.
fn read_step_view(
    step: &DocumentTable<'_>,
    experiment: &mut Experiment,
    problem: &dyn Problem,
) -> Result<(), ReadError> {
    let Some(field) = step.get("view") else {
        return Ok(());
    };
    if field.as_text().is_some() {
        experiment.view.kind = Some(read_kind(&field)?);
        return Ok(());
    }
    if !field.is_table() {
        return Err(field.expected(messages::lessons::view_forms()));
    }
    let errors = ErrorList::default();
    let own = read_view(step, Some(problem), &errors);
    experiment.view = laid_over(own, std::mem::take(&mut experiment.view));
    errors.keep(check_vary(step, experiment));
    errors.keep(check_hidden(step, experiment));
    errors.or(Some(()))
}

/// The options of a view over others: what is set replaces theirs.
fn laid_over(own: ViewSpec, beneath: ViewSpec) -> ViewSpec {
    let full = |own: Vec<_>, beneath| if own.is_empty() { beneath } else { own };
    let mut options = beneath.options;
    options.retain(|(name, _)| own.options.iter().all(|(set, _)| set != name));
    options.extend(own.options);
    options.sort_by_key(|(name, _)| *name);
    let (figure, under) = (own.figure, beneath.figure);
    ViewSpec {
        layout: own.layout.or(beneath.layout),
        race_x: own.race_x.or(beneath.race_x),
        race_y: own.race_y.or(beneath.race_y),
        landscape_level: own.landscape_level.or(beneath.landscape_level),
        plane: own.plane.or(beneath.plane),
        range: own.range.or(beneath.range),
        kind: own.kind.or(beneath.kind),
        options,
        slice: own.slice.or(beneath.slice),
        grid: own.grid.or(beneath.grid),
        vary: if own.vary.is_empty() {
            beneath.vary
        } else {
            own.vary
        },
        figure: crate::FigureSpec {
            race_scales: figure.race_scales.or(under.race_scales),
            race_runs: figure.race_runs.or(under.race_runs),
            race_target: figure.race_target.or(under.race_target),
            race_weights: figure.race_weights.or(under.race_weights),
            race_ranges: full(figure.race_ranges, under.race_ranges),
            figure_ranges: full(figure.figure_ranges, under.figure_ranges),
            hidden: if figure.hidden.is_empty() {
                under.hidden
            } else {
                figure.hidden
            },
            playhead: figure.playhead.or(under.playhead),
            page: under.page,
            question: under.question,
            answer: under.answer,
        },
        notes: beneath.notes,
    }
}

fn read_playhead(field: &DocumentValue<'_>) -> Result<StepPlayhead, ReadError> {
    match field.as_text() {
        Some("start") => Ok(StepPlayhead::At(0)),
        Some("end") => Ok(StepPlayhead::End),
        Some(_) => Err(field.expected(messages::lessons::playhead_forms())),
        None if field.any_number().is_none() => {
            Err(field.expected(messages::lessons::playhead_forms()))
        }
        None => Ok(StepPlayhead::At(
            field.whole(0, Experiment::MOST_ITERATIONS)?,
        )),
    }
}

fn read_highlights(
    step: &DocumentTable<'_>,
    methods: &[MethodSpec],
) -> Result<Vec<Highlight>, ReadError> {
    let Some(field) = step.get("highlight") else {
        return Ok(Vec::new());
    };
    let errors = ErrorList::default();
    let mut parts = Vec::new();
    for item in field.list(messages::lessons::parts())? {
        let Some(word) = errors.keep(item.text()) else {
            continue;
        };
        match Highlight::of_word(word) {
            Some(Highlight::Card(label)) if methods.iter().all(|one| one.label != label) => {
                errors.push(item.error(unknown_run(&label, &labels_of(methods))));
            }
            Some(part) => parts.push(part),
            None => {
                let words = Highlight::WORDS.map(|(word, _)| word);
                let hint = nearest::hint(word, &words);
                errors.push(item.error(messages::lessons::unknown_part(word, &hint)));
            }
        }
    }
    errors.or(Some(parts))
}

fn read_claims(
    step: &DocumentTable<'_>,
    experiment: &Experiment,
    problem: &dyn Problem,
) -> Result<Vec<super::claim::LessonClaim>, ReadError> {
    let Some(field) = step.get("claim") else {
        return Ok(Vec::new());
    };
    let errors = ErrorList::default();
    let tables = field.list(messages::lessons::claim_tables())?;
    let claims = tables.iter().filter_map(|table| {
        let claim = read_claim(table, experiment, problem);
        errors.keep(claim)
    });
    let claims = claims.collect();
    errors.or(Some(claims))
}
