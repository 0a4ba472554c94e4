//! Signatures in PDF (EN 319 142-1).
