// The root file of the description does not list paths, because each path is described in the file of its resource. Redocly
// starts at the root file. So this preprocessor adds a reference to each path, and to each file for rules that read whole
// files.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parse } from "yaml";

export const collectPaths = () => ({
  Root: {
    enter(root, { location }) {
      if (root.paths) return; // The bundle, which is complete.
      const folder = dirname(location.source.absoluteRef);
      root.paths = {};
      for (const file of resourceFiles(folder)) {
        const { paths = {} } = parse(readFileSync(join(folder, file), "utf8")) ?? {};
        for (const path of Object.keys(paths)) {
          root.paths[path] = { $ref: `${file}#/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}` };
        }
      }
      root[FILES] = resourceFiles(folder).map((file) => ({ $ref: file }));
    },
  },
});

function resourceFiles(folder) {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`));
  return files.filter((file) => file.endsWith(".yaml")).sort();
}

/** The key in the root for references to all resource files. */
export const FILES = "x-stytch-files";
