//! Faces of the system for characters that the bundled ones lack.

use std::collections::BTreeSet;
use std::mem::take;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use egui::{Context, FallbackRequest, FontInsert, FontProvider};
use egui_system_font_provider::SystemFontProvider;

/// The faces of the system. They are read when a character needs them, so that most windows open without.
pub(crate) struct SystemFaces {
    read: fn() -> Box<dyn FontProvider>,
    provider: OnceLock<Box<dyn FontProvider>>,
    gaps: Mutex<Gaps>,
}

/// The characters that are not drawn as they should be.
#[derive(Default)]
struct Gaps {
    /// Those that no face has, and of these the ones not yet reported.
    missing: BTreeSet<char>,
    unreported: BTreeSet<char>,
    /// True if there is text that runs from right to left, and if this is not yet reported.
    runs_left: bool,
    runs_left_unreported: bool,
}

impl SystemFaces {
    /// Lets a window use the faces of the system.
    pub(crate) fn install(ctx: &Context) -> Arc<Self> {
        let faces = Arc::new(Self::new(|| Box::new(SystemFontProvider::new())));
        ctx.add_font_provider(Arc::clone(&faces) as Arc<dyn FontProvider>);
        faces
    }

    fn new(read: fn() -> Box<dyn FontProvider>) -> Self {
        Self {
            read,
            provider: OnceLock::new(),
            gaps: Mutex::default(),
        }
    }

    /// The characters without a face that were met since the last call; each is reported once.
    pub(crate) fn take_missing(&self) -> Vec<char> {
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        take(&mut gaps.unreported).into_iter().collect()
    }

    /// True once, when text that runs from right to left was met.
    pub(crate) fn take_right_to_left(&self) -> bool {
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        take(&mut gaps.runs_left_unreported)
    }
}

impl FontProvider for SystemFaces {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let found = self.provider.get_or_init(self.read).font_for(request);
        let character = request.cluster.chars().next()?;
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_none() && gaps.missing.insert(character) {
            gaps.unreported.insert(character);
        }
        if is_right_to_left(character) && !gaps.runs_left {
            gaps.runs_left = true;
            gaps.runs_left_unreported = true;
        }
        found
    }
}

/// True for the letters of Hebrew, Arabic, Syriac, Thaana, `NKo` and their relatives.
const fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        || matches!(character, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use egui::FontFamily;

    use super::*;

    fn request(faces: &SystemFaces, cluster: &str) {
        let family = FontFamily::Proportional;
        let found = faces.font_for(&FallbackRequest {
            cluster,
            family: &family,
        });
        assert!(found.is_none());
    }

    #[test]
    fn a_character_without_a_face_is_reported_once() {
        let faces = SystemFaces::new(|| Box::new(|_: &FallbackRequest<'_>| None));
        request(&faces, "中");
        request(&faces, "中");
        assert_eq!(faces.take_missing(), ['中']);
        request(&faces, "中");
        assert!(faces.take_missing().is_empty());
        assert!(!faces.take_right_to_left());
    }

    #[test]
    fn text_from_right_to_left_is_reported_once() {
        let faces = SystemFaces::new(|| Box::new(|_: &FallbackRequest<'_>| None));
        request(&faces, "م");
        assert!(faces.take_right_to_left());
        request(&faces, "ר");
        assert!(!faces.take_right_to_left());
    }
}
