/// <reference lib="esnext.disposable" preserve="true" />
// The package `stytch-emulator`.

export { createEmulator, type ClientSettings, type Emulator } from "./emulator.js";
export { EmulatorError, type EmulatorErrorCode } from "./errors.js";
export type { Fetch } from "./fetch.js";
export type { Uninstall } from "./install.js";
export type {
  Clock, ConnectionEnd, Fault, FaultKind, Faults, Flaw, Keys, Levers, LoggedRequest, Message, MintFactor, MintOptions, Outbox, Policies,
  Policy, Product, Requests, Webhook, Webhooks,
} from "./levers.js";
export type { EmulatorOptions } from "./options.js";
export type { Credentials, PublicTokens } from "./native.js";
export type { Seed, SeedObject, SeedProject } from "./seed.js";
