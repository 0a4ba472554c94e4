//! Lists that the tests write, and xmlsec1 signs.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_signature::trusted_list::VerifiedTrustedList;
use bitaqa_trust::{Certificate, DateTime};

use crate::support::{
    Holder, Kind,
    dated::{DAY, earlier, later},
    judge, now, pki,
};

const TYPE: &str = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/";
const STATUS: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/";
const INFORMATION: &str = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/";

/// A list to be written.
#[derive(Clone)]
pub struct Draft {
    pub kind: &'static str,
    pub territory: &'static str,
    pub next_update: DateTime,
    pub issued: DateTime,
    /// The service's states, the newest first: status, since when, purposes, extension.
    pub states: Vec<State>,
    /// The service's certificate.
    pub identity: Certificate,
    /// Where another list is, its country, and who signs it.
    pub pointer: Option<(String, &'static str, Certificate)>,
}

#[derive(Clone)]
pub struct State {
    pub status: &'static str,
    pub since: DateTime,
    pub purposes: &'static [&'static str],
    /// Content of `Qualifications`.
    pub qualifications: String,
}

impl State {
    pub fn granted() -> Self {
        Self {
            status: "granted",
            since: earlier(now(), 1000 * DAY),
            purposes: &["ForeSignatures"],
            qualifications: String::new(),
        }
    }

    pub fn with(qualifications: String) -> Self {
        Self { qualifications, ..Self::granted() }
    }
}

impl Draft {
    /// A Moroccan list with the tests' issuing authority as a qualified one.
    pub fn new() -> Self {
        Self {
            kind: "MAgeneric",
            territory: "MA",
            next_update: later(now(), 100 * DAY),
            issued: earlier(now(), DAY),
            states: vec![State::granted()],
            identity: pki().authority(),
            pointer: None,
        }
    }

    pub fn with_states(states: Vec<State>) -> Self {
        Self { states, ..Self::new() }
    }

    fn xml(&self) -> String {
        let mut pointers = String::new();
        if let Some((location, territory, signer)) = &self.pointer {
            write!(
                pointers,
                "<PointersToOtherTSL><OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity><DigitalId>\
                 <X509Certificate>{}</X509Certificate></DigitalId></ServiceDigitalIdentity></ServiceDigitalIdentities>\
                 <TSLLocation>{location}</TSLLocation><AdditionalInformation><OtherInformation><SchemeTerritory>{territory}\
                 </SchemeTerritory></OtherInformation></AdditionalInformation></OtherTSLPointer></PointersToOtherTSL>",
                STANDARD.encode(signer.der())
            )
            .unwrap();
        }
        let (present, past) = self.states.split_first().unwrap();
        let history: String = past
            .iter()
            .map(|state| format!("<ServiceHistoryInstance>{}</ServiceHistoryInstance>", self.state(state)))
            .collect();
        format!(
            r##"<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag">
<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber>
<TSLType>{TYPE}{}</TSLType><SchemeOperatorName><Name xml:lang="en">Supervisor</Name></SchemeOperatorName>
<SchemeTerritory>{}</SchemeTerritory>{pointers}<ListIssueDateTime>{}</ListIssueDateTime>
<NextUpdate><dateTime>{}</dateTime></NextUpdate></SchemeInformation>
<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">Provider</Name></TSPName>
</TSPInformation><TSPServices><TSPService><ServiceInformation>{}</ServiceInformation>
<ServiceHistory>{history}</ServiceHistory></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>
{TEMPLATE}</TrustServiceStatusList>"##,
            self.kind,
            self.territory,
            self.issued,
            self.next_update,
            self.state(present),
        )
    }

    fn state(&self, state: &State) -> String {
        let mut extensions = String::new();
        for purpose in state.purposes {
            write!(
                extensions,
                "<Extension Critical=\"true\"><AdditionalServiceInformation><URI xml:lang=\"en\">{INFORMATION}{purpose}\
                 </URI></AdditionalServiceInformation></Extension>"
            )
            .unwrap();
        }
        if !state.qualifications.is_empty() {
            write!(
                extensions,
                "<Extension Critical=\"true\"><q:Qualifications \
                 xmlns:q=\"http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#\" \
                 xmlns:a=\"http://uri.etsi.org/02231/v2/additionaltypes#\" \
                 xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\">{}</q:Qualifications></Extension>",
                state.qualifications
            )
            .unwrap();
        }
        format!(
            "<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier><ServiceName>\
             <Name xml:lang=\"en\">Service</Name></ServiceName><ServiceDigitalIdentity><DigitalId><X509Certificate>{}\
             </X509Certificate></DigitalId></ServiceDigitalIdentity><ServiceStatus>{STATUS}{}</ServiceStatus>\
             <StatusStartingTime>{}</StatusStartingTime><ServiceInformationExtensions>{extensions}\
             </ServiceInformationExtensions>",
            STANDARD.encode(self.identity.der()),
            state.status,
            state.since
        )
    }

    /// The list, signed by `xmlsec1` with a holder's key.
    pub fn signed_by(&self, name: &str, holder: &Holder) -> Vec<u8> {
        sign(name, &self.xml(), holder)
    }

    /// The list, signed by the operator and verified.
    pub fn verified(&self, name: &str) -> VerifiedTrustedList {
        let operator = operator();
        let octets = self.signed_by(name, &operator);
        VerifiedTrustedList::verify(&octets, &[operator.certificate], now()).unwrap()
    }
}

const TEMPLATE: &str = r##"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/><ds:Reference URI="">
<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"##;

/// Fills the template of a document.
pub fn sign(name: &str, document: &str, holder: &Holder) -> Vec<u8> {
    let template = pki().file(&format!("{name}.template.xml"), document.as_bytes());
    let output = pki().path(&format!("{name}.signed.xml"));
    let key = format!("{},{}", holder.key_file.display(), holder.certificate_file.display());
    let verdict = judge::ask(
        "xmlsec1",
        [
            "--sign".as_ref(),
            "--privkey-pem".as_ref(),
            key.as_ref(),
            "--output".as_ref(),
            output.as_os_str(),
            template.as_os_str(),
        ],
    );
    assert!(verdict.success, "{}", verdict.text);
    std::fs::read(output).unwrap()
}

/// Who signs lists.
pub fn operator() -> Holder {
    pki().issue("operator", Kind::P256, "/C=MA/CN=Scheme Operator", "signer")
}

/// `QualificationElement`, with qualifiers for the certificates that fulfil the criteria.
pub fn element(qualifiers: &[&str], assert: &str, criteria: &str) -> String {
    let qualifiers: String = qualifiers
        .iter()
        .map(|qualifier| format!("<q:Qualifier uri=\"{INFORMATION}{qualifier}\"/>"))
        .collect();
    format!(
        "<q:QualificationElement><q:Qualifiers>{qualifiers}</q:Qualifiers><q:CriteriaList assert=\"{assert}\">{criteria}\
         </q:CriteriaList></q:QualificationElement>"
    )
}

/// The criterion of a bit of the key usage.
pub fn key_usage(bit: &str, wanted: bool) -> String {
    format!("<q:KeyUsage><q:KeyUsageBit name=\"{bit}\">{wanted}</q:KeyUsageBit></q:KeyUsage>")
}

/// The criterion of a policy.
pub fn policy(oid: &str) -> String {
    format!(
        "<q:PolicySet><q:PolicyIdentifier><x:Identifier Qualifier=\"OIDAsURN\">urn:oid:{oid}</x:Identifier>\
         </q:PolicyIdentifier></q:PolicySet>"
    )
}
