//! PDF files (ISO 32000), as much of them as signatures need.
