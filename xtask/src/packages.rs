//! The distribution's packages.

use std::io::{self, IsTerminal, Write};

use crate::{
    Outcome,
    command::{Program, is_there},
    say,
};

/// Whether the person agreed beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Ask, if there is somebody to ask.
    Ask,
    /// `--yes`.
    Given,
}

/// To build everything.
pub(crate) const BUILD: &[&str] = &["gcc", "g++", "libfontconfig-dev", "libpcsclite-dev", "pkg-config"];

/// To build the fuzzer, which is written in C++.
pub(crate) const FUZZ: &[&str] = &["gcc", "g++"];

/// To show a sign-in. The reader driver is ours; no virtual reader of the distribution is installed.
pub(crate) const DEMO: &[&str] = &[
    "chromium",
    "fonts-noto-core",
    // what the window's toolkit loads when it runs, which no package of this list asks for
    "libwayland-client0",
    "libx11-6",
    "libx11-xcb1",
    "libxcursor1",
    "libxi6",
    "libxkbcommon-x11-0",
    "libxkbcommon0",
    "libxrandr2",
    "openbox",
    "pcscd",
    "util-linux",
    "x11-utils",
    "xauth",
    "xdotool",
    "xvfb",
];

/// To measure the trust platform.
pub(crate) const DATABASE: &[&str] = &["openssl", "postgresql", "util-linux"];

/// To run every test.
pub(crate) const TEST: &[&str] = &[
    // with mod_auth_openidc, a relying party of the platform; the tests start it, no service does
    "apache2-bin",
    "at-spi2-core",
    "dbus",
    "dbus-x11",
    "firefox-esr",
    "gdb",
    "gir1.2-atspi-2.0",
    "gnome-keyring",
    "imagemagick",
    "libapache2-mod-auth-openidc",
    // a judge of the software cards, and what it is built on
    "libeac-dev",
    "libssl-dev",
    // a judge of signatures in XML, with xmlsec1
    "libxml2-utils",
    "opensc",
    "opensc-pkcs11",
    "openssl",
    // judges of the PDFs
    "poppler-utils",
    // the platform's stores run on it; each test starts a server of its own
    "postgresql",
    "procps",
    "qpdf",
    // a token of PKCS #11 for the platform's keys
    "softhsm2",
    // makes the copies of a database that a backup is
    "sqlite3",
    "python3-cryptography",
    "python3-dbus",
    "python3-gi",
    "python3-pyatspi",
    "python3-venv",
    "unzip",
    "weston",
    "x11-xkb-utils",
    "xmlsec1",
];

/// What is missing of these packages.
pub(crate) fn missing<'a>(packages: &[&'a str]) -> Outcome<Vec<&'a str>> {
    if !is_there("dpkg-query") || !is_there("apt-get") {
        missing_elsewhere(packages)?;
        return Ok(Vec::new());
    }
    Ok(packages.iter().copied().filter(|package| !is_installed(package)).collect())
}

/// The command that installs packages, for who does it by hand.
pub(crate) fn by_hand(packages: &[&str]) -> String {
    format!("  apt-get update && apt-get install {}\n", packages.join(" "))
}

/// Installs packages; that was agreed to.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    if packages.is_empty() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        as_root("apt-get")?.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").run()
    };
    let install: Vec<&str> = ["install", "--yes", "--quiet", "--no-install-recommends"]
        .into_iter()
        .chain(packages.iter().copied())
        .collect();
    // the list of packages may be too old for what it names
    apt(&["update", "--quiet"]).and_then(|()| apt(&install)).map_err(|error| {
        format!("{error}\nThe packages could not be installed; as root, by hand:\n{}", by_hand(packages))
    })
}

/// Without Debian's package manager: the programs that can be looked for are named.
fn missing_elsewhere(packages: &[&str]) -> Outcome {
    say(&format!(
        "This is not a Debian or Ubuntu system, so nothing is installed. What corresponds to these packages has to be \
         there:\n  {}\n",
        packages.join(" ")
    ));
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let query = Program::new("dpkg-query").args(["--show", "--showformat", "${db:Status-Status}", package]);
    query.output().is_some_and(|status| status == "installed")
}

/// Whether the package manager knows a package.
pub(crate) fn is_available(package: &str) -> bool {
    let policy = Program::new("apt-cache").args(["policy", package]).output().unwrap_or_default();
    policy.lines().any(|line| line.trim_start().starts_with("Candidate:") && !line.contains("(none)"))
}

fn as_root(program: &str) -> Outcome<Program> {
    if Program::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0") {
        Ok(Program::new(program))
    } else if is_there("sudo") {
        Ok(Program::new("sudo").arg("--preserve-env=DEBIAN_FRONTEND").arg(program))
    } else {
        Err("this needs root, and there is no sudo".into())
    }
}

/// Asks a yes-or-no question; without a terminal there is nobody to ask, and it goes on.
pub(crate) fn agreed(question: &str) -> Outcome<bool> {
    if !io::stdin().is_terminal() {
        return Ok(true);
    }
    say(&format!("{question} [Y/n] "));
    io::stderr().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_package_is_named_twice_and_none_is_a_virtual_reader() {
        let all = [BUILD, DEMO, TEST].concat();
        for (position, package) in all.iter().enumerate() {
            assert!(!all.get(..position).unwrap_or_default().contains(package), "{package}");
            assert!(!package.contains("vpcd") && !package.contains("vsmartcard"), "{package}");
        }
    }
}
