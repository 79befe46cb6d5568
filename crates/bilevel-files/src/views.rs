//! Names and options of views, which the crate that draws them registers.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use bilevel::problem::{DefaultValue, Parameter, ParameterChoice, ParameterKind};

/// A view, as files, menus and the command line name it.
#[derive(Clone, Copy, Debug)]
pub struct ViewInfo {
    /// The word in files and on the command line.
    pub id: &'static str,
    /// Words of earlier versions, which are still read.
    pub old_ids: &'static [&'static str],
    /// The words in menus.
    pub title: &'static str,
    /// The content in a line, without a full stop.
    pub meaning: &'static str,
    /// Suggestions for the window: a gesture and its effect.
    pub hints: &'static [[&'static str; 2]],
    /// Options: keys of `[view]`, sliders and switches in the window.
    pub options: &'static [Parameter],
    /// True for a view that stands beside the others and is not chosen by `kind`.
    pub is_beside: bool,
    /// The most pictures that the view has for any problem.
    pub most_figures: usize,
    /// The words of the axes of its pictures.
    pub axis_words: AxisWords,
}

/// The words of the axes of a view's pictures, by which notes know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisWords {
    /// The labels of the axes: any words.
    Labels,
    /// Two variables; in the second picture a variable and this word.
    Variables(&'static str),
    /// A cost and a measure of runs; in the second picture a cost and this word.
    Costs(&'static str),
}

/// The most pictures of a view that depends on the problem.
pub(crate) const MOST_FIGURES: usize = 64;

impl ViewInfo {
    /// A view without words and options.
    pub const EMPTY: Self = Self {
        id: "",
        old_ids: &[],
        title: "",
        meaning: "",
        hints: &[],
        options: &[],
        is_beside: false,
        most_figures: MOST_FIGURES,
        axis_words: AxisWords::Labels,
    };

    /// True if a word, old ones included, names this view.
    pub fn is_named(&self, word: &str) -> bool {
        self.id == word || self.old_ids.contains(&word)
    }
}

/// The kind of a view, by its id.
#[derive(Clone, Copy, Debug)]
pub struct ViewKind(&'static ViewInfo);

impl PartialEq for ViewKind {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for ViewKind {}

impl ViewKind {
    /// The kind that an info describes.
    pub const fn new(info: &'static ViewInfo) -> Self {
        Self(info)
    }

    /// The word in files and on the command line.
    pub const fn word(self) -> &'static str {
        self.0.id
    }

    /// Title, meaning and options.
    pub const fn info(self) -> &'static ViewInfo {
        self.0
    }
}

static REGISTERED: OnceLock<Vec<&'static ViewInfo>> = OnceLock::new();

/// Registers views with the reader of experiment files. Only the first call has an effect.
pub fn register(views: Vec<&'static ViewInfo>) {
    REGISTERED.get_or_init(|| views);
}

/// The registered views; none before [`register`].
pub fn registered() -> &'static [&'static ViewInfo] {
    REGISTERED.get().map_or(&[], Vec::as_slice)
}

/// The kind of the registered view with a word as its id, old ids included. Before [`register`], every word is
/// accepted.
pub fn find(word: &str) -> Option<ViewKind> {
    static UNREGISTERED: Mutex<BTreeMap<String, &'static ViewInfo>> = Mutex::new(BTreeMap::new());
    if !registered().is_empty() {
        let mut views = registered().iter();
        return views
            .find(|view| view.is_named(word))
            .map(|view| ViewKind(view));
    }
    let mut words = UNREGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
    let info = words.entry(word.to_owned()).or_insert_with(|| {
        // leaked for the rest of the process, once per word
        Box::leak(Box::new(ViewInfo {
            id: word.to_owned().leak(),
            ..ViewInfo::EMPTY
        }))
    });
    Some(ViewKind(info))
}

/// The words of an option that is a choice; empty for a number.
pub fn choices_of(option: &Parameter) -> &'static [ParameterChoice] {
    match option.kind {
        ParameterKind::Choice(choices) => choices,
        _ => &[],
    }
}

/// The number of a word among an option's choices, from 0.
pub(crate) fn number_of(option: &Parameter, word: &str) -> Option<f64> {
    let place = choices_of(option).iter().position(|it| it.name == word)?;
    Some(place as f64)
}

/// The default of an option: a number, or the number of a choice.
pub(crate) fn default_of(option: &Parameter) -> f64 {
    match option.default {
        DefaultValue::Number(number) => number,
        DefaultValue::Choice(word) => number_of(option, word).unwrap_or(f64::NAN),
        DefaultValue::SameAs(_) => f64::NAN,
    }
}

/// The word of an option's number; `None` if the option is no choice, or has none of this number.
pub(crate) fn word_of(name: &str, value: f64) -> Option<&'static str> {
    let mut options = registered().iter().flat_map(|view| view.options);
    let option = options.find(|option| option.name == name)?;
    let choice = choices_of(option).get(value as usize)?;
    Some(choice.name)
}
