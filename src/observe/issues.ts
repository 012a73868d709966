import { type IssueSigns, type IssueState, stateOfClosedIssue } from "../model/issue.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

type Shown = Awaited<ReturnType<Reader["rest"]["issues"]["get"]>>["data"]

/**
 * Where an issue or pull request stands; GitHub's issues endpoint answers for both.
 * https://docs.github.com/en/rest/issues/issues#get-an-issue
 * @param ref `#812` or `owner/repo#812`
 */
export async function readIssue(
  reader: Reader,
  ref: string,
): Promise<Read<{ readonly state: IssueState; readonly signs: IssueSigns }>> {
  const [repository = "", number] = ref.split("#")
  const [owner, repo] = repository.split("/")
  const elsewhere = owner && repo ? { owner, repo } : {}
  // A stranger's word must not make a release ready, and what is public can be read with any token.
  if (owner !== undefined && repo !== undefined && owner.toLowerCase() !== reader.repo.owner.toLowerCase())
    return unknown(`${ref} is in a repository of another account; only those of ${reader.repo.owner} are looked at`)
  const answer = await reader.ask((at) => reader.rest.issues.get({ ...at, ...elsewhere, issue_number: Number(number) }))
  if (answer.is === "answer") return read({ state: stateOf(answer.data), signs: signsOf(answer.data) })
  if (answer.error.is === "gone")
    return unknown(`there is no issue or pull request ${ref} that Slipway can see; is the App installed there?`)
  return unknown(`${ref} could not be read: ${whyUnknown(answer.error)}`)
}

function stateOf({ state, state_reason: reason, pull_request: pull }: Shown): IssueState {
  if (state !== "closed") return "open"
  if (pull) return pull.merged_at ? "closed" : "not merged"
  return stateOfClosedIssue(reason)
}

const signsOf = ({ closed_by: closer, labels }: Shown): IssueSigns => ({
  ...(closer?.login === undefined ? {} : { closedBy: closer.login }),
  labels: labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
})
