import { z } from "zod"
import { duration, glob, listOf, path, text } from "./field.ts"
import { quote } from "./quote.ts"

const DISPATCH_MINUTES = 60

/** A file that Slipway writes. GitHub lets an App change a workflow only with a permission that Slipway does not have. */
export const written = path.refine(
  (file) => !file.startsWith(".github/workflows/"),
  "cannot be a workflow: Slipway does without the permission `workflows: write`, so that it can never change one",
)

type Manifest =
  | { readonly path: string }
  | { readonly path: string; readonly regex: string }
  | { readonly path: string; readonly jsonpath: string }
  | { readonly path: string; readonly xpath: string }

/** A file that holds the version: by its name Slipway knows where, else a regex, JSONPath or XPath says it. */
export const manifest = z.union(
  [
    written.transform((file): Manifest => ({ path: file })),
    z
      .strictObject({
        path: written,
        regex: text.exactOptional(),
        jsonpath: text.exactOptional(),
        xpath: text.exactOptional(),
      })
      .superRefine(({ path: _, ...places }, context) => {
        const [first, second] = Object.keys(places)
        const message = `one of \`regex\`, \`jsonpath\` and \`xpath\` says where the version stands, here are ${quote(first ?? "")} and ${quote(second ?? "")}; for two places make two entries`
        if (second !== undefined) context.addIssue({ code: "custom", path: [second], message })
      })
      .transform((it): Manifest => it),
  ],
  "must be a path such as `package.json`, or a mapping such as `{ path: app.conf, regex: 'version = \"(.*)\"' }`",
)

/** A workflow, as GitHub's API names it. */
export const workflowFile = text.regex(/^[\w.-]+\.ya?ml$/, "must be a workflow's file name such as `release.yml`")

type Dispatch =
  | { readonly workflow: string; readonly within: number }
  | { readonly event: string; readonly within?: number }

const NO_DISPATCH = "must name a `workflow` such as `release.yml`, or an `event` such as `released`"
const TWO_DISPATCHES = "must name a `workflow` or an `event`, one of them"

/** What is told of a published release, so that others build, package and deploy it. */
const dispatch = z.union(
  [
    workflowFile.transform((workflow): Dispatch => ({ workflow, within: DISPATCH_MINUTES })),
    z
      .strictObject({
        workflow: workflowFile.exactOptional(),
        within: duration
          .exactOptional()
          .describe("How long a run may take before it counts as failed; an event that states none may go unanswered"),
        event: text.exactOptional().describe("The type of a repository_dispatch"),
      })
      .superRefine((it, context) => {
        if ((it.workflow === undefined) === (it.event === undefined))
          context.addIssue({ code: "custom", message: it.event === undefined ? NO_DISPATCH : TWO_DISPATCHES })
      })
      .transform(
        ({ workflow, within, event = "" }): Dispatch =>
          workflow === undefined
            ? { event, ...(within === undefined ? {} : { within }) }
            : { workflow, within: within ?? DISPATCH_MINUTES },
      ),
  ],
  "must be a workflow's file name such as `release.yml`, or `{ event: released }` for a repository_dispatch",
)

const asset = z.union(
  [
    glob.transform((name) => ({ name, sha256: "optional" as const })),
    z.strictObject({ name: glob, sha256: z.enum(["optional", "required"]).default("optional") }),
  ],
  "must be a file name or pattern such as `app-*.tgz`, or a mapping such as `{ name: app-*.tgz, sha256: required }`",
)

/** What is published with a release, how, and what follows. */
export const publish = z
  .strictObject({
    mode: z.enum(["draft", "pull-request", "auto"]).default("draft"),
    changelog: written.exactOptional(),
    manifests: listOf(manifest).default([]),
    assets: listOf(asset).default([]),
    audit: z
      .boolean()
      .default(true)
      .describe("Whether a release carries slipway-audit.json: where its audit trail stood when it was published"),
    dispatch: dispatch.exactOptional(),
    comments: z
      .boolean()
      .default(true)
      .describe("Whether each pull request, and each issue that it closed, is told which release it is in"),
  })
  .prefault({})
