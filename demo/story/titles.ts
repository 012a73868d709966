/**
 * First words of imperative subjects, by the type of change that they mostly stand for. Only words that hardly ever
 * mean something else: any other subject stays as it is, and is an other change.
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  feat: ["add", "allow", "enable", "implement", "introduce", "let", "offer", "provide", "show", "support"],
  fix: ["close", "correct", "fix", "mend", "prevent", "refuse", "repair", "resolve", "restore", "stop"],
  docs: ["describe", "document", "explain"],
  test: ["cover", "prove", "test"],
  refactor: ["extract", "move", "refactor", "rename", "simplify", "split"],
  chore: ["bump", "drop", "remove", "update", "upgrade"],
}

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([type, words]) => words.map((word) => [word, type] as const)),
)

/** A subject with the type in front that its first word stands for: `Add pages` is `feat: Add pages`. */
export function typed(subject: string): string {
  const type = TYPES.get(/^[A-Za-z]+(?= )/.exec(subject)?.[0].toLowerCase() ?? "")
  return type ? `${type}: ${subject}` : subject
}
