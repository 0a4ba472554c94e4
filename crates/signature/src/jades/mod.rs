//! Signatures in JSON (TS 119 182-1).
