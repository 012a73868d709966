import type { Person } from "../../model/change.ts"
import { DEFAULT_CONFIG } from "../../model/config.ts"
import type { Environment } from "../../model/deployment.ts"
import { entryRulesIn, rulingOf } from "../../model/entry-rules.ts"
import { own } from "../../model/own.ts"
import { eligible, type GroupedRule, mayClick, sameLogin } from "../approvals.ts"
import { peopleOf } from "../environment-people.ts"
import type { Run } from "../run.ts"
import { instant } from "../wording.ts"
import { isThere } from "./there.ts"

/** Somebody who wants a release taken back. */
export interface Asker {
  readonly by: Person
  /** ISO 8601 */
  readonly at: string
}

/** What a person's word for a rollback comes to. `first`: who asked before, where two are asked for. */
export type Word =
  | { readonly is: "enough"; readonly first?: string }
  /** `until`: ISO 8601; `people`: logins of those who may be the second, as far as they are known. */
  | { readonly is: "waits"; readonly because: string; readonly until: string; readonly people: readonly string[] }
  | { readonly is: "refused"; readonly because: string }

/** What is asked for. `to`: an earlier release than the last known good one. */
interface Same {
  readonly release: string
  readonly to?: string
}

/** A first word is of that moment: what it was said of has changed by then. */
const STANDS_MS = 60 * 60_000

/**
 * Whether somebody's word takes a release back: of those who may, by the configuration that was approved last. Where it asks
 * for two, the first word waits for another person's, who may be the one on call.
 *
 * @param branch that the release came from
 */
export function wordFor(
  run: Run,
  environment: Environment,
  { by, at }: Asker,
  bad: Same & { readonly branch: string },
): Word {
  const people = peopleOf(run, bad.branch, environment)
  const { isOfTwo, onCall } = asked(run, bad.branch, environment, people)
  const first = isOfTwo ? standing(environment, bad, at) : undefined
  const may = mayClick(run.state, by, first ? [people, ...onCall] : [people])
  // guard: rollback-by-anybody
  if (!may.may) return { is: "refused", because: may.because }
  if (!isOfTwo) return { is: "enough" }
  // guard: rollback-by-one
  if (first && first.by.id !== by.id && !sameLogin(first.by.login, by.login))
    return { is: "enough", first: first.by.login }
  const until = new Date(Date.parse((first ?? { at }).at) + STANDS_MS).toISOString()
  const because = `a second person has to ask for it as well, until ${instant(until)}`
  return { is: "waits", because, until, people: others(run, [people, ...onCall], (first ?? { by }).by) }
}

/** Everybody else whom one of the rules allows. */
function others({ state }: Run, rules: readonly GroupedRule[], first: Person): readonly string[] {
  const { approvers } = state
  if (!approvers) return []
  const all = rules.flatMap((rule) => eligible(state, approvers, rule))
  return [
    ...new Set(
      all.filter(({ id, login }) => id !== first.id && !sameLogin(login, first.login)).map(({ login }) => login),
    ),
  ]
}

/** The first word of two, while it stands; who asks for another release to come back does not agree with it. */
export function standing({ asked: first }: Environment, { release, to }: Same, at: string): Asker | undefined {
  const isSame = first?.release === release && first.to === to // guard: two-people-two-goals
  return isSame && Date.parse(at) - Date.parse(first.at) < STANDS_MS ? first : undefined
}

/** The first word of two that waits for a second one: it stands, and the release that it is about is there. */
export const firstWord = (environment: Environment, at: string): Environment["asked"] => {
  const { asked: first } = environment
  return first && standing(environment, first, at) && isThere(environment, first.release) ? first : undefined
}

function asked({ state, repo }: Run, branch: string, { name }: Environment, people: GroupedRule) {
  const of = own(state.lines, branch)
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  const { rollback, "on-call": from = [] } = entryRulesIn(line?.inForce.config?.value ?? DEFAULT_CONFIG, name)
  const isOfTwo = !Array.isArray(rollback) && rollback.required === 2
  const rule = { ...people, required: 1, from, stakeholders: [], newcomers: [], allOf: [], anyOf: [] }
  return { isOfTwo, onCall: from.length > 0 ? [rule] : [] }
}
