import type { Standing } from "../../../src/model/approval.ts"
import { out, pageOf, publish, settle } from "./environments.ts"
import { label } from "./incidents.ts"
import { config, person } from "./truth.ts"
import { type World, world } from "./world.ts"

/**
 * Who may do what, asked of the real rules: in each cell somebody of a role does one thing to one object in a world of its own, and
 * what came of it is read from what Slipway then knows. docs/authorisation.md is what they are held against.
 */
export type Cell = "yes" | "no" | "not alone"

/** Everybody did something in the world before, so that who they are is what decides. */
export const ROLES: {
  readonly [role: string]: { readonly login: string; readonly standing: Partial<Standing> | null }
} = {
  "an admin": { login: "role", standing: { permission: "admin" } },
  "who maintains": { login: "role", standing: { permission: "maintain" } },
  "who may write": { login: "role", standing: { permission: "write" } },
  "who may triage": { login: "role", standing: { permission: "triage" } },
  "who may read": { login: "role", standing: { permission: "read" } },
  "a stranger": { login: "role", standing: { permission: "none", belongs: "outside" } },
  "who is named, and may read": {
    login: "role",
    standing: { permission: "read", teams: { "acme/sre": true, "acme/release": false } },
  },
  "who is named, and left": {
    login: "role",
    standing: { permission: "write", teams: { "acme/sre": true, "acme/release": false }, belongs: "outside" },
  },
  "an outside collaborator who may write": { login: "role", standing: { permission: "write", belongs: "outside" } },
  "an admin who was suspended": { login: "role", standing: { permission: "admin", belongs: "suspended" } },
  "a login that is gone": { login: "role", standing: { permission: "admin", belongs: "gone" } },
  "a bot that may write": { login: "role[bot]", standing: { permission: "write", person: person("role[bot]", "Bot") } },
  "who wrote the change": { login: "ann", standing: { permission: "write" } },
  "who wrote the change, and is named": {
    login: "ann",
    standing: { permission: "write", teams: { "acme/sre": true, "acme/release": false } },
  },
  "of whom nothing could be read": { login: "role", standing: null },
}

interface Deed {
  readonly prepare: (named: boolean) => { readonly w: World; readonly at: string }
  /** Does it, in the name of `login`. */
  readonly act: (w: World, login: string, at: string) => void
  /** Whether it did what the person wanted, beside being counted. */
  readonly holds?: (w: World, at: string) => boolean
}

const FROM = { required: 1, from: ["@acme/sre"] }
const rule = (named: boolean) => (named ? FROM : { required: 1 })
/** Dora of @acme/sre stands for who may, where others are needed before. */
const drafted = (named: boolean) => {
  const w = world((it) => {
    it.truth.config = config({ approvals: rule(named) })
    it.truth.admit("dora", "write", { teams: ["acme/sre"] })
  })
  w.merge(11, "fix: number 11").run()
  return { w, at: w.truth.head }
}
const cut = (named: boolean) => {
  const story = drafted(named)
  story.w.click("approve", "dora").run()
  return story
}
/** Cut by who wrote it, which approves nothing: the approval is still open. */
const asking = (named: boolean) => {
  const w = world((it) => {
    it.truth.config = config({ approvals: rule(named) })
    it.truth.admit("ann", "write", { teams: ["acme/sre"] })
  })
  w.merge(11, "fix: number 11").run().click("approve", "ann").run()
  return { w, at: w.truth.head }
}
const behind = (named: boolean) => {
  const story = cut(named)
  story.w.merge(12, "fix: number 12").run()
  return story
}
const entering = (named: boolean) => {
  const story = out({ approvals: named ? FROM : { required: 1 } })
  story.w.ask("production", story.at)
  settle(story.w)
  return story
}
/** 1.0.1 was live in production, 1.0.2 is. */
const live = (named: boolean) => {
  const w = world((it) => {
    it.truth.config = config({
      incident: { label: "incident" },
      environments: {
        production: named ? { approvals: FROM, rollback: ["application"] } : { rollback: ["application"] },
      },
    })
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
  })
  for (const number of [11, 12]) {
    const at = publish(w, number).truth.head
    settle(w.later(5).deploy("production", at, "success", { deployment: `d${number}` }), 3_000)
    settle(w.later(60), 3_000)
  }
  return { w, at: w.truth.head }
}
const locked = (named: boolean) => {
  const story = live(named)
  settle(story.w.click("lock", named ? "dora" : "ben", pageOf(story.w, story.at)))
  return story
}

const press = (button: string) => (w: World, login: string) => void w.click(button, login).run()
const pressAt = (button: string) => (w: World, login: string, at: string) => {
  settle(w.click(button, login, pageOf(w, at)), 3_000)
}
const isApproved = (w: World): boolean => w.gate("approvals").state === "passed"

/** What can be done, by what it is done to. */
export const DEEDS: { readonly [deed: string]: Deed } = {
  "*Approve* on a draft": { prepare: drafted, act: press("approve"), holds: isApproved },
  "*Approve* on a candidate": { prepare: asking, act: press("approve"), holds: isApproved },
  "*Hold* on a draft": { prepare: drafted, act: press("hold") },
  "*Hold* on a candidate": { prepare: cut, act: press("hold") },
  "*Re-cut*": { prepare: behind, act: press("recut") },
  "*Publish*": { prepare: cut, act: press("publish") },
  "*Approve* at an environment": {
    prepare: entering,
    act: pressAt("approve"),
    holds: (w, at) => {
      const { page } = pageOf(w, at)
      return page.is !== "entry" || page.gates.find(({ name }) => name === "approvals")?.state === "passed"
    },
  },
  "*Hold* at an environment": { prepare: entering, act: pressAt("hold") },
  "*Lock*": { prepare: live, act: pressAt("lock") },
  "*Unlock*": { prepare: locked, act: pressAt("unlock") },
  "*Roll back*": { prepare: live, act: pressAt("rollback:production") },
  "the incident label": {
    prepare: live,
    act: (w, login) => {
      const number = 7 + Object.keys(w.known.incidents ?? {}).length
      settle(label(w, login, { release: "1.0.2", environment: "production" }, { number }), 3_000)
    },
  },
}

/** The rules that a matrix is made under. */
export const RULES = {
  "approvals: { required: 1 }": false,
  'approvals: { required: 1, from: ["@acme/sre"] }': true,
} as const

export type Story = ReturnType<Deed["prepare"]>

/** @param story where others have tried before, and nothing came of it; absent: a world of its own */
export function tryOut(deed: string, role: string, named: boolean, story?: Story): Cell {
  const { act, holds } = DEEDS[deed] ?? raise(`nothing is called ${deed}`)
  const { login, standing } = ROLES[role] ?? raise(`nobody is ${role}`)
  const { w, at } = story ?? prepared(deed, named)
  if (standing) {
    w.truth.admit(login, "none")
    Object.assign(w.truth.standings, { [login]: { ...w.truth.standings[login], ...standing } })
    w.unreadable.delete(`standing:${login}`)
  } else {
    delete (w.truth.standings as { [login: string]: Standing })[login]
    w.unreadable.set(`standing:${login}`, "GitHub answered 502")
  }
  w.later(1)
  const before = w.now.toISOString()
  act(w, login, at)
  if (!isCounted(w, login, before)) return "no"
  return holds === undefined || holds(w, at) ? "yes" : "not alone"
}

/** The object that something is done to. */
export const prepared = (deed: string, named: boolean): Story =>
  (DEEDS[deed] ?? raise(`nothing is called ${deed}`)).prepare(named)

/** Whether what they did since then was taken as theirs. */
function isCounted(w: World, login: string, since: string): boolean {
  const { releases, requests = {}, environments, verdicts = {}, incidents = {} } = w.known
  const answered = [...releases, ...Object.values(requests), ...Object.values(environments), ...Object.values(verdicts)]
  const answers = answered.flatMap((one) => ("answers" in one && Array.isArray(one.answers) ? one.answers : []))
  const own = answers.filter(({ by, at }) => by === login && at >= since)
  const issues = Object.values(incidents).filter(({ by, at }) => by === login && at >= since)
  if (own.length + issues.length === 0) throw new Error(`nobody answered ${login}`)
  return own.some(({ counted }) => counted) || issues.some(({ stands }) => !["refused", "asks"].includes(stands.is))
}

function raise(message: string): never {
  throw new Error(message)
}

/** The matrix as a table in Markdown. */
export function drawMatrix(named: boolean): string {
  const deeds = Object.keys(DEEDS)
  const rows = Object.keys(ROLES).map((role) => [role, ...deeds.map((deed) => tryOut(deed, role, named))])
  return [["role", ...deeds], ["---", ...deeds.map(() => "---")], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")
}
