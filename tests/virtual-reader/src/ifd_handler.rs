//! The functions that pcscd calls (MUSCLE "IFD handler" interface 3.0, `ifdhandler.h` of pcsc-lite).
//!
//! The only unsafe code of the driver: pointers become slices here, and panics become error codes, because a panic that
//! left the driver would take pcscd with it.

use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char, c_int, c_long, c_uchar, c_ulong},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr, slice,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    device_name::DeviceName,
    part10::{self, ControlError},
    reader::{Reader, ReaderError},
};

/// DWORD of pcsc-lite.
type Dword = c_ulong;
/// RESPONSECODE of pcsc-lite.
type ResponseCode = c_long;

const IFD_SUCCESS: ResponseCode = 0;
const IFD_ERROR_TAG: ResponseCode = 600;
const IFD_ERROR_VALUE_READ_ONLY: ResponseCode = 602;
const IFD_ERROR_NOT_SUPPORTED: ResponseCode = 606;
const IFD_PROTOCOL_NOT_SUPPORTED: ResponseCode = 607;
const IFD_ERROR_POWER_ACTION: ResponseCode = 608;
const IFD_COMMUNICATION_ERROR: ResponseCode = 612;
const IFD_RESPONSE_TIMEOUT: ResponseCode = 613;
const IFD_ICC_PRESENT: ResponseCode = 615;
const IFD_ICC_NOT_PRESENT: ResponseCode = 616;
const IFD_NO_SUCH_DEVICE: ResponseCode = 617;
const IFD_ERROR_INSUFFICIENT_BUFFER: ResponseCode = 618;

const IFD_POWER_UP: Dword = 500;
const IFD_POWER_DOWN: Dword = 501;
const IFD_RESET: Dword = 502;

const TAG_IFD_ATR: Dword = 0x0303;
const TAG_IFD_THREAD_SAFE: Dword = 0x0FAD;
const TAG_IFD_SLOTS_NUMBER: Dword = 0x0FAE;
const TAG_IFD_SIMULTANEOUS_ACCESS: Dword = 0x0FAF;
const TAG_IFD_STOP_POLLING_THREAD: Dword = 0x0FB2;
const TAG_IFD_POLLING_THREAD_WITH_TIMEOUT: Dword = 0x0FB3;
const SCARD_ATTR_VENDOR_NAME: Dword = 0x0001_0100;
const SCARD_ATTR_ATR_STRING: Dword = 0x0009_0303;

/// Readers that pcscd can have at once (PCSCLITE_MAX_READERS_CONTEXTS).
const MAX_READERS: u8 = 16;

/// SCARD_IO_HEADER.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct IoHeader {
    protocol: Dword,
    length: Dword,
}

static READERS: Mutex<BTreeMap<Dword, Arc<Reader>>> = Mutex::new(BTreeMap::new());

fn reader(lun: Dword) -> Option<Arc<Reader>> {
    READERS.lock().unwrap_or_else(PoisonError::into_inner).get(&lun).cloned()
}

fn guarded(body: impl FnOnce() -> ResponseCode) -> ResponseCode {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(IFD_COMMUNICATION_ERROR)
}

fn code(error: ReaderError) -> ResponseCode {
    match error {
        ReaderError::NoCard => IFD_ICC_NOT_PRESENT,
        ReaderError::NoAnswer => IFD_RESPONSE_TIMEOUT,
        ReaderError::TooLong | ReaderError::Confused => IFD_COMMUNICATION_ERROR,
    }
}

/// What pcscd gave to be read.
///
/// # Safety
/// `bytes` is null or points at `length` readable bytes that nobody changes during `'a`.
unsafe fn input<'a>(bytes: *const u8, length: Dword) -> &'a [u8] {
    let length = usize::try_from(length).unwrap_or(0);
    if bytes.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: not null, and the caller vouches for the rest
    unsafe { slice::from_raw_parts(bytes, length) }
}

/// Copies into what pcscd gave to be filled, and says how much.
///
/// # Safety
/// `to` is null or points at `room` writable bytes; `length` is null or writable.
unsafe fn output(bytes: &[u8], to: *mut u8, room: Dword, length: *mut Dword) -> ResponseCode {
    let fits = usize::try_from(room).is_ok_and(|room| bytes.len() <= room);
    if length.is_null() || (to.is_null() && !bytes.is_empty()) || !fits {
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    }
    // SAFETY: both pointers were checked; `to` has room for all the bytes
    unsafe {
        if !bytes.is_empty() {
            ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
        length.write(Dword::try_from(bytes.len()).unwrap_or(0));
    }
    IFD_SUCCESS
}

/// The value behind a pointer to a length, 0 for null.
///
/// # Safety
/// `length` is null or readable.
unsafe fn room_of(length: *const Dword) -> Dword {
    if length.is_null() {
        return 0;
    }
    // SAFETY: not null, and the caller vouches for the rest
    unsafe { length.read() }
}

/// Opens the reader that DEVICENAME describes.
///
/// # Safety
/// `name` is null or a C string.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHCreateChannelByName(lun: Dword, name: *const c_char) -> ResponseCode {
    guarded(|| {
        if name.is_null() {
            return IFD_NO_SUCH_DEVICE;
        }
        // SAFETY: pcscd gives a C string that outlives the call
        let name = unsafe { CStr::from_ptr(name) };
        let device = name.to_str().ok().and_then(|name| DeviceName::parse(name).ok());
        let Some(device) = device else {
            return IFD_NO_SUCH_DEVICE;
        };
        let reader = Arc::new(Reader::new(device));
        READERS.lock().unwrap_or_else(PoisonError::into_inner).insert(lun, reader);
        IFD_SUCCESS
    })
}

/// A reader without DEVICENAME: there is none.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn IFDHCreateChannel(_lun: Dword, _channel: Dword) -> ResponseCode {
    IFD_NO_SUCH_DEVICE
}

/// Closes a reader.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn IFDHCloseChannel(lun: Dword) -> ResponseCode {
    guarded(|| {
        let closed = READERS.lock().unwrap_or_else(PoisonError::into_inner).remove(&lun);
        if let Some(reader) = closed {
            reader.wake();
        }
        IFD_SUCCESS
    })
}

/// Tells what driver and reader can do.
///
/// # Safety
/// `length` is null or points at the number of writable bytes behind `value`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHGetCapabilities(
    lun: Dword,
    tag: Dword,
    length: *mut Dword,
    value: *mut c_uchar,
) -> ResponseCode {
    guarded(|| {
        let Some(reader) = reader(lun) else {
            return IFD_NO_SUCH_DEVICE;
        };
        let answer = match tag {
            TAG_IFD_ATR | SCARD_ATTR_ATR_STRING => reader.last_atr(),
            TAG_IFD_SIMULTANEOUS_ACCESS => vec![MAX_READERS],
            TAG_IFD_THREAD_SAFE | TAG_IFD_SLOTS_NUMBER => vec![1],
            TAG_IFD_POLLING_THREAD_WITH_TIMEOUT => address(wait_for_event as *const ()),
            TAG_IFD_STOP_POLLING_THREAD => address(stop_waiting as *const ()),
            SCARD_ATTR_VENDOR_NAME => b"Bitaqa\0".to_vec(),
            _ => return IFD_ERROR_TAG,
        };
        // SAFETY: the caller's contract is ours
        unsafe { output(&answer, value, room_of(length), length) }
    })
}

/// The bytes of a function's address, as pcscd copies them into a function pointer.
fn address(function: *const ()) -> Vec<u8> {
    function.addr().to_ne_bytes().to_vec()
}

/// The function that pcscd's thread for this reader sleeps in.
extern "C" fn wait_for_event(lun: Dword, milliseconds: c_int) -> ResponseCode {
    guarded(|| {
        let Some(reader) = reader(lun) else {
            return IFD_NO_SUCH_DEVICE;
        };
        reader.wait_for_event(Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)));
        IFD_SUCCESS
    })
}

extern "C" fn stop_waiting(lun: Dword) -> ResponseCode {
    guarded(|| {
        if let Some(reader) = reader(lun) {
            reader.wake();
        }
        IFD_SUCCESS
    })
}

/// Nothing can be set.
///
/// # Safety
/// None of the pointers is used.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHSetCapabilities(
    _lun: Dword,
    _tag: Dword,
    _length: Dword,
    _value: *const c_uchar,
) -> ResponseCode {
    IFD_ERROR_VALUE_READ_ONLY
}

/// Chooses T=0 (1) or T=1 (2).
#[unsafe(no_mangle)]
pub(crate) extern "C" fn IFDHSetProtocolParameters(
    lun: Dword,
    protocol: Dword,
    _flags: c_uchar,
    _pts1: c_uchar,
    _pts2: c_uchar,
    _pts3: c_uchar,
) -> ResponseCode {
    guarded(|| match (reader(lun), protocol) {
        (None, _) => IFD_NO_SUCH_DEVICE,
        (Some(reader), 1 | 2) => {
            reader.set_protocol(protocol);
            IFD_SUCCESS
        }
        _ => IFD_PROTOCOL_NOT_SUPPORTED,
    })
}

/// Power on, power off, reset.
///
/// # Safety
/// `length` is null or points at the number of writable bytes behind `atr`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHPowerICC(
    lun: Dword,
    action: Dword,
    atr: *mut c_uchar,
    length: *mut Dword,
) -> ResponseCode {
    guarded(|| {
        let Some(reader) = reader(lun) else {
            return IFD_NO_SUCH_DEVICE;
        };
        let outcome = match action {
            IFD_POWER_UP => reader.power_up(true),
            IFD_RESET => reader.power_up(false),
            // a card that is gone is off
            IFD_POWER_DOWN => return reader.power_down().map_or(IFD_SUCCESS, |()| IFD_SUCCESS),
            _ => return IFD_ERROR_NOT_SUPPORTED,
        };
        match outcome {
            // SAFETY: the caller's contract is ours
            Ok(bytes) => unsafe { output(&bytes, atr, room_of(length), length) },
            Err(_) => IFD_ERROR_POWER_ACTION,
        }
    })
}

/// A command to the card.
///
/// # Safety
/// `command` points at `command_length` readable bytes; `answer_length` at the number of writable bytes behind
/// `answer`; `received` is null or writable.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHTransmitToICC(
    lun: Dword,
    sent: IoHeader,
    command: *const c_uchar,
    command_length: Dword,
    answer: *mut c_uchar,
    answer_length: *mut Dword,
    received: *mut IoHeader,
) -> ResponseCode {
    guarded(|| {
        // SAFETY: the caller's contract is ours
        let (command, room) = unsafe { (input(command, command_length), room_of(answer_length)) };
        if !answer_length.is_null() {
            // SAFETY: not null, and writable by contract
            unsafe { answer_length.write(0) };
        }
        let Some(reader) = reader(lun) else {
            return IFD_NO_SUCH_DEVICE;
        };
        if !received.is_null() {
            // SAFETY: not null, and writable by contract
            unsafe { received.write(sent) };
        }
        match reader.transmit(command) {
            // SAFETY: the caller's contract is ours
            Ok(bytes) => unsafe { output(&bytes, answer, room, answer_length) },
            Err(error) => code(error),
        }
    })
}

/// Is there a card?
#[unsafe(no_mangle)]
pub(crate) extern "C" fn IFDHICCPresence(lun: Dword) -> ResponseCode {
    guarded(|| match reader(lun) {
        None => IFD_NO_SUCH_DEVICE,
        Some(reader) if reader.is_present() => IFD_ICC_PRESENT,
        Some(_) => IFD_ICC_NOT_PRESENT,
    })
}

/// A control code: what the key pad can do, and doing it.
///
/// # Safety
/// `sent` points at `sent_length` readable bytes, `answer` at `answer_length` writable ones; `returned` is null or writable.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn IFDHControl(
    lun: Dword,
    control_code: Dword,
    sent: *const c_uchar,
    sent_length: Dword,
    answer: *mut c_uchar,
    answer_length: Dword,
    returned: *mut Dword,
) -> ResponseCode {
    guarded(|| {
        // SAFETY: the caller's contract is ours
        let sent = unsafe { input(sent, sent_length) };
        let Some(reader) = reader(lun) else {
            return IFD_NO_SUCH_DEVICE;
        };
        let Ok(control_code) = u32::try_from(control_code) else {
            return IFD_ERROR_NOT_SUPPORTED;
        };
        match part10::control(&reader, control_code, sent) {
            // SAFETY: the caller's contract is ours
            Ok(bytes) => unsafe { output(&bytes, answer, answer_length, returned) },
            Err(ControlError::NotSupported) => IFD_ERROR_NOT_SUPPORTED,
            Err(ControlError::Reader(error)) => code(error),
        }
    })
}
