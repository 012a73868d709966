import {
  type Approval,
  type Approvers,
  type Authorship,
  mayEverCount,
  type Nameless,
  type Standing,
} from "../model/approval.ts"
import type { Change, Person } from "../model/change.ts"
import { CODEOWNERS } from "../model/codeowners.ts"
import type { Config } from "../model/config.ts"
import { endsInMerge } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import type { State } from "../model/state.ts"
import { unknownBecause } from "./gates/subject.ts"
import type { RiskRules } from "./risk.ts"

/** Who may approve, and how many have to. */
export interface ApprovalRule {
  readonly required: number
  /** How many cover a change of high risk, where those are more. */
  readonly high?: number
  /** `@login`, `@org/team`, or `codeowners` (see `rulesOf`); empty: everybody with write permission. */
  readonly from: readonly string[]
  /** `from` are the owners of this path, and of others: they count where they may write as well. */
  readonly owns?: string
  /** The repository's admins count as well: too few of `from` are left, and nobody can name others in their place. */
  readonly orAdmins?: true
  /** It is in force, and the configuration that is to follow says anew who approves (see `withStandIns`). */
  readonly replaced?: true
  /** That they say yes is all that is asked of them: others cover the changes, with four eyes. */
  readonly wordOnly?: true
  /** Whom the plan names and an approved plan has named before. */
  readonly stakeholders: readonly string[]
  /** Whom the plan names for the first time: a plan appoints nobody to approve the release that brings it. */
  readonly newcomers: readonly string[]
  /** Which changes need no approval, since they are of low risk and reviewed. */
  readonly risk: RiskRules
}

/** A rule that other rules stand beside: groups of people who have to approve as well. */
export interface GroupedRule extends ApprovalRule {
  /** Each of them has to be satisfied. */
  readonly allOf: readonly ApprovalRule[]
  /** One of them has to be; empty: there are none. */
  readonly anyOf: readonly ApprovalRule[]
}

/**
 * @param trusted whom an approved plan, or the first one ever seen, has named; see `Line.trusted`
 * @param component whose release it is: it may have people of its own
 */
export function approvalRule(
  config: Config,
  plan: Plan | null,
  trusted: readonly string[],
  component: string,
): GroupedRule {
  const approvals = own(config.components, component)?.approvals ?? config.approvals
  const named = config.approvals.stakeholders && plan ? stakeholdersOf(plan) : []
  const risk = { config: { risk: config.risk, plan: config.plan }, plan }
  const group = ({ required, from }: Pick<ApprovalRule, "required" | "from">): ApprovalRule => ({
    required,
    from,
    stakeholders: [],
    newcomers: [],
    risk,
  })
  return {
    ...group(approvals),
    ...(approvals.high === undefined ? {} : { high: approvals.high }),
    stakeholders: named.filter((who) => trusted.includes(who)),
    newcomers: named.filter((who) => !trusted.includes(who)),
    allOf: approvals["all-of"]?.map(group) ?? [],
    anyOf: approvals["any-of"]?.map(group) ?? [],
  }
}

/** The rule and its groups: by each of them a person's word may count. */
export const rulesIn = (rule: GroupedRule): readonly [ApprovalRule, ...ApprovalRule[]] => {
  const groups = [...rule.allOf, ...rule.anyOf]
  const [first, ...more] = groups
  // With nobody asked beside the groups, nobody beside them counts.
  return rule.required === 0 && rule.high === undefined && first ? [first, ...more] : [rule, ...groups]
}

/** The people and teams that a plan names; e-mail addresses are nobody on GitHub and are left out. */
export const stakeholdersOf = (plan: Plan): readonly string[] =>
  Object.values(plan.stakeholders)
    .flat()
    .filter((who) => who.startsWith("@"))

export type May = { readonly may: true; readonly as: string } | { readonly may: false; readonly because: string }

/** Whether a click counts under one of several rules. What a bot may do is not even read. */
export const mayClick = (state: State, by: Person, rules: readonly [GroupedRule, ...GroupedRule[]]): May =>
  by.type === "User" ? withReason(state, by, rules) : noPerson(by)

/** Where it could not be read, the reason that was given then: it names the way out. */
function withReason(state: State, { login }: Person, rules: readonly [GroupedRule, ...GroupedRule[]]): May {
  const may = mayApproveBy(standingOf(state, login), rules)
  if (may.may) return may
  const because = unknownBecause(state, `standing:${login}`)
  const unread = rules.flatMap(rulesIn).flatMap((rule) => unreadTeams(state, rule))[0]
  return { ...may, because: because ?? [may.because, ...(unread === undefined ? [] : [unread])].join("; ") }
}

/** Why it is not known who is of the teams, or has the roles, that a rule names. */
export const unreadTeams = (state: State, { from, stakeholders }: ApprovalRule): readonly string[] =>
  [...from, ...stakeholders].flatMap((who) => unknownBecause(state, `team:${who.slice(1)}`) ?? [])

const noPerson = ({ login }: Person): May => ({
  may: false,
  because: `${login} is no person, and only people approve`,
})

/** Whether a person's clicks count under one of several rules; if not, the reason that the first one gives. */
export function mayApproveBy(standing: Standing | undefined, rules: readonly [GroupedRule, ...GroupedRule[]]): May {
  const [first, ...more] = rules.flatMap(rulesIn).map((rule) => mayApprove(standing, rule))
  return [first, ...more].find((one) => one?.may) ?? first ?? mayApprove(standing, rules[0])
}

/** Whether a person's clicks count at all: a person, named by the rule, or with write permission where it names nobody. */
function mayApprove(standing: Standing | undefined, rule: ApprovalRule): May {
  if (!standing) return { may: false, because: "what they may do here could not be read" }
  if (standing.person.type !== "User") return noPerson(standing.person)
  // guard: outsider
  if (!mayEverCount(standing)) return { may: false, because: whyNever(standing) }
  const named = [...rule.from, ...rule.stakeholders].find((who) => isNamed(who, standing))
  // Whom GitHub's own rule would not ask: "code owners must have write permissions".
  if (named && (rule.owns === undefined || canWrite(standing))) return { may: true, as: named }
  // guard: stand-in-is-admin
  if (rule.orAdmins && standing.permission === "admin")
    return {
      may: true,
      as: `an admin of the repository, for ${rule.owns === undefined ? "approvers" : "owners"} of whom too few are left`,
    }
  if (rule.from.length === 0 && canWrite(standing)) return { may: true, as: "write permission" }
  if (rule.newcomers.some((who) => isNamed(who, standing)))
    return {
      may: false,
      because: "the plan names them for the first time: they count once a release with it is approved",
    }
  if (rule.from.length > 0)
    return { may: false, because: `they are not among ${rule.from.join(", ")}, who approve here` }
  return { may: false, because: `approving takes write permission, and they have “${standing.permission}”` }
}

/** Why the word of somebody counts under no rule. */
export function whyNever({ belongs }: Standing): string {
  switch (belongs) {
    case "outside":
      return "they are no member of the organisation that the repository belongs to, and who is outside of it never counts"
    case "suspended":
      return "their account is suspended"
    case "gone":
      return "GitHub shows no account of theirs any more"
    default:
      return "whether they are of the organisation was not read yet: press again"
  }
}

/** What somebody may do here, as it was last read; undefined where the last attempt to read it failed. */
export const standingOf = (state: Pick<State, "standings" | "unknown">, login: string): Standing | undefined =>
  unknownBecause(state, `standing:${login}`) === undefined ? own(state.standings, login) : undefined

const canWrite = (standing: Standing): boolean => ["admin", "maintain", "write"].includes(standing.permission)

const isNamed = (who: string, standing: Standing): boolean =>
  who !== CODEOWNERS &&
  (who.includes("/") ? standing.teams[who.slice(1)] === true : sameLogin(who.slice(1), standing.person.login))

/** Logins are case-insensitive. */
export const sameLogin = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** How far the approvals reach over the changes of a release. */
export interface Coverage {
  /** By change id: who covers it. Changes whose authors are not known yet are absent. */
  readonly by: { readonly [change: string]: readonly string[] }
  /** Changes that fewer people cover than they are asked for. */
  readonly open: readonly Change[]
  /** Changes whose authors could not be, or have not been, read. */
  readonly unread: readonly Change[]
  /** Changes with commits whose author GitHub does not know: nobody can be shown not to have written them. */
  readonly nameless: readonly { readonly change: Change; readonly unknown: readonly Nameless[] }[]
}

/** Somebody who approves, or may. A login can be given up and taken by somebody else: the id is who they are. */
type Who = Pick<Person, "login" | "id">

const NOBODY: Authorship = { logins: [], ids: [], unknown: [] }

/** What was read of a change's authors; undefined: not yet, or not the last time that it had to be. */
export const authorshipOf = (state: State, { id }: Change): Authorship | undefined =>
  unknownBecause(state, `authors:${id}`) === undefined ? own(state.authorship, id) : undefined

/**
 * Whoever authored the commits that landed as a change, should a commit of somebody else ever be taken for a part of
 * it. A merge commit's author only merged. What came without a pull request is also its pusher's: in git anybody can
 * commit under any name.
 */
export function landedAuthors(change: Change): readonly { readonly login: string; readonly id?: string }[] {
  const landed = endsInMerge(change) ? change.commits.slice(0, -1) : change.commits
  return landed.flatMap(({ author, authorId, push }) => [
    ...(author === undefined ? [] : [{ login: author, ...(authorId === undefined ? {} : { id: authorId }) }]),
    ...(push && !change.pull ? [push.by] : []),
  ])
}

/**
 * Whether a person wrote a change: by their id, and by their login where an id was not told. Before the branch's commits
 * were read, its opener did.
 */
export function wrote(state: State, change: Change, { login, id }: Who): boolean {
  const { logins, ids } = authorshipOf(state, change) ?? NOBODY
  const others = [...(change.pull ? [change.pull.author] : []), ...landedAuthors(change)]
  // guard: renamed-author
  return (
    ids.includes(id) ||
    logins.some((author) => sameLogin(author, login)) ||
    others.some((other) => other.id === id || sameLogin(other.login, login))
  )
}

/**
 * Four eyes, change by change: who approved counts only for what they neither authored nor committed.
 *
 * @param required how many have to cover a change
 */
export function coverage(
  state: State,
  changes: readonly Change[],
  approvers: readonly Who[],
  required: (change: Change) => number,
): Coverage {
  const by: { [change: string]: readonly string[] } = {}
  const open: Change[] = []
  const unread: Change[] = []
  const nameless: Coverage["nameless"][number][] = []
  for (const change of changes) {
    const authorship = authorshipOf(state, change)
    if (!authorship) {
      unread.push(change)
      continue
    }
    if (authorship.unknown.length > 0) nameless.push({ change, unknown: authorship.unknown })
    const covering = approvers.filter((who) => !wrote(state, change, who)).map(({ login }) => login)
    by[change.id] = covering
    if (covering.length < required(change)) open.push(change)
  }
  return { by, open, unread, nameless }
}

/** The approvals that are bound to what stands now, of people who may still approve; a person counts once. */
export function countedApprovals(
  state: State,
  approvals: readonly Approval[],
  candidate: string,
  rule: ApprovalRule,
): readonly Approval[] {
  // guard: outlived-approval
  return approvals.filter(
    (a) => a.does === "approve" && a.candidate === candidate && mayApprove(standingOf(state, a.by.login), rule).may,
  )
}

/** The latest action of a person counts: an earlier one of theirs gives way. */
export const withApproval = (approvals: readonly Approval[], approval: Approval): readonly Approval[] => [
  ...approvals.filter((a) => a.by.id !== approval.by.id),
  approval,
]

/** Everybody whom the rule allows, as far as collaborators and teams could be read; without those whose word never counts. */
export function eligible(
  state: Pick<State, "standings" | "unknown">,
  approvers: Approvers,
  rule: ApprovalRule,
): readonly Person[] {
  const named = [...rule.from, ...rule.stakeholders].flatMap((who): readonly Person[] => {
    if (who === CODEOWNERS) return []
    const name = who.slice(1)
    const canWrite = ({ id }: Person) => rule.owns === undefined || approvers.writers.some((p) => p.id === id)
    if (who.includes("/")) return (approvers.teams[name] ?? []).filter(canWrite)
    if (approvers.left?.some((login) => sameLogin(login, name))) return []
    const writer = approvers.writers.find((p) => sameLogin(p.login, name))
    if (!writer && rule.owns !== undefined) return []
    return [writer ?? { login: name, id: name, type: "User" }]
  })
  const admins = rule.orAdmins ? (approvers.admins ?? []) : []
  const all = rule.from.length > 0 ? [...named, ...admins] : [...approvers.writers, ...named]
  const never = Object.keys(state.standings).flatMap((login) => {
    const standing = standingOf(state, login)
    return standing?.belongs !== undefined && !mayEverCount(standing) ? [standing] : []
  })
  // Of whom the configuration names by login the id is not known, and stands for it.
  const isNever = (who: Person) =>
    never.some(({ person }) => person.id === who.id || (who.id === who.login && sameLogin(person.login, who.login)))
  const counting = all.filter((who) => who.type === "User" && !isNever(who))
  const people = new Map(counting.map((p) => [p.login.toLowerCase(), p]))
  return [...people.values()].sort((a, b) => (a.login < b.login ? -1 : 1))
}
