import type { Bulletin, BulletinNews } from "../../model/bulletin.ts"
import type { Plan } from "../../model/plan.ts"
import type { Release } from "../../model/release.ts"
import { fullName } from "../../model/repository.ts"
import { countOf } from "../announcement.ts"
import { versionOf } from "../candidate.ts"
import { releasesUrl, releaseUrl } from "../links.ts"
import { notesOf } from "../release-notes.ts"
import type { Run } from "../run.ts"

/** A change that breaks half of the world is no more urgent for being listed a hundred times. */
const BREAKING_KEPT = 30
const FEATURES_KEPT = 60

/** @param plan of a release that is not out; what the plan of one that is out said stands in its announcement */
export function bulletinOf(
  run: Run,
  release: Release,
  { zone, plan, news }: { readonly zone: string; readonly plan?: Plan | null; readonly news: BulletinNews },
): Bulletin {
  const isOut = release.phase.is === "published"
  const notes = release.phase.is === "published" ? release.phase.notes : notesOf(run, release)
  const name = plan ? plan.release.name : release.announced?.name
  const features = plan ? plan.features : (release.announced?.features ?? [])
  return {
    repository: fullName(run.repo),
    ...(release.component === "" ? {} : { component: release.component }),
    version: versionOf(release),
    previous: release.previous?.version ?? null,
    ...(name === undefined ? {} : { name }),
    zone,
    news,
    counts: countOf(notes),
    features: features
      .filter(({ status }) => status !== "dropped")
      .map((f) => f.name)
      .slice(0, FEATURES_KEPT),
    breaking: notes.breaking.map(({ text }) => text).slice(0, BREAKING_KEPT),
    url: isOut ? releaseUrl(run.repo, release) : releasesUrl(run.repo),
  }
}
