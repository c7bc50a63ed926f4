// The rows of crypto wallets: a wallet of Solana, which signs with Ed25519.

import { generateKeyPairSync, sign } from "node:crypto";
import { same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const { wallet, signed } = newWallet();
const walletOf = async (m, user_id) => (await m.client.users.get({ user_id })).crypto_wallets[0];

export const cryptoWallets = {
  "cryptoWallets.authenticateStart": row(
    () => [wallet],
    async (m, { user_id }) => same((await walletOf(m, user_id)).crypto_wallet_address, wallet.crypto_wallet_address),
  ),
  "cryptoWallets.authenticate": row(
    (m) => {
      const { challenge } = m.of("cryptoWallets.authenticateStart");
      return [{ ...wallet, signature: signed(challenge) }];
    },
    async (m, { user_id }) => same((await walletOf(m, user_id)).verified, true),
  ),
};

/** A new wallet as the API names it, and the function that signs a challenge with it. */
export function newWallet() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const crypto_wallet_address = base58(Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url"));
  return {
    wallet: { crypto_wallet_type: "solana", crypto_wallet_address },
    signed: (challenge) => base58(sign(null, Buffer.from(challenge), privateKey)),
  };
}

function base58(bytes) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let text = "";
  for (let number = BigInt(`0x${bytes.toString("hex")}`); number > 0n; number /= 58n) {
    text = alphabet[Number(number % 58n)] + text;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros) + text;
}
