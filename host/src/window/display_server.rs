//! Which display server the window goes to.

use std::{env, os::unix::net::UnixStream, path::PathBuf};

/// A display server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DisplayServer {
    /// Wayland.
    Wayland,
    /// X11.
    X11,
}

/// The display server that answers: Wayland first, X11 where a Wayland server is named but dead, as in a browser started
/// from an old terminal.
pub(super) fn answering_display_server() -> Option<DisplayServer> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if set("WAYLAND_SOCKET").is_some() {
        return Some(DisplayServer::Wayland);
    }
    if let Some(name) = set("WAYLAND_DISPLAY") {
        // wl_display_connect(3): a name is looked for in XDG_RUNTIME_DIR, a path is taken as it is
        let socket = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default().join(name);
        if UnixStream::connect(socket).is_ok() {
            return Some(DisplayServer::Wayland);
        }
    }
    set("DISPLAY").map(|_| DisplayServer::X11)
}
