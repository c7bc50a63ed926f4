// The package in pages: through Vite, built and in development, and through webpack.
// All with their defaults: what is set here is where files are, and where the API is.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, createServer, preview } from "vite";
import webpack from "webpack";

import { newProject } from "./project.mjs";

/** Ways to serve the page with the API behind it. Each gives the page's URL, and how to end. */
export const pages = {
  "a page that Vite has built": async (api) => {
    const root = newProject("vite", ["index.html", "page.js"]);
    await build({ root, configFile: false, logLevel: "warn" });
    return servedBy(await preview({ root, configFile: false, preview: server(api) }));
  },
  "a page in Vite's development server": async (api) => {
    const root = newProject("vite-dev", ["index.html", "page.js"]);
    const served = await createServer({ root, configFile: false, logLevel: "warn", server: server(api) });
    return servedBy(await served.listen());
  },
  "a page that webpack has built": async (api) => {
    const context = newProject("webpack", ["page.js"]);
    await webpacked({ context, entry: "./page.js", mode: "production", output: { path: join(context, "dist") }, performance: { maxAssetSize: 400_000 } });
    writeFileSync(join(context, "dist/index.html"), `<link rel="icon" href="data:,"><script src="main.js"></script>`);
    // It serves any folder; Vite has no part in this build.
    return servedBy(await preview({ root: context, configFile: false, preview: server(api) }));
  },
};

/** One origin for the page and the API, as the API sends no CORS headers to count on. */
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
      // A warning is a line that every user of the package would see.
      else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString()));
      else resolve();
    });
  });
}
