//! Signatures in XML (EN 319 132-1).
