//! The choice between Wayland and X11 on Linux, before the window system is asked for an event loop: it builds one in a
//! process, so that a dead compositor could not be answered by a second attempt.

use std::env;
use std::ffi::{OsStr, OsString};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The number of the first port of displays of other machines, and the time in which they have to answer.
const FIRST_PORT: u16 = 6000;
const PATIENCE: Duration = Duration::from_secs(2);

/// The display of a window, as the environment names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Display {
    /// The window system's own choice: Wayland where it is named, else X11.
    Default,
    /// X11, although Wayland is named: nothing answers there.
    X11,
    /// None that answers.
    None,
}

impl Display {
    /// Asks the displays that the environment names.
    pub(crate) fn of_environment() -> Self {
        let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let wayland = if variable("WAYLAND_SOCKET").is_some() {
            // the socket of a parent, which can be used only once
            Some(true)
        } else {
            let folder = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
            let name = variable("WAYLAND_DISPLAY");
            name.map(|name| wayland_answers(folder.as_deref(), &name))
        };
        let x11 = variable("DISPLAY").map(|name| x11_answers(&name));
        Self::of(wayland, x11)
    }

    /// The display, if Wayland and X11 are named (`None` if not) and answer (true) or not.
    fn of(wayland: Option<bool>, x11: Option<bool>) -> Self {
        match (wayland, x11) {
            (Some(true), _) | (None, Some(true)) => Self::Default,
            (Some(false), Some(true)) => Self::X11,
            (Some(false) | None, Some(false) | None) => Self::None,
        }
    }
}

/// True if a compositor answers under a name, which is a path or a file in the folder of sockets.
fn wayland_answers(folder: Option<&Path>, name: &OsStr) -> bool {
    let path = match folder {
        Some(folder) => folder.join(name),
        None => PathBuf::from(name),
    };
    path.is_absolute() && UnixStream::connect(path).is_ok()
}

/// True if an X server answers under a name, such as `:0` or `host:10.0`.
fn x11_answers(name: &OsString) -> bool {
    let Some((host, number)) = name.to_str().and_then(x11_address) else {
        return false;
    };
    if host.is_empty() || host == "unix" {
        let path = format!("/tmp/.X11-unix/X{number}");
        let hidden = SocketAddr::from_abstract_name(&path);
        return UnixStream::connect(&path).is_ok()
            || hidden.is_ok_and(|address| UnixStream::connect_addr(&address).is_ok());
    }
    let Some(port) = FIRST_PORT.checked_add(number) else {
        return false;
    };
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut addresses| {
        addresses.any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
    })
}

/// The host and the number of a display's name; the number of its screen is left out.
fn x11_address(name: &str) -> Option<(&str, u16)> {
    let (host, rest) = name.rsplit_once(':')?;
    let number = rest.split('.').next()?.parse().ok()?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host, number))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn x11_is_asked_for_only_where_wayland_is_dead() {
        assert_eq!(Display::of(Some(true), Some(true)), Display::Default);
        assert_eq!(Display::of(Some(true), None), Display::Default);
        assert_eq!(Display::of(None, Some(true)), Display::Default);
        assert_eq!(Display::of(Some(false), Some(true)), Display::X11);
        for (wayland, x11) in [
            (Some(false), Some(false)),
            (Some(false), None),
            (None, Some(false)),
            (None, None),
        ] {
            assert_eq!(Display::of(wayland, x11), Display::None);
        }
    }

    #[test]
    fn a_compositor_answers_while_its_socket_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("wayland-7");
        let name = OsStr::new("wayland-7");
        assert!(!wayland_answers(Some(folder.path()), name));
        let listener = UnixListener::bind(&path).expect("a socket");
        assert!(wayland_answers(Some(folder.path()), name));
        assert!(wayland_answers(None, path.as_os_str()));
        assert!(!wayland_answers(None, name), "the folder is not known");
        drop(listener);
        assert!(path.exists(), "the file of a dead socket stays");
        assert!(!wayland_answers(Some(folder.path()), name));
    }

    #[test]
    fn displays_are_named_by_host_and_number() {
        assert_eq!(x11_address(":0"), Some(("", 0)));
        assert_eq!(x11_address("unix:1.0"), Some(("unix", 1)));
        assert_eq!(x11_address("host:10.0"), Some(("host", 10)));
        assert_eq!(x11_address("[::1]:3"), Some(("::1", 3)));
        for wrong in ["", "0", ":", ":x", "host"] {
            assert_eq!(x11_address(wrong), None, "{wrong}");
        }
    }
}
