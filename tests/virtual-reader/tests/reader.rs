//! A reader and the process that holds its card, without pcscd in between.
#![cfg(test)]

use std::{
    io::{Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use bitaqa_virtual_reader::{
    device_name::DeviceName,
    part10::{self, ControlError, GET_FEATURE_REQUEST},
    reader::{Reader, ReaderError},
    wire::{ABSENT, PRESENT, Prompt, Reply, Request, Role},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A socket of its own for each test.
fn socket(test: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("bitaqa-{}-{test}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn reader(path: &Path, options: &str) -> Reader {
    Reader::new(DeviceName::parse(&format!("{}{options}", path.display())).unwrap())
}

fn accept(listener: &UnixListener, role: Role) -> UnixStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut byte = [0];
    stream.read_exact(&mut byte).unwrap();
    assert_eq!(Role::of(byte[0]), Some(role));
    stream
}

/// A card process that says how things stand and answers requests.
fn serve(
    listener: UnixListener,
    present: u8,
    answer: impl Fn(&Request) -> Reply + Send + 'static,
) -> thread::JoinHandle<UnixStream> {
    thread::spawn(move || {
        let mut events = accept(&listener, Role::Events);
        events.write_all(&[present]).unwrap();
        thread::spawn(move || {
            let mut commands = accept(&listener, Role::Commands);
            while let Ok(request) = Request::read(&mut commands) {
                answer(&request).write(&mut commands).unwrap();
            }
        });
        events
    })
}

fn echo(request: &Request) -> Reply {
    match request {
        Request::PowerUp | Request::Reset => Reply::Atr(vec![0x3B, 0x00]),
        Request::PowerDown => Reply::Done,
        Request::Transmit { command, .. } => Reply::Answer([command.as_slice(), &[0x90, 0x00]].concat()),
        Request::EnterPin { prompt: Prompt::Verify, .. } => Reply::Pin(b"1234".to_vec().into()),
        Request::EnterPin { prompt: Prompt::Old, .. } => Reply::Cancelled,
        Request::EnterPin { .. } => Reply::TimedOut,
    }
}

#[test]
fn without_a_card_process_there_is_no_card() {
    let path = socket("alone");
    let reader = reader(&path, "");
    assert!(!reader.is_present());
    assert_eq!(reader.power_up(true), Err(ReaderError::NoCard));
    assert_eq!(reader.transmit(&[0, 0xA4, 0, 0x0C]), Err(ReaderError::NoCard));
    let started = Instant::now();
    reader.wait_for_event(Duration::from_millis(120));
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_card_process_that_comes_later_is_found() {
    let path = socket("later");
    let reader = reader(&path, "");
    let card = serve(UnixListener::bind(&path).unwrap(), PRESENT, echo);
    reader.wait_for_event(PATIENCE);
    assert!(reader.is_present());
    assert_eq!(reader.power_up(true).unwrap(), [0x3B, 0x00]);
    drop(card.join().unwrap());
    reader.wait_for_event(PATIENCE);
    // and one that goes away takes the card with it
    assert!(!reader.is_present());
}

#[test]
fn each_event_is_told_by_itself() {
    let path = socket("events");
    let card = serve(UnixListener::bind(&path).unwrap(), ABSENT, echo);
    let reader = reader(&path, "");
    let mut events = card.join().unwrap();
    assert!(!reader.is_present());
    events.write_all(&[PRESENT, ABSENT, PRESENT]).unwrap();
    for present in [true, false, true] {
        reader.wait_for_event(PATIENCE);
        assert_eq!(reader.is_present(), present);
    }
    // how far the reader got, each time it went to sleep
    let mut settled = [0; 12];
    events.read_exact(&mut settled).unwrap();
    assert_eq!(settled, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
}

#[test]
fn a_sleeping_reader_can_be_woken() {
    let path = socket("wake");
    let card = serve(UnixListener::bind(&path).unwrap(), ABSENT, echo);
    let reader = reader(&path, "");
    let _events = card.join().unwrap();
    thread::scope(|scope| {
        let sleeping = scope.spawn(|| reader.wait_for_event(PATIENCE * 10));
        reader.wake();
        sleeping.join().unwrap();
    });
    assert!(!reader.is_present());
}

#[test]
fn commands_and_answers_longer_than_the_reader_carries_are_refused() {
    let path = socket("lengths");
    let _card = serve(UnixListener::bind(&path).unwrap(), PRESENT, echo);
    let short = reader(&path, ":max-command=261:max-answer=258");
    assert_eq!(short.transmit(&[0; 256]).unwrap().len(), 258);
    assert_eq!(short.transmit(&[0; 257]), Err(ReaderError::TooLong));
    assert_eq!(short.transmit(&[0; 262]), Err(ReaderError::TooLong));
}

#[test]
fn the_key_pad_offers_what_it_can() {
    let path = socket("features");
    for (option, expected) in
        [("none", &[0x12][..]), ("verify", &[0x06, 0x0A, 0x12]), ("verify-modify", &[0x06, 0x07, 0x0A, 0x12])]
    {
        let reader = reader(&path, &format!(":pinpad={option}:min-pin=5:max-pin=9"));
        let list = part10::control(&reader, GET_FEATURE_REQUEST, &[]).unwrap();
        let features: Vec<u8> = list.chunks(6).map(|feature| feature[0]).collect();
        assert_eq!(features, expected);
        let properties = *list.chunks(6).last().unwrap().last_chunk::<4>().unwrap();
        let properties = part10::control(&reader, u32::from_be_bytes(properties), &[]).unwrap();
        let find = |tag: u8, value: &[u8]| {
            let wanted = [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
            properties.windows(wanted.len()).any(|window| window == wanted)
        };
        assert!(find(6, &[5]) && find(7, &[9]), "{properties:02X?}");
        assert_eq!(part10::control(&reader, 0x4200_0001, &[]), Err(ControlError::NotSupported));
    }
}

#[test]
fn digits_cancel_and_timeout_at_the_key_pad_become_what_the_standard_says() {
    let path = socket("keys");
    let _card = serve(UnixListener::bind(&path).unwrap(), PRESENT, echo);
    let reader = reader(&path, ":pinpad=verify-modify");
    let verify = 0x4233_0006;
    let modify = 0x4233_0007;
    let structure = |max: u8, command: &[u8]| {
        let head = [30, 30, 0x82, 0x08, 0, max, 4, 2, 0xFF, 0, 0, 0, 0, 0, 0];
        let length = u32::try_from(command.len()).unwrap().to_le_bytes();
        [head.as_slice(), &length, command].concat()
    };
    let command = [&[0, 0x20, 0, 1, 8][..], &[0xFF; 8]].concat();
    let answer = part10::control(&reader, verify, &structure(12, &command)).unwrap();
    assert_eq!(answer, [&[0, 0x20, 0, 1, 8][..], b"1234", &[0xFF; 4], &[0x90, 0x00]].concat());
    let five_digits = [30, 30, 0x82, 0x08, 0, 12, 5, 2, 0xFF, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0x20, 0, 1];
    assert_eq!(part10::control(&reader, verify, &five_digits).unwrap(), [0x64, 0x03]);
    assert_eq!(part10::control(&reader, verify, &[1, 2, 3]).unwrap(), [0x6B, 0x80]);
    let change = |confirm: u8| {
        let head = [30, 30, 0x82, 0x08, 0, 0, 8, 12, 4, confirm, 2, 3, 0, 0, 0, 1, 2, 0, 0, 0];
        let command = [&[0, 0x24, 0, 1, 16][..], &[0xFF; 16]].concat();
        let length = u32::try_from(command.len()).unwrap().to_le_bytes();
        [head.as_slice(), &length, &command].concat()
    };
    assert_eq!(part10::control(&reader, modify, &change(3)).unwrap(), [0x64, 0x01]);
    assert_eq!(part10::control(&reader, modify, &change(1)).unwrap(), [0x64, 0x00]);
}
