//! Trusted lists (TS 119 612).
