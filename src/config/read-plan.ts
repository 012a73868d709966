import { type Plan, planSchema } from "../model/plan.ts"
import type { Problem } from "../model/problem.ts"
import { explain, phrase } from "./explain.ts"
import { parseYaml } from "./parse-yaml.ts"

const EMPTY = "the plan is empty; it begins with `release:` and the release's `version` and `name`"

/**
 * Reads a release plan.
 * @param file its path in the repository, for the problems
 * @returns the plan with defaults filled in and every date an instant, or every mistake with its place; never throws
 */
export function readPlan(text: string, file: string): { ok: true; plan: Plan } | { ok: false; problems: Problem[] } {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  if (document.empty) return { ok: false, problems: [{ file, ...document.place([]), path: "", message: EMPTY }] }
  const read = planSchema.safeParse(document.value, { error: phrase })
  return read.success
    ? { ok: true, plan: read.data }
    : { ok: false, problems: explain(read.error.issues, document, file) }
}
