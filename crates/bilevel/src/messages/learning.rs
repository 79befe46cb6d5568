//! Errors in the settings of problems that learn: parts larger than the data, and limits of size; and data in words.

use super::counted::counted;
use super::excerpt::{plain_excerpt, short_path};

// samples of images and documents

pub(crate) fn too_few_for_all_parts(asked: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!(
        "the split takes {asked} samples for training, validation and test together, and {name} has {there}"
    )
}

pub(crate) fn too_few_for_training_and_validation(
    asked: usize,
    name: &str,
    there: usize,
) -> String {
    let name = short_path(name);
    format!(
        "the split takes {asked} samples for training and validation together, and {name} has {there}"
    )
}

pub(crate) fn too_few_for_test(asked: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!("the split takes {asked} samples for the test, and {name} has {there}")
}

// rows of tables

pub(crate) fn too_few_rows(asked: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!(
        "the split takes {asked} rows for training and validation and needs one more for the test, and {name} has \
         {there}"
    )
}

pub(crate) fn too_many_perturbed(rows: usize, features: usize, most: usize) -> String {
    format!(
        "{rows} rows of {features} features are {} numbers that the adversary may change, and the limit is {most}",
        rows * features
    )
}

pub(crate) fn table_shape(rows: usize, features: usize, target: &str) -> String {
    let features = counted(features, "feature");
    let rows = counted(rows, "row");
    let target = plain_excerpt(target);
    format!("{rows}, {features}, target `{target}`")
}

pub(crate) fn classes(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|it| plain_excerpt(it))
        .collect();
    if names.len() > SHOWN {
        shown.push("…".to_owned());
    }
    format!("{} classes ({})", names.len(), shown.join(", "))
}

pub(crate) fn rows_left_out(rows: usize) -> String {
    let rows = counted(rows, "row");
    format!("{rows} with missing cells left out")
}

pub(crate) fn cells_filled(cells: usize) -> String {
    let cells = counted(cells, "missing cell");
    format!("{cells} filled by the mean of the training rows")
}

pub(crate) fn split_table(table: &str, sizes: [usize; 3], scale: &str) -> String {
    format!("{table}; {}; {scale}", parts(sizes))
}

/// The sizes of the parts of a split.
pub(crate) fn parts([train, validation, test]: [usize; 3]) -> String {
    format!("{train} for training, {validation} for validation, {test} for the test")
}

pub(crate) const fn scaled_by_training() -> &'static str {
    "standardized over the training rows"
}

pub(crate) const fn scaled_by_all() -> &'static str {
    "standardized over all rows"
}

pub(crate) const fn not_scaled() -> &'static str {
    "not standardized"
}

pub(crate) fn images(samples: usize, pixels: usize, classes: usize) -> String {
    format!("{samples} images of {pixels} pixels, {classes} classes")
}

pub(crate) fn documents(samples: usize, features: usize, classes: usize) -> String {
    let features = counted(features, "feature");
    let samples = counted(samples, "sample");
    format!("{samples}, {features}, {classes} classes")
}

pub(crate) fn drawn_documents(features: usize, classes: usize) -> String {
    let classes = counted(classes, "topic");
    let features = counted(features, "word");
    format!("documents drawn of {features} and {classes}")
}

pub(crate) fn data_and_parts(data: &str, sizes: [usize; 3]) -> String {
    format!("{data}; {}", parts(sizes))
}

pub(crate) fn with_scale(data: &str) -> String {
    format!("{data}; scaled to the root mean square 1 over the training samples")
}

pub(crate) fn share_of_drawn() -> &'static str {
    "a share is one of the samples of a file; documents that are drawn have a number"
}

pub(crate) fn too_many_model_weights(features: usize, classes: usize, most: usize) -> String {
    format!(
        "a model of {features} features and {classes} classes has more than {most} weights, the limit"
    )
}

pub(crate) fn too_many_classes(classes: usize, most: usize) -> String {
    format!("the network has {most} outputs, and these images have {classes} classes")
}

// drawn documents

pub(crate) fn too_many_words(documents: usize, words: usize, drawn: usize, most: usize) -> String {
    format!(
        "{documents} documents of {words} words would be {drawn} words; at most {most} are drawn"
    )
}

pub(crate) fn too_many_weights(words: usize, topics: usize, weights: usize, most: usize) -> String {
    format!(
        "a model of {words} words and {topics} topics would have {weights} numbers, and there may be {most}"
    )
}

pub(crate) fn more_topics_than_words(topics: usize, words: usize) -> String {
    format!("each of {topics} topics has words of its own, and the vocabulary has {words}")
}

// sequences of tasks

pub(crate) fn too_few_test_samples(test: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!("{test} test samples are requested, and {name} has {there}")
}

pub(crate) fn task_takes_too_many(train: usize, test: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!(
        "a task takes {train} samples for training and {test} for the test, and {name} has {there}"
    )
}

pub(crate) fn task_trains_on_too_many(train: usize, name: &str, there: usize) -> String {
    let name = short_path(name);
    format!("a task takes {train} samples for training, and {name} has {there}")
}

pub(crate) fn memory_too_large(memory: usize, train: usize) -> String {
    let verb = if memory == 1 { "is" } else { "are" };
    let memory = counted(memory, "sample");
    format!("{memory} of a task {verb} to be kept, and it has {train}")
}

pub(crate) fn too_many_for_validation(validation: usize, memory: usize) -> String {
    format!("{validation} of the samples that are kept are for validation, and {memory} are kept")
}
