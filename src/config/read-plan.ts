import type { PlacedAudience } from "../model/communication.ts"
import { type Plan, planSchema } from "../model/plan.ts"
import type { Problem } from "../model/problem.ts"
import { explain, pathText, phrase } from "./explain.ts"
import { type Document, parseYaml } from "./parse-yaml.ts"

const EMPTY = "the plan is empty; it begins with `release:` and the release's `version` and `name`"

/** The place of each is a look through the file: of a plan that names hundreds, the first ones. */
const PLACED_MOST = 50

type ReadPlan =
  | { readonly ok: true; readonly plan: Plan; readonly audiences: () => readonly PlacedAudience[] }
  | { readonly ok: false; readonly problems: Problem[] }

/**
 * Reads a release plan.
 * @param file its path in the repository, for the problems
 * @returns the plan with defaults filled in and every date an instant, and where it names whom it tells; or every mistake
 * with its place; never throws
 */
export function readPlan(text: string, file: string): ReadPlan {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  if (document.empty) return { ok: false, problems: [{ file, ...document.place([]), path: "", message: EMPTY }] }
  const read = planSchema.safeParse(document.value, { error: phrase })
  return read.success
    ? { ok: true, plan: read.data, audiences: () => audiencesOf(read.data, document, file) }
    : { ok: false, problems: explain(read.error.issues, document, file) }
}

/** Each audience once, where it stands first. */
function audiencesOf({ communication }: Plan, document: Document, file: string): readonly PlacedAudience[] {
  const placed = new Map<string, () => PlacedAudience>()
  for (const stage of ["pre_release", "post_release"] as const)
    for (const [index, { channel, audience }] of communication[stage].entries()) {
      const path = ["communication", stage, index, "audience"]
      const key = `${channel} ${audience}`
      if (placed.has(key)) continue
      placed.set(key, () => ({
        by: channel,
        audience,
        at: { file, path: pathText(path), ...document.place(path) },
      }))
    }
  return [...placed.values()].slice(0, PLACED_MOST).map((place) => place())
}
