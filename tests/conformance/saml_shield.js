// SAML Shield: a separate client with a public token and one method. The emulator does not
// implement it, so the tests check the requests that `fetch` receives.

import { failure, ok, same } from "./assert.js";

const TOKEN = "public-token-test-that-must-stay-hidden";

/** A client whose `fetch` answers every request with `text`, and the requests as `sent`. */
function shield(t, { text = '{"status_code":200,"message":"fine"}', status = 200, ...config } = {}) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init, headers: new Headers(init.headers) });
    return new Response(text, { status });
  };
  return { sent, client: new t.stytch.SamlShieldClient({ public_token: TOKEN, fetch, ...config }) };
}

export default (test) => {
  test("sends the SAML response as a form, with the public token", async (t) => {
    const { client, sent } = shield(t);
    ok(client.saml instanceof t.stytch.SamlShield, "client.saml is a SamlShield");
    // SAML responses are long. The length limit of URL arguments does not apply to them.
    const SAMLResponse = "PHNhbWxwOlJlc3BvbnNlPg+/==".repeat(2000);
    same((await client.saml.validate({ SAMLResponse })).message, "fine");
    same(sent.length, 1);
    const [{ url, method, headers, body }] = sent;
    same(url, "https://api.samlshield.com/v1/saml/validate");
    same(method, "POST");
    same(headers.get("authorization"), `Bearer ${TOKEN}`);
    same(headers.get("content-type"), "application/x-www-form-urlencoded");
    same(body, `SAMLResponse=${encodeURIComponent(SAMLResponse)}`);
  });

  test("sends the request to custom_base_url if it is set", async (t) => {
    const { client, sent } = shield(t, { custom_base_url: "http://localhost:1/" });
    await client.saml.validate({ SAMLResponse: "a" });
    same(sent[0].url, "http://localhost:1/v1/saml/validate");
  });

  test("refuses an invalid configuration, and names the field", async (t) => {
    for (const [field, value] of [
      ["public_token", undefined],
      ["public_token", ""],
      ["public_token", 7],
      ["custom_base_url", "http://example.com"],
      ["custom_base_url", "nonsense"],
      ["timeout", -1],
      ["fetch", 7],
    ]) {
      const error = await failure(() => new t.stytch.SamlShieldClient({ public_token: TOKEN, [field]: value }));
      same(error.code, "invalid_argument");
      ok(error.message.includes(field), `"${error.message}" names ${field}`);
    }
    const error = await failure(() => new t.stytch.SamlShieldClient());
    ok(error.message.includes("public_token"), `"${error.message}" names public_token`);
  });

  test("throws the same error classes as the other clients, without the token or the SAML response", async (t) => {
    const refusal = '{"status_code":400,"error_type":"invalid","error_message":"bad"}';
    for (const [answer, name] of [
      [{ text: refusal, status: 400 }, "StytchError"],
      [{ text: "<html>" }, "RequestError"],
      [{ fetch: () => Promise.reject(new Error("no network")) }, "RequestError"],
      [{ public_token: `${TOKEN}\n${TOKEN}` }, "ClientError"],
    ]) {
      let client;
      const error = await failure(() => {
        client = shield(t, answer).client;
        return client.saml.validate({ SAMLResponse: "an-answer" });
      });
      same(error.name, name);
      const shown = `${error} ${error.stack} ${JSON.stringify(error)} ${JSON.stringify(client)}`;
      ok(!shown.includes(TOKEN) && !shown.includes("an-answer"), `"${shown}" contains neither`);
    }
  });
};
