import { expect, test } from "vitest"
import { drawMessages } from "../../demo/messages/draw.ts"
import { sampleReplies } from "../../demo/messages/replies.ts"
import { USUAL } from "../../demo/messages/words.ts"

test("every kind of message is on the page, and mentions are drawn as people", () => {
  const page = drawMessages(USUAL)
  const drawn = [...page.matchAll(/<h3 class="moment">([^<]+)<\/h3>/g)].map(([, kind]) => kind)
  expect(drawn).toEqual(expect.arrayContaining(sampleReplies(USUAL).map(({ is }) => is)))
  expect(drawn).toEqual(expect.arrayContaining(["drafted", "live", "rolled back"]))
  expect(page).toContain("<strong>@U012ABCDEF</strong>, @kim")
})
