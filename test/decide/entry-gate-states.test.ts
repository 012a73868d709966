import { expect, test } from "vitest"
import { entering, saidIn, verdictOf } from "./support/entering.ts"
import { entryGates } from "./support/entry-gates.ts"

/** Every gate of an environment in every state. A new gate does not compile without its table in `support/entry-gates.ts`. */
const { input, ...it } = entering()
const ROWS = Object.entries(entryGates({ input, ...it })).flatMap(([gate, table]) =>
  Object.entries(table).flatMap(([column, row]) => (typeof row === "string" ? [] : [[gate, column, ...row] as const])),
)

test.each(ROWS)("%s, %s", (name, column, so, says) => {
  const { gates, because } = saidIn(so(input))
  const found = gates.find((gate) => gate.name === name)
  const said = says.startsWith("rejected")
    ? `${verdictOf(so(input))}: ${because}`
    : `${found?.state}: ${found?.because}`
  expect(said).toContain(says)
  expect(verdictOf(so(input)) === "approved").toBe(column === "passed")
})
