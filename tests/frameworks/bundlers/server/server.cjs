const { createServer } = require("node:http");
const { Client } = require("stytch-edge");

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

createServer(async (request, response) => {
  const { status, session, headers } = await client.authenticateRequest(request);
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (status === "authenticated") return response.end(`Hello ${session.user_id}`);
  response.writeHead(STATUS[status]).end("Log in first");
}).listen(Number(process.env.PORT), "127.0.0.1");
