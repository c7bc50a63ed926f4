// `client.doctor`: one finding for each check, in good and bad states.

import { deepSame, failure, matches, ok, same } from "./assert.js";

const CODES = ["credentials", "key_set", "clock_skew", "project_environment", "cookies"];
const WHOAMI = "/v1/debug/whoami";

export default (test) => {
  test("finds no problem in a good configuration, with two requests and without a cache", async (t) => {
    for (const client of [t.consumer(), t.b2b()]) {
      let findings;
      const calls = await t.emulator.callsDuring(async () => (findings = await client.doctor()));
      same(calls.length, 2, calls.join());
      deepSame(findings.map(({ code }) => code), CODES);
      for (const finding of findings) {
        deepSame(Object.keys(finding), ["code", "severity", "message", "advice"]);
        same(finding.severity, "ok", finding.message);
        same(finding.advice, "", finding.message);
      }
    }
  });

  test("reports wrong credentials, and never shows the secret", async (t) => {
    const secret = `secret-test-${"hush".repeat(9)}`;
    const findings = await t.consumer({ secret }).doctor();
    const { severity, message, advice } = of(findings, "credentials");
    same(severity, "error");
    matches(message, /the secret is wrong, or the project does not exist \(401 unauthorized_credentials\)/);
    matches(advice, /Stytch dashboard/);
    same(of(findings, "key_set").severity, "ok");
    ok(!JSON.stringify(findings).includes("hush"), "no finding contains the secret");
  });

  test("reports the client of the wrong product", async (t) => {
    const findings = await t.b2b(t.emulator.consumer).doctor();
    const { severity, message } = of(findings, "project_environment");
    same(severity, "error");
    matches(message, /The project is a consumer project/);
  });

  test("reports an API that cannot be reached or that fails, and does not throw", async (t) => {
    const thrown = (error) => t.consumer({ retries: 0, fetch: () => Promise.reject(error) });
    for (const [code, reason] of [["ECONNREFUSED", "connection_refused"], ["ENOTFOUND", "dns"], ["CERT_HAS_EXPIRED", "tls"], [7, "unknown"]]) {
      const findings = await thrown({ name: "TypeError", cause: { code } }).doctor();
      for (const code of ["credentials", "key_set"]) {
        same(of(findings, code).severity, "error");
        matches(of(findings, code).message, new RegExp(reason));
      }
      matches(of(findings, "clock_skew").message, /there is no response/);
    }
    const fault = { path_prefix: WHOAMI, kind: "status", status: 503 };
    const findings = await t.emulator.withFault(fault, () => t.consumer({ retries: 0 }).doctor());
    matches(of(findings, "credentials").message, /the API responded with 503/);
    same(of(findings, "key_set").severity, "ok");
  });

  test("compares the clock with the Date header, and ignores headers that are not a date", async (t) => {
    const body = JSON.stringify({ status_code: 200, project_id: t.emulator.consumer.project_id, keys: [] });
    const clock = async (date) => {
      const headers = { get: (name) => (name === "date" ? date : null) };
      const fetch = async () => ({ status: 200, headers, text: async () => body });
      return of(await t.consumer({ fetch }).doctor(), "clock_skew");
    };
    const moved = (seconds) => new Date(Date.now() + seconds * 1_000).toUTCString();
    for (const [seconds, severity] of [[0, "ok"], [4, "ok"], [30, "warning"], [-30, "warning"], [120, "error"], [-120, "error"]]) {
      const finding = await clock(moved(seconds));
      same(finding.severity, severity, `${seconds} seconds: ${finding.message}`);
      if (seconds > 10) matches(finding.message, /seconds behind the API's/);
      if (seconds < -10) matches(finding.message, /seconds ahead of the API's/);
    }
    for (const date of [null, undefined, "", 7, "soon", "2026-01-01T00:00:00Z", "Xyz, 99 Foo 2026 99:99:99 GMT", `${moved(0)}, ${moved(0)}`]) {
      const finding = await clock(date);
      same(finding.severity, "warning", `${date}: ${finding.message}`);
      matches(finding.message, /no Date header/);
    }
  });

  test("reports cookies that browsers drop or shorten", async (t) => {
    for (const [cookies, severity, words] of [
      [{ domain: "example.com", max_age_seconds: 34_560_000 }, "ok", /keep the session cookies/],
      [{ secure: false }, "warning", /`cookies.secure` is false/],
      [{ max_age_seconds: 34_560_001 }, "warning", /400 days/],
      [{ domain: "localhost" }, "warning", /localhost/],
      [{ domain: "workers.dev", same_site: "none" }, "error", /many sites share.*"none"/],
    ]) {
      const finding = of(await t.consumer({ cookies }).doctor(), "cookies");
      same(finding.severity, severity, finding.message);
      matches(finding.message, words);
    }
  });

  test("accepts the options of a call", async (t) => {
    const aborted = AbortSignal.abort(new Error("stopped"));
    same((await failure(() => t.consumer().doctor({ signal: aborted }))).message, "stopped");
    const never = t.consumer({ fetch: () => new Promise(() => {}) });
    const findings = await never.doctor({ timeout: 50 });
    matches(of(findings, "credentials").message, /timeout/);
    const error = await failure(() => t.consumer().doctor({ retries: -1 }));
    same(error.code, "invalid_argument");
  });
};

function of(findings, code) {
  return findings.find((finding) => finding.code === code);
}
