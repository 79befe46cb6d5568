//! The table of a survey's shares.

use bilevel::study::{OutcomeCounts, Share, Verdict};

use super::tables::{Table, TableCell, optional_cell};

/// A row for each entry; its key is a label followed by the values of the varied parameters.
///
/// The columns are the shares of all verdicts, that of the global optimum with its interval, and the median cost to get
/// there. A rare verdict has a column only if some run has it.
pub fn shares_table(entries: &[(Vec<String>, OutcomeCounts)]) -> Table {
    let mut head = vec!["method"];
    let varied = entries.first().map_or(0, |(key, _)| key.len() - 1);
    head.extend(["value", "second value"].into_iter().take(varied));
    head.extend(["runs", "global", "95 % from", "95 % to"]);
    let tallies: Vec<&OutcomeCounts> = entries.iter().map(|(_, tally)| tally).collect();
    let words = OutcomeCounts::words(&tallies);
    let others = &words[1..];
    head.extend(others.iter().map(|one| one.word()));
    head.push("cost");
    let rows = entries.iter().map(|(key, tally)| {
        let number = |text: &String| text.parse().map_or(TableCell::Unknown, TableCell::Number);
        let mut row = vec![TableCell::Text(key[0].clone())];
        row.extend(key[1..].iter().map(number));
        row.push(TableCell::Count(tally.total() as u64));
        let Share { share, low, high } = tally.share(Verdict::Global);
        row.extend([share, low, high].map(|value| optional_cell(Some(value))));
        for one in others {
            row.push(optional_cell(Some(tally.share(*one).share)));
        }
        row.push(optional_cell(tally.median_cost()));
        row
    });
    let rows = rows.collect();
    Table { head, rows }
}
