//! A program that sees an `/etc/bitaqa` of its own: what an administrator would have put there.
//!
//! The folder's place is fixed in the programs, so a test does not move it: it starts them in a mount namespace with a root
//! of their own, in which everything is as it is on the machine but for that folder.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use bitaqa_virtual_card::undescribed::{Identifiers, PIN_LENGTH};
use rustix::process::getuid;
use tempfile::TempDir;

/// What runs inside the namespace. `/etc` is a folder of links, so that one entry of it can be another.
const INSIDE: &str = "set -eu
folder=$1; shift
root=$folder/root
mount -n -t tmpfs -o mode=755 tmpfs \"$root\"
for entry in /*; do
    name=${entry#/}
    if [ \"$name\" = etc ]; then continue
    elif [ -L \"$entry\" ]; then cp -P \"$entry\" \"$root/$name\"
    elif [ -d \"$entry\" ]; then mkdir \"$root/$name\"; mount -n --rbind \"$entry\" \"$root/$name\"
    fi
done
mkdir -m 755 \"$root/etc\" \"$root/.etc\"
mount -n --rbind /etc \"$root/.etc\"
for entry in /etc/*; do ln -s \"/.etc/${entry#/etc/}\" \"$root/etc/\"; done
rm -f \"$root/etc/bitaqa\"
cp -a \"$folder/bitaqa\" \"$root/etc/bitaqa\"
exec chroot \"$root\" \"$@\"";

/// Such a root.
pub struct OwnRoot {
    folder: TempDir,
}

impl OwnRoot {
    /// With an empty `/etc/bitaqa/profiles`.
    ///
    /// # Errors
    /// The file system's.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("bqroot").tempdir_in("/tmp")?;
        furnish(folder.path())?;
        Ok(Self { folder })
    }

    /// A command that runs a program in the root of a folder that somebody else looks after; what is missing in it is made.
    ///
    /// # Errors
    /// The file system's.
    pub fn command_in(folder: &Path, program: &Path) -> io::Result<Command> {
        furnish(folder)?;
        let mut command = Command::new("unshare");
        command.args(arguments(folder, program));
        Ok(command)
    }

    /// What becomes `/etc/bitaqa` of the programs that are started from now on.
    #[must_use]
    pub fn etc_bitaqa(&self) -> PathBuf {
        self.folder.path().join("bitaqa")
    }

    /// The folder of profiles in it.
    #[must_use]
    pub fn profiles(&self) -> PathBuf {
        self.etc_bitaqa().join("profiles")
    }

    /// Puts a profile there, as an administrator does.
    ///
    /// # Errors
    /// The file system's.
    pub fn add_profile(&self, file: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.profiles().join(file);
        fs::write(&path, text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
        Ok(path)
    }

    /// Arguments of `unshare` (package util-linux) that start a program in this root. The program's own follow.
    #[must_use]
    pub fn arguments(&self, program: &Path) -> Vec<OsString> {
        arguments(self.folder.path(), program)
    }

    /// A command that runs a program in this root.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("unshare");
        command.args(self.arguments(Path::new(program.as_ref())));
        command
    }
}

/// Makes what is missing in the folder: where the root is mounted, and an empty `/etc/bitaqa/profiles`.
fn furnish(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("root"))?;
    for made in [folder.join("bitaqa"), folder.join("bitaqa/profiles")] {
        fs::create_dir_all(&made)?;
        fs::set_permissions(&made, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn arguments(folder: &Path, program: &Path) -> Vec<OsString> {
    let namespace: &[&str] =
        if getuid().is_root() { &["-m", "--propagation", "private"] } else { &["-U", "-r", "-m"] };
    let words = namespace.iter().chain(&["sh", "-c", INSIDE, "own-root"]).map(OsString::from);
    words.chain([folder.into(), program.into()]).collect()
}

/// The profile that somebody would write who was told this of a card that says nothing of itself.
#[must_use]
pub fn profile_of(identifiers: &Identifiers) -> String {
    let Identifiers { application, certificate, key, algorithm, pin } = identifiers;
    let application: String = application.iter().map(|byte| format!("{byte:02X}")).collect();
    format!(
        r#"schema = 1
title = "A card that was unknown"

[recognise]
application = "{application}"

[link]
extended-length = false
chaining = false
max-response = 256

[[credential]]
role = "authentication"
certificate-path = "{certificate:04X}"

[credential.key]
application = "{application}"
reference = {key:#04X}
methods = [
    {{ scheme = "ecdsa", hash = "sha256", reference = {algorithm:#04X}, operation = "internal-authenticate", input = {{ kind = "digest" }} }},
]

[credential.pin]
label = "PIN"
format = {{ reference = {pin:#04X}, encoding = "ascii", min-length = 4, max-length = {PIN_LENGTH}, stored-length = {PIN_LENGTH}, pad = 0xFF }}
status = {{ kind = "empty-verify" }}
"#
    )
}
