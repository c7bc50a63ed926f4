// The clients of npm stytch, as a user configures them for the emulator: with its URL as `env`, otherwise unchanged.

import { silently } from "../../runtimes/inside/silently.mjs";

/** Functions that make the clients by their class name. */
export function officialClients(official, emulator) {
  const make = (Client, product) =>
    silently(() => new Client({ ...emulator[product], env: emulator.url, fraud_env: emulator.url }));
  return {
    Client: () => make(official.Client, "consumer"),
    B2BClient: () => make(official.B2BClient, "b2b"),
    // SAML Shield is another service. Its client accepts only https, so its URL is replaced afterwards.
    SamlShieldClient: () => {
      const client = new official.SamlShieldClient({ public_token: "public-token-test-1" });
      client.fetchConfig.baseURL = emulator.url;
      return client;
    },
  };
}
