//! A loopback Hub with the shapes of the real API, for tests.
