// The guarded handler with `node:http`. Prints its URL when it listens, and ends with its standard input.

import { createServer } from "node:http";

import { guarded } from "./guarded.mjs";

const server = guarded(JSON.parse(process.argv[2]));
process.on("unhandledRejection", server.unhandled);
process.on("uncaughtException", (error) => server.unhandled(error));

const http = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const control = server.control[pathname];
  if (control) {
    const found = control(searchParams);
    const { heapUsed, external } = process.memoryUsage();
    response.end(JSON.stringify({ ...found, heap: heapUsed + external }));
    return;
  }
  const verdict = await server.client().authenticateRequest(request);
  const answer = server.answer(verdict, { get: (name) => request.headers[name] ?? null });
  const cookies = [...new Set([...verdict.headers.getSetCookie(), ...answer.headers.getSetCookie()])];
  const headers = Object.fromEntries(answer.headers);
  delete headers["set-cookie"];
  response.writeHead(answer.status, { ...headers, ...(cookies.length && { "set-cookie": cookies }) }).end(await answer.text());
});
http.keepAliveTimeout = 600_000;
http.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}` })));
process.stdin.resume().once("end", () => process.exit());
