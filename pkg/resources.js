// @ts-check
// What a service does with an access token in a request (RFC 6750), and what it tells
// programs about itself (RFC 9728). Judges no token: that is the wasm's part; words the
// answer, and puts nothing of the visitor's into it.

import { permission } from "./checks.js";
import { LOOPBACK, envs } from "./config.js";
import { ClientError, OUR_OWN, RequestError, StytchError } from "./errors.js";
import { plain } from "./options.js";

/** Judges a request's token by `check(token, demand)`, and words what the answer must say. */
export async function verdictOn(request, options, check) {
  const { audience, required_scopes: scopes = [], realm, resource_metadata_url } = plain("the options", options);
  const audiences = audience === undefined ? [] : [audience].flat();
  if (audience !== undefined && (!audiences.length || !audiences.every((name) => name && typeof name === "string"))) {
    throw invalid("audience must be a string, or a list of strings");
  }
  if (!isScopes(scopes)) throw invalid("required_scopes must be a list of scopes");
  if (realm !== undefined && !/^[ -~]+$/.test(typeof realm === "string" ? realm : "")) {
    throw invalid("realm must be a text of ASCII characters");
  }
  const resource_metadata = resource_metadata_url === undefined ? undefined : urlOf("resource_metadata_url", resource_metadata_url).href;
  const header = request?.headers?.get?.("Authorization");
  if (header === undefined) throw invalid("the first argument must be a Request");
  const access_token = /^bearer +(.*)$/i.exec(header ?? "")?.[1];
  try {
    const { via, token } = await check(access_token, [audiences, scopes, ...(permission(options) ?? [])]);
    return { status: "authenticated", token, access_token, via, headers: new Headers() };
  } catch (error) {
    const [status, http_status, reason] = outcome(error);
    const headers = new Headers();
    // No scope makes somebody a member of another organization, and an outage asks for nothing.
    if (status !== "unavailable" && reason !== "tenancy_mismatch") {
      const code = http_status === 403 ? "insufficient_scope" : reason === "no_credentials" ? undefined : "invalid_token";
      headers.set("WWW-Authenticate", challenge({ realm, resource_metadata, error: code, scope: scopes.join(" ") }));
    }
    return { status, http_status, reason, headers };
  }
}

/** The document by which programs find out who issues tokens for a resource (RFC 9728, section 2). */
export function metadataOf(options, origin) {
  const { resource, authorization_servers, scopes_supported = [], ...rest } = options ?? {};
  // The identifier is compared as it is written, so it stays so.
  if (urlOf("resource", resource) && resource.includes("#")) throw invalid("resource must have no fragment");
  if (!isScopes(scopes_supported)) throw invalid("scopes_supported must be a list of scopes");
  const servers = authorization_servers ?? [origin];
  if (!Array.isArray(servers) || !servers.length) throw invalid("authorization_servers must be a list of URLs");
  for (const server of servers) {
    // All projects share these hosts: there is nobody to ask for an authorization.
    if (Object.values(envs).includes(`${urlOf("authorization_servers", server).origin}/`)) {
      throw invalid("authorization_servers must name the project's own domain, as custom_base_url or here");
    }
  }
  const scopes = scopes_supported.length ? { scopes_supported } : {};
  return { ...rest, resource, authorization_servers: servers, bearer_methods_supported: ["header"], ...scopes };
}

/** What an error says about the visitor, or about us. One of the caller's own is thrown. */
function outcome(error) {
  const outage = (reason) => ["unavailable", 503, reason];
  if (error instanceof StytchError) {
    const { status_code } = error;
    if (status_code === 429) return outage("rate_limited");
    return outage(status_code < 500 && status_code !== 408 ? "misconfigured" : "api_unavailable");
  }
  const { code, reason } = error;
  if (error instanceof RequestError) return outage(reason ?? "api_unavailable");
  if (code === "jwks_unavailable") return outage(reason ?? "keys_unavailable");
  if (OUR_OWN.includes(code)) return outage("internal");
  if (REFUSED.includes(code)) return ["unauthenticated", 401, reason ?? "not_active"];
  if (FORBIDDEN.includes(code)) return ["forbidden", 403, code];
  throw error;
}

const REFUSED = ["jwt_invalid", "jwt_too_old", "token_invalid"];
const FORBIDDEN = ["invalid_permissions", "tenancy_mismatch", "missing_scopes"];

/** A challenge (RFC 6750, section 3), which has at least one parameter. */
function challenge(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  if (!given.length) given.push(["realm", "api"]);
  return `Bearer ${given.map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&")}"`).join(", ")}`;
}

/** Scopes as RFC 6749, section 3.3, has them. */
function isScopes(scopes) {
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && /^[!#-[\]-~]+$/.test(scope));
}

function urlOf(name, value) {
  try {
    const url = new URL(value);
    if (typeof value === "string" && (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname)))) return url;
  } catch {
    // It is no URL at all.
  }
  throw invalid(`${name} must be an https URL`);
}

function invalid(message) {
  return new ClientError("invalid_argument", message);
}
