import { expect, test } from "vitest"
import { startsOnPullRequest, startsOnPush } from "../../src/config/workflow-trigger.ts"

test.each<[string, string, string, boolean]>([
  ["a word", "on: push", "main", true],
  ["another word", "on: pull_request", "main", false],
  ["a quoted key", '"on": push', "main", true],
  ["a list", "on: [pull_request, push]", "main", true],
  ["a list without it", "on: [pull_request, workflow_dispatch]", "main", false],
  ["a bare push", "on:\n  push:\n", "main", true],
  ["its branch", "on: { push: { branches: [main] } }", "main", true],
  ["another branch", "on: { push: { branches: [next] } }", "main", false],
  ["one branch, not a list", "on: { push: { branches: main } }", "main", true],
  ["a number for a branch", "on: { push: { branches: [1] } }", "1", true],
  ["a star stops at a slash", "on: { push: { branches: ['releases/*'] } }", "releases/a/b", false],
  ["a star", "on: { push: { branches: ['releases/*'] } }", "releases/a", true],
  ["two stars", "on: { push: { branches: ['releases/**'] } }", "releases/a/b", true],
  ["two stars alone", "on: { push: { branches: ['**'] } }", "a/b", true],
  ["a class", "on: { push: { branches: ['[0-9].x'] } }", "1.x", true],
  ["a dot is a dot", "on: { push: { branches: ['1.x'] } }", "1ax", false],
  ["one or more", "on: { push: { branches: ['v[0-9]+'] } }", "v12", true],
  ["zero or one", "on: { push: { branches: ['releases?'] } }", "release", true],
  ["taken out again", "on: { push: { branches: ['**', '!main'] } }", "main", false],
  ["put back in", "on: { push: { branches: ['**', '!m*', 'main'] } }", "main", true],
  ["ignored", "on: { push: { branches-ignore: [main] } }", "main", false],
  ["ignored elsewhere", "on: { push: { branches-ignore: [next] } }", "main", true],
  ["tags alone start for no branch", "on: { push: { tags: ['v*'] } }", "main", false],
  ["tags and branches", "on: { push: { tags: ['v*'], branches: [main] } }", "main", true],
  ["paths may match", "on: { push: { paths: ['src/**'] } }", "main", true],
  ["a file that is no YAML", "on: [push", "main", true],
  ["a file without a trigger", "jobs: {}", "main", true],
  ["an empty file", "", "main", true],
  ["bait for backtracking", `on: { push: { branches: ['${"a+".repeat(60)}b'] } }`, "a".repeat(200), false],
  ["stars without end", `on: { push: { branches: ['${"**a".repeat(60)}b'] } }`, "a".repeat(200), false],
  ["a pattern that is none", "on: { push: { branches: ['[z-a]'] } }", "main", true],
])("%s", (_, text, branch, starts) => {
  expect(startsOnPush(text, branch)).toBe(starts)
})

test.each<[string, string, boolean]>([
  ["a name", "on: pull_request", true],
  ["a list", "on: [push, pull_request]", true],
  ["another event", "on: [push]", false],
  ["a base that fits", "on: { pull_request: { branches: [main] } }", true],
  ["another base", "on: { pull_request: { branches: [next] } }", false],
  ["no filter", "on: { pull_request: }", true],
  ["a file that is no YAML", "on: [push", true],
])("a pull request to main, %s", (_, text, starts) => {
  expect(startsOnPullRequest(text, "main")).toBe(starts)
})
