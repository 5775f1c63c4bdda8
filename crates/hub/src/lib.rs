//! The Hugging Face Hub: search, download, the shared cache and data-set files.
