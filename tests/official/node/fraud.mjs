// The rows of fraud prevention, which both clients have.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const VISITOR = "visitor-of-npm-stytch";
const register = (m, fields) => m.emulator.control("POST", "fingerprints", { product: m.product, ...fields });
const lookUp = async (m) =>
  (await m.client.fraud.fingerprint.lookup({ telemetry_id: m.of("fraud.fingerprint.lookup").telemetry_id })).verdict;

export const fraud = {
  "fraud.fingerprint.lookup": row(
    async (m) => {
      const { telemetry_id } = await register(m, { visitor_id: VISITOR, reasons: ["VIRTUAL_MACHINE"] });
      return [{ telemetry_id, external_metadata: { external_id: "user-1" } }];
    },
    async (m, { verdict, fingerprints }) => {
      same(fingerprints.visitor_id, VISITOR);
      same(verdict.action, "CHALLENGE");
    },
  ),
  "fraud.verdictReasons.override": row(
    () => [{ verdict_reason: "VIRTUAL_MACHINE", override_action: "ALLOW" }],
    async (m) => same((await lookUp(m)).action, "ALLOW"),
  ),
  "fraud.verdictReasons.list": row(
    () => [{ overrides_only: true }],
    (m, { verdict_reason_actions }) =>
      same(verdict_reason_actions.some(({ verdict_reason }) => verdict_reason === "VIRTUAL_MACHINE"), true),
  ),
  "fraud.rules.set": row(
    () => [{ visitor_id: VISITOR, action: "BLOCK" }],
    async (m) => deepSame(await lookUp(m).then(({ action, rule_match_type }) => [action, rule_match_type]), ["BLOCK", "VISITOR_ID"]),
  ),
  "fraud.rules.list": row(
    () => [{ limit: 100 }],
    (m, { rules }) => same(rules.find(({ visitor_id }) => visitor_id === VISITOR)?.action, "BLOCK"),
  ),
  "fraud.email.risk": row(
    () => [{ email_address: "Ada+test@mailinator.com" }],
    (m, { action, address_information }) => {
      same(action, "BLOCK");
      same(address_information.normalized_email, "ada@mailinator.com");
    },
  ),
};
