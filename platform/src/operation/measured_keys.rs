//! Keys whose operations are measured.

use std::{sync::Arc, time::Instant};

use bitaqa_jose::{CompactJwe, JwsHeader};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::mediation::Joining;
use zeroize::Zeroizing;

use super::{
    metrics::{Counter, METRICS, Timer},
    request,
};
use crate::{
    clock::Seconds,
    key_store::{HashUse, KeyStore, KeyStoreError, PublishedKey, VerifyingKey},
    secret::Hash,
};

/// Other keys, measured.
pub struct MeasuredKeys(Arc<dyn KeyStore>);

impl MeasuredKeys {
    /// Around other keys.
    #[must_use]
    pub fn new(keys: Arc<dyn KeyStore>) -> Self {
        Self(keys)
    }

    fn measure<T>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, KeyStoreError>,
    ) -> Result<T, KeyStoreError> {
        let start = Instant::now();
        let result = work(&*self.0);
        let took = start.elapsed();
        METRICS.time(Timer::Key, &[("operation", operation)], took);
        if result.is_err() {
            METRICS.count(Counter::KeyFailures, &[("operation", operation)]);
        }
        request::timing("key", operation, took, result.is_ok());
        result
    }
}

impl KeyStore for MeasuredKeys {
    fn published(&self) -> Result<Vec<VerifyingKey>, KeyStoreError> {
        self.measure("published", |keys| keys.published())
    }

    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        self.measure("sign", |keys| keys.sign(header, payload))
    }

    fn encryption_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        self.measure("encryption-keys", |keys| keys.encryption_keys())
    }

    fn decrypt(&self, jwe: &CompactJwe<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.measure("decrypt", |keys| keys.decrypt(jwe))
    }

    fn statement_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        self.measure("statement-keys", |keys| keys.statement_keys())
    }

    fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        self.measure("issue-statement", |keys| keys.issue_statement(statement))
    }

    fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        self.measure("issue-mediation", |keys| keys.issue_mediation(joining))
    }

    fn rotate_statement_keys(&self, now: Seconds) -> Result<(), KeyStoreError> {
        self.measure("rotate-statement-keys", |keys| keys.rotate_statement_keys(now))
    }

    fn hash(&self, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError> {
        self.measure("hash", |keys| keys.hash(usage, parts))
    }

    fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        self.measure("seal", |keys| keys.seal(place, content))
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        self.measure("open", |keys| keys.open(place, sealed))
    }

    fn rotate(&self, now: Seconds) -> Result<(), KeyStoreError> {
        self.measure("rotate", |keys| keys.rotate(now))
    }
}
