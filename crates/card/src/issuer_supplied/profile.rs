//! The profile that an issuer supplies, as TOML:
//!
//! ```toml
//! schema = 1
//! title = "A card of the tests"
//!
//! [recognise]
//! application = "F04254515445535431"
//!
//! [link]
//! extended-length = false
//! chaining = false
//! max-response = 256
//!
//! [authenticate]
//! kind = "external"          # GET CHALLENGE, EXTERNAL AUTHENTICATE; "mutual": the card answers as well; "none"
//! challenge-length = 16
//! key-reference = 0x01
//!
//! [[file]]
//! name = "person"
//! path = "0001"              # from the application, unless it starts with 3F00
//! max-size = 4096
//!
//! [[claim]]
//! name = "family-name"
//! file = "person"
//! field = { kind = "data-object", path = ["81"] }
//! form = "text"
//! ```

use serde::Deserialize;

use crate::{
    profile::{Link, ProfileError, Recognise},
    profile_file::{FilePath, RecogniseEntry, TagEntry},
    tlv::Tag,
};

/// The version of the format that this code reads.
const SCHEMA: u32 = 1;
/// Most bytes of a profile.
const MAX_TEXT: usize = 64 * 1024;
/// Most files and claims.
const MAX_ENTRIES: usize = 128;
/// Most bytes of a file that is read.
const MAX_FILE: usize = crate::file::MAX_FILE;

/// How to read a card, as its issuer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerProfile {
    /// Its name, for evidence and diagnostics.
    pub name: String,
    /// How the card is called.
    pub title: String,
    /// How to recognise it.
    pub recognise: Recognise,
    /// Length forms that the card can take.
    pub link: Link,
    /// How it is opened.
    pub authentication: Authentication,
    /// What is read.
    pub files: Vec<IssuerFile>,
    /// What it means.
    pub claims: Vec<Claim>,
}

/// How the card is opened (ISO/IEC 7816-4, sections 11.5.4 to 11.5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Authentication {
    /// It is open.
    None,
    /// GET CHALLENGE, then EXTERNAL AUTHENTICATE.
    External {
        /// Bytes of the challenge.
        challenge_length: u8,
        /// P1.
        #[serde(default)]
        algorithm_reference: u8,
        /// P2.
        key_reference: u8,
    },
    /// GET CHALLENGE, then MUTUAL AUTHENTICATE, whose answer the issuer's key judges.
    Mutual {
        /// Bytes of the challenge.
        challenge_length: u8,
        /// P1.
        #[serde(default)]
        algorithm_reference: u8,
        /// P2.
        key_reference: u8,
    },
}

/// A file that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFile {
    /// By which claims name it.
    pub name: String,
    /// Where it is, from the application unless it starts with 3F00.
    pub path: Vec<u8>,
    /// Most bytes that it has.
    pub max_size: usize,
}

/// A field of a file, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Name of the claim.
    pub name: String,
    /// Which of the profile's files, by its place there.
    pub file: usize,
    /// Where in it.
    pub field: ClaimField,
    /// How it is written.
    pub form: ClaimForm,
}

/// Where a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimField {
    /// The whole file.
    Whole,
    /// Bytes at a fixed place.
    Bytes {
        /// From 0.
        offset: usize,
        /// How many.
        length: usize,
    },
    /// A data object: tags from the outermost inwards.
    DataObject(Vec<Tag>),
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimForm {
    /// UTF-8, ended by zeros or blanks.
    Text,
    /// `YYYYMMDD` in digits.
    Date,
    /// Bytes: a picture, a template.
    Bytes,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    schema: u32,
    title: String,
    recognise: RecogniseEntry,
    link: Link,
    authenticate: Authentication,
    file: Vec<FileEntry>,
    claim: Vec<ClaimEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FileEntry {
    name: String,
    path: FilePath,
    max_size: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ClaimEntry {
    name: String,
    file: String,
    field: FieldEntry,
    form: ClaimForm,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum FieldEntry {
    Whole,
    Bytes { offset: usize, length: usize },
    DataObject { path: Vec<TagEntry> },
}

impl IssuerProfile {
    /// Parses a profile. The caller has read the file and checked who may write to it.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the fault.
    pub fn load(name: &str, text: &str) -> Result<Self, ProfileError> {
        let fault = |reason: String| ProfileError { profile: name.to_owned(), reason };
        if text.len() > MAX_TEXT {
            return Err(fault("it is too long".into()));
        }
        let file: File = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
        file.into_profile(name).map_err(|reason| fault(reason.to_owned()))
    }
}

impl File {
    fn into_profile(self, name: &str) -> Result<IssuerProfile, &'static str> {
        if self.schema != SCHEMA {
            return Err("the schema is not 1");
        }
        if self.file.len() > MAX_ENTRIES || self.claim.len() > MAX_ENTRIES {
            return Err("a list is too long");
        }
        if !(1..=65_536).contains(&self.link.max_response) {
            return Err("max-response is not between 1 and 65536");
        }
        match self.authenticate {
            Authentication::External { challenge_length, .. }
            | Authentication::Mutual { challenge_length, .. }
                if !(4..=64).contains(&challenge_length) =>
            {
                return Err("challenge-length is not between 4 and 64");
            }
            _ => {}
        }
        let mut files = Vec::new();
        for FileEntry { name, path, max_size } in self.file {
            if !is_name(&name) || !(1..=MAX_FILE).contains(&max_size) {
                return Err("a file has no plain name, or no size that can be read");
            }
            files.push(IssuerFile { name, path: path.0, max_size });
        }
        let mut claims = Vec::new();
        for ClaimEntry { name, file, field, form } in self.claim {
            let file = files.iter().position(|known| known.name == file);
            let file = file.ok_or("a claim names a file that is not there")?;
            let field = match field {
                FieldEntry::Whole => ClaimField::Whole,
                FieldEntry::Bytes { offset, length } if offset < MAX_FILE && length <= MAX_FILE => {
                    ClaimField::Bytes { offset, length }
                }
                FieldEntry::DataObject { path } if (1..=8).contains(&path.len()) => {
                    ClaimField::DataObject(path.into_iter().map(|tag| tag.0).collect())
                }
                FieldEntry::Bytes { .. } | FieldEntry::DataObject { .. } => {
                    return Err("a claim is at no place that can be");
                }
            };
            if !is_name(&name) {
                return Err("a claim has no plain name");
            }
            claims.push(Claim { name, file, field, form });
        }
        Ok(IssuerProfile {
            name: name.to_owned(),
            title: self.title,
            recognise: self.recognise.into_recognise(),
            link: self.link,
            authentication: self.authenticate,
            files,
            claims,
        })
    }
}

/// Small letters, digits and hyphens.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// For the software card of the tests, which is nobody's.
    const TEXT: &str = r#"
        schema = 1
        title = "A card that opens with its issuer's key"
        [recognise]
        application = "F04254515445535431"
        [link]
        extended-length = false
        chaining = false
        max-response = 256
        [authenticate]
        kind = "external"
        challenge-length = 16
        key-reference = 0x01
        [[file]]
        name = "person"
        path = "0001"
        max-size = 512
        [[file]]
        name = "portrait"
        path = "0002"
        max-size = 4096
        [[claim]]
        name = "family-name"
        file = "person"
        field = { kind = "data-object", path = ["81"] }
        form = "text"
        [[claim]]
        name = "portrait"
        file = "portrait"
        field = { kind = "whole" }
        form = "bytes"
        [[claim]]
        name = "first-bytes"
        file = "person"
        field = { kind = "bytes", offset = 0, length = 2 }
        form = "bytes"
    "#;

    pub(crate) fn text() -> String {
        TEXT.to_owned()
    }

    #[test]
    fn a_profile_says_how_to_open_what_to_read_and_what_it_means() {
        let profile = IssuerProfile::load("x", &text()).unwrap();
        assert_eq!(profile.recognise.application, b"\xF0BTQTEST1");
        assert!(matches!(profile.authentication, Authentication::External { challenge_length: 16, .. }));
        assert_eq!((profile.files.len(), profile.claims[1].file), (2, 1));
        assert_eq!(profile.claims[0].field, ClaimField::DataObject(vec![Tag(0x81)]));
    }

    #[test]
    fn a_fault_is_an_error() {
        for (from, to) in [
            ("schema = 1", "schema = 2"),
            ("challenge-length = 16", "challenge-length = 1"),
            ("kind = \"external\"", "kind = \"apdu\""),
            ("path = \"0001\"", "path = \"00\""),
            ("max-size = 512", "max-size = 1000000"),
            ("file = \"portrait\"", "file = \"nothing\""),
            ("path = [\"81\"]", "path = []"),
            ("offset = 0", "offset = 99999999"),
            ("name = \"family-name\"", "name = \"Family name\""),
            ("form = \"text\"", "form = \"latin\""),
        ] {
            assert!(text().contains(from), "{from}");
            assert!(IssuerProfile::load("x", &text().replace(from, to)).is_err(), "{to}");
        }
        assert!(IssuerProfile::load("x", &" ".repeat(70_000)).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_profile_with_anything_in_it_ends_in_a_profile_or_an_error(at in any::<prop::sample::Index>(), noise in "\\PC{0,20}") {
            let good = text();
            let mut bad = good.clone();
            bad.insert_str(at.index(good.len()), &noise);
            let _ = IssuerProfile::load("any", &bad);
        }
    }
}
