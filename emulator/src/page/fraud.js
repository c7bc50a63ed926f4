// Fraud prevention: the devices with their verdicts, and the rules and overrides of both projects.

import { element } from "./dom.js";
import { badge, empty, facts, id, list, moment, rest, row } from "./parts.js";

export function render(_, { fraud, counts }) {
  if (counts.fraud === 0) {
    return [empty("No devices and no rules", "A device appears when a test sends POST /_emulator/fingerprints, a rule when your application sets one.")];
  }
  return Object.entries(fraud).flatMap(([product, own]) => ofProject(product, own));
}

function ofProject(product, { fingerprints, fingerprint_count, rules, overrides }) {
  const parts = [
    ["Devices", fingerprints.map((device) => deviceRow(device, product))],
    ["Rules", rules.map((rule, index) => ruleRow(rule, `${product}-rule-${index}`))],
    ["Changed verdict reasons", overrides.map((one) => overrideRow(one, product))],
  ];
  const name = product === "b2b" ? "B2B" : "consumer";
  return [
    ...parts.flatMap(([title, rows]) => (rows.length > 0 ? [element("h3", { key: `${product}-${title}` }, `${title} of the ${name} project`), ...rows] : [])),
    ...rest(fingerprints.length, fingerprint_count, `rest-${product}`),
  ];
}

function deviceRow({ telemetry_id, fingerprints, verdict, properties, external_metadata, created_at, expires_at }, product) {
  const { network_properties: network, browser_properties: browser } = properties ?? {};
  const { asn, ip_geolocation: place } = network ?? {};
  return row(
    `${product}-${telemetry_id}`,
    telemetry_id,
    [network?.ip_address, action(verdict.action)],
    [
      facts(
        ["Reasons", list(verdict.reasons)],
        ["Matching rule", verdict.rule_match_type && `${verdict.rule_match_type}: ${verdict.rule_match_identifier}`],
        ["Device", verdict.detected_device_type],
        ["Authentic", verdict.is_authentic_device ? "yes" : "no"],
        ...Object.entries(fingerprints ?? {}).map(([name, value]) => [name, id(String(value))]),
        ["Place", place && list([place.city, place.region, place.country])],
        ["Network", asn && `${asn.name}, AS ${asn.asn}, ${asn.network}`],
        ["Proxy or VPN", network?.is_proxy || network?.is_vpn ? "yes" : "no"],
        ["User agent", browser?.user_agent],
        ...Object.entries(external_metadata ?? {}).map(([name, value]) => [name, String(value)]),
        ["Registered", moment(created_at)],
        ["Expires", moment(expires_at)],
      ),
    ],
  );
}

function ruleRow({ rule_type, action: wanted, description, expires_at, created_at, last_updated_at, ...identifier }, key) {
  const text = Object.values(identifier).join(", ");
  return flat(key, `${rule_type} ${text}`, [description, expires_at && ["until ", moment(expires_at)], action(wanted)]);
}

function overrideRow({ verdict_reason, default_action, override_action, override_description }, product) {
  return flat(`${product}-${verdict_reason}`, verdict_reason, [override_description, `instead of ${default_action}`, action(override_action)]);
}

function flat(key, title, notes) {
  return element("div", { key, class: "row flat" }, element("span", { class: "title" }, title), element("span", { class: "notes" }, notes));
}

const action = (name) => badge(name, { ALLOW: "good", CHALLENGE: "warm", BLOCK: "bad" }[name]);
