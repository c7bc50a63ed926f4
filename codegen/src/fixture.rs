//! A project with a small description of the API, which tests generate from and introduce mistakes into.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

use super::{Mode, run, source};

/// A project in a temporary folder, which is removed when this is dropped.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    pub fn new() -> Self {
        let project = Self::empty();
        project.put("api/openapi.yaml", include_str!("fixture/openapi.yaml"));
        project.put("api/words.yaml", include_str!("fixture/words.yaml"));
        project.put("api/options.yaml", include_str!("fixture/options.yaml"));
        project.put(
            "emulator/coverage.yaml",
            include_str!("fixture/coverage.yaml"),
        );
        project.put(
            "api/consumer/things.yaml",
            include_str!("fixture/consumer/things.yaml"),
        );
        project.put(
            "api/b2b/others.yaml",
            include_str!("fixture/b2b/others.yaml"),
        );
        project
    }

    /// A project with a copy of the description in `api`.
    pub fn with(api: &Path) -> Self {
        let project = Self::empty();
        let mut files = source::files(api).unwrap();
        files.extend(["words.yaml", "options.yaml"].map(str::to_owned));
        for file in files {
            let text = fs::read_to_string(api.join(&file)).unwrap();
            project.put(&format!("api/{file}"), &text);
        }
        project.put("emulator/coverage.yaml", "every_route: []\nroutes: {}\n");
        project
    }

    fn empty() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "codegen-{}-{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        Self {
            root: env::temp_dir().join(name),
        }
    }

    pub fn put(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root.join(name)).unwrap();
        assert!(text.contains(from), "{name} does not contain {from}");
        self.put(name, &text.replacen(from, to, 1));
    }

    pub fn generated(&self, name: &str) -> String {
        run(&self.root, Mode::Write).unwrap();
        fs::read_to_string(self.root.join(name)).unwrap()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}
