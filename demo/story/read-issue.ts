import type { IssueView } from "../../src/render/views.ts"
import { type Place, world } from "./place.ts"
import { commentsOn } from "./views.ts"

/** An issue or a pull request as somebody sees it; undefined where there is none. */
export async function readIssue(place: Place, number: number, reader: string): Promise<IssueView | undefined> {
  const [owner = "", repo = ""] = place.repo.split("/")
  const found = await existing(place.github.as(reader).issues.get({ owner, repo, issue_number: number }))
  if (!found) return undefined
  const { title, body, labels } = found.data
  return {
    number,
    title,
    body: body ?? "",
    labels: labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    comments: commentsOn(world(place), number),
  }
}

/** An answer, or undefined where GitHub says that there is nothing. */
export async function existing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return undefined
    throw error
  }
}
