//! What went wrong, in the catalogue's words. The detail is a code of `bitaqa-fetch`, never an address, a host or what was sent.

use bitaqa_fetch::{FetchError, NotPermitted};
use bitaqa_protocol::{ErrorCode, ErrorReport, validation_data::FailedAuthority};
use bitaqa_root_folder::{FaultReason, FolderFault};

/// The address is not used at all.
pub(super) fn not_permitted(fault: &NotPermitted) -> ErrorReport {
    ErrorReport::new(ErrorCode::AddressNotAllowed).with_detail(fault.code())
}

/// The address was permitted, and nothing came of it.
pub(super) fn fetch(error: &FetchError) -> ErrorReport {
    let code = match error {
        FetchError::Port { .. } | FetchError::AddressNotPublic { .. } => ErrorCode::AddressNotAllowed,
        FetchError::Question { .. } | FetchError::OtherKind { .. } => ErrorCode::RequestInvalid,
        _ => ErrorCode::ValidationDataUnavailable,
    };
    ErrorReport::new(code).with_detail(error.code())
}

/// No authority gave a time stamp; the names are the administrator's.
pub(super) fn no_time_stamp(failed: &[FailedAuthority]) -> ErrorReport {
    let each: Vec<String> = failed.iter().map(|one| format!("{}: {}", one.name, one.code)).collect();
    let detail = match each.as_slice() {
        [] => "no time-stamp authority is configured".to_owned(),
        _ => each.join("; "),
    };
    ErrorReport::new(ErrorCode::ValidationDataUnavailable).with_detail(&detail)
}

/// The administrator's file is not used. What is wrong inside of it the command line says to who may read it.
pub(super) fn configuration(fault: &FolderFault) -> ErrorReport {
    let detail = match &fault.reason {
        FaultReason::Content(_) => "its content cannot be used".to_owned(),
        reason => reason.to_string(),
    };
    ErrorReport::new(ErrorCode::ValidationConfigurationUnusable).with_detail(&detail)
}

/// What was asked is none of these questions.
pub(super) fn invalid(detail: &str) -> ErrorReport {
    ErrorReport::new(ErrorCode::RequestInvalid).with_detail(detail)
}

/// The system gives no thread, or a thread ended without an answer.
pub(super) fn no_thread() -> ErrorReport {
    ErrorReport::new(ErrorCode::InternalError).with_detail("validation data: no thread")
}
