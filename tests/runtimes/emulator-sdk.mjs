// Stytch's SDKs for browsers in Chromium: log-in, refresh and log-out with the emulator's server, and with sessions of the
// application's server. The pages must not need a host other than the application's and the emulator's.

import { deepSame, failure, same } from "../conformance/assert.js";
import { report, runOwn } from "./inside/report.mjs";
import { modes } from "./inside/sdk-modes.mjs";
import { allowed, calls, endBrowser, expiry, logIn, me, open, problems, request, SEED, state, visit, withApp } from "./inside/sdk-page.mjs";

const tests = {
  "logs in by a link, refreshes the session after the clock moved, and logs out": () =>
    withApp(SEED, async ({ app, emulator, control, mail }) => {
      // The first JWT expires a minute before the real time, by which the server checks tokens.
      await control("clock", { advance_seconds: -360 });
      const page = await open(app);
      same(await page.evaluate(() => stytch.session.getSync()), null);
      const sent = await request(page, app);
      deepSame([sent.status_code, sent.user_created], [200, false]);
      await visit(page, (await mail()).url);
      same(page.url(), app.url, "the SDK removes the token from the URL");
      same((await mail()).used, true);

      const first = await state(page);
      deepSame([first.session.user_id, first.user.user_id, first.user.emails[0].verified], Array(2).fill("user-test-ada").concat(true));
      deepSame(Object.keys(first.cookies), ["stytch_session", "stytch_session_jwt"]);
      deepSame(first.cookies, { stytch_session: first.tokens.session_token, stytch_session_jwt: first.tokens.session_jwt });
      const expired = await failure(() => app.client.sessions.authenticateJwtLocal({ session_jwt: first.tokens.session_jwt }));
      same(expired.reason, "expired");

      await control("clock", { advance_seconds: 360 });
      await page.evaluate(() => stytch.session.authenticate());
      const second = await state(page);
      same(second.session.session_id, first.session.session_id);
      same(expiry(second) - expiry(first) >= 360, true);
      const check = await app.client.sessions.authenticateJwtLocal({ session_jwt: second.cookies.stytch_session_jwt });
      same(check.session_id, first.session.session_id);
      const { status, user_id } = await me(page);
      deepSame([status, user_id], ["authenticated", "user-test-ada"]);

      const changed = await page.evaluate(() => stytch.user.update({ name: { first_name: "Ada" }, trusted_metadata: { admin: true } }));
      same(changed.user.name.first_name, "Ada");
      deepSame((await page.evaluate(() => stytch.user.get())).trusted_metadata, {});

      await page.evaluate(() => stytch.session.revoke());
      const last = await state(page);
      deepSame([last.session, last.tokens, last.cookies], [null, null, {}]);
      same((await me(page)).status, "unauthenticated");
      const refused = await failure(() => app.client.sessions.authenticate({ session_token: first.tokens.session_token }));
      same(refused.error_type, "session_not_found");

      const [bootstrap, project] = [emulator.public_tokens.consumer, emulator.consumer.project_id];
      // Sorted, because the SDK does not wait for its settings.
      const expected = [
        `GET /sdk/v1/projects/bootstrap/${bootstrap} 200`,
        "POST /sdk/v1/magic_links/email/login_or_create 200",
        `GET /sdk/v1/projects/bootstrap/${bootstrap} 200`,
        "POST /sdk/v1/magic_links/authenticate 200",
        `GET /v1/sessions/jwks/${project} 200`,
        "POST /sdk/v1/sessions/authenticate 200",
        "PUT /sdk/v1/users/me 200",
        "GET /sdk/v1/users/me 200",
        "POST /sdk/v1/sessions/revoke 200",
        "POST /v1/sessions/authenticate 404",
      ];
      deepSame((await calls(control)).sort(), expected.sort());
    }),
  "a reloaded page refreshes the session by its cookies": () =>
    withApp(SEED, async ({ app, control, mail }) => {
      const page = await open(app);
      await logIn(page, app, mail);
      const before = await state(page);
      await control("clock", { advance_seconds: 30 });
      const refreshed = page.waitForResponse("**/sdk/v1/sessions/authenticate");
      await visit(page, app.url);
      same((await refreshed).status(), 200);
      await page.waitForFunction((jwt) => stytch.session.getTokens()?.session_jwt !== jwt, before.tokens.session_jwt);
      const after = await state(page);
      deepSame([after.session.session_id, after.tokens.session_token], [before.session.session_id, before.tokens.session_token]);
    }),
  "with PKCE, a link works only in the browser that requested it": () =>
    withApp(SEED.replace("consumer:\n", "consumer:\n  sdk: { pkce_required_for_email_magic_links: true }\n"), async ({ app, mail }) => {
      const page = await open(app);
      await request(page, app);
      const { token, url } = await mail();
      const stranger = await open(app);
      const refusal = () =>
        stranger.evaluate((token) => stytch.magicLinks.authenticate(token, { session_duration_minutes: 60 }).catch((error) => error.error_type), token);
      same(await refusal(), "pkce_expected_code_verifier");
      // The SDK has a verifier now, of another link.
      await request(stranger, app);
      same(await refusal(), "pkce_mismatch");
      await visit(page, url);
      same((await state(page)).session.user_id, "user-test-ada");
    }),
  "adds a phone number to the session by a code": () =>
    withApp(SEED, async ({ app, mail }) => {
      const page = await open(app);
      await logIn(page, app, mail);
      const { phone_id } = await page.evaluate(() => stytch.otps.sms.send("+15005550006"));
      const { code } = await mail();
      const enter = (code) =>
        page.evaluate(
          ([code, id]) => stytch.otps.authenticate(code, id, { session_duration_minutes: 60 }).then(() => "done", (error) => error.error_type),
          [code, phone_id],
        );
      same(await enter(code === "000000" ? "000001" : "000000"), "otp_code_not_found");
      same(await enter(code), "done");
      const { session, user } = await state(page);
      deepSame(session.authentication_factors.map(({ delivery_method }) => delivery_method), ["email", "sms"]);
      same(user.phone_numbers[0].verified, true);
    }),
  "a session that the server revoked ends in the page, but an outage does not end it": () =>
    withApp(SEED, async ({ app, control, mail }) => {
      const page = await open(app);
      await logIn(page, app, mail);
      const refresh = () => page.evaluate(() => stytch.session.authenticate().then(() => "done", (error) => error.error_type ?? error.name));
      await control("faults", { path_prefix: "/sdk/v1/sessions", kind: "status", status: 503, times: 1 });
      same(await refresh(), "server_unavailable");
      const kept = await state(page);
      same(kept.session.user_id, "user-test-ada");
      same(await refresh(), "done");
      await app.client.sessions.revoke({ session_id: kept.session.session_id });
      same(await refresh(), "session_not_found");
      const ended = await state(page);
      deepSame([ended.session, ended.cookies], [null, {}]);
    }),
  "a page of another origin than a loopback host cannot call the emulator": () =>
    withApp(SEED, async ({ app, emulator }) => {
      const page = await open(app);
      const send = (url, init) => page.evaluate(([url, init]) => fetch(url, init).then(({ status }) => status, () => "refused"), [url, init]);
      same(await send(`${emulator.url}/sdk/v1/events`, { method: "POST", body: "[]" }), 200);
      same(await send(`${emulator.url}/_emulator/outbox.json`), "refused");
      same(await send(`${emulator.url}/v1/users/search`, { method: "POST", body: "{}" }), "refused");
      await page.route("http://app.example/", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Other</title>" }));
      allowed.add("http://app.example/");
      await page.goto("http://app.example/");
      same(await send(`${emulator.url}/sdk/v1/events`, { method: "POST", body: "[]" }), "refused");
    }),
  ...modes,
  "sends no request to another host, and writes nothing to the console": () => same(problems.join("\n"), ""),
};

const results = await runOwn(tests);
await endBrowser();
report(results, Object.keys(tests).length);
