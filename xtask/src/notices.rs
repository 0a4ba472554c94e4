//! The licence texts of the crates inside a core.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Outcome, build,
    wasm_toolchain::{Core, TARGET},
    workspace::Workspace,
};

/// File names of licence texts, as crates spell them.
const PREFIXES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];

/// Crates without a licence text in their packages, by the beginnings of their names, and the crate of the same author under the
/// same licence whose text they get.
const TEXT_OF: [(&str, &str); 1] = [("bergshamra-", "uppsala")];

/// Writes `NOTICES.txt` beside the core.
pub(crate) fn write(workspace: &Workspace, core: &Core) -> Outcome {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut listed = String::new();
    let crates = crates(workspace, core)?;
    for krate in &crates {
        let mut own = krate.licence_texts();
        if own.is_empty() {
            own = of_same_author(krate, &crates);
        }
        // one that names a common licence and carries no text: ours has the same words
        let note =
            if own.is_empty() { "; no text in its package, see LICENSE-MIT and LICENSE-APACHE" } else { "" };
        listed.push_str(&format!("  {} {}  ({}{note})\n", krate.name, krate.version, krate.licence));
        if own.is_empty() && !krate.licence.contains("MIT") && !krate.licence.contains("Apache-2.0") {
            return Err(format!("{} {} has no licence text in its package", krate.name, krate.version));
        }
        for text in own {
            texts.entry(text).or_default().push(format!("{} {}", krate.name, krate.version));
        }
    }
    let mut notices = format!("The WebAssembly contains these crates:\n\n{listed}");
    for (text, crates) in texts {
        notices.push_str(&format!("\n{}\n{}\n\n{}\n", "-".repeat(78), crates.join(", "), text.trim_end()));
    }
    let path = workspace.core(core.folder).join("NOTICES.txt");
    fs::write(&path, notices).map_err(|error| format!("{}: {error}", path.display()))
}

fn of_same_author(krate: &Crate, crates: &[Crate]) -> Vec<String> {
    let named = TEXT_OF.iter().find(|(beginning, _)| krate.name.starts_with(beginning));
    let other = named.and_then(|(_, other)| crates.iter().find(|known| known.name == *other));
    other.filter(|other| other.licence == krate.licence).map(Crate::licence_texts).unwrap_or_default()
}

struct Crate {
    name: String,
    version: String,
    licence: String,
    source: Option<PathBuf>,
}

impl Crate {
    fn licence_texts(&self) -> Vec<String> {
        let Some(entries) = self.source.as_deref().and_then(|folder| fs::read_dir(folder).ok()) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let is_licence = |path: &Path| {
            let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
            PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        };
        files
            .into_iter()
            .filter(|path| is_licence(path))
            .filter_map(|path| fs::read_to_string(path).ok())
            .collect()
    }
}

/// What is linked into a core and the modules beside it, from `cargo tree`; our own crates are left out.
fn crates(workspace: &Workspace, core: &Core) -> Outcome<Vec<Crate>> {
    let packages = core.modules.iter().flat_map(|(package, _)| ["--package", package]);
    let tree = build::cargo(workspace)
        .args(["tree", "--target", TARGET, "--edges", "normal"])
        .args(packages)
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}|{l}"])
        .output()
        .ok_or("cargo tree failed")?;
    let registry = registry_sources();
    let mut crates = BTreeMap::new();
    for line in tree.lines() {
        // "name v1.2.3|LICENCE", with more behind the version where the crate is a macro or has a path
        let Some((package, licence)) = line.split_once('|') else { continue };
        let mut words = package.split(' ');
        let (Some(name), Some(version)) =
            (words.next(), words.next().and_then(|word| word.strip_prefix('v')))
        else {
            continue;
        };
        if name.starts_with("bitaqa-") {
            continue;
        }
        let folder = format!("{name}-{version}");
        let source = registry.iter().map(|base| base.join(&folder)).find(|path| path.is_dir());
        let found = Crate { name: name.into(), version: version.into(), licence: licence.into(), source };
        crates.insert(folder, found);
    }
    Ok(crates.into_values().collect())
}

/// Where cargo unpacks what it downloads.
fn registry_sources() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let Some(entries) = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok()) else {
        return Vec::new();
    };
    entries.flatten().map(|entry| entry.path()).collect()
}
