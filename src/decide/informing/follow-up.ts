import { type MessageEnd, messageName } from "../../model/communication.ts"
import type { Release } from "../../model/release.ts"
import { versionOf } from "../candidate.ts"
import { type Run, record, releaseOf } from "../run.ts"
import { keep, postTarget } from "./keep.ts"
import { lastEnvironments } from "./live.ts"
import { messageEvent, tellPlaces } from "./messages.ts"
import { type TakenBack, timesTakenBack, withKey } from "./taken-back.ts"

const LATE_MS = 24 * 60 * 60_000

/**
 * Who was told of a release by an entry of its plan is told that it is gone again from where it was to go: in Slack in the
 * thread of what they were told, and by e-mail in that of the release.
 */
export function followUp(run: Run): void {
  for (const { id } of run.state.releases) {
    const release = releaseOf(run.state, id)
    const sent = release?.informed?.messages?.filter(({ is, to }) => is === "sent" && to.length > 0) ?? []
    if (!release || sent.length === 0) continue
    for (const back of timesTakenBack(run, release)) {
      const { followed } = releaseOf(run.state, id)?.informed ?? {}
      if (followed?.includes(back.key)) continue
      keep(run, id, { followed: withKey(followed, back) })
      const lasts = lastEnvironments(run.state, release)
      const isSeen = lasts.length === 0 || lasts.includes(back.environment)
      if (isSeen && run.now.getTime() - Date.parse(back.at) <= LATE_MS) tellAll(run, release, sent, back)
    }
  }
}

function tellAll(run: Run, release: Release, sent: readonly MessageEnd[], { key, news }: TakenBack): void {
  for (const by of ["slack", "email"] as const) {
    const entries = sent.filter((one) => one.by === by)
    const to = [...new Set(entries.flatMap((one) => one.to))]
    if (to.length === 0) continue
    tellPlaces(run, release, {
      by,
      to,
      event: key,
      news,
      // Of several the newest: people see it where they read last.
      under: (place) => {
        const last = entries.findLast((one) => one.to.includes(place))
        return last && postTarget(release.id, messageEvent(messageName(last)), place)
      },
    })
    const audience = [...new Set(entries.map((one) => one.audience))].join(", ")
    const facts = { by, audience, of: news.is, version: versionOf(release), places: to.length }
    record(run, "audience told", facts, { release: release.id })
  }
}
