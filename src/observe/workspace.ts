import { parseYaml } from "../config/parse-yaml.ts"
import { hashOf } from "../model/hash.ts"
import type { Moved } from "../model/signal.ts"
import { storable } from "../model/storable.ts"
import {
  type Manifest,
  matchesFolder,
  mayNeed,
  type Patterns,
  type Workspace,
  workspaceOf,
} from "../model/workspace.ts"
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
 * (pnpm-workspace.yaml) name, with what they need of each other. Only what may have changed is read: one request for each
 * file that was touched, and for each manifest that may need a package which is new.
 *
 * @param touched the manifests that changed since `before`; null: any may have
 */
export async function readWorkspace(
  reader: Reader,
  sha: string,
  before: Workspace | undefined,
  touched: readonly string[] | null,
): Promise<Read<Workspace>> {
  const patterns = await readPatterns(reader, sha, before?.patterns, touched)
  if (patterns.is === "unknown") return patterns
  const known = before?.manifests ?? []
  const isSame = before !== undefined && hashOf(before.patterns) === hashOf(patterns.value)
  const changed = isSame && touched ? read(touched) : await listChanged(reader, sha, known)
  if (changed.is === "unknown") return changed
  const isIn = (path: string) => isMember(path, allOf(patterns.value))
  const members = changed.value.filter(isIn)
  if (members.length > PACKAGES_LIMIT) return tooMany(members.length)
  const news = await readManifests(reader, sha, members)
  if (news.is === "unknown") return news
  const kept = known.filter(({ path }) => !changed.value.includes(path) && isIn(path))
  const added = news.value.flatMap(({ name }) => (known.some((one) => one.name === name) ? [] : (name ?? [])))
  const again = kept.filter((one) => added.some((name) => mayNeed(one, name)))
  const more = await readManifests(
    reader,
    sha,
    again.map(({ path }) => path),
  )
  if (more.is === "unknown") return more
  const all = [...kept.filter((one) => !again.includes(one)), ...news.value, ...more.value]
  return all.length > PACKAGES_LIMIT ? tooMany(all.length) : read(workspaceOf(all, patterns.value))
}

const tooMany = (count: number) => unknown(`the workspace has ${count} packages, more than ${PACKAGES_LIMIT}`)

/** The manifests of the repository that are not as they were: new, changed or gone. */
async function listChanged(reader: Reader, sha: string, known: readonly Manifest[]): Promise<Read<readonly string[]>> {
  const answer = await reader.ask((at) => reader.rest.git.getTree({ ...at, tree_sha: sha, recursive: "1" }))
  if (answer.is === "refused") return unknown(`the workspace could not be read: ${whyUnknown(answer.error)}`)
  if (answer.data.truncated) return unknown("the workspace could not be read: GitHub's list of its files is cut short")
  const blobs = new Map(
    answer.data.tree.flatMap(({ type, path, sha: blob }) =>
      type === "blob" && path !== undefined && isManifest(path) ? [[path, blob] as const] : [],
    ),
  )
  const same = new Set(known.flatMap(({ path, blob }) => (blobs.get(path) === blob ? [path] : [])))
  return read([...new Set([...blobs.keys(), ...known.map(({ path }) => path)])].filter((path) => !same.has(path)))
}

const folderOf = (path: string): string => path.slice(0, -(ROOT.length + 1))

/** Whether a file is the manifest of a package that the patterns name. `!packages/old` takes back what a pattern before it named. */
export const isMember = (path: string, patterns: readonly string[]): boolean =>
  path.endsWith(`/${ROOT}`) &&
  isManifest(path) &&
  patterns.some((one) => !one.startsWith("!") && matchesFolder(folderOf(path), one)) &&
  !patterns.some((one) => one.startsWith("!") && matchesFolder(folderOf(path), one.slice(1)))

/** https://docs.npmjs.com/cli/using-npm/workspaces, https://pnpm.io/pnpm-workspace_yaml, https://yarnpkg.com/features/workspaces */
async function readPatterns(
  reader: Reader,
  sha: string,
  before: Patterns | undefined,
  touched: readonly string[] | null,
): Promise<Read<Patterns>> {
  const textAt = async (path: string): Promise<Read<string | null>> => {
    const content = await readContent(reader, path, sha)
    return content.is === "unknown" ? content : read(content.value.is === "text" ? content.value.text : null)
  }
  const stands = (path: string) => before !== undefined && touched?.includes(path) === false
  const [root, pnpm] = await Promise.all([
    stands(ROOT) ? read(null) : textAt(ROOT),
    stands(PNPM) ? read(null) : textAt(PNPM),
  ])
  if (root.is === "unknown") return root
  if (pnpm.is === "unknown") return pnpm
  const found = patternsIn(root.value, pnpm.value)
  const patterns = {
    root: before && stands(ROOT) ? before.root : found.root,
    pnpm: before && stands(PNPM) ? before.pnpm : found.pnpm,
  }
  return allOf(patterns).length > 0 ? read(patterns) : unknown(NO_PACKAGES)
}

/** All of them, those of pnpm first. */
export const allOf = ({ root, pnpm }: Patterns): readonly string[] => [...pnpm, ...root]

export const NO_PACKAGES =
  "`workspaces: true` in .github/slipway.yml asks for the packages of a workspace, " +
  "but neither package.json nor pnpm-workspace.yaml names any"

/**
 * The patterns of folders that a workspace has its packages in.
 * @param root the text of package.json, null where there is none
 * @param pnpm the text of pnpm-workspace.yaml
 */
export function patternsIn(root: string | null, pnpm: string | null): Patterns {
  const yaml = pnpm === null ? undefined : parseYaml(pnpm)
  const ofPnpm = yaml?.ok ? textsIn(yaml.document.found(["packages"])) : []
  const ofRoot = root === null ? [] : workspacesIn(root)
  const clean = (all: readonly string[]) => all.map((one) => one.replace(/^(!?)\.\//, "$1").replace(/\/$/, ""))
  return { root: clean(ofRoot), pnpm: clean(ofPnpm) }
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
