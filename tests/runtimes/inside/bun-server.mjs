// A server in Bun whose handler is guarded: /text answers with a text, /json with JSON, /bytes with
// bytes. Prints its address.

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
