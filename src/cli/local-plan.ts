import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { Plan } from "../model/plan.ts"
import type { Seen } from "../model/seen.ts"
import { showProblems } from "./problems.ts"
import type { FilesAt } from "./read-clone.ts"

/** Where a plan may also stand, if there is none at `plan.path`. */
const OTHER_PATH = ".github/release-plan.yml"

/** Where a plan stands unless the configuration says otherwise. */
export const PLAN_PATHS = [DEFAULT_CONFIG.plan.path, OTHER_PATH]

/** The release plan of a clone, which may state the next version. */
export interface LocalPlan {
  readonly seen: Seen<Plan>
  /** Where the version stands, or would: `release-plan.yml:2:12`; empty without a plan. */
  readonly place: string
  readonly warnings: readonly string[]
}

const NO_PLAN: LocalPlan = { seen: { is: "absent" }, place: "", warnings: [] }

/** The plan as it is at a commit. One that is not valid states nothing, which is said. */
export async function localPlan(files: FilesAt, config: Config): Promise<LocalPlan> {
  const file = await files.first([config.plan.path, OTHER_PATH])
  if (file === null) return NO_PLAN
  const [{ readPlan }, { parseYaml }] = await Promise.all([
    import("../config/read-plan.ts"),
    import("../config/parse-yaml.ts"),
  ])
  const { path, blob, text } = file
  const read = readPlan(text, path)
  if (!read.ok) {
    const warning = `${path} is not valid, so no version is taken from it\n${showProblems(read.problems)}`
    return { seen: { is: "invalid", path, blob, problems: read.problems }, place: path, warnings: [warning] }
  }
  const parsed = parseYaml(text)
  const at = parsed.ok ? parsed.document.place(["release", "version"]) : { line: 1, column: 1 }
  return {
    seen: { is: "valid", path, blob, value: read.plan },
    place: `${path}:${at.line}:${at.column}`,
    warnings: [],
  }
}
