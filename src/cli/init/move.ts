import type { z } from "zod"
import { type Config, configSchema } from "../../model/config.ts"
import { quote } from "../../model/quote.ts"
import { mappingOf, type PeerFile, type Step } from "./peer-file.ts"

/** `slipway.yml` as it is to be written: short forms, nothing that is a default. */
export type Written = Partial<z.input<typeof configSchema>>
export type Key = keyof Config
export type Rule = NonNullable<Written["changes"]>[number]

/** What became of one setting of a peer. */
export interface Note {
  /** `file:line` */
  readonly from: string
  /** The peer's key, such as `version-resolver.major`. */
  readonly key: string
  /** The key of `slipway.yml` that it went to; `undefined`: it has no equal there. */
  readonly to: Key | undefined
  /** What changed in meaning, or why it has no equal, and what to do instead. */
  readonly says: string
}

/** What a peer's configuration comes to, collected key by key. */
export class Move {
  readonly peer: string
  readonly files: string[] = []
  readonly notes: Note[] = []
  readonly written: { -readonly [key in keyof Written]: Written[key] } = {}
  private readonly seen = new Set<string>()

  constructor(peer: string, ...files: readonly PeerFile[]) {
    this.peer = peer
    for (const { path } of files) this.files.push(path)
  }

  /** A setting that `slipway.yml` has as well. What is not valid there, with what was carried
   * over before, is said to have no equal instead. */
  carry<K extends Key>(file: PeerFile, path: readonly Step[], to: K, value: Written[K], says = ""): void {
    const joined = merged(this.written[to], value) as Written[K]
    const read = configSchema.safeParse({ ...this.written, [to]: joined })
    if (!read.success) {
      const [issue] = read.error.issues
      this.lose(file, path, `it cannot be carried over to \`${to}\`: ${issue?.message ?? "it is not valid there"}`)
      return
    }
    this.written[to] = joined
    this.note(file, path, says, to)
  }

  /** A setting that means what Slipway does anyway, or that changes another key's comment only. */
  note(file: PeerFile, path: readonly Step[], says: string, to: Key | undefined): void {
    this.seen.add(id(file, path.slice(0, 1)))
    this.notes.push({ from: `${file.path}:${file.line(path)}`, key: keyOf(path), to, says })
  }

  /** A setting without an equal. */
  lose(file: PeerFile, path: readonly Step[], says: string): void {
    this.note(file, path, says, undefined)
  }

  /** A setting that nobody needs to be told of. */
  pass(file: PeerFile, key: string): void {
    this.seen.add(id(file, [key]))
  }

  /** Every key of the file's top that nothing was said of. */
  loseTheRest(file: PeerFile, reasons: { readonly [key: string]: string } = {}): void {
    for (const key of Object.keys(mappingOf(file.value)))
      if (!this.seen.has(id(file, [key])))
        this.lose(file, [key], Object.hasOwn(reasons, key) ? (reasons[key] ?? "") : "nothing in Slipway is like it")
  }
}

const id = (file: PeerFile, path: readonly Step[]): string => JSON.stringify([file.path, ...path])

const keyOf = (path: readonly Step[]): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${quote(step).slice(1, -1)}`))
    .join("")
    .replace(/^\./, "")

/** Lists grow, mappings are joined, the earlier value of a single setting stays. */
function merged(before: unknown, value: unknown): unknown {
  if (before === undefined) return value
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value]
  if (typeof before === "object" && typeof value === "object") {
    const [old, added] = [mappingOf(before), mappingOf(value)]
    const joined = Object.entries(added).map(([key, it]) => [key, Object.hasOwn(old, key) ? merged(old[key], it) : it])
    return { ...old, ...Object.fromEntries(joined) }
  }
  return before
}
