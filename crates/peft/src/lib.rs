//! Parameter-efficient fine-tuning methods and the adapter folder of peft.
