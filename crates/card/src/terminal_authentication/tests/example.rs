//! What the values of the worked example make: certificates, keys, commands and the chip that answers them.

use super::{
    example_chip::{ExampleChip, Step},
    values::Example,
};
use crate::{
    channel::Channel,
    chip_authentication::AnnouncedKey,
    cvc::{Certificate, CertificateChain},
    pace::{PaceSession, PaceVariant, PasswordKind},
    secure_messaging::SecureMessaging,
    security_infos::SecurityInfos,
    symmetric::Cipher,
    terminal_authentication::{CardSecurity, ChipIdentifier, UncheckedChip},
    test_hex::hex,
    test_script::EXTENDED,
    tlv::{Tag, encode},
};

impl Example {
    pub(super) fn chain(&self) -> CertificateChain {
        let certificates = self.certificates.map(|digits| Certificate::parse(&hex(digits)).unwrap());
        CertificateChain::arrange(certificates.to_vec(), &[self.known]).unwrap()
    }

    pub(super) fn authority(&self) -> Certificate {
        Certificate::parse(&hex(self.certificates[0])).unwrap()
    }

    pub(super) fn infos(&self) -> SecurityInfos {
        SecurityInfos::parse("EF.CardAccess", &hex(self.card_access)).unwrap()
    }

    pub(super) fn identifier(&self) -> ChipIdentifier {
        ChipIdentifier::of_pace(&PaceSession {
            variant: PaceVariant::choose(&self.infos()).unwrap(),
            password: PasswordKind::Pin,
            chip_key: self.parameters.decode(&hex(self.pace_chip_key)).unwrap(),
            chip_authentication: None,
            certification_authorities: vec![self.known.into()],
        })
    }

    pub(super) fn announced(&self) -> AnnouncedKey {
        let mut random = |out: &mut [u8]| {
            // the example's exponents of a finite field are longer than the group's order; the same key is drawn reduced
            let private = self.parameters.reduced_private_key(&hex(self.private)).unwrap();
            let bytes = match private {
                crate::key_agreement::PrivateKey::Scalar(scalar) => scalar.to_bytes(),
                crate::key_agreement::PrivateKey::Exponent(exponent) => exponent.to_bytes(),
            };
            out.fill(0);
            for (to, from) in out.iter_mut().rev().zip(bytes.iter().rev()) {
                *to = *from;
            }
        };
        let announced = AnnouncedKey::draw(&self.infos(), &mut random).unwrap().unwrap();
        assert_eq!(announced.public().encode(), hex(self.public));
        announced
    }

    /// What the chip is sent and answers up to the challenge, with auxiliary data in MSE:Set AT.
    pub(super) fn until_challenge(&self, auxiliary: &[u8]) -> Vec<Step> {
        let chain = self.chain();
        let mut steps = Vec::new();
        for certificate in chain.certificates() {
            let issuer = encode(Tag(0x83), certificate.authority.as_bytes());
            steps.push(Step::ok([0x00, 0x22, 0x81, 0xB6], issuer));
            steps.push(Step::ok([0x00, 0x2A, 0x00, 0xBE], certificate.to_verify()));
        }
        let data = [
            encode(Tag(0x80), &chain.terminal().public_key.algorithm().oid()),
            encode(Tag(0x83), chain.terminal().holder.as_bytes()),
            auxiliary.to_vec(),
            encode(Tag(0x91), &self.announced().public().compressed()),
        ];
        steps.push(Step::ok([0x00, 0x22, 0x81, 0xA4], data.concat()));
        steps.push(Step::answered([0x00, 0x84, 0x00, 0x00], vec![], 8, hex(self.challenge)));
        steps
    }

    pub(super) fn signature_step(&self) -> Step {
        Step::ok([0x00, 0x82, 0x00, 0x00], hex(self.signature))
    }

    /// Chip authentication with this token.
    pub(super) fn chip_steps(&self, token: &[u8]) -> [Step; 2] {
        let protocol = self.infos().chip_authentication().next().unwrap().protocol.oid();
        let choice = [encode(Tag(0x80), &protocol), encode(Tag(0x84), &[1])].concat();
        let key = encode(Tag(0x7C), &encode(Tag(0x80), &hex(self.public)));
        let answer = [encode(Tag(0x81), &hex(self.nonce)), encode(Tag(0x82), token)].concat();
        [
            Step::ok([0x00, 0x22, 0x41, 0xA4], choice),
            Step::answered([0x00, 0x86, 0x00, 0x00], key, 256, encode(Tag(0x7C), &answer)),
        ]
    }

    /// A chip in the example's session of PACE.
    pub(super) fn chip(&self, steps: Vec<Step>) -> ExampleChip {
        ExampleChip::of_secret(&hex(self.pace_secret), steps)
    }

    pub(super) fn unchecked(&self) -> UncheckedChip {
        let card_security = CardSecurity::parse(&hex(self.card_security)).unwrap();
        UncheckedChip::new(self.announced(), card_security).unwrap()
    }

    pub(super) fn channel<'c>(&self, chip: &'c mut ExampleChip) -> Channel<'c> {
        let mut channel = Channel::new(chip, EXTENDED);
        let session = SecureMessaging::from_secret(Cipher::Aes128, &hex(self.pace_secret)).unwrap();
        channel.protect(session);
        channel
    }
}
