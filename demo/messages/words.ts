/** What the texts of a release are, from which messages of every kind are made: usual ones, or the longest there are. */
export interface Words {
  /** A reason, a rule, a title: what somebody wrote. */
  readonly text: string
  /** Of a plan, an environment, a service, a channel. */
  readonly name: string
  readonly environment: string
  readonly login: string
  readonly version: string
  readonly url: string
  /** How many there are of all that there is a list of. */
  readonly many: number
}

export const AT = "2026-11-30T10:12:00Z"
export const LATER = "2026-11-30T10:27:00Z"
export const SHA = "3f9d2c71".repeat(5)
export const OTHER = "a04be118".repeat(5)

export const USUAL: Words = {
  text: "2 of 40 checks failed: e2e (checkout), lint",
  name: "Spring release",
  environment: "production",
  login: "kim",
  version: "1.5.0",
  url: "https://github.com/acme/shop/releases/tag/v1.5.0",
  many: 3,
}

export const listOf = <T>(count: number, one: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => one(at))
