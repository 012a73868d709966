import { z } from "zod"
import { branchConflicts, report } from "./config-conflicts.ts"
import { listOf, matching, text } from "./field.ts"
import { isRange } from "./maintenance-range.ts"
import { isRefName } from "./ref-name.ts"

const branchName = text.refine(isRefName, "must be a branch name that git allows")

/** Of a pattern that begins with a star nobody could say which branches it makes release branches. */
export const branchPattern = text.refine(
  (pattern) => !pattern.startsWith("*") && isRefName(pattern.replaceAll("*", "x")),
  "must be a branch pattern that begins with a name, such as `hotfix/*`",
)

/** A prerelease identifier of SemVer, not a number: `1.0.0-1` would not say which channel it is. */
const channel = matching(
  /^(?=.{1,50}$)[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*$/,
  "must be a prerelease identifier such as `rc`",
)

interface Branch {
  readonly name: string
  readonly channel?: string
  readonly maintenance: boolean
  readonly range?: string
}

const branch = z.union(
  [
    branchName.transform((name): Branch => ({ name, maintenance: false })),
    z
      .strictObject({
        name: branchName,
        channel: channel.exactOptional().describe("Its releases are prereleases with this identifier"),
        maintenance: z.boolean().default(false).describe("Its releases stay inside the range that its name says"),
        range: text
          .refine(isRange, "must be a range such as `1.x` or `1.4.x`")
          .exactOptional()
          .describe("The range of a maintenance branch whose name does not say it"),
      })
      .transform((it): Branch => it),
  ],
  "must be a branch name, or a mapping such as `{ name: next, channel: rc }`",
)

/** The release branches. */
export const branches = listOf(branch)
  .min(1, "must name at least one branch; leave the key out for the default branch")
  .superRefine((list, context) => report(branchConflicts(list), context))
