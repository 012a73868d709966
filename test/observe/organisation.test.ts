import { Octokit } from "@octokit/rest"
import nock from "nock"
import { afterEach, beforeEach, expect, test } from "vitest"
import { emptyState } from "../../src/decide/learn.ts"
import type { Organisation } from "../../src/model/organisation.ts"
import { createFindings } from "../../src/observe/findings.ts"
import { createOrganisations } from "../../src/observe/organisation.ts"
import { createReader } from "../../src/observe/reader.ts"
import { PeerUnavailable } from "../../src/peers/errors.ts"

const API = "https://github.example"
const REPO = { id: "1", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "2" }
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const FILE = "/repos/acme/.github/contents/slipway.yml"
const STOP = 'stop: { because: "payments are down" }\n'
const client = new Octokit({ baseUrl: API, log: SILENT })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

const setUp = (known?: Organisation) => {
  const abort = new AbortController().signal
  const findings = createFindings()
  const state = known ? { ...emptyState, organisations: { "acme/.github": known } } : undefined
  const reader = createReader(client, REPO, abort)
  return { findings, organisations: createOrganisations({ github: client, reader, abort, findings, state }) }
}
const answerWith = (text: string, of = "acme") =>
  nock(API)
    .get(FILE)
    .reply(200, {
      type: "file",
      sha: "b1",
      encoding: "base64",
      content: Buffer.from(text).toString("base64"),
      url: `${API}/repos/${of}/.github/contents/slipway.yml?ref=main`,
    })
const told = (findings: ReturnType<typeof createFindings>) => findings.facts().learned.organisations?.["acme/.github"]

test("several branches that extend one file read it once, whatever its letters", async () => {
  const { organisations } = setUp()
  answerWith("approvals: { required: 2 }")
  const read = await Promise.all(["acme/.github", "Acme/.GitHub", "acme/.github"].map((it) => organisations.read(it)))
  expect(read.map(({ is }) => is)).toEqual(["read", "read", "read"])
})

test.each<[string, number, string, string]>([
  ["is missing", 404, "unknown", "GitHub knows no such file there, or the App may not see it"],
  ["is forbidden", 403, "unknown", "GitHub refused it"],
])("a file that %s", async (_, status, is, because) => {
  const { organisations, findings } = setUp()
  nock(API).get(FILE).reply(status, { message: "no" })
  expect(await organisations.read("acme/.github")).toMatchObject({ is, because: expect.stringContaining(because) })
  expect(told(findings)).toMatchObject({ is: "unread", because: expect.stringContaining(because) })
})

test("GitHub out of reach is no answer: the run is tried again", async () => {
  const { organisations } = setUp()
  nock(API).get(FILE).reply(502)
  await expect(organisations.read("acme/.github")).rejects.toBeInstanceOf(PeerUnavailable)
})

test("a repository that went to another account is not followed there", async () => {
  const { organisations, findings } = setUp()
  answerWith("approvals: { required: 0 }", "evil")
  expect(await organisations.read("acme/.github")).toEqual({
    is: "invalid",
    because: "acme/.github went to another account, whose files are not read",
  })
  expect(told(findings)?.is).toBe("unread")
})

test("who stopped the line is asked once, and kept while the stop says the same", async () => {
  const first = setUp()
  answerWith(STOP)
  const commit = { sha: "c1", author: { login: "ana" }, commit: { committer: { date: "2026-11-21T10:00:00Z" } } }
  nock(API).get("/repos/acme/.github/commits").query({ path: "slipway.yml", per_page: 1 }).reply(200, [commit])
  await first.organisations.read("acme/.github")
  const seen = told(first.findings)
  expect(seen).toEqual({
    is: "read",
    blob: "b1",
    stop: {
      because: "payments are down",
      except: [],
      set: { by: "ana", at: "2026-11-21T10:00:00Z", sha: "c1" },
    },
  })

  const second = setUp(seen)
  answerWith(`approvals: { required: 2 }\n${STOP}`)
  await second.organisations.read("acme/.github")
  expect(told(second.findings)).toEqual(seen)
})

test("a stop stands though GitHub does not tell who set it", async () => {
  const { organisations, findings } = setUp()
  answerWith(STOP)
  nock(API).get("/repos/acme/.github/commits").query(true).reply(403, { message: "no" })
  await organisations.read("acme/.github")
  expect(told(findings)).toEqual({ is: "read", blob: "b1", stop: { because: "payments are down", except: [] } })
})
