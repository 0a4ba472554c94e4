//! Object identifiers of chips, as the bytes inside their DER (BSI TR-03110-3, appendix A; ICAO Doc 9303-10 and -11).

/// bsi-de.
macro_rules! bsi {
    ($($arc:literal),*) => { &[0x04, 0x00, 0x7F, 0x00, 0x07, $($arc),*] };
}

/// id-standardizedDomainParameters.
pub(crate) const STANDARDISED_DOMAIN: &[u8] = bsi!(1, 2);
/// ecdsa-plain-signatures with SHA-1, SHA-224, SHA-256, SHA-384, SHA-512 (TR-03111): the last arc is 1 to 5.
pub(crate) const ECDSA_PLAIN: &[u8] = bsi!(1, 1, 4, 1);
/// id-PK: 1 DH, 2 ECDH.
pub(crate) const PUBLIC_KEY: &[u8] = bsi!(2, 2, 1);
/// id-TA.
pub(crate) const TERMINAL_AUTHENTICATION: &[u8] = bsi!(2, 2, 2);
/// id-CA.
pub(crate) const CHIP_AUTHENTICATION: &[u8] = bsi!(2, 2, 3);
/// id-PACE.
pub(crate) const PACE: &[u8] = bsi!(2, 2, 4);
/// id-RI.
pub(crate) const RESTRICTED_IDENTIFICATION: &[u8] = bsi!(2, 2, 5);
/// id-roles: 1 inspection systems, 2 authentication terminals, 3 signature terminals.
pub(crate) const ROLES: &[u8] = bsi!(3, 1, 2);
/// id-sector: the extension with the hashes of sector keys.
pub(crate) const SECTOR: &[u8] = bsi!(3, 1, 3, 2);
/// id-SecurityObject: the content of EF.CardSecurity.
pub(crate) const SECURITY_OBJECT: &[u8] = bsi!(3, 2, 1);
/// id-icao-mrtd-security-ldsSecurityObject.
pub(crate) const LDS_SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];
/// id-icao-mrtd-security-aaProtocolObject.
pub(crate) const ACTIVE_AUTHENTICATION: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x05];

/// An identifier one arc below.
pub(crate) fn below(base: &[u8], arcs: &[u8]) -> Vec<u8> {
    [base, arcs].concat()
}
