//! What a signature is worth (EN 319 102-1).
