import type { Plan } from "./plan.ts"

/** The dates of a plan by which a release enters an environment. */
export const DEPLOY_STEPS = ["staging_deploy", "production_deploy"] as const
export type DeployStep = (typeof DEPLOY_STEPS)[number]

/** Something that a plan sets a time for, and of which the thread reminds when it has come. */
export interface Appointment {
  /** `message`: something is to be said to somebody, by a person. */
  readonly is: DeployStep | "qa_start" | "message"
  /** What is due, as people call it. */
  readonly what: string
  /** ISO 8601 */
  readonly at: string
}

const STEPS = {
  qa_start: "testing begins",
  staging_deploy: "deployment to staging",
  production_deploy: "deployment to production",
} as const

/** What a plan sets a time for, in that order; its code freeze cuts the release, and needs no reminder. */
export function agendaOf({ timeline, communication }: Plan): readonly Appointment[] {
  const steps = (["qa_start", ...DEPLOY_STEPS] as const).flatMap((is) => {
    const at = timeline[is]
    return at === undefined ? [] : [{ is, what: STEPS[is], at }]
  })
  const messages = [...communication.pre_release, ...communication.post_release].map(({ channel, audience, date }) => ({
    is: "message" as const,
    what: `${CHANNELS[channel]} to ${audience}`,
    at: date,
  }))
  return [...steps, ...messages].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const CHANNELS = { slack: "a message in Slack", email: "an e-mail", blog: "a blog post" } as const

/** The date of the plan that an environment goes by, where the configuration names none: that of its own name. */
export function stepOf(environment: string): DeployStep | undefined {
  const name = environment.toLowerCase()
  return name === "staging" ? "staging_deploy" : name === "production" ? "production_deploy" : undefined
}
