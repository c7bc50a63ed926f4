// Sends one GET request over HTTP/2 without TLS, which `fetch` does not support.

import { connect, sensitiveHeaders } from "node:http2";

/** Returns the status, the body and the cookies of the response. */
export function get(url, headers) {
  const { origin, pathname } = new URL(url);
  const session = connect(origin);
  return new Promise((resolve, reject) => {
    session.once("error", reject);
    session.setTimeout(LIMIT_MS, () => reject(new Error(`${url} does not respond within ${LIMIT_MS} ms`)));
    const stream = session.request({ ":path": pathname, ...fields(headers) }).setEncoding("utf8");
    const answer = { body: "" };
    stream.once("error", reject);
    stream.once("response", (head) => {
      answer.status = head[":status"];
      answer.cookies = head["set-cookie"] ?? [];
    });
    stream.on("data", (text) => (answer.body += text));
    stream.once("end", () => resolve(answer));
  }).finally(() => session.destroy());
}

/** The fields as browsers send them: one field per cookie (RFC 9113, section 8.2.3), without indexing of the values. */
function fields({ Cookie, ...others }) {
  const all = { ...others, ...(Cookie && { Cookie: Cookie.split("; ") }) };
  return { ...all, [sensitiveHeaders]: Object.keys(all) };
}

const LIMIT_MS = 60_000;
