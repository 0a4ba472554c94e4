//! XML documents and their canonical form.
//!
//! A document is read strictly and bounded: UTF-8, no document type declaration (so no entities but the five of XML, and no
//! defaults that a signature does not cover), every prefix declared, every identifier unique. Whatever is refused here is never
//! looked at by anybody.
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`document`] | the tree, with the place of each element in the file | XML 1.0, Namespaces in XML 1.0 |
//! | [`canonical`] | the bytes that are hashed | Canonical XML 1.0, 1.1, Exclusive XML Canonicalization 1.0 |
//! | [`escape`] | text and attribute values as they are written | |

pub mod canonical;
pub mod document;
pub mod escape;

mod parser;
mod scanner;
mod scope;

pub use canonical::{Canonicalization, NodeSet};
pub use document::{Document, NodeId};
pub use scanner::{XmlError, XmlFault};

/// The namespace of the prefix `xml`, which needs no declaration.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of declarations.
pub(crate) const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// What a document may cost.
pub mod limits {
    /// Bytes of a document.
    pub const MAX_OCTETS: usize = 128 << 20;
    /// Elements, texts, comments and processing instructions together.
    pub const MAX_NODES: usize = 2_000_000;
    /// Elements inside each other.
    pub const MAX_DEPTH: usize = 200;
    /// Attributes of one element, declarations included.
    pub const MAX_ATTRIBUTES: usize = 256;
    /// Namespace declarations in force at one place.
    pub const MAX_DECLARATIONS_IN_SCOPE: usize = 256;
    /// Bytes of a name, and of a namespace.
    pub const MAX_NAME: usize = 1024;
}
