// Sends GET requests. A request never throws: if there is no response, its status is 0.

import { Agent, get } from "node:http";

/** Returns a function that sends a request with these headers. Its response has `status`, `cookies`, `body` and `error`. */
export function sender(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const once = (headers, signal) =>
    new Promise((resolve) => {
      const failed = ({ code, message }) => resolve({ status: 0, cookies: [], body: "", error: code ?? message, reused: request.reusedSocket });
      const request = get(url, { agent, headers, signal, timeout: LIMIT_MS }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text) => (body += text));
        response.once("end", () => resolve({ status: response.statusCode, cookies: response.headers["set-cookie"] ?? [], body }));
        response.once("error", failed);
      });
      request.once("timeout", () => request.destroy(new Error("timeout"))).once("error", failed);
    });
  return async (headers, signal) => {
    const answer = await once(headers, signal);
    // The server may close a connection when a request is sent on it. Such a request was not handled.
    return answer.error === "ECONNRESET" && answer.reused ? once(headers, signal) : answer;
  };
}

/** More than the time limit of a refresh and of a key set together. */
const LIMIT_MS = 15_000;
