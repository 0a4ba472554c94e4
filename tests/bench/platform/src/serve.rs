//! The platform, with somebody who is signed in and agreed.

use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::Arc,
};

use axum::http::HeaderMap;
use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_pages::event_log::EventLog;
use bitaqa_platform::{
    Parts, Platform,
    administration::{Desk, Operator, Operators, Role},
    assurance::Proofing,
    clock::{Clock, Seconds},
    key_store::SealedFile,
    person::SignInFacts,
    registration::Registration,
    secret::{self, Secret},
    settings::{Population, Populations, Realm},
    store::{MemoryStore, SqliteStore, Store},
    visit::Proxies,
};
use bitaqa_protocol::Origin;
use bitaqa_trust::IssuerProfiles;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{BenchError, ask::Target, fill::fill};

const ACCOUNT: &str = "account";
const REGISTRATION: &str = "id = \"bank\"\nauthentication = \"none\"\nredirect_uris = [\"https://bank.example/callback\"]\n\
    claims = [\"name\", \"given_name\", \"family_name\"]\nrequire_pushed_requests = false\nminimum_level = \"none\"\n\
    contact = \"bank@bank.example\"\nlegal_basis = \"to be measured\"\n\
    [legal_name]\nar = \"مصرف\"\nfr = \"Banque\"\nen = \"Bank\"\n\
    [name]\nar = \"مصرف\"\nfr = \"Banque\"\nen = \"Bank\"\n[purpose]\nar = \"حساب\"\nfr = \"compte\"\nen = \"account\"\n";

/// Serves on `memory`, `sqlite` or `sqlite-filled`, and prints whom to ask as JSON.
pub(crate) fn serve(store: &str) -> Result<(), BenchError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(run(store))
}

async fn run(kind: &str) -> Result<(), BenchError> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("platform.db").display());
    let store: Arc<dyn Store> = match kind {
        "memory" => Arc::new(MemoryStore::new()),
        "sqlite" | "sqlite-filled" => {
            let store = SqliteStore::open(&url).await?;
            store.migrate().await?;
            if kind == "sqlite-filled" {
                fill(&url, Clock::system().now()).await?;
            }
            Arc::new(store)
        }
        other => return Err(BenchError::other(format!("there is no store {other}"))),
    };
    let platform = signed_in(store).await?;
    let mut out = io::stdout();
    writeln!(out, "{}", serde_json::to_string(&platform.target)?)?;
    out.flush()?;
    platform.serve().await
}

/// A platform at which somebody is signed in.
pub(crate) struct SignedIn {
    pub(crate) target: Target,
    platform: Arc<Platform>,
    listener: TcpListener,
    _keys: TempDir,
}

impl SignedIn {
    /// Until nobody asks any more.
    pub(crate) async fn serve(self) -> Result<(), BenchError> {
        Ok(axum::serve(
            self.listener,
            self.platform.router().into_make_service_with_connect_info::<SocketAddr>(),
        )
        .await?)
    }
}

/// Registers a bank in a store and signs somebody in who agreed to what it asks for.
pub(crate) async fn signed_in(store: Arc<dyn Store>) -> Result<SignedIn, BenchError> {
    let folder = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let host = listener.local_addr()?.to_string();
    let key = || PrivateJwk::generate(Curve::P256, &mut secret::fill);
    let [onboarder, authoriser] = [key()?, key()?];
    let operator = |name: &str, role, key: &PrivateJwk| Operator {
        name: name.to_owned(),
        role,
        key: key.public().clone(),
        until: None,
    };
    let operators = Operators::new(vec![
        operator("onboarder", Role::Onboarder, &onboarder),
        operator("authoriser", Role::Authoriser, &authoriser),
    ])?;
    let issuer =
        Origin::parse(&format!("http://{host}")).map_err(|error| BenchError::other(error.to_string()))?;
    let platform = Arc::new(platform(issuer.clone(), folder.path(), Arc::clone(&store), operators.clone())?);
    let clock = Clock::system();
    let now = clock.now();
    let file = folder.path().join("bank.toml");
    fs::write(&file, REGISTRATION)?;
    let (id, registration) = Registration::read(&file, Realm::Sandbox)?;
    let desk = Desk {
        store: &*store,
        operators: &operators,
        platform: &issuer,
        realm: Realm::Sandbox,
        clock: &clock,
    };
    let proposal = desk.propose(&onboarder, &id, &registration).await?;
    desk.approve(&authoriser, &id, &proposal).await?;
    store.put_consent(ACCOUNT, &id, "openid name given_name family_name", now).await?;
    let session = Secret::random();
    platform.begin_session(&HeaderMap::new(), &session, ACCOUNT.to_owned(), facts(now)?).await?;
    let target = Target {
        host,
        authorize: "/authorize".to_owned(),
        token: "/token".to_owned(),
        userinfo: "/userinfo".to_owned(),
        cookies: format!("session={}", session.as_str()),
    };
    Ok(SignedIn { target, platform, listener, _keys: folder })
}

fn facts(now: Seconds) -> Result<SignInFacts, BenchError> {
    Ok(serde_json::from_value(json!({
        "session": "session", "proofing": "centre", "ceiling": "high", "issuer": "bench",
        "shown": [{ "factor": "card-and-pin", "level": "high", "at": now }],
        "person": {
            "name": "Amina El Mithal", "given_name": "Amina", "family_name": "El Mithal",
            "personal_number": "IDCMA-BE123456", "written": [],
        },
    }))?)
}

fn platform(
    issuer: Origin,
    folder: &Path,
    store: Arc<dyn Store>,
    operators: Operators,
) -> Result<Platform, BenchError> {
    let (certificate, key) = (folder.join("root.pem"), folder.join("root.key"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=Root", "-addext", "keyUsage=critical,keyCertSign", "-out"])
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()?;
    if !made.status.success() {
        return Err(BenchError::other("openssl makes no certificate"));
    }
    let text =
        "schema = 1\n[[issuer]]\nname = \"bench\"\ntest = true\nlevel = \"high\"\nanchors = [\"root.pem\"]\n";
    let profiles = IssuerProfiles::parse(text, |name| fs::read(folder.join(name)))
        .map_err(|error| BenchError::other(error.to_string()))?;
    let population = Population {
        name: "people".to_owned(),
        proofing: Proofing::Centre,
        trust_framework: None,
        document: None,
    };
    Platform::new(Parts {
        issuer,
        realm: Realm::Sandbox,
        store,
        keys: Arc::new(SealedFile::create(
            &folder.join("keys"),
            &folder.join("unsealing"),
            Clock::system().now(),
        )?),
        profiles,
        populations: Populations::default().with("bench", population),
        identity: None,
        operators,
        rules: Vec::new(),
        proxies: Proxies::default(),
        proof_nonces: false,
        sdk: folder.to_owned(),
        log: EventLog::to(Box::new(io::sink())),
        clock: Clock::system(),
    })
    .map_err(|error| BenchError::other(error.to_string()))
}
