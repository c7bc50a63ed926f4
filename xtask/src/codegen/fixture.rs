//! A project with a description of one resource, to spoil in tests.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

use super::{Mode, run};

/// A project of one resource in a folder of its own, which goes when this does.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "codegen-{}-{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let project = Self {
            root: env::temp_dir().join(name),
        };
        project.put("api/openapi.yaml", include_str!("fixture/openapi.yaml"));
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

    pub fn put(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root.join(name)).unwrap();
        assert!(text.contains(from), "{name} does not hold {from}");
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
