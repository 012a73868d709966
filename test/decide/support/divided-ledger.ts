import type { Commit, Pull } from "../../../src/model/change.ts"
import { type Component, pathsAsked } from "../../../src/model/component.ts"
import type { Config } from "../../../src/model/config.ts"
import { knownTags } from "../../../src/model/known-tags.ts"
import type { Base, Ledger, Start } from "../../../src/model/ledger.ts"
import { STABLE } from "../../../src/model/line-kind.ts"
import { asAsked } from "../../../src/model/path-glob.ts"
import { versionOfTag } from "../../../src/model/tag.ts"

interface Told {
  readonly commits: readonly Commit[]
  readonly pulls: readonly Pull[]
  readonly tags: ReadonlyMap<string, { readonly sha: string; readonly version: string }>
  components(rules: Config): readonly Component[]
  readonly head: string
}

/** What a read-back finds of a branch of several components: each begins at its own newest tag. */
export function dividedLedger(told: Told, rules: Config): Ledger {
  const { commits: all, pulls, tags, head } = told
  const components = told.components(rules)
  const asked = pathsAsked(rules, components)
  const begins = components.map(({ name, tag }) => {
    const own = [...tags].flatMap(([one, at]) =>
      versionOfTag(one, tag) === null ? [] : [{ tag: one, ours: true, ...at }],
    )
    const newest = own.at(-1)
    const base: Base | null = newest ? { tag: newest.tag, version: newest.version, sha: newest.sha } : null
    return { name, own, base, at: base ? all.findIndex(({ sha }) => sha === base.sha) : -1 }
  })
  const oldest = Math.min(...begins.map(({ at }) => at))
  const commits = all.slice(oldest + 1).map((one) => (one.files ? { ...one, files: asAsked(one.files, asked) } : one))
  const starts: { [component: string]: Start } = {}
  for (const { name, own, base } of begins)
    starts[name] = { base, tags: knownTags(own, { base, commits, kind: STABLE }) }
  const on = new Set(commits.map(({ sha }) => sha))
  return {
    branch: "main",
    base: null,
    starts,
    paths: asked,
    head,
    commits,
    pulls: pulls.filter(({ mergeSha }) => on.has(mergeSha)),
    heads: [],
  }
}
