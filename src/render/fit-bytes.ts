const encoder = new TextEncoder()

/** UTF-8 bytes of a text, which is what GitHub counts in a check run's summary and text. */
export const bytesOf = (text: string): number => encoder.encode(text).length

/**
 * Markdown cut at the end of a line so that it fits, with a last paragraph that says so. An open `<details>` is
 * closed, so that what follows is not swallowed.
 * @param limit in UTF-8 bytes
 * @param says the paragraph for a cut text: what is missing, and where the rest is
 */
export function fitBytes(markdown: string, limit: number, says: string): string {
  if (bytesOf(markdown) <= limit) return markdown
  const lines = markdown.split("\n")
  const room = limit - bytesOf(`\n\n${says}\n`) - bytesOf("\n\n</details>")
  const kept: string[] = []
  let used = 0
  for (const line of lines) {
    used += bytesOf(line) + 1
    if (used > room) break
    kept.push(line)
  }
  const open =
    kept.filter((line) => line.includes("<details>")).length - kept.filter((line) => line.includes("</details>")).length
  return `${kept.join("\n").trimEnd()}${open > 0 ? "\n\n</details>" : ""}\n\n${says}\n`
}
