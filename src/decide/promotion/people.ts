import type { Person } from "../../model/change.ts"
import { DEFAULT_CONFIG } from "../../model/config.ts"
import type { EntryRules } from "../../model/entry-rules.ts"
import { own } from "../../model/own.ts"
import type { PageApproval } from "../../model/page.ts"
import type { Authors } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { type ApprovalRule, approvalRule, type GroupedRule, mayApproveBy, standingOf } from "../approvals.ts"
import { leadTime } from "../approvals-shown.ts"
import { asksNobody, mostAsked } from "../asked.ts"
import { together, type Verdict } from "../gates/approvals.ts"
import { unknownBecause } from "../gates/subject.ts"
import { instant, list, plural, short } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

/** What a plan or a change's risk would add for a release counts for no environment. */
const NOBODY_ELSE = { stakeholders: [], newcomers: [], risk: { config: DEFAULT_CONFIG, plan: null } }

/** Where an environment asks for no approval, whoever may write can still hold what enters it. */
export const ANYBODY_WHO_WRITES: GroupedRule = { ...approvalRule(DEFAULT_CONFIG, null, [], ""), required: 0 }

/**
 * Who may let a release into the environment, as its configuration says. The plan names nobody for it, and no change is of
 * so low a risk that it enters without them.
 */
export function entryRule({ approvals }: EntryRules): GroupedRule | undefined {
  if (!approvals) return undefined
  const group = ({ required, from }: Pick<ApprovalRule, "required" | "from">) => ({ ...NOBODY_ELSE, required, from })
  return {
    ...group(approvals),
    ...(approvals.high === undefined ? {} : { high: approvals.high }),
    allOf: approvals["all-of"]?.map(group) ?? [],
    anyOf: approvals["any-of"]?.map(group) ?? [],
  }
}

/** What may be asked of one release: more where not all of it was of low risk, or nobody kept whether it was. */
export const askedHere = (rule: GroupedRule, { phase }: Entry["release"]): GroupedRule =>
  phase.risk === "low" ? { ...rule, high: 0 } : rule

/**
 * As many people as the environment asks for have approved, none of them what they wrote themselves; of groups as many as
 * each of them asks for, and of those of which one is enough, one.
 */
export function approvalsGate(entry: Entry): Judged | null {
  const asked = entryRule(entry.rules)
  if (!asked) return null
  const rule = askedHere(asked, entry.release)
  const judged = ({ state, because }: Verdict): Judged => ({ gate: { name: "approvals", state, because } })
  if (asksNobody(rule))
    return judged({ state: "passed", because: "the environment asks for none (approvals.required is 0)" })
  const { authors } = entry.release.phase
  if (!authors || authors.length === 0)
    return judged({
      state: "unknown",
      because: "who wrote its changes was not kept when it was published; deploy a newer release",
    })
  const nameless = authors.flatMap(({ unknown }) => unknown)
  if (nameless.length > 0) {
    const because = `not everybody who wrote ${list(nameless)} is known, so nobody can be shown to be another`
    return judged({ state: "unknown", because })
  }
  return judged(together(rule, (one) => judgeRule(entry, one, authors)))
}

function judgeRule(entry: Entry, rule: ApprovalRule, authors: readonly Authors[]): Verdict {
  const required = mostAsked(rule)
  const people = counted(entry, rule)
  const from = rule.from.length > 0 ? ` from ${list(rule.from, 5)}` : ""
  // guard: author-at-the-door
  const reached = Math.min(...authors.map((one) => people.filter((who) => !isAuthor(one, who)).length))
  const unread = reached < required ? unreadApprover(entry, rule) : undefined
  if (unread !== undefined) return { state: "unknown", because: unread }
  if (people.length === 0) return { state: "pending", because: `waits for ${plural(required, "approval")}${from}` }
  if (reached < required) {
    const own = people.some((who) => authors.some((one) => isAuthor(one, who)))
    const because = `${reached} of ${plural(required, "approval")}${from}${own ? ", since nobody's counts for what they wrote" : ""}`
    return { state: "pending", because }
  }
  const names = people.map(({ login }) => login)
  return { state: "passed", because: `approved by ${list(names, 5)}` }
}

/** Why it is not known what somebody may do who approved this, or whether they are in a team: they are looked at again. */
const unreadApprover = ({ state, request, hash }: Entry, { from }: ApprovalRule): string | undefined =>
  request.approvals
    .filter(({ candidate }) => candidate === hash)
    .flatMap(({ by: { login } }) => {
      const because = unknownBecause(state, `standing:${login}`)
      if (because !== undefined) return [`what ${login} may do here could not be read: ${because}`]
      const teams = standingOf(state, login)?.teams
      const unread = from.filter((who) => who.includes("/") && teams && own(teams, who.slice(1)) === undefined)
      return unread.map((who) => `whether ${login} is of ${who} could not be read: ${whyUnread(state, who)}`)
    })[0]

const whyUnread = (state: State, who: string): string =>
  unknownBecause(state, `team:${who.slice(1)}`) ?? "GitHub did not say"

const counted = ({ state, request, hash }: Entry, rule: ApprovalRule): readonly Person[] =>
  request.approvals
    .filter(({ does, candidate }) => does === "approve" && candidate === hash)
    .filter(({ by }) => mayApproveBy(standingOf(state, by.login), [{ ...rule, allOf: [], anyOf: [] }]).may)
    .map(({ by }) => by)

/** Whether somebody is among those who wrote a change. */
export const isAuthor = ({ logins, ids }: Authors, { login, id }: Person): boolean =>
  ids.includes(id) || logins.includes(login.toLowerCase())

/** Whether a person's approval would reach a change that they did not write; `authors` not kept: nobody's does. */
export const reaches = ({ authors = [] }: Entry["release"]["phase"], who: Person): boolean =>
  authors.some((one) => !isAuthor(one, who))

/** What each approval counts for at this moment, for the page. */
export function approvalsShown(entry: Entry, rule: GroupedRule | undefined): readonly PageApproval[] {
  const { state, request, hash, release } = entry
  return request.approvals.map(({ by, does, at, sha, candidate }) => {
    const said = { by: by.login, does, at, sha }
    if (candidate !== hash)
      return {
        ...said,
        counts: false,
        because: sha === request.sha ? "what was asked for, or its gates, changed since" : `it was for ${short(sha)}`,
      }
    const may = mayApproveBy(standingOf(state, by.login), [rule ?? ANYBODY_WHO_WRITES])
    if (!may.may) return { ...said, counts: false, because: may.because }
    if (!reaches(release.phase, by)) return { ...said, counts: false, because: "four eyes: they wrote all of it" }
    return { ...said, counts: true, because: `${may.as}${leadTime(request.at, at)}` }
  })
}

/** Somebody holds it: on the page of the deployment, or the release as a whole. */
export function holdGate({ request, release }: Entry): Judged | null {
  const hold = request.hold ?? release.hold
  if (!hold) return null
  const because = `${hold.by.login} holds it since ${instant(hold.at)}; their own Approve, or another approver's, lifts it`
  return { gate: { name: "hold", state: "failed", because } }
}
