// What every test is handed: the package, the emulator, and clients of it. Each
// test has its own, with a base URL of its own, because the package keeps what it
// knows of a project's keys for each base URL: no test sees what another left.

import { Emulator } from "./emulator.js";

let freshNumber = 0;

export class Fixture {
  constructor({ runtime, stytch, verify, hono, emulator, memory, moduleScopeClient }) {
    Object.assign(this, { runtime, stytch, verify, hono, memory, moduleScopeClient });
    this.emulator = new Emulator(emulator);
    this.base = this.fresh();
    this.instancesBefore = memory.instanceCount();
  }

  /** What a client of the emulator is configured with. */
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
   * A base URL that no client has had, so that the package knows no keys for it.
   * Paths of the API are absolute: the one given here goes nowhere.
   */
  fresh() {
    freshNumber += 1;
    return { custom_base_url: `${this.emulator.url}/fresh/${freshNumber}` };
  }

  /** An address that no test has used. */
  address(name = "somebody") {
    return `${name}.${crypto.randomUUID()}@example.com`;
  }

  /** A user who has just logged in by a link, with a session of an hour. */
  async logIn(more) {
    const [client, email] = [this.consumer(), this.address()];
    await client.magicLinks.email.loginOrCreate({ email });
    const token = await this.emulator.tokenFor(email);
    return client.magicLinks.authenticate({ token, session_duration_minutes: 60, ...more });
  }

  /** A member who has just logged in by a link to a new organization. */
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

  /** Runs `step` with this isolate's clock set ahead; the emulator's stays. */
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
