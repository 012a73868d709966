import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/**
 * Whether an issue or pull request is closed. https://docs.github.com/en/rest/issues/issues#get-an-issue
 * @param ref `#812` or `owner/repo#812`
 */
export async function readIssue(reader: Reader, ref: string): Promise<Read<"open" | "closed">> {
  const [repository = "", number] = ref.split("#")
  const [owner, repo] = repository.split("/")
  const elsewhere = owner && repo ? { owner, repo } : {}
  const answer = await reader.ask((at) => reader.rest.issues.get({ ...at, ...elsewhere, issue_number: Number(number) }))
  if (answer.is === "answer") return read(answer.data.state === "closed" ? "closed" : "open")
  if (answer.error.is === "gone")
    return unknown(`there is no issue or pull request ${ref} that Slipway can see; is the App installed there?`)
  return unknown(`${ref} could not be read: ${whyUnknown(answer.error)}`)
}
