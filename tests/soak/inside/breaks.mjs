// Errors of a server, made on purpose, to see that the checks find them: `node tests/soak/main.mjs --break leak`. Each entry has the
// number of the check that must fail.

/** `options` of the client; `answer` replaces responses; `makesClients`: a client for each request. */
export const BREAKS = {
  accepts_everything: {
    check: 1,
    answer: ({ status, session }, headers) => status !== "authenticated" && served(claimsOf(headers)?.sub ?? session?.user_id ?? "someone"),
  },
  signs_out: {
    check: 2,
    answer: ({ status }) =>
      status === "unavailable" && new Response("{}", { status: 503, headers: { "set-cookie": "stytch_session=; Max-Age=0" } }),
  },
  refuses_valid_tokens: {
    check: 3,
    answer: ({ status, via }) => status === "authenticated" && via !== "remote" && everyHundredth() && new Response("{}", { status: 503 }),
  },
  refuses_expired_tokens: {
    check: 4,
    answer: ({ status, via }) => status === "authenticated" && via === "remote" && everyHundredth() && new Response("{}", { status: 503 }),
  },
  mixes_users_up: {
    check: 5,
    answer: ({ status, session }) => {
      if (status !== "authenticated" || !everyHundredth()) return false;
      const other = served(last ?? session.user_id);
      last = session.user_id;
      return other;
    },
  },
  fails: { check: 6, answer: () => everyHundredth() && new Response("", { status: 500 }) },
  drops_a_rejection: { check: 7, answer: () => everyHundredth() && void Promise.reject(new Error("made on purpose")) },
  leaks: { check: 8, answer: () => void leaked.push(new Uint8Array(32_000).fill(1)) },
  has_no_limit: { check: 10, options: { refresh_limits: { unverified_refreshes: Infinity } } },
  has_no_limit_of_a_session: { check: 11, options: { refresh_limits: { session_refreshes: Infinity } } },
  sends_every_refused_jwt: {
    check: 12,
    answer({ status }, headers, client) {
      const session_jwt = status === "unauthenticated" || status === "unavailable" ? jwtOf(headers) : undefined;
      if (session_jwt) client.sessions.authenticate({ session_jwt }).catch(() => {});
    },
  },
  requests_keys_always: { check: 13, makesClients: true, options: { isolated: true } },
  stays_paused: {
    check: 15,
    answer: ({ status, reason, via }) => {
      failed ||= status === "unavailable" && reason !== "rate_limited";
      return failed && via === "remote" && new Response("{}", { status: 503 });
    },
  },
  refuses_new_keys: {
    check: 17,
    answer: ({ via, session_jwt }) => {
      const kid = session_jwt?.split(".", 1)[0];
      first ??= kid;
      return via && via !== "remote" && kid !== first && new Response("{}", { status: 503 });
    },
  },
};

/** The break with this name; without a name, nothing. */
export function breakWith(name) {
  if (name === undefined) return {};
  if (!Object.hasOwn(BREAKS, name)) throw new Error(`unknown --break ${name}; accepted are ${Object.keys(BREAKS).join(", ")}`);
  return BREAKS[name];
}

let number = 0;
let last;
let first;
let failed = false;
const leaked = [];
const everyHundredth = () => (number += 1) % 100 === 0;
const served = (user_id) => Response.json({ user_id, via: "broken" });

/** The JWT of a request. */
const jwtOf = (headers) => /[\w-]+\.[\w-]+\.[\w-]*/.exec(`${headers.get("authorization")};${headers.get("cookie")}`)?.[0];

/** The claims of the JWT of a request, without any check. */
function claimsOf(headers) {
  try {
    return JSON.parse(atob(jwtOf(headers).split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}
