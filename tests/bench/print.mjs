// Tables as text, and what a reader of BENCHMARKS.md has to know.

/** For a terminal. */
export function asText(tables, machine) {
  const shown = tables.map(({ title, unit, rows }) => {
    const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
    const line = (row) => row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ");
    return `${title} (${unit})\n${rows.map(line).join("\n")}\n`;
  });
  return [...shown, machine.join("\n"), ""].join("\n");
}

/** For BENCHMARKS.md. */
export function asMarkdown(tables, machine) {
  const line = (row) => `| ${row.join(" | ")} |`;
  const shown = tables.map(({ title, unit, rows: [head, ...rows] }) =>
    [
      `## ${title}`,
      "",
      `In ${unit}.`,
      "",
      line(head),
      line(head.map((_, at) => (at ? "--:" : "---"))),
      ...rows.map(line),
      "",
    ].join("\n"),
  );
  return [HEAD, ...shown, "## Where\n", ...machine.map((line) => `- ${line}`), ""].join("\n");
}

const HEAD = `<!-- Written by \`cargo xtask bench\`. -->

# Benchmarks

Each table is one run on one machine. Its contestants take turns in rounds, and each number is the median of the
rounds; "to stytch" is how many times faster than it stytch-edge is: the median of the rounds' own ratios. "once more" is
stytch-edge measured a second time as if it were somebody else: as far as the ratio to it is from 1, the others may be
wrong too. "without await" is stytch-edge by its method that needs none, and "nobody" is the way there without a check.
In workerd the time is taken from outside, as its clock stands still during a request. jose verifies and makes no
session of the claims.
`;
