import type { Clone } from "./clone.ts"
import { carryTypes } from "./commit-types.ts"
import { saysVersion } from "./manifest-choice.ts"
import { Move, type Rule, type Written } from "./move.ts"
import {
  listOf,
  type Mapping,
  mappingOf,
  type PeerFile,
  readPeerFile,
  type Step,
  textOf,
  textsOf,
} from "./peer-file.ts"

const FILES = [".releaserc", ".releaserc.json", ".releaserc.yaml", ".releaserc.yml"]
/** https://semantic-release.gitbook.io/semantic-release/usage/configuration#plugins */
const DEFAULT_PLUGINS = ["commit-analyzer", "release-notes-generator", "npm", "github"]
const DISPATCH =
  "building and publishing stay in a workflow of yours, which `publish.dispatch` starts after each release"

const REASONS: { readonly [key: string]: string } = {
  extends: "a shared configuration is a package, which was not read; carry its settings over by hand",
  repositoryUrl: "Slipway is told of the repository by GitHub",
  dryRun: "`slipway dry-run OWNER/REPO` shows what would be done",
  ci: "Slipway runs beside CI, not in it",
  debug: "`LOG_LEVEL=debug` is a setting of the process",
  presetConfig: "`changes` has the rules",
}

/** semantic-release (https://github.com/semantic-release/semantic-release): every merge is released. */
export function fromSemanticRelease(clone: Clone): Move | undefined {
  const file = FILES.map((path) => readPeerFile(clone, path)).find((it) => it !== undefined) ?? inPackage(clone)
  if (!file) return undefined
  const config = mappingOf(file.value)
  const move = new Move("semantic-release", file)
  move.carry(
    file,
    [],
    "version",
    { from: ["commits"], zero: "major", initial: "1.0.0" },
    "it reads commits, makes 1.0.0 of the first release and knows no rule of its own below that",
  )
  const tag = textOf(config.tagFormat)
  if (tag !== undefined) move.carry(file, ["tagFormat"], "version", { tag: tag.replace(/\$\{version\}/, "{version}") })
  branches(move, file, clone, config)
  const plugins = pluginsOf(config)
  const commits = plugins.some(({ name }) => name === "git")
  for (const plugin of plugins) carryPlugin(move, file, clone, plugin)
  move.carry(
    file,
    config.plugins === undefined ? [] : ["plugins"],
    "publish",
    { mode: commits ? "pull-request" : "auto" },
    commits
      ? "version files are committed with a release; Slipway does that by a release pull request, since what was tested is what is tagged"
      : "published as soon as every gate is passed; `approvals.required` stays 1, so that somebody still approves; 0 is for a repository of one person",
  )
  if (config.preset !== undefined) preset(move, file, ["preset"], config.preset)
  if (config.plugins !== undefined) move.note(file, ["plugins"], "", "publish")
  move.pass(file, "$schema")
  move.loseTheRest(file, REASONS)
  return move
}

function inPackage(clone: Clone): PeerFile | undefined {
  const file = readPeerFile(clone, "package.json", ["release"])
  return file?.value === undefined ? undefined : file
}

const MAINTENANCE = /^\d+(?:\.\d+)?\.x$/
/** `+([0-9])?(.{+([0-9]),x}).x`: the pattern of maintenance branches that its documentation gives. */
const MAINTENANCE_PATTERN = "+([0-9])?(.{+([0-9]),x}).x"
type Branch = NonNullable<Written["branches"]>[number]

/** https://semantic-release.gitbook.io/semantic-release/usage/configuration#branches */
function branches(move: Move, file: PeerFile, clone: Clone, config: Mapping): void {
  const isDefault = config.branches === undefined
  const listed = isDefault
    ? [MAINTENANCE_PATTERN, "master", "main", { name: "beta", prerelease: true }, { name: "alpha", prerelease: true }]
    : Array.isArray(config.branches)
      ? config.branches
      : [config.branches]
  const named = new Map<string, Branch>()
  for (const [index, entry] of listed.entries()) {
    const at: Step[] = isDefault ? [] : Array.isArray(config.branches) ? ["branches", index] : ["branches"]
    for (const branch of branchOf(move, file, clone, at, entry)) {
      const name = typeof branch === "string" ? branch : branch.name
      if ((!isDefault || clone.branches.includes(name)) && !named.has(name)) named.set(name, branch)
    }
  }
  if (named.size > 0)
    move.carry(
      file,
      isDefault ? [] : ["branches"],
      "branches",
      [...named.values()],
      isDefault ? "those of its default that are in this clone" : "",
    )
}

function branchOf(move: Move, file: PeerFile, clone: Clone, at: Step[], entry: unknown): Branch[] {
  const of = mappingOf(entry)
  const name = textOf(entry) ?? textOf(of.name) ?? ""
  const { prerelease } = of
  if (name === MAINTENANCE_PATTERN || /^[0-9*x.]*\*[0-9*x.]*$/.test(name)) {
    const found = clone.branches.filter((branch) => MAINTENANCE.test(branch))
    if (at.length > 0)
      move.note(file, at, "a branch is named as it is, without a pattern: those that are in this clone", "branches")
    return found.map((branch) => ({ name: branch, maintenance: true }))
  }
  if (typeof prerelease === "string" || prerelease === true)
    return [{ name, channel: typeof prerelease === "string" && !prerelease.includes("$") ? prerelease : name }]
  if (of.channel !== undefined)
    move.lose(
      file,
      [...at, "channel"],
      "a distribution channel belongs to the registry; the workflow that publishes there sets it",
    )
  return MAINTENANCE.test(name) || of.range !== undefined ? [{ name, maintenance: true }] : [name]
}

interface Plugin {
  readonly name: string
  readonly options: Mapping
  readonly at: Step[]
}

function pluginsOf(config: Mapping): readonly Plugin[] {
  if (config.plugins === undefined) return DEFAULT_PLUGINS.map((name) => ({ name, options: {}, at: [] }))
  return listOf(config.plugins).flatMap((entry, index) => {
    const [first, options] = Array.isArray(entry) ? entry : [entry, {}]
    const name = textOf(first)?.replace(/^@semantic-release\//, "")
    return name === undefined
      ? []
      : [{ name, options: mappingOf(options), at: Array.isArray(entry) ? ["plugins", index, 1] : ["plugins", index] }]
  })
}

type Carry = (move: Move, file: PeerFile, clone: Clone, options: Mapping, at: Step[]) => void
const PLUGINS: { readonly [name: string]: Carry } = {
  "commit-analyzer": (move, file, _, options, at) => analyzer(move, file, options, at),
  "release-notes-generator": (move, file, _, options, at) => notes(move, file, options, at),
  changelog: (move, file, _, options, at) =>
    move.carry(file, at, "publish", { changelog: textOf(options.changelogFile) ?? "CHANGELOG.md" }),
  git: (move, file, clone, options, at) => committed(move, file, clone, options, at),
  github: (move, file, _, options, at) => github(move, file, options, at),
}

function carryPlugin(move: Move, file: PeerFile, clone: Clone, { name, options, at }: Plugin): void {
  const carry = Object.hasOwn(PLUGINS, name) ? PLUGINS[name] : undefined
  if (carry) carry(move, file, clone, options, at)
  else if (at.length > 0) {
    const known = ["npm", "exec", "gitlab"].includes(name) || /docker|helm|maven|gradle|pypi|vsce/.test(name)
    move.lose(file, at, known ? DISPATCH : "nothing in Slipway is like this plugin")
  }
}

function analyzer(move: Move, file: PeerFile, options: Mapping, at: Step[]): void {
  if (options.preset !== undefined) preset(move, file, [...at, "preset"], options.preset)
  const rules = listOf(options.releaseRules).map(mappingOf)
  for (const [index, rule] of rules.entries()) carryRule(move, file, [...at, "releaseRules", index], rule)
  if (textOf(options.releaseRules) !== undefined)
    move.lose(file, [...at, "releaseRules"], "these rules are a program, which was not run; write them as `changes`")
  for (const key of ["parserOpts", "config", "presetConfig"])
    if (options[key] !== undefined) move.lose(file, [...at, key], "messages are read as Conventional Commits 1.0.0")
}

/** https://github.com/semantic-release/commit-analyzer#releaserules */
function carryRule(move: Move, file: PeerFile, at: Step[], rule: Mapping): void {
  const { type, scope, release } = rule
  const title = textOf(rule.subject) ?? textOf(rule.message)
  const strange = Object.keys(rule).filter((key) => !["type", "scope", "release", "subject", "message"].includes(key))
  const bump = release === false ? "none" : (["major", "minor", "patch"] as const).find((it) => it === release)
  const when = {
    ...(textOf(type) ? { type: String(type) } : {}),
    ...(textOf(scope) ? { scope: String(scope) } : {}),
    ...(title ? { title } : {}),
  }
  if (strange.length > 0)
    move.lose(
      file,
      at,
      `a rule has no condition \`${strange[0]?.replaceAll("`", "'")}\`: breaking changes are major and reverts cancel by themselves`,
    )
  else if (bump === undefined || Object.keys(when).length === 0)
    move.lose(file, at, "a rule asks for major, minor, patch or none")
  else
    move.carry(
      file,
      at,
      "changes",
      [{ when, bump } satisfies Rule],
      bump === "none" ? "a breaking change stays one all the same" : "",
    )
}

function notes(move: Move, file: PeerFile, options: Mapping, at: Step[]): void {
  const types = mappingOf(options.presetConfig).types
  if (types !== undefined) carryTypes(move, file, [...at, "presetConfig", "types"], types, "none")
  for (const key of ["parserOpts", "writerOpts", "linkCompare", "linkReferences", "host"])
    if (options[key] !== undefined)
      move.lose(file, [...at, key], "a line of the notes is `notes.line`; the rest is Slipway's own")
}

function preset(move: Move, file: PeerFile, at: Step[], name: unknown): void {
  if (name === "angular" || name === "conventionalcommits")
    move.note(file, at, "this is how Slipway reads commits", "version")
  else move.lose(file, at, "messages are read as Conventional Commits 1.0.0")
}

function committed(move: Move, file: PeerFile, clone: Clone, options: Mapping, at: Step[]): void {
  const assets =
    options.assets === undefined
      ? ["package.json", "package-lock.json", "npm-shrinkwrap.json"]
      : textsOf(options.assets)
  const manifests = assets.filter((path) => saysVersion(clone, { path }))
  const others = assets.filter(
    (path) => !manifests.includes(path) && !/changelog/i.test(path) && options.assets !== undefined,
  )
  if (manifests.length > 0) move.carry(file, at, "publish", { manifests })
  if (others.length > 0)
    move.lose(
      file,
      [...at, "assets"],
      `of these no version is known: ${others.slice(0, 5).join(", ")}; what is built is no part of a release's commit`,
    )
  if (options.message !== undefined) move.lose(file, [...at, "message"], "the release commit's words are Slipway's own")
}

function github(move: Move, file: PeerFile, options: Mapping, at: Step[]): void {
  const assets = (Array.isArray(options.assets) ? options.assets : [options.assets]).flatMap(
    (it) => textOf(it) ?? textOf(mappingOf(it).path) ?? [],
  )
  const names = assets.map((path) => path.split("/").at(-1) ?? path).filter((name) => name !== "" && name !== "**")
  if (names.length > 0)
    move.carry(
      file,
      [...at, "assets"],
      "publish",
      { assets: names },
      "a workflow of yours attaches them to the draft; publishing waits for them",
    )
  if (options.successComment === false) move.carry(file, [...at, "successComment"], "publish", { comments: false })
  if (options.draftRelease === true) move.lose(file, [...at, "draftRelease"], "see `publish.mode: draft`")
  for (const key of [
    "failComment",
    "failTitle",
    "labels",
    "assignees",
    "releasedLabels",
    "addReleases",
    "successCommentCondition",
    "githubUrl",
  ])
    if (options[key] !== undefined && options[key] !== false)
      move.lose(file, [...at, key], "what failed is said on the check run and in the thread of the release")
  if (typeof options.successComment === "string")
    move.lose(file, [...at, "successComment"], "the comment's words are Slipway's own")
}
