import { type Brought, PATHS_MOST, type Statement } from "../model/brought.ts"
import type { Change } from "../model/change.ts"
import { destructiveIn } from "../model/destructive-sql.ts"
import { type Ledger, placesIn, startOf } from "../model/ledger.ts"
import { isWayBack } from "../model/risk-paths.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits: "up to 300 changed files for the entire comparison" */
const FILES_LISTED = 300
const STATEMENTS_MOST = 10
const UNSHOWN_MOST = 10

type Compared = Awaited<ReturnType<Reader["rest"]["repos"]["compareCommitsWithBasehead"]>>["data"]
type File = NonNullable<Compared["files"]>[number]

/**
 * What a change brought to its branch: the tree that it landed on, compared with the one that it is complete with. That
 * is what ships, whatever its pull request showed. One request.
 */
export async function readBrought(reader: Reader, ledger: Ledger, change: Change): Promise<Read<Brought>> {
  const from = landedOn(ledger, change)
  if (from === undefined) return read({ ...NOTHING, to: change.sha })
  const basehead = `${from}...${change.sha}`
  const answer = await reader.ask((at) =>
    reader.rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: 1, page: 1 }),
  )
  if (answer.is === "refused") return unknown(`what it changed could not be read: ${whyUnknown(answer.error)}`)
  const { status, files = [] } = answer.data
  if (status !== "ahead") return unknown(`${change.sha.slice(0, 7)} does not follow ${from.slice(0, 7)}`)
  return read(broughtBy(from, change.sha, files))
}

/** Of the first commit of all, and of one that came as a part of another change, nothing can be compared. */
const NOTHING = { from: "", paths: null, lines: 0, statements: [], unshown: [] }

/** The commit of the branch before the first one of the change; undefined: nobody knows it. */
function landedOn(ledger: Ledger, { commits }: Change): string | undefined {
  const [first] = commits
  if (!first) return undefined
  const at = placesIn(ledger.commits).get(first.sha) ?? -1
  if (at > 0) return ledger.commits[at - 1]?.sha
  const start = ledger.starts ? undefined : startOf(ledger)?.sha
  return at < 0 ? undefined : (start ?? (commits.length === 1 ? first.parents?.[0] : undefined))
}

function broughtBy(from: string, to: string, files: readonly File[]): Brought {
  const paths = files.flatMap(({ filename, previous_filename: old }) => (old ? [filename, old] : [filename]))
  const migrations = files.filter((file) => isUpward(file))
  return {
    from,
    to,
    paths: files.length >= FILES_LISTED || paths.length > PATHS_MOST ? null : paths,
    lines: files.reduce((sum, { changes }) => sum + changes, 0),
    statements: migrations.flatMap(statementsIn).slice(0, STATEMENTS_MOST),
    unshown: migrations
      .flatMap((file) => (file.patch === undefined && file.changes > 0 ? [file.filename] : []))
      .slice(0, UNSHOWN_MOST),
  }
}

const isUpward = ({ filename, status }: File): boolean =>
  status !== "removed" && /\.sql$/i.test(filename) && !isWayBack(filename)

const statementsIn = ({ filename: file, patch = "" }: File): readonly Statement[] =>
  destructiveIn(addedIn(patch)).map((one) => ({ file, ...one }))

/**
 * The lines that a patch adds, hunk by hunk: statements of two places are not one. A file that is not new is read
 * without what stands around its changes; what is a comment there may be taken for a statement, and costs a look.
 */
const addedIn = (patch: string): string =>
  patch
    .split("\n")
    .flatMap((line) => (line.startsWith("@@") ? [";"] : line.startsWith("+") ? [line.slice(1)] : []))
    .join("\n")
