// An HTTP server on loopback that says what it is told to, because npm stytch fetches
// key sets by other means than fetch. It remembers what it was asked, and ends with
// this process.

import { createServer } from "node:http";

/** A running server: `scene` is what it answers by method and path, `asked` what it was asked. */
export async function startStand() {
  const stand = { scene: {}, asked: [] };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => (body += text));
    request.on("end", () => {
      const route = `${request.method} ${request.url}`;
      stand.asked.push({ route, body, authorization: request.headers.authorization });
      const told = stand.scene[route] ?? { status: 404, json: { error_type: "route_not_found" } };
      const answer = typeof told === "function" ? told(body) : told;
      if (answer === HANGS_UP) return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer.json));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  stand.url = `http://127.0.0.1:${server.address().port}`;
  return stand;
}

/** Breaks the connection off in place of an answer. */
export const HANGS_UP = Symbol("hangs up");
