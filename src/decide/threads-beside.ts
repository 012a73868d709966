import type { Announcement } from "../model/message.ts"
import type { Release } from "../model/release.ts"
import { publishedAnnouncement } from "./announcement.ts"
import type { Run } from "./run.ts"
import { placesOf } from "./thread-places.ts"
import { wantFirst } from "./want.ts"

/**
 * The messages of releases beside their own channel (`slack.channels`), as true as the one there. A channel that is told
 * everything has it from the draft on; one that asks for some of it only, from the first time that there is some. A rule
 * that is new brings no release to it that was published before.
 */
export function keepThreadsBeside(run: Run): void {
  for (const release of run.state.releases) {
    const places = placesOf(run, release.id).filter(({ apart }) => apart !== "")
    if (places.length === 0) continue
    const announcement = announcementOf(run, release)
    if (!announcement) continue
    for (const { channel, thread, lane, all } of places) {
      const isKnown = run.handles[thread] !== undefined || run.state.refused[thread] !== undefined
      const isOpen = all && release.phase.is !== "published" && release.joined === undefined
      if (!isKnown && !isOpen && !run.effects.some((e) => e.kind === "reply" && e.content.thread === thread)) continue
      wantFirst(run, { kind: "thread", target: thread, lane, content: { channel, release: release.id, announcement } })
    }
  }
}

/** An open release keeps what was last said of it. */
const announcementOf = (run: Run, release: Release): Announcement | undefined =>
  release.phase.is === "published" ? publishedAnnouncement(run, release) : release.announced
