//! `bitaqa-example-portal`: runs the portal.
#![forbid(unsafe_code)]

use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bitaqa_example_portal::{
    Portal, clock,
    event_log::Started,
    identity_settings::{IdentitySettings, IdentitySettingsError},
};
use bitaqa_pages::{event_log::EventLog, words::WordsError};
use bitaqa_protocol::{Origin, origin::OriginError};
use bitaqa_trust::{IssuerProfiles, issuer_profile_file::IssuerProfileError};
use clap::Parser;

/// An example portal where people sign in with their national identity card.
///
/// Prints "listening on http://ADDRESS:PORT" when it can be reached. Its log, one JSON object per line, goes to standard error
/// and holds nothing about persons.
#[derive(Debug, Parser)]
#[command(name = "bitaqa-example-portal", version)]
struct Options {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// The portal's origin as browsers see it, where something stands in front that speaks https; otherwise the address
    /// it listens on
    #[arg(long, value_name = "ORIGIN", value_parser = |text: &str| Origin::parse(text))]
    origin: Option<Origin>,

    /// Issuer profiles (TOML): whose cards are accepted, and which level they prove
    #[arg(long, value_name = "FILE")]
    issuers: PathBuf,

    /// What is needed to ask people who they are (TOML; see the README): the portal's key and statement, and the authorities of
    /// identity documents. Without it people can only sign in
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,

    /// Folder with the built module @bitaqa/web, served under /bitaqa/
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "bitaqa-example-portal: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: Options) -> Result<(), StartError> {
    let issuers = read_issuers(&options.issuers)?;
    if let Some(folder) = &options.sdk
        && !folder.join("bitaqa-web.js").is_file()
    {
        return Err(StartError::Sdk { folder: folder.clone() });
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(options, issuers))
}

async fn serve(options: Options, issuers: IssuerProfiles) -> Result<(), StartError> {
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .map_err(|error| StartError::Listen { address: options.listen, error })?;
    let address = listener.local_addr()?;
    let origin = match options.origin {
        Some(origin) => origin,
        None => Origin::parse(&format!("http://{address}")).map_err(StartError::Origin)?,
    };
    let log = EventLog::standard_error();
    let clock = clock::system();
    let identity =
        options.identity.map(|path| IdentitySettings::read(&path, clock::date_time(clock()))).transpose()?;
    let started = Started {
        origin: origin.to_string(),
        issuers: issuers.profiles().len(),
        sdk: options.sdk.is_some(),
        identity: identity.is_some(),
    };
    log.write(&started, clock::date_time(clock()));
    let mut portal = Portal::new(origin, issuers, options.sdk, log, clock)?;
    if let Some(settings) = identity {
        portal = portal.and_identity(settings);
    }
    let mut out = io::stdout();
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    axum::serve(listener, portal.into_router()).await?;
    Ok(())
}

/// The profile file; its certificate files stand beside it.
fn read_issuers(path: &Path) -> Result<IssuerProfiles, StartError> {
    let text = fs::read_to_string(path).map_err(|error| StartError::Read { path: path.to_owned(), error })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    IssuerProfiles::parse(&text, |file| fs::read(folder.join(file)))
        .map_err(|error| StartError::Issuers { path: path.to_owned(), error: Box::new(error) })
}

/// Why the portal cannot start.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("{}: {error}", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{}: {error}", .path.display())]
    Issuers { path: PathBuf, error: Box<IssuerProfileError> },
    #[error("{}: there is no bitaqa-web.js; build @bitaqa/web first", .folder.display())]
    Sdk { folder: PathBuf },
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("say with --origin how browsers reach the portal: {0}")]
    Origin(OriginError),
    #[error("{0}")]
    Identity(#[from] IdentitySettingsError),
    #[error("{0}")]
    Words(#[from] WordsError),
    #[error("{0}")]
    Io(#[from] io::Error),
}
