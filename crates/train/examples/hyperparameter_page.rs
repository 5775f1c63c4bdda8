//! Prints docs/hyperparameters.md.

fn main() {
    print!("{}", episome_train::hyperparameter_page());
}
