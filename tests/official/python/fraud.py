"""The rows of fraud prevention, which both clients have. Each run has its own visitor and its own verdict reason."""

from drive import Row
from memory import equal

REASONS = {"sync": "JAILBROKEN_DEVICE", "async": "SMART_RATE_LIMIT_WARNING"}


def visitor(m):
    return f"visitor-of-pypi-stytch-{m.run}"


def registered(m):
    device = {"product": m.product, "visitor_id": visitor(m), "reasons": [REASONS[m.run]]}
    return {"telemetry_id": m.control("POST", "fingerprints", device)["telemetry_id"]}


def verdict(m):
    return m.client.fraud.fingerprint.lookup(m.of("fraud.fingerprint.lookup").telemetry_id).verdict


def contains(listed, expected):
    assert expected in listed, f"expected {expected!r} in {listed!r}"


FRAUD = {
    "fraud.fingerprint.lookup": Row(
        registered,
        lambda m, r: equal((r.verdict.action, r.fingerprints.visitor_id), ("CHALLENGE", visitor(m))),
    ),
    "fraud.verdict_reasons.override": Row(
        lambda m: {"verdict_reason": REASONS[m.run], "override_action": "ALLOW"},
        lambda m, r: equal(verdict(m).action, "ALLOW"),
    ),
    "fraud.verdict_reasons.list": Row(
        lambda m: {"overrides_only": True},
        lambda m, r: contains([action.verdict_reason for action in r.verdict_reason_actions], REASONS[m.run]),
    ),
    "fraud.rules.set": Row(
        lambda m: {"visitor_id": visitor(m), "action": "BLOCK"},
        lambda m, r: equal((verdict(m).action, verdict(m).rule_match_type), ("BLOCK", "VISITOR_ID")),
    ),
    "fraud.rules.list": Row(
        lambda m: {"limit": 100},
        lambda m, r: contains([(rule.visitor_id, rule.action) for rule in r.rules], (visitor(m), "BLOCK")),
    ),
    "fraud.email.risk": Row(
        lambda m: {"email_address": "Ada+test@mailinator.com"},
        lambda m, r: equal((r.action, r.address_information.normalized_email), ("BLOCK", "ada@mailinator.com")),
    ),
}
