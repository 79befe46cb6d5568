//! Who is ahead, and whose follower is not done: a value alone proves nothing while the gap is open.

/// A value gap up to this counts as closed.
pub const FEASIBLE: f64 = 1e-2;

/// How a run stands among the others at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the value gap is closed; `None` while it is not known.
    pub is_feasible: Option<bool>,
    /// The place among the runs with a closed gap, from 1, by the distance of f from the optimum.
    pub place: Option<usize>,
}

/// The standings of runs by their upper objective and value gap; without a known optimum the least value leads.
pub fn standings(runs: &[Option<(f64, Option<f64>)>], optimum: Option<f64>) -> Vec<Standing> {
    let distance = |f: f64| optimum.map_or(f, |optimum| (f - optimum).abs());
    let is_feasible =
        |run: &Option<(f64, Option<f64>)>| run.and_then(|(_, gap)| gap).map(|gap| gap <= FEASIBLE);
    let distances: Vec<Option<f64>> = runs
        .iter()
        .map(|run| {
            (is_feasible(run) == Some(true)).then(|| run.map_or(f64::NAN, |(f, _)| distance(f)))
        })
        .collect();
    runs.iter()
        .zip(&distances)
        .map(|(run, own)| Standing {
            is_feasible: is_feasible(run),
            place: own.map(|own| {
                1 + distances
                    .iter()
                    .flatten()
                    .filter(|other| **other < own)
                    .count()
            }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_value_with_an_open_gap_does_not_lead() {
        let runs = [
            Some((0.1, Some(0.5))),
            Some((0.75, Some(1e-3))),
            Some((0.9, Some(0.0))),
            Some((0.2, None)),
            None,
        ];
        let standings = standings(&runs, Some(0.72));
        let places: Vec<Option<usize>> = standings.iter().map(|standing| standing.place).collect();
        assert_eq!(places, [None, Some(1), Some(2), None, None]);
        assert_eq!(standings[0].is_feasible, Some(false));
        assert_eq!(standings[3].is_feasible, None);
    }
}
