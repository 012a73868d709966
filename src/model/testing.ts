import { z } from "zod"
import { duration, text } from "./field.ts"
import { nearest } from "./nearest.ts"

const USUAL = ["unit_tests", "integration_tests", "e2e_tests", "performance_tests", "security_tests"]
const REQUIRED = ["unit_tests", "integration_tests", "security_tests"]
const TEST_NAME = /^[a-z0-9]+(?:_[a-z0-9]+)*_tests$/
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
  `must be one of ${RESULT.map((word) => `\`${word}\``).join(", ")}, or a binding such as \`{ check: "CI / unit" }\``,
)

export type TestEntry = z.output<typeof entry>

/** The tests of a release, by name; `within` in minutes. `required` are those that the gate asks for. */
export const testing = z
  .object({ required: z.array(text).max(100).default(REQUIRED) })
  .catchall(entry)
  .superRefine(({ required, ...tests }, context) => {
    const names = [...new Set([...USUAL, ...Object.keys(tests).filter((name) => TEST_NAME.test(name))])]
    const add = (path: (string | number)[], name: string, what: string) => {
      const near = nearest(name, names)
      const hint =
        near && near !== name ? `did you mean \`${near}\`?` : `known are ${names.map((one) => `\`${one}\``).join(", ")}`
      context.addIssue({ code: "custom", path, message: `${what} \`${name}\`; ${hint}` })
    }
    if (names.length > 100) {
      context.addIssue({ code: "custom", message: "must be at most 100 kinds of tests" })
      return
    }
    for (const name of Object.keys(tests)) if (!TEST_NAME.test(name)) add([name], name, "unknown key")
    required.forEach((name, index) => {
      if (!names.includes(name)) add(["required", index], name, "this plan has no tests named")
    })
  })
  .transform(({ required, ...tests }) => ({ required, tests: tests as { [name: string]: TestEntry } }))
