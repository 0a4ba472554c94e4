//! A portal that runs in the test, and what its visitors have.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bitaqa_example_portal::{Portal, identity_settings::IdentitySettings};
use bitaqa_pages::event_log::EventLog;
use bitaqa_protocol::{Challenge, Origin, auth_token::TokenAlgorithm::ES256};
use bitaqa_trust::IssuerProfiles;

use crate::{
    browser::{Answer, Browser},
    test_pki::{Issued, Key, Kind, Template, token},
};

/// A portal on a free port of this computer, with a clock of its own.
pub(crate) struct Running {
    pub(crate) address: String,
    issuing: Issued,
    seconds: Arc<AtomicU64>,
    log: Log,
}

/// The portal's log, to look into.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// 2026-06-01, when every certificate of the tests is valid.
pub(crate) const START: u64 = 1_780_315_200;

impl Running {
    pub(crate) fn new(profile: &str) -> Self {
        Self::with(profile, None)
    }

    /// That asks who people are, too.
    pub(crate) fn asking(settings: IdentitySettings) -> Self {
        Self::with("", Some(settings))
    }

    fn with(profile: &str, identity: Option<IdentitySettings>) -> Self {
        let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
        let issuing = Template::authority("Example Issuing").issued_by(&root, Key::new(Kind::P256, 2));
        let text = format!(
            "schema = 1\n[[issuer]]\nname = \"Example State\"\nanchors = [\"root\"]\nintermediates = [\"issuing\"]\n{profile}\n"
        );
        let issuers = IssuerProfiles::parse(&text, |file| {
            Ok(if file == "root" { root.der.clone() } else { issuing.der.clone() })
        })
        .unwrap();
        let seconds = Arc::new(AtomicU64::new(START));
        let clock = {
            let seconds = Arc::clone(&seconds);
            Arc::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed)))
        };
        let log = Log::default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let origin = Origin::parse(&format!("http://{address}")).unwrap();
        let sdk = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
        let mut portal =
            Portal::new(origin, issuers, Some(sdk), EventLog::to(Box::new(log.clone())), clock).unwrap();
        if let Some(settings) = identity {
            portal = portal.and_identity(settings);
        }
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, portal.into_router()).await.unwrap();
            });
        });
        Self { address, issuing, seconds, log }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }

    /// A token of Amina's card over a challenge.
    pub(crate) fn token(&self, challenge: &str) -> String {
        self.token_of(Template::person(), &self.origin(), challenge)
    }

    pub(crate) fn token_of(&self, person: Template, origin: &Origin, challenge: &str) -> String {
        let holder = person.issued_by(&self.issuing, Key::new(Kind::P256, 3));
        let challenge = Challenge::parse(challenge).unwrap();
        serde_json::to_string(&token(&holder, ES256, origin, &challenge)).unwrap()
    }
}

pub(crate) fn challenge(browser: &mut Browser) -> String {
    let answer = browser.post("/challenge", "");
    assert_eq!(answer.status, 200);
    answer.json()["challenge"].as_str().unwrap().to_owned()
}

pub(crate) fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_else(|| panic!("no code in {}", answer.body)).to_owned()
}
