//! The line of a method's card on its run: rank and values at the playhead, then the outcome.

use bilevel::study::{Outcome, Rank, Verdict};
use bilevel_figure::significant;
use bilevel_files::MethodSpec;
use egui::{Ui, vec2};

use crate::app::messages::{cards, status};
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{HoverMarkup as _, rich_label};
use crate::app::session::{LiveRun, Session, Slot};

/// The height of the line, the same for every content, so that no card moves.
const HEIGHT: f32 = 17.0;

/// The line of a card, and the sentences behind it.
pub(super) struct VerdictLine {
    pub(super) words: String,
    pub(super) is_warning: bool,
    /// The sentences in full, for the open card and the pointer.
    pub(super) sentences: Vec<String>,
}

impl VerdictLine {
    /// The line on a method at the playhead. The reason against a method, its step size or its run comes first.
    pub(super) fn of(
        method: &MethodSpec,
        slot: &Slot,
        rank: Option<Rank>,
        session: &Session,
    ) -> Self {
        let warning = |words: &str, sentence: &str| Self {
            words: status::warning(words),
            is_warning: true,
            sentences: vec![sentence.to_owned()],
        };
        let now = session.playhead.iteration();
        let entry = method.entry;
        if let Some(refusal) = &slot.refusal {
            return warning(cards::cannot_run(), refusal);
        }
        let Some(run) = session.run_of(slot) else {
            let words = if session.awaits_start() {
                cards::training_start()
            } else {
                ""
            };
            return Self::plain(words.to_owned());
        };
        let is_over = run.iteration <= now && !run.status.is_running();
        if is_over && run.status.is_failure() {
            let words = cards::failed(run.status.word(), run.iteration);
            return warning(&words, run.status.message());
        }
        if entry.is_hopeless(&**session.problem()) {
            let sentence = entry.warning(&**session.problem()).unwrap_or_default();
            return warning(cards::cannot_run(), &sentence);
        }
        let mut line = match run.verdict.as_ref().filter(|_| is_over) {
            Some(end) => Self::ended(end, rank),
            None => Self::running(run, rank, session),
        };
        if let Some(end) = run.verdict.as_ref().filter(|_| is_over) {
            line.sentences.extend(values(run, session));
            line.sentences.insert(0, outcome(end));
        }
        if let Some(sentence) = entry.too_long(&method.settings, session.problem().metadata()) {
            line.words = status::warning(&line.words);
            line.is_warning = true;
            line.sentences.insert(0, status::warning(&sentence));
        }
        line
    }

    fn plain(words: String) -> Self {
        Self {
            words,
            is_warning: false,
            sentences: Vec::new(),
        }
    }

    /// The line of a run that has ended: its rank and its outcome.
    fn ended(end: &Outcome, rank: Option<Rank>) -> Self {
        let above = end.visible_above().map(|above| significant(above, 2));
        let words = cards::ended(icon(end.verdict), &end.name(), above.as_deref());
        let is_warning = matches!(end.verdict, Verdict::Spurious | Verdict::Saddle)
            || matches!(rank, Some(Rank::Infeasible | Rank::Undefined));
        let (words, meaning) = match rank {
            Some(Rank::Place(place)) => (cards::ranked(place, &words), cards::ranked_meaning()),
            Some(Rank::Infeasible) => (cards::infeasible(&words), cards::infeasible_meaning()),
            Some(Rank::Undefined) => (cards::undefined(&words), cards::undefined_meaning()),
            Some(Rank::Stuck) => (words, cards::unranked_meaning()),
            Some(Rank::Unknown) | None => (words, ""),
        };
        Self {
            words,
            is_warning,
            sentences: sentences(meaning),
        }
    }

    /// The line of a run at work: its rank, f and the gap.
    fn running(run: &LiveRun, rank: Option<Rank>, session: &Session) -> Self {
        let Some(numbers) = values(run, session) else {
            return Self::plain(cards::waiting().to_owned());
        };
        let is_warning = matches!(rank, Some(Rank::Infeasible | Rank::Undefined));
        let (words, meaning) = match rank {
            Some(Rank::Infeasible) => (cards::infeasible(&numbers), cards::infeasible_meaning()),
            Some(Rank::Undefined) => (cards::undefined(&numbers), cards::undefined_meaning()),
            Some(Rank::Stuck) => (cards::unranked(&numbers), cards::unranked_meaning()),
            Some(Rank::Place(place)) => (cards::ranked(place, &numbers), cards::ranked_meaning()),
            Some(Rank::Unknown) | None => (numbers, ""),
        };
        Self {
            words,
            is_warning,
            sentences: sentences(meaning),
        }
    }

    /// Draws the line; the pointer shows the sentences of a closed card.
    pub(super) fn ui(&self, ui: &mut Ui, is_closed: bool) {
        let roles = roles_of(ui);
        let ink = if self.is_warning {
            roles.warning
        } else {
            roles.text_weak
        };
        let size = vec2(ui.available_width(), HEIGHT);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_height(HEIGHT);
            if self.words.is_empty() {
                return;
            }
            let label = rich_label(ui, &self.words, SMALL, ink);
            if is_closed && !self.sentences.is_empty() {
                label.on_hover_markup(&self.sentences.join("\n"));
            }
        });
    }
}

/// The sign before an outcome; it is the same in colour and without.
fn icon(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Global => "★ ",
        Verdict::Local | Verdict::Boundary => "○ ",
        Verdict::Spurious | Verdict::Saddle | Verdict::Jump => "⚠ ",
        Verdict::Moving | Verdict::Unknown | Verdict::Failed | Verdict::Diverged => "",
    }
}

fn sentences(meaning: &str) -> Vec<String> {
    if meaning.is_empty() {
        Vec::new()
    } else {
        vec![meaning.to_owned()]
    }
}

/// The outcome in a sentence.
fn outcome(end: &Outcome) -> String {
    let meaning = end.meaning(|number| significant(number, 2));
    cards::outcome(&end.name(), &meaning)
}

/// f and the largest gap at the playhead; `None` before the first row.
fn values(run: &LiveRun, session: &Session) -> Option<String> {
    let (f, gap) = run.values_at(session.playhead.iteration())?;
    let levels = session.problem().metadata().shape().levels();
    let gap = match gap {
        Some((gap, level)) if levels > 2 => cards::gap_of_level(&significant(gap, 2), level),
        Some((gap, _)) => cards::gap(&significant(gap, 2)),
        None => cards::gap_to_come().to_owned(),
    };
    Some(cards::values(&significant(f, 3), &gap))
}
