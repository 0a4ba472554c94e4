//! Known answers, from the card's side: what the chip draws is laid ready, and the terminal's commands are those of the
//! standards' examples (ICAO Doc 9303-11, appendices D, G, H and I; BSI TR-03110's worked example).

use std::time::Duration;

use bitaqa_curves::{Curve, modp::Group};

use super::{
    BasicAccess, Document,
    cipher::Cipher,
    domain::Domain,
    hexadecimal::bytes,
    logical_data_structure::APPLICATION,
    mrz::Mrz,
    pace::{Mapping, Offer, Pace, Password, PasswordKind, PasswordState, Passwords},
};
use crate::{
    ber_tlv::object,
    chip::{Chip, Contents},
    file_system::FileSystem,
    rules::{Protocol, Rules},
};

const MRZ: &str = "T22000129364081251010318";
const BRAINPOOL: Domain = Domain::Curve(Curve::BrainpoolP256r1);
const MODP: Domain = Domain::Group(Group::Rfc5114_1024_160);

fn chip_of(document: Document, files: FileSystem) -> Chip {
    let rules = Rules { extended_length: true, max_answer: 65_536, ..Rules::ISO };
    Chip::new(Contents { document: Some(document), ..Contents::new(Vec::new(), rules, files) })
}

fn files() -> (FileSystem, Document) {
    let mut files = FileSystem::new(None);
    let application = files.add_directory(files.master_file(), 0x0100, Some(&APPLICATION));
    let document = Document {
        application,
        behind_pace: Vec::new(),
        basic_access: None,
        pace: None,
        chip_keys: Vec::new(),
        active: None,
        terminals: None,
        pseudonym_key: None,
    };
    (files, document)
}

/// A chip that offers one way to run PACE, with AES-128, and takes the examples' passwords.
fn chip(mapping: Mapping, domain: Domain) -> Chip {
    let (files, document) = files();
    let state = PasswordState::NonBlocking { failures: 0 };
    let password = |kind, secret| Password::new(kind, secret, state, Duration::ZERO);
    let passwords = Passwords(vec![
        password(PasswordKind::Mrz, Mrz::of_information(MRZ).hash()),
        password(PasswordKind::Pin, b"123456".to_vec()),
    ]);
    let offers = vec![Offer { mapping, cipher: Cipher::Aes128, domain }];
    chip_of(Document { pace: Some(Pace { offers, passwords, static_key: None }), ..document }, files)
}

/// Chooses the password, and gives the nonce as the chip encrypted it.
fn choose(chip: &mut Chip, protocol: &str, password: u8) -> Vec<u8> {
    let data = [object(0x80, &bytes(protocol)), object(0x83, &[password])].concat();
    let command = [&[0, 0x22, 0xC1, 0xA4, u8::try_from(data.len()).unwrap()], data.as_slice()].concat();
    assert_eq!(chip.transmit(Protocol::T1, &command), [0x90, 0x00]);
    step(chip, 0x10, None, 0x80)
}

/// One step of GENERAL AUTHENTICATE: the object that the answer has to hold.
fn step(chip: &mut Chip, class: u8, sent: Option<(u32, Vec<u8>)>, wanted: u32) -> Vec<u8> {
    let data = object(0x7C, &sent.map(|(tag, value)| object(tag, &value)).unwrap_or_default());
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    let command = [&[class, 0x86, 0, 0, 0], &length[..], &data, &[0, 0]].concat();
    let answer = chip.transmit(Protocol::T1, &command);
    let (answer, status) = answer.split_at(answer.len() - 2);
    assert_eq!(status, [0x90, 0x00]);
    let all = crate::ber_tlv::objects(answer).unwrap();
    let inner = crate::ber_tlv::objects(all[0].1).unwrap();
    inner.iter().find(|(tag, _)| *tag == wanted).unwrap().1.to_vec()
}

/// A private key modulo the order of the group's subgroup, as the chip keeps it.
fn exponent(digits: &str) -> Vec<u8> {
    Group::Rfc5114_1024_160.exponent(&bytes(digits)).unwrap().to_bytes().to_vec()
}

#[test]
fn basic_access_control_gives_the_answer_of_appendix_d() {
    let (files, document) = files();
    let keys = BasicAccess::new(&Mrz::of_information("L898902C<369080619406236"));
    let mut chip = chip_of(Document { basic_access: Some(keys), ..document }, files);
    chip.draw_next([bytes("4608F91988702212"), bytes("0B4F80323EB3191CB04970CB4052790B")]);
    let mut send = |command: &str| chip.transmit(Protocol::T1, &bytes(command));
    assert_eq!(send("00A4040C 07 A0000002471001"), bytes("9000"));
    assert_eq!(send("00840000 08"), bytes("4608F91988702212 9000"));
    let token = "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7";
    let answer = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449";
    assert_eq!(send(&format!("00820000 28 {token} 28")), bytes(&format!("{answer} 9000")));
    // appendix D.4: SELECT EF.COM under the session keys; there is none here, so the answer is a protected 6A82
    let answer = send("0CA4020C 15 8709016375432908C044F6 8E08BF8B92D635FF24F8 00");
    assert_eq!(answer[..4], [0x99, 0x02, 0x6A, 0x82]);
}

#[test]
fn generic_mapping_on_a_curve_is_that_of_appendix_g() {
    let mut chip = chip(Mapping::Generic, BRAINPOOL);
    chip.draw_next([
        bytes("3F00C4D39D153F2B2A214A078D899B22"),
        bytes("498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560"),
        bytes("107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A"),
    ]);
    assert_eq!(choose(&mut chip, "04007F00070202040202", 1), bytes("95A3A016522EE98D01E76CB6B98B42C3"));
    let theirs = bytes(
        "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C\
        9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
    );
    let mapped = step(&mut chip, 0x10, Some((0x81, theirs)), 0x82);
    assert_eq!(
        mapped,
        bytes(
            "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E6\
            1B58F4D52EB87A0A0C709A49DC63719363CCD13C54"
        )
    );
    let theirs = bytes(
        "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A\
        7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
    );
    let agreed = step(&mut chip, 0x10, Some((0x83, theirs)), 0x84);
    assert_eq!(
        agreed,
        bytes(
            "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A\
            9F018F9CB852E111B768B326904B59A0193776F094"
        )
    );
    let token = step(&mut chip, 0x00, Some((0x85, bytes("C2B0BD78D94BA866"))), 0x86);
    assert_eq!(token, bytes("3ABB9674BCE93C08"));
}

#[test]
fn generic_mapping_in_a_group_is_that_of_appendix_g() {
    let mut chip = chip(Mapping::Generic, MODP);
    chip.draw_next([
        bytes("FA5B7E3E49753A0DB9178B7B9BD898C8"),
        exponent(
            "4EC025E40C6D10B2AAF6FCAC98C4244F57481A4961F3ADC372A95E40E0CC3555F73CCFC65E9DB956DD61B143\
            E0C7DC519E7DD8EDD8E3E46A094CF2264FD193D0BC4BC05CDE6CA44319C2439FD04A46443C8D0494487F6F2F\
            E9AC8BE9B9EE16A3D242668CBA4FFD42EEAC36509E16B4D1E6E8EE0025FF8244B190F57D441EC328",
        ),
        exponent(
            "020F018C7284B047FA7721A337EFB7ACB1440BB30C5252BD41C97C30C994BB78E9F0C5B32744D84017D21FFA\
            6878396A6469CA283EF5C000DAF7D261A39AB8860ED4610AB5343390897AAB5A7787E4FAEFA0649C6A94FDF8\
            2D991E8E3FC332F5142729E7040A3F7D5A4D3CD75CBEE1F043C1CAD2DD484FEB4ED22B597D36688E",
        ),
    ]);
    assert_eq!(choose(&mut chip, "04007F00070202040102", 1), bytes("854D8DF5827FA6852D1A4FA701CDDDCA"));
    let theirs = bytes(
        "23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666DBCF\
        C920B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03\
        AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
    );
    let mapped = step(&mut chip, 0x10, Some((0x81, theirs)), 0x82);
    assert_eq!(
        mapped,
        bytes(
            "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004\
            706FACE7B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845\
            D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6"
        )
    );
    let theirs = bytes(
        "907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86FBC6\
        747CC7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F431\
        73172236B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
    );
    let agreed = step(&mut chip, 0x10, Some((0x83, theirs)), 0x84);
    assert_eq!(
        agreed,
        bytes(
            "075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB\
            5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250\
            767A6D46DB974064386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1"
        )
    );
    let token = step(&mut chip, 0x00, Some((0x85, bytes("B46DD9BD4D98381F"))), 0x86);
    assert_eq!(token, bytes("917F37B5C0E6D8D1"));
}

#[test]
fn generic_mapping_is_that_of_the_worked_example_of_tr_03110() {
    let mut chip = chip(Mapping::Generic, BRAINPOOL);
    chip.draw_next([
        bytes("7D98C00FC6C9E9543BBF94A87073A123"),
        bytes("19C428715663DE745D1824B855D2B967890C99D68ED5FEEE9DCDF8D7BBA289D2"),
        bytes("15872C56908C144002177994CFAAEDD5467CE150853C44535051FF24183039D8"),
    ]);
    assert_eq!(choose(&mut chip, "04007F00070202040202", 3), bytes("CE834CDE69FFBB1D1EB21585CD709F18"));
    let theirs = bytes(
        "043DD29BBE5907FD21A152ADA4895FAAE7ACC55F5E50EFBFDE5AB0C6EB54F198D615913635F0FDF5BEB383E00355\
        F82D3C41ED0DF2E28363433DFB73856A15DC9F",
    );
    let mapped = step(&mut chip, 0x10, Some((0x81, theirs)), 0x82);
    assert_eq!(
        mapped,
        bytes(
            "049CFCF7582AC986D0DD52FA53123414C3E1B96B4D00ABA8E574679B70EFB5BC3B45D2F13729CC2AE178E7E2\
            41B443213533B77DBB44649A815DDC4A2384BA422A"
        )
    );
    let theirs = bytes(
        "04518BC4E532AD2A9BD6527804D5D665ABD51041037A0CC8AA922804EB501C222B3427388599AFAAE9FBACE2DF93\
        E13C3C4979CD12F0AE3E3C0126028391554582",
    );
    let agreed = step(&mut chip, 0x10, Some((0x83, theirs)), 0x84);
    assert_eq!(
        agreed,
        bytes(
            "04282CF38073036AFAC216AF135BD994DA0C357F10BD4C34AFEA1042B2EB0FD6804DF3658B835AC2E7133F13\
            691184542BB50B109963A4662ABDC08B9763AF4B5B"
        )
    );
    let token = step(&mut chip, 0x00, Some((0x85, bytes("A27AE7B36573C1D9"))), 0x86);
    assert_eq!(token, bytes("A2658C2F38600B0F"));
}

#[test]
fn integrated_mapping_on_a_curve_is_that_of_appendix_h() {
    let mut chip = chip(Mapping::Integrated, BRAINPOOL);
    chip.draw_next([
        bytes("2923BE84E16CD6AE529049F1F1BBE9EB"),
        bytes("107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A"),
    ]);
    // the password behind the example's key is not told, so the nonce is encrypted here
    choose(&mut chip, "04007F00070202040402", 1);
    let encrypted = Cipher::Aes128.encrypt(
        &bytes("591468CDA83D65219CCCB8560233600F"),
        &[0; 16],
        &bytes("2923BE84E16CD6AE529049F1F1BBE9EB"),
    );
    assert_eq!(encrypted, bytes("143DC40C08C8E891FBED7DEDB92B64AD"));
    assert!(step(&mut chip, 0x10, Some((0x81, bytes("5DD4CBFC96F5453B130D890A1CDBAE32"))), 0x82).is_empty());
    let theirs = bytes(
        "0489CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D46755DE9B7B778280B6BEBD5743\
        9ADFEB0E21FD4ED6DF42578C13418A59B34C37",
    );
    let agreed = step(&mut chip, 0x10, Some((0x83, theirs)), 0x84);
    assert_eq!(
        agreed,
        bytes(
            "0467F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8932B69A962B52A0985AD2C\
            0A271EE6A13A8ADDDCD1A3A994B9DED257F4D22753"
        )
    );
    let token = step(&mut chip, 0x00, Some((0x85, bytes("450F02B86F6A0909"))), 0x86);
    assert_eq!(token, bytes("75D4D96E8D5B0308"));
}

#[test]
fn integrated_mapping_in_a_group_is_that_of_appendix_h() {
    let mut chip = chip(Mapping::Integrated, MODP);
    chip.draw_next([
        bytes("FA5B7E3E49753A0DB9178B7B9BD898C8"),
        exponent(
            "020F018C7284B047FA7721A337EFB7ACB1440BB30C5252BD41C97C30C994BB78E9F0C5B32744D84017D21FFA\
            6878396A6469CA283EF5C000DAF7D261A39AB8860ED4610AB5343390897AAB5A7787E4FAEFA0649C6A94FDF8\
            2D991E8E3FC332F5142729E7040A3F7D5A4D3CD75CBEE1F043C1CAD2DD484FEB4ED22B597D36688E",
        ),
    ]);
    // the password behind the example's key is not told, so the nonce is encrypted here
    choose(&mut chip, "04007F00070202040302", 1);
    let encrypted = Cipher::Aes128.encrypt(
        &bytes("591468CDA83D65219CCCB8560233600F"),
        &[0; 16],
        &bytes("FA5B7E3E49753A0DB9178B7B9BD898C8"),
    );
    assert_eq!(encrypted, bytes("9ABB8864CA0FF1551E620D1EF4E13510"));
    assert!(step(&mut chip, 0x10, Some((0x81, bytes("B3A6DB3C870C3E99245E0D1C06B747DE"))), 0x82).is_empty());
    let theirs = bytes(
        "0F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0E4F8A951557E929AEB48E5C6DD47\
        F2F5CD7C351A9BD2CD722C07EDE166770F08FFCB370262CF308DD7B07F2E0DA9CAAA1492344C852906919538C98A\
        4BA4187E76CE9D87832386D319CE2E043C3343AEAE6EDBA1A9894DC5094D22F7FE1351D5",
    );
    let agreed = step(&mut chip, 0x10, Some((0x83, theirs)), 0x84);
    assert_eq!(
        agreed,
        bytes(
            "928D9A0F9DBA450F13FC859C6F290D1D36E42431138A4378500BEB4E0401854CFF111F71CB6DC1D0335807A1\
            1388CC8EAA87B07907AAD9FBA6B169AF6D8C26AF8DDDC39ADC3AD2E3FF882B84D23E9768E95A80E4746FB07A\
            9767679FE92133B4D379935C771BD7FBED6C7BB4B1708B275EA75679524CDC9C6A91370CC662A2F3"
        )
    );
    let token = step(&mut chip, 0x00, Some((0x85, bytes("55D61977CBF5307E"))), 0x86);
    assert_eq!(token, bytes("C2F04230187E1525"));
}

#[test]
fn chip_authentication_data_is_that_of_appendix_i() {
    let private = |digits| BRAINPOOL.private(&bytes(digits)).unwrap();
    let static_key = private("86C88A4579CE48135878E6348A734B5D47CE5BC1E54C0E8978687B49FDE2E2C2");
    let mapping_key = private("9E56A6B59C95D06ECE5CD10F983BB2F4F1943528E577F23881D89D8C3BBEE0AA");
    let public = BRAINPOOL.generator().times(&static_key).unwrap();
    assert_eq!(
        public.encode(),
        bytes(
            "041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF67\
            53D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F"
        )
    );
    let session_key = bytes("0A9DA4DB03BDDE39FC5202BC44B2E89E");
    let data = super::pace::chip_authentication_data(Cipher::Aes128, &session_key, &static_key, &mapping_key);
    assert_eq!(
        data.unwrap(),
        bytes(
            "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8\
            DE2F4F92"
        )
    );
}

#[test]
fn secure_messaging_with_aes_is_that_of_the_worked_example_of_tr_03110() {
    let mut session = super::SecureMessaging::new(
        Cipher::Aes128,
        bytes("68406B4162100563D9C901A6154D2901").into(),
        bytes("73FF268784F72AF833FDC9464049AFC9").into(),
    );
    // the first command is MSE:Set DST with this name; its answer has no data
    let name = bytes("830D44454356434141543030303031");
    let encrypted = bytes("BE90237EEB4BA0FF253EA246AE31C8B8");
    let counter = bytes("00000000000000000000000000000001");
    let header = Cipher::Aes128.pad(&bytes("0C2281B6"));
    let data = object(0x87, &[&[0x01], encrypted.as_slice()].concat());
    let message = Cipher::Aes128.pad(&[&counter, header.as_slice(), &data].concat());
    let code = Cipher::Aes128.mac(&bytes("73FF268784F72AF833FDC9464049AFC9"), &message);
    let body = [data, object(0x8E, &code)].concat();
    let command = [&[0x0C, 0x22, 0x81, 0xB6, u8::try_from(body.len()).unwrap()], &body[..], &[0]].concat();
    let opened = session.open(&crate::command::Command::parse(&command).unwrap()).unwrap();
    assert_eq!(*opened.data, name);
    let answer = session.seal(0x22, &[], crate::status::StatusWord::SUCCESS);
    assert_eq!(answer, bytes("99029000 8E08 A89570A68664A7D6"));
}

#[test]
fn chip_authentication_agrees_on_the_keys_of_the_worked_example_of_tr_03110() {
    let private = BRAINPOOL
        .private(&bytes("7984674CF3B3A524BF929CE8A67FCF22173DA0BAD595EED6DEB72D22C542FA9D"))
        .unwrap();
    let theirs = bytes(
        "045A7A377FC9CAFC03AC7FF45441A8B2909D88EAB8E6B0173847AB49B949DF3799A34EE57EC55268CF8B1C3EC489\
        F8BF4CF4C68D3FD9670E89C0D5D3FFF1AAF89F",
    );
    let secret = BRAINPOOL.decode(&theirs).unwrap().times(&private).unwrap().secret();
    assert_eq!(*secret, bytes("791DA04273CCFE862E52DF60347E2557192E1F8D7517822CE3D306056C1CDEB4"));
}
