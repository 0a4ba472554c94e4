//! Time stamps (RFC 3161, RFC 5816).
