//! Cryptographic messages (RFC 5652), as much of them as signatures need.
