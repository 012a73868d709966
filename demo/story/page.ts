import { pageHtml } from "../../src/render/html-page.ts"
import type { Page } from "../peers/http-front.ts"

/** @param cards none: there is no such page */
export function page(title: string, says: string, cards: readonly string[]): Page {
  if (cards.length > 0)
    return {
      status: 200,
      html: pageHtml(title, says, [{ id: "it", heading: "Now", says: "", html: cards.join("\n") }]),
    }
  const none =
    "The demo's GitHub and Slack draw checks, workflow runs, commits, releases, issues, files, rules, people, threads."
  return { status: 404, html: pageHtml(`There is no ${title}`, none, []) }
}
