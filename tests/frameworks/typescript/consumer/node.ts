// A program for Node, with its environment variables and the requests of its servers.

import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { B2BClient, Client } from "stytch-edge";

const client = Client.fromEnv(process.env);
const b2b = B2BClient.fromEnv(process.env, { timeout: 1_000 });

createServer(async (request, response) => {
  const { status } = await client.authenticateRequest(request);
  response.end(status);
});
createHttp2Server(async (request, response) => {
  const { status } = await b2b.authenticateRequest(request);
  response.end(status);
});
