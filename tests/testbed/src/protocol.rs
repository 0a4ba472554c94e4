//! `bitaqa-testbed serve`: the test bed for tests in other languages, and for demonstrations.
//!
//! JSON, one object per line. The first line out is `{"event":"ready","socket":"…"}`; the socket is the value of
//! `PCSCLITE_CSOCK_NAME` for clients. After that each request on standard input gets one answer on standard output, in
//! order: `{"id":1,"result":{…}}` or `{"id":1,"error":"…"}`. The program, its pcscd and all cards end with `quit`, or
//! when standard input ends, or when the program is killed.
//!
//! `--readers JSON` chooses the readers to start with, a list of objects with the fields of
//! [`ReaderOptions`], all optional: `name`, `pinPad` (`none`, `verify`, `verify-modify`),
//! `minPin`, `maxPin`, `pace` (whether it runs PACE itself: `no`, `yes`, `fails`), `lengths` (`short`, `extended`). Without it
//! there is one plain reader; `[]` is a computer without a reader. Readers are numbered from 0 in that order.
//!
//! | request | result |
//! |---|---|
//! | `{"id":1,"command":"insert","reader":0,"card":{…}}` | what `card` tells |
//! | `{"id":1,"command":"swap","reader":0,"card":{…}}` | the same; the card before leaves first |
//! | `{"id":1,"command":"insert-again","reader":0}` | the same; the card that was in it last, with its state |
//! | `{"id":1,"command":"remove","reader":0}` | `{}` |
//! | `{"id":1,"command":"card","reader":0}` | `atr` (hexadecimal), `certificate` and `signatureCertificate` (base64 DER) of the last card, `present` |
//! | `{"id":1,"command":"renew","reader":0,"signatureCertificate":"…"}` | what `card` tells; the last card got another certificate (base64 DER) for its key for documents, of any issuer |
//! | `{"id":1,"command":"log","reader":0,"clear":false}` | `entries`, `verifyCount`, `resets` of the last card |
//! | `{"id":1,"command":"verify-count","reader":0}` | `count` |
//! | `{"id":1,"command":"tries-left","reader":0,"reference":1}` | `tries` |
//! | `{"id":1,"command":"misbehave","reader":0,"faults":[…]}` | `{}`; an empty list takes everything back |
//! | `{"id":1,"command":"cost","reader":0,"cost":{…}}` | `{}` |
//! | `{"id":1,"command":"pin-pad","reader":0,"action":"press","keys":"1234"}` | `waiting`, `entries` |
//! | `{"id":1,"command":"document","card":{…}}` | of a card with a travel document: `accessNumber`, `information` (what opens it: number, birth and expiry of the zone), `authority`, `signer` (base64 DER certificates of its country), `revocationList` (base64 DER, of that signer) |
//! | `{"id":1,"command":"pki"}` | `directory`, `root`, `issuing`, `issuers` (paths), `people`, `pins` |
//! | `{"id":1,"command":"stop-service","crash":false}` | `{}` |
//! | `{"id":1,"command":"start-service","readers":[…]}` | `{}`; without `readers` the same as before |
//! | `{"id":1,"command":"quit"}` | `{}`, then the end |
//!
//! A `card` is a [`CardSpec`]: `{"personality":"esteid"}` or `{"personality":"pkcs15","key":"p256"}`, and optionally
//!
//! | field | values |
//! |---|---|
//! | `person` | `amina`, `youssef`, `zoe`, `maryam`, `tiziri`, or an object with `surname`, `givenName`, `country`, `serialNumber` |
//! | `pin`, `signaturePin`, `puk` | digits; `1234`, `12345`, `12345678`, or the shortest that the make allows |
//! | `certificate`, `signatureCertificate` | `valid`, `expired`, `not-yet-valid`, `no-extended-key-usage`, `wrong-key-usage`, `wrong-policy`, `unknown-issuer`, `self-signed` |
//! | `triesLeft`, `signatureTriesLeft` | a number |
//! | `lifecycle` | `activated`, `transport`, `blocked` |
//! | `activation`, `transportPin` (lifecycle transport) | `change`, `set`; digits |
//! | `key` (pkcs15, piv, iasecc, lateid) | `p256`, `p384`, `brainpool-p256r1`, `rsa-2048`; piv without brainpool; lateid `p384`, `rsa-2048`; pkcs15 also `p521`, `brainpool-p384r1`, `brainpool-p512r1`, `rsa-3072`, `rsa-2048-pss` |
//! | `generation` | esteid `idemia`, `thales`; fineid `v3`, `v4`; bahrain-2016 `v1`, `v2`, `v4` |
//! | `globalPin` (piv) | digits |
//! | `interface` (iasecc) | `contact`, `contactless` (behind PACE) |
//! | `pinFormat` (pkcs15) | `ascii-ff`, `ascii-00`, `ascii`, `bcd`, `iso9564-2` |
//! | `protocol` (pkcs15) | `t1`, `t0` |
//! | `extendedLength`, `roomyFiles`, `everyAlgorithm` (pkcs15) | booleans |
//! | `signsMany` (pkcs15, iasecc, cnie-2) | whether the signature key signs any number of times after one entry of its PIN, no |
//! | `dialect` (pkcs15) | `iso`, `opensc` (as OpenSC writes the files: EC field sizes, no hashing on the card) |
//! | `finger` (pkcs15) | number of the finger that is taken in place of the PIN |
//! | `statusQuery` (pkcs15) | `answered`, `costs-a-try`, `refused` |
//!
//! A fault is `{"fault":{"kind":"truncate","keep":3},"at":2,"instruction":176}`: at the second command from now with
//! INS B0 (without `instruction`: the second command at all; without `at`: the first). Kinds: `truncate` (`keep`),
//! `early-end` (`keep`), `wrong-length` (`with`), `wrong-tag` (`tag`), `oversize` (`bytes`), `status` (`status`),
//! `insist` (`status`, `data`; from then on), `one-bit`, `instead` (`answer`), `replay`, `delay` (`milliseconds`), `no-answer`,
//! `reset-before`, `remove-before`, `remove-after`, `mute`.
//!
//! A cost is `{"commandMilliseconds":5,"byteInMicroseconds":90,"byteOutMicroseconds":90}`.
//!
//! Actions of `pin-pad`: `press` (with `keys`), `cancel`, `time-out`, `state`, and `wait` (with `milliseconds`: until
//! the reader waits for the person). `waiting` is `verify`, `old`, `new`, `confirm`, `card-access-number` or null.
//!
//! An entry of the log: `time` (microseconds since 1970), `header` (CLA INS P1 P2), `lc`, `le`, `bytesIn`, `bytesOut`,
//! `status`, `duration` (microseconds), `presented` (a PIN was presented). Data fields are in no log.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use crate::{CardSpec, Cost, Misbehaviour, ReaderOptions};

/// A request.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Comes back with the answer.
    #[serde(default)]
    pub(crate) id: Value,
    /// What to do.
    #[serde(flatten)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Command {
    Insert {
        reader: usize,
        card: Box<CardSpec>,
    },
    Swap {
        reader: usize,
        card: Box<CardSpec>,
    },
    InsertAgain {
        reader: usize,
    },
    Remove {
        reader: usize,
    },
    Card {
        reader: usize,
    },
    Renew {
        reader: usize,
        #[serde(deserialize_with = "base64")]
        signature_certificate: Vec<u8>,
    },
    Log {
        reader: usize,
        #[serde(default)]
        clear: bool,
    },
    VerifyCount {
        reader: usize,
    },
    TriesLeft {
        reader: usize,
        reference: u8,
    },
    Misbehave {
        reader: usize,
        faults: Vec<Misbehaviour>,
    },
    Cost {
        reader: usize,
        cost: Cost,
    },
    PinPad {
        reader: usize,
        #[serde(flatten)]
        action: PinPadAction,
    },
    Document {
        card: Box<CardSpec>,
    },
    Pki,
    StopService {
        #[serde(default)]
        crash: bool,
    },
    StartService {
        #[serde(default)]
        readers: Option<Vec<ReaderOptions>>,
    },
    Quit,
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// What the person at the key pad does.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub(crate) enum PinPadAction {
    Press { keys: String },
    Cancel,
    TimeOut,
    State,
    Wait { milliseconds: u64 },
}

/// Without the keys that were pressed.
impl std::fmt::Debug for PinPadAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinPadAction(…)")
    }
}
