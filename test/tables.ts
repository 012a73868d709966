/** The rows of the table below a heading that begins with these cells, without head and rule. */
export function tableOf(page: string, ...head: readonly string[]): readonly (readonly string[])[] {
  const rows = page.split("\n").map((line) => cellsOf(line))
  const start = rows.findIndex((cells) => head.every((cell, at) => cells?.[at] === cell))
  const end = rows.findIndex((cells, at) => at > start && cells === undefined)
  return rows.slice(start + 2, end).filter((cells) => cells !== undefined)
}

const cellsOf = (line: string): readonly string[] | undefined =>
  line.startsWith("|")
    ? line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
    : undefined
