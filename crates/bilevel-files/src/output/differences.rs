//! Rows with the differences of pinned methods to their counterparts, beneath those of the pinned methods.

use crate::{Experiment, Table, TableCell, counterpart, messages};

/// The columns that identify a run.
const KEYS: [&str; 2] = ["start", "seed"];
/// The columns without differences.
const WITHOUT: [&str; 10] = [
    "method", "includes", "status", "end", "place", "of level", "runs", "solved", "failed",
    "reached",
];

impl Table {
    /// Inserts a row after each row of a pinned method: its values minus those of the method that it is compared with, from
    /// the same start with the same seed. Values that are not known or not finite have no difference.
    pub fn insert_differences(&mut self, experiment: &Experiment) {
        let methods = &experiment.methods;
        let pairs = (0..methods.len()).filter_map(|slot| {
            let other = counterpart(methods, slot)?;
            Some((methods[slot].label.as_str(), methods[other].label.as_str()))
        });
        let pairs: Vec<(&str, &str)> = pairs.collect();
        let mut place = 0;
        while place < self.rows.len() {
            let found = pairs
                .iter()
                .find(|(label, _)| is_of(&self.rows[place], label));
            let row = found.and_then(|pair| self.difference(place, *pair));
            place += 1;
            if let Some(row) = row {
                self.rows.insert(place, row);
                place += 1;
            }
        }
    }

    /// The difference of a row of a pinned method to the row of another one.
    fn difference(&self, place: usize, (label, other): (&str, &str)) -> Option<Vec<TableCell>> {
        let own = &self.rows[place];
        let keys = self.head.iter().enumerate();
        let keys: Vec<usize> = keys
            .filter(|(_, name)| KEYS.contains(name))
            .map(|(column, _)| column)
            .collect();
        let is_same_run = |row: &&Vec<TableCell>| {
            is_of(row, other) && keys.iter().all(|&key| row[key] == own[key])
        };
        let counterpart = self.rows.iter().find(is_same_run)?;
        let cells = self.head.iter().zip(own.iter().zip(counterpart));
        let cell = |(name, (own, other)): (&&str, (&TableCell, &TableCell))| match *name {
            "method" => TableCell::Text(messages::experiment::difference(label, self_label(other))),
            name if KEYS.contains(&name) => own.clone(),
            name if WITHOUT.contains(&name) => TableCell::Unknown,
            _ => match number(own).zip(number(other)) {
                Some((own, other)) if (own - other).is_finite() => {
                    TableCell::Difference(own - other)
                }
                _ => TableCell::Unknown,
            },
        };
        Some(cells.map(cell).collect())
    }
}

fn is_of(row: &[TableCell], label: &str) -> bool {
    matches!(row.first(), Some(TableCell::Text(text)) if text == label)
}

fn self_label(cell: &TableCell) -> &str {
    match cell {
        TableCell::Text(text) => text,
        _ => "",
    }
}

fn number(cell: &TableCell) -> Option<f64> {
    match cell {
        TableCell::Number(number) => Some(*number),
        TableCell::Count(count) => Some(*count as f64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_method_has_its_difference_to_its_counterpart_beneath_it() {
        let text = "seeds = [0, 1]\n[problem]\nid = 'valleys'\n[[method]]\nid = 'bome'\n[[method]]\nid = 'bome'\n\
                    label = 'kept'\npinned = true\n[[method]]\nid = 'itd'\n";
        let experiment = Experiment::read("a.toml", text).unwrap();
        let label = |slot: usize| TableCell::Text(experiment.methods[slot].label.clone());
        let row = |slot, seed, phi, calls| {
            let phi = TableCell::Number(phi);
            vec![
                label(slot),
                TableCell::Count(seed),
                TableCell::Count(1),
                phi,
                TableCell::Count(calls),
            ]
        };
        let mut table = Table {
            head: vec!["method", "seed", "place", "phi - phi*", "gradients"],
            rows: vec![
                row(1, 0, 0.5, 70),
                row(0, 0, 0.25, 100),
                row(1, 1, 0.5, 70),
                row(0, 1, f64::INFINITY, 40),
                row(2, 0, 0.0, 0),
            ],
        };
        table.insert_differences(&experiment);
        assert_eq!(table.rows.len(), 7);
        let difference = |seed, phi, calls| {
            let label = TableCell::Text(format!("kept − {}", experiment.methods[0].label));
            let calls = TableCell::Difference(calls);
            vec![
                label,
                TableCell::Count(seed),
                TableCell::Unknown,
                phi,
                calls,
            ]
        };
        assert_eq!(
            table.rows[1],
            difference(0, TableCell::Difference(0.25), -30.0)
        );
        assert_eq!(table.rows[4], difference(1, TableCell::Unknown, 30.0));
        assert!(table.markdown().contains("| +0.2500 | -30.00 |"));
    }
}
