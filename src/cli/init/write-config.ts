import { quote } from "../../model/quote.ts"
import { plain } from "../paint.ts"
import type { Key, Move, Note, Written } from "./move.ts"
import { yamlText } from "./yaml-text.ts"

const WIDTH = 118
/** The order in which `slipway.yml` is described; what is written stands in it. */
const ORDER: readonly Key[] = [
  "branches",
  "version",
  "components",
  "workspaces",
  "linked",
  "changes",
  "notes",
  "publish",
]
/** How deep each key's own mappings are written in blocks; below that on one line. */
const BLOCKS: { readonly [key in Key]?: number } = { components: 2, publish: 2 }

/**
 * `slipway.yml` as text: what was carried over with where it comes from above it, and at the end what has no equal.
 * @param schema for the editor's line at the top
 */
export function writeConfig(
  moves: readonly Move[],
  { schema, unread }: { schema: string; unread: readonly string[] },
): string {
  const { written, notes } = joined(moves)
  const sources = moves.flatMap(({ files }) => files)
  return [
    `# yaml-language-server: $schema=${schema}`,
    ...comment(
      `Written by \`slipway init\` from ${sources.map(plain).join(", ")}. Look it over: each comment says where a setting comes from, and those at the end what was not carried over. Then the peer's own file can go. Every key: docs/configuration.md of Slipway.`,
    ),
    ...unread.flatMap((line) => ["#", ...comment(line)]),
    ...ORDER.flatMap((key) => (written[key] === undefined ? [] : ["", ...block(key, written[key], notes)])),
    ...ending(notes),
    "",
  ].join("\n")
}

/** The first peer that says something of a key decides; rules and sections of a second one for the same key are told. */
function joined(moves: readonly Move[]): { written: Written; notes: readonly Note[] } {
  const written: { [key: string]: unknown } = {}
  const owner = new Map<string, Move>()
  for (const move of moves)
    for (const [key, value] of Object.entries(move.written))
      if (!owner.has(key)) {
        owner.set(key, move)
        written[key] = value
      }
  const notes = moves.flatMap((move) =>
    move.notes.map((note) => {
      const first = note.to === undefined ? undefined : owner.get(note.to)
      if (note.to === undefined || first === undefined || first === move) return note
      return { ...note, to: undefined, says: `\`${note.to}\` is already as ${first.peer} has it` }
    }),
  )
  return { written: written as Written, notes }
}

function block(key: Key, value: unknown, notes: readonly Note[]): string[] {
  const own = notes.filter(({ to, key: of, says }) => to === key && (of !== "" || says !== ""))
  return [...grouped(own).flatMap((line) => comment(line)), ...yamlText(key, value, BLOCKS[key] ?? 1)]
}

function ending(notes: readonly Note[]): string[] {
  const lost = notes.filter(({ to }) => to === undefined)
  if (lost.length === 0) return []
  return ["", "# Not carried over:", ...grouped(lost).flatMap((line) => comment(line, "- "))]
}

/** Settings with the same words are told in one line. */
function grouped(notes: readonly Note[]): readonly string[] {
  const bySays = new Map<string, string[]>()
  for (const { from, key, says } of notes) {
    const where = key === "" ? from : `${from} ${quote(key)}`
    const known = bySays.get(says) ?? []
    if (!known.includes(where)) known.push(where)
    bySays.set(says, known)
  }
  return [...bySays].map(([says, where]) => `${where.join(", ")}${says === "" ? "" : `: ${says}`}`)
}

/** Words from a file stand in a comment: on lines that all begin with `#`. */
function comment(text: string, mark = ""): string[] {
  const lines: string[] = []
  let line = ""
  for (const word of plain(text).split(" ")) {
    if (line !== "" && line.length + word.length + 5 > WIDTH) {
      lines.push(line)
      line = ""
    }
    line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line].map((it, index) => `# ${mark && (index === 0 ? mark : "  ")}${it}`)
}

/** For a repository where no peer is found: what most people set, to be uncommented. */
export const minimalConfig = (schema: string, manifests: readonly string[], unread: readonly string[]): string =>
  [
    `# yaml-language-server: $schema=${schema}`,
    ...comment(
      "How this repository is released. Everything here is a default and can be left out; to change a setting take away the `#` before it. Every key: docs/configuration.md of Slipway.",
    ),
    ...unread.flatMap((line) => ["#", ...comment(line)]),
    "",
    "# version:",
    "#   from: [commits, titles]   # also labels",
    '#   tag: "v{version}"',
    "#   other: none               # patch: what nothing classifies is released too",
    "",
    "# approvals:",
    "#   required: 1               # 0 for a repository of one person",
    "",
    "# publish:",
    "#   mode: draft               # pull-request: with version files and changelog; auto: as soon as every gate is passed",
    ...(manifests.length > 0
      ? [`#   manifests: [${manifests.map((path) => JSON.stringify(plain(path))).join(", ")}]`]
      : []),
    "",
  ].join("\n")
