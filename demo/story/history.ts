import { basename, resolve } from "node:path"
import { tryGit } from "../../src/cli/git.ts"
import { latestRelease, openClone, resolveCommit } from "../../src/cli/read-clone.ts"
import { readLog } from "../../src/cli/read-log.ts"
import { TAKEN_LOGINS } from "./people.ts"
import { typed } from "./titles.ts"

/** Real input: what was committed to a local clone since its last release. */
export interface History {
  /** A name that GitHub allows for a repository. */
  readonly name: string
  readonly last: { readonly tag: string; readonly version: string } | null
  /** What the first release is made of, oldest first. */
  readonly first: readonly Work[]
  readonly second: readonly Work[]
  /** How many commits there were before the newest were taken; merges do not count, the demo merges itself. */
  readonly of: number
  /** How many of the work is made up, because the clone has too little. */
  readonly invented: number
  /** The subjects follow no convention, so that the titles got types by their first words. */
  readonly typed: boolean
}

/** A commit that becomes a pull request. */
export interface Work {
  readonly message: string
  readonly title: string
  /** The author's login. */
  readonly by: string
  readonly authorName: string
}

/** So many become pull requests; more would not show more. */
const TAKEN = 14
const FEWEST = 4
const KEPT_BACK = 2

/** @throws ProblemFound where the folder is in no git repository */
export async function readHistory(directory: string): Promise<History> {
  const clone = await openClone(resolve(directory))
  const head = await resolveCommit(clone, "HEAD")
  const last = head ? await latestRelease(clone, head, "v{version}") : null
  const all = head ? await readLog(clone.directory, last?.sha ?? null, head) : []
  const commits = all.filter((c) => (c.parents?.length ?? 0) < 2 && c.message.trim() !== "")
  const invented = INVENTED.slice(0, Math.max(0, FEWEST - commits.length))
  const picked = [...invented, ...commits.slice(-TAKEN)]
  const bare =
    picked.length > invented.length && !commits.slice(-TAKEN).some(({ message }) => CONVENTIONAL.test(message))
  const work = picked.map(({ message, authorName }): Work => {
    const subject = (message.trim().split("\n", 1)[0] ?? "").slice(0, 250)
    return { message, title: bare ? typed(subject) : subject, by: loginFor(authorName), authorName }
  })
  return {
    name: await repositoryName(clone.directory),
    last: last && { tag: last.tag, version: last.version },
    first: work.slice(0, -KEPT_BACK),
    second: work.slice(-KEPT_BACK),
    of: commits.length,
    invented: invented.length,
    typed: work.some(({ message, title }) => !message.trim().startsWith(title)),
  }
}

const CONVENTIONAL = /^\w+(?:\([^)\n]*\))?!?: /

const INVENTED = ["feat: greet by name", "fix: mind the gap", "docs: say hello", "feat: say goodbye"].map(
  (message) => ({
    message,
    authorName: "Invented Author",
  }),
)

async function repositoryName(directory: string): Promise<string> {
  const { code, stdout } = await tryGit(directory, ["rev-parse", "--show-toplevel"])
  // A bare repository has no files of its own, but a folder.
  const folder = code === 0 ? stdout.trim() : resolve(directory).replace(/\.git$/, "")
  return (
    basename(folder)
      .replace(/[^\w.-]/g, "-")
      .replace(/^\.+/, "") || "repository"
  )
}

/** A login for a person whom git knows by name only, and that is nobody else's. */
function loginFor(name: string): string {
  const login =
    name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 30) || "somebody"
  return TAKEN_LOGINS.includes(login) ? `${login}-1` : login
}
