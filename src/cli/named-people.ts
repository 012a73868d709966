import { sameLogin } from "../decide/approvals.ts"
import type { Config } from "../model/config.ts"

interface Asked {
  readonly from: readonly string[]
  readonly "all-of"?: readonly { readonly from: readonly string[] }[]
  readonly "any-of"?: readonly { readonly from: readonly string[] }[]
}

/** People, not teams, whose word a configuration asks for by their names, and whom its `slack.mention` does not know. */
export function namedPeople(config: Config): readonly string[] {
  const { approvals, components, environments, hotfix, slack } = config
  const places = [...Object.values(environments), ...Object.values(hotfix.environments)]
  const asked: readonly (Asked | undefined)[] = [
    approvals,
    ...Object.values(components).map((component) => component.approvals),
    ...places.map((environment) => environment.approvals),
    ...places.map((environment) => ({ from: environment["on-call"] ?? [] })),
  ]
  const logins = asked
    .flatMap((one) => [one, ...(one?.["all-of"] ?? []), ...(one?.["any-of"] ?? [])])
    .flatMap((one) => one?.from ?? [])
    .filter((who) => who.startsWith("@") && !who.includes("/"))
    .map((who) => who.slice(1))
  const known = Object.keys(slack.mention)
  return [...new Set(logins)].filter((login) => !known.some((other) => sameLogin(other, login)))
}
