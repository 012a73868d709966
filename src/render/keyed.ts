/**
 * One line of generated Markdown and what it speaks of: a change (`#12`, a SHA), a heading, the contributors. The key
 * stays when the wording changes, so that a line which a person reworded is known again.
 */
export interface Keyed {
  /** Empty for a blank line. */
  readonly key: string
  /** Without a line break. */
  readonly text: string
}

export const blank: Keyed = { key: "", text: "" }

/** The lines as text, each with its line break. */
export const textOf = (lines: readonly Keyed[]): string => lines.map(({ text }) => `${text}\n`).join("")

/** A text of several lines: what follows the first belongs to it. */
export const linesOf = (key: string, text: string): readonly Keyed[] =>
  text.includes("\n")
    ? text.split("\n").map((line, index) => ({ key: index === 0 ? key : `${key}>${index}`, text: line }))
    : [{ key, text }]
