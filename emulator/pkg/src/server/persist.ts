// `--persist`: the state in a file. It is written to a new file, which then replaces the old one, so that a crash leaves one of
// the two. The file contains secrets, so only its owner may read it.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import type { Native } from "../native.js";
import { control } from "./control.js";

/** The state of one emulator in one file. */
export class Persistence {
  readonly #file: string;
  readonly #native: Native;
  #timer: NodeJS.Timeout | undefined;
  #saved = "";

  constructor(file: string, native: Native) {
    this.#file = file;
    this.#native = native;
  }

  /** Loads the state, if the file exists. If `isStart`, a reset returns to the state of the file. */
  load(isStart: boolean): void {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return this.save();
      throw new Error(`--persist ${this.#file}: cannot read the file (${code})`);
    }
    try {
      control(this.#native, "POST", isStart ? "restore?start=true" : "restore", text);
    } catch (error) {
      throw new Error(`--persist ${this.#file}: ${(error as Error).message}`);
    }
  }

  /** Saves the state soon. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      try {
        this.save();
      } catch (error) {
        process.stderr.write(`stytch-emulator: ${(error as Error).message}\n`);
      }
    }, DELAY_MS);
  }

  /** Saves the state, if it has changed. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const state = control(this.#native, "GET", "snapshot.json");
    if (state === this.#saved) return;
    const made = `${this.#file}.${process.pid}.tmp`;
    try {
      writeFileSync(made, state, { mode: 0o600, flag: "wx" });
      renameSync(made, this.#file);
      this.#saved = state;
    } catch (error) {
      rmSync(made, { force: true });
      throw new Error(`--persist ${this.#file}: cannot write the file (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}

const DELAY_MS = 200;
