// SAML Shield: a client of its own, with a public token and one method. There is no
// emulator of it; what is sent is what its `fetch` is given.

import { failure, ok, same } from "./assert.js";

const TOKEN = "public-token-test-that-nobody-may-see";

/** A client that answers every call with `text`; `sent` is what it was called with. */
function shield(t, { text = '{"status_code":200,"message":"fine"}', status = 200, ...config } = {}) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init, headers: new Headers(init.headers) });
    return new Response(text, { status });
  };
  return { sent, client: new t.stytch.SamlShieldClient({ public_token: TOKEN, fetch, ...config }) };
}

export default (test) => {
  test("sends the answer as a form, with the public token", async (t) => {
    const { client, sent } = shield(t);
    ok(client.saml instanceof t.stytch.SamlShield, "its resource is a SamlShield");
    // Real ones are long, and are not cut off as what goes into a URL is.
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

  test("asks another host where one is given", async (t) => {
    const { client, sent } = shield(t, { custom_base_url: "http://localhost:1/" });
    await client.saml.validate({ SAMLResponse: "a" });
    same(sent[0].url, "http://localhost:1/v1/saml/validate");
  });

  test("refuses a configuration that cannot be, and names the field", async (t) => {
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
    ok(error.message.includes("public_token"), `"${error.message}" says what is needed`);
  });

  test("gives errors of the same classes as the other clients, without the token or the answer", async (t) => {
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
      ok(!shown.includes(TOKEN) && !shown.includes("an-answer"), `"${shown}" hides both`);
    }
  });
};
