//! Names of XML Signature and XAdES.

/// XML Signature.
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// XAdES 1.3.2, the version that EN 319 132-1 has.
pub const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
/// What XAdES 1.4.1 added.
pub const XADES_141: &str = "http://uri.etsi.org/01903/v1.4.1#";
/// Beginning of every version's namespace.
pub(super) const XADES_ANY: &str = "http://uri.etsi.org/01903/";
/// Exclusive XML Canonicalization, for its list of prefixes.
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// XPath Filter 2.0.
pub(super) const FILTER2: &str = "http://www.w3.org/2002/06/xmldsig-filter2";

/// `Type` of the reference to the signed properties.
pub(super) const TYPE_SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// `Type` of a reference to the signature that is counter-signed.
pub(super) const TYPE_COUNTERSIGNED: &str = "http://uri.etsi.org/01903#CountersignedSignature";
/// `Type` of a reference to an `Object`.
pub(super) const TYPE_OBJECT: &str = "http://www.w3.org/2000/09/xmldsig#Object";
/// `Type` of a reference to a `Manifest`.
pub(super) const TYPE_MANIFEST: &str = "http://www.w3.org/2000/09/xmldsig#Manifest";

/// Leaves out the signature that has the transform.
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Decodes.
pub(super) const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
/// XPath 1.0.
pub(super) const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
