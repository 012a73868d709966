import type { PlacedAudience } from "../model/communication.ts"
import { type FolderPlan, isInPlanFolder, PLAN_FOLDER, PLANS_READ } from "../model/plan-folder.ts"
import { readPlanAt } from "./files.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

interface PlanFolder {
  readonly known: readonly FolderPlan[] | undefined
  readonly except: string
  readonly placed?: (audiences: readonly PlacedAudience[]) => void
}

/**
 * The plans of `release-plans/` at a commit, by path. What is known by its blob is not read again, so that looking costs
 * one request where nothing changed. Folders below are not looked into: plans of releases that are out may go there.
 *
 * https://docs.github.com/en/rest/repos/contents#get-repository-content: of a directory up to 1,000 files are listed
 * @param of `known` as it was last read, `except` the file that is `plan.path`; `placed` hears of what is read where it
 * names whom it tells
 */
export async function readPlanFolder(
  reader: Reader,
  sha: string,
  { known = [], except, placed }: PlanFolder,
): Promise<Read<readonly FolderPlan[]>> {
  const answer = await reader.ask((at) => reader.rest.repos.getContent({ ...at, path: PLAN_FOLDER, ref: sha }))
  if (answer.is === "refused") {
    if (answer.error.is === "gone" || answer.error.is === "empty") return read([])
    return unknown(`\`${PLAN_FOLDER}\` could not be read: ${whyUnknown(answer.error)}`)
  }
  if (!Array.isArray(answer.data)) return read([])
  const files = answer.data.filter(({ type, path }) => type !== "dir" && isInPlanFolder(path) && path !== except)
  if (files.length > PLANS_READ || answer.data.length >= LISTED)
    return unknown(
      `\`${PLAN_FOLDER}\` holds more than the ${PLANS_READ} plans that are read; move those of releases that are out to a folder in it`,
    )
  const plans = await Promise.all(
    files.map(async ({ path, sha: blob }): Promise<Read<FolderPlan>> => {
      const old = known.find((plan) => plan.path === path && plan.blob === blob)
      if (old) return read(old)
      const plan = await readPlanAt(reader, path, sha, placed)
      if (plan.is === "unknown") return plan
      return plan.value.is === "absent" ? unknown(`\`${path}\` is listed, but not there`) : read(plan.value)
    }),
  )
  const lost = plans.find((plan) => plan.is === "unknown")
  if (lost) return lost
  return read(plans.flatMap((plan) => (plan.is === "read" ? [plan.value] : [])))
}

const LISTED = 1_000
