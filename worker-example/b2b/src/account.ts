// The pages of a member: the session, the switch to another organization, and the settings that need a permission.

import { loginResponse, withSession } from "stytch-edge";
import { client, guard, pages, session_duration_minutes } from "./client.ts";
import { html, page, redirect } from "./page.ts";

/** `GET /` */
export const home = withSession((_, { member_session }) => {
  const { organization_id, organization_slug, member_id, roles, authentication_factors } = member_session;
  return page(200, "You are logged in", html`
<dl>
  <dt>Organization</dt><dd>${organization_slug}</dd>
  <dt>Member</dt><dd><code>${member_id}</code></dd>
  <dt>Roles</dt><dd>${roles.join(", ")}</dd>
  <dt>Factors</dt><dd>${authentication_factors.map(({ type }) => type).join(", ")}</dd>
</dl>
<p><a href="/switch">Switch to another organization</a></p>
<p><a href="/organizations/${organization_id}/security">Security of the organization</a></p>
<form method="post" action="/auth/log-out"><button class="quiet">Log out</button></form>`);
}, guard);

/** `GET /switch`: the other organizations of the member. */
export const switchPage = withSession(async (_, { member_session, session_jwt }) => {
  const { discovered_organizations } = await client().discovery.organizations.list({ session_jwt });
  const others = discovered_organizations.filter(({ organization }) => organization?.organization_id !== member_session.organization_id);
  return page(200, "Switch to another organization", html`
${others.map(({ organization }) => html`
<form method="post" action="/switch">
  <input name="organization_id" type="hidden" value="${organization?.organization_id}">
  <button>${organization?.organization_name}</button>
</form>`)}
${others.length ? "" : html`<p>You are a member of one organization only.</p>`}
<p><a href="/">Back</a></p>`);
}, guard);

/** `POST /switch`: a session of the other organization, or a step of its log-in: it can require a second factor. */
export const switchTo = withSession(async (request, { session_jwt }) => {
  const organization_id = String((await request.formData()).get("organization_id") ?? "");
  const result = await client().sessions.exchange({ organization_id, session_jwt, session_duration_minutes });
  return loginResponse(client().finishLogin(request, result, { pages: { ...pages, logged_in: "/" } }));
}, guard);

/**
 * `GET` and `POST /organizations/{organization_id}/security`: only for members of the organization of the path, whose roles have the
 * permission.
 */
export function security(request: Request, organization_id: string): Promise<Response> {
  const authorization_check = { organization_id, resource_id: "stytch.organization", action: "update.settings.mfa-policy" };
  const guarded = withSession(async (_, { session_jwt }) => {
    if (request.method === "POST") {
      const mfa_policy = (await request.formData()).has("required") ? "REQUIRED_FOR_ALL" : "OPTIONAL";
      // With the rights of the member: the API checks the permission again.
      await client().organizations.update({ organization_id, mfa_policy }, { authorization: { session_jwt } });
      return redirect(new URL(request.url).pathname);
    }
    const { organization } = await client().organizations.get({ organization_id });
    const isRequired = organization.mfa_policy === "REQUIRED_FOR_ALL";
    return page(200, `Security of ${organization.organization_name}`, html`
<p>A second factor is ${isRequired ? "required" : "optional"}.</p>
<form method="post">
  ${isRequired ? "" : html`<input name="required" type="hidden" value="yes">`}
  <button>${isRequired ? "Make it optional" : "Require it from all members"}</button>
</form>
<p><a href="/">Back</a></p>`);
  }, { ...guard, authorization_check });
  return guarded(request);
}
