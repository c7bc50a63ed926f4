// Prints tables, with the introduction of BENCHMARKS.md.

/** The tables as text for a terminal. */
export function asText(tables, machine) {
  const shown = tables.map(({ title, unit, rows }) => {
    const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
    const line = (row) => row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ");
    return `${title} (${unit})\n${rows.map(line).join("\n")}\n`;
  });
  return [...shown, machine.join("\n"), ""].join("\n");
}

/** The tables as Markdown for BENCHMARKS.md. */
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
  return [HEAD, ...shown, "## Machine\n", ...machine.map((line) => `- ${line}`), ""].join("\n");
}

const HEAD = `<!-- Written by \`cargo xtask bench\`. -->

# Benchmarks

All tables are from one run on one machine. The contestants take turns in rounds, and each number is the median of the
rounds. "to stytch" is the speed of stytch-edge divided by the speed of stytch: the median of one ratio per round. "once
more" is stytch-edge measured a second time as another contestant: the distance of its ratio from 1 is the measurement
error. "without await" is the synchronous method of stytch-edge, and "no check" is the round trip without a check. In
workerd, the time is measured from outside, because workerd's clock does not advance during a request. jose verifies the
token and does not build a session from the claims.
`;
