// Sends one GET request over HTTP/2 without TLS, which `fetch` cannot.

import { connect, sensitiveHeaders } from "node:http2";

/** What `visits.check` needs of an answer: its status, body and cookies. */
export function get(url, headers) {
  const { origin, pathname } = new URL(url);
  const session = connect(origin);
  return new Promise((resolve, reject) => {
    session.once("error", reject);
    session.setTimeout(LIMIT_MS, () => reject(new Error(`${url} does not answer within ${LIMIT_MS} ms`)));
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

/** As browsers send them: each cookie is a field of its own (RFC 9113, section 8.2.3), and the token is not indexed. */
function fields({ Cookie, ...others }) {
  const all = { ...others, ...(Cookie && { Cookie: Cookie.split("; ") }) };
  return { ...all, [sensitiveHeaders]: Object.keys(all) };
}

const LIMIT_MS = 60_000;
