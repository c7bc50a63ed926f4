// The outbox: the messages and their links.

import { read } from "./api.js";
import { element, link } from "./dom.js";
import { badge, copyable, empty, facts, moment, rest } from "./parts.js";

export const load = () => read("outbox.json");

export function render({ messages = [] } = {}, state) {
  announce(messages);
  if (messages.length === 0) {
    return [empty("No messages yet", "Request a magic link. Its message appears here automatically.")];
  }
  const shown = messages.slice(0, MOST).map((mail) => card(mail, Date.parse(state.clock.now)));
  return [...shown, ...rest(shown.length, messages.length)];
}

function card(mail, now) {
  const { subject, action } = KINDS[mail.kind] ?? { subject: "Message", action: "Open the link" };
  const is_expired = Date.parse(mail.expires_at) <= now;
  const spent = mail.used ? "Used" : is_expired && "Expired";
  return element(
    "article",
    { key: `mail-${mail.id}`, class: spent ? "card mail spent" : "card mail" },
    element("h3", {}, subject, " ", spent && badge(spent)),
    element("p", { class: "to" }, "To ", element("strong", {}, mail.to)),
    mail.url && !spent && link(mail.url, { class: "button" }, action),
    facts(
      ["Sent", moment(mail.sent_at)],
      [is_expired ? "Expired" : "Expires", moment(mail.expires_at)],
      ["Project", mail.product === "b2b" ? "B2B" : "Consumer"],
      ["Channel", CHANNELS[mail.channel] ?? mail.channel],
    ),
    mail.code && copyable(String(mail.code)),
    mail.url && element("details", {}, element("summary", {}, "URL of the link"), copyable(mail.url)),
  );
}

/** Lets a screen reader say that a message has arrived, but not on the first display. */
function announce(messages) {
  const newest = messages[0]?.id ?? 0;
  if (known !== undefined && newest > known) {
    document.getElementById("announcements").textContent = `New message to ${messages[0].to}`;
  }
  known = newest;
}

let known;
const MOST = 100;
const CHANNELS = { email: "E-mail", sms: "SMS", whatsapp: "WhatsApp" };
const KINDS = {
  login: { subject: "Your log-in link", action: "Log in" },
  signup: { subject: "Confirm your address", action: "Sign up" },
  invite: { subject: "You have been invited", action: "Accept the invitation" },
  discovery: { subject: "Your log-in link", action: "Log in" },
  reset_password: { subject: "Reset your password", action: "Choose a password" },
  passcode: { subject: "Your passcode" },
};
