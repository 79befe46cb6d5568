//! Rows of `trace.csv` in a temporary file without a name, part after part as runs advance, until the table is written in the order
//! of its runs.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use bilevel::run::Trace;

use super::trace_csv::TraceLayout;
use crate::{Experiment, RunKey};

/// Receiver of the rows of runs, part after part.
pub trait RowSink {
    /// Takes the next rows of a run.
    ///
    /// # Errors
    /// If they cannot be written.
    fn take(&mut self, key: RunKey, trace: &Trace, rows: Range<usize>) -> std::io::Result<()>;
}

/// The rows written so far.
#[derive(Debug)]
pub struct RowSpool {
    file: File,
    length: u64,
    /// The bytes of each run's rows, in their order.
    parts: HashMap<RunKey, Vec<Range<u64>>>,
}

impl RowSpool {
    /// An empty spool on the file system of a folder, or among the system's temporary files if the folder is not there. The file
    /// vanishes with the process, however that ends.
    ///
    /// # Errors
    /// If no file can be made.
    pub fn new(folder: &Path) -> std::io::Result<Self> {
        let file = if folder.is_dir() {
            tempfile::tempfile_in(folder)
        } else {
            tempfile::tempfile()
        };
        Ok(Self {
            file: file?,
            length: 0,
            parts: HashMap::new(),
        })
    }

    /// A sink for the runs of an experiment.
    pub fn sink<'a>(
        &'a mut self,
        experiment: &'a Experiment,
        layout: &'a TraceLayout,
    ) -> impl RowSink + 'a {
        SpoolSink {
            spool: self,
            experiment,
            layout,
        }
    }

    /// Writes the rows of a run; false if there are none.
    ///
    /// # Errors
    /// If the rows cannot be read or written.
    pub fn copy(&self, key: RunKey, writer: &mut dyn Write) -> std::io::Result<bool> {
        let Some(parts) = self.parts.get(&key) else {
            return Ok(false);
        };
        let mut file = &self.file;
        for part in parts {
            file.seek(SeekFrom::Start(part.start))?;
            let length = part.end - part.start;
            let copied = std::io::copy(&mut file.take(length), writer)?;
            if copied < length {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(true)
    }
}

/// The sink of an experiment's runs.
struct SpoolSink<'a> {
    spool: &'a mut RowSpool,
    experiment: &'a Experiment,
    layout: &'a TraceLayout,
}

impl RowSink for SpoolSink<'_> {
    fn take(&mut self, key: RunKey, trace: &Trace, rows: Range<usize>) -> std::io::Result<()> {
        let begin = self.spool.length;
        self.spool.file.seek(SeekFrom::Start(begin))?;
        let counted = CountingWriter {
            writer: &mut self.spool.file,
            count: &mut self.spool.length,
        };
        let mut table = csv::Writer::from_writer(counted);
        self.layout
            .write_rows(&mut table, (self.experiment, key, trace), rows)?;
        table.flush()?;
        drop(table);
        let parts = self.spool.parts.entry(key).or_default();
        match parts.last_mut() {
            Some(last) if last.end == begin => last.end = self.spool.length,
            _ => parts.push(begin..self.spool.length),
        }
        Ok(())
    }
}

/// A writer that counts its bytes.
struct CountingWriter<'a> {
    writer: &'a mut File,
    count: &'a mut u64,
}

impl Write for CountingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.writer.write(bytes)?;
        *self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}
