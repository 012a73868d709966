import { AsyncLocalStorage } from "node:async_hooks"

type Fields = { readonly [name: string]: unknown }

const fields = new AsyncLocalStorage<Fields>()

/**
 * Puts these on every line that is logged in the work, by whomever: Octokit, Slack's client and a rule's own line alike.
 * Work in work has the fields of both.
 */
export const withLogFields = <T>(more: Fields, work: () => T): T => fields.run({ ...fields.getStore(), ...more }, work)

/** Those of the work at hand, for a logger's mixin. */
export const logFields = (): Fields => fields.getStore() ?? {}
