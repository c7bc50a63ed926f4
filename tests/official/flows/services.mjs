// The flows of services: machines and Connected Apps.

import { deepSame, same } from "../../conformance/assert.js";

export const services = {
  "a machine gets a token, is checked, and changes its secret": async (m) => {
    for (const client of [m.consumer, m.b2b]) {
      const created = await client.m2m.clients.create({ client_name: "cron", scopes: ["read:users", "write:users"] });
      const { client_id, client_secret } = created.m2m_client;
      const { access_token } = await client.m2m.token({ client_id, client_secret, scopes: ["read:users"] });
      const checked = await client.m2m.authenticateToken({ access_token, required_scopes: ["read:users"] });
      deepSame([checked.client_id, checked.scopes], [client_id, ["read:users"]]);
      const { m2m_client } = await client.m2m.clients.secrets.rotateStart({ client_id });
      await client.m2m.clients.secrets.rotate({ client_id });
      await m.refused("invalid_client", () => client.m2m.token({ client_id, client_secret }));
      const next = await client.m2m.token({ client_id, client_secret: m2m_client.next_client_secret });
      same(next.token_type, "bearer");
    }
  },
};
