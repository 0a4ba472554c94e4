//! Containers by which two programs would see two documents, or a person something that nobody signed: each with its own refusal.

use std::path::Path;

use bitaqa_signature::{
    asic::{
        AsicError, Container, ContainerKind, File, FoundContainer, SignatureKind, prepare, zip::ZipFault,
    },
    document::{self, NoContent},
    found::{Coverage, Integrity},
};

use crate::{
    is_intact, open, read,
    support::{Kind, cms::statement, judge, pki},
};

/// What is signed.
const FILES: [File<'static>; 2] = [
    File { name: "contract.txt", media_type: Some("text/plain"), content: b"The price is 100 dirhams." },
    File { name: "annex.txt", media_type: Some("text/plain"), content: b"None." },
];

fn container(kind: ContainerKind) -> Vec<u8> {
    let holder = pki().signer(Kind::P256);
    let files = if kind == ContainerKind::Simple { &FILES[..1] } else { &FILES[..] };
    let signer = holder.best();
    let prepared = prepare(&signer, kind, SignatureKind::Cades, files, &statement()).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

/// A container that Python's `zipfile` made of another: `entries` is a list of pairs of name and content, `write` adds one, `path`
/// is the file.
fn made(container: &[u8], script: &str) -> Vec<u8> {
    const PRELUDE: &str = "
import struct, sys, warnings, zipfile, zlib
warnings.simplefilter('ignore')
path = sys.argv[1] + '.made'
with zipfile.ZipFile(sys.argv[1]) as source:
    entries = [(entry.filename, source.read(entry)) for entry in source.infolist()]
def info(name, stored=False):
    entry = zipfile.ZipInfo('x')
    entry.filename = name
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry
def write(target, name, content):
    target.writestr(info(name, name == 'mimetype'), content)
def write_all(target, all=entries):
    for name, content in all: write(target, name, content)
";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("container");
    std::fs::write(&file, container).unwrap();
    let program = format!("{PRELUDE}{script}");
    let verdict = judge::ask(judge::python(), ["-c".as_ref(), program.as_ref(), file.as_os_str()]);
    assert!(verdict.success, "{script}: {}", verdict.text);
    std::fs::read(Path::new(&format!("{}.made", file.display()))).unwrap()
}

fn of(kind: ContainerKind, script: &str) -> Result<FoundContainer, AsicError> {
    read(&made(&container(kind), script))
}

fn extended(script: &str) -> Result<FoundContainer, AsicError> {
    of(ContainerKind::Extended, script)
}

#[test]
fn what_python_packs_anew_is_as_good_as_before() {
    let found = extended("with zipfile.ZipFile(path, 'w') as target: write_all(target)").unwrap();
    assert!(is_intact(&found) && found.uncovered.is_empty() && found.remarks.is_empty());
}

#[test]
fn archives_with_two_readings_are_refused() {
    for (what, script, fault) in [
        (
            "a name twice",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'contract.txt', 'The price is 900 dirhams.')
",
            ZipFault::DuplicateName,
        ),
        (
            "a name in letters of the other case",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'Contract.TXT', 'The price is 900 dirhams.')
",
            ZipFault::DuplicateName,
        ),
        (
            "one name by two encodings",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'é.txt'.encode().decode('cp437'), 'The price is 900 dirhams.')
    write(target, 'é.txt', 'The price is 100 dirhams.')
# the flag that says UTF-8, away from the second of them: its bytes are now the first one's name in code page 437
data = bytearray(open(path, 'rb').read())
name = 'é.txt'.encode()
for signature, flags, name_at in [(b'PK\\3\\4', 6, 30), (b'PK\\1\\2', 8, 46)]:
    at = -1
    while (at := data.find(signature, at + 1)) >= 0:
        if data[at + name_at:at + name_at + len(name)] == name: data[at + flags + 1] &= ~8
open(path, 'wb').write(data)
",
            ZipFault::DuplicateName,
        ),
        (
            "a second name in an extra field",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    entry = info('annex2.txt')
    name = b'contract.txt'
    entry.extra = struct.pack('<HHBI', 0x7075, 5 + len(name), 1, zlib.crc32(b'annex2.txt')) + name
    target.writestr(entry, 'The price is 900 dirhams.')
",
            ZipFault::Unsupported("a second name of an entry"),
        ),
        (
            "names that the headers have and the directory has otherwise",
            "
with zipfile.ZipFile(path, 'w') as target: write_all(target)
data = open(path, 'rb').read()
at = data.rfind(b'contract.txt')
open(path, 'wb').write(data[:at] + b'Contract.txt' + data[at + 12:])
",
            ZipFault::HeadersDiffer,
        ),
        (
            "two entries over the same bytes",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    target.filelist.append(info('other.txt'))
    target.NameToInfo['other.txt'] = target.filelist[-1]
    first = target.getinfo('contract.txt')
    for name in ['header_offset', 'compress_size', 'file_size', 'CRC', 'flag_bits', 'compress_type', 'date_time', 'create_version', 'extract_version']:
        setattr(target.filelist[-1], name, getattr(first, name))
",
            ZipFault::Stray,
        ),
        (
            "an entry within another",
            "
import io
inner = io.BytesIO()
with zipfile.ZipFile(inner, 'w') as target: target.writestr(info('annex2.txt', True), 'inside')
inner = inner.getvalue()
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    target.writestr(info('outer', True), inner)
    outer = target.getinfo('outer')
    within = info('annex2.txt', True)
    within.header_offset = outer.header_offset + 30 + len('outer')
    within.CRC, within.file_size, within.compress_size = zlib.crc32(b'inside'), 6, 6
    target.filelist.append(within)
    target.NameToInfo['annex2.txt'] = within
",
            ZipFault::Stray,
        ),
        (
            "a path out of the container",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, '../../etc/cron.d/job', 'x')
",
            ZipFault::Name,
        ),
        (
            "an absolute path",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, '/etc/cron.d/job', 'x')
",
            ZipFault::Name,
        ),
        (
            "something before the archive",
            "
with zipfile.ZipFile(path, 'w') as target: write_all(target)
data = open(path, 'rb').read()
open(path, 'wb').write(b'#!/bin/sh\\nexit\\n' + data)
",
            ZipFault::Stray,
        ),
        (
            "something before the archive that the offsets count",
            "
open(path, 'wb').write(b'#!/bin/sh\\nexit\\n')
with zipfile.ZipFile(path, 'a') as target: write_all(target)
",
            ZipFault::Stray,
        ),
        (
            "something behind the archive",
            "
with zipfile.ZipFile(path, 'w') as target: write_all(target)
open(path, 'ab').write(b'<html>')
",
            ZipFault::NotAnArchive,
        ),
        (
            "a descriptor that says something else",
            "
class Stream:
    def __init__(self): self.data = b''
    def write(self, data): self.data += data; return len(data)
    def flush(self): pass
stream = Stream()
with zipfile.ZipFile(stream, 'w') as target: write_all(target)
at = stream.data.find(b'PK\\x07\\x08')
open(path, 'wb').write(stream.data[:at + 4] + b'\\0' * 4 + stream.data[at + 8:])
",
            ZipFault::HeadersDiffer,
        ),
        (
            "an end record for Zip64 before the usual one",
            "
with zipfile.ZipFile(path, 'w') as target: write_all(target)
data = open(path, 'rb').read()
end = data.rfind(b'PK\\5\\6')
count, size, start = struct.unpack('<HII', data[end + 10:end + 20])
record = struct.pack('<IQHHIIQQQQ', 0x06064b50, 44, 45, 45, 0, 0, count, count, size, start)
locator = struct.pack('<IIQI', 0x07064b50, 0, end, 1)
open(path, 'wb').write(data[:end] + record + locator + data[end:])
",
            ZipFault::Stray,
        ),
        (
            "numbers that only Zip64 has",
            "
with zipfile.ZipFile(path, 'w') as target: write_all(target)
data = open(path, 'rb').read()
end = data.rfind(b'PK\\5\\6')
open(path, 'wb').write(data[:end + 8] + b'\\xff' * 4 + data[end + 12:])
",
            ZipFault::Unsupported("Zip64"),
        ),
        (
            "a bomb",
            "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'bomb', bytes(64 << 20))
",
            ZipFault::TooLarge,
        ),
    ] {
        for kind in [ContainerKind::Simple, ContainerKind::Extended] {
            let result = of(kind, script);
            assert_eq!(result.err(), Some(AsicError::Archive(fault.clone())), "{what}, {kind:?}");
        }
    }
}

#[test]
fn the_media_type_says_what_the_container_is() {
    for (what, script, refusal) in [
        ("another kind of file", "content = 'application/vnd.oasis.opendocument.text'", true),
        ("letters in another case", "content = 'application/vnd.etsi.ASIC-e+zip'", true),
        ("a comment that says something else", "comment = b'mimetype=application/vnd.etsi.asic-s+zip'", true),
        ("nothing", "content = ''", true),
        ("not first", "first = False", false),
        ("compressed", "stored = False", false),
    ] {
        let script = format!(
            "
content, first, stored, comment = 'application/vnd.etsi.asic-e+zip', True, True, b''
{script}
rest = [entry for entry in entries if entry[0] != 'mimetype']
with zipfile.ZipFile(path, 'w') as target:
    if first: target.writestr(info('mimetype', stored), content)
    write_all(target, rest)
    if not first: target.writestr(info('mimetype', stored), content)
    target.comment = comment
"
        );
        match extended(&script) {
            Err(error) => assert_eq!((error, refusal), (AsicError::MediaType, true), "{what}"),
            Ok(found) => {
                assert!(!refusal && is_intact(&found), "{what}");
                let remark =
                    "mimetype is not where programs look for it: first, stored, without extra fields";
                assert_eq!(found.remarks, [remark], "{what}");
            }
        }
    }
    // a container of the simple kind with a second file is none
    let script = "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'annex.txt', 'x')
";
    assert_eq!(of(ContainerKind::Simple, script).err(), Some(AsicError::NotOneFile));
    // nor may there be a folder that some systems take for the one with the signatures
    let script = "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'meta-inf/signature002.p7s', 'x')
";
    assert_eq!(extended(script).err(), Some(AsicError::Folder));
}

/// Signs a container anew after its manifest was changed.
fn with_manifest(change: impl Fn(&str) -> String) -> Result<FoundContainer, AsicError> {
    let bytes = container(ContainerKind::Extended);
    let mut manifest = Vec::new();
    let mut opened = open(&bytes)?;
    opened.read("META-INF/ASiCManifest001.xml", &mut |piece| manifest.extend_from_slice(piece)).unwrap();
    let manifest = change(&String::from_utf8(manifest).unwrap());
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    let hash = signer.algorithm().hash();
    let digest = hash.digest(&[manifest.as_bytes()]);
    let content = bitaqa_signature::cades::Content::Digest { hash, digest };
    let profile = bitaqa_signature::cades::Profile::Cades;
    let prepared = bitaqa_signature::cades::prepare(&signer, content, profile, &statement()).unwrap();
    let message = crate::support::cms::finish(&holder, &signer, prepared);
    let [manifest, message] = [manifest.as_bytes(), &message]
        .map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let script = format!(
        "
replaced = {{'META-INF/ASiCManifest001.xml': '{manifest}', 'META-INF/signature001.p7s': '{message}'}}
with zipfile.ZipFile(path, 'w') as target:
    for name, content in entries: write(target, name, bytes.fromhex(replaced[name]) if name in replaced else content)
"
    );
    read(&made(&bytes, &script))
}

/// The reference of a manifest to a file.
fn reference(manifest: &str, name: &str) -> String {
    let start = manifest.find(&format!("<asic:DataObjectReference URI=\"{name}\"")).unwrap();
    let end = start + manifest[start..].find("</asic:DataObjectReference>").unwrap();
    manifest[start..end + "</asic:DataObjectReference>".len()].to_owned()
}

#[test]
fn manifests_that_were_signed_say_one_thing_or_nothing() {
    assert!(is_intact(&with_manifest(str::to_owned).unwrap()));
    type Change = fn(&str) -> String;
    let refused: [(&str, Change, &str); 5] = [
        (
            "a file twice",
            |manifest| {
                let once = reference(manifest, "annex.txt");
                manifest.replace(&once, &once.repeat(2))
            },
            "it is no ASiCManifest",
        ),
        (
            "a file twice, by another spelling",
            |manifest| {
                let once = reference(manifest, "annex.txt");
                manifest.replace(&once, &(once.clone() + &once.replace("annex", "%61nnex")))
            },
            "it is no ASiCManifest",
        ),
        (
            "a file outside",
            |manifest| manifest.replace("\"annex.txt\"", "\"../annex.txt\""),
            "it names something that is no file of a container",
        ),
        (
            "a file elsewhere",
            |manifest| manifest.replace("\"annex.txt\"", "\"https://example.org/annex.txt\""),
            "it names something that is no file of a container",
        ),
        (
            "a document type",
            |manifest| {
                manifest.replace("<asic:ASiCManifest", "<!DOCTYPE a [<!ENTITY b 'c'>]><asic:ASiCManifest")
            },
            "document type",
        ),
    ];
    for (what, change, fault) in refused {
        let found = with_manifest(change).unwrap();
        assert_eq!(found.signatures[0].integrity, Integrity::ContentMissing, "{what}");
        let faults = &found.signatures[0].format_faults;
        assert_eq!(faults, &["no manifest belongs to the signature or time stamp"], "{what}");
        assert!(found.remarks.iter().any(|remark| remark.contains(fault)), "{what}: {:?}", found.remarks);
        assert_eq!(found.uncovered, ["contract.txt", "annex.txt"], "{what}");
    }
    // a file that is not there, and one whose digest is another's
    for (from, to, integrity) in [
        ("\"annex.txt\"", "\"annex3.txt\"", Integrity::ContentMissing),
        ("#sha256\"", "#sha512\"", Integrity::ContentChanged),
        ("xmlenc#sha256\"", "md5\"", Integrity::NotVerified),
    ] {
        let found = with_manifest(|manifest| manifest.replace(from, to)).unwrap();
        assert_eq!(found.signatures[0].integrity, integrity, "{to}");
        assert!(!is_intact(&found));
    }
}

#[test]
fn what_no_manifest_names_is_told() {
    let left_out = |manifest: &str| manifest.replace(&reference(manifest, "annex.txt"), "");
    let found = with_manifest(left_out).unwrap();
    assert!(is_intact(&found));
    assert_eq!(found.uncovered, ["annex.txt"]);
    let signature = &found.signatures[0];
    assert_eq!(signature.coverage, Coverage::Parts(vec!["contract.txt".to_owned()]));
    assert_eq!(signature.remarks, ["the container has files that this signature does not cover"]);
    // files that came later, also beside the signatures
    let later = "
with zipfile.ZipFile(path, 'w') as target:
    write_all(target)
    write(target, 'later.txt', 'x')
    write(target, 'META-INF/contract.txt', 'The price is 900 dirhams.')
";
    let bytes = made(&container(ContainerKind::Extended), later);
    let found = read(&bytes).unwrap();
    assert_eq!(found.uncovered, ["later.txt", "META-INF/contract.txt"]);
    let report = document::signatures(&bytes, &NoContent).unwrap();
    for name in ["later.txt", "META-INF/contract.txt"] {
        let remark = format!("the file {name} of the container is not signed by anybody");
        assert!(report[0].remarks.contains(&remark), "{:?}", report[0].remarks);
    }
    assert!(Container::open(std::io::Cursor::new(&bytes)).is_ok());
}
