// The package in pages: with Vite's build and development server, and with webpack. They run
// with their defaults, except for paths and the API's URL.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, createServer, preview } from "vite";
import webpack from "webpack";

import { newProject } from "./project.mjs";

/** Functions that serve the page and the API. Each returns the page's URL, and `end`. */
export const pages = {
  "a page from Vite's build": async (api) => {
    const root = newProject("vite", ["index.html", "page.js"]);
    await build({ root, configFile: false, logLevel: "warn" });
    return servedBy(await preview({ root, configFile: false, preview: server(api) }));
  },
  "a page from Vite's development server": async (api) => {
    const root = newProject("vite-dev", ["index.html", "page.js"]);
    const served = await createServer({ root, configFile: false, logLevel: "warn", server: server(api) });
    return servedBy(await served.listen());
  },
  "a page from webpack's build": async (api) => {
    const context = newProject("webpack", ["page.js"]);
    await webpacked({ context, entry: "./page.js", mode: "production", output: { path: join(context, "dist") }, performance: { maxAssetSize: 500_000 } });
    writeFileSync(join(context, "dist/index.html"), `<link rel="icon" href="data:,"><script src="main.js"></script>`);
    // Vite's preview server serves any folder. Vite does not build this page.
    return servedBy(await preview({ root: context, configFile: false, preview: server(api) }));
  },
};

/** The page and the API have the same origin, because the API sends no CORS headers. */
function server(api) {
  return { host: "127.0.0.1", port: 0, proxy: { "/v1": api } };
}

function servedBy(server) {
  return { url: server.resolvedUrls.local[0], end: () => server.close() };
}

function webpacked(options) {
  return new Promise((resolve, reject) => {
    webpack(options, (error, stats) => {
      if (error) reject(error);
      // A warning would appear in the build of every user of the package.
      else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString()));
      else resolve();
    });
  });
}
