import build from "@hono/vite-build/node";

// The plugin's own server would listen on every address.
const serve = (app) => `import { serve } from "@hono/node-server";
serve({ fetch: ${app}.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });`;

export default { plugins: [build({ entry: "src/index.js", entryContentAfterHooks: [serve] })] };
