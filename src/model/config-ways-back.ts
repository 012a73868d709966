import { z } from "zod"
import { workflowFile } from "./config-publish.ts"
import { mapOf, matching, text } from "./field.ts"
import { quoteAll } from "./quote.ts"

/**
 * What stands in braces in what deploys a release. What people wrote (why it is rolled back) is not among it: a workflow
 * that puts an input into a script would run it.
 */
const DEPLOY_FILLS = ["to", "tag", "commit", "from", "environment", "component", "repository", "by", "key"]

const filled = text.superRefine((written, context) => {
  const named = [...written.matchAll(/\{([a-z]{1,20})\}/g)].map(([, name = ""]) => name)
  const strange = named.find((name) => !DEPLOY_FILLS.includes(name))
  if (strange === undefined) return
  const known = quoteAll(DEPLOY_FILLS.map((name) => `{${name}}`))
  context.addIssue({ code: "custom", message: `must not name {${strange}}; known here are ${known}` })
})

const inputName = matching(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, "must be the name of a workflow's input")
/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event: at most 25 */
const INPUTS_MOST = 25

/** A workflow that deploys. */
export const workflowBack = z.strictObject(
  {
    workflow: workflowFile.describe("Its file, which the default branch and `ref` have to have"),
    ref: filled
      .exactOptional()
      .describe("The branch or tag that it runs on; without it the tag of the earlier release"),
    inputs: mapOf(inputName, filled, INPUTS_MOST)
      .exactOptional()
      .describe("What it is given, with `{to}`, `{tag}`, `{commit}` and the like filled in"),
  },
  "must be a workflow such as `{ workflow: deploy.yml, inputs: { version: '{to}' } }`",
)
