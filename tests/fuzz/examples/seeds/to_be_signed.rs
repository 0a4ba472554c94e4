//! Bytes that a card is asked to sign, of each kind.

use bitaqa_jose::base64url;

use crate::Seed;

const CMS: u8 = 0;
const XML: u8 = 1;
const JWS: u8 = 2;

/// Content type, message digest and signing certificate.
const ATTRIBUTES: &str = "318184301806092a864886f70d010903310b06092a864886f70d010701302f06092a864886f70d01090431220420000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f3037060b2a864886f70d010910022f31283026302430220420202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

const SIGNED_INFO: &str = r##"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod><ds:Reference URI="a.pdf"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue></ds:Reference><ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#p"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue></ds:Reference></ds:SignedInfo>"##;

const HEADER: &str = r##"{"alg":"ES256","x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","sigT":"2026-05-01T10:00:00Z"}"##;

const HEADER_WITH_DIGESTS: &str = r##"{"alg":"ES256","crit":["sigD"],"x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","iat":1780315200,"sigD":{"mId":"http://uri.etsi.org/19182/ObjectIdByURIHash","pars":["a.pdf"],"hashM":"S256","hashV":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}}"##;

pub(crate) fn seeds() -> Vec<Seed> {
    let seed =
        |name: &str, format: u8, bytes: &[u8]| ("to_be_signed", name.to_owned(), [&[format], bytes].concat());
    let digits: Vec<u8> =
        ATTRIBUTES.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let attributes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let input = |header: &str, payload: &str| format!("{}.{payload}", base64url::encode(header.as_bytes()));
    vec![
        seed("attributes", CMS, &attributes),
        seed("signed-info", XML, SIGNED_INFO.as_bytes()),
        seed("jws-payload", JWS, input(HEADER, "Y29udHJhY3Q").as_bytes()),
        seed("jws-digests", JWS, input(HEADER_WITH_DIGESTS, "").as_bytes()),
    ]
}
