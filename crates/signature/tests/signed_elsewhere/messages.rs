//! Messages that openssl signed.

use bitaqa_signature::cms::SignedData;
use tempfile::TempDir;

use crate::{
    Beside, CONTENT, LEVELS, contains, pki, raised,
    support::{Kind, judge::ask},
};

#[test]
fn what_openssl_signed_is_raised_and_openssl_accepts_it() {
    let folder = TempDir::new().unwrap();
    let [content, message] = ["content", "message"].map(|name| folder.path().join(name));
    std::fs::write(&content, CONTENT).unwrap();
    let mut accepted = 0;
    for kind in [Kind::P256, Kind::Brainpool384, Kind::Rsa2048] {
        let holder = pki().signer(kind);
        for more in [&["-nodetach"][..], &["-nodetach", "-stream", "-indef"], &["-nodetach", "-keyid"], &[]] {
            let files = [&content, &holder.certificate_file, &holder.key_file];
            let [content_file, certificate, key] = files.map(|file| file.to_str().unwrap());
            let fixed = ["cms", "-sign", "-cades", "-binary", "-in", content_file, "-signer", certificate];
            let rest = ["-inkey", key, "-certfile", "ca.pem", "-md", "sha256", "-outform", "DER"];
            let before = pki().run(&[&fixed[..], &rest, more].concat());
            let is_beside = more.is_empty();
            let name = format!("{kind:?} {more:?}");
            let signed = SignedData::parse(&before).unwrap();
            for (level, file) in LEVELS.into_iter().zip(raised(&name, &before, &Beside(is_beside))) {
                let after = SignedData::parse(&file).unwrap();
                assert_eq!(after.content().unwrap(), signed.content().unwrap());
                // nothing but unsigned attributes came to the signer
                assert!(
                    contains(after.signers[0].element.content(), signed.signers[0].element.content()),
                    "{name}"
                );
                assert!(contains(&file, signed.encapsulated.encoded()), "{name}");
                std::fs::write(&message, &file).unwrap();
                let mut arguments =
                    ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
                        .map(std::path::PathBuf::from)
                        .to_vec();
                arguments.extend(["-out", "/dev/null", "-CAfile"].map(Into::into));
                arguments.extend([pki().path("root.pem"), "-in".into(), message.clone()]);
                if is_beside {
                    arguments.extend(["-content".into(), content.clone()]);
                }
                let verdict = ask("openssl", arguments);
                assert!(verdict.success, "{name} {level}: {}", verdict.text);
                accepted += 1;
            }
        }
    }
    println!("openssl accepts {accepted} messages that it signed and that were raised");
}
