//! The part of a survey on the command line, also as the job's number from a scheduler.

use bilevel_files::Shard;

use crate::cli::messages;

/// The word for a number that a scheduler gives.
const AUTO: &str = "auto";

/// Variables of schedulers with a job's number, the number of the first job, and how many there are.
struct Scheduler {
    number: &'static str,
    /// A variable with the number of the first job, or a fixed one.
    first: Result<&'static str, usize>,
    /// The variable of the distance between two numbers, if there is one.
    step: Option<&'static str>,
    /// The variable of the number of jobs, if there is one.
    of: Option<&'static str>,
}

/// The schedulers, arrays of jobs before the tasks of one job.
const SCHEDULERS: [Scheduler; 4] = [
    Scheduler {
        number: "SLURM_ARRAY_TASK_ID",
        first: Ok("SLURM_ARRAY_TASK_MIN"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
        of: Some("SLURM_ARRAY_TASK_COUNT"),
    },
    Scheduler {
        number: "SLURM_PROCID",
        first: Err(0),
        step: None,
        of: Some("SLURM_NTASKS"),
    },
    Scheduler {
        number: "JOB_COMPLETION_INDEX",
        first: Err(0),
        step: None,
        of: None,
    },
    Scheduler {
        number: "PARALLEL_SEQ",
        first: Err(1),
        step: None,
        of: None,
    },
];

/// Reads `i/n`, `auto` or `auto/n`.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    shard_among(text, |name| std::env::var(name).ok())
}

fn shard_among(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let Some(rest) = text.trim().strip_prefix(AUTO) else {
        return text.parse();
    };
    let found = SCHEDULERS
        .iter()
        .find_map(|one| Some((one, variable(one.number)?)));
    let Some((scheduler, number)) = found else {
        let names = SCHEDULERS.each_ref().map(|one| one.number);
        return Err(messages::no_scheduler(&names.join(", ")));
    };
    let whole = |name: &str, text: &str| -> Result<usize, String> {
        text.trim()
            .parse()
            .map_err(|_error| messages::wrong_variable(name, text))
    };
    let first = match scheduler.first {
        Ok(name) => variable(name).map_or(Ok(1), |text| whole(name, &text))?,
        Err(fixed) => fixed,
    };
    let given = match rest.strip_prefix('/') {
        Some(of) => Some(of.to_owned()),
        None if rest.is_empty() => scheduler.of.and_then(&variable),
        None => return text.parse(),
    };
    let Some(of) = given else {
        return Err(messages::no_number_of_jobs(scheduler.number));
    };
    let step = match scheduler
        .step
        .and_then(|name| Some((name, variable(name)?)))
    {
        Some((name, text)) => whole(name, &text)?.max(1),
        None => 1,
    };
    let number = whole(scheduler.number, &number)?;
    let place = number
        .checked_sub(first)
        .map_or(0, |place| place / step + 1);
    format!("{place}/{of}")
        .parse()
        .map_err(|error: String| messages::wrong_job(scheduler.number, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Shard, String> {
        shard_among(text, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_job_of_a_scheduler_knows_its_part() {
        let part = |number, of| Ok(Shard { number, of });
        assert_eq!(read("2/5", &[]), part(2, 5));
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "12"),
            ("SLURM_ARRAY_TASK_MIN", "10"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ];
        assert_eq!(read("auto", &slurm), part(3, 4));
        let stepped = [&slurm[..], &[("SLURM_ARRAY_TASK_STEP", "2")]].concat();
        assert_eq!(read("auto", &stepped), part(2, 4));
        let tasks = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "8")];
        assert_eq!(read("auto", &tasks), part(1, 8));
        assert_eq!(read("auto/6", &[("JOB_COMPLETION_INDEX", "5")]), part(6, 6));
        assert_eq!(read("auto/6", &[("PARALLEL_SEQ", "1")]), part(1, 6));
    }

    #[test]
    fn what_a_scheduler_does_not_say_is_asked_for() {
        let error = |text: &str, variables: &[(&str, &str)]| {
            read(text, variables).expect_err("it is refused")
        };
        assert!(error("auto", &[]).contains("SLURM_ARRAY_TASK_ID"));
        assert!(error("auto", &[("PARALLEL_SEQ", "1")]).contains("auto/8"));
        assert!(error("auto/6", &[("JOB_COMPLETION_INDEX", "6")]).contains("7/6"));
        assert!(error("auto/6", &[("PARALLEL_SEQ", "one")]).contains("`one`"));
        assert!(error("automatic", &[("PARALLEL_SEQ", "1")]).contains("automatic"));
    }
}
