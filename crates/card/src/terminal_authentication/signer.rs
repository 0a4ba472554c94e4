//! The one step that needs the terminal's key, which is somewhere else.

use std::{fmt, future::Future};

use super::card_security::AuthenticatedTerminal;
use crate::{
    apdu::{Command, ins},
    channel::Channel,
    chip_authentication::AnnouncedKey,
    cvc::{Algorithm, Reference},
    error::CardError,
};

/// Most bytes of a signature: RSA of 4096 bits.
const MAX_SIGNATURE: usize = 512;

/// Whoever has the terminal's private key: the portal, or a service beside it. Never this program.
pub trait TerminalSigner {
    /// Why there is no signature.
    type Error;

    /// Signs these bytes, hashed with the algorithm's hash, with the key of that name. ECDSA signatures are plain, `r || s`.
    fn sign(
        &self,
        holder: &Reference,
        algorithm: Algorithm,
        to_be_signed: &[u8],
    ) -> impl Future<Output = Result<Vec<u8>, Self::Error>>;
}

/// The chip has the certificates and gave its challenge. Nothing of the card is held while the terminal signs. `K` is what
/// was announced: the key of version 2, or nothing.
pub struct Prepared<K> {
    pub(super) to_be_signed: Vec<u8>,
    pub(super) holder: Reference,
    pub(super) algorithm: Algorithm,
    pub(super) announced: K,
}

/// With the terminal's signature.
pub struct Signed<K> {
    signature: Vec<u8>,
    announced: K,
}

impl<K> Prepared<K> {
    /// What the terminal signs: the chip's identifier, its challenge, the announced key, the auxiliary data.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// With which key: its name in the terminal's certificate.
    #[must_use]
    pub const fn holder(&self) -> &Reference {
        &self.holder
    }

    /// How.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The signature, from wherever it came. The chip says whether it is right.
    #[must_use]
    pub fn signed(self, signature: Vec<u8>) -> Signed<K> {
        Signed { signature, announced: self.announced }
    }

    /// Waits for the signer.
    ///
    /// # Errors
    /// The signer's.
    pub async fn signed_by<S: TerminalSigner>(self, signer: &S) -> Result<Signed<K>, S::Error> {
        let signature = signer.sign(&self.holder, self.algorithm, &self.to_be_signed).await?;
        Ok(self.signed(signature))
    }
}

impl<K> Signed<K> {
    /// EXTERNAL AUTHENTICATE (part 3, B.11.7).
    fn send(&self, channel: &mut Channel<'_>) -> Result<(), CardError> {
        if self.signature.is_empty() || self.signature.len() > MAX_SIGNATURE {
            return Err(CardError::Unsupported("a terminal's signature of this length"));
        }
        super::prepare::protected(channel)?;
        let command = Command::new(ins::EXTERNAL_AUTHENTICATE, 0, 0).data(self.signature.clone());
        channel.send(&command)?.expect_ok("EXTERNAL AUTHENTICATE")?;
        Ok(())
    }
}

impl Signed<()> {
    /// Ends version 1: from here on the chip gives what the terminal's certificates allow.
    ///
    /// # Errors
    /// [`CardError::Refused`] if the chip does not believe the signature; transport faults; a session that is gone.
    pub fn authenticate(self, channel: &mut Channel<'_>) -> Result<(), CardError> {
        self.send(channel)
    }
}

impl Signed<AnnouncedKey> {
    /// Ends version 2: the chip now shows EF.CardSecurity, and waits for the announced key.
    ///
    /// # Errors
    /// As in version 1.
    pub fn authenticate(self, channel: &mut Channel<'_>) -> Result<AuthenticatedTerminal, CardError> {
        self.send(channel)?;
        Ok(AuthenticatedTerminal { announced: self.announced })
    }
}

/// Neither challenge nor signature is shown: they name the chip.
impl<K> fmt::Debug for Prepared<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Prepared");
        shown.field("holder", &self.holder).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Signed<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}
