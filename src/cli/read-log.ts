import { StringDecoder } from "node:string_decoder"
import type { Commit } from "../model/change.ts"
import { asLanded, type Unplaced } from "../observe/landing.ts"
import { gitFailed, streamGit } from "./git.ts"
import { loginOf } from "./local-pulls.ts"

const FIELDS = ["%H", "%P", "%an", "%ae", "%cn", "%ce", "%cI", "%B"]

/**
 * The commits that `to` reaches and `since` does not, in the order in which they landed, read by one `git log`.
 * @param since a SHA, or null for everything
 */
export async function readLog(directory: string, since: string | null, to: string): Promise<readonly Commit[]> {
  return asLanded(await readCommits(directory, since === null ? [to] : [to, `^${since}`]), to)
}

/**
 * Commits as `git log` gives them, newest first, read while git is still writing.
 * Commit messages hold no NUL (git ends them there), so NUL is what parts the fields.
 * @param revisions what git-rev-list(1) takes: SHAs, `^SHA`
 */
export async function readCommits(directory: string, revisions: readonly string[]): Promise<readonly Unplaced[]> {
  const format = `--format=${FIELDS.join("%x00")}`
  const plainly = ["--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--encoding=UTF-8"]
  const args = ["log", "-z", format, ...plainly, "--stdin"]
  const commits: Unplaced[] = []
  const logins = new Map<string, string | undefined>()
  const decoder = new StringDecoder("utf8")
  let fields: string[] = []
  let rest = ""
  const take = (text: string) => {
    const parts = (rest + text).split("\0")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      fields.push(part)
      if (fields.length < FIELDS.length) continue
      commits.push(commitOf(fields, logins))
      fields = []
    }
  }
  const { code, stderr } = await streamGit(
    directory,
    args,
    (chunk) => take(decoder.write(chunk)),
    `${revisions.join("\n")}\n`,
  )
  if (code !== 0) throw gitFailed(directory, args, code, stderr)
  // git parts records, and need not end the last one.
  if (fields.length > 0) take(`${decoder.end()}\0`)
  return commits
}

function commitOf(fields: readonly string[], logins: Map<string, string | undefined>): Unplaced {
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
  const author = known(authorMail, logins)
  const committer = known(committerMail, logins)
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

/** The same few addresses come again and again. */
function known(mail: string, logins: Map<string, string | undefined>): string | undefined {
  if (!logins.has(mail)) logins.set(mail, loginOf(mail))
  return logins.get(mail)
}
