import { hashOf } from "../../../src/model/hash.ts"
import type { IncidentStands, IncidentText } from "../../../src/model/incident.ts"
import type { Labelled } from "../../../src/model/signal.ts"
import { publish } from "./environments.ts"
import { config, person } from "./truth.ts"
import { type World, world } from "./world.ts"

const NOTHING = { title: "Checkout is broken", release: [], environment: [], component: [], to: [], because: [] }

/** What an issue says, each field at most once unless it is a list. */
export const text = (
  fields: { readonly [field in keyof IncidentText]?: string | readonly string[] },
): IncidentText => ({
  ...NOTHING,
  ...Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, k === "title" ? v : [v].flat()])),
})

/** Whoever it is, as the truth knows them. */
export const who = (w: World, login: string) => w.truth.standings[login]?.person ?? person(login)

/** The issues on which the label is. GitHub tells of a label that is put on, and of none that is on already. */
const labelledIn = new WeakMap<World, Set<number>>()
const labelsOf = (w: World): Set<number> => {
  const on = labelledIn.get(w) ?? new Set()
  labelledIn.set(w, on)
  return on
}

/** Somebody labels an issue as an incident, of their own unless another is its author. */
export function label(w: World, login: string, says: Parameters<typeof text>[0], more: Partial<Labelled> = {}): World {
  const { number = 7 } = more
  if (labelsOf(w).has(number)) throw new Error(`the label is on #${number} already: GitHub sends nothing`)
  labelsOf(w).add(number)
  const at = w.now.toISOString()
  const by = who(w, login)
  const signed = hashOf([login, says, at]).slice(0, 24)
  const said: Labelled = {
    kind: "labelled",
    number: 7,
    label: "incident",
    by,
    author: by,
    says: text(says),
    since: at,
    signed,
    at,
    ...more,
  }
  return w.hear(said)
}

export function unlabel(w: World, login: string, number = 7): World {
  labelsOf(w).delete(number)
  const at = w.now.toISOString()
  return w.hear({ kind: "unlabelled", number, label: "Incident", by: who(w, login), since: at, at })
}

/** What the comment on an issue says now. */
export function comment(w: World, number = 7): IncidentStands {
  const written = w.applied.findLast((e) => e.kind === "incident" && e.content.issue === number)
  if (written?.kind !== "incident") throw new Error(`nothing was said on #${number}`)
  return written.content.stands
}

/** 1.0.1 and 1.0.2 were live and good in production, 1.0.3 is live there; dora is on call, olaf of no organisation. */
export function incident(production: object = {}, more: object = {}, prepare: (w: World) => void = () => {}) {
  const w = world((it) => {
    it.truth.config = config({ incident: { label: "Incident" }, environments: { production }, ...more })
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    it.truth.admit("olaf", "write")
    const olaf = it.truth.standings.olaf
    if (olaf) it.truth.standings.olaf = { ...olaf, belongs: "outside" }
    prepare(it)
  })
  const heads = [11, 12, 13].map((number) => {
    const { head } = publish(w, number).truth
    w.later(10).deploy("production", head, "success").run()
    w.later(1)
    return head
  })
  return { w, heads }
}
