//! Writes into the folder of trust packs. Each file is written beside its place and then put into it, so that nobody ever reads half
//! a file.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::Path,
};

use bitaqa_host::{
    root_folder::RootFolder,
    trust_folder::{FOLDER, InstalledPacks, VERSIONS, Versions},
};
use bitaqa_trust::trust_pack::PackName;
use rustix::process::geteuid;

use super::TrustFault;
use crate::bounded_file::{self, FileFault};

/// What everybody may read and root may write.
const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;

/// What is installed, for somebody who is about to change it.
pub(super) fn open() -> Result<(InstalledPacks, Versions), TrustFault> {
    if !geteuid().is_root() {
        return Err(TrustFault::NotRoot);
    }
    let folder = Path::new(FOLDER);
    let missing: Vec<&Path> = folder.ancestors().take_while(|path| !path.exists()).collect();
    for path in missing.into_iter().rev() {
        DirBuilder::new().mode(FOLDER_MODE).create(path).map_err(|error| fault(path, error))?;
        // whatever the umask says, others must be able to read it
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)).map_err(|error| fault(path, error))?;
    }
    RootFolder::open(folder).map_err(TrustFault::Folder)?;
    let installed = InstalledPacks::of_this_computer();
    // without a memory of versions a rollback would not be noticed
    let versions = installed.versions.clone().map_err(TrustFault::Folder)?;
    Ok((installed, versions))
}

/// The same, for somebody who is about to take this pack away: where it is not there nothing is made.
pub(super) fn open_with(name: &PackName) -> Result<(), TrustFault> {
    if !geteuid().is_root() {
        return Err(TrustFault::NotRoot);
    }
    if !InstalledPacks::file_of(name).exists() {
        return Err(TrustFault::NotInstalled(name.clone()));
    }
    open().map(drop)
}

/// Puts a pack into its place. Its version is remembered first: a failure in between loses no protection.
pub(super) fn install(
    name: &PackName,
    version: u64,
    text: &str,
    mut versions: Versions,
) -> Result<(), TrustFault> {
    let highest = versions.highest.entry(name.clone()).or_insert(version);
    *highest = version.max(*highest);
    let memory = serde_json::to_vec_pretty(&versions).map_err(io::Error::from)?;
    replace(&Path::new(FOLDER).join(VERSIONS), &memory)?;
    replace(&InstalledPacks::file_of(name), text.as_bytes())
}

/// Takes a pack away. Its version stays remembered.
pub(super) fn remove(name: &PackName) -> Result<(), TrustFault> {
    let path = InstalledPacks::file_of(name);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(TrustFault::NotInstalled(name.clone())),
        outcome => Ok(outcome.map_err(|error| fault(&path, error))?),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrustFault> {
    // ends in nothing that is read; what an interrupted run left is of no use
    let beside = path.with_extension("new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(&beside, error).into()),
        _ => {}
    }
    bounded_file::create(&beside, FILE_MODE, bytes)?;
    fs::set_permissions(&beside, Permissions::from_mode(FILE_MODE)).map_err(|error| fault(&beside, error))?;
    fs::rename(&beside, path).map_err(|error| fault(path, error))?;
    File::open(FOLDER).and_then(|folder| folder.sync_all()).map_err(|error| fault(path, error))?;
    Ok(())
}

fn fault(path: &Path, error: io::Error) -> FileFault {
    FileFault { path: path.to_owned(), error }
}
