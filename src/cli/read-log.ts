import { StringDecoder } from "node:string_decoder"
import { heardOf } from "../decide/voices.ts"
import type { Commit } from "../model/change.ts"
import { Landings, type Unplaced } from "../observe/landing.ts"
import { gitFailed, streamGit } from "./git.ts"
import { loginOf, type NamedPull, pullNamedBy } from "./local-pulls.ts"

/** The time in seconds: git takes twice as long to write a date out as we do. */
const FIELDS = ["%H", "%P", "%an", "%ae", "%cn", "%ce", "%ct", "%B"]

/**
 * The commits that `to` reaches and `since` does not, in the order in which they landed, read by one `git log`.
 * @param since a SHA, or null for everything
 */
export async function readLog(
  directory: string,
  since: string | null,
  to: string,
  options: Pick<ReadOptions, "files"> = {},
): Promise<readonly Commit[]> {
  const landings = new Landings<Logged>()
  const each = (commit: Logged) => landings.add(commit)
  await readCommits(directory, since === null ? [to] : [to, `^${since}`], { ...options, each })
  return landings.placed(to, withLanding)
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
  /** Is told of each commit while git is still writing, on another processor. */
  readonly each?: (commit: Logged) => void
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
  { files = false, each }: ReadOptions = {},
): Promise<readonly Logged[]> {
  // Without any, git would take HEAD.
  if (revisions.length === 0) return []
  const plainly = ["--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--encoding=UTF-8"]
  const paths = files ? ["--name-only", "--no-renames"] : []
  const args = ["log", "-z", `--format=${BEGIN}%x00${FIELDS.join("%x00")}`, ...plainly, ...paths, "--stdin"]
  const commits: Logged[] = []
  const known: Known = { logins: new Logins(), instants: new Instants() }
  let fields: string[] | null = null
  const flush = () => {
    if (!fields) return
    const commit = commitOf(fields, known, files)
    commits.push(commit)
    each?.(commit)
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

function commitOf(fields: readonly string[], known: Known, files: boolean): Logged {
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
  const author = known.logins.of(authorMail)
  const committer = known.logins.of(committerMail)
  const text = message.trimEnd()
  const commit: Draft<Logged> = {
    sha,
    parents: parents === "" ? [] : parents.split(" "),
    message: text,
    authorName,
    committerName,
    at: known.instants.of(seconds),
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

/**
 * A commit's time as ISO 8601 in UTC; a commit may claim any time, also one that no calendar has.
 * Commits of the same hour stand together, so that hour is not written out anew: dates take long.
 */
class Instants {
  #hour = Number.NaN
  #written = ""

  of(text: string): string {
    const seconds = Number(text)
    const within = seconds % HOUR
    if (!(within >= 0)) return NO_TIME
    const hour = seconds - within
    if (hour !== this.#hour) {
      const at = new Date(hour * 1_000)
      if (Number.isNaN(at.getTime())) return NO_TIME
      this.#hour = hour
      this.#written = at.toISOString().slice(0, -"00:00.000Z".length)
    }
    return `${this.#written}${two(Math.floor(within / MINUTE))}:${two(within % MINUTE)}.000Z`
  }
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const NO_TIME = new Date(0).toISOString()
const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`)

/** What one commit after the other says again. */
interface Known {
  readonly logins: Logins
  readonly instants: Instants
}

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
