//! Results on problems that learn from data, read from the tables of their documents: measuring them again takes too
//! long.

use anyhow::{Context as _, Result};
use bilevel::study::Share;

use super::finding::percent;
use super::messages;

/// The number of test digits of hyper-cleaning.
const TEST_DIGITS: usize = 2000;

/// The quoted documents as texts, which the program embeds.
#[derive(Clone, Copy, Debug)]
pub struct Documents {
    /// `docs/hyper-cleaning.md`.
    pub hyper_cleaning: &'static str,
    /// `docs/regularization.md`.
    pub regularization: &'static str,
    /// `docs/continual.md`.
    pub continual: &'static str,
}

/// The rows of the first table in a document whose head has these columns; cells in the order of `columns`.
fn rows<'a>(page: &'a str, columns: &[&str]) -> Result<Vec<Vec<&'a str>>> {
    let cells = |line: &'a str| -> Option<Vec<&'a str>> {
        let line = line.trim().strip_prefix('|')?.strip_suffix('|')?;
        Some(line.split('|').map(str::trim).collect())
    };
    let mut lines = page.lines().filter_map(cells);
    let is_head = |head: &Vec<&str>| columns.iter().all(|column| head.contains(column));
    let head = lines.find(is_head).context(messages::no_table())?;
    let place = |column: &&str| head.iter().position(|name| name == column);
    let places: Vec<usize> = columns.iter().filter_map(place).collect();
    let rows = lines.take_while(|row| row.len() == head.len());
    let rows = rows.filter(|row| !row[0].starts_with("---") && !row[0].starts_with('*'));
    Ok(rows
        .map(|row| places.iter().map(|&place| row[place]).collect())
        .collect())
}

fn value(cell: &str) -> f64 {
    cell.parse().unwrap_or(f64::NAN)
}

/// The results in a few sentences, each with a link to its document.
pub fn sentences(documents: Documents) -> Result<Vec<String>> {
    Ok(vec![
        cleaning(documents.hyper_cleaning)?,
        regularization(documents.regularization)?,
        continual(documents.continual)?,
    ])
}

fn cleaning(page: &str) -> Result<String> {
    let columns = ["method", "F1", "test accuracy", "weighted cost", "products"];
    let rows = rows(page, &columns)?;
    let ours = rows
        .iter()
        .find(|row| row[0] == "BOME")
        .with_context(|| messages::no_row_of_bome("hyper-cleaning.md"))?;
    let others = || rows.iter().filter(|row| row[0] != ours[0]);
    let above = |column: usize, least: f64| {
        let above = others().filter(|row| value(row[column]) > least);
        above.count()
    };
    // interval of the accuracy as a share of that many test digits
    let accuracy = value(ours[2]);
    let correct = (accuracy * TEST_DIGITS as f64).round() as usize;
    let share = Share::new(correct, TEST_DIGITS);
    let below = others().filter(|row| value(row[2]) < share.low);
    Ok(format!(
        "On hyper-cleaning, one run each with step sizes from the same search (T, η and momentum are the preset's, models are as the \
         runs leave them), BOME's test accuracy is {accuracy} ({:.3} to {:.3} by its {TEST_DIGITS} test digits); of {} other rows {} lie \
         above that interval and {} below it; {} lie above BOME's F1 of found labels, {}; it asks for {} products, and {} rows cost \
         more than its {} weighted calls, which are counts ([`hyper-cleaning.md`](hyper-cleaning.md), a reconstruction on other digits).",
        share.low,
        share.high,
        others().count(),
        above(2, share.high),
        below.count(),
        above(1, value(ours[1])),
        ours[1],
        ours[4],
        above(3, value(ours[3])),
        ours[3]
    ))
}

fn regularization(page: &str) -> Result<String> {
    let rows = rows(page, &["seed", "model", "test accuracy"])?;
    let of = |model: &str| -> Vec<f64> {
        let rows = rows.iter().filter(|row| row[1] == model);
        rows.map(|row| value(row[2])).collect()
    };
    let (ours, number) = (of("BOME, trained to the end"), of("one number"));
    let ahead = ours.iter().zip(&number).filter(|(a, b)| a > b).count();
    let methods = self::rows(page, &["method", "φ"])?;
    let bome = methods.iter().find(|row| row[0] == "BOME");
    let bome = bome.with_context(|| messages::no_row_of_bome("regularization.md"))?;
    let behind = methods.iter().filter(|row| value(row[1]) > value(bome[1]));
    Ok(format!(
        "On learnable regularization, BOME's exponents, with a model trained to the end, reach a higher test accuracy than a single exponent \
         on {} of {} seeds; after as many trials of step sizes for each, T, η and schedules as in the preset, its φ is {} in one run \
         each, and that of {} of the other {} methods is higher ([`regularization.md`](regularization.md), a reconstruction on generated \
         documents).",
        percent(Share::new(ahead, ours.len())),
        ours.len(),
        bome[1],
        behind.count(),
        methods.len() - 1
    ))
}

fn continual(page: &str) -> Result<String> {
    let rows = rows(page, &["training", "average accuracy"])?;
    let of = |training: &str| -> Result<&str> {
        let row = rows.iter().find(|row| row[0] == training);
        Ok(row.with_context(|| messages::missing_row("continual.md"))?[1])
    };
    Ok(format!(
        "On continual learning, BOME keeps an average accuracy of {}, over five seeds with two standard errors, where replay alone \
         keeps {}; but the same samples learnt in one level keep {} ([`continual.md`](continual.md), a reconstruction on permuted \
         digits).",
        of("BOME")?,
        of("replay only")?,
        of("one level")?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_documents_are_read_by_the_names_of_their_columns() {
        let page = "| b | a |\n| --- | --- |\n| 1 | x |\n| *no* | y |\n| 2 | z |\n\n| a | b |\n| 9 | 9 |\n";
        let found = rows(page, &["a", "b"]).expect("the table is there");
        assert_eq!(found[..2], [["x", "1"], ["z", "2"]]);
        assert!(rows(page, &["c"]).is_err());
    }
}
