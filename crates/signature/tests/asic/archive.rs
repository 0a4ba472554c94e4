//! Archives: what others write is read, what is written is read by others, and what has two readings is refused.

use std::io::Cursor;

use bitaqa_signature::{
    Hash,
    asic::zip::{Compression, EntryName, Limits, ZipFault, ZipReader, ZipWriter},
};

use crate::support::{judge, pki};

fn open(bytes: &[u8]) -> Result<ZipReader<Cursor<&[u8]>>, ZipFault> {
    ZipReader::open(Cursor::new(bytes), Limits::default())
}

/// All of an archive, unpacked.
fn contents(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ZipFault> {
    let mut zip = open(bytes)?;
    let names: Vec<String> = zip.entries().iter().map(|entry| entry.name().to_string()).collect();
    names.into_iter().map(|name| Ok((name.clone(), zip.read_to_vec(&name, u64::MAX)?))).collect()
}

/// An archive that Python's `zipfile` writes into `z`, a file that can be written only in one direction if `stream`.
fn written(stream: bool, script: &str) -> Vec<u8> {
    let path = pki().path(&format!("written_{:016x}.zip", hash_of(script) ^ u64::from(stream)));
    let prelude = "
import sys, zipfile, struct
class Stream:
    def __init__(self, path): self.file = open(path, 'wb')
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
    def close(self): self.file.close()
stream = Stream(sys.argv[1]) if sys.argv[2] == 'true' else sys.argv[1]
";
    let program = format!("{prelude}{script}\nif sys.argv[2] == 'true': stream.close()\n");
    let stream = if stream { "true" } else { "false" };
    let arguments = ["-c".as_ref(), program.as_ref(), path.as_os_str(), stream.as_ref()];
    let verdict = judge::ask(judge::python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    std::fs::read(path).unwrap()
}

fn hash_of(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn archives_of_another_program_are_read() {
    let script = "
with zipfile.ZipFile(stream, 'w', compression=zipfile.ZIP_DEFLATED) as z:
    z.writestr('mimetype', 'x' * 31, compress_type=zipfile.ZIP_STORED)
    z.writestr('folder/', '')
    z.writestr('folder/عقد.txt', 'a' * 100000)
    z.writestr('empty', '')
    z.comment = b'mimetype=x'
";
    for stream in [false, true] {
        let bytes = written(stream, script);
        let expected = [
            ("mimetype", vec![b'x'; 31]),
            ("folder/", vec![]),
            ("folder/عقد.txt", vec![b'a'; 100_000]),
            ("empty", vec![]),
        ];
        let expected = expected.map(|(name, content)| (name.to_owned(), content));
        assert_eq!(contents(&bytes).unwrap(), expected, "{stream}");
        assert_eq!(open(&bytes).unwrap().comment(), b"mimetype=x");
    }
}

#[test]
fn archives_that_are_written_are_read_by_two_others() {
    let mut zip = ZipWriter::new(Vec::new());
    // bytes that nothing makes shorter
    let random: Vec<u8> = (0..1_600_u32).flat_map(|n| Hash::Sha256.digest(&[&n.to_le_bytes()])).collect();
    let all = [
        ("mimetype", &b"x"[..], Compression::Stored),
        ("عقد/1.txt", &[b'a'; 70_000], Compression::Deflated),
        ("random", &random, Compression::Deflated),
        ("empty", b"", Compression::Deflated),
    ];
    for (name, content, compression) in all {
        zip.add(&EntryName::parse(name).unwrap(), content, compression).unwrap();
    }
    let bytes = zip.finish(b"a comment").unwrap();
    let own: Vec<_> = all.map(|(name, content, _)| (name.to_owned(), content.to_vec())).to_vec();
    assert_eq!(contents(&bytes).unwrap(), own);
    // the crate `zip`
    let mut other = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(other.comment(), b"a comment");
    for (name, content) in &own {
        let mut read = Vec::new();
        std::io::copy(&mut other.by_name(name).unwrap(), &mut read).unwrap();
        assert_eq!(&read, content, "{name}");
    }
    // Python's zipfile
    let file = pki().file("archive.zip", &bytes);
    let script = "
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print([(e.filename, e.file_size, e.compress_type) for e in z.infolist()])
";
    let verdict = judge::ask(judge::python(), ["-c".as_ref(), script.as_ref(), file.as_os_str()]);
    let expected = "[('mimetype', 1, 0), ('عقد/1.txt', 70000, 8), ('random', 51200, 0), ('empty', 0, 0)]";
    assert_eq!(verdict.text.trim(), expected);
}

/// Files that pack as well as a bomb are none: the archive with them is read here and by `unzip`.
#[test]
fn what_packs_too_well_is_stored() {
    let text = "one line as the other\n".repeat(1000);
    let zeros = vec![0; 300_000];
    for (count, large) in [(1, 20 * 1024 * 1024), (500, 0)] {
        let large = vec![0; large];
        let mut zip = ZipWriter::new(Vec::new());
        let named = |name: &str| EntryName::parse(name).unwrap();
        zip.add(&named("text.txt"), text.as_bytes(), Compression::Deflated).unwrap();
        zip.add(&named("zeros.bin"), &large, Compression::Deflated).unwrap();
        for number in 1..count {
            zip.add(&named(&format!("{number}.bin")), &zeros, Compression::Deflated).unwrap();
        }
        let bytes = zip.finish(b"").unwrap();
        let read = contents(&bytes).unwrap();
        assert_eq!((read.len(), &read[0].1[..], &read[1].1), (count + 1, text.as_bytes(), &large));
        // what the entries have together is the files, less what is packed for nobody to worry about
        assert!(bytes.len() < large.len().max(500 * zeros.len()));
        let file = pki().file("packs_too_well.zip", &bytes);
        let verdict = judge::ask("unzip", ["-tq".as_ref(), file.as_os_str()]);
        assert!(verdict.success, "{}", verdict.text);
    }
}

#[test]
fn what_two_programs_would_read_differently_is_refused() {
    let good = "
with zipfile.ZipFile(stream, 'w') as z:
    z.writestr('one', 'first')
    z.writestr('two', 'second')
";
    let bytes = written(false, good);
    assert!(contents(&bytes).is_ok());
    let directory = bytes.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    let end = bytes.windows(4).position(|at| at == b"PK\x05\x06").unwrap();
    let changed = |position: usize, new: &[u8]| {
        let mut changed = bytes.clone();
        changed[position..position + new.len()].copy_from_slice(new);
        changed
    };
    let with_end = |size: u32, offset: u32, before: &[u8], between: &[u8]| {
        let mut changed = before.to_vec();
        changed.extend(&bytes[..directory]);
        changed.extend(between);
        changed.extend(&bytes[directory..end + 12]);
        changed.extend(size.to_le_bytes());
        changed.extend(offset.to_le_bytes());
        changed.extend([0, 0]);
        changed
    };
    let [size, offset] = [end - directory, directory].map(|number| u32::try_from(number).unwrap());
    assert_eq!(with_end(size, offset, b"", b""), bytes);
    const CUT_SHORT: ZipFault = ZipFault::Damaged("a record is cut short");
    for (what, archive, fault) in [
        ("another name in the local header", changed(30, b"ONE"), ZipFault::HeadersDiffer),
        ("another size in the local header", changed(22, &[9]), ZipFault::HeadersDiffer),
        ("another method in the local header", changed(8, &[8]), ZipFault::HeadersDiffer),
        ("a check value of something else", changed(directory + 16, &[0; 4]), ZipFault::HeadersDiffer),
        ("encryption", changed(directory + 8, &[1]), ZipFault::Unsupported("encryption or reserved flags")),
        (
            "another compression",
            changed(directory + 10, &[12]),
            ZipFault::Unsupported("another compression than deflate"),
        ),
        ("Zip64", changed(directory + 20, &[0xff; 4]), ZipFault::Unsupported("Zip64")),
        ("an offset of Zip64", changed(directory + 42, &[0xff; 4]), ZipFault::Stray),
        (
            "the second entry at the place of the first",
            changed(directory + 49 + 42, &[0; 4]),
            ZipFault::Stray,
        ),
        ("bytes before the first entry", with_end(size, offset + 1, b"x", b""), CUT_SHORT),
        ("bytes before it that nothing counts", with_end(size, offset, b"x", b""), ZipFault::Stray),
        ("bytes behind the last entry", with_end(size, offset + 1, b"", b"x"), ZipFault::Stray),
        ("bytes behind the archive", [&bytes[..], b"x"].concat(), ZipFault::NotAnArchive),
        ("one entry less", changed(end + 8, &[1, 0, 1]), ZipFault::Stray),
        ("one entry more", changed(end + 8, &[3, 0, 3]), CUT_SHORT),
        ("nothing", Vec::new(), ZipFault::NotAnArchive),
        ("two archives", [&bytes[..], &bytes[..]].concat(), ZipFault::Stray),
    ] {
        assert_eq!(contents(&archive).unwrap_err(), fault, "{what}");
    }
    // an end record in the comment of another
    let mut nested = bytes.clone();
    nested[end + 20..].copy_from_slice(&22_u16.to_le_bytes());
    nested.extend(&bytes[end..]);
    assert_eq!(contents(&nested).unwrap_err(), ZipFault::NotAnArchive);
}

#[test]
fn sizes_in_64_bits_are_read_where_they_are_small() {
    let script = "
with zipfile.ZipFile(stream, 'w') as z:
    with z.open(zipfile.ZipInfo('a'), 'w', force_zip64=True) as entry: entry.write(b'content')
";
    let bytes = written(false, script);
    assert!(bytes.windows(4).any(|at| at == [1, 0, 16, 0]), "the local header has the field");
    assert_eq!(contents(&bytes).unwrap(), [("a".to_owned(), b"content".to_vec())]);
    let field = bytes.windows(4).position(|at| at == [1, 0, 16, 0]).unwrap();
    for (position, value) in [(4, 8), (8, 1), (12, 8), (16, 1)] {
        let mut changed = bytes.clone();
        changed[field + position] = value;
        assert!(contents(&changed).is_err(), "{position}");
    }
}

#[test]
fn names_that_lead_elsewhere_or_are_there_twice_are_refused() {
    for (names, fault) in [
        ("['../a']", ZipFault::Name),
        ("['/a']", ZipFault::Name),
        ("['a/../../b']", ZipFault::Name),
        ("['a\\\\b']", ZipFault::Name),
        ("['C:/a']", ZipFault::Name),
        ("['a', 'a']", ZipFault::DuplicateName),
        ("['a', 'A']", ZipFault::DuplicateName),
        ("['META-INF/x', 'meta-inf/x']", ZipFault::DuplicateName),
        ("['a', 'a/']", ZipFault::DuplicateName),
    ] {
        let script = format!(
            "
import warnings
warnings.simplefilter('ignore')
with zipfile.ZipFile(stream, 'w') as z:
    for name in {names}:
        entry = zipfile.ZipInfo('x')
        entry.filename = name
        z.writestr(entry, b'')
"
        );
        assert_eq!(open(&written(false, &script)).unwrap_err(), fault, "{names}");
    }
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let script = "
with zipfile.ZipFile(stream, 'w', compression=zipfile.ZIP_DEFLATED) as z:
    z.writestr('bomb', bytes(64 << 20))
";
    let bomb = written(false, script);
    assert!(bomb.len() < 100_000);
    assert_eq!(open(&bomb).unwrap_err(), ZipFault::TooLarge);
    // one that says that it is small
    let mut liar = bomb;
    let directory = liar.windows(4).rposition(|at| at == b"PK\x01\x02").unwrap();
    for position in [22, directory + 24] {
        liar[position..position + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let mut taken = 0;
    let result = open(&liar).unwrap().read("bomb", &mut |piece| taken += piece.len());
    assert_eq!((result, taken), (Err(ZipFault::Content), 0));
    // many entries over the same bytes
    let script = "
with zipfile.ZipFile(stream, 'w') as z:
    for number in range(10001): z.writestr(str(number), b'')
";
    let error = open(&written(false, script)).unwrap_err();
    assert_eq!(error, ZipFault::TooManyEntries { max: 10_000 });
}

#[test]
fn a_flipped_bit_changes_nothing_that_is_read() {
    let script = "
with zipfile.ZipFile(stream, 'w', compression=zipfile.ZIP_DEFLATED) as z:
    z.writestr('mimetype', 'x', compress_type=zipfile.ZIP_STORED)
    z.writestr('a', 'abc' * 50)
    z.writestr('b', '')
";
    for stream in [false, true] {
        let bytes = written(stream, script);
        let original = contents(&bytes).unwrap();
        for position in 0..bytes.len() {
            for bit in [1, 0x20, 0x80] {
                let mut changed = bytes.clone();
                changed[position] ^= bit;
                if let Ok(now) = contents(&changed) {
                    assert_eq!(now, original, "byte {position}");
                }
            }
        }
        for length in 0..bytes.len() {
            assert!(contents(&bytes[..length]).is_err(), "{length}");
        }
    }
}
