// The rule for descriptions in api/: each field must have a description, and a description must not only repeat the name.
//
// Reads whole files for two reasons. Descriptions also occur below our own keys (`x-stytch-resources`), which Redocly does
// not visit. And the description of a shared field is compared with each name under which the field is used.

import { FILES } from "./collect-paths.mjs";
import { restates } from "./restating.mjs";

export const Descriptions = () => ({
  Root: {
    enter(root, { location, report, resolve }) {
      const check = checker(report, resolve);
      check({ ...root, [FILES]: undefined, paths: undefined }, location, "");
      for (const reference of root[FILES] ?? []) {
        const file = resolve(reference);
        // Shared fields are checked at each reference. Their keys in the shared file are not names of fields.
        if (file.node && !isShared(reference.$ref)) check(file.node, file.location, "");
      }
    },
  },
});

function checker(report, resolve) {
  const reported = new Set();
  const reportOnce = (message, location) => {
    const id = `${location.absolutePointer} ${message}`;
    if (!reported.has(id)) report({ message, location });
    reported.add(id);
  };

  /** Checks a value and its children. If the value has no name of its own, its name is `inherited`. */
  function check(node, location, inherited) {
    if (typeof node !== "object" || node === null) return;
    const name = Array.isArray(node) ? inherited : ownName(node, inherited);
    // The summary of an operation is a heading and may repeat the name, so it is not checked.
    checkText(node.description, location.child("description"), name);
    for (const [key, value] of Object.entries(node)) {
      if (key === "properties") checkFields(value, location.child(key));
      else check(value, location.child(key), Array.isArray(node) || carriesName(key) ? name : key);
    }
  }

  /** Checks the fields of an object. Each key is the name of a field, even if it is also a keyword. */
  function checkFields(fields, location) {
    for (const [name, field] of Object.entries(fields)) {
      const at = location.child(name);
      if (field.$ref && field.description === undefined) {
        const shared = resolve(field, location.source.absoluteRef);
        if (shared.node && isShared(shared.location.source.absoluteRef)) checkText(shared.node.description, shared.location.child("description"), name);
      } else if (field.description === undefined && field.const === undefined) {
        // A constant does not need a description.
        reportOnce(`\`${name}\` is not described`, at);
      }
      check(field, at, name);
    }
  }

  function checkText(text, location, name) {
    if (typeof text === "string" && restates(text, name)) {
      reportOnce(`"${text}" only repeats the name \`${name}\`; add information that the name does not contain`, location);
    }
  }

  return check;
}

/** The `operationId` of an operation, the name of a parameter, or property and class of a resource. */
function ownName(node, inherited) {
  if (typeof node.operationId === "string") return node.operationId;
  if (typeof node.name === "string" && node.in !== undefined) return node.name;
  if (typeof node.class === "string") return `${inherited} ${node.class}`;
  return inherited;
}

/** Whether a key is not a name. The name of the parent then applies, for example the operation's name to its responses. */
function carriesName(key) {
  return /^[0-9]/.test(key) || CARRIERS.has(key);
}

const CARRIERS = new Set([
  "additionalProperties",
  "anyOf",
  "application/json",
  "application/x-www-form-urlencoded",
  "content",
  "items",
  "requestBody",
  "responses",
  "result",
  "schema",
]);

const isShared = (file) => file.endsWith("/fields.yaml");
