//! A lesson as plain data: its steps with their experiments resolved.

use super::claim::LessonClaim;
use crate::Experiment;

/// A lesson: steps in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The name by which the command line and the kept progress know it: that of its file.
    pub name: String,
    /// The title, a few words.
    pub title: String,
    /// One sentence for lists, as markup.
    pub summary: String,
    /// The steps, at least one.
    pub steps: Vec<LessonStep>,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonStep {
    /// The line of the step in its file, from 1.
    pub line: usize,
    /// The title, a few words.
    pub title: String,
    /// The paragraphs, as markup.
    pub paragraphs: Vec<String>,
    /// The experiment with the changes of this step and of those before it.
    pub experiment: Experiment,
    /// The name of the experiment's preset or file; that of the lesson if the step has an experiment of its own.
    pub experiment_name: String,
    /// The place of the playhead; `None` where the step leaves it.
    pub playhead: Option<StepPlayhead>,
    /// True if the step starts playing when it opens.
    pub is_playing: bool,
    /// The parts of the window that are outlined.
    pub highlights: Vec<Highlight>,
    /// The question, if the step asks one.
    pub question: Option<LessonQuestion>,
    /// The prediction that the step asks for.
    pub prediction: Option<AskedPrediction>,
    /// The claims of the text, which a check measures.
    pub claims: Vec<LessonClaim>,
}

/// A question with its answer, both as markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonQuestion {
    /// The question.
    pub text: String,
    /// The answer, which is shown on request.
    pub answer: String,
}

/// The question of a prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedQuestion {
    /// The end of a method, by its label.
    EndOf(String),
    /// The order of all methods.
    Order,
    /// The method of each curve.
    Curves,
}

/// A prediction that a step asks for. The runs end at an iteration, or have no names, until the student reveals the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPrediction {
    /// The question.
    pub question: AskedQuestion,
    /// The last iteration that is shown; where curves have no names, the first place of the playhead.
    pub at: u64,
    /// True if the minima and φ are hidden as well.
    pub hides_optimum: bool,
}

/// The place of the playhead at the beginning of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepPlayhead {
    /// An iteration; 0 is the start.
    At(u64),
    /// The end of all runs.
    End,
}

/// A part of the window that a step outlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Highlight {
    /// The view of the runs: the landscape or whatever view is chosen.
    Landscape,
    /// The race.
    Race,
    /// The table of results.
    Table,
    /// The timeline.
    Timeline,
    /// The row of starts.
    Start,
    /// The problem's parameters.
    Parameters,
    /// The panel of the problem: its formulas.
    Problem,
    /// The menu of views.
    Views,
    /// All cards of methods.
    Cards,
    /// The card of the method with a label.
    Card(String),
}

impl Highlight {
    /// The words of those without a label.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("landscape", Self::Landscape),
        ("race", Self::Race),
        ("table", Self::Table),
        ("timeline", Self::Timeline),
        ("start", Self::Start),
        ("parameters", Self::Parameters),
        ("problem", Self::Problem),
        ("views", Self::Views),
        ("cards", Self::Cards),
    ];
    /// The beginning of the word of a card, before its label.
    pub const CARD: &'static str = "card:";

    /// The part of a word in files.
    pub fn of_word(word: &str) -> Option<Self> {
        if let Some(label) = word.strip_prefix(Self::CARD) {
            return Some(Self::Card(label.trim().to_owned()));
        }
        let mut words = Self::WORDS.into_iter();
        words
            .find(|(known, _)| *known == word)
            .map(|(_, part)| part)
    }
}
