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
  readonly now: Read<Codeowners>
  readonly before: Read<Codeowners> | undefined
}

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
 *
 * @param paths null: not all are known
 */
export function ownedOf(files: OwnersFiles, change: Change, paths: readonly string[] | null): Read<Owned> {
  const { tip, now, before } = files
  if (now.is === "unknown") return now
  if (before?.is === "unknown") return before
  const [wrong] = now.value.problems
  if (wrong) return unknown(`${wrong.file}:${wrong.line}: ${wrong.message}`)
  const newest = partsBy(now.value, paths)
  if (newest.is === "nobody") {
    const file = now.value.path
    return unknown(
      `${file}:${newest.line}: nobody can be asked for ${newest.path}: ${newest.addresses.join(", ")} is an e-mail address; name a login or a team`,
    )
  }
  const owned = { to: change.sha, tip, parts: merged([...newest.parts, ...partsBefore(before?.value, paths)]) }
  const teams = teamsOwning([owned]).length
  if (teams > TEAMS_MOST)
    return unknown(
      `${teams} teams own what it touches, and Slipway asks ${TEAMS_MOST} at most: give the paths to fewer teams, or split the change`,
    )
  return read(owned)
}

function partsBefore(file: Codeowners | undefined, paths: readonly string[] | null): readonly OwnedPart[] {
  if (!file) return []
  const lines = file.lines.filter(({ owners, addresses }) => owners.length > 0 || addresses.length === 0)
  const found = partsBy({ ...file, lines }, paths)
  return found.is === "parts" ? found.parts.filter(({ owners }) => owners.length > 0) : []
}

/** The file that GitHub would use at a commit; none: nobody owns anything. Only ever of the release branch. */
async function readCodeowners(reader: Reader, sha: string): Promise<Read<Codeowners>> {
  for (const path of CODEOWNERS_PATHS) {
    const content = await readContent(reader, path, sha)
    if (content.is === "unknown") return content
    const file = content.value
    if (file.is === "absent" || (file.is === "strange" && file.blob === "directory")) continue
    if (file.is === "text") return read(parseCodeowners(file.text, path))
    if (file.is === "strange") return unknown(`${path}: ${file.because}`)
    const text = await readBlob(reader, file.blob)
    if (text.is === "unknown") return unknown(`${path}: ${text.because}`)
    return read(parseCodeowners(text.value, path))
  }
  return read({ path: CODEOWNERS_PATHS[0], lines: [], problems: [] })
}

/** What is too large for "contents", up to GitHub's own limit. https://docs.github.com/en/rest/git/blobs#get-a-blob */
async function readBlob(reader: Reader, file_sha: string): Promise<Read<string>> {
  const answer = await reader.ask((at) => reader.rest.git.getBlob({ ...at, file_sha }))
  if (answer.is === "refused") return unknown(`it could not be read: ${whyUnknown(answer.error)}`)
  const { size, content } = answer.data
  if ((size ?? 0) >= BYTES_MOST) return unknown("it is not under 3 MB, so that GitHub does not use it")
  return read(Buffer.from(content, "base64").toString("utf8"))
}
