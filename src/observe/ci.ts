import { startsOnPush } from "../config/workflow-trigger.ts"
import type { RequiredCheck } from "../model/evidence.ts"
import { readContent } from "./files.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

export const WORKFLOWS_PATH = ".github/workflows"

/**
 * Paths of the workflows that a push to the branch starts (or what else `starts` asks), as they stand at a commit.
 * One request for the list and one for each file.
 */
export async function readWorkflows(
  reader: Reader,
  branch: string,
  sha: string,
  starts: (text: string, branch: string) => boolean = startsOnPush,
): Promise<Read<readonly string[]>> {
  const answer = await reader.ask((at) => reader.rest.repos.getContent({ ...at, path: WORKFLOWS_PATH, ref: sha }))
  if (answer.is === "refused") {
    if (answer.error.is === "gone" || answer.error.is === "empty") return read([])
    return unknown(`the workflows could not be read: ${whyUnknown(answer.error)}`)
  }
  const files = Array.isArray(answer.data) ? answer.data : []
  // https://docs.github.com/en/rest/repos/contents#get-repository-content: a directory's list ends at 1,000 files.
  if (files.length >= 1000) return unknown(`${WORKFLOWS_PATH} holds more files than GitHub lists`)
  const paths = files.filter((f) => f.type !== "dir" && /\.ya?ml$/.test(f.name)).map((f) => f.path)
  const contents = await Promise.all(paths.map((path) => readContent(reader, path, sha)))
  const starting: string[] = []
  for (const [at, content] of contents.entries()) {
    if (content.is === "unknown") return content
    if (content.value.is !== "text" || starts(content.value.text, branch)) starting.push(paths[at] ?? "")
  }
  return read(starting)
}

/**
 * The checks that the branch's rulesets require, with the App where a rule names one; needs no more than `metadata: read`.
 * https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
 *
 * Classic branch protection would need `administration: read`, which Slipway does not ask for: what it requires is not
 * seen here, and nothing is said of it. Rulesets that a plan does not include (403 "Upgrade …") cannot require anything.
 */
export async function readRequired(reader: Reader, branch: string): Promise<Read<readonly RequiredCheck[]>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.getBranchRules({ ...at, branch }),
    (items) => ({ items }),
  )
  if (answer.is === "too many") return unknown("there are too many rules to read")
  if (answer.is === "refused") {
    const { error } = answer
    if (error.is === "gone" || (error.is === "forbidden" && /upgrade to github/i.test(error.message))) return read([])
    return unknown(`the rules of \`${branch}\` could not be read: ${whyUnknown(error)}`)
  }
  const required = answer.data.flatMap((rule) =>
    rule.type === "required_status_checks" ? (rule.parameters?.required_status_checks ?? []).map(toRequired) : [],
  )
  const byKey = new Map(required.map((check) => [`${check.name}\0${check.appId ?? ""}`, check]))
  return read([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => check))
}

/** Without an App, anybody may report. */
const toRequired = ({ context, integration_id: app }: { context: string; integration_id?: number | null }) => ({
  name: context,
  ...(typeof app === "number" && app > 0 ? { appId: String(app) } : {}),
})
