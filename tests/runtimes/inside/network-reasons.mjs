// The reasons of failed requests in one runtime. It uses only features that all runtimes have.

import { Client } from "stytch-edge";

/** Sends a POST to each base URL. Returns the reasons and messages of the errors by the names of the URLs. */
export async function reasonsOf(urls) {
  const asked = Object.entries(urls).map(async ([name, custom_base_url]) => {
    const client = new Client({ project_id: "project-test-1", secret: "secret-test-hush", custom_base_url, timeout: 20_000 });
    const { reason, message } = await client.users.search({ limit: 1 }).catch((error) => error);
    return [name, { reason, message }];
  });
  return Object.fromEntries(await Promise.all(asked));
}
