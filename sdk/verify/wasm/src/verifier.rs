//! Verifies for one origin. Everything that is trusted was read once, when it was made.

use bitaqa_jose::PrivateJwk;
use bitaqa_protocol::{
    Challenge, Origin,
    identity::{ChipAnswer, IdentityRequest},
};
use bitaqa_trust::{
    Assurance, DateTime, TokenVerifier,
    csca_store::CscaStore,
    identity::{
        ChipAuthenticationNeeded, ChipState, Expected, ExpectedRequest, IdentityVerifier, PendingStep,
    },
    passive_authentication::{Options, RevocationDemand},
};
use zeroize::Zeroizing;

use crate::{
    pending::{PendingIdentity, PendingSignIn},
    seed::Seed,
    told::{Told, Usage, UsageCode},
    trust::{Issuers, Trust, moment},
};

/// A verifier for one origin.
pub struct Verifier {
    origin: Origin,
    keys: Vec<PrivateJwk>,
    store: CscaStore,
    tokens: Option<TokenVerifier>,
    assurance: Assurance,
    options: Options,
    until: Option<u64>,
    notes: Vec<String>,
}

/// What comes of the first step of an identity answer.
pub enum IdentityStep {
    /// It holds but for what others know.
    Held(Box<PendingIdentity>),
    /// The chip has yet to prove that it is no copy.
    ChipAuthenticationNeeded(ChipAuthenticationNeeded),
}

impl Verifier {
    /// For the portal of this origin, at a time in seconds since 1970: trust packs have their time.
    ///
    /// # Errors
    /// [`Usage`].
    pub fn new(trust: Trust, origin: &str, now: f64) -> Result<Self, Usage> {
        let origin = Origin::parse(origin).map_err(|error| Usage::new(UsageCode::OriginInvalid, error))?;
        let believed = trust.at(moment(now)?)?;
        let tokens = match believed.issuers {
            Issuers::Profiles(profiles, store) => {
                Some(TokenVerifier::with_profiles(origin.clone(), profiles).and_certificates(&store))
            }
            Issuers::Anchors(store) => Some(TokenVerifier::with_anchors(origin.clone(), store)),
            Issuers::Nobody => None,
        };
        Ok(Self {
            origin,
            keys: Vec::new(),
            store: believed.countries.store,
            tokens,
            assurance: believed.assurance,
            options: Options::default(),
            until: believed.until,
            notes: believed.countries.notes,
        })
    }

    /// Adds a private key (JWK) that answers may be encrypted to.
    ///
    /// # Errors
    /// [`UsageCode::KeyInvalid`].
    pub fn add_key(&mut self, jwk: String) -> Result<(), Usage> {
        let jwk = Zeroizing::new(jwk);
        let key =
            PrivateJwk::parse(jwk.as_bytes()).map_err(|error| Usage::new(UsageCode::KeyInvalid, error))?;
        self.keys.push(key);
        Ok(())
    }

    /// Believes documents only where a revocation list of their country holds at the time.
    pub fn demand_revocation_lists(&mut self) {
        self.options.revocation = RevocationDemand::Required;
    }

    /// What of the files is not used, and why.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Verifies a sign-in token but for revocation.
    ///
    /// # Errors
    /// [`Told::SignIn`], [`Told::Usage`].
    pub fn sign_in(
        &self,
        token: &str,
        challenge: &str,
        now: f64,
        seed: &[u8],
    ) -> Result<PendingSignIn, Told> {
        let at = self.moment(now)?;
        let challenge =
            Challenge::parse(challenge).map_err(|error| Usage::new(UsageCode::ChallengeInvalid, error))?;
        let Some(tokens) = &self.tokens else {
            return Err(Usage::new(UsageCode::IssuersMissing, "no issuer is trusted").into());
        };
        Ok(PendingSignIn::new(tokens.begin(token, &challenge, at, drawn(seed)?.nonce())?))
    }

    /// Verifies an identity answer to a request but for status and revocation; `request` is the JSON of what the page gave to
    /// `identify()`.
    ///
    /// # Errors
    /// [`Told::Identity`], [`Told::Usage`].
    pub fn identity(&self, answer: &str, request: &str, now: f64, seed: &[u8]) -> Result<IdentityStep, Told> {
        let at = self.moment(now)?;
        let (request, seed) = (parsed(request)?, drawn(seed)?);
        let nonce = seed.nonce();
        let mut random = seed.stream();
        let step = self.identities()?.begin_pending(
            answer,
            &self.expected(&request),
            &mut random,
            (at, Some(nonce)),
        )?;
        Ok(match step {
            PendingStep::Held(pending) => IdentityStep::Held(Box::new(PendingIdentity::new(*pending))),
            PendingStep::ChipAuthenticationNeeded(needed) => IdentityStep::ChipAuthenticationNeeded(needed),
        })
    }

    /// The second step, with what the chip answered: the same answer and request, and the secret of the first.
    ///
    /// # Errors
    /// [`Told::Identity`], [`Told::Usage`].
    pub fn complete_identity(
        &self,
        answer: &str,
        request: &str,
        (secret, chip): (String, &str),
        now: f64,
        seed: &[u8],
    ) -> Result<PendingIdentity, Told> {
        let at = self.moment(now)?;
        let request = parsed(request)?;
        let secret = Zeroizing::new(secret);
        let state =
            ChipState::parse(&secret).map_err(|error| Usage::new(UsageCode::ChipAnswerInvalid, error))?;
        let chip =
            ChipAnswer::parse(chip).map_err(|error| Usage::new(UsageCode::ChipAnswerInvalid, error))?;
        let pending = self.identities()?.complete_pending(
            answer,
            &self.expected(&request),
            (state, &chip),
            (at, Some(drawn(seed)?.nonce())),
        )?;
        Ok(PendingIdentity::new(pending))
    }

    fn identities(&self) -> Result<IdentityVerifier<'_>, Usage> {
        if self.keys.is_empty() {
            return Err(Usage::new(UsageCode::KeysMissing, "there is no key that answers are encrypted to"));
        }
        let verifier =
            IdentityVerifier::new(&self.keys, &self.store, self.assurance).with_options(self.options);
        Ok(match &self.tokens {
            Some(tokens) => verifier.and_tokens(tokens),
            None => verifier,
        })
    }

    fn expected<'a>(&'a self, request: &'a IdentityRequest) -> Expected<'a> {
        Expected { origin: &self.origin, request: ExpectedRequest::Sent(request) }
    }

    /// A time at which everything that is trusted still counts.
    fn moment(&self, now: f64) -> Result<DateTime, Usage> {
        let at = moment(now)?;
        match self.until {
            Some(until) if at.unix_duration().as_secs() >= until => {
                Err(Usage::new(UsageCode::PackExpired, "a trust pack has expired: make the verifier anew"))
            }
            _ => Ok(at),
        }
    }
}

fn parsed(request: &str) -> Result<IdentityRequest, Usage> {
    serde_json::from_str(request).map_err(|error| Usage::new(UsageCode::RequestInvalid, error))
}

fn drawn(seed: &[u8]) -> Result<Seed, Usage> {
    Seed::new(seed).ok_or_else(|| Usage::new(UsageCode::RandomInvalid, "32 random bytes are needed"))
}
