import { chmodSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startGitHub } from "../../demo/peers/github.ts"
import { repositoryMeant } from "../../src/cli/repository-meant.ts"
import { renderIncidentRequest } from "../../src/render/incident-request.ts"
import { incidentText } from "../../src/signals/incident-text.ts"
import { call, callJson } from "./call.ts"
import { LocalClone, temporaryFolder } from "./local-clone.ts"

const REPO = "acme/shop"
const CONFIG = `incident: { label: Incident }
environments: { staging: {}, production: { rollback: { levels: [application], required: 2 } } }
`
let github: Awaited<ReturnType<typeof startGitHub>>
let tokens: { readonly [login: string]: string }

const tokenOf = async (login: string) => String(((await github.as(login).auth()) as { token: string }).token)
const issues = (repo = REPO) => github.world()[repo]?.issues ?? []

beforeEach(async () => {
  github = await startGitHub({ webhookSecret: "secret" })
  for (const login of ["lea", "ben", "rosa", "tom", "zoe"]) github.createUser(login)
  github.createOrganization("acme", { owners: ["lea"], members: ["ben", "rosa", "tom"] })
  await github.createRepository({ owner: "acme", name: "shop", files: { ".github/slipway.yml": CONFIG }, by: "lea" })
  github.addCollaborator(REPO, "ben", "write")
  github.addCollaborator(REPO, "tom", "triage")
  tokens = {
    lea: await tokenOf("lea"),
    ben: await tokenOf("ben"),
    rosa: await tokenOf("rosa"),
    tom: await tokenOf("tom"),
  }
  vi.stubEnv("GITHUB_TOKEN", tokens.ben ?? "")
  vi.stubEnv("GITHUB_API_URL", github.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  expect(github.problems).toEqual([])
  await github.close()
})

test("opens an issue in the person's own name that asks for what they say, and tells what comes next", async () => {
  const because = "checkout\nis slow @acme/everybody"
  const args = ["production", "--to", "1.4.1", "--because", because, "--repository", REPO]
  const { code, out, err } = await call(".", "rollback", ...args)
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const [issue] = issues()
  expect(issue).toMatchObject({ author: "ben", labels: ["Incident"], state: "open" })
  expect(incidentText(issue?.title ?? "", issue?.body ?? "")).toEqual({
    title: "Roll production back: checkout is slow @acme/everybody",
    release: ["live"],
    environment: ["production"],
    component: [],
    to: ["1.4.1"],
    because: ["checkout is slow @acme/everybody"],
  })
  expect(out).toContain("asked for: #1, labelled “Incident”\n")
  expect(out).toContain(`/acme/shop/issues/1\n`)
  expect(out).toContain("back to 1.4.1, if you may ask for it and a second person does as well")
  expect(out + err).not.toContain(tokens.ben)
})

test("the repository is that of the clone, and --json is for scripts", async () => {
  const clone = new LocalClone()
  clone.git("remote", "add", "origin", `git@${new URL(github.url).hostname}:acme/shop.git`)
  const printed = await callJson(clone.directory, "rollback", "Staging")
  expect(printed).toEqual({
    repository: REPO,
    number: 1,
    url: expect.stringMatching(/\/acme\/shop\/issues\/1$/),
    label: "Incident",
    people: 1,
  })
})

test.each([
  ["git@github.com:acme/shop.git", undefined, "is at github.com, and requests go to 127.0.0.1"],
  [
    "https://gitlab.example/acme/shop.git",
    "https://api.github.com",
    "is at gitlab.example, and requests go to github.com",
  ],
  ["git@github.com:acme/shop.git", "https://ghe.acme.dev/api/v3", "is at github.com, and requests go to ghe.acme.dev"],
  ["git@ghe.acme.dev:acme/shop.git", "https://api.acme.ghe.com", "is at ghe.acme.dev, and requests go to acme.ghe.com"],
  ["https://github.com.evil.test/acme/shop", "https://api.github.com", "is at github.com.evil.test, and"],
])("a clone of %s opens nothing in a repository of that name elsewhere: %s", async (origin, api, because) => {
  if (api !== undefined) vi.stubEnv("GITHUB_API_URL", api)
  const clone = new LocalClone()
  clone.git("remote", "add", "origin", origin)
  const { code, out, err } = await call(clone.directory, "rollback", "staging")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toContain(`the remote \`origin\` of this clone ${because}`)
  expect(err).toContain("--repository OWNER/REPO")
  expect(github.requests).toEqual([])
})

test.each([
  ["git@github.com:acme/shop.git", "https://api.github.com"],
  ["ssh://git@ssh.github.com:443/acme/shop.git", "https://api.github.com"],
  ["https://GitHub.com/acme/shop", "https://api.github.com/"],
  ["https://ghe.acme.dev:8443/acme/shop.git", "https://ghe.acme.dev:8443/api/v3"],
  ["ssh://git@ghe.acme.dev:2222/acme/shop.git", "https://ghe.acme.dev/api/v3"],
  ["git@acme.ghe.com:acme/shop.git", "https://api.acme.ghe.com"],
])("a clone of %s is of %s", async (origin, api) => {
  const clone = new LocalClone()
  clone.git("remote", "add", "origin", origin)
  expect(await repositoryMeant(undefined, clone.directory, api)).toEqual({ owner: "acme", repo: "shop" })
})

test("who may label and not write is enough here: what they may is decided by Slipway", async () => {
  vi.stubEnv("GITHUB_TOKEN", tokens.tom ?? "")
  expect((await call(".", "rollback", "staging", "--repository", REPO)).code).toBe(0)
  expect(issues()).toMatchObject([{ author: "tom", labels: ["Incident"] }])
})

/** A `gh` that gives this token, or none. */
function stubGh(token: string): void {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, "gh"),
    `#!/bin/sh\n[ "$*" = "auth token --hostname 127.0.0.1:${new URL(github.url).port}" ] && [ -n "${token}" ] && echo ${token}\n`,
  )
  chmodSync(join(folder, "gh"), 0o755)
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`)
  vi.stubEnv("GITHUB_TOKEN", "")
}

test("without GITHUB_TOKEN the token of gh counts", async () => {
  stubGh(tokens.lea ?? "")
  expect((await call(".", "rollback", "staging", "--repository", REPO)).code).toBe(0)
  expect(issues()).toMatchObject([{ author: "lea" }])
})

test.each<[string, () => void, readonly string[], number, RegExp]>([
  ["no environment", () => {}, [], 2, /takes one environment/],
  ["no repository's name", () => {}, ["staging", "--repository", "shop"], 2, /takes a repository/],
  ["no clone", () => {}, ["staging"], 1, /is not in a git repository/],
  [
    "no token",
    () => stubGh(""),
    ["staging", "--repository", REPO],
    1,
    /GITHUB_TOKEN is not set, and `gh auth token` gives none/,
  ],
  [
    "a wrong token",
    () => vi.stubEnv("GITHUB_TOKEN", "ghp_wrong"),
    ["staging", "--repository", REPO],
    1,
    /does not accept your token/,
  ],
  [
    "a repository that is not there",
    () => {},
    ["staging", "--repository", "acme/till"],
    1,
    /no repository acme\/till that your token can see/,
  ],
  [
    "an environment that is not there",
    () => {},
    ["prod", "--repository", REPO],
    1,
    /names no environment prod: it has staging, production/,
  ],
  [
    "a component that is not there",
    () => {},
    ["staging", "--component", "api", "--repository", REPO],
    1,
    /names no component api: it has none/,
  ],
  [
    "somebody who may only read",
    () => vi.stubEnv("GITHUB_TOKEN", tokens.rosa ?? ""),
    ["staging", "--repository", REPO],
    1,
    /you may not label issues of acme\/shop/,
  ],
])("%s is told with what to do, and asks for nothing", async (_, prepare, args, expected, says) => {
  prepare()
  const { code, out, err } = await call(temporaryFolder(), "rollback", ...args)
  expect({ code, out }).toEqual({ code: expected, out: "" })
  expect(err).toMatch(says)
  expect(issues()).toEqual([])
  for (const token of [...Object.values(tokens), "ghp_wrong"]) expect(err).not.toContain(token)
})

test.each([
  [
    "no label is configured",
    "environments: { staging: {} }\n",
    /names no label of incidents: add `incident: \{ label: incident \}` on main/,
  ],
  ["the file has a mistake", "incident: { labels: x }\n", /slipway\.yml:1:1: `incident\.label` is missing/],
  [
    "there are several components",
    "incident: { label: x }\ncomponents: { api: { path: a }, web: { path: b } }\n",
    /say which by --component \(api, web\)/,
  ],
])("where %s nothing is asked for", async (_, text, says) => {
  await github.createRepository({ owner: "acme", name: "till", files: { ".github/slipway.yml": text }, by: "lea" })
  github.addCollaborator("acme/till", "ben", "write")
  const { code, err } = await call(".", "rollback", "staging", "--repository", "acme/till")
  expect(code).toBe(1)
  expect(err).toMatch(says)
  expect(issues("acme/till")).toEqual([])
})

test("a label that GitHub dropped is told", async () => {
  github.intercept(({ method, path }) =>
    method === "POST" && path.endsWith("/issues")
      ? ({ status: 201, body: { number: 9, html_url: "https://github.example/9", labels: [] } } as never)
      : (undefined as never),
  )
  const { code, err } = await call(".", "rollback", "staging", "--repository", REPO)
  expect(code).toBe(1)
  expect(err).toMatch(/nothing is asked for: GitHub opened #9 without the label “Incident”.*github\.example\/9/)
  github.problems.splice(0)
})

test("GitHub out of order is told, with what is not known", async () => {
  github.intercept(({ method }) =>
    method === "POST" ? ({ status: 502, body: { message: "no" } } as never) : (undefined as never),
  )
  const { code, err } = await call(".", "rollback", "staging", "--repository", REPO)
  expect(code).toBe(1)
  expect(err).toMatch(/it is not known whether it was asked for: look at the issues of acme\/shop/)
})

test("a reason cannot be more than a reason", () => {
  const because = "x\nBack to: 1.0.0\n\n### Environment\n\nproduction\n<!--"
  const { title, body } = renderIncidentRequest({ environment: "staging", from: "1.4.2", because })
  expect(incidentText(title, body)).toMatchObject({ release: ["1.4.2"], environment: ["staging"], to: [] })
  expect(renderIncidentRequest({ environment: "staging", because: "é".repeat(400) }).title).toHaveLength(256)
})
