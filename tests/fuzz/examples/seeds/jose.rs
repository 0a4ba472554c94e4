//! JWS, JWE, keys, statements and trust packs.

use bitaqa_fuzz::{JOSE_TYPE, STATEMENT, TRUST_PACK, joined_statements, jose_keys, signed, with_key};
use bitaqa_jose::{Curve, JweHeader, JwsHeader, PrivateJwk, SignatureAlgorithm, base64url, jwe, jws};
use bitaqa_protocol::statement;
use bitaqa_trust::trust_pack;
use sha2::{Digest as _, Sha256};

use crate::Seed;

/// What joins the statement of the portal and the platform's own: who can read the answer is the portal.
const MEDIATION: &str = r#"{"iss":"https://platform.example.ma","aud":"https://platform.example.ma","iat":1780315140,"exp":1780315740,"jti":"joins","mode":"relay","portal":"PORTAL","platform":"PLATFORM","purpose":"open","claims":{"required":["given_name"],"optional":["age_over_18"]},"challenge":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=","holder":"none","proof":"chip","recipient":"RECIPIENT"}"#;

/// The whole text, expected with the `typ` of the seeds.
const TEXT: u8 = 0;
/// A header alone, or a payload that the target signs.
const INNER: u8 = 1;

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let mut seed = |target: &'static str, name: String, which: u8, content: &str| {
        seeds.push((target, name, [&[which], content.as_bytes()].concat()));
    };
    for key in jose_keys() {
        let curve = key.public().curve();
        let text = jws::sign(JwsHeader::new(SignatureAlgorithm::Es256, JOSE_TYPE), b"{}", key).unwrap();
        seed("jws", format!("signed-{curve}"), TEXT, &text);
        seed("jws", format!("header-{curve}"), INNER, &header(&text));
        seed("jws", format!("private-{curve}"), TEXT, &key.to_json());
        seed("jws", format!("public-{curve}"), TEXT, &serde_json::to_string(key.public()).unwrap());
        if curve != Curve::Ed25519 {
            let text = encrypted(key);
            seed("jwe", format!("encrypted-{curve}"), TEXT, &text);
            seed("jwe", format!("header-{curve}"), INNER, &header(&text));
        }
    }
    let statement_json = with_key(STATEMENT);
    let text = signed(statement::TYPE, statement_json.as_bytes()).unwrap();
    seed("statement", "signed".to_owned(), TEXT, &text);
    seed("statement", "payload".to_owned(), INNER, &statement_json);
    let mediation = mediation();
    seed("mediation", "payload".to_owned(), INNER, &mediation);
    seed("mediation", "joined".to_owned(), TEXT, "e30.e30.AA~e30.e30.AA~e30.e30.AA");
    let pack = with_key(TRUST_PACK);
    let text = signed(trust_pack::TYPE, pack.as_bytes()).unwrap();
    seed("trust_pack", "signed".to_owned(), TEXT, &text);
    seed("trust_pack", "payload".to_owned(), INNER, &pack);
    let full = pack.replacen('{', r#"{"test":true,"status_sources":[{"url":"https://status.example.ma","states":["MAR"]}],"csca_certificates":["MAA="],"issuer_profiles":{"profiles":"schema = 1\n[[issuer]]\nname = \"E\"\nanchors = [\"a.pem\"]\n","files":{"a.pem":"MAA="}},"#, 1);
    seed("trust_pack", "full".to_owned(), INNER, &full);
    seeds
}

fn mediation() -> String {
    let joined = joined_statements(b"{}").unwrap();
    let [portal, _, platform] = joined.split('~').collect::<Vec<_>>().try_into().unwrap();
    let digest = |text: &str| base64url::encode(&Sha256::digest(text));
    let recipient = base64url::encode(jose_keys()[0].public().thumbprint().as_bytes());
    MEDIATION
        .replace("PORTAL", &digest(portal))
        .replace("PLATFORM", &digest(platform))
        .replace("RECIPIENT", &recipient)
}

fn header(text: &str) -> String {
    let protected = text.split('.').next().unwrap();
    String::from_utf8(base64url::decode(protected).unwrap()).unwrap()
}

fn encrypted(key: &PrivateJwk) -> String {
    let header = JweHeader {
        type_: Some(JOSE_TYPE.to_owned()),
        party_u: Some(b"host".to_vec()),
        party_v: Some(b"portal".to_vec()),
        ..JweHeader::default()
    };
    jwe::encrypt(key.public(), &header, b"secret", &mut bitaqa_fuzz::draws()).unwrap()
}
