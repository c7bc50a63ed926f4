// Prints tables, with the introduction of BENCHMARKS.md.

/** The tables as text for a terminal. */
export function asText(tables, machine) {
  const rowsOf = (rows) => {
    const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
    const line = (row) => row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ");
    return rows.map(line).join("\n");
  };
  const shown = tables.map(({ title, unit, parts, notes }) =>
    [`${title} (${unit})`, ...parts.map(rowsOf), ...notes, ""].join("\n"),
  );
  return [...shown, machine.join("\n"), ""].join("\n");
}

/** The tables as Markdown for BENCHMARKS.md. `chart` is the path of the drawing. */
export function asMarkdown(tables, machine, chart) {
  const line = (row) => `| ${row.join(" | ")} |`;
  const rowsOf = ([head, ...rows]) => [line(head), line(head.map((_, at) => (at ? "--:" : "---"))), ...rows.map(line), ""];
  const shown = tables.map(({ title, unit, parts: [first, ...more], notes }) =>
    [
      `## ${title}`,
      "",
      `In ${unit}.`,
      "",
      ...rowsOf(first),
      ...more.flatMap((rows) => ["As ratios:", "", ...rowsOf(rows)]),
      ...notes.map((note) => `- ${note}`),
      ...(notes.length ? [""] : []),
    ].join("\n"),
  );
  const drawing = `![${ALT}](${chart})\n`;
  return [HEAD, drawing, ...shown, "## Machine\n", ...machine.map((line) => `- ${line}`), ""].join("\n");
}

const ALT = "Times of the contestants in each runtime; the tables below have the numbers";

const HEAD = `<!-- Written by \`cargo xtask bench\`. -->

# Benchmarks

All tables are from one run on one machine. The contestants take turns in rounds, in another order in each round, and
each number is the median of the rounds. "to stytch" is the speed of stytch-edge divided by the speed of stytch: the
median of one ratio per round. Above 1, stytch-edge is faster; "A to B" compares A with B.

- "once more" is stytch-edge measured a second time as another contestant. The distance of its ratio from 1 is the
  measurement error. The rounds continue until it is at most 3 %, for at most four times the planned rounds.
- "stytch-edge" and "verify entry" await \`authenticateJwtLocal\` of \`stytch-edge\` and \`stytch-edge/verify\`. "without await"
  is the synchronous method. "authenticateRequest" reads the token from a \`Request\`.
- stytch is npm \`stytch\`. jose, fast-jwt and aws-jwt-verify verify the token and do not build a session from the claims.
  fast-jwt is synchronous, has its cache on and always has its key as PEM.
- In workerd, the time is measured from outside, because workerd's clock does not advance during a request. "no check" is
  the round trip without a check.
`;
