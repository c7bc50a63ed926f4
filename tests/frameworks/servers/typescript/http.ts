import { createServer } from "node:http";
import { Client } from "stytch-edge";

const client = Client.fromEnv(); // from process.env
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

createServer(async (request, response) => {
  const verdict = await client.authenticateRequest(request);
  for (const [name, value] of verdict.headers) response.appendHeader(name, value);
  if (verdict.status === "authenticated") return response.end(`Hello ${verdict.session.user_id}`);
  response.writeHead(STATUS[verdict.status]).end("Log in first");
}).listen(Number(process.env.PORT), "127.0.0.1");
