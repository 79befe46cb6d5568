//! The tuning dialog: tries the same number of step sizes for every method, shows the score of each, and applies the
//! best.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bilevel::numerics::WorkToken;
use bilevel::problem::{ParameterValue, Problem};
use bilevel::study::{TrialCount, Tuning, Worker, tuning_runs};
use bilevel_figure::{MethodLook, method_looks, significant};
use bilevel_files::{Experiment, Table};
use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::background::Background;
use crate::app::background::tuning_work::{TuningJob, TuningTrials, TuningWorker, tuning_worker};
use crate::app::command::{Action, CommandQueue, Edit, ViewChange};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::{
    remark, rich_label, rich_paragraph, rich_whole, segmented, swatch, title,
};
use crate::app::session::Session;

/// The greatest and the least width of the picture of a method's trials.
const STRIP: [f32; 2] = [300.0, 90.0];
/// Scores below this are drawn at the left end of the scale.
const FLOOR: f64 = 1e-16;

/// The present work of the worker.
struct TuningWork {
    total: usize,
    done: Arc<AtomicUsize>,
    token: WorkToken,
}

/// A tuned experiment and its results.
struct TuningResult {
    experiment: Experiment,
    tunings: Vec<Tuning>,
}

/// The dialog.
#[derive(Default)]
pub(crate) struct TuningDialog {
    effort: TrialCount,
    worker: Option<TuningWorker>,
    work: Option<TuningWork>,
    found: Option<TuningResult>,
    error: Option<String>,
}

impl Drop for TuningDialog {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl TuningDialog {
    /// Opens the dialog; results stay if they are of the present experiment.
    pub(crate) fn open(&mut self, experiment: &Experiment) {
        self.error = None;
        let is_same = |found: &TuningResult| found.experiment == *experiment;
        if !self.found.as_ref().is_some_and(is_same) {
            self.found = None;
        }
    }

    /// Cancels the trials that run.
    pub(crate) fn cancel(&mut self) {
        if let Some(work) = self.work.take() {
            work.token.cancel();
        }
    }

    /// True if trials are running.
    pub(crate) fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    fn begin(
        &mut self,
        background: &Background,
        experiment: &Experiment,
        problem: &Arc<dyn Problem>,
    ) {
        self.cancel();
        self.error = None;
        let methods = match experiment.tunable(problem) {
            Ok(methods) => methods,
            Err(error) => {
                self.error = Some(error.to_string());
                return;
            }
        };
        let (done, token) = (Arc::new(AtomicUsize::new(0)), WorkToken::default());
        let work = TuningWork {
            total: tuning_runs(&methods, self.effort),
            done: Arc::clone(&done),
            token: token.clone(),
        };
        let trials = TuningTrials::new(background, methods, self.effort);
        let job = TuningJob {
            trials,
            done,
            token,
        };
        let worker = self.worker.get_or_insert_with(|| tuning_worker(background));
        if worker.submit(job) {
            self.work = Some(work);
            self.found = None;
        } else {
            self.error = Some(messages::tuning::earlier_trials().to_owned());
        }
    }

    fn receive(&mut self, experiment: &Experiment) {
        while let Some(result) = self.worker.as_ref().and_then(Worker::try_receive) {
            // cancelled trials have no result, and the present work was requested after them
            if let Some(tunings) = result
                && self.work.take().is_some()
            {
                self.found = Some(TuningResult {
                    experiment: experiment.clone(),
                    tunings,
                });
            }
        }
    }

    /// Draws the dialog and queues what the user asks for.
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let experiment = session.experiment();
        self.receive(experiment);
        title(ui, "Tune step sizes");
        let score = match session.problem().metadata().optimum() {
            Some(_) => messages::tuning::above_optimum(),
            None => messages::tuning::reduced_objective(),
        };
        let runs = experiment.starts.len().max(1) * experiment.seeds.len();
        let of_runs = match runs {
            1 => String::new(),
            _ => messages::tuning::median_over(runs),
        };
        remark(ui, &messages::tuning::budget(score, &of_runs));
        ui.add_space(4.0);
        self.effort_ui(ui, session);
        if let Some(error) = &self.error {
            rich_paragraph(
                ui,
                &messages::status::warning(error),
                TEXT,
                roles_of(ui).warning,
            );
        }
        if let Some(found) = &self.found {
            ui.add_space(6.0);
            found.ui(ui);
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if let Some(found) = &self.found {
                if ui
                    .button("Use the best step sizes")
                    .on_hover_text("Copies them into the experiment; undo takes it back")
                    .clicked()
                {
                    commands.push(Edit::UseSettings {
                        settings: found.best(),
                    });
                    commands.push(Action::Dismiss);
                }
                if ui.button("Copy as Markdown").clicked() {
                    let table = found.table().markdown();
                    commands.push(ViewChange::Copy {
                        text: table,
                        format: "Markdown",
                    });
                }
            }
            if ui.button("Close").clicked() {
                commands.push(Action::Dismiss);
            }
        });
    }

    /// Draws the number of trials, and the button that starts or stops them.
    fn effort_ui(&mut self, ui: &mut Ui, session: &Session) {
        let experiment = session.experiment();
        ui.horizontal(|ui| {
            let options = TrialCount::ALL.map(|effort| (effort, effort.trials().to_string()));
            let options: Vec<_> = options
                .iter()
                .map(|(effort, words)| (*effort, words.as_str()))
                .collect();
            rich_label(ui, "trials per method", SMALL, roles_of(ui).text_weak);
            if let Some(effort) = segmented(ui, &options, self.effort) {
                self.effort = effort;
            }
            match &self.work {
                None => {
                    let button =
                        ui.add_enabled(!experiment.methods.is_empty(), egui::Button::new("Run"));
                    if button.clicked() {
                        self.begin(session.background(), experiment, session.problem());
                    }
                }
                Some(work) => {
                    let done = work.done.load(Ordering::Relaxed);
                    let words = messages::tuning::runs_done(done, work.total);
                    let share = done as f32 / work.total.max(1) as f32;
                    // words on the bar would be as pale as its empty part
                    ui.add(egui::ProgressBar::new(share).desired_width(110.0));
                    rich_label(ui, &words, SMALL, roles_of(ui).text_weak);
                    ui.ctx().request_repaint_after(crate::app::FRAME);
                    if ui.button("Stop").clicked() {
                        self.cancel();
                    }
                }
            }
        });
    }
}

impl TuningResult {
    fn table(&self) -> Table {
        self.experiment.tuning_table(&self.tunings)
    }

    /// The best settings of each method, in the order of the experiment.
    fn best(&self) -> Vec<bilevel::problem::Settings> {
        let tuned = self.experiment.tuned(&self.tunings);
        tuned
            .methods
            .into_iter()
            .map(|method| method.settings)
            .collect()
    }

    fn ui(&self, ui: &mut Ui) {
        let roles = roles_of(ui);
        let scale = ScoreScale::of(&self.tunings);
        // the columns beside the strip take about this width
        let width = (ui.available_width() - 470.0).clamp(STRIP[1], STRIP[0]);
        egui::ScrollArea::both()
            .id_salt("trials")
            .auto_shrink([false, true])
            .show(ui, |ui| {
                egui::Grid::new("trials")
                    .spacing([14.0, 3.0])
                    .show(ui, |ui| {
                        let ends = scale.words();
                        let heads = ["method", "best", "median", "now", "best step sizes"];
                        for (column, head) in heads.into_iter().enumerate() {
                            if column == 1 {
                                ui.horizontal(|ui| {
                                    ui.set_width(width);
                                    rich_whole(ui, &ends[0], SMALL, roles.text_faint);
                                    let right = egui::Layout::right_to_left(egui::Align::Center);
                                    ui.with_layout(right, |ui| {
                                        rich_whole(ui, &ends[1], SMALL, roles.text_faint);
                                    });
                                });
                            }
                            let label = rich_whole(ui, head, SMALL, roles.text_faint);
                            label.on_hover_text(meaning(head));
                        }
                        ui.end_row();
                        let methods = &self.experiment.methods;
                        let looks = method_looks(methods);
                        let rows = methods.iter().zip(&self.tunings).zip(looks);
                        for ((method, tuning), look) in rows {
                            ui.horizontal(|ui| {
                                swatch(ui, look.style(theme_of(ui)));
                                rich_whole(ui, &method.label, SMALL, roles.text);
                            });
                            row_ui(ui, (look, tuning), scale, width);
                            ui.end_row();
                        }
                    });
            });
        remark(ui, messages::tuning::legend());
        let at_edge: Vec<String> = self
            .experiment
            .methods
            .iter()
            .zip(&self.tunings)
            .filter(|(_, tuning)| tuning.is_at_edge())
            .map(|(method, _)| method.label.clone())
            .collect();
        if !at_edge.is_empty() {
            let names = messages::race::names(&at_edge);
            remark(ui, &messages::tuning::best_at_edge(at_edge.len(), &names));
        }
    }
}

fn meaning(head: &str) -> &'static str {
    match head {
        "best" => "The least score on the grid",
        "median" => "The median of all scores on the grid: the expected score without tuning",
        "now" => "The score of the current setting",
        "best step sizes" => "The step sizes of the best trial",
        _ => "In the order of the experiment",
    }
}

fn row_ui(ui: &mut Ui, (look, tuning): (MethodLook, &Tuning), scale: ScoreScale, width: f32) {
    let roles = roles_of(ui);
    if tuning.trials.is_empty() {
        let (rect, _) = ui.allocate_exact_size(vec2(width, 22.0), Sense::hover());
        let at = [rect.left(), rect.center().y + 0.36 * SMALL];
        let text = bilevel_figure::RichText::parse(messages::tuning::not_applicable());
        crate::app::paint::screen_pen::paint_text(ui.painter(), at, &text, SMALL, roles.text_faint);
        return;
    }
    strip_ui(ui, (look, tuning), scale, width);
    let median = |trial: usize| tuning.trials[trial].median;
    let [_, middle, _] = tuning.quartiles();
    for value in [median(tuning.best), middle, median(tuning.present)] {
        let words = if value.is_infinite() {
            messages::tuning::without_score().to_owned()
        } else {
            format!("${}$", significant(value, 3))
        };
        rich_whole(ui, &words, SMALL, roles.text);
    }
    let words: Vec<String> = tuning
        .values(tuning.best)
        .iter()
        .map(|(name, value)| {
            let settings = &tuning.trials[tuning.best].settings;
            let parameter = settings.table().iter().find(|one| one.name == *name);
            let symbol = parameter.map_or(*name, |one| one.symbol);
            format!("${symbol} = {}$", value_text(value))
        })
        .collect();
    rich_whole(ui, &words.join(",  "), SMALL, roles.text);
}

fn value_text(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(number) => significant(*number, 2),
        ParameterValue::List(numbers) => {
            let words: Vec<String> = numbers.iter().map(|&one| significant(one, 2)).collect();
            format!("({})", words.join(", "))
        }
        ParameterValue::Choice(word) => word.clone(),
        ParameterValue::Words(words) => words.join(", "),
        ParameterValue::Data(set) => set.name().to_owned(),
    }
}

/// Draws all trials of a method on the common scale.
fn strip_ui(ui: &mut Ui, (look, tuning): (MethodLook, &Tuning), scale: ScoreScale, width: f32) {
    let roles = roles_of(ui);
    let style = look.style(theme_of(ui));
    let (rect, response) = ui.allocate_exact_size(vec2(width, 22.0), Sense::hover());
    response.widget_info(|| {
        let best = significant(tuning.trials[tuning.best].median, 3);
        let words = messages::tuning::trials(tuning.trials.len(), &best);
        WidgetInfo::labeled(Role::Label, true, words)
    });
    let inner = rect.shrink2(vec2(6.0, 0.0));
    let x = |value: f64| inner.left() + scale.share(value) * inner.width();
    let y = inner.center().y;
    let painter = ui.painter();
    painter.line_segment(
        [pos2(inner.left(), y), pos2(inner.right(), y)],
        Stroke::new(1.0, colour(roles.separator)),
    );
    let ink = colour(style.colour);
    let [first, middle, third] = tuning.quartiles();
    let bar = Rect::from_x_y_ranges(x(first)..=x(third), y - 4.0..=y + 4.0);
    painter.rect_filled(bar, 2, ink.gamma_multiply(0.22));
    painter.line_segment(
        [pos2(x(middle), y - 7.0), pos2(x(middle), y + 7.0)],
        Stroke::new(2.0, ink),
    );
    for trial in &tuning.trials {
        painter.circle_filled(pos2(x(trial.median), y), 2.0, ink);
    }
    let at = |trial: usize| pos2(x(tuning.trials[trial].median), y);
    painter.circle(
        at(tuning.best),
        4.5,
        ink,
        Stroke::new(1.0, colour(roles.card)),
    );
    painter.circle_stroke(
        at(tuning.present),
        6.5,
        Stroke::new(1.2, colour(roles.text)),
    );
}

/// The common scale of all methods: logarithmic if no score is negative.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ScoreScale {
    range: [f64; 2],
    is_logarithmic: bool,
}

impl ScoreScale {
    fn of(tunings: &[Tuning]) -> Self {
        let medians = tunings
            .iter()
            .flat_map(|tuning| tuning.trials.iter().map(|trial| trial.median));
        let finite: Vec<f64> = medians.filter(|median| median.is_finite()).collect();
        let is_logarithmic = finite.iter().all(|&median| median >= 0.0);
        let shown = |value: f64| {
            if is_logarithmic {
                value.max(FLOOR)
            } else {
                value
            }
        };
        let values = finite.iter().map(|&value| shown(value));
        let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        });
        Self {
            range: if low <= high { [low, high] } else { [1.0, 1.0] },
            is_logarithmic,
        }
    }

    /// The position of a score, from 0 at the left to 1 at the right, where infinite scores lie.
    fn share(self, value: f64) -> f32 {
        /// The part of the scale for finite scores; diverged trials lie beyond it.
        const END: f32 = 0.94;
        if !value.is_finite() {
            return 1.0;
        }
        let on_scale = |value: f64| {
            if self.is_logarithmic {
                value.max(FLOOR).ln()
            } else {
                value
            }
        };
        let [low, high] = self.range.map(on_scale);
        if low == high {
            return 0.5 * END;
        }
        END * ((on_scale(value) - low) / (high - low)).clamp(0.0, 1.0) as f32
    }

    /// The words at the ends of the scale.
    fn words(self) -> [String; 2] {
        self.range.map(|value| {
            let sign = if self.is_logarithmic && value <= FLOOR {
                "≤ "
            } else {
                ""
            };
            format!("${sign}{}$", significant(value, 2))
        })
    }
}
