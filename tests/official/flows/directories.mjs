// The flows of directories that push their users with SCIM.

import { same } from "../../conformance/assert.js";
import { scimRequest } from "../node/b2b_scim.mjs";
import { isOfMember, organization } from "./members.mjs";

export const directories = {
  "a directory adds a member with a role, and ends the session when the person leaves": async (m) => {
    const organization_id = await organization(m);
    const { connection } = await m.b2b.scim.connection.create({ organization_id, identity_provider: "okta" });
    const userName = m.email("lin", "acme.example");
    const user = await scimRequest(m.emulator, connection, "POST", "/Users", { userName, active: true });
    same(user.status, 201);
    const selected = { organization_id, email_address: userName };
    const read = async () => (await m.b2b.organizations.members.get(selected)).member;
    same((await read()).is_admin, false);
    const group = { displayName: "Staff", members: [{ value: user.body.id }] };
    same((await scimRequest(m.emulator, connection, "POST", "/Groups", group)).status, 201);
    const connection_id = connection.connection_id;
    const { scim_groups } = await m.b2b.scim.connection.getGroups({ organization_id, connection_id });
    const roles = [{ role_id: "stytch_admin", group_id: scim_groups[0].group_id }];
    await m.b2b.scim.connection.update({ organization_id, connection_id, scim_group_implicit_role_assignments: roles });
    same((await read()).is_admin, true);
    await m.b2b.magicLinks.email.loginOrSignup(selected);
    const session = await m.b2b.magicLinks.authenticate({ magic_links_token: await m.emulator.tokenFor(userName) });
    await isOfMember(m, session, (await read()).member_id, ["magic_link"]);
    const leave = { Operations: [{ op: "replace", value: { active: false } }] };
    const wrong = { connection_id, bearer_token: "wrong" };
    const path = ["", "Users", user.body.id].join("/");
    same((await scimRequest(m.emulator, wrong, "PATCH", path, leave)).status, 401);
    same((await scimRequest(m.emulator, connection, "PATCH", path, leave)).status, 200);
    const { session_token } = session;
    await m.refused("session_not_found", () => m.b2b.sessions.authenticate({ session_token }));
    const { member } = await m.b2b.organizations.members.dangerouslyGet({ member_id: session.member_id, include_deleted: true });
    same(member.status, "deleted");
  },
};
