import { changelogBranch } from "../model/own-branch.ts"
import { isBeside, type Release } from "../model/release.ts"
import { releaseFiles } from "../model/release-files.ts"
import type { Line } from "../model/state.ts"
import { configOf } from "./plan-of.ts"
import { usesPull } from "./pull-of.ts"
import { changelogTarget, type Run } from "./run.ts"

/**
 * The changelog alone may follow a release that is out: one pull request adds its entry, and those of earlier ones whose
 * pull request nobody has merged yet. Asked for once a release, so that whoever closes it is not asked again.
 */
export function followWithChangelog(run: Run, line: Line, release: Release): void {
  const { changelog } = releaseFiles(configOf(line), release.component, line.workspace)
  if (changelog === undefined || usesPull(line) || release.phase.is !== "published") return
  const entries = run.state.releases.flatMap((other) =>
    isBeside(other, release) && other.phase.is === "published" && other.phase.outside === undefined
      ? [{ notes: other.phase.notes, date: other.phase.at.slice(0, 10) }]
      : [],
  )
  const head = changelogBranch(release.branch, release.component)
  run.effects.push({
    kind: "pull-request",
    key: `changelog:${release.id}`,
    target: changelogTarget(release),
    lane: `pull:${head}`,
    mode: "append",
    content: {
      purpose: "changelog",
      repositoryId: run.repo.id,
      release: release.id,
      component: release.component,
      version: release.phase.candidate.version,
      head,
      base: release.branch,
      commit: { is: "built", on: null, manifests: [], changelog, entries },
      notes: release.phase.notes,
    },
  })
}
