import { type Fingerprint, fingerprintOf } from "../model/fingerprint.ts"
import { align, type EditedLine } from "../model/hand.ts"

/** What became of a generated line in a person's edit. */
export type Fate = { readonly is: "kept" | "moved" | "deleted" } | { readonly is: "reworded"; readonly text: string }

/** What a line of the edit is. `was`: the place of the generated line that it stands for. */
export type Role = { readonly is: "kept" | "moved" | "reworded"; readonly was: number } | { readonly is: "added" }

/** Reads an edit: what became of each generated line, and what each line of the edit is. */
export function rolesOf(
  was: readonly Fingerprint[],
  edited: readonly EditedLine[],
): { readonly fates: readonly Fate[]; readonly roles: readonly Role[] } {
  const roles: (Role | undefined)[] = align(was, edited).map((at) =>
    at === undefined ? undefined : { is: "kept", was: at },
  )
  findMoved(was, edited, roles)
  for (const hunk of hunksOf(was.length, roles)) pair(was, edited, roles, hunk)
  const fates: Fate[] = was.map(() => ({ is: "deleted" }))
  roles.forEach((role, index) => {
    if (!role || role.is === "added") return
    fates[role.was] = role.is === "reworded" ? { is: role.is, text: edited[index]?.text ?? "" } : { is: role.is }
  })
  return { fates, roles: roles.map((role) => role ?? { is: "added" }) }
}

/** A line that went from one place and stands word for word in another. */
function findMoved(was: readonly Fingerprint[], edited: readonly EditedLine[], roles: (Role | undefined)[]): void {
  const taken = new Set(roles.flatMap((role) => (role && role.is !== "added" ? [role.was] : [])))
  const left = Map.groupBy(
    [...was.keys()].filter((at) => !taken.has(at)),
    (at) => was[at]?.text ?? "",
  )
  edited.forEach(({ text }, index) => {
    const from = roles[index] ? undefined : left.get(fingerprintOf(text))?.shift()
    if (from !== undefined) roles[index] = { is: "moved", was: from }
  })
}

/** Lines that went, and lines that stand in their place. */
interface Hunk {
  readonly removed: readonly number[]
  readonly added: readonly number[]
}

function hunksOf(length: number, roles: readonly (Role | undefined)[]): readonly Hunk[] {
  const moved = new Set(roles.flatMap((role) => (role?.is === "moved" ? [role.was] : [])))
  const hunks: Hunk[] = []
  let from = 0
  let added: number[] = []
  const close = (until: number) => {
    const removed = Array.from({ length: until - from }, (_, at) => from + at).filter((at) => !moved.has(at))
    if (removed.length > 0 && added.length > 0) hunks.push({ removed, added })
    added = []
  }
  roles.forEach((role, index) => {
    if (!role) added.push(index)
    if (role?.is !== "kept") return
    close(role.was)
    from = role.was + 1
  })
  close(length)
  return hunks
}

/**
 * Which line was reworded to which: those that name the same change, else line for line where there are as many, else
 * one that stands for one. In order, so that nothing changes places.
 */
function pair(
  was: readonly Fingerprint[],
  edited: readonly EditedLine[],
  roles: (Role | undefined)[],
  { removed, added }: Hunk,
): void {
  let last = -1
  const left = new Set(removed)
  const take = (index: number, at: number) => {
    roles[index] = { is: "reworded", was: at }
    left.delete(at)
    last = at
  }
  for (const index of added) {
    const named = keysIn(edited[index]?.text ?? "")
    const at = removed.find((place) => place > last && named.has(was[place]?.key ?? ""))
    if (at !== undefined) take(index, at)
  }
  if (left.size < removed.length) return
  const pairs = removed.length === added.length ? added.length : removed.length === 1 ? 1 : 0
  for (let at = 0; at < pairs; at++) take(added[at] ?? 0, removed[at] ?? 0)
}

/** The changes that a line names, as fingerprints. */
const keysIn = (text: string): ReadonlySet<string> =>
  new Set([...text.slice(0, 2_000).matchAll(/#\d{1,9}\b/g)].map(([number]) => fingerprintOf(number)))
