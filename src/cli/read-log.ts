import type { Commit } from "../model/change.ts"
import { asLanded, type Unplaced } from "../observe/landing.ts"
import { git } from "./git.ts"
import { loginOf } from "./local-pulls.ts"

const FIELDS = ["%H", "%P", "%an", "%ae", "%cn", "%ce", "%cI", "%B"]

/**
 * The commits that `to` reaches and `since` does not, in the order in which they landed, read by one `git log`.
 * Commit messages hold no NUL (git ends them there), so NUL is what parts the fields.
 * @param since a SHA, or null for everything
 */
export async function readLog(directory: string, since: string | null, to: string): Promise<readonly Commit[]> {
  const format = `--format=${FIELDS.join("%x00")}`
  const plainly = ["--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--encoding=UTF-8"]
  const range = since === null ? [to] : [`${since}..${to}`]
  const text = await git(directory, ["log", "-z", format, ...plainly, ...range, "--"])
  const parts = text.split("\0")
  const commits: Unplaced[] = []
  for (let at = 0; at + FIELDS.length <= parts.length; at += FIELDS.length) {
    commits.push(commitOf(parts.slice(at, at + FIELDS.length)))
  }
  return asLanded(commits, to)
}

function commitOf(fields: readonly string[]): Unplaced {
  const [
    sha = "",
    parents = "",
    authorName = "",
    authorMail = "",
    committerName = "",
    committerMail = "",
    at = "",
    message = "",
  ] = fields
  const author = loginOf(authorMail)
  const committer = loginOf(committerMail)
  return {
    sha,
    parents: parents === "" ? [] : parents.split(" "),
    message: message.trimEnd(),
    authorName,
    ...(author === undefined ? {} : { author }),
    committerName,
    ...(committer === undefined ? {} : { committer }),
    at,
  }
}
