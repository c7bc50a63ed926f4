// The flows of log-ins by signature: passkeys and crypto wallets.

import { same } from "../../conformance/assert.js";
import { newWallet } from "../node/crypto_wallets.mjs";
import { SecurityKey } from "../node/security_key.mjs";
import { staysAndEnds } from "./users.mjs";

const MINUTES = { session_duration_minutes: 60 };
const domain = "example.com";

export const keys = {
  "a user registers a passkey, and logs in with it": async (m) => {
    const { webauthn } = m.consumer;
    const { user_id } = await m.consumer.users.create({ email: m.email("hedy") });
    const key = new SecurityKey();
    const started = await webauthn.registerStart({ user_id, domain, return_passkey_credential_options: true });
    const created = key.create(started.public_key_credential_creation_options);
    const { webauthn_registration_id } = await webauthn.register({ user_id, public_key_credential: created });
    const options = await asked(m);
    const public_key_credential = key.get(options);
    // Another key signs the same challenge in the name of the passkey.
    const forged = JSON.parse(public_key_credential);
    forged.response.signature = JSON.parse(new SecurityKey().get(options)).response.signature;
    await m.refused("unable_to_auth_webauthn_registration", () => webauthn.authenticate({ public_key_credential: JSON.stringify(forged) }));
    const session = await webauthn.authenticate({ public_key_credential: key.get(await asked(m)), ...MINUTES });
    same(session.session.authentication_factors[0].webauthn_factor.webauthn_registration_id, webauthn_registration_id);
    await staysAndEnds(m, session, user_id, "webauthn");
  },
  "a user logs in with a crypto wallet": async (m) => {
    const { wallet, signed } = newWallet();
    const { user_id, challenge } = await m.consumer.cryptoWallets.authenticateStart(wallet);
    const authenticate = (signature) => m.consumer.cryptoWallets.authenticate({ ...wallet, signature, ...MINUTES });
    await m.refused("unable_to_authenticate_crypto_wallet", () => authenticate(newWallet().signed(challenge)));
    await staysAndEnds(m, await authenticate(signed(challenge)), user_id, "crypto");
    await m.refused("unable_to_authenticate_crypto_wallet", () => authenticate(signed(challenge)));
  },
};

/** The options of a log-in of any user. */
async function asked(m) {
  const started = await m.consumer.webauthn.authenticateStart({ domain });
  return started.public_key_credential_request_options;
}
