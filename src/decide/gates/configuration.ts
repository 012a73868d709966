import type { Gate } from "../../model/gate.ts"
import type { Plan } from "../../model/plan.ts"
import { PLAN_FOLDER, type ValidPlan, validPlans } from "../../model/plan-folder.ts"
import type { Problem } from "../../model/problem.ts"
import type { Line } from "../../model/state.ts"
import { approvalRule, type GroupedRule, stakeholdersOf } from "../approvals.ts"
import { changedGates, gateChangers } from "../changed-gates.ts"
import { componentsOn } from "../division.ts"
import { withOwners, withOwnersOrWriters } from "../owners.ts"
import { chosenPlan, oldPlan } from "../plan-of.ts"
import { replaced, saysAnew } from "../stand-ins.ts"
import { list, plural } from "../wording.ts"
import { judgeApprovals, ruleNow } from "./approvals.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/**
 * The branch's history is known, configuration and plan are readable and valid, and where they lower or change the gates that were in force, the
 * change is approved under the old ones. Deleting a file removes no gate by itself.
 */
export function configurationGate(subject: Subject): Gate {
  const { line, state, config } = subject
  if (line.broken)
    return { name: "configuration", state: "unknown", because: `${line.branch} could not be followed: ${line.broken}` }
  const gate = (is: Gate["state"], because: string): Gate => ({ name: "configuration", state: is, because })
  if (line.config.is === "invalid") return gate("failed", wrong(line.config.path, line.config.problems))
  const plans = [line.plan, ...(line.plans ?? [])]
  const broken = plans.find((plan) => plan.is === "invalid")
  if (broken) return gate("failed", wrong(broken.path, broken.problems))
  const unread = ["config", "plan", "plans"].flatMap((what) => unknownBecause(state, `${what}:${line.branch}`) ?? [])[0]
  if (unread) return gate("unknown", `configuration or plan could not be read: ${unread}`)
  const stranger = validPlans(plans).find(({ value }) => isOfNobody(line, value))
  if (stranger)
    return gate(
      "failed",
      `${stranger.path} is for the component “${stranger.value.release.component}”, and there is none of that name`,
    )
  const chosen = chosenPlan(state, line, subject.release)
  if (chosen.is === "several") return gate("failed", severalPlans(chosen.plans))
  if (config.plan.required && subject.plan === null)
    return gate("failed", `slipway.yml requires a plan, ${noPlan(subject)}`)
  const changed = changedGates(line, state, subject.release)
  // guard: changed-gates
  if (changed.length > 0) {
    const covered = [...subject.covered, ...gateChangers(line, subject.release)]
    const verdict = judgeApprovals({ ...subject, covered }, oldRule(subject))
    const what = `${changed.join(" and ")}: the gates that were in force ask for the change's approval; ${verdict.because}`
    return gate(verdict.state, what)
  }
  if (line.config.is === "absent") return gate("passed", "no .github/slipway.yml: the defaults count")
  return gate("passed", `${line.config.path} is valid`)
}

/**
 * The rules by which a person's click may count: today's, and, while a change of the gates waits for its approval, the
 * one that was in force before. Else a new rule could shut out everybody who may approve it.
 */
export const rulesFor = (subject: Subject): readonly [GroupedRule, ...GroupedRule[]] => rulesWith(subject, withOwners)

/** Those by which a person's press of this button may count. */
export const rulesOfButton = (subject: Subject, button: string): readonly [GroupedRule, ...GroupedRule[]] =>
  rulesWith(subject, button === "hold" || button === "recut" ? withOwnersOrWriters : withOwners)

function rulesWith(subject: Subject, asked: typeof withOwners): readonly [GroupedRule, ...GroupedRule[]] {
  const now = asked(subject, ruleNow(subject))
  const isChanged = changedGates(subject.line, subject.state, subject.release).length > 0
  return isChanged ? [now, asked(subject, oldRule(subject))] : [now]
}

/** The approvals that the gates in force ask for. A plan that was there before names its own stakeholders. */
export function oldRule({
  state,
  line,
  release,
  config,
}: Pick<Subject, "state" | "line" | "release" | "config">): GroupedRule {
  const old: Plan | null = oldPlan(state, line, release)?.value ?? line.inForce.plan?.value ?? null
  const before = line.inForce.config?.value ?? config
  const trusted = old ? stakeholdersOf(old).filter((who) => line.trusted?.includes(who)) : []
  const rule = approvalRule(before, old, trusted, release.component)
  // guard: replaced-approvals
  return saysAnew(before, config, release.component) ? replaced(rule) : rule
}

const isOfNobody = (line: Line, { release: { component } }: Plan): boolean =>
  component !== undefined && !componentsOn(line).some(({ name }) => name === component)

/** Why none of several plans counts. */
export const severalPlans = (plans: readonly ValidPlan[]): string =>
  `${list(
    plans.map(({ path }) => path),
    5,
  )} all speak of this release: keep one of them, or give each its own version or component`

function noPlan({ line, config }: Subject): string {
  if (line.plan.is !== "absent") return `and ${line.plan.path} is spent: it speaks of a release that is out`
  const also = line.plans && line.plans.length > 0 ? `, and none in ${PLAN_FOLDER} speaks of this release` : ""
  return `and there is no ${config.plan.path}${also}`
}

const wrong = (path: string, problems: readonly Problem[]): string => {
  const first = problems[0]
  const more = problems.length > 1 ? ` (and ${plural(problems.length - 1, "more problem")})` : ""
  return first ? `${first.file}:${first.line}: ${first.message}${more}` : `${path} is not valid`
}
