import type { WebClient } from "@slack/web-api"
import { rows } from "./slack-fields.ts"

/** At 1,000 a page: a larger workspace is asked for its channels by their ids. */
const PAGES = 10

/**
 * The ids of public channels by their names, without `#`: of those that there are. One listing for all of them, which ends
 * with the last that is looked for. https://docs.slack.dev/reference/methods/conversations.list
 */
export async function findChannels(web: WebClient, names: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  let cursor = ""
  for (let page = 0; page < PAGES && found.size < names.size; page++) {
    const answer = await web.apiCall("conversations.list", {
      limit: 1000,
      exclude_archived: true,
      types: "public_channel",
      ...(cursor ? { cursor } : {}),
    })
    for (const { id, name } of rows(answer, "channels"))
      if (typeof id === "string" && typeof name === "string" && names.has(name)) found.set(name, id)
    cursor = answer.response_metadata?.next_cursor ?? ""
    if (cursor === "") break
  }
  return found
}
