// The operations with which a cell builds and runs its program. Each run of a cell has its own
// instance. `end` stops its servers and deletes its folders. This module knows nothing about
// particular frameworks.

import { delimiter, join } from "node:path";

import { newerNode } from "./installs.mjs";
import { execute, freePort, serve } from "./processes.mjs";
import { deleteFolder, makeProject, newFolder, unpack } from "./project.mjs";

export class Harness {
  #cell;
  #folder;
  #servers = [];
  #browser;

  /** The second argument is shared by all cells. `browser` returns a promise of the browser. */
  constructor(cell, { guard, environment, browser }) {
    this.#cell = cell;
    this.#folder = newFolder(cell.name);
    this.#browser = browser;
    /** Log-ins and tokens of the emulator, and the check of a guarded server: `guard.check(url)`. */
    this.guard = guard;
    /** STYTCH_PROJECT_ID, STYTCH_SECRET and STYTCH_BASE_URL, for every child process. */
    this.environment = environment;
  }

  /**
   * A new project with the files of `<group>/<program>`, in a folder of that name or of `name`. In an
   * array of programs, files of later programs replace files of earlier ones.
   */
  project(program, { name = this.#cell.awkward ? AWKWARD : undefined, group = this.#cell.group } = {}) {
    return makeProject({ group, programs: [program].flat(), within: this.#folder, name });
  }

  /** A path outside every project, where programs cannot find a project's node_modules. */
  elsewhere(name) {
    return join(this.#folder, name);
  }

  /** Unpacks the package into a folder, for package managers that do not use node_modules. */
  unpackPackage(folder) {
    return unpack(folder);
  }

  /**
   * Runs a tool in `cwd`, with node_modules/.bin first in PATH, and returns its output.
   * `node: "newer"` runs it in Node 24, `env` adds variables, `seconds` is its time limit.
   */
  async exec(command, given, { cwd, env, node, seconds }) {
    return execute(command, given, { cwd, env: await this.#env({ cwd, env, node }), seconds });
  }

  /** Starts a server that listens on `port` of 127.0.0.1, and returns its `url` and `end`. */
  async serve(command, given, { cwd, env, node, port }) {
    const server = await serve(command, given, { cwd, env: await this.#env({ cwd, env, node }), port });
    this.#servers.push(server);
    return server;
  }

  /** A free port of 127.0.0.1. */
  port() {
    return freePort();
  }

  /** Headless Chromium of playwright-core, which all cells share. */
  browser() {
    return this.#browser();
  }

  /** Ends the servers and deletes the folders. Returns the output of the servers, shortened. */
  async end() {
    const printed = [];
    for (const server of this.#servers) {
      await server.end();
      printed.push(server.tail());
    }
    deleteFolder(this.#folder);
    return printed.join("\n");
  }

  async #env({ cwd, env, node }) {
    const path = [join(cwd, "node_modules/.bin"), process.env.PATH];
    if (node === "newer") path.unshift(await newerNode());
    else if (node !== undefined) throw new Error(`node must be "newer" or undefined, found ${node}`);
    // wrangler stores its list of running Workers in this folder.
    const own = { XDG_CONFIG_HOME: join(this.#folder, "config") };
    return { ...process.env, ...QUIET, ...own, ...this.environment, PATH: path.join(delimiter), ...env };
  }
}

/** A folder name with characters that URLs and shells must escape. */
const AWKWARD = "an app, größer";

/** Disables telemetry, questions, colours and requests to other hosts. */
const QUIET = {
  CI: "true",
  NO_COLOR: "1",
  DO_NOT_TRACK: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NEXT_TELEMETRY_DISABLED: "1",
  NEXT_IGNORE_INCORRECT_LOCKFILE: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  NITRO_TELEMETRY_DISABLED: "1",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_WRITE_LOGS: "false",
};
