import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { rollback } from "../../src/cli/rollback.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Issues that ask for a rollback, through the whole app; each test goes on where the one before ended. */
let stage: Stage

const CONFIG = `impact: false
incident: { label: incident }
environments:
  staging: {}
  production: { rollback: { levels: [application], required: 2 } }
`

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG } })
  for (const title of ["feat: pay by invoice", "fix: round it", "fix: a total"]) {
    await stage.merge("ben", title)
    await stage.press("approve", "cleo")
    await stage.press("publish", "cleo")
    const tag = Object.keys(stage.world().tags).at(-1) ?? ""
    for (const environment of ["staging", "production"]) await stage.deploy(environment, tag)
    stage.pass(60_000)
  }
  expect(Object.keys(stage.world().tags)).toEqual(["v0.1.0", "v0.1.1", "v0.1.2"])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stage.close()
})

const deployments = () => stage.world().deployments.filter(({ task }) => task === "rollback")
const comments = (issue: number) => stage.world().comments.filter((one) => one.issue === issue)
const label = async (number: number, by: string, off = false) => {
  // GitHub tells the time of a label in seconds: what is put on in the same one as it was taken off asks for nothing.
  stage.pass(1_000)
  await stage.github.labelIssue({ repo: stage.repo, number, by, label: "incident", off })
  await stage.quiet()
}
const open = (by: string, title: string, body = "") => stage.github.openIssue({ repo: stage.repo, by, title, body })
const ended = async (state: "success" | "failure") => {
  const deploymentId = deployments().at(-1)?.id ?? 0
  await stage.github.setDeploymentStatus({ repo: stage.repo, by: "ana", deploymentId, state })
  await stage.quiet()
}

test("what a label asks for is done, told on the issue, and followed to its end", async () => {
  const issue = await open("cleo", "Totals are wrong in staging", "### Release\n\nv0.1.2\n")
  stage.github.resetRequests()
  await label(issue, "ben")
  expect(deployments()).toMatchObject([{ environment: "staging", sha: stage.world().tags["v0.1.1"] }])
  expect(comments(issue)).toMatchObject([{ author: "slipway[bot]" }])
  expect(comments(issue)[0]?.body).toContain("**staging is being rolled back** from 0.1.2 to 0.1.1, asked for by ben.")
  const asked = stage.github.requests.filter(({ by }) => by === "installation").map(({ operationId }) => operationId)
  expect(asked.filter((id) => id === "repos/get-collaborator-permission-level")).toHaveLength(2)
  await ended("success")
  const [postMortem] = stage.world().issues.filter(({ title }) => title.startsWith("Post-mortem"))
  expect(postMortem?.body).toContain(`**Asked for in:** #${issue}`)
  expect(postMortem?.body).toContain(`**Reason given:** incident #${issue}: Totals are wrong in staging`)
  expect(comments(issue)).toHaveLength(1)
  expect(comments(issue)[0]?.body).toMatch(
    new RegExp(
      `staging was rolled back\\*\\* from 0\\.1\\.2 to 0\\.1\\.1 on .* The post-mortem is #${postMortem?.number}\\.`,
    ),
  )
})

test("a redelivery, and the label once more, do nothing", async () => {
  const [delivery] = stage.github.deliveries.filter(({ event, action }) => event === "issues" && action === "labeled")
  const before = deployments().length
  if (!delivery) throw new Error("nothing was labelled")
  await stage.github.redeliver(delivery.id)
  await stage.github.send("issues", delivery.payload)
  const { number } = delivery.payload.issue as { number: number }
  await label(number, "ben", true)
  await label(number, "cleo")
  expect(deployments()).toHaveLength(before)
  expect(comments(number)).toHaveLength(1)
})

test("what it said when it was labelled counts, whatever is written there since", async () => {
  const issue = await open("ben", "0.1.2 in production")
  await stage.stop()
  stage.github.pauseDeliveries()
  await stage.github.labelIssue({ repo: stage.repo, number: issue, by: "ben", label: "incident" })
  await stage.github.editIssue({ repo: stage.repo, number: issue, by: "ben", title: "0.1.0 in staging" })
  await stage.restart()
  stage.github.resumeDeliveries()
  await stage.quiet()
  expect(deployments()).toHaveLength(1)
  expect(comments(issue)[0]?.body).toMatch(/ben asks to roll production back\*\* from 0\.1\.2\. A second person/)
})

test("the second of two may ask by the command, and the first issue is told", async () => {
  vi.stubEnv("GITHUB_TOKEN", String(((await stage.github.as("cleo").auth()) as { token: string }).token))
  vi.stubEnv("GITHUB_API_URL", stage.github.url)
  let out = ""
  const say = (text: string) => {
    out += text
  }
  const args = ["production", "--repository", stage.repo, "--because", "<!channel> @acme/everybody: it is *slow*"]
  const terminal = { out: say, err: say, colours: false, directory: ".", now: stage.clock.now() }
  expect(await rollback.run(args, terminal)).toBe(0)
  await stage.quiet()
  const issue = Number(/#(\d+)/.exec(out)?.[1])
  expect(deployments().at(-1)).toMatchObject({ environment: "production", sha: stage.world().tags["v0.1.1"] })
  expect(comments(issue)[0]?.body).toContain("asked for by ben and cleo.")
  const first = stage.world().issues.find(({ title }) => title === "0.1.0 in staging")?.number ?? 0
  expect(comments(first)).toHaveLength(1)
  expect(comments(first)[0]?.body).toContain("asked for by ben and cleo.")
})

test("what they wrote calls nobody, in Slack or on GitHub", async () => {
  await ended("failure")
  const slack = JSON.stringify(await stage.slack.messages("releases"))
  expect(slack).toContain("everybody: it is")
  expect(slack).not.toContain("<!channel>")
  const said = stage.world().comments.map(({ body }) => body)
  expect(said.join("\n")).not.toMatch(/@[a-z]/)
  expect(said.at(-1)).toMatch(/failed/)
})

test("a label that is off again before anybody read it asks for nothing; one that names nothing is asked back", async () => {
  const issue = await open("ben", "0.1.1 in staging")
  stage.github.pauseDeliveries()
  for (const off of [false, true])
    await stage.github.labelIssue({ repo: stage.repo, number: issue, by: "ben", label: "incident", off })
  const before = deployments().length
  stage.github.resumeDeliveries()
  await stage.quiet()
  expect(deployments()).toHaveLength(before)
  expect(comments(issue)[0]?.body).toContain("ben took the label off before anything was begun")
  await stage.github.editIssue({ repo: stage.repo, number: issue, by: "ben", title: "Something is wrong" })
  await label(issue, "ben")
  expect(comments(issue)).toHaveLength(1)
  expect(comments(issue)[0]?.body).toContain("it names no release that is live or failing")
})

test("a comment that somebody deleted is written once more when there is something new", async () => {
  const issue = await open("ben", "Nothing")
  await label(issue, "ben")
  const { data } = await stage.github
    .as("ana")
    .rest.issues.listComments({ owner: "acme", repo: "shop", issue_number: issue })
  await stage.github.as("ana").rest.issues.deleteComment({ owner: "acme", repo: "shop", comment_id: data[0]?.id ?? 0 })
  await label(issue, "ben", true)
  await label(issue, "cleo")
  expect(comments(issue)).toHaveLength(1)
  expect(comments(issue)[0]?.body).toContain("though cleo labelled this")
})
