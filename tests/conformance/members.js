// Organizations, and magic links and sessions of their members.

import { deepSame, failure, ok, same } from "./assert.js";

export default (test) => {
  test("returns the B2B project by whoami", async (t) => {
    same((await t.b2b().debug.whoami()).project_id, t.emulator.b2b.project_id);
  });

  test("creates an organization and returns the same organization by id and slug", async (t) => {
    const { organizations } = t.b2b();
    const { organization } = await organizations.create({ organization_name: "Zoë & Söhne" });
    same(organization.organization_name, "Zoë & Söhne");
    for (const organization_id of [organization.organization_id, organization.organization_slug]) {
      deepSame((await organizations.get({ organization_id })).organization, organization);
    }
  });

  test("creates a member and returns the same member by id and e-mail address", async (t) => {
    const { organizations } = t.b2b();
    const { organization } = await organizations.create({ organization_name: "Acme" });
    const { organization_id } = organization;
    const email_address = t.address("member");
    const created = await organizations.members.create({ organization_id, email_address, name: "Jo" });
    same(created.member.email_address, email_address);
    same(created.member.name, "Jo");
    for (const selector of [{ member_id: created.member_id }, { email_address }]) {
      const { member } = await organizations.members.get({ organization_id, ...selector });
      same(member.member_id, created.member_id);
    }
  });

  test("logs a member in with a magic link, with a session by default", async (t) => {
    const login = await t.logInMember();
    same(login.member_authenticated, true);
    same(login.member_session.member_id, login.member.member_id);
    same(login.member_session.organization_id, login.organization.organization_id);
    same(login.session_jwt.split(".").length, 3);
  });

  test("refuses a member's used magic link", async (t) => {
    const client = t.b2b();
    const { organization, member } = await t.logInMember();
    const magic_links_token = await t.emulator.tokenFor(member.email_address);
    const error = await failure(() => client.magicLinks.authenticate({ magic_links_token }));
    same(error.error_type, "unable_to_auth_magic_link");
    same(organization.organization_name, "Acme");
  });

  test("lists a member's sessions, authenticates one, and revokes it", async (t) => {
    const { sessions } = t.b2b();
    const { member_session, session_jwt, session_token } = await t.logInMember();
    const { organization_id, member_id, member_session_id } = member_session;
    const listed = await sessions.get({ organization_id, member_id });
    deepSame(listed.member_sessions, [member_session]);
    for (const proof of [{ session_token }, { session_jwt }]) {
      const answer = await sessions.authenticate(proof);
      same(answer.member_session.member_session_id, member_session_id);
      same(answer.member.member_id, member_id);
      same(answer.organization.organization_id, organization_id);
    }
    await sessions.revoke({ member_session_id });
    same((await failure(() => sessions.authenticate({ session_token }))).error_type, "session_not_found");
  });

  test("revokes all sessions of a member", async (t) => {
    const { sessions } = t.b2b();
    const { member_session, session_token } = await t.logInMember();
    await sessions.revoke({ member_id: member_session.member_id });
    same((await failure(() => sessions.authenticate({ session_token }))).error_type, "session_not_found");
  });

  test("returns the key set of the B2B project", async (t) => {
    const { project_id } = t.emulator.b2b;
    ok((await t.b2b().sessions.getJWKS({ project_id })).keys.length > 0, "the key set is not empty");
  });

  test("sends the request with a member's rights if authorization is passed", async (t) => {
    const ours = await t.logInMember();
    const theirs = await t.logInMember();
    const { organizations } = t.b2b();
    const data = { organization_id: theirs.organization.organization_id, email_address: t.address() };
    for (const authorization of [{ session_token: ours.session_token }, { session_jwt: ours.session_jwt }]) {
      const error = await failure(() => organizations.members.create(data, { authorization }));
      same(error.error_type, "session_authorization_tenancy_error");
    }
    same((await organizations.members.create(data)).status_code, 200);
  });

  // Otherwise the request would have the rights of the project.
  test("refuses an authorization without a session, and sends nothing", async (t) => {
    const { organizations } = t.b2b();
    const data = { organization_id: "organization-test-1", email_address: t.address() };
    const throwing = Object.defineProperty({}, "session_token", { get: () => ouch(), enumerable: true });
    const before = await t.emulator.lastCall();
    // A value that is not a string must not count as absent.
    const unreadable = [{ session_token: 5, session_jwt: "jwt" }, { session_token: "token", session_jwt: {} }];
    for (const authorization of ["token", ["x"], {}, { session_token: "" }, { session_jwt: undefined }, throwing, ...unreadable]) {
      const error = await failure(() => organizations.members.create(data, { authorization }));
      same(error.code, "invalid_argument", typeof authorization);
    }
    same((await t.emulator.lastCall())?.number, before?.number);
  });

  test("fails for a consumer client of a B2B project, and the reverse", async (t) => {
    const { custom_base_url } = t.config();
    const wrong = new t.stytch.Client({ ...t.emulator.b2b, custom_base_url });
    same((await failure(() => wrong.users.search({}))).error_type, "invalid_consumer_endpoint");
    const other = new t.stytch.B2BClient({ ...t.emulator.consumer, custom_base_url });
    const created = () => other.organizations.create({ organization_name: "Acme" });
    same((await failure(created)).error_type, "invalid_b2b_endpoint");
  });
};

function ouch() {
  throw new Error("a getter that throws");
}
