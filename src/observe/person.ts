import type { Person } from "../model/change.ts"

const TYPES = ["User", "Bot", "Organization", "Mannequin"] as const

/** Whose account was deleted: GitHub shows null, or this account. https://github.com/ghost */
const GHOST: Person = { login: "ghost", id: "10137", type: "User" }

/** A user as the REST API tells it. A type that GitHub adds one day is no person's: it counts as a bot. */
export function person(user: { readonly login: string; readonly id: number; readonly type: string } | null): Person {
  if (!user) return GHOST
  return { login: user.login, id: String(user.id), type: TYPES.find((type) => type === user.type) ?? "Bot" }
}
