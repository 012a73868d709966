import { type Assets, assetOf, type Sum } from "../model/asset.ts"
import { own } from "../model/own.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** GitHub allows 1,000 a release. https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases */
const MOST = 1_000
/** One request each: a file of sums beside each of many files is a habit, too. */
const SUM_FILES = 40
const SUM_BYTES = 1_000_000
/** `app.tgz.sha256`, `SHA256SUMS`, `checksums.txt` … */
const SUM_FILE = /(?:\.sha256(?:sum)?|^(?:sha256sums?|checksums)(?:\.txt)?|[_-](?:sha256sums?|checksums)(?:\.txt)?)$/i

/**
 * The files on a draft, with what files of sums among them say. A file never changes under its id, so what was read of
 * it is not read again. https://docs.github.com/en/rest/releases/assets#list-release-assets
 */
export async function readAssets(reader: Reader, draft: string, known: Assets | undefined): Promise<Read<Assets>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listReleaseAssets({ ...at, release_id: Number(draft) }),
    (items) => ({ items }),
    MOST,
  )
  if (answer.is === "too many") return unknown(`the draft has ${answer.atLeast} files, too many to look at`)
  if (answer.is === "refused") return unknown(`the files of the draft could not be read: ${whyUnknown(answer.error)}`)
  const items = answer.data.map(assetOf)
  const sums = answer.data.filter(({ name, state }) => SUM_FILE.test(name) && state === "uploaded")
  if (sums.length > SUM_FILES) return unknown(`the draft has ${sums.length} files of sums, too many to look at`)
  const listed: { [asset: string]: readonly Sum[] } = {}
  for (const file of sums) {
    const before = own(known?.listed, String(file.id))
    const one = before ? read(before) : await readSums(reader, file)
    if (one.is === "unknown") return one
    listed[file.id] = one.value
  }
  return read({ items, listed })
}

async function readSums(
  reader: Reader,
  { id, name, size }: { id: number; name: string; size: number },
): Promise<Read<readonly Sum[]>> {
  if (size > SUM_BYTES) return unknown(`${name} has ${size} bytes, too many for a file of sums`)
  const headers = { accept: "application/octet-stream" }
  const answer = await reader.ask((at) => reader.rest.repos.getReleaseAsset({ ...at, asset_id: id, headers }))
  if (answer.is === "refused") return unknown(`${name} could not be read: ${whyUnknown(answer.error)}`)
  const content: unknown = answer.data
  if (!(content instanceof ArrayBuffer)) return unknown(`${name} could not be read: GitHub did not give its content`)
  return read(sumsIn(new TextDecoder().decode(content), name))
}

/** `HASH  NAME` and `HASH *NAME`, as sha256sum writes them; a hash alone speaks of the file that its own is named after. */
export function sumsIn(text: string, file: string): readonly Sum[] {
  return text.split("\n").flatMap((line) => {
    const [, sha256, , name] = /^([0-9a-fA-F]{64})(?:[ \t]([ *]?)([^\r]{1,500}))?\r?$/.exec(line.slice(0, 600)) ?? []
    if (sha256 === undefined) return []
    const of = name === undefined ? file.replace(/\.sha256(?:sum)?$/i, "") : name.slice(name.lastIndexOf("/") + 1)
    return [{ name: of, sha256: sha256.toLowerCase() }]
  })
}
