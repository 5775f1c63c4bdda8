//! What a user interface may ask of the engine.
