//! Document time stamps (EN 319 142-1, `ETSI.RFC3161`): a time stamp over everything that is in the file.

use super::{
    PadesError,
    placement::{FieldChoice, Look, Order, Piece, Placement},
};
use crate::{
    Hash,
    pdf::{Dictionary, Object, Source},
    time_stamp::{TimeStampError, TimeStampToken},
};

/// Makes a place for a document time stamp, with room for a token of so many bytes.
///
/// # Errors
/// [`PadesError`].
pub fn place_document_time_stamp(
    source: &dyn Source,
    hash: Hash,
    room: usize,
) -> Result<PlacedTimeStamp, PadesError> {
    let signature = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let order = Order {
        field: FieldChoice::New,
        certification: None,
        signature,
        look: Look::hidden()?,
        reserved: room,
        is_time_stamp: true,
    };
    Ok(PlacedTimeStamp { placement: Placement::new(source, order)?, hash })
}

/// A place for a document time stamp.
#[derive(Debug)]
pub struct PlacedTimeStamp {
    placement: Placement,
    hash: Hash,
}

impl PlacedTimeStamp {
    /// What is hashed, in this order.
    #[must_use]
    pub fn pieces(&self) -> [Piece<'_>; 3] {
        self.placement.pieces()
    }

    /// The hash over it.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The digest over the pieces, which the time stamp's imprint must be.
    ///
    /// # Errors
    /// [`PadesError`]: the file cannot be read.
    pub fn digest(&self, source: &dyn Source) -> Result<Vec<u8>, PadesError> {
        self.placement.digest(source, self.hash)
    }

    /// The bytes to be appended to the file, if the token is one over this digest.
    ///
    /// # Errors
    /// [`PadesError::Room`]: more than was kept free; [`PadesError::TimeStamp`]: it is over something else.
    pub fn appended(self, digest: &[u8], token: &[u8]) -> Result<Vec<u8>, PadesError> {
        let parsed = TimeStampToken::parse(token)?;
        if parsed.hash() != Some(self.hash) || parsed.imprint() != digest {
            return Err(TimeStampError::NotAsked("imprint").into());
        }
        self.placement.embed(token)
    }
}
