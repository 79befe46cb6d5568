//! Errors of opening the window.

pub(crate) const fn no_display() -> &'static str {
    "no window can be opened, because there is no display (neither DISPLAY nor WAYLAND_DISPLAY leads to one); without \
     one, `bilevel-lab run welcome --out out` does the same job"
}

/// A part that the system lacks; `reason` is one of the reasons below.
pub(crate) fn missing_part(reason: &str) -> String {
    format!(
        "no window can be opened: {reason}; on Debian or Ubuntu, `apt-get install libx11-6 libx11-xcb1 libxcursor1 \
         libxi6 libxkbcommon-x11-0 libgl1` brings what it needs, and without a window `bilevel-lab run welcome --out \
         out` does the same job"
    )
}

pub(crate) fn missing_library(library: &str) -> String {
    format!("the library {library} is missing")
}

pub(crate) const fn no_opengl() -> &'static str {
    "there is no OpenGL"
}

pub(crate) const fn did_not_start() -> &'static str {
    "the window system or OpenGL did not start"
}

/// An error of the program or of the window system while the window was open.
pub(crate) fn closed(error: &str) -> String {
    format!(
        "the window closed because of an error: {error}; changes of the experiment that were not saved are offered when \
         `bilevel-lab` starts again"
    )
}
