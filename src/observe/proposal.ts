import type { PlacedAudience } from "../model/communication.ts"
import { holidayFilesIn } from "../model/holiday-files.ts"
import { organisationKey } from "../model/organisation.ts"
import { PLAN_FOLDER } from "../model/plan-folder.ts"
import { isDecidingOn, type ProposedFiles } from "../model/proposal.ts"
import type { Proposed } from "../model/signal.ts"
import { CONFIG_PATH } from "../model/written-paths.ts"
import { readConfigFile, readPlanFile } from "./files.ts"
import { configFor, type LineFiles } from "./line-config.ts"
import type { Organisations } from "./organisation.ts"
import { readPlanFolder } from "./plan-folder.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** One page, as a rule. GitHub lists at most 3,000 files of a pull request. */
const FILES_LOOKED_THROUGH = 500

/**
 * Configuration and plan in an open pull request, where it touches them: one request, and one for each that it touches.
 * A fork's commit is read through this repository, which has it as `refs/pull/N/head`; the fork itself is never asked.
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
 *
 * @param line what stands on the branch that it goes to
 */
export async function readProposal(
  reader: Reader,
  { pull: { number, headSha: sha }, base }: Proposed,
  line: LineFiles,
  organisations: Organisations,
): Promise<Read<ProposedFiles>> {
  const listed = await reader.all(
    (at) => reader.rest.pulls.listFiles({ ...at, pull_number: number }),
    (items) => ({ items }),
    FILES_LOOKED_THROUGH,
  )
  if (listed.is === "refused")
    return unknown(`the files of pull request #${number} could not be read: ${whyUnknown(listed.error)}`)
  const tooMany = listed.is === "too many"
  // What was renamed is gone from where it was.
  const paths = tooMany ? [] : listed.data.flatMap((file) => [file.filename, file.previous_filename ?? file.filename])
  const touches = (is: (path: string) => boolean) => tooMany || paths.some(is)
  const isInFolder = (path: string) => path.startsWith(`${PLAN_FOLDER}/`)
  const holidays = holidayFilesIn(configFor(line)).map(({ file }) => file)
  const isConfig = (path: string) => path === CONFIG_PATH || holidays.includes(path)
  const config = touches(isConfig) ? await readConfigFile(reader, sha, extendedOnly(line, organisations)) : null
  if (config?.is === "unknown") return config
  const { path: at } = configFor(config ? { ...line, config: config.value } : line).plan
  const isPlan = (path: string) => path === at || (isDecidingOn(line, path) && !isConfig(path) && !isInFolder(path))
  const audiences: PlacedAudience[] = []
  const placed = (found: readonly PlacedAudience[]) => void audiences.push(...found)
  const plan = at !== configFor(line).plan.path || touches(isPlan) ? await readPlanFile(reader, at, sha, placed) : null
  if (plan?.is === "unknown") return plan
  const plans = touches(isInFolder)
    ? await readPlanFolder(reader, sha, { known: line.plans, except: at, placed })
    : null
  if (plans?.is === "unknown") return plans
  if (!config && !plan && !plans) return read({ is: "untouched", sha, base })
  const files = { config: config?.value ?? null, plan: plan?.value ?? null, plans: plans?.value ?? null }
  return read({ is: "touched", sha, base, ...files, audiences, ...(tooMany ? { tooMany } : {}) })
}

/**
 * A pull request, perhaps a stranger's, has no other repository read than the branch extends already: what that says
 * would stand on a page that everybody may see.
 */
function extendedOnly(line: LineFiles, organisations: Organisations): Organisations {
  const known = configFor(line).extends
  return {
    async read(name) {
      if (known !== undefined && organisationKey(name) === organisationKey(known)) return organisations.read(name)
      return {
        is: "unknown",
        because: `it extends \`${name}\`, which the branch does not: that is read once it is merged`,
      }
    },
  }
}
