import { createHmac, timingSafeEqual } from "node:crypto"

/** How long a calendar is given out as it is: programs ask for it every few minutes, and each look reads every state. */
const FRESH_MS = 60_000

/** The feed of an account's releases. */
export interface CalendarFeed {
  /** @returns the calendar; undefined: the token is not the account's, or nothing is known of it */
  read(owner: string, token: string): Promise<string | undefined>
}

/**
 * Where the feed of an account is, below Slipway's address. Programs that subscribe to calendars cannot log in: who has
 * the address can read it, so that it cannot be guessed. It changes with the secret.
 *
 * @param secret the webhook secret
 */
export const feedPath = (secret: string, owner: string): string =>
  `/calendar/${encodeURIComponent(owner)}/${tokenOf(secret, owner)}.ics`

/** 192 bits, for this purpose alone: it says nothing of the secret, and signs no webhook. */
const tokenOf = (secret: string, owner: string): string =>
  createHmac("sha256", secret)
    .update(`slipway calendar 1\n${owner.toLowerCase()}`)
    .digest()
    .subarray(0, 24)
    .toString("base64url")

/**
 * @param secrets the webhook secret, and while it is being changed the one before: addresses made from that go on
 * @param make writes the calendar of an account; undefined: nothing is known of it
 */
export function createCalendarFeed(
  secrets: readonly string[],
  now: () => Date,
  make: (owner: string) => Promise<string | undefined>,
): CalendarFeed {
  const made = new Map<string, { readonly at: number; readonly text: Promise<string | undefined> }>()
  return {
    async read(owner, token) {
      if (!secrets.map((secret) => isToken(secret, owner, token)).includes(true)) return undefined
      const name = owner.toLowerCase()
      const at = now().getTime()
      const known = made.get(name)
      if (known && at - known.at < FRESH_MS && at >= known.at) return await known.text
      const text = make(name)
      made.set(name, { at, text })
      // What failed is tried again at the next look.
      text.catch(() => made.delete(name))
      return await text
    },
  }
}

function isToken(secret: string, owner: string, token: string): boolean {
  const [given, right] = [Buffer.from(token), Buffer.from(tokenOf(secret, owner))]
  return given.length === right.length && timingSafeEqual(given, right)
}
