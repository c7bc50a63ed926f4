import build from "@hono/vite-build/node";
import devServer from "@hono/vite-dev-server";

// The plugin's own server would listen on every address.
const serve = (app) => `import { serve } from "@hono/node-server";
serve({ fetch: ${app}.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });`;

const entry = "index.mjs";

// A check sends this `Host`, which Vite would refuse.
const server = { allowedHosts: ["evil.example"] };

export default { server, plugins: [build({ entry, entryContentAfterHooks: [serve] }), devServer({ entry })] };
