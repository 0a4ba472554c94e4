//! A signature in a file: a place for it, the bytes to be signed, and what is to be appended.

use super::{
    PadesError,
    appearance::Appearance,
    permission::Permission,
    placement::{FieldChoice, Look, Order, Piece, Placement},
};
use crate::{
    Hash, Signer, SignerStatement, cades,
    pdf::{
        Dictionary, Object, Source,
        text::{date_string, text_string},
    },
    statement::Place,
};

/// What is signed, beside the statement, and how it shows.
#[derive(Debug, Clone)]
pub struct SignatureSettings {
    /// The field.
    pub field: FieldChoice,
    /// What may be changed later, if the signature certifies the document; it must be its first.
    pub certification: Option<Permission>,
    /// What a viewer shows; nothing by default.
    pub appearance: Option<Appearance>,
    /// The signer's name.
    pub name: Option<String>,
    /// Why they sign. Not together with commitments (EN 319 142-1).
    pub reason: Option<String>,
    /// How they are reached.
    pub contact: Option<String>,
    /// Bytes kept free for time stamp and whatever else is put into the signature later.
    pub room: usize,
}

impl Default for SignatureSettings {
    fn default() -> Self {
        Self {
            field: FieldChoice::New,
            certification: None,
            appearance: None,
            name: None,
            reason: None,
            contact: None,
            room: DEFAULT_ROOM,
        }
    }
}

/// Enough for a time stamp with the certificates of its authority.
pub const DEFAULT_ROOM: usize = 12_288;
/// Attributes and structure of a signature without its certificates.
const STRUCTURE: usize = 4096;

/// Makes a place in a file. Of the file only what is needed is read.
///
/// # Errors
/// [`PadesError`].
pub fn place(
    source: &dyn Source,
    signer: &Signer,
    statement: &SignerStatement,
    settings: &SignatureSettings,
) -> Result<Placed, PadesError> {
    if settings.reason.is_some() && !statement.commitments.is_empty() {
        return Err(PadesError::ReasonAndCommitment);
    }
    let certificates = std::iter::once(signer.certificate()).chain(signer.chain());
    let certificates: usize = certificates.map(|certificate| certificate.der().len()).sum();
    let look = settings.appearance.clone().map_or_else(Look::hidden, Appearance::into_look)?;
    let order = Order {
        field: settings.field.clone(),
        certification: settings.certification,
        signature: signature_dictionary(statement, settings),
        look,
        reserved: certificates + STRUCTURE + settings.room,
        is_time_stamp: false,
    };
    Ok(Placed {
        placement: Placement::new(source, order)?,
        signer: signer.clone(),
        statement: SignerStatement { signing_time: None, place: None, media_type: None, ..statement.clone() },
    })
}

fn signature_dictionary(statement: &SignerStatement, settings: &SignatureSettings) -> Dictionary {
    let mut dictionary = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"));
    if let Some(time) = statement.signing_time {
        dictionary.set("M", date_string(time));
    }
    let texts = [
        ("Name", settings.name.clone()),
        ("Reason", settings.reason.clone()),
        ("ContactInfo", settings.contact.clone()),
        ("Location", statement.place.as_ref().and_then(location)),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            dictionary.set(key, text_string(&value));
        }
    }
    dictionary
}

/// The place in one line; PDF has one entry for it.
fn location(place: &Place) -> Option<String> {
    let town = [place.postal_code.as_deref(), place.locality.as_deref()];
    let town: Vec<&str> = town.into_iter().flatten().collect();
    let parts = [Some(town.join(" ")), place.state.clone(), place.country.clone()];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A place in a file, for a signature over everything around it.
#[derive(Debug)]
pub struct Placed {
    placement: Placement,
    signer: Signer,
    statement: SignerStatement,
}

impl Placed {
    /// What is hashed, in this order.
    #[must_use]
    pub fn pieces(&self) -> [Piece<'_>; 3] {
        self.placement.pieces()
    }

    /// The hash over it.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.signer.algorithm().hash()
    }

    /// The digest over the pieces, for who has nothing faster.
    ///
    /// # Errors
    /// [`PadesError`]: the file cannot be read.
    pub fn digest(&self, source: &dyn Source) -> Result<Vec<u8>, PadesError> {
        self.placement.digest(source, self.hash())
    }

    /// Takes the digest over the pieces.
    ///
    /// # Errors
    /// [`PadesError`].
    pub fn prepare(self, digest: &[u8]) -> Result<Prepared, PadesError> {
        if digest.len() != self.hash().length() {
            return Err(PadesError::Digest);
        }
        let content = cades::Content::Digest { hash: self.hash(), digest: digest.to_vec() };
        let cms = cades::prepare(&self.signer, content, cades::Profile::Pades, &self.statement)?;
        Ok(Prepared { placement: self.placement, cms })
    }
}

/// What a card signs.
#[derive(Debug)]
pub struct Prepared {
    placement: Placement,
    cms: cades::Prepared,
}

impl Prepared {
    /// The exact bytes to be signed: `SignedAttributes` in DER.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.cms.to_be_signed()
    }

    /// Their digest.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.cms.digest()
    }

    /// Takes the signature.
    ///
    /// # Errors
    /// [`PadesError`]: the signer's key did not make it.
    pub fn finish(self, signature: &[u8]) -> Result<Signed, PadesError> {
        Ok(Signed { placement: self.placement, cms: self.cms.finish(signature)? })
    }
}

/// A signature that is not in its file yet: a time stamp can be added.
#[derive(Debug)]
pub struct Signed {
    placement: Placement,
    cms: Vec<u8>,
}

impl Signed {
    /// The signature, `ContentInfo` in DER.
    #[must_use]
    pub fn cms(&self) -> &[u8] {
        &self.cms
    }

    /// What a time stamp over the signature value must have as its imprint.
    ///
    /// # Errors
    /// [`PadesError`]: none in practice.
    pub fn time_stamp_digest(&self, hash: Hash) -> Result<Vec<u8>, PadesError> {
        Ok(cades::signature_time_stamp_digest(&self.cms, 0, hash)?)
    }

    /// Adds a time stamp over the signature value (level B-T).
    ///
    /// # Errors
    /// [`PadesError`].
    pub fn with_time_stamp(self, token: &[u8]) -> Result<Self, PadesError> {
        let cms = cades::with_signature_time_stamp(&self.cms, 0, token)?;
        Ok(Self { placement: self.placement, cms })
    }

    /// The bytes to be appended to the file.
    ///
    /// # Errors
    /// [`PadesError::Room`]: more than was kept free.
    pub fn appended(self) -> Result<Vec<u8>, PadesError> {
        self.placement.embed(&self.cms)
    }
}
