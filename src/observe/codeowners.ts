import type { Change } from "../model/change.ts"
import { CODEOWNERS, CODEOWNERS_PATHS, type Codeowners, parseCodeowners } from "../model/codeowners.ts"
import type { Config } from "../model/config.ts"
import { merged, type Owned, type OwnedPart, partsBy, teamsOwning } from "../model/owned.ts"
import { readContent } from "./files.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** "CODEOWNERS files must be under 3 MB in size." */
const BYTES_MOST = 3 * 1024 * 1024

/** Each costs requests at every press: who is of it, and whether the one who pressed is. */
const TEAMS_MOST = 100

/** Whether some approval of releases asks the owners of the code. */
export function asksOwners(config: Config): boolean {
  const asked = [config.approvals, ...Object.values(config.components).flatMap(({ approvals }) => approvals ?? [])]
  const groups = asked.flatMap((one) => [...(one["all-of"] ?? []), ...(one["any-of"] ?? [])])
  return [...asked, ...groups].some(({ from }) => from.includes(CODEOWNERS))
}

/** The file at the end of a release, and the one before it: what a release changes of the owners takes none away. */
export interface OwnersFiles {
  readonly tip: string
  readonly now: Read<OwnersFile>
  readonly before: Read<OwnersFile> | undefined
}

/** `useless`: it was read, and nobody can tell from it who owns anything; that it says no more will never change. */
type OwnersFile =
  | { readonly is: "file"; readonly file: Codeowners }
  | { readonly is: "useless"; readonly because: string }

/**
 * Both files. One to three requests each.
 *
 * @param base the commit of the release before; undefined: there is none
 */
export async function readOwnersFiles(reader: Reader, tip: string, base: string | undefined): Promise<OwnersFiles> {
  const [now, before] = await Promise.all([
    readCodeowners(reader, tip),
    base === undefined ? undefined : readCodeowners(reader, base),
  ])
  return { tip, now, before }
}

/**
 * Who owns what a change touches. A line of the newest file that is wrong, or by which nobody on GitHub can be asked, makes
 * it unknown until it is mended; in the file before, which nobody can mend any more, it counts as little as at GitHub.
 * Where nothing at all can be told from the file before, everybody whom the newest one names is asked.
 *
 * @param paths null: not all are known
 */
export function ownedOf(files: OwnersFiles, change: Change, paths: readonly string[] | null): Read<Owned> {
  const { tip, now, before } = files
  if (now.is === "unknown") return now
  if (before?.is === "unknown") return before
  if (now.value.is === "useless") return unknown(now.value.because)
  const { file } = now.value
  const [wrong] = file.problems
  if (wrong) return unknown(`${wrong.file}:${wrong.line}: ${wrong.message}`)
  const newest = partsBy(file, paths)
  if (newest.is === "nobody") {
    return unknown(
      `${file.path}:${newest.line}: nobody can be asked for ${newest.path}: ${newest.addresses.join(", ")} is an e-mail address; name a login or a team`,
    )
  }
  const older = before ? partsBefore(before.value, file, paths) : []
  const owned = { to: change.sha, tip, parts: merged([...newest.parts, ...older]) }
  const teams = teamsOwning([owned]).length
  if (teams > TEAMS_MOST)
    return unknown(
      `${teams} teams own what it touches, and Slipway asks ${TEAMS_MOST} at most: give the paths to fewer teams, or split the change`,
    )
  return read(owned)
}

function partsBefore(before: OwnersFile, now: Codeowners, paths: readonly string[] | null): readonly OwnedPart[] {
  if (before.is === "useless") return setsIn(now, null)
  return setsIn(before.file, paths).map((part) => ({ ...part, before: true }))
}

/** The sets of owners that a file names; a line by which nobody can be asked counts for nothing. */
function setsIn(file: Codeowners, paths: readonly string[] | null): readonly OwnedPart[] {
  const lines = file.lines.filter(({ owners, addresses }) => owners.length > 0 || addresses.length === 0)
  const found = partsBy({ ...file, lines }, paths)
  return found.is === "parts" ? found.parts.filter(({ owners }) => owners.length > 0) : []
}

/** The file that GitHub would use at a commit; none: nobody owns anything. Only ever of the release branch. */
async function readCodeowners(reader: Reader, sha: string): Promise<Read<OwnersFile>> {
  for (const path of CODEOWNERS_PATHS) {
    const content = await readContent(reader, path, sha)
    if (content.is === "unknown") return content
    const file = content.value
    if (file.is === "absent" || (file.is === "strange" && file.blob === "directory")) continue
    if (file.is === "text") return read(parsed(file.text, path))
    if (file.is === "strange") return read({ is: "useless", because: `${path}: ${file.because}` })
    return readBlob(reader, path, file.blob)
  }
  return read({ is: "file", file: { path: CODEOWNERS_PATHS[0], lines: [], problems: [] } })
}

/** What is too large for "contents", up to GitHub's own limit. https://docs.github.com/en/rest/git/blobs#get-a-blob */
async function readBlob(reader: Reader, path: string, file_sha: string): Promise<Read<OwnersFile>> {
  const answer = await reader.ask((at) => reader.rest.git.getBlob({ ...at, file_sha }))
  if (answer.is === "refused") return unknown(`${path}: it could not be read: ${whyUnknown(answer.error)}`)
  const { size, content } = answer.data
  if ((size ?? 0) >= BYTES_MOST)
    return read({ is: "useless", because: `${path}: it is not under 3 MB, so that GitHub does not use it` })
  return read(parsed(Buffer.from(content, "base64").toString("utf8"), path))
}

function parsed(text: string, path: string): OwnersFile {
  const file = parseCodeowners(text, path)
  const [problem] = file.problems
  return file.tooLong && problem ? { is: "useless", because: `${path}: ${problem.message}` } : { is: "file", file }
}
