// The argument of every test: the package, the emulator, and clients of the emulator. Each
// test has a fixture with its own base URL, because the package keeps keys per base URL. So
// tests do not share keys.

import { Emulator } from "./emulator.js";

let freshNumber = 0;

export class Fixture {
  constructor({ runtime, stytch, verify, hono, emulator, memory, moduleScopeClient }) {
    Object.assign(this, { runtime, stytch, verify, hono, memory, moduleScopeClient });
    this.emulator = new Emulator(emulator);
    this.base = this.fresh();
    this.instancesBefore = memory.instanceCount();
  }

  /** The configuration of a client of the emulator. */
  config(product = "consumer") {
    return { ...this.emulator[product], ...this.base };
  }

  /** A client of the consumer project. */
  consumer(more) {
    return new this.stytch.Client({ ...this.config(), ...more });
  }

  /** A client of the B2B project. */
  b2b(more) {
    return new this.stytch.B2BClient({ ...this.config("b2b"), ...more });
  }

  /**
   * A base URL that no other client has, so that the package has no keys for it.
   * Paths of the API are absolute, so the path of this URL is never requested.
   */
  fresh() {
    freshNumber += 1;
    return { custom_base_url: `${this.emulator.url}/fresh/${freshNumber}` };
  }

  /** An e-mail address that no test has used. */
  address(name = "user") {
    return `${name}.${crypto.randomUUID()}@example.com`;
  }

  /** Logs a new user in with a magic link. The session lasts one hour. */
  async logIn(more) {
    const [client, email] = [this.consumer(), this.address()];
    await client.magicLinks.email.loginOrCreate({ email });
    const token = await this.emulator.tokenFor(email);
    return client.magicLinks.authenticate({ token, session_duration_minutes: 60, ...more });
  }

  /** Logs a new member of a new organization in with a magic link. */
  async logInMember(more) {
    const client = this.b2b();
    const { organization } = await client.organizations.create({ organization_name: "Acme" });
    const { organization_id } = organization;
    const { member } = await client.organizations.members.create({
      organization_id,
      email_address: this.address("member"),
    });
    const { email_address } = member;
    await client.magicLinks.email.loginOrSignup({ organization_id, email_address });
    const magic_links_token = await this.emulator.tokenFor(email_address);
    return client.magicLinks.authenticate({ magic_links_token, ...more });
  }

  /** Runs `step` with this isolate's clock set forward. The emulator's clock does not change. */
  async later(seconds, step) {
    const now = Date.now;
    Date.now = () => now.call(Date) + seconds * 1000;
    try {
      return await step();
    } finally {
      Date.now = now;
    }
  }
}
