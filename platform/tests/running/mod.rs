//! A platform that runs in the test, with a clock of its own, and who uses it.

#![allow(dead_code, reason = "each test program uses its part")]

mod operators;

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use bitaqa_jose::PrivateJwk;
use bitaqa_pages::event_log::EventLog;
use bitaqa_platform::{
    Parts, Platform,
    administration::{Desk, Operators},
    assurance::Proofing,
    clock::Clock,
    identity::{Identity, IssuedDocuments},
    key_store::SealedFile,
    registration::Registration,
    settings::{Population, Populations, Realm},
    store::{MemoryStore, SqliteStore, Store},
    visit::Proxies,
};
use bitaqa_protocol::{Challenge, Origin, auth_token::TokenAlgorithm::ES256};
use bitaqa_trust::IssuerProfiles;

pub(crate) use operators::Staff;

use crate::{
    browser::{Answer, Browser},
    relying_party::{RelyingParty, code},
    test_pki::{Issued, Key, Kind, Template, token},
};

/// 2026-06-01, when every certificate of the tests is valid.
pub(crate) const START: i64 = 1_780_315_200;

static CLOCKS: Mutex<BTreeMap<String, Arc<AtomicI64>>> = Mutex::new(BTreeMap::new());

/// The time at a platform: its own, or the real one where it is another process.
pub(crate) fn now_at(address: &str) -> i64 {
    let clocks = CLOCKS.lock().unwrap();
    clocks.get(address).map_or_else(|| Clock::system().now(), |seconds| seconds.load(Ordering::Relaxed))
}

/// Whether proofs of keys have to have a nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nonces {
    Wanted,
    NotWanted,
}

/// Where a platform keeps things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    InMemory,
    InAFile,
}

pub(crate) struct Running {
    pub(crate) address: String,
    /// Where operators find it in a browser.
    pub(crate) administration: String,
    pub(crate) store: Arc<MemoryStore>,
    /// What it keeps things in: that one, or a file.
    used: Arc<dyn Store>,
    pub(crate) keys: Arc<SealedFile>,
    pub(crate) staff: Staff,
    seconds: Arc<AtomicI64>,
    log: Log,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An issuer with two authorities: cards of `high` were given at a counter, those of `low` ordered online.
pub(crate) fn authority(name: &str) -> (Issued, Issued) {
    let seed = if name == "high" { 1 } else { 11 };
    let root = Template::authority(&format!("Root {name}")).self_signed(Key::new(Kind::P256, seed));
    let issuing =
        Template::authority(&format!("Issuing {name}")).issued_by(&root, Key::new(Kind::P256, seed + 1));
    (root, issuing)
}

pub(crate) const PROFILES: &str = "schema = 1\n\
    [[issuer]]\nname = \"high\"\ntest = true\nlevel = \"high\"\nanchors = [\"high-root.pem\"]\nintermediates = [\"high-issuing.pem\"]\n\
    [[issuer]]\nname = \"low\"\ntest = true\nlevel = \"high\"\nanchors = [\"low-root.pem\"]\nintermediates = [\"low-issuing.pem\"]\n";

pub(crate) fn write_profiles(folder: &Path) {
    for name in ["high", "low"] {
        let (root, issuing) = authority(name);
        fs::write(folder.join(format!("{name}-root.pem")), root.pem()).unwrap();
        fs::write(folder.join(format!("{name}-issuing.pem")), issuing.pem()).unwrap();
    }
    fs::write(folder.join("issuers.toml"), PROFILES).unwrap();
}

/// A registration file with its keys; gives its path.
pub(crate) fn write_registration(
    folder: &Path,
    id: &str,
    key: Option<&PrivateJwk>,
    changes: &str,
) -> std::path::PathBuf {
    let keys = key.map(|key| serde_json::json!({ "keys": [key.public()] }));
    write_registration_with(folder, id, keys.as_ref(), changes)
}

/// The same with any keys.
pub(crate) fn write_registration_with(
    folder: &Path,
    id: &str,
    keys: Option<&serde_json::Value>,
    changes: &str,
) -> std::path::PathBuf {
    let mut text = format!("id = \"{id}\"\n");
    let (changes, tables) = changes
        .split_once("\n[")
        .map_or((changes, String::new()), |(before, tables)| (before, format!("[{tables}")));
    match keys {
        Some(keys) => {
            fs::write(folder.join(format!("{id}.jwks.json")), keys.to_string()).unwrap();
            text.push_str(&format!("authentication = \"private-key-jwt\"\nkeys = \"{id}.jwks.json\"\n"));
        }
        // it publishes them
        None if changes.contains("jwks_uri =") => text.push_str("authentication = \"private-key-jwt\"\n"),
        None => text.push_str("authentication = \"none\"\n"),
    }
    for (name, default) in [
        ("redirect_uris", format!("[\"https://{id}.example.ma/callback\"]")),
        ("post_logout_redirect_uris", format!("[\"https://{id}.example.ma/bye\"]")),
        ("claims", "[\"name\", \"given_name\", \"family_name\"]".to_owned()),
        ("offline_access", "true".to_owned()),
        ("require_pushed_requests", "false".to_owned()),
        ("minimum_level", "\"none\"".to_owned()),
    ] {
        let of_the_party = changes.split("[[").next().unwrap_or_default();
        if !of_the_party.contains(&format!("{name} =")) {
            text.push_str(&format!("{name} = {default}\n"));
        }
    }
    text.push_str(&format!(
        "contact = \"integration@{id}.example.ma\"\nlegal_basis = \"Example Act, article 4\"\n"
    ));
    text.push_str(changes);
    text.push_str(&format!(
        "\n{tables}\n[legal_name]\nar = \"{id} ش.م.\"\nfr = \"{id} S.A.\"\nen = \"{id} plc\"\n\
         [name]\nar = \"موقع {id}\"\nfr = \"Le site {id}\"\nen = \"The site {id}\"\n\
         [purpose]\nar = \"لفتح حساب\"\nfr = \"ouvrir un compte\"\nen = \"to open an account\"\n"
    ));
    let path = folder.join(format!("{id}.toml"));
    fs::write(&path, text).unwrap();
    path
}

/// Keys of a platform's own from `START`, the same for all of a test program: to draw those of RSA takes seconds.
fn keys_in(folder: &Path) -> SealedFile {
    static DRAWN: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let files = [folder.join("keys"), folder.join("unsealing")];
    let drawn = DRAWN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("keys"), folder.path().join("unsealing")];
        SealedFile::create(&files[0], &files[1], START).unwrap();
        files.map(|file| fs::read(file).unwrap())
    });
    for (file, content) in files.iter().zip(drawn) {
        write_for_owner(file, content);
    }
    SealedFile::open(&files[0], &files[1]).unwrap()
}

/// A file that others cannot read.
pub(crate) fn write_for_owner(path: &Path, content: &[u8]) {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(content).unwrap();
}

impl Running {
    pub(crate) fn new() -> Self {
        Self::of(Realm::Sandbox, Nonces::NotWanted, None, Kept::InMemory)
    }

    /// One that asks chips itself: cards of Morocco are those of `high`.
    pub(crate) fn asking(identity: Identity) -> Self {
        Self::of(Realm::Sandbox, Nonces::NotWanted, Some(identity), Kept::InMemory)
    }

    /// The same with a database: a file beside its keys.
    pub(crate) fn asking_in_a_file(identity: Identity) -> Self {
        Self::of(Realm::Sandbox, Nonces::NotWanted, Some(identity), Kept::InAFile)
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that it wrote into its folder, by name.
    pub(crate) fn written(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
    }

    pub(crate) fn with(nonces: Nonces) -> Self {
        Self::of(Realm::Sandbox, nonces, None, Kept::InMemory)
    }

    pub(crate) fn in_realm(realm: Realm) -> Self {
        Self::of(realm, Nonces::NotWanted, None, Kept::InMemory)
    }

    fn of(realm: Realm, nonces: Nonces, identity: Option<Identity>, kept: Kept) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_profiles(folder.path());
        let profiles = IssuerProfiles::parse(PROFILES, |name| fs::read(folder.path().join(name))).unwrap();
        let population = |proofing, framework: Option<&str>| Population {
            name: "people".to_owned(),
            proofing,
            trust_framework: framework.map(str::to_owned),
            document: None,
        };
        let moroccan = IssuedDocuments { state: "MAR".to_owned(), number_prefix: "PNOMA-".to_owned() };
        let high = population(Proofing::Centre, Some("example_state_id"));
        let populations = Populations::default()
            .with("high", Population { document: identity.as_ref().map(|_| moroccan), ..high })
            .with("low", population(Proofing::Online, None));
        let seconds = Arc::new(AtomicI64::new(START));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let for_operators = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        for_operators.set_nonblocking(true).unwrap();
        let administration = for_operators.local_addr().unwrap().to_string();
        CLOCKS.lock().unwrap().insert(address.clone(), Arc::clone(&seconds));
        let keys = Arc::new(keys_in(folder.path()));
        let store = Arc::new(MemoryStore::new());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let used: Arc<dyn Store> = match kept {
            Kept::InMemory => Arc::clone(&store) as Arc<dyn Store>,
            Kept::InAFile => runtime.block_on(async {
                let url = format!("sqlite:{}", folder.path().join("platform.db").display());
                let file = SqliteStore::open(&url).await.unwrap();
                file.migrate().await.unwrap();
                Arc::new(file) as Arc<dyn Store>
            }),
        };
        let log = Log::default();
        let staff = Staff::new();
        let clock = Arc::clone(&seconds);
        let platform = Arc::new(
            Platform::new(Parts {
                issuer: Origin::parse(&format!("http://{address}")).unwrap(),
                realm,
                store: Arc::clone(&used),
                keys: keys.clone(),
                profiles,
                populations,
                identity,
                operators: staff.operators.clone(),
                rules: Vec::new(),
                proxies: Proxies::default(),
                sdk: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk"),
                proof_nonces: nonces == Nonces::Wanted,
                log: EventLog::to(Box::new(log.clone())),
                clock: Clock::of(move || clock.load(Ordering::Relaxed)),
            })
            .unwrap(),
        );
        runtime.spawn(Arc::clone(&platform).tell_of_logouts());
        let pages =
            platform.administration_router(Origin::parse(&format!("http://{administration}")).unwrap());
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(for_operators).unwrap();
            axum::serve(listener, pages).await.unwrap();
        });
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let service = platform.router().into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.unwrap();
        });
        Self { address, administration, store, used, keys, staff, seconds, log, runtime, folder }
    }

    /// A relying party with a key.
    pub(crate) fn confidential(&self, id: &str, changes: &str) -> RelyingParty {
        self.register(id, Some(RelyingParty::new_key()), changes)
    }

    /// One that keeps no secret.
    pub(crate) fn public(&self, id: &str, changes: &str) -> RelyingParty {
        self.register(id, None, changes)
    }

    /// One with these public keys, whose private ones the test has.
    pub(crate) fn with_keys(&self, id: &str, keys: &[serde_json::Value], changes: &str) -> RelyingParty {
        let keys = serde_json::json!({ "keys": keys });
        self.registered(&write_registration_with(self.folder.path(), id, Some(&keys), changes), None)
    }

    /// One with a key of the test's.
    pub(crate) fn with_key(&self, id: &str, key: PrivateJwk, changes: &str) -> RelyingParty {
        self.register(id, Some(key), changes)
    }

    fn register(&self, id: &str, key: Option<PrivateJwk>, changes: &str) -> RelyingParty {
        let file = write_registration(self.folder.path(), id, key.as_ref(), changes);
        self.registered(&file, key)
    }

    fn registered(&self, file: &Path, key: Option<PrivateJwk>) -> RelyingParty {
        let (id, registration) = Registration::read(file, Realm::Sandbox).unwrap();
        self.approve(&id, &registration);
        let redirect_uri = registration.redirect_uris.first().unwrap().clone();
        RelyingParty { address: self.address.clone(), id, key, redirect_uri }
    }

    /// Registers one that is there anew.
    pub(crate) fn replace(&self, party: &RelyingParty, changes: &str) {
        let file = write_registration(self.folder.path(), &party.id, party.key.as_ref(), changes);
        let (id, registration) = Registration::read(&file, Realm::Sandbox).unwrap();
        self.approve(&id, &registration);
    }

    pub(crate) fn approve(&self, id: &str, registration: &Registration) {
        self.at_the_desk(async |desk| self.staff.register(desk, id, registration).await);
    }

    /// What operators do.
    pub(crate) fn at_the_desk<T>(&self, work: impl AsyncFnOnce(&Desk<'_>) -> T) -> T {
        let platform = Origin::parse(&format!("http://{}", self.address)).unwrap();
        let seconds = Arc::clone(&self.seconds);
        let clock = Clock::of(move || seconds.load(Ordering::Relaxed));
        self.runtime.block_on(work(&self.staff.desk(&*self.used, &platform, &clock)))
    }

    /// The administration of another process on the same database, whose configuration has these operators.
    pub(crate) fn administration_of(&self, operators: Operators) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seconds = Arc::clone(&self.seconds);
        let read = |name: &str| fs::read(self.folder.path().join(name));
        let platform = Platform::new(Parts {
            issuer: Origin::parse(&format!("http://{}", self.address)).unwrap(),
            realm: Realm::Sandbox,
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            keys: self.keys.clone(),
            profiles: IssuerProfiles::parse(PROFILES, read).unwrap(),
            populations: Populations::default(),
            identity: None,
            operators,
            rules: Vec::new(),
            proxies: Proxies::default(),
            sdk: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk"),
            proof_nonces: false,
            log: EventLog::to(Box::new(self.log.clone())),
            clock: Clock::of(move || seconds.load(Ordering::Relaxed)),
        });
        let origin = Origin::parse(&format!("http://{address}")).unwrap();
        let pages = Arc::new(platform.unwrap()).administration_router(origin);
        self.runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, pages).await.unwrap();
        });
        address
    }

    pub(crate) fn suspend(&self, id: &str) {
        self.at_the_desk(async |desk| desk.suspend(&self.staff.authoriser, id, "a test").await.unwrap());
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }
}

/// A card's token, as JSON.
pub(crate) fn token_of(address: &str, issuer: &str, person: Template, challenge: &str) -> String {
    let (_, issuing) = authority(issuer);
    let holder = person.issued_by(&issuing, Key::new(Kind::P256, 3));
    let origin = Origin::parse(&format!("http://{address}")).unwrap();
    let challenge = Challenge::parse(challenge).unwrap();
    serde_json::to_string(&token(&holder, ES256, &origin, &challenge)).unwrap()
}

/// Opens a request and says at which page it ends: the interaction.
pub(crate) fn open(browser: &mut Browser, request: &str) -> String {
    let answer = browser.get(request);
    let page = answer.location().to_owned();
    assert!(page.starts_with("/interaction/"), "{page}");
    page
}

pub(crate) fn challenge(browser: &mut Browser, page: &str) -> String {
    let answer = browser.post(&format!("{page}/challenge"), "", "");
    answer.json()["challenge"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// Shows a card of an issuer on an interaction's page.
pub(crate) fn show_card(
    browser: &mut Browser,
    address: &str,
    page: &str,
    issuer: &str,
    person: Template,
) -> Answer {
    let challenge = challenge(browser, page);
    let token = token_of(address, issuer, person, &challenge);
    browser.post(&format!("{page}/sign-in"), "application/json", &token)
}

/// The whole way of a person from a request to the relying party; gives the address where the browser ends.
pub(crate) fn sign_in_with(browser: &mut Browser, address: &str, request: &str, issuer: &str) -> String {
    let page = open(browser, request);
    assert_eq!(browser.get(&page).status, 200);
    let answer = show_card(browser, address, &page, issuer, Template::person());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["continue"], page.as_str());
    browser.get(&page).location().to_owned()
}

pub(crate) fn sign_in(browser: &mut Browser, address: &str, request: &str) -> String {
    sign_in_with(browser, address, request, "high")
}

/// The code that a person's sign-in gives a relying party.
pub(crate) fn code_of(platform: &Running, party: &RelyingParty, changes: &[(&str, &str)]) -> String {
    code(&sign_in(&mut platform.browser(), &platform.address, &party.authorize(changes)))
}
