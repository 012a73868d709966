import { z } from "zod"
import { configSchema } from "./config.ts"
import { listOf, matching, text } from "./field.ts"

/** Where an organisation's defaults stand, in the repository that `extends` names. */
export const ORGANISATION_PATH = "slipway.yml"

const exempt = matching(
  /^(?:hotfix|[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[A-Za-z0-9._-]{1,100})$/,
  "must be a repository such as `acme/payments`, or `hotfix` for the releases of hotfix branches",
)

const stop = z
  .strictObject({
    because: text,
    except: listOf(exempt).default([]).describe("Repositories that go on, and `hotfix` for hotfix branches everywhere"),
  })
  .describe("Stops the releases of every repository that extends this file, for as long as the key stands")

/** An organisation's `slipway.yml`: what a repository may say, the stop of all releases, and nothing to extend. */
export const organisationSchema = configSchema
  .safeExtend({ stop: stop.exactOptional() })
  .refine((file) => file.extends === undefined, {
    path: ["extends"],
    message: "an organisation's file extends no other: what it says is the floor",
  })

/** Why nothing is released, as the organisation's file says it, and who changed that file last. */
export interface Stop {
  readonly because: string
  readonly except: readonly string[]
  /** Absent: GitHub did not tell. `by`: a login, else the commit's author as git names them; `at`: ISO 8601. */
  readonly set?: { readonly by: string; readonly at: string; readonly sha: string }
}

/** An organisation's file as it was last read, without its defaults: those are in the configurations that extend it. */
export type Organisation =
  | { readonly is: "read"; readonly blob: string; readonly stop?: Stop }
  /** `stop`: what it said when it was read the last time, which is neither lifted nor set by not being read. */
  | { readonly is: "unread"; readonly because: string; readonly stop?: Stop }

/** What organisations are known by: GitHub's names do not differ by case. */
export const organisationKey = (repository: string): string => repository.toLowerCase()
