import { valid } from "semver"
import { plain } from "../paint.ts"
import type { Clone } from "./clone.ts"
import type { Move } from "./move.ts"
import type { PeerFile, Step } from "./peer-file.ts"

/**
 * Says of a version that only a file knows that no tag does: Slipway goes on from tags, and would give it out again.
 *
 * @param path where the version stands in the file
 * @param template the tags of the component, with `{version}`
 */
export function tellMissingTag(
  move: Move,
  { tags }: Clone,
  { file, path, version, template }: { file: PeerFile; path: readonly Step[]; version: string; template: string },
): void {
  if (valid(version) === null || version === UNRELEASED) return
  const tag = template.replace("{version}", () => version)
  if (!tags.has(tag))
    move.lose(file, path, `this clone has no tag \`${plain(tag)}\`; fetch it, or tag what ${version} was released from`)
}

/** What a package says that was never released. */
const UNRELEASED = "0.0.0"
