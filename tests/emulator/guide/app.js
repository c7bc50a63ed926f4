// The application of the example with Playwright: log-in by a link. It keeps no sessions.

import { createServer } from "node:http";

import { Client } from "stytch-edge";

const FORM = `<form method="post"><label>E-mail <input name="email"></label> <button>Log in</button></form>`;

/** Starts the application on a free port. `settings` are those of its client. */
export async function startApp(settings) {
  const client = new Client(settings);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, url);
    let body = "";
    for await (const chunk of request) body += chunk;
    response.setHeader("content-type", "text/html");
    if (request.method === "POST") response.end(await sendLink(new URLSearchParams(body).get("email")));
    else response.end(pathname === "/authenticate" ? await greet(searchParams.get("token")) : FORM);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };

  async function sendLink(email) {
    const link = `${url}/authenticate`;
    await client.magicLinks.email.loginOrCreate({ email, login_magic_link_url: link, signup_magic_link_url: link });
    return "Check your e-mail";
  }

  async function greet(token) {
    const { user } = await client.magicLinks.authenticate({ token });
    return `Hello, ${user.emails[0].email}`;
  }
}
