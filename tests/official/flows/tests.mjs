// Whole flows, each with npm stytch and with stytch-edge: log-ins of every kind, and what follows them. A flow uses only
// methods that both packages have, so it is written once.
//
// To add a flow, export it from a file of this folder and add the file below. A flow is a function of `m`:
//   m.consumer, m.b2b   the clients
//   m.emulator          the client of the control routes (tests/conformance/emulator.js)
//   m.email(name)       an email address that no other flow uses; m.phone(digit): a phone number
//   m.refused(type, call)  fails unless the call is refused with this error type

import { failure, same } from "../../conformance/assert.js";
import { silently } from "../../runtimes/inside/silently.mjs";
import { accounts } from "./accounts.mjs";
import { apps } from "./apps.mjs";
import { directories } from "./directories.mjs";
import { keys } from "./keys.mjs";
import { memberPasswords } from "./member_passwords.mjs";
import { members } from "./members.mjs";
import { services } from "./services.mjs";
import { sso } from "./sso.mjs";
import { users } from "./users.mjs";

const FLOWS = { ...users, ...accounts, ...keys, ...members, ...memberPasswords, ...sso, ...directories, ...services, ...apps };

/** The number of tests: of each flow with each package. A constant, so a flow that is lost is a failure. */
export const FLOW_TESTS = 2 * 28;

export function flowTests(officialClients, stytch, emulator) {
  const ours = (name, product) => () =>
    silently(() => new stytch[name]({ ...emulator[product], custom_base_url: emulator.url }));
  const packages = {
    "npm stytch": officialClients,
    "stytch-edge": { Client: ours("Client", "consumer"), B2BClient: ours("B2BClient", "b2b") },
  };
  const tests = {};
  let number = 0;
  for (const [name, flow] of Object.entries(FLOWS)) {
    for (const [label, clients] of Object.entries(packages)) {
      number += 1;
      const own = number;
      tests[`${label}: ${name}`] = () =>
        flow({
          consumer: clients.Client(),
          b2b: clients.B2BClient(),
          emulator,
          email: (name, domain = "example.com") => `${name}.flow${own}@${domain}`,
          phone: (digit) => `+1500556${String(own).padStart(3, "0")}${digit}`,
          refused,
        });
    }
  }
  return tests;
}

/** Fails unless `call` is refused with this error type. */
async function refused(type, call) {
  same((await failure(call)).error_type, type);
}
