import { hashOf } from "../../model/hash.ts"
import { type Place, placeName } from "../../model/joint.ts"
import type { Reply } from "../../model/message.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { planOf } from "../plan-of.ts"
import { putRelease, type Run, releaseOf, reply } from "../run.ts"
import { channelOf } from "../thread-places.ts"
import { isOwnPlace, offerAt } from "./offer-at.ts"

/**
 * One thread tells it all: what the other repositories' releases have to tell stands in that of the plan's own. Nothing is
 * done where they show the same as before, and the thread stands in the same channel.
 */
export function relayNews(run: Run): void {
  for (const release of run.state.releases) {
    // Two plans that name each other must not pass on for ever what was passed on.
    if (release.joined) continue
    const heard = placesOf(run, release).flatMap((place) => heardFrom(run, place))
    if (heard.length === 0) continue
    const relayed = hashOf([channelOf(run, release.id), heard.map(({ key }) => key)])
    if (relayed === release.relayed) continue
    for (const { key, content } of heard) reply(run, release.id, `from:${key}`, content)
    putRelease(run, { ...release, relayed })
  }
}

function heardFrom(run: Run, place: Place): readonly { readonly key: string; readonly content: Reply }[] {
  if (isOwnPlace(place, run.repo)) return []
  const found = offerAt(run, place)
  if (found.is === "none") return []
  const { url, news } = found.offer
  return news.map(({ key, reply: told }) => ({ key, content: { is: "elsewhere", place: placeName(place), url, told } }))
}

/** The newest ones: who leads has read the others by then. */
const NEWS_KEPT = 30

/** Keeps what this run told with the releases that it is of: the lead reads it there. Each is told once. */
export function keepNews(run: Run): void {
  for (const { release: id, ...told } of run.news) {
    const release = releaseOf(run.state, id)
    if (!release?.joined || release.joined.news.some(({ key }) => key === told.key)) continue
    putRelease(run, {
      ...release,
      joined: { ...release.joined, news: [...release.joined.news, told].slice(-NEWS_KEPT) },
    })
  }
}

function placesOf({ state }: Run, release: Release): readonly Place[] {
  const line = own(state.lines, release.branch)
  if (release.row) return release.row.places
  if (!line?.ledger || release.phase.is === "published") return []
  return planOf(state, line, release)?.repositories ?? []
}
