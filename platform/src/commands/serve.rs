//! The service.

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use bitaqa_pages::event_log::EventLog;
use bitaqa_platform::{
    Parts, Platform,
    clock::{Clock, date_time},
    event_log::{Started, Trouble},
    installation::Installation,
    operation::LogLevel,
    settings::Settings,
    store::Store,
};

use super::{CommandError, store};

/// How often what has ended is forgotten.
const PURGE: Duration = Duration::from_secs(60);

/// Serves until it is told to stop.
pub(crate) async fn serve(settings: Settings) -> Result<(), CommandError> {
    let store = store(&settings).await?;
    // a database without tables is noticed now, not by the first person
    store.purge(Clock::system().now()).await?;
    let keys = settings.keys.open()?;
    if Installation::bind(&*store, &*keys, Clock::system().now()).await? == Installation::Foreign {
        return Err(CommandError::Foreign);
    }
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|error| CommandError::Listen { address: settings.listen, error })?;
    let address = listener.local_addr()?;
    let for_operators = match settings.operation.listen {
        None => None,
        Some(address) => Some(
            tokio::net::TcpListener::bind(address)
                .await
                .map_err(|error| CommandError::Listen { address, error })?,
        ),
    };
    let for_administration = match &settings.administration {
        None => None,
        Some(place) => {
            Some(place.bind().await.map_err(|error| CommandError::Listen { address: place.listen, error })?)
        }
    };
    let clock = Clock::system();
    let log = EventLog::standard_error();
    let started = Started {
        issuer: settings.issuer.as_str(),
        realm: settings.realm.name(),
        card_issuers: settings.profiles.profiles().len(),
    };
    log.write(&started, date_time(clock.now()));
    let platform = Platform::new(Parts {
        issuer: settings.issuer,
        realm: settings.realm,
        store: Arc::clone(&store),
        keys,
        profiles: settings.profiles,
        populations: settings.populations,
        identity: settings.identity,
        operators: settings.operators,
        rules: settings.rules,
        proxies: settings.proxies,
        sdk: settings.sdk,
        proof_nonces: settings.dpop_nonces,
        log,
        clock,
    })?;
    let platform = Arc::new(match settings.operation.log {
        LogLevel::Info => platform,
        LogLevel::Debug => platform.with_timings(),
    });
    if let Some(listener) = for_operators {
        let router = platform.operation_router();
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    if let Some((listener, origin)) = for_administration {
        let router = platform.administration_router(origin);
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    tokio::spawn(purge(store));
    tokio::spawn(Arc::clone(&platform).tell_of_logouts());
    let mut out = io::stdout();
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    let service = platform.router().into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop()).await?;
    Ok(())
}

async fn purge(store: Arc<dyn Store>) {
    let log = EventLog::standard_error();
    loop {
        tokio::time::sleep(PURGE).await;
        let now = Clock::system().now();
        if let Err(error) = store.purge(now).await {
            log.write(&Trouble { reason: error.to_string() }, date_time(now));
        }
    }
}

/// Ctrl-C, or what a service manager sends.
async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
