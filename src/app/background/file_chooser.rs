//! The system's file dialog, on a thread of its own, so that the window stays responsive.

use std::path::PathBuf;

use crossbeam_channel::{Receiver, TryRecvError, bounded};
use rfd::FileDialog;

/// An open file dialog, if there is one.
#[derive(Debug, Default)]
pub(crate) struct FileChooser {
    answer: Option<Receiver<Option<PathBuf>>>,
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

    /// The path that was chosen since the last call; the inner `None` if the dialog was closed without one.
    pub(crate) fn receive(&mut self) -> Option<Option<PathBuf>> {
        let answer = self.answer.as_ref()?.try_recv();
        if answer == Err(TryRecvError::Empty) {
            return None;
        }
        self.answer = None;
        answer.ok()
    }
}
