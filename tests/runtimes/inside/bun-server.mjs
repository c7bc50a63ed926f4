// A server in Bun with a guarded handler: /text responds with text, /json with JSON, /bytes with
// bytes. Prints its URL.

import { Client, withSession } from "stytch-edge";

const answers = {
  "/text": () => new Response("text"),
  "/json": () => Response.json({}),
  "/bytes": () => new Response(new Uint8Array([1])),
};
const client = Client.fromEnv();
const handler = (request) => answers[new URL(request.url).pathname]();
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: withSession(handler, { client }) });
console.log(server.url.origin);
