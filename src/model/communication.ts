import type { Plan } from "./plan.ts"
import type { Problem } from "./problem.ts"

/** What a plan says of who is told of its release. */
export interface Communication {
  /** IANA name of the time zone in which people are told times. */
  readonly zone: string
  /** The e-mail addresses among its stakeholders, each once. GitHub knows no address of a login or a team. */
  readonly stakeholders: readonly string[]
  /** What is to be said, and to whom, in the order in which the plan has it. */
  readonly messages: readonly PlannedMessage[]
}

/** One entry of a plan's `communication`. */
export interface PlannedMessage {
  /** `after`: only once the release is live and verified. */
  readonly stage: "before" | "after"
  readonly by: "slack" | "email" | "blog"
  readonly audience: string
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Whom entries of a plan tell, and where the file says so for the first time. */
export interface PlacedAudience extends Pick<PlannedMessage, "by" | "audience"> {
  readonly at: Omit<Problem, "message">
}

/** An entry that is given another time is another one; written in another time zone it is the same. */
export const messageName = ({ stage, by, audience, at }: PlannedMessage): string => `${stage}:${by}:${at}:${audience}`

export const communicationOf = ({ stakeholders, timezone, communication }: Plan): Communication => ({
  zone: timezone,
  messages: [
    ...communication.pre_release.map((one) => plannedOf("before", one)),
    ...communication.post_release.map((one) => plannedOf("after", one)),
  ],
  stakeholders: withoutTwins(
    Object.values(stakeholders)
      .flat()
      .filter((who) => !who.startsWith("@")),
  ),
})

const plannedOf = (
  stage: PlannedMessage["stage"],
  { channel, audience, date }: Plan["communication"]["pre_release"][number],
): PlannedMessage => ({ stage, by: channel, audience, at: date })

/** An address is the same however its letters are written; the first way counts. */
export const withoutTwins = (addresses: readonly string[]): readonly string[] =>
  [...new Map(addresses.toReversed().map((address) => [address.toLowerCase(), address])).values()].toReversed()

/** Whom Slipway has told of a release beside its thread. */
export interface Informed {
  /** Of all its e-mails, as of the first one: mail clients make a thread by it. */
  readonly subject: string
  /** Stakeholders whom it was announced to. */
  readonly announcedTo: readonly string[]
  /** They were told that it is out. */
  readonly published?: true
  /** Of which times that it was taken back they were told, by `TakenBack.key`. */
  readonly backs: readonly string[]
  /** What became of the entries of its plan whose time has come. */
  readonly messages?: readonly MessageEnd[]
  /** Of which times that it was taken back the audiences of those entries were told. */
  readonly followed?: readonly string[]
}

/** How an entry of a plan's `communication` ended. */
export interface MessageEnd extends PlannedMessage {
  /** `late`: its time was long over when Slipway heard of it. */
  readonly is: "sent" | "not sent" | "late"
  /** Addresses or channels that it was sent to. */
  readonly to: readonly string[]
  readonly because?: string
}
