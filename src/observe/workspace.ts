import { parseYaml } from "../config/parse-yaml.ts"
import type { Moved } from "../model/signal.ts"
import { storable } from "../model/storable.ts"
import { type Manifest, matchesFolder, type Workspace, workspaceOf } from "../model/workspace.ts"
import { readContent } from "./files.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

const ROOT = "package.json"
const PNPM = "pnpm-workspace.yaml"
/** More packages than this is no workspace but an accident; each is a file to read. */
const PACKAGES_LIMIT = 1_000

/** Whether a path is one of those that say which packages there are, and what they need of each other. */
export const isManifest = (path: string): boolean =>
  path === PNPM || path === ROOT || (path.endsWith(`/${ROOT}`) && !path.includes("node_modules/"))

/** The manifests that pushes touched; null where they did not list their files. */
export const manifestsTouched = (moves: readonly Moved[]): readonly string[] | null =>
  moves.some(({ files }) => files === null)
    ? null
    : [...new Set(moves.flatMap(({ files }) => files ?? []).filter(isManifest))]

/**
 * The packages of the workspace at a commit: those that npm, yarn (`workspaces` in package.json) or pnpm
 * (pnpm-workspace.yaml) name, with what they need of each other. Manifests that stand as they stood are not read again.
 *
 * @param touched the manifests that changed since `before`; null: any may have
 */
export async function readWorkspace(
  reader: Reader,
  sha: string,
  before: Workspace | undefined,
  touched: readonly string[] | null,
): Promise<Read<Workspace>> {
  const known = before?.manifests ?? []
  const isSame = touched?.every((path) => path !== ROOT && known.some((one) => one.path === path))
  if (isSame) {
    const again = known.filter(({ path }) => touched?.includes(path))
    const manifests = await readManifests(
      reader,
      sha,
      again.map(({ path }) => path),
    )
    if (manifests.is === "unknown") return manifests
    const isNamed = manifests.value.every(({ name }) => known.some((one) => one.name === name))
    if (manifests.value.length === again.length && isNamed)
      return read(workspaceOf([...known.filter((one) => !again.includes(one)), ...manifests.value]))
  }
  return readWholeWorkspace(reader, sha, known)
}

async function readWholeWorkspace(reader: Reader, sha: string, known: readonly Manifest[]): Promise<Read<Workspace>> {
  const patterns = await readPatterns(reader, sha)
  if (patterns.is === "unknown") return patterns
  const answer = await reader.ask((at) => reader.rest.git.getTree({ ...at, tree_sha: sha, recursive: "1" }))
  if (answer.is === "refused") return unknown(`the workspace could not be read: ${whyUnknown(answer.error)}`)
  if (answer.data.truncated) return unknown("the workspace could not be read: GitHub's list of its files is cut short")
  const found = answer.data.tree.filter(({ type, path = "" }) => type === "blob" && isMember(path, patterns.value))
  if (found.length > PACKAGES_LIMIT)
    return unknown(`the workspace has ${found.length} packages, more than ${PACKAGES_LIMIT}`)
  // Of what a package needs only those of the workspace are kept: for a new one all have to say it again.
  const isGrown = found.some(({ path }) => !known.some((one) => one.path === path))
  const same = isGrown
    ? []
    : known.filter((one) => found.some(({ path, sha: blob }) => path === one.path && blob === one.blob))
  const news = found.flatMap(({ path = "" }) => (same.some((one) => one.path === path) ? [] : [path]))
  const manifests = await readManifests(reader, sha, news)
  return manifests.is === "unknown" ? manifests : read(workspaceOf([...same, ...manifests.value]))
}

const folderOf = (path: string): string => path.slice(0, -(ROOT.length + 1))

/** Whether a file is the manifest of a package that the patterns name. `!packages/old` takes back what a pattern before it named. */
export const isMember = (path: string, patterns: readonly string[]): boolean =>
  path.endsWith(`/${ROOT}`) &&
  isManifest(path) &&
  patterns.some((one) => !one.startsWith("!") && matchesFolder(folderOf(path), one)) &&
  !patterns.some((one) => one.startsWith("!") && matchesFolder(folderOf(path), one.slice(1)))

/** https://docs.npmjs.com/cli/using-npm/workspaces, https://pnpm.io/pnpm-workspace_yaml, https://yarnpkg.com/features/workspaces */
async function readPatterns(reader: Reader, sha: string): Promise<Read<readonly string[]>> {
  const [pnpm, root] = await Promise.all([readContent(reader, PNPM, sha), readContent(reader, ROOT, sha)])
  if (pnpm.is === "unknown") return pnpm
  if (root.is === "unknown") return root
  const textOf = (content: typeof pnpm.value) => (content.is === "text" ? content.text : null)
  const patterns = patternsIn(textOf(root.value), textOf(pnpm.value))
  return patterns.length > 0 ? read(patterns) : unknown(NO_PACKAGES)
}

export const NO_PACKAGES =
  "`workspaces: true` in .github/slipway.yml asks for the packages of a workspace, " +
  "but neither package.json nor pnpm-workspace.yaml names any"

/**
 * The patterns of folders that a workspace has its packages in.
 * @param root the text of package.json, null where there is none
 * @param pnpm the text of pnpm-workspace.yaml
 */
export function patternsIn(root: string | null, pnpm: string | null): readonly string[] {
  const yaml = pnpm === null ? undefined : parseYaml(pnpm)
  const ofPnpm = yaml?.ok ? textsIn(yaml.document.found(["packages"])) : []
  const ofRoot = root === null ? [] : workspacesIn(root)
  return [...ofPnpm, ...ofRoot].map((one) => one.replace(/^(!?)\.\//, "$1").replace(/\/$/, ""))
}

function workspacesIn(text: string): readonly string[] {
  const { workspaces } = objectIn(text) ?? {}
  if (Array.isArray(workspaces)) return textsIn(workspaces)
  return isObject(workspaces) ? textsIn(workspaces.packages) : []
}

async function readManifests(
  reader: Reader,
  sha: string,
  paths: readonly string[],
): Promise<Read<readonly Manifest[]>> {
  const contents = await Promise.all(paths.map(async (path) => [path, await readContent(reader, path, sha)] as const))
  const found: Manifest[] = []
  for (const [path, content] of contents) {
    if (content.is === "unknown") return content
    if (content.value.is === "absent") continue
    if (content.value.is !== "text") return unknown(`\`${path}\` could not be read: ${content.value.because}`)
    const manifest = manifestIn(path, content.value.blob, content.value.text)
    if (!manifest) return unknown(`\`${path}\` is no JSON object: which packages there are is not known`)
    found.push(manifest)
  }
  return read(found)
}

/** What it needs to run; what only its tests or its build need changes nothing for who uses it. */
const RUNTIME = ["dependencies", "peerDependencies", "optionalDependencies"]

/** A package.json as far as it counts; undefined where it is no JSON object. */
export function manifestIn(path: string, blob: string, text: string): Manifest | undefined {
  const manifest = objectIn(text)
  if (!manifest) return undefined
  const needs = RUNTIME.flatMap((key) => (isObject(manifest[key]) ? Object.keys(manifest[key]) : []))
  const name = typeof manifest.name === "string" ? manifest.name : null
  return { path, blob, name, needs: [...new Set(needs)].sort() }
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

function objectIn(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = storable(JSON.parse(text))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string").slice(0, PACKAGES_LIMIT) : []
