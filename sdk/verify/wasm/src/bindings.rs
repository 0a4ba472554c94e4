//! What JavaScript sees: `sdk/verify/src/core.ts`. Errors are the JSON of [`Told`].

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    pending::{self, RevocationDemand},
    told::{IdentityStepResult, Told, json},
    verifier,
};

fn told(error: impl Into<Told>) -> String {
    error.into().to_json()
}

/// See [`crate::Trust`].
#[wasm_bindgen]
#[derive(Default)]
pub struct Trust(crate::Trust);

#[wasm_bindgen]
impl Trust {
    /// Nobody.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`crate::Trust::allow_tests`].
    #[wasm_bindgen(js_name = allowTests)]
    pub fn allow_tests(&mut self) {
        self.0.allow_tests();
    }

    /// See [`crate::Trust::add_pack`].
    #[wasm_bindgen(js_name = addPack)]
    pub fn add_pack(&mut self, pack: &str, signer: &str) -> Result<(), String> {
        self.0.add_pack(pack, signer).map_err(told)
    }

    /// See [`crate::Trust::add_countries`].
    #[wasm_bindgen(js_name = addCountries)]
    pub fn add_countries(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.0.add_countries(name, bytes).map_err(told)
    }

    /// See [`crate::Trust::add_certificates`].
    #[wasm_bindgen(js_name = addCertificates)]
    pub fn add_certificates(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.0.add_certificates(name, bytes).map_err(told)
    }

    /// See [`crate::Trust::add_issuer_file`].
    #[wasm_bindgen(js_name = addIssuerFile)]
    pub fn add_issuer_file(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), String> {
        self.0.add_issuer_file(name, bytes).map_err(told)
    }

    /// See [`crate::Trust::add_issuers`].
    #[wasm_bindgen(js_name = addIssuers)]
    pub fn add_issuers(&mut self, profiles: &str) -> Result<(), String> {
        self.0.add_issuers(profiles).map_err(told)
    }
}

/// See [`crate::Verifier`].
#[wasm_bindgen]
pub struct Verifier(crate::Verifier);

#[wasm_bindgen]
impl Verifier {
    /// See [`crate::Verifier::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(trust: Trust, origin: &str, now: f64) -> Result<Verifier, String> {
        crate::Verifier::new(trust.0, origin, now).map(Self).map_err(told)
    }

    /// See [`crate::Verifier::add_key`].
    #[wasm_bindgen(js_name = addKey)]
    pub fn add_key(&mut self, jwk: String) -> Result<(), String> {
        self.0.add_key(jwk).map_err(told)
    }

    /// See [`crate::Verifier::demand_revocation_lists`].
    #[wasm_bindgen(js_name = demandRevocationLists)]
    pub fn demand_revocation_lists(&mut self) {
        self.0.demand_revocation_lists();
    }

    /// See [`crate::Verifier::notes`].
    pub fn notes(&self) -> Vec<String> {
        self.0.notes().to_vec()
    }

    /// See [`crate::Verifier::sign_in`].
    #[wasm_bindgen(js_name = signIn)]
    pub fn sign_in(
        &self,
        token: &str,
        challenge: &str,
        now: f64,
        seed: &[u8],
    ) -> Result<PendingSignIn, String> {
        self.0.sign_in(token, challenge, now, seed).map(PendingSignIn).map_err(told)
    }

    /// See [`crate::Verifier::identity`].
    pub fn identity(
        &self,
        answer: &str,
        request: &str,
        now: f64,
        seed: &[u8],
    ) -> Result<IdentityStep, String> {
        self.0.identity(answer, request, now, seed).map(|step| IdentityStep(Some(step))).map_err(told)
    }

    /// See [`crate::Verifier::complete_identity`].
    #[wasm_bindgen(js_name = completeIdentity)]
    pub fn complete_identity(
        &self,
        answer: &str,
        request: &str,
        secret: String,
        chip: &str,
        now: f64,
        seed: &[u8],
    ) -> Result<PendingIdentity, String> {
        self.0
            .complete_identity(answer, request, (secret, chip), now, seed)
            .map(PendingIdentity)
            .map_err(told)
    }
}

/// See [`verifier::IdentityStep`].
#[wasm_bindgen]
pub struct IdentityStep(Option<verifier::IdentityStep>);

#[wasm_bindgen]
impl IdentityStep {
    /// What holds but for what others know, once; nothing where the chip has yet to prove itself.
    pub fn held(&mut self) -> Option<PendingIdentity> {
        match self.0.take() {
            Some(verifier::IdentityStep::Held(pending)) => Some(PendingIdentity(*pending)),
            other => {
                self.0 = other;
                None
            }
        }
    }

    /// What the chip has to do: JSON of [`IdentityStepResult`]; empty where there is nothing.
    pub fn needed(&self) -> String {
        match &self.0 {
            Some(verifier::IdentityStep::ChipAuthenticationNeeded(needed)) => {
                json(&IdentityStepResult::from(needed))
            }
            _ => String::new(),
        }
    }
}

/// See [`crate::PendingSignIn`].
#[wasm_bindgen]
pub struct PendingSignIn(crate::PendingSignIn);

#[wasm_bindgen]
impl PendingSignIn {
    /// See [`pending::Gathered::needs`].
    pub fn needs(&self) -> String {
        json(&self.0.gathered.needs())
    }

    /// See [`pending::Gathered::answer`].
    pub fn answer(&mut self, place: usize, received: Vec<u8>) -> Result<(), String> {
        self.0.gathered.answer(place, received).map_err(told)
    }

    /// See [`pending::Gathered::add_ocsp`].
    #[wasm_bindgen(js_name = addOcsp)]
    pub fn add_ocsp(&mut self, name: &str, der: Vec<u8>) -> Result<(), String> {
        self.0.gathered.add_ocsp(name, der).map_err(told)
    }

    /// See [`pending::Gathered::add_crl`].
    #[wasm_bindgen(js_name = addCrl)]
    pub fn add_crl(&mut self, name: &str, der: Vec<u8>) -> Result<(), String> {
        self.0.gathered.add_crl(name, der).map_err(told)
    }

    /// See [`crate::PendingSignIn::finish`].
    pub fn finish(self, demand: Option<String>) -> Result<String, String> {
        let demand = demand.as_deref().map(RevocationDemand::parse).transpose().map_err(told)?;
        self.0.finish(demand).map(|sign_in| json(&sign_in)).map_err(told)
    }
}

/// See [`crate::PendingIdentity`].
#[wasm_bindgen]
pub struct PendingIdentity(crate::PendingIdentity);

#[wasm_bindgen]
impl PendingIdentity {
    /// See [`crate::PendingIdentity::fingerprint`].
    pub fn fingerprint(&self) -> Option<String> {
        self.0.fingerprint()
    }

    /// See [`pending::Gathered::needs`].
    pub fn needs(&self) -> String {
        json(&self.0.gathered.needs())
    }

    /// See [`pending::Gathered::answer`].
    pub fn answer(&mut self, place: usize, received: Vec<u8>) -> Result<(), String> {
        self.0.gathered.answer(place, received).map_err(told)
    }

    /// See [`pending::Gathered::add_ocsp`].
    #[wasm_bindgen(js_name = addOcsp)]
    pub fn add_ocsp(&mut self, name: &str, der: Vec<u8>) -> Result<(), String> {
        self.0.gathered.add_ocsp(name, der).map_err(told)
    }

    /// See [`pending::Gathered::add_crl`].
    #[wasm_bindgen(js_name = addCrl)]
    pub fn add_crl(&mut self, name: &str, der: Vec<u8>) -> Result<(), String> {
        self.0.gathered.add_crl(name, der).map_err(told)
    }

    /// See [`crate::PendingIdentity::finish`].
    pub fn finish(self, demand: Option<String>, status: Option<String>) -> Result<String, String> {
        let demand = demand.as_deref().map(RevocationDemand::parse).transpose().map_err(told)?;
        let status = status.as_deref().map(pending::status).transpose().map_err(told)?;
        self.0.finish(demand, status).map(|identity| json(&identity)).map_err(told)
    }
}
