// A server in Node that checks sessions. It prints its address when it listens.

import { createServer } from "node:http";

import { Client } from "stytch-edge";

const client = Client.fromEnv(process.env, { custom_base_url: process.env.STYTCH_BASE_URL });
const server = createServer(async (request, response) => {
  const session_jwt = request.headers.authorization?.replace("Bearer ", "") ?? "";
  const answer = await client.sessions.authenticateJwtLocal({ session_jwt }).then(
    ({ session_id }) => session_id,
    ({ code }) => code,
  );
  response.end(answer);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
