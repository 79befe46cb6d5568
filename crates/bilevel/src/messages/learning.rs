//! Errors in the settings of problems that learn: parts larger than the data, and limits of size.

// samples of images and documents

pub(crate) fn too_few_for_all_parts(asked: usize, name: &str, there: usize) -> String {
    format!(
        "the split takes {asked} samples for training, validation and test together, and {name} has {there}"
    )
}

pub(crate) fn too_few_for_training_and_validation(
    asked: usize,
    name: &str,
    there: usize,
) -> String {
    format!(
        "the split takes {asked} samples for training and validation together, and {name} has {there}"
    )
}

pub(crate) fn too_few_for_test(asked: usize, name: &str, there: usize) -> String {
    format!("the split takes {asked} samples for the test, and {name} has {there}")
}

// rows of tables

pub(crate) fn too_few_rows(asked: usize, name: &str, there: usize) -> String {
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
    format!("{test} test samples are requested, and {name} has {there}")
}

pub(crate) fn task_takes_too_many(train: usize, test: usize, name: &str, there: usize) -> String {
    format!(
        "a task takes {train} samples for training and {test} for the test, and {name} has {there}"
    )
}

pub(crate) fn task_trains_on_too_many(train: usize, name: &str, there: usize) -> String {
    format!("a task takes {train} samples for training, and {name} has {there}")
}

pub(crate) fn memory_too_large(memory: usize, train: usize) -> String {
    format!("{memory} samples of a task are to be kept, and it has {train}")
}

pub(crate) fn too_many_for_validation(validation: usize, memory: usize) -> String {
    format!("{validation} of the samples that are kept are for validation, and {memory} are kept")
}
