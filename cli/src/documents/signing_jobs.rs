//! Which documents become which signed files, and that these can be written: found out before anybody is asked for a PIN.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    DocumentFault,
    format::{Format, file_name, output},
};
use crate::bounded_file;

/// A document on its way.
pub(super) struct Job {
    /// One, or all that go into a container.
    pub(super) documents: Vec<PathBuf>,
    pub(super) out: PathBuf,
    pub(super) format: Format,
}

/// What each document becomes.
pub(super) fn jobs(
    documents: &[PathBuf],
    wanted: Option<Format>,
    out: &Path,
    is_for_pdf: bool,
) -> Result<(Vec<Job>, MadeFolders), DocumentFault> {
    if out == Path::new("-") || documents.iter().any(|document| document == Path::new("-")) {
        return Err(DocumentFault::Usage(
            "documents are read from files and signed into files, not from standard input or to standard output",
        ));
    }
    each_once(documents)?;
    let container = wanted.filter(|format| format.is_container_of_all());
    if container.is_some() {
        with_names_of_their_own(documents)?;
    }
    let ends_like_folder = out.as_os_str().as_encoded_bytes().ends_with(b"/");
    let is_folder = container.is_none() && documents.len() > 1 || out.is_dir() || ends_like_folder;
    let groups: Vec<Vec<PathBuf>> = match container {
        Some(_) => vec![documents.to_vec()],
        None => documents.iter().map(|document| vec![document.clone()]).collect(),
    };
    let mut jobs: Vec<Job> = Vec::new();
    for documents in groups {
        let Some(first) = documents.first() else { continue };
        let fitting = Format::fitting(first)?;
        let format = wanted.unwrap_or(fitting);
        if is_for_pdf && format != Format::Pades {
            return Err(DocumentFault::Usage(
                "--reason and --field are for PDF files; use --commitment elsewhere",
            ));
        }
        let out = output(out, is_folder, format, first);
        if jobs.iter().any(|job| job.out == out) {
            return Err(DocumentFault::SameName(out));
        }
        if out.exists() {
            return Err(DocumentFault::Exists(out));
        }
        jobs.push(Job { documents, out, format });
    }
    let mut made = MadeFolders::default();
    if is_folder {
        if out.exists() && !out.is_dir() {
            return Err(DocumentFault::NoFolder(out.to_owned()));
        }
        made.make(out).map_err(|error| bounded_file::FileFault { path: out.to_owned(), error })?;
    }
    jobs.iter().try_for_each(|job| writable(&job.out))?;
    Ok((jobs, made))
}

/// Folders that were made for signed files, the outermost first. Those in which nothing is when this is dropped go again: where nothing was
/// signed, nothing is left.
#[derive(Default)]
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a folder and those above it that are not there.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder.parent() {
            self.make(above)?;
        }
        match fs::create_dir(folder) {
            Ok(()) => self.0.push(folder.to_owned()),
            // somebody else was faster, and it is theirs
            Err(_) if folder.is_dir() => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        // the system refuses where there is something inside
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// That a file can be written here; nothing of it stays.
pub(super) fn writable(out: &Path) -> Result<(), DocumentFault> {
    if out.exists() {
        return Err(DocumentFault::Exists(out.to_owned()));
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(DocumentFault::MissingFolder(folder.to_owned()));
    }
    bounded_file::create(out, 0o644, &[])?;
    fs::remove_file(out).map_err(|error| bounded_file::FileFault { path: out.to_owned(), error })?;
    Ok(())
}

fn each_once(documents: &[PathBuf]) -> Result<(), DocumentFault> {
    let mut seen = std::collections::BTreeSet::new();
    for document in documents {
        if !seen.insert(fs::canonicalize(document).unwrap_or_else(|_| document.clone())) {
            return Err(DocumentFault::Twice(document.clone()));
        }
    }
    Ok(())
}

/// In a container the folders of documents do not count, nor does case: some systems take such names for the same.
fn with_names_of_their_own(documents: &[PathBuf]) -> Result<(), DocumentFault> {
    let mut seen = BTreeMap::new();
    for document in documents {
        if let Some(first) = seen.insert(file_name(document).to_lowercase(), document) {
            let [first, second] = [first, document].map(Clone::clone);
            return Err(DocumentFault::SameNameInside { first, second });
        }
    }
    Ok(())
}
