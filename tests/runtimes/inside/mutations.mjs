// The package's declarations with faults, which the comparison must find. A comparison that
// considers all types equal would find nothing in the real declarations either.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const types_folder = join(dirname(dirname(fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm")))), "types");

/** An `index.d.ts` that declares each of the names as `any`. */
export function madeOfAny(names) {
  const lines = names.map((name) => `export type ${name} = any;\nexport declare const ${name}: any;`);
  lines.push("declare const _default: any;\nexport default _default;\n");
  return new Map([[join(types_folder, "index.d.ts"), lines.join("\n")]]);
}

/** The declarations without their optional fields, as a map from files to texts. */
export function withoutOptionalFields() {
  const field = /^ +\w+\?:[^;{}]*;$/gm;
  return new Map([...declarations()].map(([file, text]) => [file, text.replaceAll(field, "")]));
}

/** The declarations with every fault of `FAULTS`, as a map from files to texts. */
export function withFaults() {
  const texts = declarations();
  for (const [start, from, to] of FAULTS) {
    const [file, text] = [...texts].find(([, text]) => text.includes(start)) ?? [];
    if (!file) throw new Error(`no declaration contains ${start}`);
    const at = text.indexOf(from, text.indexOf(start));
    if (at < 0) throw new Error(`${from} does not occur after ${start}`);
    texts.set(file, text.slice(0, at) + to + text.slice(at + from.length));
  }
  return texts;
}

function declarations() {
  const names = readdirSync(types_folder, { recursive: true }).filter((name) => name.endsWith(".d.cts"));
  const files = names.map((name) => join(types_folder, name));
  return new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
}

/** Rows: the text before the fault, the replaced text, its replacement, and the expected differences. */
export const FAULTS = [
  // Optional fields: of a request, of a response, of a nested shape, of a constructor.
  [
    "interface UsersUpdateRequest {",
    "    external_id?: string | undefined;",
    "",
    "UsersUpdateRequest.external_id is missing",
  ],
  [
    "interface SessionsGetResponse {",
    "    status_code: number;",
    "    status_code: number;\n    new_field?: string;",
    "SessionsGetResponse.new_field is not npm stytch's",
  ],
  ["interface UsersName {", "    middle_name?: string | undefined;", "", "UsersName.middle_name is missing"],
  ["interface ClientConfig {", "    timeout?: number | undefined;", "", "ClientConfig.timeout is missing"],
  // A field of one shape in a union, which another field identifies.
  [
    `filter_name: "created_at_between"`,
    "less_than: string;",
    "",
    "SearchUsersQueryOperand (3).filter_value.less_than is missing",
  ],
  [
    `filter_name: "oauth_provider"`,
    "string[]",
    "any[]",
    "SearchUsersQueryOperand (5).filter_value <1> is any",
  ],
  // `any`: a field, an argument, a result.
  ["interface UsersEmail {", "    email: string;", "    email: any;", "UsersEmail.email is any"],
  [
    "declare class Users {",
    "get(params: UsersGetRequest,",
    "get(params: any,",
    "Client.users.get argument 1 is any",
  ],
  [
    "declare class CryptoWallets {",
    "Promise<CryptoWalletsAuthenticateResponse>",
    "Promise<any>",
    "Client.cryptoWallets.authenticate result <1> is any",
  ],
  // A type other than `any` in place of `any`: code that reads nested fields would not compile.
  [
    "interface UsersUpdateRequest {",
    "    trusted_metadata?: Record<string, any> | undefined;",
    "    trusted_metadata?: Record<string, unknown> | undefined;",
    "UsersUpdateRequest.trusted_metadata[] is not any",
  ],
  // Optional instead of required and the reverse, a refused value, and a missing argument, method and name.
  [
    "interface PasswordsCreateRequest {",
    "    email: string;",
    "    email?: string;",
    "PasswordsCreateRequest.email is optional",
  ],
  [
    "interface TOTPsCreateRequest {",
    "  expiration_minutes?:",
    "  expiration_minutes:",
    "TOTPsCreateRequest.expiration_minutes is not optional",
  ],
  [
    "interface UsersPhoneNumber {",
    "    verified: boolean;",
    "    verified: true;",
    "UsersPhoneNumber.verified is true instead of boolean",
  ],
  [
    "declare class OrganizationsMembers {",
    "options?: B2BOrganizationsMembersCreateRequestOptions",
    "options: B2BOrganizationsMembersCreateRequestOptions",
    "B2BClient.organizations.members.create takes 2 to 2 arguments",
  ],
  [
    "exchange(data: B2BSessionsExchangeRequest",
    "exchange(",
    "exchanged(",
    "B2BClient.sessions.exchange is missing",
    "B2BClient.sessions.exchanged is not npm stytch's",
  ],
  [
    "export interface WebAuthnFactor {",
    "WebAuthnFactor",
    "WebAuthnFaktor",
    "WebAuthnFactor is missing",
    "WebAuthnFaktor is not npm stytch's",
    "AuthenticationFactor.webauthn_factor is any",
  ],
];
