import { likenessOf } from "./likeness.ts"
import type { Stage } from "./stage.ts"

type Held = Parameters<NonNullable<Parameters<Stage["github"]["resumeDeliveries"]>[0]>>[0]
type State = Parameters<Stage["github"]["setDeploymentStatus"]>[0]["state"]
/** How what was held back is delivered. */
export type Order = (held: Held) => Held

/**
 * Merges, approvals, a publication, deployments and a rollback: a whole flow in a few breaths. In each of them GitHub's
 * webhooks are held back, and let out in the given order.
 *
 * @param settled resolves when what was done has been heard of, and answered
 * @param pressed `apart`: nothing is merged before a press was heard. One that comes when another page stands approves nothing.
 * @returns what is left of it in the end
 */
export async function wholeFlow(
  stage: Stage,
  name: string,
  order: Order,
  settled: () => Promise<void> = stage.quiet,
  pressed: "apart" | "beside a merge" = "beside a merge",
): Promise<object> {
  const { github } = stage
  const amid = async (act: () => Promise<void>): Promise<void> => {
    github.pauseDeliveries()
    await act()
    github.resumeDeliveries(order)
    await settled()
  }
  const place = await stage.build(name, { ".github/workflows/ci.yml": "on: [push]\n" })
  const { repo } = place
  const commits = new Map<string, string>()
  const merge = async (by: string, title: string) => {
    const { number } = await github.openPullRequest({
      repo,
      by,
      title,
      commits: [{ message: title, files: { [`${title.replace(/\W+/g, "-")}.txt`]: title }, author: by }],
    })
    const { sha } = await github.mergePullRequest({ repo, number, by: "ana" })
    commits.set(sha, title)
    return sha
  }
  const check = (sha: string, conclusion: string) => github.reportCheck({ repo, sha, name: "ci", conclusion })
  const press = (run: { id: number }, identifier: string, by: string) =>
    github.click({ repo, checkRunId: run.id, identifier, by })
  const deploy = async (sha: string, environment: string, ...states: State[]) => {
    const deploymentId = await github.createDeployment({ repo, by: "ana", ref: sha, environment })
    for (const state of states) await github.setDeploymentStatus({ repo, deploymentId, state, by: "ana" })
  }

  let first = ""
  await amid(async () => {
    await merge("ben", "feat: one")
    await merge("cleo", "fix: two")
    first = await merge("ben", "docs: three")
    await check(first, "success")
  })
  if (pressed === "apart") {
    await amid(async () => press(place.readiness(first), "approve", "ana"))
    await amid(async () => void (await merge("ben", "feat: four")))
  } else
    await amid(async () => {
      await press(place.readiness(first), "approve", "ana")
      await merge("ben", "feat: four")
    })
  await press(place.readiness(first), "approve", "cleo")
  await settled()
  await press(place.readiness(first), "publish", "cleo")
  await settled()
  let second = ""
  await amid(async () => {
    await deploy(first, "production", "in_progress", "success")
    second = await merge("ben", "fix: five")
    await check(second, "success")
  })
  await press(place.readiness(second), "approve", "cleo")
  await settled()
  await press(place.readiness(second), "publish", "ana")
  await settled()
  await amid(() => deploy(second, "production", "in_progress", "failure"))
  await press(place.check("Slipway / production", second), "rollback:production", "ana")
  await settled()
  const rollback = place.world().deployments.find((d) => d.task === "rollback")
  await amid(async () => {
    for (const state of ["in_progress", "success"] as const)
      await github.setDeploymentStatus({ repo, deploymentId: rollback?.id ?? 0, state, by: "ana" })
  })
  return likenessOf(place, commits)
}
