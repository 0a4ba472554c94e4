//! Unsigned properties (`etsiU`; TS 119 182-1 clause 5.3). Nobody signed them: each is believed for what it proves by itself.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::{base64url, json};
use bitaqa_trust::Certificate;
use serde_json::{Map, Value, json as object};
use sha2::{Digest as _, Sha256};

use super::{
    JadesError,
    protected_header::{MAX_TOKENS, pki_object, tokens},
};
use crate::found::{EmbeddedRevocation, MAX_CERTIFICATES};

/// Most unsigned properties of one signature.
const MAX_PROPERTIES: usize = 1_000;
/// Most lists and answers of one signature.
const MAX_REVOCATION: usize = 1_000;

/// The unsigned properties of a signature.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsigned {
    pub(super) signature_time_stamps: Vec<Vec<u8>>,
    pub(super) archive_time_stamps: Vec<ArchiveToken>,
    /// All properties as they stand in the file, one after the other, where they are encoded.
    pub(super) texts: String,
    /// SHA-256 of certificates, revocation data and tokens, in their order.
    pub(super) material: Vec<[u8; 32]>,
    pub(super) counter_signatures: Vec<Value>,
    pub(super) certificates: Vec<Certificate>,
    pub(super) revocation: EmbeddedRevocation,
}

/// A time stamp over all that stands before it.
#[derive(Debug, Clone)]
pub(super) struct ArchiveToken {
    pub(super) token: Vec<u8>,
    /// How much of [`Unsigned::texts`]; none where the properties are in the clear.
    pub(super) texts: Option<usize>,
    /// How many of [`Unsigned::material`].
    pub(super) material: usize,
}

/// How the properties are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Encoded,
    Clear,
}

impl Unsigned {
    /// Reads the unprotected header.
    pub(super) fn parse(
        header: &Map<String, Value>,
        faults: &mut Vec<String>,
        remarks: &mut Vec<String>,
    ) -> Result<Self, JadesError> {
        if header.keys().any(|name| name != "etsiU") {
            faults.push("the unprotected header has parameters that nobody signed".to_owned());
        }
        let mut found = Self::default();
        let (form, properties) = properties(header)?;
        for property in properties {
            found.take(&property, form, remarks)?;
            found.texts.push_str(property.text.unwrap_or_default());
        }
        Ok(found)
    }

    fn take(
        &mut self,
        property: &Property<'_>,
        form: Form,
        remarks: &mut Vec<String>,
    ) -> Result<(), JadesError> {
        let value = &property.value;
        match property.name.as_str() {
            "sigTst" => {
                for token in tokens(value, "sigTst")? {
                    self.material.push(sha256(&token));
                    self.signature_time_stamps.push(token);
                    bounded(&self.signature_time_stamps, "sigTst")?;
                }
            }
            "arcTst" => {
                let (texts, material) = (Some(self.texts.len()), self.material.len());
                let texts = texts.filter(|_| form == Form::Encoded);
                if texts.is_none() {
                    remarks.push(
                        "what an archive time stamp covers is in the clear and was not followed".to_owned(),
                    );
                }
                for token in tokens(value, "arcTst")? {
                    self.material.push(sha256(&token));
                    self.archive_time_stamps.push(ArchiveToken { token, texts, material });
                    bounded(&self.archive_time_stamps, "arcTst")?;
                }
            }
            "cSig" => self.counter_signatures.push(value.clone()),
            "xVals" | "axVals" => self.take_certificates(value)?,
            "rVals" | "arVals" => self.take_revocation(value)?,
            "anyValData" | "tstVD" => {
                for (name, value) in value.as_object().ok_or(JadesError::Malformed("validation data"))? {
                    match name.as_str() {
                        "xVals" => self.take_certificates(value)?,
                        "rVals" => self.take_revocation(value)?,
                        _ => {}
                    }
                }
            }
            _ => remarks.push("an unsigned property is not looked at".to_owned()),
        }
        Ok(())
    }

    fn take_certificates(&mut self, value: &Value) -> Result<(), JadesError> {
        for item in value.as_array().ok_or(JadesError::Malformed("xVals"))? {
            let Some(object) = item.get("x509Cert") else { continue };
            let der = pki_object(object).ok_or(JadesError::Malformed("xVals"))?;
            if self.certificates.len() >= MAX_CERTIFICATES {
                return Err(JadesError::TooLong("xVals"));
            }
            self.material.push(sha256(&der));
            self.certificates.push(Certificate::from_der(&der).map_err(|_| JadesError::Malformed("xVals"))?);
        }
        Ok(())
    }

    fn take_revocation(&mut self, value: &Value) -> Result<(), JadesError> {
        const MALFORMED: JadesError = JadesError::Malformed("rVals");
        let members = value.as_object().ok_or(MALFORMED)?;
        for (name, list) in
            [("crlVals", &mut self.revocation.lists), ("ocspVals", &mut self.revocation.answers)]
        {
            let Some(items) = members.get(name) else { continue };
            for item in items.as_array().ok_or(MALFORMED)? {
                if list.len() >= MAX_REVOCATION {
                    return Err(JadesError::TooLong("rVals"));
                }
                let der = pki_object(item).ok_or(MALFORMED)?;
                self.material.push(sha256(&der));
                list.push(der.into());
            }
        }
        Ok(())
    }
}

fn bounded<T>(list: &[T], name: &'static str) -> Result<(), JadesError> {
    if list.len() > MAX_TOKENS { Err(JadesError::TooLong(name)) } else { Ok(()) }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// One property.
struct Property<'a> {
    name: String,
    value: Value,
    /// As it stands in the file, where it is encoded.
    text: Option<&'a str>,
}

fn properties(header: &Map<String, Value>) -> Result<(Form, Vec<Property<'_>>), JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("etsiU");
    let Some(value) = header.get("etsiU") else { return Ok((Form::Encoded, Vec::new())) };
    let items = value.as_array().filter(|items| !items.is_empty()).ok_or(MALFORMED)?;
    if items.len() > MAX_PROPERTIES {
        return Err(JadesError::TooLong("etsiU"));
    }
    let form = if items.iter().all(Value::is_string) { Form::Encoded } else { Form::Clear };
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let (members, text): (Map<String, Value>, _) = match (form, item) {
            (Form::Encoded, Value::String(text)) => {
                let bytes = base64url::decode(text).map_err(|_| MALFORMED)?;
                (json::from_slice(&bytes).map_err(|_| MALFORMED)?, Some(text.as_str()))
            }
            (Form::Clear, Value::Object(members)) => (members.clone(), None),
            _ => return Err(MALFORMED),
        };
        // one member each: the order of several in one object would be nobody's
        let mut members = members.into_iter();
        let (Some((name, value)), None) = (members.next(), members.next()) else { return Err(MALFORMED) };
        found.push(Property { name, value, text });
    }
    Ok((form, found))
}

/// Whether a property is there.
pub(super) fn has(header: &Map<String, Value>, name: &str) -> Result<bool, JadesError> {
    Ok(properties(header)?.1.iter().any(|property| property.name == name))
}

/// All properties as an archive time stamp covers them.
pub(super) fn covered(header: &Map<String, Value>) -> Result<String, JadesError> {
    let (form, properties) = properties(header)?;
    if form == Form::Clear {
        return Err(JadesError::ClearProperties);
    }
    Ok(properties.iter().filter_map(|property| property.text).collect())
}

/// Adds a property after all others, in the form that these have.
pub(super) fn push(header: &mut Map<String, Value>, name: &str, value: &Value) -> Result<(), JadesError> {
    let (form, _) = properties(header)?;
    let property = object!({name: value});
    let item = match form {
        Form::Encoded => base64url::encode(property.to_string().as_bytes()).into(),
        Form::Clear => property,
    };
    let list = header.entry("etsiU").or_insert_with(|| Value::Array(Vec::new()));
    list.as_array_mut().ok_or(JadesError::Malformed("etsiU"))?.push(item);
    Ok(())
}

/// A container of time stamps with one token.
pub(super) fn time_stamp_container(token: &[u8]) -> Value {
    object!({"tstTokens": [{"val": STANDARD.encode(token)}]})
}

/// `xVals`.
pub(super) fn certificate_values(certificates: &[Certificate]) -> Value {
    let values = certificates
        .iter()
        .map(|certificate| object!({"x509Cert": {"val": STANDARD.encode(certificate.der())}}));
    values.collect()
}

/// `rVals`.
pub(super) fn revocation_values(revocation: &EmbeddedRevocation) -> Value {
    let mut members = Map::new();
    for (name, list) in [("crlVals", &revocation.lists), ("ocspVals", &revocation.answers)] {
        if !list.is_empty() {
            let values = list.iter().map(|der| object!({"val": STANDARD.encode(der)}));
            members.insert(name.to_owned(), values.collect());
        }
    }
    Value::Object(members)
}
