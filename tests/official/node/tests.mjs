// The tests of npm stytch against the emulator: every method of its three clients.

import { deepSame, failure, same } from "../../conformance/assert.js";
import { b2b } from "./b2b.mjs";
import { consumer } from "./consumer.mjs";
import { drive } from "./drive.mjs";
import { methodsOf } from "./methods.mjs";
import { samlShield } from "./saml_shield.mjs";

/** The methods that npm stytch has, and the methods that succeed. Both are exact. */
const METHODS = 222;
const SUCCEEDED = 222;

const CLIENTS = {
  Client: { product: "consumer", role: "stytch_user", scenario: consumer },
  B2BClient: { product: "b2b", role: "stytch_member", scenario: b2b },
  SamlShieldClient: { product: "consumer", scenario: samlShield },
};

export function nodeTests(clients, emulator) {
  const total = { succeeded: 0, missing: [], methods: 0 };
  const tests = {};
  for (const [name, { scenario, ...m }] of Object.entries(CLIENTS)) {
    tests[`every method of npm stytch's ${name} succeeds, or its route is missing`] = async () => {
      const client = clients[name]();
      if (m.role) await emulator.setPolicy(m.product, POLICY);
      const methods = methodsOf(client);
      const outcome = await drive(methods, scenario, { ...m, client, emulator, headerOf, refused });
      total.succeeded += outcome.succeeded.length;
      total.missing.push(...outcome.missing);
      total.methods += Object.keys(methods).length;
      deepSame(outcome.problems, {});
    };
  }
  tests[`${SUCCEEDED} of ${METHODS} methods of npm stytch succeed`] = () => {
    console.log(`npm stytch: ${total.succeeded} of ${total.methods} methods succeed, ${total.missing.length} are missing`);
    same(total.methods, METHODS, "methods");
    same(total.succeeded, SUCCEEDED, "methods that succeed (if there are more now, raise SUCCEEDED in tests/official/node/tests.mjs)");
    same(total.missing.length, METHODS - SUCCEEDED, "missing methods");
  };
  return tests;
}

/** Fails unless `call` is refused with this error type. */
async function refused(type, call) {
  same((await failure(call)).error_type, type);
}

function headerOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[0], "base64url").toString());
}

const POLICY = { resources: [{ resource_id: "documents", actions: ["read", "write"] }] };
