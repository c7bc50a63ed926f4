// An HTTP server on loopback with scripted responses, because npm stytch does not fetch key sets
// with the global fetch. It records its requests, and ends with this process.

import { createServer } from "node:http";

/** Starts a server. `routes` contains its responses by method and path, `requests` the received requests. */
export async function startScriptedServer() {
  const script = { routes: {}, requests: [] };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => (body += text));
    request.on("end", () => {
      const route = `${request.method} ${request.url}`;
      script.requests.push({ route, body, authorization: request.headers.authorization });
      const scripted = script.routes[route] ?? { status: 404, json: { error_type: "route_not_found" } };
      const answer = typeof scripted === "function" ? scripted(body) : scripted;
      if (answer === CLOSES) return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer.json));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  script.url = `http://127.0.0.1:${server.address().port}`;
  return script;
}

/** Closes the connection instead of a response. */
export const CLOSES = Symbol("closes");
