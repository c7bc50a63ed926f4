// Whether a sentence says anything that a name does not say already.
//
// Compares stems of words, and ignores words that say nothing by themselves. Too crude to know English: it finds "The ID of
// the member" for `member_id`, and does not judge style.

/** Whether every word of a sentence that means something is in the name. */
export function restates(sentence, name) {
  const known = new Set(stems(name));
  return stems(sentence).every((stem) => known.has(stem));
}

function stems(text) {
  return words(text)
    .filter((word) => !EMPTY.has(word))
    .map(stem);
}

/** Lower-case words: `memberID`, `member_id` and `The member's ID` all have `member` and `id`. */
function words(text) {
  const separated = text.replace(/e-mail/gi, "email").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  return separated.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A word without what number, tense and person do to it, and with one spelling for an identifier. */
function stem(word) {
  if (word.startsWith("identif")) return "id";
  const singular = replaceEnding(word, [["ies", "y"], ["ss", "ss"], ["s", ""]]);
  const form = replaceEnding(singular, [["ied", "y"], ["ing", ""], ["ed", ""], ["er", ""], ["e", ""]]);
  // `dropped` and `drop`.
  return form.length > 3 && form.at(-1) === form.at(-2) ? form.slice(0, -1) : form;
}

/** A word with the first ending that it has replaced, unless less than three letters of it would be left. */
function replaceEnding(word, endings) {
  const found = endings.find(([ending]) => word.endsWith(ending));
  const rest = found && word.slice(0, -found[0].length);
  return rest?.length >= 3 ? rest + found[1] : word;
}

/** Words that say nothing of a thing by themselves. */
const EMPTY = new Set(
  `a an and are as at be been by can do does for from has have if in is it its of on or s that the their them these they
  this those to value was were whether which who with`.split(/\s+/),
);
