// A virtual environment with PyPI stytch, made below target/ once per state of requirements.txt. The machine's own
// Python packages do not change, and a second run fetches nothing.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
const target = fileURLToPath(new URL("../../../target", import.meta.url));

/** The path of the environment's Python. Makes the environment if necessary. */
export function pythonWithStytch() {
  const version = versionOf("python3");
  const hash = createHash("sha256").update(readFileSync(requirements)).update(version);
  const folder = join(target, `python-stytch-${hash.digest("hex").slice(0, 16)}`);
  const [python, complete] = [join(folder, "bin", "python"), join(folder, "complete")];
  if (!existsSync(complete)) {
    rmSync(folder, { recursive: true, force: true });
    run("python3", ["-m", "venv", folder], NEEDED);
    const install = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-deps", "--require-hashes"];
    run(python, [...install, "--requirement", requirements], "cannot install tests/official/python/requirements.txt");
    writeFileSync(complete, "");
  }
  return python;
}

/** The version, for instance `3.11.7`. */
function versionOf(program) {
  const code = "import platform; print(platform.python_version())";
  const version = run(program, ["-c", code], NEEDED).trim();
  const [major, minor] = version.split(".").map(Number);
  if (major !== 3 || minor < 11) throw new Error(`${NEEDED}; found Python ${version}`);
  return version;
}

function run(program, args, problem) {
  try {
    return execFileSync(program, args, { encoding: "utf8", timeout: 300_000 });
  } catch (error) {
    throw new Error(`${problem}: ${error.message}\n${error.stdout ?? ""}`);
  }
}

const NEEDED = "python3 of version 3.11 or newer with the module venv is required (Debian and Ubuntu: apt-get install python3-venv)";
