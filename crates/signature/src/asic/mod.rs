//! Containers of files and signatures (EN 319 162-1).
