//! The certificate holder authorization template (BSI TR-03110-3 section C.1.5): what kind of terminal asks, and for which
//! rights.

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader, encode},
};

/// `7F4C`.
const TEMPLATE: Tag = Tag(0x7F4C);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// Discretionary data: role and rights.
const AUTHORIZATION: Tag = Tag(0x53);

/// Terminal type and rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    terminal_type: Vec<u8>,
    authorization: Vec<u8>,
}

impl Chat {
    /// Of a terminal type (content bytes of an object identifier below `id-roles`) and its rights, the first two bits of which
    /// are the role.
    #[must_use]
    pub fn new(terminal_type: &[u8], authorization: &[u8]) -> Self {
        Self { terminal_type: terminal_type.to_vec(), authorization: authorization.to_vec() }
    }

    /// From its data object.
    ///
    /// # Errors
    /// Misbehaviour of whoever gave it: what is no template of two elements.
    pub fn parse(what: &'static str, encoded: &[u8]) -> Result<Self, CardError> {
        let fault = |error| CardError::from(Misbehaviour::Tlv { what, error });
        let mut fields = TlvReader::new(encoded).expect(TEMPLATE).map_err(fault)?.children();
        let terminal_type = fields.expect(OBJECT_IDENTIFIER).map_err(fault)?;
        let authorization = fields.expect(AUTHORIZATION).map_err(fault)?;
        Ok(Self::new(terminal_type.value, authorization.value))
    }

    /// Content bytes of the terminal type's object identifier.
    #[must_use]
    pub fn terminal_type(&self) -> &[u8] {
        &self.terminal_type
    }

    /// Role and rights.
    #[must_use]
    pub fn authorization(&self) -> &[u8] {
        &self.authorization
    }

    /// Its data object.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let terminal_type = encode(OBJECT_IDENTIFIER, &self.terminal_type);
        encode(TEMPLATE, &[terminal_type, encode(AUTHORIZATION, &self.authorization)].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_hex::hex;

    #[test]
    fn a_template_is_read_as_it_is_written() {
        // of the terminal certificate in the worked example of TR-03110
        let encoded = hex("7F4C12060904007F0007030102025305000000001F");
        let chat = Chat::parse("CHAT", &encoded).unwrap();
        assert_eq!(chat.terminal_type(), hex("04007F000703010202"));
        assert_eq!(chat.authorization(), hex("000000001F"));
        assert_eq!(chat.encode(), encoded);
        assert!(Chat::parse("CHAT", &encoded[..20]).is_err());
        assert!(Chat::parse("CHAT", &hex("7F4C00")).is_err());
    }
}
