import type { BulletinNews } from "../../model/bulletin.ts"
import type { MessageEnd } from "../../model/communication.ts"
import { placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { Run } from "../run.ts"
import { keep } from "./keep.ts"
import { lastEnvironments } from "./live.ts"
import { tellPlaces } from "./messages.ts"

const LATE_MS = 24 * 60 * 60_000

/** Who was told of a release by an entry of its plan is told that it is gone again from where it was to go. */
export function followUp(run: Run): void {
  for (const release of run.state.releases) {
    const sent = release.informed?.messages?.filter(({ is, to }) => is === "sent" && to.length > 0) ?? []
    if (sent.length === 0) continue
    for (const [nth, back] of release.rolledBack.entries()) {
      if (nth < (release.informed?.followed ?? 0)) continue
      keep(run, release.id, { followed: nth + 1 })
      const lasts = lastEnvironments(run.state, release)
      const isSeen = lasts.length === 0 || lasts.includes(back.environment)
      if (isSeen && run.now.getTime() - Date.parse(back.at) <= LATE_MS)
        tellAll(run, release, sent, `rolled-back-${nth + 1}`, rolledBackNews(run, release, back))
    }
  }
}

function tellAll(run: Run, release: Release, sent: readonly MessageEnd[], event: string, news: BulletinNews): void {
  for (const by of ["slack", "email"] as const) {
    const to = [...new Set(sent.flatMap((one) => (one.by === by ? one.to : [])))]
    if (to.length > 0) tellPlaces(run, release, { by, to, event, news })
  }
}

/** Why, where its environment still knows. */
export function rolledBackNews(run: Run, release: Release, back: Release["rolledBack"][number]): BulletinNews {
  const { environment, to, by, at } = back
  const why = own(run.state.environments, placeOf({ name: environment, component: release.component }))?.rollback
  const because = why?.from.release === release.id ? why.because : undefined
  return { is: "rolled back", environment, to, by, at, ...(because ? { because } : {}) }
}
