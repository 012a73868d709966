import { expect, test } from "vitest"
import type { OwnPull } from "../../src/model/effect.ts"
import { renderOwnPull } from "../../src/render/own-pull.ts"
import { notesOf } from "./pages.ts"

const pull = (more: Partial<OwnPull>): OwnPull => ({
  purpose: "release",
  repositoryId: "1",
  release: "3",
  component: "",
  version: "1.5.0",
  head: "slipway/release/main",
  base: "main",
  commit: { is: "pinned", sha: "c".repeat(40) },
  notes: notesOf([]),
  ...more,
})

test.each<[string, Partial<OwnPull>, string, string]>([
  ["a repository", {}, "chore(release): 1.5.0", "releases **1.5.0** from main"],
  ["a component", { component: "api" }, "chore(release): api 1.5.0", "check **Slipway / readiness (api)**"],
  ["an odd name", { component: "a*b" }, "chore(release): a*b 1.5.0", "releases **a\\*b 1.5.0** from main"],
  ["a changelog", { purpose: "changelog" }, "docs(changelog): add 1.5.0", "**1.5.0** is published"],
  ["of a component", { purpose: "changelog", component: "api" }, "docs(changelog): add api 1.5.0", "**api 1.5.0** is"],
])("the pull request of %s says in its title what is released", (_, more, title, says) => {
  const rendered = renderOwnPull(pull(more))
  expect(rendered).toMatchObject({ title, message: title })
  expect(rendered.body).toContain(says)
})
