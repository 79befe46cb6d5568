//! The system's file dialog, on a thread of its own, so that the window stays responsive.

use std::path::PathBuf;

use crossbeam_channel::{Receiver, TryRecvError, bounded};
use rfd::FileDialog;

/// An open file dialog, if there is one.
#[derive(Debug, Default)]
pub(crate) struct FileChooser {
    answer: Option<Receiver<Option<PathBuf>>>,
}

/// The answer of a file dialog.
#[derive(Debug)]
pub(crate) enum FileAnswer {
    Path(PathBuf),
    /// It was closed without a choice.
    Nothing,
}

impl FileChooser {
    /// True while the dialog is open.
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_some()
    }

    /// Opens the dialog, which `ask` shows; it returns the chosen path.
    pub(crate) fn open(
        &mut self,
        ctx: &egui::Context,
        ask: impl FnOnce(FileDialog) -> Option<PathBuf> + Send + 'static,
    ) -> std::io::Result<()> {
        let (sender, receiver) = bounded(1);
        let ctx = ctx.clone();
        std::thread::Builder::new()
            .name("file dialog".to_owned())
            .spawn(move || {
                let chosen = ask(FileDialog::new());
                // the window may be closed by now
                let _closed = sender.send(chosen);
                ctx.request_repaint();
            })?;
        self.answer = Some(receiver);
        Ok(())
    }

    /// The answer since the last call; `None` if there is none yet.
    pub(crate) fn receive(&mut self) -> Option<FileAnswer> {
        let answer = self.answer.as_ref()?.try_recv();
        if answer == Err(TryRecvError::Empty) {
            return None;
        }
        self.answer = None;
        Some(match answer {
            Ok(Some(path)) => FileAnswer::Path(path),
            Ok(None) | Err(_) => FileAnswer::Nothing,
        })
    }
}
