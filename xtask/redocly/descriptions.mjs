// Descriptions in api/: each field has one, and each says more than the name of what it describes.
//
// Reads whole files, because a description also stands below our own keys (`x-stytch-resources`), which Redocly does not
// visit, and because a field that files share is judged by the name that it is used under.

import { FILES } from "./collect-paths.mjs";
import { restates } from "./restating.mjs";

export const Descriptions = () => ({
  Root: {
    enter(root, { location, report, resolve }) {
      const check = checker(report, resolve);
      check({ ...root, [FILES]: undefined, paths: undefined }, location, "");
      for (const reference of root[FILES] ?? []) {
        const file = resolve(reference);
        // Shared fields are read wherever they are referred to. Their keys there tell them apart, and name nothing.
        if (file.node && !isShared(reference.$ref)) check(file.node, file.location, "");
      }
    },
  },
});

function checker(report, resolve) {
  const reported = new Set();
  const complain = (message, location) => {
    const id = `${location.absolutePointer} ${message}`;
    if (!reported.has(id)) report({ message, location });
    reported.add(id);
  };

  /** Checks a value and all below it; `inherited` is the name that it goes by if it has none of its own. */
  function check(node, location, inherited) {
    if (typeof node !== "object" || node === null) return;
    const name = Array.isArray(node) ? inherited : ownName(node, inherited);
    // An operation's summary is a heading, which may be its name in words.
    checkText(node.description, location.child("description"), name);
    for (const [key, value] of Object.entries(node)) {
      if (key === "properties") checkFields(value, location.child(key));
      else check(value, location.child(key), Array.isArray(node) || carriesName(key) ? name : key);
    }
  }

  /** Checks the fields of an object, whose keys are names whatever they are. */
  function checkFields(fields, location) {
    for (const [name, field] of Object.entries(fields)) {
      const at = location.child(name);
      if (field.$ref && field.description === undefined) {
        const shared = resolve(field, location.source.absoluteRef);
        if (shared.node && isShared(shared.location.source.absoluteRef)) checkText(shared.node.description, shared.location.child("description"), name);
      } else if (field.description === undefined && field.const === undefined) {
        // A value that is always the same speaks for itself.
        complain(`\`${name}\` is not described`, at);
      }
      check(field, at, name);
    }
  }

  function checkText(text, location, name) {
    if (typeof text === "string" && restates(text, name)) {
      complain(`"${text}" only repeats the name \`${name}\`; say what is true of it`, location);
    }
  }

  return check;
}

/** An operation's identifier, a parameter's name, both names of a class. */
function ownName(node, inherited) {
  if (typeof node.operationId === "string") return node.operationId;
  if (typeof node.name === "string" && node.in !== undefined) return node.name;
  if (typeof node.class === "string") return `${inherited} ${node.class}`;
  return inherited;
}

/** Whether a key names nothing: the name above it applies, as an operation's does to its answer. */
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
