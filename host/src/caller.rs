//! Who started this program.
//!
//! Browsers name the extension on the command line: Chromium its origin, Firefox the manifest's path and the add-on's id.
//! A sandboxed browser goes through the desktop portal, which names nothing; then the portal itself must be the parent.
//! This keeps other extensions out. It cannot keep out programs of the same user, which may do all that the user may.

use std::fs;

use bitaqa_protocol::host::{CHROMIUM_EXTENSION_IDS, FIREFOX_ADD_ON_ID};

/// The desktop portal's program.
const DESKTOP_PORTAL: &str = "xdg-desktop-portal";

/// Whoever may talk to this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A browser of the Chromium family, for our extension.
    Chromium,
    /// Firefox, for our add-on.
    Firefox,
    /// The desktop portal, for a sandboxed browser.
    DesktopPortal,
}

impl Caller {
    /// Finds out from the arguments (without the program's name) and the parent process.
    #[must_use]
    pub(crate) fn identify(arguments: &[String]) -> Option<Self> {
        match arguments {
            [origin, ..] if is_our_chromium_origin(origin) => Some(Self::Chromium),
            [_manifest, add_on, ..] if add_on == FIREFOX_ADD_ON_ID => Some(Self::Firefox),
            [] if parent_is_desktop_portal() => Some(Self::DesktopPortal),
            _ => None,
        }
    }
}

fn is_our_chromium_origin(argument: &str) -> bool {
    let id = argument.strip_prefix("chrome-extension://").and_then(|rest| rest.strip_suffix('/'));
    id.is_some_and(|id| CHROMIUM_EXTENSION_IDS.contains(&id))
}

/// The parent's program, by its file, which must belong to root: anybody can give a process a name.
fn parent_is_desktop_portal() -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let Some(parent) = rustix::process::getppid() else { return false };
        let link = format!("/proc/{}/exe", parent.as_raw_nonzero());
        let Ok(program) = fs::read_link(&link) else { return false };
        let named = program.file_name().is_some_and(|name| name == DESKTOP_PORTAL);
        named && fs::metadata(&link).is_ok_and(|file| file.uid() == 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identify(arguments: &[&str]) -> Option<Caller> {
        Caller::identify(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn only_our_extension_is_let_in() {
        let origin = format!("chrome-extension://{}/", CHROMIUM_EXTENSION_IDS[0]);
        assert_eq!(identify(&[&origin]), Some(Caller::Chromium));
        assert_eq!(identify(&[&origin, "--parent-window=0"]), Some(Caller::Chromium));
        assert_eq!(identify(&["/some/manifest.json", FIREFOX_ADD_ON_ID]), Some(Caller::Firefox));
        for other in [
            &["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"][..],
            &[origin.trim_end_matches('/')],
            &["https://portal.example.ma/"],
            &["/some/manifest.json", "other@example.org"],
            &["/some/manifest.json"],
            &[],
        ] {
            assert_eq!(identify(other), None, "{other:?}");
        }
    }
}
