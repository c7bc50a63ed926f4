// The wasm's RS256 against OpenSSL's: node:crypto generates keys of every supported kind and
// signs with them, and the wasm of the installed package verifies. The native tests cover the
// source; these tests cover the published wasm, in Node. They cover the one with relaxed SIMD in
// Deno, and in Bun, whose multiply-add is not fused, so that the wasm must not use it.
// They know nothing about the API: key sets come through the client's `fetch` option. Also the
// list of the wasm's exports, which does not grow with the API.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, generatePrimeSync, checkPrimeSync, privateEncrypt, sign, constants } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { program } from "./inside/child.mjs";

// The folder of the modules for Deno, in another runtime.
const folder = process.env.STYTCH_EDGE_FOLDER;
const { Client } = await import(folder ? join(folder, "index.js") : "stytch-edge");
const { SessionVerifier } = await import(folder ? join(folder, "verify.js") : "stytch-edge/verify");
const isChild = Boolean(folder) || "Deno" in globalThis;

const KEYS = [
  { bits: 2048, exponent: 65_537 },
  { bits: 2048, exponent: 3 },
  { bits: 2056, exponent: 65_537 },
  { bits: 3072, exponent: 17 },
  { bits: 4096, exponent: 65_537 },
];

const LENGTHS = [2048, 2049, 2055, 2063, 2064, 2065, 2113, 2200, 2271, 2272, 2400, 2559, 2687, 2800, 2895, 2896, 2999, 3071, 3073, 3200, 3311, 3312, 3500, 3727, 3728, 3900, 4001, 4080, 4081, 4095, 4096];

let passed = 0;
const failures = [];

for (const [number, { bits, exponent, verifier }] of [...KEYS, ...KEYS.map((key) => ({ ...key, verifier: true }))].entries()) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: exponent });
  const client = clientFor(number, createPublicKey(privateKey).export({ format: "jwk" }), verifier);
  const { signed, token } = tokenBy(privateKey, client.project_id);
  const signature = sign("sha256", Buffer.from(signed), privateKey);
  const reasonFor = (bytes) => client.reasonAgainst(`${signed}.${bytes.toString("base64url")}`);

  await expect(`${bits}/${exponent}: accepts OpenSSL's signature`, client.reasonAgainst(token), undefined);
  // Bun makes keys of 2056 bits shorter.
  const last = signature.length * 8 - 1;
  for (const bit of [0, 1, 7, 8, 1000, last - 7, last]) {
    const flipped = Buffer.from(signature);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    await expect(`${bits}/${exponent}: refuses bit ${bit} flipped`, reasonFor(flipped), "bad_signature");
  }
  const wrong = {
    "SHA-512": sign("sha512", Buffer.from(signed), privateKey),
    "another text": sign("sha256", Buffer.from(`${signed}x`), privateKey),
    PSS: sign("sha256", Buffer.from(signed), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
    // RFC 8017, section 9.2: a hash without the DigestInfo around it is invalid.
    "a bare block": privateEncrypt(privateKey, Buffer.alloc(32, 1)),
    "a byte less": signature.subarray(1),
    "a byte more": Buffer.concat([Buffer.alloc(1), signature]),
    "zeros": Buffer.alloc(signature.length),
  };
  for (const [name, bytes] of Object.entries(wrong)) {
    await expect(`${bits}/${exponent}: refuses ${name}`, reasonFor(bytes), "bad_signature");
  }
}

// Moduli of many lengths, and at both ends of each length. They are products of many small
// primes, because small primes are found quickly and allow calculating the signature.
for (const [number, bits] of LENGTHS.entries()) {
  for (const [index, top] of ["lowest", "random", "highest"].entries()) {
    const exponent = [65_537n, 3n, 4_294_967_291n][(number + index) % 3];
    const key = keyOfManyPrimes(bits, exponent, top);
    const client = clientFor(`${bits}-${top}`, { kty: "RSA", n: encoded(key.n), e: encoded(exponent) });
    const signed = signedPart(client.project_id);
    const signature = signatureBy(key, signed);
    const length = Math.ceil(bits / 8);
    const reasonFor = (number) => client.reasonAgainst(`${signed}.${encoded(number, length)}`);
    const name = `${bits} bits, ${top}, ${exponent}`;
    await expect(`${name}: accepts the signature`, reasonFor(signature), undefined);
    const wrong = { "0": 0n, "1": 1n, "n - 1": key.n - 1n, "n": key.n, "n - s": key.n - signature, "s + 1": signature + 1n };
    if (signature + key.n < 1n << BigInt(length * 8)) wrong["s + n"] = signature + key.n;
    else wrong["s - 1"] = signature - 1n;
    for (const [what, number] of Object.entries(wrong)) {
      await expect(`${name}: refuses ${what}`, reasonFor(number), "bad_signature");
    }
  }
}

const EXPORTS = {};
EXPORTS.stytch_edge_verify = [
  ...["authenticate_jwt_local", "authenticate_jwt_local_now", "authenticate_request", "cancel", "connect"],
  ...["load_keys", "register", "reset", "resume"],
];
EXPORTS.stytch_edge = [
  ...["access_token", "authenticate_app_request", "authenticate_jwt", "authenticate_jwt_local", "authenticate_jwt_local_now"],
  ...["authenticate_kinds", "authenticate_machine_request", "authenticate_request", "authenticate_token", "call", "cancel", "check_token_provider"],
  ...["clear_session_cookies", "connect", "doctor", "explain", "export_keys", "finish_log_in", "forget_access_token", "handle_callback"],
  ...["introspect_token", "introspect_token_local", "is_same_origin", "load_keys", "load_policies", "log_in_failure", "log_out", "pending_log_in", "protected_resource_metadata"],
  ...["register", "reset", "reset_password", "resume", "session_cookies", "start_log_in"],
];
// V8 inlines the call of a function that returns one externref, and ends the process when it has to deoptimize that.
const results = `
  const module = new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]));
  const imports = {};
  for (const { module: of, name } of WebAssembly.Module.imports(module)) (imports[of] ??= {})[name] = () => {};
  const { exports } = new WebAssembly.Instance(module, imports);
  const functions = Object.entries(exports).filter(([, value]) => typeof value === "function");
  console.log(functions.filter(([, value]) => WebAssembly.Function.type(value).results.join() === "externref").map(([name]) => name).join(" "));
  console.log(functions.length);
`;
for (const [name, exports] of Object.entries(isChild ? {} : EXPORTS)) {
  const file = new URL(`../node_modules/stytch-edge/dist/wasm/${name}_bg.wasm`, import.meta.url);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file)));
  // Names with these prefixes belong to wasm-bindgen.
  const ours = exported.filter(({ kind, name }) => kind === "function" && !/^(__|wasm_bindgen__)/.test(name));
  const printed = execFileSync(process.execPath, ["--experimental-wasm-type-reflection", "-e", results, fileURLToPath(file)], { encoding: "utf8" });
  const functions = exported.filter(({ kind }) => kind === "function").length;
  await expect(`${name}: no export returns one externref`, printed, `\n${functions}\n`);
  await expect(`${name}: the exports`, ours.map(({ name }) => name).sort().join(" "), exports.join(" "));
}

/** A client, or a verifier with the other wasm, with its own project, whose key set contains one key. */
function clientFor(number, jwk, isVerifier = false) {
  const project_id = `project-test-wasm-${number}`;
  const keys = JSON.stringify({ keys: [{ ...jwk, kid: "k", use: "sig", alg: "RS256", key_ops: ["verify"] }] });
  const fetch = async () => new Response(keys);
  const checks = isVerifier ? new SessionVerifier({ project_id, fetch }) : new Client({ project_id, secret: "none", fetch }).sessions;
  const reasonAgainst = (session_jwt) =>
    checks.authenticateJwtLocal({ session_jwt }).then(
      () => undefined,
      (error) => error.reason ?? error,
    );
  return { project_id, reasonAgainst };
}

function tokenBy(privateKey, project_id) {
  const signed = signedPart(project_id);
  const signature = sign("sha256", Buffer.from(signed), privateKey).toString("base64url");
  return { signed, token: `${signed}.${signature}` };
}

function signedPart(project_id) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = part({ alg: "RS256", kid: "k", typ: "JWT" });
  const exp = Math.floor(Date.now() / 1000) + 300;
  const session = { id: "session-test-1" };
  const claims = part({ iss: `stytch.com/${project_id}`, aud: [project_id], exp, "https://stytch.com/session": session });
  return `${header}.${claims}`;
}

/** A key whose modulus has exactly `bits` bits: near 2^(bits - 1), near 2^bits, or between them. */
function keyOfManyPrimes(bits, e, top) {
  const highest = 1n << BigInt(bits);
  for (;;) {
    const primes = [];
    let product = 1n;
    while (lengthOf(product) < bits - 400) {
      const prime = generatePrimeSync(256, { bigint: true });
      if (greatestCommon(e, prime - 1n) !== 1n) continue;
      primes.push(prime);
      product *= prime;
    }
    // The last prime determines the size of the product.
    const wanted = { lowest: highest / 2n / product + 1n, highest: highest / product }[top];
    const last = wanted === undefined ? generatePrimeSync(bits - lengthOf(product), { bigint: true }) : nextPrime(wanted, top === "highest" ? -1n : 1n, e);
    primes.push(last);
    const n = product * last;
    if (lengthOf(n) !== bits || primes.some((prime) => greatestCommon(e, prime - 1n) !== 1n)) continue;
    return { n, primes, e };
  }
}

function nextPrime(number, step, e) {
  let candidate = number | 1n;
  if (step > 0n && candidate < number) candidate += 2n;
  if (step < 0n && candidate > number) candidate -= 2n;
  while (greatestCommon(e, candidate - 1n) !== 1n || !checkPrimeSync(candidate)) candidate += 2n * step;
  return candidate;
}

/** The only number below `n` whose `e`-th power modulo `n` is the block of RFC 8017, section 9.2. */
function signatureBy({ n, primes, e }, signed) {
  const hash = createHash("sha256").update(signed).digest("hex");
  const length = Math.ceil(lengthOf(n) / 8);
  const info = `003031300d060960864801650304020105000420${hash}`;
  const block = BigInt(`0x0001${"ff".repeat(length - 2 - info.length / 2)}${info}`);
  let [signature, product] = [0n, 1n];
  for (const prime of primes) {
    const root = power(block % prime, inverse(e, prime - 1n), prime);
    const step = ((root - signature) * inverse(product % prime, prime)) % prime;
    signature += product * ((step + prime) % prime);
    product *= prime;
  }
  return signature;
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n, square = (square * square) % modulus) {
    if (exponent & 1n) result = (result * square) % modulus;
  }
  return result;
}

function inverse(number, modulus) {
  let [a, b, x, y] = [number % modulus, modulus, 1n, 0n];
  while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return ((x % modulus) + modulus) % modulus;
}

function greatestCommon(a, b) {
  return b === 0n ? a : greatestCommon(b, a % b);
}

function lengthOf(number) {
  return number.toString(2).length;
}

function encoded(number, length = Math.ceil(lengthOf(number) / 8)) {
  return Buffer.from(number.toString(16).padStart(length * 2, "0"), "hex").toString("base64url");
}

async function expect(name, promise, expected) {
  const actual = await promise;
  if (actual === expected) passed += 1;
  else failures.push(`${name}: ${actual}`);
}

for (const failure of failures) console.error(`failed: ${failure}`);
const complete = passed + failures.length === KEYS.length * 2 * 15 + LENGTHS.length * 3 * 8 + (isChild ? 0 : 4);
if (!complete) console.error("failed: not every case ran");
let failed = failures.length + (complete ? 0 : 1);
if (!isChild) {
  await runIn("deno", ["run", "--allow-all", "--cached-only"], {});
  await runIn("bun", [], { STYTCH_EDGE_FOLDER: fileURLToPath(new URL("../node_modules/stytch-edge/dist/deno", import.meta.url)) });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runIn(runtime, options, more) {
  const given = [...options, fileURLToPath(import.meta.url)];
  const { stdout } = spawnSync(program(runtime), given, { encoding: "utf8", env: { ...process.env, ...more }, stdio: ["ignore", "pipe", "inherit"] });
  const [, its, itsFailures] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [0, 0, 1];
  console.log(`${runtime}: ${its} passed, ${itsFailures} failed`);
  passed += Number(its);
  failed += Number(itsFailures);
}
