import { z } from "zod"
import { duration, text } from "./field.ts"
import { nearest } from "./nearest.ts"
import { quote, quoteAll } from "./quote.ts"

const USUAL = ["unit_tests", "integration_tests", "e2e_tests", "performance_tests", "security_tests"]
const REQUIRED = ["unit_tests", "integration_tests", "security_tests"]
const TEST_NAME = /^[a-z0-9]+(?:_[a-z0-9]+)*_tests$/
const MOST = 100
const RESULT = ["passed", "failed", "pending", "skipped"] as const

/** What a plan says of one kind of test: a word, or the check runs that show it now (which wins over words). */
const entry = z.union(
  [
    z.enum(RESULT).transform((result) => ({ is: "stated" as const, result })),
    z
      .strictObject({
        check: text.describe("Name of a check run or status; `*` stands for any letters"),
        within: duration.exactOptional().describe("How old the result may be"),
        app: text.exactOptional().describe("Slug of the GitHub App that must have reported it"),
      })
      .transform((bound) => ({ is: "bound" as const, ...bound })),
  ],
  `must be one of ${quoteAll(RESULT)}, or a binding such as \`{ check: "CI / unit" }\``,
)

export type TestEntry = z.output<typeof entry>

const isMapping = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const hint = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return near && near !== name
    ? `did you mean ${quote(near)}?`
    : `known are ${quoteAll(known)}, others end in \`_tests\``
}

/**
 * The tests of a release, by name; `within` in minutes. `required` are those that the gate asks for.
 * A name may be new, but it ends in `_tests`, so that a slip of the pen is not taken for one. Names are looked at even
 * where values are wrong: a mistyped `required` is a wrong name first.
 */
export const testing = z
  .object({ required: z.array(text).max(MOST).default(REQUIRED) })
  .catchall(entry)
  .superRefine(
    (all, context) => {
      const strange = Object.keys(all).filter((name) => name !== "required" && !TEST_NAME.test(name))
      for (const name of strange.slice(0, MOST)) {
        const message = `unknown key ${quote(name)}; ${hint(name, ["required", ...USUAL])}`
        context.addIssue({ code: "custom", path: [name], message })
      }
    },
    { when: ({ value }) => isMapping(value) },
  )
  .superRefine(({ required, ...tests }, context) => {
    const names = [...new Set([...USUAL, ...Object.keys(tests)])]
    if (names.length > MOST)
      return context.addIssue({ code: "custom", message: `must be at most ${MOST} kinds of tests` })
    required.forEach((name, index) => {
      const message = `no tests of this plan are named ${quote(name)}; ${hint(name, names)}`
      if (!names.includes(name)) context.addIssue({ code: "custom", path: ["required", index], message })
    })
  })
  .transform(({ required, ...tests }) => ({ required, tests: tests as { [name: string]: TestEntry } }))
