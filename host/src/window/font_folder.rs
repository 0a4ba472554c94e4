//! A font for a computer that has none.
//!
//! The window brings its own fonts ([`fonts`](super::fonts)), but the toolkit gives up where the system's font library knows
//! no font at all. There the child starts itself once more, with a font configuration that adds a folder with one of ours.

use std::{
    env, fs, io,
    io::Write,
    os::unix::{
        fs::{DirBuilderExt, OpenOptionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{self, Command},
};

/// The variable that names the font configuration (fonts-conf(5)).
const CONFIGURATION: &str = "FONTCONFIG_FILE";
/// How deep folders of fonts are looked into.
const DEPTH: u8 = 6;

/// Starts the program once more where there is no font; comes back where that is not needed, or not possible.
pub(super) fn provide_a_font(font: &[u8]) {
    // whoever chose a configuration chose its fonts
    if env::var_os(CONFIGURATION).is_some() || font_folders().iter().any(|folder| holds_a_font(folder, DEPTH))
    {
        return;
    }
    let configured = write_configuration(font);
    if let (Ok(configuration), Ok(program)) = (configured, env::current_exe()) {
        let mut again = Command::new(program);
        again.args(env::args_os().skip(1)).env(CONFIGURATION, configuration);
        // returns only where it fails, and then the toolkit tries without
        let _ = again.exec();
    }
}

/// Where fonts are by default (fonts-conf(5), the `dir` elements of every distribution).
fn font_folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/share/fonts"), PathBuf::from("/usr/local/share/fonts")];
    if let Some(home) = env::var_os("HOME").map(PathBuf::from) {
        folders.extend([home.join(".fonts"), home.join(".local/share/fonts")]);
    }
    folders.extend(env::var_os("XDG_DATA_HOME").map(|data| Path::new(&data).join("fonts")));
    folders
}

fn holds_a_font(folder: &Path, depth: u8) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        let is_font = path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| {
            ["ttf", "otf", "ttc", "pfb"].contains(&extension.to_ascii_lowercase().as_str())
        });
        is_font || depth > 0 && path.is_dir() && holds_a_font(&path, depth - 1)
    })
}

/// Writes font and configuration into a folder of this person's own.
fn write_configuration(font: &[u8]) -> io::Result<PathBuf> {
    // never a folder that somebody else may have made: what the window looks like depends on it
    let parent = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    let folder = parent.join(format!("bitaqa-fonts-{}", process::id()));
    fs::DirBuilder::new().mode(0o700).create(&folder)?;
    write_new(&folder.join("font.ttf"), font)?;
    let name = escaped(folder.to_str().ok_or(io::ErrorKind::InvalidFilename)?);
    let configuration = format!(
        "<?xml version=\"1.0\"?>\n<fontconfig>\n<include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>\n\
         <dir>{name}</dir>\n<cachedir>{name}</cachedir>\n</fontconfig>\n"
    );
    let path = folder.join("fonts.conf");
    write_new(&path, configuration.as_bytes())?;
    Ok(path)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Takes the folder away again, at the child's end. The process id stays the same when a program starts itself once more.
pub(super) fn remove_folder() {
    let Some(configuration) = env::var_os(CONFIGURATION).map(PathBuf::from) else { return };
    let own = format!("bitaqa-fonts-{}", process::id());
    if let Some(folder) = configuration.parent()
        && folder.file_name().is_some_and(|name| name == own.as_str())
    {
        // what stays is a font, and harmless
        let _ = fs::remove_dir_all(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_found_in_a_folder_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("truetype/noto");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("README"), "no font").unwrap();
        assert!(!holds_a_font(folder.path(), DEPTH));
        fs::write(deep.join("Noto.TTF"), "a font").unwrap();
        assert!(holds_a_font(folder.path(), DEPTH));
        assert!(!holds_a_font(&folder.path().join("nothing"), DEPTH));
    }

    #[test]
    fn a_folder_s_name_is_kept_in_the_configuration() {
        assert_eq!(escaped("/run/a&b<c"), "/run/a&amp;b&lt;c");
    }
}
