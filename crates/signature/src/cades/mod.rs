//! Signatures in CMS (EN 319 122-1).
