import { type Belonging, mayEverCount } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import { hashOf } from "../model/hash.ts"
import { validPlans } from "../model/plan-folder.ts"
import { readBelonging, readIsMember } from "./belonging.ts"
import { configFor, type LineFiles } from "./line-config.ts"
import type { Reader } from "./reader.ts"

/** Logins of which it is asked whether they may count at all. */
export interface Named {
  /** Whom a rule of releases names; of those who may write nothing is asked. */
  readonly named: readonly string[]
  /** Whom a rule in force names, while the configuration says anew who approves. */
  readonly replaced: readonly string[]
}

/** So many are asked for, two or three requests each; whoever comes behind them counts as somebody who is left. */
const ASKED_MOST = 20

/** Whom the rules of releases name by login. */
export function namedBy(lines: readonly LineFiles[]): Named {
  const named = lines.flatMap((line) => [...peopleOf(configFor(line)), ...peopleOf(line.inForce.config?.value)])
  const replaced = lines.flatMap(({ inForce, ...line }) => {
    const before = inForce.config?.value
    if (!before || approvalsOf(before) === approvalsOf(configFor({ ...line, inForce }))) return []
    const plans = [
      ...(inForce.plan ? [inForce.plan.value] : []),
      ...validPlans(inForce.plans ?? []).map(({ value }) => value),
    ]
    return [...peopleOf(before), ...logins(plans.flatMap(({ stakeholders }) => Object.values(stakeholders).flat()))]
  })
  return { named: [...new Set(named)], replaced: [...new Set(replaced)] }
}

/**
 * Who of them counts no more: who is outside of the organisation, is suspended, or has no account any more; of a personal
 * account's repository, who cannot write to it. Who cannot be read is none of them.
 *
 * That GitHub shows no membership may only mean that Slipway may see none: so it is believed where somebody else's is shown.
 * https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user
 *
 * @param writers who may write here, nobody from outside
 */
export async function readLeft(
  reader: Reader,
  { named, replaced }: Named,
  writers: readonly Person[],
): Promise<readonly string[]> {
  const mayWrite = (login: string) => writers.some((writer) => writer.login.toLowerCase() === login.toLowerCase())
  const asked = [...new Set([...replaced, ...named.filter((login) => !mayWrite(login))])].slice(0, ASKED_MOST)
  const found = await Promise.all(
    asked.map(async (login) => [login, await readBelonging(reader, { login, id: login, type: "User" })] as const),
  )
  const left = found.flatMap(([login, belongs]) =>
    belongs.is === "read" && isLeft(belongs.value, mayWrite(login)) ? [{ login, belongs: belongs.value }] : [],
  )
  const witness = writers.find(({ type, login }) => type === "User" && !left.some((one) => one.login === login))
  const isSeen =
    left.some(({ belongs }) => belongs === "outside") && witness !== undefined && (await readIsMember(reader, witness))
  return left.flatMap(({ login, belongs }) => (belongs !== "outside" || isSeen ? [login] : []))
}

const isLeft = (belongs: Belonging, mayWrite: boolean): boolean =>
  belongs === "guest" ? !mayWrite : !mayEverCount({ belongs })

const ruling = ({ approvals, components }: Config) => [
  approvals,
  ...Object.values(components).flatMap((component) => component.approvals ?? []),
]

const approvalsOf = (config: Config): string =>
  hashOf([
    config.approvals,
    Object.entries(config.components).map(([name, { approvals }]) => [name, approvals ?? null]),
  ])

function peopleOf(config: Config | undefined): readonly string[] {
  const rules = config ? ruling(config) : []
  const groups = rules.flatMap((one) => [one, ...(one["all-of"] ?? []), ...(one["any-of"] ?? [])])
  return logins(groups.flatMap(({ from }) => from))
}

const logins = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (/^@[^/]+$/.test(name) ? [name.slice(1)] : []))
