// The pages of a log-in: the form, the choice of an organization, and the second factor. The routes of `logIn` handle most
// of their forms. The forms for a new organization, a new app and a recovery code are handled here, with the parts of the client.

import { loginResponse, StytchError } from "stytch-edge";
import { client, pages, session_duration_minutes } from "./client.ts";
import { html, page, redirect } from "./page.ts";

/** `GET /login` */
export function logInPage(request: Request): Response {
  const { searchParams } = new URL(request.url);
  const return_to = searchParams.get("return_to") ?? "/";
  if (searchParams.has("sent")) {
    return page(200, "Check your e-mail", html`
<p>We have sent you a link. It works once, in this browser.</p>
<p><a href="/login">Use another address</a></p>`);
  }
  return page(200, "Log in", html`
${note(request)}
<form method="post" action="/auth/magic-link">
  <input name="return_to" type="hidden" value="${return_to}">
  <label for="email">Your e-mail address</label>
  <input id="email" name="email" type="email" autocomplete="email" placeholder="ada@example.com" required autofocus>
  <button>Send me a link</button>
</form>
<p><a href="/auth/oauth/google?${new URLSearchParams({ return_to })}">Log in with Google</a></p>`);
}

/** `GET /organizations`: the organizations that the user can log in to, and the form for a new one. */
export async function organizationsPage(request: Request): Promise<Response> {
  const { intermediate_session_token } = client().pendingLogin(request);
  if (!intermediate_session_token) return lost();
  const { email_address, discovered_organizations } = await client().discovery.organizations.list({ intermediate_session_token });
  const choices = discovered_organizations.map(({ organization }) => html`
<form method="post" action="/auth/organization">
  <input name="organization_id" type="hidden" value="${organization?.organization_id}">
  <button>${organization?.organization_name}</button>
</form>`);
  return page(200, choices.length ? "Choose an organization" : "Create an organization", html`
${note(request)}
<p>You are ${email_address}.</p>
${choices}
<form method="post" action="/organizations">
  <label for="name">Name of a new organization</label>
  <input id="name" name="organization_name" maxlength="128" required>
  <button class="quiet">Create it</button>
</form>`);
}

/** `POST /organizations`: the user becomes the first member, and the administrator. */
export async function createOrganization(request: Request): Promise<Response> {
  const form = await request.formData();
  const { intermediate_session_token } = client().pendingLogin(request);
  if (!intermediate_session_token) return lost();
  const organization_name = String(form.get("organization_name") ?? "");
  const result = await client().discovery.organizations.create({ intermediate_session_token, organization_name, session_duration_minutes });
  return loginResponse(client().finishLogin(request, result, { pages }));
}

/** `GET /mfa`: the form for a code, and the button that registers an app if the member has none. */
export async function secondFactorPage(request: Request): Promise<Response> {
  const pending = await pendingMember(request);
  if (!pending) return lost();
  const title = `${pending.organization_name} requires a second factor`;
  if (pending.hasApp) return page(200, title, html`${note(request)}${CODE_FORM}${RECOVERY_FORM}`);
  // After a wrong first code, the user can enter another one.
  const isTried = new URL(request.url).searchParams.has("reason");
  return page(200, title, html`
${note(request)}
${isTried ? CODE_FORM : ""}
<form method="post" action="/mfa/app"><button>Set up an authenticator app</button></form>`);
}

/** `POST /mfa/app`: registers an app. The registration is active after its first code. */
export async function registerApp(request: Request): Promise<Response> {
  const pending = await pendingMember(request);
  if (!pending) return lost();
  // Otherwise a stolen e-mail account would be enough to replace the app of a member.
  if (pending.hasApp) return redirect("/mfa");
  const { intermediate_session_token, organization_id, member_id } = pending;
  const { qr_code, secret, recovery_codes } = await client().totps.create({ organization_id, member_id, intermediate_session_token });
  return page(200, "Set up an authenticator app", html`
<p>Scan the image with your app, or enter the key.</p>
<p><img src="${qr_code}" alt="QR code of the key"></p>
<p><code>${secret}</code></p>
<p>Store these recovery codes. Each replaces one code if you lose the app.</p>
<ul>${recovery_codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
${CODE_FORM}`);
}

/** `POST /mfa/recovery`: a recovery code in place of a code of the app. */
export async function recover(request: Request): Promise<Response> {
  const form = await request.formData();
  const pending = await pendingMember(request);
  if (!pending) return lost();
  const { intermediate_session_token, organization_id, member_id } = pending;
  const recovery_code = String(form.get("recovery_code") ?? "");
  const body = { intermediate_session_token, organization_id, member_id, recovery_code, session_duration_minutes };
  try {
    return loginResponse(client().finishLogin(request, await client().recoveryCodes.recover(body), { pages }));
  } catch (error) {
    if (error instanceof StytchError && error.error_type.includes("recovery_code")) return redirect("/mfa?reason=code_not_accepted");
    throw error;
  }
}

/** The member whose second factor is missing, if a log-in of this browser waits for it. */
async function pendingMember(request: Request) {
  const { intermediate_session_token, organization_id, member_id } = client().pendingLogin(request);
  if (!intermediate_session_token || !organization_id || !member_id) return undefined;
  const { member, organization } = await client().organizations.members.get({ organization_id, member_id });
  const hasApp = Boolean(member.totp_registration_id);
  return { intermediate_session_token, organization_id, member_id, hasApp, organization_name: organization.organization_name };
}

/** The response if this browser has no log-in that waits for a step, or if it has waited for more than 10 minutes. */
export const lost = () => redirect("/login?reason=flow_not_started_here");

/** The message for the `reason` with which the routes open a page. */
function note(request: Request) {
  const reason = new URL(request.url).searchParams.get("reason");
  return reason ? html`<p class="note" role="alert">${NOTES.get(reason) ?? "The log-in was not possible. Please try again."}</p>` : "";
}

const NOTES = new Map([
  ["email_not_accepted", "This is not an e-mail address."],
  ["code_not_accepted", "The code is wrong or has expired."],
  ["organization_not_accepted", "You cannot log in to this organization."],
  ["flow_not_started_here", "Please log in again, and open the link in the same browser."],
  ["token_not_accepted", "The link was used before, or has expired."],
]);

const CODE_FORM = html`
<form method="post" action="/auth/mfa/totp">
  <label for="code">Code of your authenticator app</label>
  <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required autofocus>
  <button>Log in</button>
</form>`;

const RECOVERY_FORM = html`
<form method="post" action="/mfa/recovery">
  <label for="recovery">Or a recovery code</label>
  <input id="recovery" name="recovery_code" autocomplete="off" required>
  <button class="quiet">Use it</button>
</form>`;
