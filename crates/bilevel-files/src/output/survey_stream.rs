//! The table of a survey while its runs are computed: rows are written and counted, and not kept.

use std::io::Write;

use bilevel::study::SurveyOutcome;

use super::survey_files::{SurveyFiles, WrittenVariables, row};
use crate::{Experiment, SurveyPlan};

/// The writer of a survey's table.
pub struct SurveyStream<'a, W: Write> {
    experiment: &'a Experiment,
    plan: &'a SurveyPlan,
    shown: WrittenVariables,
    writer: csv::Writer<W>,
    files: SurveyFiles,
}

impl<'a, W: Write> SurveyStream<'a, W> {
    /// Begins a table; `files` has the rows of an earlier call, which are written at their places.
    pub fn new(
        writer: W,
        (experiment, plan): (&'a Experiment, &'a SurveyPlan),
        files: SurveyFiles,
    ) -> std::io::Result<Self> {
        let mut writer = csv::Writer::from_writer(writer);
        writer.write_record(files.columns())?;
        Ok(Self {
            shown: WrittenVariables::of(&plan.survey),
            experiment,
            plan,
            writer,
            files,
        })
    }

    /// Writes the rows of runs, whose numbers grow from call to call.
    pub fn write(&mut self, outcomes: &[(usize, SurveyOutcome)]) -> std::io::Result<()> {
        for (number, outcome) in outcomes {
            self.write_earlier(*number)?;
            let row = row(self.experiment, self.plan, &self.shown, (*number, outcome));
            self.writer.write_record(&row)?;
            self.files.count(&row);
        }
        Ok(())
    }

    /// Ends the table; returns the results without their rows.
    pub fn finish(mut self) -> std::io::Result<SurveyFiles> {
        self.write_earlier(usize::MAX)?;
        self.writer.flush()?;
        Ok(self.files)
    }

    /// Writes the rows of the earlier call before a number.
    fn write_earlier(&mut self, before: usize) -> std::io::Result<()> {
        while let Some(first) = self.files.rows.first_entry() {
            if *first.key() >= before {
                break;
            }
            let row = first.remove();
            self.writer.write_record(&row)?;
            self.files.count(&row);
        }
        Ok(())
    }
}
