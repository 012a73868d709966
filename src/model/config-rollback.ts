import { z } from "zod"
import { callKeys } from "./config-http-call.ts"
import { clusterBack, workflowBack } from "./config-ways-back.ts"
import { duration, text, whole } from "./field.ts"
import type { RollbackLevel, RollbackRules } from "./rollback.ts"

const MUST =
  "must be `application`, `configuration`, or one of `{ flag: … }`, `{ application: { workflow: … } }`, `{ kubernetes: … }` and `{ configuration: { merge: true } }`"
const level = z.union(
  [
    z.enum(["application", "configuration"], MUST),
    z
      .strictObject({
        flag: z
          .strictObject({ name: text.describe("What is switched off, as people call it"), ...callKeys })
          .exactOptional(),
        application: workflowBack.exactOptional(),
        kubernetes: clusterBack.exactOptional(),
        configuration: z
          .strictObject({
            merge: z
              .boolean()
              .exactOptional()
              .describe("Slipway merges the pull request as soon as the branch's rules let it; without it people do"),
          })
          .exactOptional(),
      })
      .refine((it) => Object.keys(it).length === 1, { error: MUST, abort: true }),
  ],
  { error: MUST },
)
const levels = z.array(level).max(10)

/** How an environment goes back. The short form stays a list: approvals are bound to what is written. */
export const rollback = z.union(
  [
    levels,
    z.strictObject({
      levels: levels.exactOptional().describe("The ways back, in the order in which they are tried"),
      within: duration.exactOptional().describe("How long a way back has to come to its end; without it 5 minutes"),
      health: duration
        .exactOptional()
        .describe("How long what came back has to be as `verify` asks; without it 5 minutes"),
      required: whole(1, 2).exactOptional().describe("How many people have to ask for it; the second may be `on-call`"),
    }),
  ],
  "must be a list such as `[application]`, or `{ levels: [application], within: 10m }`",
)

const WITHIN = 5
const HEALTH = 5

/** Of an environment that declares nothing. */
export const DEFAULT_ROLLBACK: RollbackRules = { levels: [{ is: "application" }], within: WITHIN, health: HEALTH }

/** Where nothing is declared, whoever is asked for a rollback deploys the release that was good. */
export function rollbackRules(written: z.output<typeof rollback>): RollbackRules {
  const {
    levels: named = [],
    within = WITHIN,
    health = HEALTH,
  } = Array.isArray(written) ? { levels: written } : written
  const declared = named.flatMap((one): readonly RollbackLevel[] =>
    typeof one === "string" ? [{ is: one }] : way(one),
  )
  return { levels: declared.length > 0 ? declared : DEFAULT_ROLLBACK.levels, within, health }
}

function way({
  flag,
  application,
  kubernetes,
  configuration,
}: Exclude<z.output<typeof level>, string>): readonly RollbackLevel[] {
  if (flag) {
    const { name, ...call } = flag
    return [{ is: "flag", name, call }]
  }
  if (application) {
    const { workflow, ref = "{tag}", inputs = {} } = application
    return [{ is: "workflow", workflow, ref, inputs }]
  }
  if (configuration) return [{ is: "configuration", ...(configuration.merge ? { merge: true as const } : {}) }]
  return kubernetes ? [{ is: "kubernetes", ...kubernetes }] : []
}
