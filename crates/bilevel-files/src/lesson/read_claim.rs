//! The reader of claims.

use bilevel::numerics::Point;
use bilevel::problem::{Metadata, OracleCall, Problem, nearest};
use bilevel::run::Status;
use bilevel::study::Verdict;

use super::claim::{ClaimMoment, ClaimSubject, Condition, LessonClaim, Quantity};
use super::fields::unknown_run;
use crate::experiment::file::document::{ANY, DocumentTable, DocumentValue, ErrorList, ReadError};
use crate::{Experiment, messages};

/// The keys of a claim.
pub(super) const KEYS: [&str; 17] = [
    "run",
    "start",
    "seed",
    "at",
    "x",
    "point",
    "quantity",
    "minima",
    "optimum",
    "optimum_f",
    "value",
    "within",
    "at_most",
    "at_least",
    "less_than",
    "more_than",
    "factor",
];
/// The keys that name the subject of a claim.
const SUBJECTS: [&str; 6] = ["run", "x", "point", "minima", "optimum", "optimum_f"];
/// The keys of a claim on a run besides those of its condition.
const OF_RUN: [&str; 5] = ["run", "start", "seed", "at", "quantity"];
/// The keys of a condition.
const CONDITION: [&str; 7] = [
    "value",
    "within",
    "at_most",
    "at_least",
    "less_than",
    "more_than",
    "factor",
];
/// The words of quantities besides those of variables, objectives and metrics.
const WORDS: [(&str, Quantity); 17] = [
    ("phi", Quantity::Phi),
    ("phi_gap", Quantity::PhiGap),
    ("f_gap", Quantity::ObjectiveGap),
    ("gap", Quantity::Gap),
    ("largest_gap", Quantity::LargestGap),
    ("distance", Quantity::Distance),
    ("hypergradient_error", Quantity::HypergradientError),
    ("slope", Quantity::Slope(0)),
    ("iterations", Quantity::Iterations),
    ("calls", Quantity::Calls),
    ("values", Quantity::CallsOf(OracleCall::Value)),
    ("gradients", Quantity::CallsOf(OracleCall::Grad)),
    ("hessian_products", Quantity::CallsOf(OracleCall::Hvp)),
    ("mixed_products", Quantity::CallsOf(OracleCall::Jvp)),
    ("cost", Quantity::Cost),
    ("verdict", Quantity::Verdict),
    ("status", Quantity::Status),
];

/// Reads a claim on a step with an experiment.
pub(super) fn read_claim(
    field: &DocumentValue<'_>,
    experiment: &Experiment,
    problem: &dyn Problem,
) -> Result<LessonClaim, ReadError> {
    let table = field.section("[[step.claim]]")?;
    table.only(&KEYS)?;
    let metadata = problem.metadata();
    let given = SUBJECTS.into_iter().filter_map(|key| table.get(key));
    let Some(named) =
        given.min_by_key(|subject| SUBJECTS.iter().position(|it| *it == subject.name))
    else {
        return Err(field.error(messages::lessons::claim_of_nothing()));
    };
    let allowed: &[&[&str]] = match named.name {
        "run" => &[&OF_RUN, &CONDITION],
        "x" | "point" => &[&[named.name, "quantity"], &CONDITION[..4]],
        "minima" => &[&["minima"]],
        _ => &[&[named.name, "within"]],
    };
    let is_allowed = |key: &str| allowed.iter().any(|keys| keys.contains(&key));
    if let Some(other) = table.fields().iter().find(|other| !is_allowed(other.name)) {
        let message = messages::lessons::key_of_other_claim(other.name, named.name);
        return Err(other.error(message));
    }
    let within = || needed_tolerance(&table, &named);
    let (subject, condition) = match named.name {
        "run" => read_run(&table, &named, experiment, metadata)?,
        "x" | "point" => read_point(&table, &named, metadata)?,
        "minima" => {
            let count = named.whole(0, 1000)? as f64;
            let condition = Condition::Near {
                value: count,
                within: 0.0,
            };
            (ClaimSubject::Minima, condition)
        }
        "optimum" => {
            let x = leader(&named, metadata)?;
            let condition = Condition::Between {
                at_least: 0.0,
                at_most: within()?,
            };
            (ClaimSubject::Optimum(x), condition)
        }
        _ => {
            let condition = Condition::Near {
                value: named.number(ANY)?,
                within: within()?,
            };
            (ClaimSubject::OptimumValue, condition)
        }
    };
    Ok(LessonClaim {
        line: field.line(),
        subject,
        condition,
    })
}

fn needed_tolerance(
    table: &DocumentTable<'_>,
    value: &DocumentValue<'_>,
) -> Result<f64, ReadError> {
    let field = table.get("within");
    let field = field.ok_or_else(|| value.error(messages::lessons::no_tolerance()))?;
    field.number([0.0, f64::MAX])
}

/// Reads a claim on a run.
fn read_run(
    table: &DocumentTable<'_>,
    run: &DocumentValue<'_>,
    experiment: &Experiment,
    metadata: &Metadata,
) -> Result<(ClaimSubject, Condition), ReadError> {
    let errors = ErrorList::default();
    let label = errors.keep(read_label(run, experiment));
    let starts = experiment.starts.len().max(1);
    let start = table.get("start").map_or(Ok(1), |field| {
        let number = field.whole(1, u64::MAX)?;
        if number > starts as u64 {
            return Err(field.error(messages::lessons::no_such_start(starts)));
        }
        Ok(number)
    });
    let start = errors.keep(start);
    let first = experiment.seeds.first().copied().unwrap_or_default();
    let seed = table.get("seed").map_or(Ok(first), |field| {
        let seed = field.whole(0, i64::MAX as u64)?;
        if !experiment.seeds.contains(&seed) {
            let seeds: Vec<String> = experiment.seeds.iter().map(u64::to_string).collect();
            return Err(field.error(messages::lessons::no_such_seed(seed, &seeds.join(", "))));
        }
        Ok(seed)
    });
    let seed = errors.keep(seed);
    let at = table.get("at");
    let at = at.map_or(Ok(ClaimMoment::End), |field| {
        read_moment(&field, experiment, metadata)
    });
    let at = errors.keep(at);
    let quantity = errors.keep(read_quantity(table, metadata));
    if let (Some(Quantity::Slope(_)), Some(field)) = (&quantity, table.get("quantity")) {
        errors.push(field.error(messages::lessons::slope_of_points()));
    }
    let condition = quantity.as_ref().and_then(|quantity| {
        let condition = if quantity.is_word() {
            read_word(table, quantity)
        } else {
            read_condition(table, quantity, experiment)
        };
        errors.keep(condition)
    });
    let read = || {
        let subject = ClaimSubject::Run {
            run: label?,
            start: start? as usize - 1,
            seed: seed?,
            at: at?,
            quantity: quantity?,
        };
        Some((subject, condition?))
    };
    let read = read();
    errors.or(read)
}

/// The label of a method of the experiment.
fn read_label(field: &DocumentValue<'_>, experiment: &Experiment) -> Result<String, ReadError> {
    let label = field.text()?;
    let known: Vec<String> = experiment
        .methods
        .iter()
        .map(|one| one.label.clone())
        .collect();
    if known.iter().any(|one| one == label) {
        Ok(label.to_owned())
    } else {
        Err(field.error(unknown_run(label, &known)))
    }
}

/// Reads a claim on a point of the problem.
fn read_point(
    table: &DocumentTable<'_>,
    named: &DocumentValue<'_>,
    metadata: &Metadata,
) -> Result<(ClaimSubject, Condition), ReadError> {
    let is_answered = named.name == "x";
    let mut point = metadata.start.clone();
    if is_answered {
        let x = leader(named, metadata)?;
        point[1].copy_from_slice(&x);
    } else {
        let sizes: Vec<usize> = metadata.start.to_blocks().iter().map(Vec::len).collect();
        let rows = named.list(messages::experiment::rows_per_level())?;
        let rows = rows.iter().map(numbers).collect::<Result<Vec<_>, _>>()?;
        if rows.iter().map(Vec::len).ne(sizes.iter().copied()) {
            return Err(named.error(messages::lessons::rows_of_point(&sizes)));
        }
        point = Point::from_blocks(&rows);
    }
    let quantity = read_quantity(table, metadata)?;
    if let (false, Some(field)) = (quantity.is_of_point(), table.get("quantity")) {
        let word = field.text()?;
        return Err(field.error(messages::lessons::quantity_of_runs(word)));
    }
    let condition = numeric(table, &quantity)?;
    let subject = ClaimSubject::Point {
        point,
        is_answered,
        quantity,
    };
    Ok((subject, condition))
}

fn numbers(field: &DocumentValue<'_>) -> Result<Vec<f64>, ReadError> {
    let items = field.list(messages::experiment::numbers())?;
    items.iter().map(|item| item.number(ANY)).collect()
}

/// Reads the leader's block.
fn leader(field: &DocumentValue<'_>, metadata: &Metadata) -> Result<Vec<f64>, ReadError> {
    let x = numbers(field)?;
    let size = metadata.shape().size(1);
    if x.len() == size {
        Ok(x)
    } else {
        Err(field.error(messages::lessons::numbers_of_leader(size, x.len())))
    }
}

/// Reads the row of a run: an iterate, a word, or a quantity that is reached.
fn read_moment(
    field: &DocumentValue<'_>,
    experiment: &Experiment,
    metadata: &Metadata,
) -> Result<ClaimMoment, ReadError> {
    if field.is_table() {
        let table = field.section("at")?;
        let [limit] = table.fields()[..] else {
            return Err(field.expected(messages::lessons::moment_forms()));
        };
        let quantity = quantity_of(limit.name, &limit, metadata)?;
        if quantity.is_word() || matches!(quantity, Quantity::Slope(_)) {
            return Err(limit.error(messages::lessons::moment_forms()));
        }
        return Ok(ClaimMoment::Reaching(quantity, limit.number(ANY)?));
    }
    match field.as_text() {
        Some("start") => return Ok(ClaimMoment::At(0)),
        Some("end") => return Ok(ClaimMoment::End),
        _ if field.any_number().is_none() => {
            return Err(field.expected(messages::lessons::moment_forms()));
        }
        _ => {}
    }
    let k = field.whole(0, Experiment::MOST_ITERATIONS)?;
    if k > experiment.iterations {
        let message = messages::lessons::beyond_the_end(k, experiment.iterations);
        return Err(field.error(message));
    }
    Ok(ClaimMoment::At(k))
}

fn read_quantity(table: &DocumentTable<'_>, metadata: &Metadata) -> Result<Quantity, ReadError> {
    let Some(field) = table.get("quantity") else {
        return Err(table.error(messages::lessons::missing_key(table.name, "quantity")));
    };
    quantity_of(field.text()?, &field, metadata)
}

/// The quantity of a word: one of the list, an objective, a variable or a metric.
fn quantity_of(
    word: &str,
    field: &DocumentValue<'_>,
    metadata: &Metadata,
) -> Result<Quantity, ReadError> {
    let names = names_of(metadata);
    let mut known = names.iter();
    if let Some((_, quantity)) = known.find(|(name, _)| name == word) {
        return Ok(quantity.clone());
    }
    let mut shown: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    // thousands of variables would hide the words
    shown.truncate(60);
    let hint = nearest::hint(word, &shown);
    Err(field.error(messages::lessons::unknown_quantity(word, &hint)))
}

/// The names of all quantities of a problem; a name that occurs twice means the first.
fn names_of(metadata: &Metadata) -> Vec<(String, Quantity)> {
    let levels = metadata.shape().levels();
    let words = WORDS
        .into_iter()
        .map(|(word, quantity)| (word.to_owned(), quantity));
    let mut names: Vec<(String, Quantity)> = words.collect();
    names.push(("f".to_owned(), Quantity::Objective(1)));
    names.push(("g".to_owned(), Quantity::Objective(levels)));
    names.extend((1..=levels).map(|level| (format!("f{level}"), Quantity::Objective(level))));
    let metrics = metadata.metrics.iter().enumerate();
    names.extend(metrics.map(|(at, metric)| (metric.name.to_owned(), Quantity::Metric(at))));
    for at in metadata.coordinates() {
        let own = metadata.variable(at).replace(['{', '}', '\\'], "");
        if at.level == 1 && metadata.shape().size(1) > 1 {
            names.push((format!("slope {own}"), Quantity::Slope(at.index)));
        }
        names.push((own, Quantity::Variable(at)));
        names.push((at.to_string(), Quantity::Variable(at)));
    }
    names
}

/// Reads the value of a verdict or a status.
fn read_word(table: &DocumentTable<'_>, quantity: &Quantity) -> Result<Condition, ReadError> {
    let others = CONDITION.iter().skip(1).find_map(|key| table.get(key));
    if let Some(other) = others {
        return Err(other.error(messages::lessons::words_have_a_value()));
    }
    let Some(field) = table.get("value") else {
        return Err(table.error(messages::lessons::words_have_a_value()));
    };
    let words: Vec<&'static str> = if *quantity == Quantity::Verdict {
        Verdict::ALL.map(Verdict::word).to_vec()
    } else {
        let text = String::new;
        let all = [
            Status::Converged(text()),
            Status::Budget,
            Status::Diverged(text()),
            Status::Failed(text()),
        ];
        all.iter().map(Status::word).collect()
    };
    Ok(Condition::Word(field.word(&words)?))
}

/// Reads a condition on the number of a run.
fn read_condition(
    table: &DocumentTable<'_>,
    quantity: &Quantity,
    experiment: &Experiment,
) -> Result<Condition, ReadError> {
    table.not_both("less_than", "more_than")?;
    let other = table.get("less_than").or_else(|| table.get("more_than"));
    let factor = table.get("factor");
    let Some(other) = other else {
        if let Some(factor) = factor {
            let message = messages::lessons::key_without("factor", "less_than");
            return Err(factor.error(message));
        }
        return numeric(table, quantity);
    };
    let further = CONDITION[..4].iter().find_map(|key| table.get(key));
    if let Some(further) = further {
        let message = messages::lessons::two_conditions(other.name, further.name);
        return Err(further.error(message));
    }
    let run = read_label(&other, experiment)?;
    let factor = factor.map_or(Ok(1.0), |field| field.number([f64::MIN_POSITIVE, f64::MAX]))?;
    Ok(match other.name {
        "less_than" => Condition::LessThan { run, factor },
        _ => Condition::MoreThan { run, factor },
    })
}

/// Reads a condition on a number.
fn numeric(table: &DocumentTable<'_>, quantity: &Quantity) -> Result<Condition, ReadError> {
    let [value, within] = ["value", "within"].map(|key| table.get(key));
    let [low, high] = ["at_least", "at_most"].map(|key| table.get(key));
    if let (Some(value), Some(limit)) = (value, low.or(high)) {
        let message = messages::lessons::two_conditions(value.name, limit.name);
        return Err(limit.error(message));
    }
    if let (None, Some(within)) = (value, within) {
        return Err(within.error(messages::lessons::key_without("within", "value")));
    }
    if let Some(value) = value {
        let within = match within {
            Some(field) => field.number([0.0, f64::MAX])?,
            None if quantity.is_count() => 0.0,
            None => return Err(value.error(messages::lessons::no_tolerance())),
        };
        let value = value.number(ANY)?;
        return Ok(Condition::Near { value, within });
    }
    if low.or(high).is_none() {
        return Err(table.error(messages::lessons::no_condition()));
    }
    let limit =
        |field: Option<DocumentValue<'_>>, none| field.map_or(Ok(none), |it| it.number(ANY));
    let (at_least, at_most) = (limit(low, f64::NEG_INFINITY)?, limit(high, f64::INFINITY)?);
    match low {
        Some(low) if at_least > at_most => Err(low.error(messages::lessons::limits_cross())),
        _ => Ok(Condition::Between { at_least, at_most }),
    }
}

/// The word of a quantity in files.
pub(super) fn name_of(quantity: &Quantity, metadata: &Metadata) -> String {
    let names = names_of(metadata);
    let found = names.into_iter().find(|(_, known)| known == quantity);
    found.map_or_else(String::new, |(name, _)| name)
}
