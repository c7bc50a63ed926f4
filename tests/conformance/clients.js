// The package's exports.

import { ok, same } from "./assert.js";

export default (test) => {
  test("exports the clients, the errors and the base URLs by name, and the clients in the default export", async (t) => {
    const { stytch } = t;
    same(stytch.default.Client, stytch.Client);
    same(stytch.default.B2BClient, stytch.B2BClient);
    same(stytch.default.SamlShieldClient, stytch.SamlShieldClient);
    same(Object.keys(stytch.default).join(), "Client,B2BClient,SamlShieldClient");
    same(stytch.envs.test, "https://test.stytch.com/");
    same(stytch.envs.live, "https://api.stytch.com/");
    same(stytch.envs.fraud, "https://telemetry.stytch.com/");
    for (const name of ["StytchError", "RequestError", "ClientError"]) {
      ok(stytch[name].prototype instanceof Error, `${name} is an Error`);
      same(stytch[name].prototype.name, name);
    }
  });
};
