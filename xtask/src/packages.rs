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

/// To show a sign-in. The reader driver is ours; no virtual reader of the distribution is installed.
pub(crate) const DEMO: &[&str] = &[
    "chromium",
    "fonts-noto-core",
    "openbox",
    "pcscd",
    "util-linux",
    "x11-utils",
    "xauth",
    "xdotool",
    "xvfb",
];

/// To run every test.
pub(crate) const TEST: &[&str] = &[
    "at-spi2-core",
    "dbus",
    "dbus-x11",
    "firefox-esr",
    "gdb",
    "gir1.2-atspi-2.0",
    "imagemagick",
    "opensc",
    "opensc-pkcs11",
    "openssl",
    "procps",
    "python3-cryptography",
    "python3-dbus",
    "python3-gi",
    "python3-pyatspi",
    "x11-xkb-utils",
];

/// Installs what is missing of these packages.
pub(crate) fn install(packages: &[&str], consent: Consent) -> Outcome {
    if !is_there("dpkg-query") || !is_there("apt-get") {
        return missing_elsewhere(packages);
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("These Debian packages are missing:\n  {}\n", missing.join(" ")));
    let by_hand = format!("apt-get install {}", missing.join(" "));
    if consent == Consent::Ask && !agreed("Install them with apt-get?")? {
        return Err(format!("install them yourself, then run this again:\n  {by_hand}"));
    }
    let apt = |arguments: &[&str]| {
        as_root("apt-get")?.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").run()
    };
    let install: Vec<&str> =
        ["install", "--yes", "--quiet", "--no-install-recommends"].into_iter().chain(missing).collect();
    // the list of packages may be too old for what it names
    apt(&["update", "--quiet"]).and_then(|()| apt(&install)).map_err(|error| {
        format!(
            "{error}\nThe packages could not be installed; as root, by hand:\n  apt-get update && {by_hand}"
        )
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
fn agreed(question: &str) -> Outcome<bool> {
    if !io::stdin().is_terminal() {
        return Ok(true);
    }
    say(&format!("{question} [Y/n] "));
    io::stderr().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}
