import type { Config } from "./config.ts"
import type { Gate } from "./gate.ts"
import { matchesGlob } from "./glob.ts"

/** A file on a release, as GitHub tells it. */
export interface Asset {
  /** Another content under the same name is another asset, with another id. */
  readonly id: string
  readonly name: string
  /** Whether the upload has ended. */
  readonly isUploaded: boolean
  /** 64 hex digits, as GitHub reckoned them; null for files from before it did. */
  readonly sha256: string | null
}

/** The files on a draft, and what those among them that list sums say of the others. */
export interface Assets {
  readonly items: readonly Asset[]
  /** By id of the listing file. */
  readonly listed: { readonly [asset: string]: readonly Sum[] }
}

/** A line of a `SHA256SUMS` file. */
export interface Sum {
  readonly name: string
  readonly sha256: string
}

/** An asset from GitHub's answer. https://docs.github.com/en/rest/releases/assets */
export const assetOf = (data: {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly digest?: string | null
}): Asset => ({
  id: String(data.id),
  name: data.name,
  isUploaded: data.state === "uploaded",
  sha256: /^sha256:([0-9a-f]{64})$/.exec(data.digest ?? "")?.[1] ?? null,
})

type Pattern = Config["publish"]["assets"][number]

/** Whether the files that the configuration asks for are there, whole, and are what their sums say. */
export function judgeAssets(patterns: readonly Pattern[], { items, listed }: Assets): Pick<Gate, "state" | "because"> {
  const missing = patterns.filter(({ name }) => !items.some((it) => matchesGlob(it.name, name)))
  const wanted = itemsOf(patterns, items)
  const open = wanted.filter((it) => !it.isUploaded)
  const wrong = Object.values(listed)
    .flat()
    .flatMap((sum) => items.filter((it) => it.name === sum.name && it.sha256 !== null && it.sha256 !== sum.sha256))
  const bare = itemsOf(
    patterns.filter((it) => it.sha256 === "required"),
    items,
  ).filter((it) => it.sha256 === null)
  if (wrong.length > 0) return { state: "failed", because: `${names(wrong)}: not what the file of sums beside it says` }
  if (bare.length > 0 && open.length === 0)
    return { state: "unknown", because: `GitHub tells no SHA-256 of ${names(bare)}: upload it again` }
  if (missing.length > 0)
    return { state: "pending", because: `nothing on the draft is named ${missing.map(({ name }) => name).join(", ")}` }
  if (open.length > 0) return { state: "pending", because: `${names(open)} is still being uploaded` }
  return { state: "passed", because: `${names(wanted)} ${wanted.length === 1 ? "is" : "are"} on the draft` }
}

/** The files that patterns speak of, each once. */
export const itemsOf = (patterns: readonly Pattern[], items: readonly Asset[]): readonly Asset[] =>
  items.filter(({ name }) => patterns.some((pattern) => matchesGlob(name, pattern.name)))

const NAMED = 5

function names(items: readonly Asset[]): string {
  const some = [...new Set(items.map(({ name }) => name))]
  const more = some.length - NAMED
  return more > 0 ? `${some.slice(0, NAMED).join(", ")} and ${more} more` : some.join(", ")
}

/** What identifies the files that were seen: another upload, another digest or another file is something else. */
export const assetKeys = (items: readonly Asset[]): readonly string[] =>
  items.map(({ id, name, sha256 }) => `${id} ${name} ${sha256 ?? "-"}`).sort()
