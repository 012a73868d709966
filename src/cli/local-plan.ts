import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { Plan } from "../model/plan.ts"
import { type FolderPlan, isInPlanFolder, PLAN_FOLDER } from "../model/plan-folder.ts"
import type { Seen } from "../model/seen.ts"
import { OTHER_PLAN_PATH } from "../model/written-paths.ts"
import { showProblems } from "./problems.ts"
import type { FileAt, FilesAt } from "./read-clone.ts"

/** Where plans stand unless the configuration says otherwise; with the stroke at its end git lists a folder. */
export const PLAN_PATHS = [DEFAULT_CONFIG.plan.path, OTHER_PLAN_PATH, `${PLAN_FOLDER}/`]

/** The release plans of a clone, one of which may state the next version. */
export interface LocalPlans {
  /** The one at `plan.path`. */
  readonly seen: Seen<Plan>
  /** Those of `release-plans/`. */
  readonly folder: readonly FolderPlan[]
  /** Where each states its version, or would, by path: `release-plan.yml:2:12`. */
  readonly places: { readonly [path: string]: string }
  readonly warnings: readonly string[]
}

interface LocalPlan {
  readonly seen: FolderPlan
  readonly place: string
  readonly warnings: readonly string[]
}

/** The plans as they are at a commit. One that is not valid states nothing, which is said. */
export async function localPlans(files: FilesAt, config: Config): Promise<LocalPlans> {
  const [file, inFolder] = [await files.first([config.plan.path, OTHER_PLAN_PATH]), await files.within(PLAN_FOLDER)]
  const others = inFolder.filter(({ path }) => isInPlanFolder(path) && path !== config.plan.path)
  const single = file === null ? null : await localPlan(file)
  const folder = await Promise.all(others.map(localPlan))
  const all = single === null ? folder : [single, ...folder]
  return {
    seen: single?.seen ?? { is: "absent" },
    folder: folder.map(({ seen }) => seen),
    places: Object.fromEntries(all.map(({ seen: { path }, place }) => [path, place])),
    warnings: all.flatMap(({ warnings }) => warnings),
  }
}

async function localPlan({ path, blob, text }: FileAt): Promise<LocalPlan> {
  const [{ readPlan }, { parseYaml }] = await Promise.all([
    import("../config/read-plan.ts"),
    import("../config/parse-yaml.ts"),
  ])
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
