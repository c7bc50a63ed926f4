// Whether a sentence contains information that a name does not contain.
//
// Compares the stems of words, and ignores words without a meaning of their own. It does not know English grammar: it finds
// "The ID of the member" for `member_id`, but does not check style.

/** Whether every meaningful word of a sentence is also in the name. */
export function restates(sentence, name) {
  const known = new Set(stems(name));
  return stems(sentence).every((stem) => known.has(stem));
}

function stems(text) {
  return words(text)
    .filter((word) => !EMPTY.has(word))
    .map(stem);
}

/** The words in lower case: `memberID`, `member_id` and `The member's ID` all have `member` and `id`. */
function words(text) {
  const separated = text.replace(/e-mail/gi, "email").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  return separated.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A word without endings for number, tense and person. All words for an identifier become `id`. */
function stem(word) {
  if (word.startsWith("identif")) return "id";
  const singular = replaceEnding(word, [["ies", "y"], ["ss", "ss"], ["s", ""]]);
  const form = replaceEnding(singular, [["ied", "y"], ["ing", ""], ["ed", ""], ["er", ""], ["e", ""]]);
  // `dropped` and `drop`.
  return form.length > 3 && form.at(-1) === form.at(-2) ? form.slice(0, -1) : form;
}

/** Replaces the first matching ending of a word, unless fewer than three letters would remain. */
function replaceEnding(word, endings) {
  const found = endings.find(([ending]) => word.endsWith(ending));
  const rest = found && word.slice(0, -found[0].length);
  return rest?.length >= 3 ? rest + found[1] : word;
}

/** Words without a meaning of their own. */
const EMPTY = new Set(
  `a an and are as at be been by can do does for from has have if in is it its of on or s that the their them these they
  this those to value was were whether which who with`.split(/\s+/),
);
