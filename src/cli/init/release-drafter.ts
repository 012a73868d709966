import type { Clone } from "./clone.ts"
import { Move, type Rule } from "./move.ts"
import { listOf, type Mapping, mappingOf, type PeerFile, readPeerFile, textOf, textsOf } from "./peer-file.ts"

const FILES = [".github/release-drafter.yml", ".github/release-drafter.yaml"]
const BUMPS = ["major", "minor", "patch"] as const
type Bump = (typeof BUMPS)[number]

const REASONS: { readonly [key: string]: string } = {
  "name-template": "a release is called by its tag, or by the `release.name` of a plan",
  "version-template": "versions are SemVer's major.minor.patch",
  "category-template": "headings of sections are Slipway's own",
  template: "the notes are Slipway's; text of your own goes into the draft, outside of the markers, and stays",
  header: "text of your own goes into the draft, outside of the markers, and stays",
  footer: "text of your own goes into the draft, outside of the markers, and stays",
  replacers: "notes are not rewritten by patterns; a title is corrected in the pull request, also after the merge",
  "change-title-escapes": "titles are escaped for Markdown always",
  "no-changes-template": "without changes there is no draft",
  "sort-by": "changes stand in the order in which they were merged",
  "sort-direction": "changes stand in the order in which they were merged",
  "exclude-contributors": "`notes.contributors` is on or off for all; bots are not named",
  "no-contributors-template": "`notes.contributors` is on or off",
  autolabeler: "Slipway puts no labels; a rule may look at the change itself: `when: { path: … }` or `{ type: … }`",
  "include-labels":
    'what a rule does not exclude is in the notes; a last rule `{ when: { title: "*" }, exclude: true }` turns that round',
  "filter-by-commitish": "a release is always of its own branch",
  "filter-by-range": "a release begins at the last one of its line",
  commitish: "a release is always of its own branch; see `branches`",
  prerelease: "prereleases come from a branch with a channel: `branches: [main, { name: next, channel: rc }]`",
  "prerelease-identifier": "it is a branch's channel: `branches: [main, { name: next, channel: rc }]`",
  "include-pre-releases": "a stable release begins at the last stable one",
  latest: "GitHub's `latest` is the highest stable version; an older line never takes it",
  "initial-commits-since": "the first release has all changes",
  "history-limit": "no history is read again for a merge",
}

/** release-drafter (https://github.com/release-drafter/release-drafter): a draft by labels. */
export function fromReleaseDrafter(clone: Clone): Move | undefined {
  const file = FILES.map((path) => readPeerFile(clone, path)).find((it) => it !== undefined)
  if (!file) return undefined
  const config = mappingOf(file.value)
  const move = new Move("release-drafter", file)
  if (config._extends !== undefined)
    move.lose(
      file,
      ["_extends"],
      "that file lies in another repository and was not read; carry its settings over by hand",
    )
  for (const other of clone.find(".github/release-drafter*.{yml,yaml}"))
    if (other !== file.path)
      move.notes.push({
        from: `${other}:1`,
        key: "the whole file",
        to: undefined,
        says: "a second configuration was not carried over; a part of a repository is a component: `components`",
      })
  tag(move, file, config)
  version(move, file, config)
  const line = lineOf(textOf(config["change-template"]))
  if (line === undefined && config["change-template"] !== undefined)
    move.lose(
      file,
      ["change-template"],
      "it has fields that `notes.line` lacks; it knows {title}, {number}, {author}, {sha}, {type} and {scope}",
    )
  else if (line !== undefined) move.carry(file, ["change-template"], "notes", { line })
  const references = textsOf(config.references).map((name) => name.replace(/^refs\/heads\//, ""))
  if (references.length > 0) move.carry(file, ["references"], "branches", references)
  move.loseTheRest(file, REASONS)
  return move
}

/** `api-v$RESOLVED_VERSION` with `include-paths` is one component of several. */
function tag(move: Move, file: PeerFile, config: Mapping): void {
  const key = config["tag-template"] === undefined ? "name-template" : "tag-template"
  const template = (textOf(config[key]) ?? "v$RESOLVED_VERSION").replace(VERSION_FIELD, "{version}")
  const isTag = template.includes("{version}") && !template.includes("$")
  const [, name] = (isTag && /^(.*?)[-_/@]*v?\{version\}/.exec(template)) || []
  const paths = textsOf(config["include-paths"])
  if (paths.length > 0 && name) {
    const component = { path: paths.map(folder), tag: template }
    move.carry(file, ["include-paths"], "components", { [name]: component }, `with its tag, of \`${key}\``)
    move.pass(file, key)
    return
  }
  if (paths.length > 0)
    move.lose(
      file,
      ["include-paths"],
      'a part of a repository is a component with a tag of its own: `components: { api: { path: "api/**" } }`',
    )
  if (key === "tag-template" && !isTag)
    move.lose(file, [key], "a tag has `{version}` in it and nothing else that changes")
  if (config[key] !== undefined && isTag) move.carry(file, [key], "version", { tag: template })
}

const VERSION_FIELD = /\$(?:RESOLVED|NEXT_(?:MAJOR|MINOR|PATCH))_VERSION/

const folder = (path: string): string =>
  /[*.]/.test(path.split("/").at(-1) ?? "") ? path : `${path.replace(/\/$/, "")}/**`

function version(move: Move, file: PeerFile, config: Mapping): void {
  const resolver = mappingOf(config["version-resolver"])
  const other = BUMPS.find((bump) => bump === resolver.default) ?? "patch"
  const asks = new Map<string, Bump>()
  for (const bump of BUMPS)
    for (const label of textsOf(mappingOf(resolver[bump]).labels)) if (!asks.has(label)) asks.set(label, bump)
  const exclude = textsOf(config["exclude-labels"])
  if (exclude.length > 0)
    move.carry(file, ["exclude-labels"], "changes", [{ when: { label: [...exclude] }, exclude: true }])
  move.carry(file, config["version-resolver"] === undefined ? [] : ["version-resolver"], "version", {
    from: ["labels"],
  })
  const categories = listOf(config.categories).map(mappingOf)
  const rules = rulesOf(categories, asks, other)
  const from = config.categories === undefined ? ["version-resolver"] : ["categories"]
  if (rules.length > 0)
    move.carry(file, from, "changes", rules, "the largest bump first, since the first rule that matches counts")
  const rest = textOf(categories.find((category) => labelsOf(category).length === 0)?.title)
  move.carry(
    file,
    resolver.default === undefined ? [] : ["version-resolver", "default"],
    "changes",
    [{ when: { title: "*" }, bump: other, ...(rest === undefined ? {} : { section: rest }) }],
    `the last rule: what has none of these labels is a ${other} one, as it was; labels such as \`breaking\` and \`semver:major\` are major by themselves`,
  )
}

const labelsOf = (category: Mapping): readonly string[] => [...textsOf(category.label), ...textsOf(category.labels)]

interface Labelled {
  readonly labels: string[]
  readonly rule: Omit<Rule, "when">
}

/** One rule for each section and bump: release-drafter takes the largest bump of all labels, and a label has one section. */
function rulesOf(categories: readonly Mapping[], asks: ReadonlyMap<string, Bump>, other: Bump): Rule[] {
  const section = new Map<string, { title: string; fold: boolean }>()
  for (const category of categories) {
    const title = textOf(category.title)
    if (title === undefined) continue
    const fold = typeof category["collapse-after"] === "number" && category["collapse-after"] > 0
    for (const label of labelsOf(category)) if (!section.has(label)) section.set(label, { title, fold })
  }
  const rules = new Map<string, Labelled>()
  for (const bump of BUMPS)
    for (const label of new Set([...section.keys(), ...asks.keys()])) {
      if ((asks.get(label) ?? other) !== bump) continue
      const of = section.get(label)
      const rule = { bump, ...(of ? { section: of.title } : {}), ...(of?.fold ? { fold: true } : {}) }
      const known: Labelled = rules.get(JSON.stringify(rule)) ?? { labels: [], rule }
      known.labels.push(label)
      rules.set(JSON.stringify(rule), known)
    }
  return [...rules.values()].map(({ labels, rule }) => ({ when: { label: labels }, ...rule }))
}

const FIELDS: { readonly [name: string]: string } = { TITLE: "{title}", NUMBER: "{number}", AUTHOR: "{author}" }

/** `- $TITLE @$AUTHOR (#$NUMBER)` → `{title} @{author} (#{number})`; `undefined` where a field has no equal. */
function lineOf(template: string | undefined): string | undefined {
  const line = template
    ?.replace(/^\s*[*-]\s+/, "")
    .replaceAll(/\$([A-Z_]+)/g, (field, name: string) => FIELDS[name] ?? field)
  return line === undefined || line.includes("$") ? undefined : line
}
