import { versionIn } from "../manifests/edit-manifest.ts"
import type { ManifestSaid, ReleaseFiles } from "../model/release-files.ts"
import { manifestKey } from "../model/release-files.ts"
import { readContent } from "./files.ts"
import type { Findings } from "./findings.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** What the manifests of a release say at a commit. One request a file, and one more for each above 1 MB. */
export async function readManifests(
  reader: Reader,
  findings: Findings,
  { manifests }: ReleaseFiles,
  sha: string,
): Promise<void> {
  const paths = [...new Set(manifests.map(({ path }) => path))]
  const texts = new Map(
    await Promise.all(paths.map(async (path) => [path, await readText(reader, path, sha)] as const)),
  )
  const beside = [...texts].flatMap(([path, text]) =>
    text.is === "read" && text.value !== null ? [{ path, text: text.value }] : [],
  )
  for (const manifest of manifests) {
    const text = texts.get(manifest.path)
    const key = `${sha}:${manifestKey(manifest)}`
    if (!text || text.is === "unknown") findings.take("versions", key, text ?? unknown("it was not read"))
    else findings.take("versions", key, read(saidBy(manifest, text.value, beside, sha)))
  }
}

function saidBy(
  manifest: ReleaseFiles["manifests"][number],
  text: string | null,
  beside: readonly { readonly path: string; readonly text: string }[],
  sha: string,
): ManifestSaid {
  if (text === null) return { none: `${manifest.path} does not exist at ${sha.slice(0, 7)}` }
  const said = versionIn(manifest, text, beside)
  return said.is === "version" ? { version: said.version } : { none: said.because }
}

/** Null: it does not exist. A lock file may be large: above 1 MB GitHub sends the content only as a blob. */
async function readText(reader: Reader, path: string, sha: string): Promise<Read<string | null>> {
  const content = await readContent(reader, path, sha)
  if (content.is === "unknown") return content
  const file = content.value
  if (file.is === "absent") return read(null)
  if (file.is === "text") return read(file.text)
  if (file.is === "strange") return unknown(file.because)
  const answer = await reader.ask((at) => reader.rest.git.getBlob({ ...at, file_sha: file.blob }))
  if (answer.is === "refused") return unknown(whyUnknown(answer.error))
  return read(Buffer.from(answer.data.content, "base64").toString("utf8"))
}
