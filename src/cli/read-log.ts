import { StringDecoder } from "node:string_decoder"
import { heardOf } from "../decide/voices.ts"
import type { Commit } from "../model/change.ts"
import { placed, type Unplaced } from "../observe/landing.ts"
import { gitFailed, streamGit } from "./git.ts"
import { loginOf, type NamedPull, pullNamedBy } from "./local-pulls.ts"

/** The time in seconds: git takes twice as long to write a date out as we do. */
const FIELDS = ["%H", "%P", "%an", "%ae", "%cn", "%ce", "%ct", "%B"]

/**
 * The commits that `to` reaches and `since` does not, in the order in which they landed, read by one `git log`.
 * @param since a SHA, or null for everything
 */
export async function readLog(directory: string, since: string | null, to: string): Promise<readonly Commit[]> {
  const commits = await readCommits(directory, since === null ? [to] : [to, `^${since}`])
  return placed(commits, to, withLanding)
}

/** A commit of git's log; where it landed is written down as soon as it is known. */
export interface Logged extends Unplaced {
  landing: string
  /** The pull request that its message names, where it is known already; null: none. */
  readonly names?: NamedPull | null
}

/**
 * The commit itself, not a copy: what was read of its message is known by the object. Only one that another range
 * knows by another landing is copied.
 */
export function withLanding(commit: Logged, landing: string): Logged & Commit {
  if (commit.landing !== "" && commit.landing !== landing) return { ...commit, landing }
  commit.landing = landing
  return commit
}

export interface ReadOptions {
  /** Also the paths that each commit touched; git compares trees for it, which takes its time. A merge names none. */
  readonly files?: boolean
}

/** No path begins so: it parts what is known of one commit, its files last, from the next one. */
const BEGIN = "/"

/**
 * Commits as `git log` gives them, newest first, read while git is still writing.
 * Neither messages (git ends them there) nor paths hold a NUL, so NUL is what parts the fields.
 * @param revisions what git-rev-list(1) takes: SHAs, `^SHA`
 */
export async function readCommits(
  directory: string,
  revisions: readonly string[],
  { files = false }: ReadOptions = {},
): Promise<readonly Logged[]> {
  // Without any, git would take HEAD.
  if (revisions.length === 0) return []
  const plainly = ["--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--encoding=UTF-8"]
  const paths = files ? ["--name-only", "--no-renames"] : []
  const args = ["log", "-z", `--format=${BEGIN}%x00${FIELDS.join("%x00")}`, ...plainly, ...paths, "--stdin"]
  const commits: Logged[] = []
  const known = new Logins()
  let fields: string[] | null = null
  const flush = () => {
    if (!fields) return
    commits.push(commitOf(fields, known, files))
  }
  const decoder = new StringDecoder("utf8")
  let rest = ""
  const take = (text: string) => {
    const parts = (rest + text).split("\0")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      if (part !== BEGIN || (fields && fields.length < FIELDS.length)) fields?.push(part)
      else {
        flush()
        fields = []
      }
    }
  }
  const input = `${revisions.join("\n")}\n`
  const { code, stderr } = await streamGit(directory, args, (chunk) => take(decoder.write(chunk)), input)
  if (code !== 0) throw gitFailed(directory, args, code, stderr)
  // git parts records, and need not end the last one.
  take(`${decoder.end()}\0`)
  flush()
  return commits
}

function commitOf(fields: readonly string[], known: Logins, files: boolean): Logged {
  const [
    sha = "",
    parents = "",
    authorName = "",
    authorMail = "",
    committerName = "",
    committerMail = "",
    seconds = "",
    message = "",
  ] = fields
  const author = known.of(authorMail)
  const committer = known.of(committerMail)
  const text = message.trimEnd()
  const commit: Draft<Logged> = {
    sha,
    parents: parents === "" ? [] : parents.split(" "),
    message: text,
    authorName,
    committerName,
    at: instantOf(seconds),
    landing: "",
    // git writes on another processor meanwhile.
    heard: heardOf(sha, text),
    names: pullNamedBy(sha, text),
  }
  if (author !== undefined) commit.author = author
  if (committer !== undefined) commit.committer = committer
  if (files) commit.files = fields.slice(FIELDS.length).flatMap((path) => path.replace(/^\n/, "") || [])
  return commit
}

/** ISO 8601 in UTC; a commit may claim any time, also one that no calendar has. */
function instantOf(seconds: string): string {
  const at = new Date(Number(seconds) * 1_000)
  return Number.isNaN(at.getTime()) ? NO_TIME : at.toISOString()
}

const NO_TIME = new Date(0).toISOString()

type Draft<T> = { -readonly [key in keyof T]: T[key] }

/** The same few addresses come again and again. */
class Logins {
  readonly #byMail = new Map<string, string | undefined>()

  of(mail: string): string | undefined {
    const known = this.#byMail.get(mail)
    if (known !== undefined || this.#byMail.has(mail)) return known
    const login = loginOf(mail)
    this.#byMail.set(mail, login)
    return login
  }
}
