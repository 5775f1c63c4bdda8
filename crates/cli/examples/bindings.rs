//! Writes the TypeScript of the commands into the folder that is given.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    for (name, content) in api::wire::bindings::files()? {
        std::fs::write(folder.join(name), content)?;
    }
    Ok(())
}
