//! Tables of classes split into training, validation and test samples, with a share of the training labels replaced.

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::dense_softmax::DenseRows;
use super::labelled_samples::LabelledSamples;
use super::part_sizes::part_sizes;
use super::split::{CLEANING_PARTS, Split, fault_of_sizes, with_random_labels};
use super::table_settings::{scaled_by, table_choice};
use crate::data::{ChosenTable, DataTable, ScaledTable, scale_words, table_words};
use crate::messages;
use crate::problem::benchmark::keys;
use crate::problem::{ConfigError, Settings};

/// The most entries of Θ.
const MOST_WEIGHTS: usize = 1_000_000;

/// Splits the chosen columns of a table. Rows are shuffled in any case, by a seed of 0 as well: tables are often sorted
/// by class.
///
/// # Errors
/// If columns are wrong.
pub(super) fn split_table(
    table: &DataTable,
    settings: &Settings,
    [random_labels, label_seed]: [f64; 2],
) -> Result<Split, ConfigError> {
    let error = |parameter, reason| ConfigError { parameter, reason };
    let choice = table_choice(settings, true);
    let chosen = table.choose(&choice)?;
    let (rows, classes) = (chosen.rows.len(), chosen.classes.len());
    if (chosen.features.len() + 1) * classes > MOST_WEIGHTS {
        let features = chosen.features.len();
        let reason = messages::learning::too_many_model_weights(features, classes, MOST_WEIGHTS);
        return Err(error("data", reason));
    }
    let asked = part_sizes(settings, &CLEANING_PARTS, 0.0, rows, true);
    let asked = [asked[0], asked[1], asked[2]];
    let too_few = fault_of_sizes(asked, table.name(), rows);
    let sizes = if too_few.is_some() {
        // any sizes that fit
        [rows - 2, 1, 1]
    } else {
        asked
    };
    let mut order: Vec<usize> = (0..rows).collect();
    let seed = settings.get(keys::SPLIT_SEED) as u64;
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let (training, rest) = order.split_at(sizes[0]);
    let (validating, testing) = rest.split_at(sizes[1]);
    let testing = &testing[..sizes[2]];
    let by = scaled_by(settings, false);
    let scaled = ScaledTable::of(&chosen, training, by, table.name());
    let samples = |rows: &[usize], labels: Option<Vec<u8>>| samples(&chosen, &scaled, rows, labels);
    let true_labels = labels_of(&scaled, training);
    let labels = with_random_labels(&true_labels, random_labels, label_seed as u64, classes);
    Ok(Split {
        train: samples(training, Some(labels)),
        true_labels,
        validation: samples(validating, None),
        test: samples(testing, None),
        summary: messages::learning::split_table(
            &table_words(table, &chosen),
            sizes,
            scale_words(by),
        ),
        fault: too_few.or_else(|| scaled.fault.map(ConfigError::from)),
    })
}

fn labels_of(scaled: &ScaledTable, rows: &[usize]) -> Vec<u8> {
    rows.iter().map(|&row| scaled.y[row] as u8).collect()
}

fn samples(
    chosen: &ChosenTable,
    scaled: &ScaledTable,
    rows: &[usize],
    labels: Option<Vec<u8>>,
) -> LabelledSamples {
    let features = scaled.features;
    let x = rows
        .iter()
        .flat_map(|&row| &scaled.x[row * features..][..features]);
    let labels = labels.unwrap_or_else(|| labels_of(scaled, rows));
    let dense = DenseRows::new(
        x.copied().collect(),
        labels,
        [features, chosen.classes.len()],
    );
    LabelledSamples::Rows(dense, None)
}
