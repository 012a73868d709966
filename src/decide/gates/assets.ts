import { judgeAssets } from "../../model/asset.ts"
import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import { releasesUrl } from "../links.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/** What the configuration promises to those who download is on the draft, whole, before anybody can publish it. */
export function assetsGate({ config, state, release, repo }: Subject): Gate | null {
  const patterns = config.publish.assets
  if (patterns.length === 0) return null
  const evidence = [{ text: "draft release", url: releasesUrl(repo) }]
  const unread = unknownBecause(state, `assets:${release.id}`)
  if (unread !== undefined) return { name: "assets", state: "unknown", because: unread, evidence }
  const seen = own(state.assets, release.id)
  if (seen) return { name: "assets", ...judgeAssets(patterns, seen), evidence }
  const drafted = release.phase.is === "drafted"
  const because = drafted
    ? `${patterns.map(({ name }) => name).join(", ")}: looked for once the release is cut`
    : "the files of the draft were not looked at yet"
  return { name: "assets", state: drafted ? "pending" : "unknown", because, evidence }
}
