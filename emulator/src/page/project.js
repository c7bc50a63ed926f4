// The projects: their ids, code that connects to the emulator, and the M2M clients.

import { element } from "./dom.js";
import { badge, copyable, facts, id, objects, row, toneOf } from "./parts.js";

export function render(_, { projects, m2m_clients, version }) {
  const clients = m2m_clients.map(clientRow);
  return [
    ...Object.entries(projects).map(([product, project]) => card(product, project)),
    ...(clients.length > 0 ? [element("h3", { key: "m2m" }, "M2M clients"), ...clients] : []),
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

function clientRow(client) {
  return row(
    client.client_id,
    client.client_name || client.client_id,
    [badge(client.product === "b2b" ? "B2B" : "Consumer"), badge(client.status, toneOf(client.status))],
    [
      facts(["Client ID", id(client.client_id)], ["Description", client.client_description], ["Scopes", (client.scopes ?? []).join(", ")]),
      objects(["Trusted metadata", client.trusted_metadata]),
    ],
  );
}

const PRODUCTS = {
  consumer: { title: "Consumer project", type: "Client" },
  b2b: { title: "B2B project", type: "B2BClient" },
};
