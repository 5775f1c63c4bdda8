//! What is known of a card where no code for it is built in: nothing.

use super::Card;
use candle_core::Device;

pub(super) fn of(_: &Device) -> Option<Card> {
    None
}

pub(super) fn uses_one_stream(_: &Device) {}
