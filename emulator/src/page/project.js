// The projects: their ids, code that connects to the emulator, identity providers, rate limits and trusted token profiles.

import { element } from "./dom.js";
import { act, badge, copyable, facts, id, row } from "./parts.js";

export function render(_, { projects, identity_providers, rate_limits, trusted_profiles, version }) {
  const profiles = trusted_profiles.map(profileRow);
  return [
    ...Object.entries(projects).map(([product, project]) => card(product, project)),
    providers(identity_providers),
    limits(rate_limits),
    ...(profiles.length > 0 ? [element("h3", { key: "profiles" }, "Trusted token profiles"), ...profiles] : []),
    element("p", { key: "version", class: "rest" }, `stytch-emulator ${version} at ${location.origin}`),
  ];
}

function card(product, { project_id, kid }) {
  const { title, type } = PRODUCTS[product] ?? { title: product, type: "Client" };
  const [first, ...more] = snippets(type, project_id).map(([name, code]) => [name, copyable(code)]);
  return element(
    "article",
    { key: product, class: "card" },
    element("h3", {}, title),
    facts(["Project ID", id(project_id)], ["Address", id(location.origin)], ["Signing key", id(kid)]),
    element("h4", {}, first[0]),
    first[1],
    more.map(([name, code]) => element("details", { key: name, class: "snippet" }, element("summary", {}, name), code)),
  );
}

/** The SDKs of Stytch accept an http address only as their environment. */
function snippets(type, project_id) {
  const { origin } = location;
  return [
    ["Environment variables", `STYTCH_PROJECT_ID=${project_id}\nSTYTCH_SECRET=<the secret that the emulator printed>\nSTYTCH_BASE_URL=${origin}`],
    [
      "stytch-edge (JavaScript)",
      `import { ${type} } from "stytch-edge";

const client = new ${type}({
  project_id: "${project_id}",
  secret: process.env.STYTCH_SECRET,
  custom_base_url: "${origin}",
});`,
    ],
    [
      "stytch (Node)",
      `import * as stytch from "stytch";

const client = new stytch.${type}({
  project_id: "${project_id}",
  secret: process.env.STYTCH_SECRET,
  env: "${origin}",
});`,
    ],
    [
      "stytch (Python)",
      `import os
import stytch

client = stytch.${type}(
    project_id="${project_id}",
    secret=os.environ["STYTCH_SECRET"],
    environment="${origin}",
)`,
    ],
  ];
}

/** The identity providers of the emulator, with which SSO connections can be tested. */
function providers(all) {
  return element(
    "article",
    { key: "providers", class: "card" },
    element("h3", {}, "Identity providers"),
    element("p", { class: "rest" }, `The emulator has ${all.length} identity providers for SSO connections. Each has its own key.`),
    facts(
      ["First address", id(all[0]?.url)],
      ["Last address", id(all.at(-1)?.url)],
      ["SAML: metadata_url", id(`${all[0]?.url}/metadata`)],
      ["OIDC: issuer", id(all[0]?.url)],
    ),
  );
}

/** The limit of emails, and the button that switches it. */
function limits({ enabled }) {
  return element(
    "article",
    { key: "limits", class: "card" },
    element("h3", {}, "Rate limits ", badge(enabled ? "On" : "Off", enabled ? "good" : "plain")),
    element("p", { class: "rest" }, "If the limit is on, the emulator sends at most one e-mail per second to an address."),
    element("p", { class: "rest" }, act(enabled ? "Switch the limit off" : "Switch the limit on", "rate_limits", { enabled: !enabled })),
  );
}

function profileRow(profile) {
  return row(
    profile.profile_id,
    profile.issuer,
    [badge(profile.product === "b2b" ? "B2B" : "Consumer"), profile.trusts_the_emulator && badge("Key of the emulator")],
    [
      facts(
        ["Profile ID", id(profile.profile_id)],
        ["Issuer", id(profile.issuer)],
        ["Audience", id(profile.audience)],
        ["Keys", String(profile.key_count)],
        ["Unknown users", profile.can_jit_provision ? "are created" : "are refused"],
      ),
    ],
  );
}

const PRODUCTS = {
  consumer: { title: "Consumer project", type: "Client" },
  b2b: { title: "B2B project", type: "B2BClient" },
};
