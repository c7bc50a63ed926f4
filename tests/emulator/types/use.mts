// How the types are used, and what they must refuse.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, type Emulator, EmulatorError, type EmulatorOptions, type Fault, type MintFactor, type MintOptions, type Seed } from "stytch-emulator";

const seed: Seed = { random_seed: 1, clock: "2026-01-01T00:00:00Z", consumer: { sdk: { pkce_required_for_email_magic_links: true }, users: [{ user_id: "user-test-1", email: "ada@example.com" }] } };
const options: EmulatorOptions = { seed, now: () => new Date(), tokens: "real-time", allow_live: false };
const stytch: Emulator = await createEmulator(options);

export const client = new Client({ ...stytch.consumer });
export const b2b = new B2BClient({ ...stytch.b2b });
const { project_id, secret } = stytch.consumer;
export const texts: string[] = [project_id, secret, stytch.mint({ flaw: "expired" }), stytch.outbox.token("ada@example.com"), stytch.snapshot(), stytch.publicTokens.b2b];
export const later: Date = stytch.clock.advance(60);
export const kid: string = (await stytch.keys.rotate("b2b")).kid;
export const response: Response = await stytch.fetch(new URL("https://test.stytch.com/"), { signal: AbortSignal.timeout(1) });

const fault: Fault = { kind: "partial_body", bytes: 3, end: "reset", times: 1 };
stytch.faults.add(fault);
stytch.faults.add({ path_prefix: "/v1/sessions", sequence: [{ kind: "reset" }, { kind: "status", status: 429, times: 2 }] });

const uninstall = stytch.install();
uninstall();

export const code = (error: unknown): boolean => error instanceof EmulatorError && error.code === "refused";

const factors: MintFactor[] = ["password", "totp", "oauth_google"];
export const tokens: string[] = [stytch.mint({ factors }), stytch.mint({ kind: "m2m", scopes: ["read:users"] }), stytch.mint({ kind: "trusted_token", profile_id: "x" })];

// @ts-expect-error: an unknown option
await createEmulator({ seeds: 1 });
// @ts-expect-error: an unknown kind
stytch.faults.add({ kind: "sluggish" });
// @ts-expect-error: a missing field
stytch.faults.add({ kind: "slow" });
// @ts-expect-error: an unknown flaw
export const mint: MintOptions = { flaw: "stale" };
// @ts-expect-error: an unknown factor
export const weak: MintOptions = { factors: ["pass"] };
