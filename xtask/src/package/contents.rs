//! Collects the files to pack: the folder of a package, its README, the licences from the root of the
//! checkout, and the licences of third-party code. Does not know which files of the folder are
//! published; that is in its package.json.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::manifest::{self, Addresses};
use super::metadata::Metadata;
use super::{Publication, notices, readme};
use crate::project::Project;

/// Copies all inputs of `npm pack` into a new folder.
pub fn gather(project: &Project, its: &Publication, folder: &Path) -> Result<()> {
    copy_folder(&project.path(its.folder), folder)?;
    for licence in LICENCES {
        copy_file(&project.path(licence), &folder.join(licence))?;
    }
    let readme = read(&project.path(its.readme))?;
    write(&folder.join(README), readme::for_the_package(&readme))?;

    let metadata = Metadata::read(project)?;
    let notices = notices::for_the_package(project, &metadata, its)?;
    write(&folder.join(NOTICES), notices)?;
    let manifest = read(&project.path(its.folder).join(MANIFEST))?;
    let version = format!(
        "\"version\": \"{}\"",
        metadata.package(its.crate_name)?.version
    );
    ensure!(
        manifest.contains(&version),
        "{}/{MANIFEST} must have the version of the workspace: {version}",
        its.folder
    );
    let manifest = manifest::for_the_package(&manifest, &addresses(&metadata, its.crate_name)?)?;
    write(&folder.join(MANIFEST), manifest)
}

fn addresses<'m>(metadata: &'m Metadata, crate_name: &str) -> Result<Addresses<'m>> {
    let package = metadata.package(crate_name)?;
    Ok(Addresses {
        homepage: package
            .homepage
            .as_deref()
            .with_context(|| format!("the Cargo.toml of {crate_name} has no homepage"))?,
        repository: package
            .repository
            .as_deref()
            .with_context(|| format!("the Cargo.toml of {crate_name} has no repository"))?,
    })
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            copy_file(&entry.path(), &target)?;
        } else if entry.file_name() != "node_modules" {
            copy_folder(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    write(to, bytes)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file with fixed permissions. The tarball contains the permissions of the files, and they must not depend on
/// the umask.
fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, contents)
        .and_then(|()| fs::set_permissions(path, Permissions::from_mode(READABLE)))
        .with_context(|| format!("cannot write {}", path.display()))
}

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
const README: &str = "README.md";
const NOTICES: &str = "THIRD-PARTY-LICENSES";
const MANIFEST: &str = "package.json";
const READABLE: u32 = 0o644;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_readable_by_all_with_any_umask() {
        let folder = std::env::temp_dir().join(format!("stytch-edge-pack-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        // An existing file keeps its permissions when it is overwritten, so this simulates a umask.
        for (name, mode) in [
            ("from/private", 0o600),
            ("to/private", 0o600),
            ("from/program", 0o755),
        ] {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, name).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        }
        copy_folder(&from, &to).unwrap();
        for name in ["private", "program"] {
            let path = to.join(name);
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o644, "{name}");
            assert_eq!(fs::read_to_string(path).unwrap(), format!("from/{name}"));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
