import { WebAPIRequestError } from "@slack/web-api"

type Row = { readonly [key: string]: unknown }

/** A list of Slack's answer; what is no object in it is left out. */
export const rows = (answer: object, key: string): readonly Row[] => {
  const value = (answer as Row)[key]
  return Array.isArray(value) ? value.filter((row): row is Row => typeof row === "object" && row !== null) : []
}

/** Slack promises these fields with `ok: true`; an answer without them is none. */
export function textOf(answer: object, key: string): string {
  const value = (answer as Row)[key]
  if (typeof value !== "string") throw new WebAPIRequestError(new Error(`Slack's answer has no ${key}`))
  return value
}
