import type { Plan } from "./plan.ts"

/** What a plan says of who is told of its release. */
export interface Communication {
  /** IANA name of the time zone in which people are told times. */
  readonly zone: string
  /** The e-mail addresses among its stakeholders, each once. GitHub knows no address of a login or a team. */
  readonly stakeholders: readonly string[]
}

export const communicationOf = ({ stakeholders, timezone }: Plan): Communication => ({
  zone: timezone,
  stakeholders: withoutTwins(
    Object.values(stakeholders)
      .flat()
      .filter((who) => !who.startsWith("@")),
  ),
})

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
  /** Of how many times that it was rolled back they were told. */
  readonly backs: number
}
