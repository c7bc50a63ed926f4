// The flows of log-ins with accounts at OAuth providers. The provider's page gets its two requests without a browser.

import { deepSame, same } from "../../conformance/assert.js";
import { oauthToken } from "../node/oauth.mjs";
import { isOfMember, organization } from "./members.mjs";
import { staysAndEnds } from "./users.mjs";

const MINUTES = { session_duration_minutes: 60 };
const GOOGLE = "/v1/public/oauth/google/start";
const MICROSOFT = "/v1/b2b/public/oauth/microsoft";

export const accounts = {
  "a user logs in with Google, and comes back": async (m) => {
    const account = { email_address: m.email("ola"), name: "Ola" };
    const token = await oauthToken(m.emulator, "consumer", GOOGLE, {}, account);
    const session = await m.consumer.oauth.authenticate({ token, ...MINUTES });
    const { user_id, provider_type, provider_subject } = session;
    await staysAndEnds(m, { ...session, session: session.user_session }, user_id, "oauth");
    await m.refused("oauth_token_not_found", () => m.consumer.oauth.authenticate({ token, ...MINUTES }));
    const back = await m.consumer.oauth.authenticate({ token: await oauthToken(m.emulator, "consumer", GOOGLE, {}, account) });
    deepSame([back.user_id, back.provider_type, back.provider_subject], [user_id, provider_type, provider_subject]);
    same(back.user.providers.length, 1);
  },
  "a user with a magic link adds an account at GitHub, and logs in with it": async (m) => {
    const email = m.email("ada");
    const { user_id } = await m.consumer.magicLinks.email.loginOrCreate({ email });
    const { session_token } = await m.consumer.magicLinks.authenticate({ token: await m.emulator.tokenFor(email), ...MINUTES });
    const { oauth_attach_token } = await m.consumer.oauth.attach({ provider: "github", session_token });
    // The account has another email address: without the attach token it would be another user.
    const account = { email_address: m.email("other"), subject: m.email("subject") };
    const path = "/v1/public/oauth/github/start";
    const token = await oauthToken(m.emulator, "consumer", path, { oauth_attach_token }, account);
    same((await m.consumer.oauth.authenticate({ token })).user_id, user_id);
    await m.refused("oauth_token_not_found", () => m.consumer.oauth.authenticate({ token }));
    const again = await oauthToken(m.emulator, "consumer", path, {}, account);
    const session = await m.consumer.oauth.authenticate({ token: again, ...MINUTES });
    await staysAndEnds(m, { ...session, session: session.user_session }, user_id, "oauth");
  },
  "a member logs in to an organization with Microsoft": async (m) => {
    const organization_id = await organization(m);
    const account = { email_address: m.email("mary", "acme.example") };
    const { member } = await m.b2b.organizations.members.create({ organization_id, ...account });
    const oauth_token = await oauthToken(m.emulator, "b2b", `${MICROSOFT}/start`, { organization_id }, account);
    const session = await m.b2b.oauth.authenticate({ oauth_token });
    await isOfMember(m, session, member.member_id, ["oauth"]);
    await m.refused("oauth_token_not_found", () => m.b2b.oauth.authenticate({ oauth_token }));
  },
  "a user discovers an organization with Microsoft, and joins it": async (m) => {
    const organization_id = await organization(m);
    const email_address = m.email("kay", "acme.example");
    const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address });
    const discovery_oauth_token = await oauthToken(m.emulator, "b2b", `${MICROSOFT}/discovery/start`, {}, { email_address });
    const found = await m.b2b.oauth.discovery.authenticate({ discovery_oauth_token });
    const ids = found.discovered_organizations.map(({ organization }) => organization.organization_id);
    same(ids.includes(organization_id), true, "the organization is discovered");
    const { intermediate_session_token } = found;
    const exchange = () => m.b2b.discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id });
    await isOfMember(m, await exchange(), member_id, ["oauth"]);
    await m.refused("intermediate_session_not_found", exchange);
  },
};
