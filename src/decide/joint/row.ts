import { gte } from "semver"
import { isSameRepository, neighbourKey, type Place, placeName, type Row } from "../../model/joint.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { fullName, type Repository } from "../../model/repository.ts"
import { versionOf } from "../candidate.ts"
import type { Subject } from "../gates/subject.ts"
import { gatesOfRelease, notPassed } from "../readiness.ts"
import { subjectOf } from "../release-changes.ts"
import type { Pinned } from "../releases.ts"
import { putRelease, type Run, record, releaseOf, reply, withAnswer } from "../run.ts"
import { stopped } from "../stopped.ts"
import { plain } from "../wording.ts"
import { type Found, isOwnPlace, offerAt } from "./offer-at.ts"

/** So long a place may take to answer, or to publish. It may be that nobody presses anything there: GitHub is away. */
const PATIENCE_MS = 15 * 60_000

/** The places of a plan in the order of publication. Where the list does not name the plan's own release, that is the last. */
export function orderOf(repo: Repository, release: Release, listed: readonly Place[]): readonly Place[] {
  if (listed.some((place) => isOwnPlace(place, repo))) return listed
  return [...listed, { repo: fullName(repo), component: release.component, version: versionOf(release) }]
}

export const isUnderWay = ({ row }: Pick<Release, "row">): boolean => row?.is === "asking" || row?.is === "going"

/**
 * What is left of a row once the release of the plan itself is out, in its order: it goes on where it stopped, whoever
 * publishes that one. Nothing is left of a row in which that release did not come out.
 */
export function leftOf({ phase, row }: Pick<Release, "phase" | "row">): Row["places"] {
  if (phase.is !== "published" || !row || row.is === "asking" || row.is === "out") return []
  const wasOut = row.places.some(({ sha, isOut }) => isOut && sha === phase.candidate.sha)
  return row.is === "going" || wasOut ? row.places.filter(({ isOut }) => !isOut) : []
}

/** Whether it is the turn of the plan's own release. */
export const isOwnTurn = (run: Pick<Run, "repo">, { row }: Release): boolean => {
  const place = row?.is === "going" ? row.places[row.turn] : undefined
  return place !== undefined && isOwnPlace(place, run.repo)
}

/**
 * Publish was pressed, and every gate is passed, that of the other repositories by what they show: each is asked to look
 * at its own gates afresh before the first goes out. What is out already stays out, and is not published again.
 */
export function beginRow(
  run: Run,
  release: Pinned,
  { plan }: Subject,
  asked: { readonly by: string; readonly asked: string },
): void {
  const places = orderOf(run.repo, release, plan?.repositories ?? []).map((place) => {
    if (isOwnPlace(place, run.repo)) return { ...place, sha: release.phase.candidate.sha, isOut: false }
    const found = offerAt(run, place)
    if (found.is === "none") return { ...place, sha: "", isOut: false }
    return { ...place, sha: found.offer.sha, isOut: found.offer.is === "published" }
  })
  const row: Row = { id: `${run.repo.id}:${release.id}:${asked.asked}`, ...asked, since: run.at, places, is: "asking" }
  const { unattended: _, ...rest } = releaseOf(run.state, release.id) ?? release
  putRelease(run, { ...rest, row })
  record(run, "row begun", { row: row.id, places: places.map(shown) }, { release: release.id, by: asked.by })
  tell(run, release, row, "begun")
  followRow(run, release.id)
}

const shown = ({ isOut, sha, ...place }: Row["places"][number]) => ({ place: placeName(place), sha, isOut })

/** Takes every row as far as what is known allows. */
export function followRows(run: Run): void {
  for (const { id } of run.state.releases) followRow(run, id)
}

function followRow(run: Run, id: string): void {
  for (let steps = 0; steps <= 2 * PLACES_MOST; steps++) {
    const release = releaseOf(run.state, id)
    if (!release?.row) return
    const next = isUnderWay(release) ? nextOf(run, release, release.row) : resumed(run, release, release.row)
    if (next === release.row) return
    putRelease(run, { ...release, row: next })
    if (next.is === "stopped") stopAt(run, id, next)
    if (release.row.is === "stopped")
      record(run, "row goes on", { row: next.id, places: next.places.map(shown) }, { release: id, by: next.by })
    if (next.is === "out") {
      record(run, "row out", { row: next.id, places: next.places.map(shown) }, { release: id, by: next.by })
      tell(run, release, next, "out")
    }
  }
}

const PLACES_MOST = 60

/** What stopped it is out by its own Publish since, at the version that was named or a later one: the next has the turn. */
function resumed(run: Run, release: Release, row: Row): Row {
  const [first] = leftOf(release)
  if (row.is !== "stopped" || !first || !isOutSince(run, first)) return row
  return goOn(run, row, row.places.indexOf(first))
}

function isOutSince({ state }: Run, { repo, component, version }: Place): boolean {
  const neighbour = own(state.neighbours, neighbourKey(repo))
  const offers = neighbour?.is === "seen" ? (neighbour.face?.offers ?? []) : []
  return offers.some(
    (offer) => offer.is === "published" && offer.component === component && gte(offer.version, version),
  )
}

/** The row a step further; the same row: it waits. */
function nextOf(run: Run, release: Release, row: Row): Row {
  const obstacle = ownObstacle(run, release, row)
  if (obstacle !== undefined) return stop(row, row.is === "going" ? row.turn : null, obstacle)
  if (row.is === "asking") return afterAnswers(run, row)
  return row.is === "going" ? afterTurn(run, release, row, row.turn) : row
}

const base = ({ id, by, asked, since, places }: Row) => ({ id, by, asked, since, places })

const stop = (row: Row, at: number | null, because: string): Row => ({
  ...base(row),
  is: "stopped",
  at,
  because: plain(because),
})

/** The release whose plan it is has to stay as it was when Publish was pressed until it is out itself. */
function ownObstacle(run: Run, release: Release, row: Row): string | undefined {
  if (release.phase.is === "published") return undefined
  if (release.phase.is !== "cut") return `${fullName(run.repo)} is no longer cut`
  if (release.phase.publishing) return undefined
  const own = row.places.find((place) => isOwnPlace(place, run.repo))
  if (own?.sha !== release.phase.candidate.sha || own.version !== versionOf(release))
    return `${fullName(run.repo)} was cut anew since Publish was pressed`
  const subject = subjectOf(run, release)
  // guard: row-by-its-own-gates
  const open = subject ? notPassed(gatesOfRelease(subject)) : []
  if (!subject || open.length > 0)
    return `${fullName(run.repo)}: ${open.map((gate) => `${gate.name} is ${gate.state} (${gate.because})`).join("; ")}`
  const tried = release.unattended
  return isOwnTurn(run, release) && tried?.is === "stopped" ? `${fullName(run.repo)}: ${tried.because}` : undefined
}

function afterAnswers(run: Run, row: Row): Row {
  let waits = false
  for (const [at, place] of row.places.entries()) {
    if (place.isOut || isOwnPlace(place, run.repo)) continue
    const found = offerAt(run, place)
    if (found.is === "none") return stop(row, at, found.because)
    const { offer } = found
    if (offer.is === "published" || offer.sha !== place.sha)
      return stop(row, at, `${placeName(place)} moved since Publish was pressed`)
    // guard: old-answer
    if (offer.answer?.row !== row.id || offer.answer.sha !== place.sha) waits = true
    else if (offer.answer.is !== "ready") return stop(row, at, `${placeName(place)} is not ready: ${whyOf(run, found)}`)
  }
  if (!waits) return goOn(run, row, -1)
  const at = row.places.findIndex(({ repo, isOut }) => !isOut && !isSameRepository(repo, fullName(run.repo)))
  return isPatient(run, row) ? row : stop(row, at, "not every repository answered within 15 minutes")
}

/** What a private repository waits for is nobody's business where everybody reads: the thread, the page, what is shown on. */
function whyOf({ repo }: Run, { offer, isPrivate }: Extract<Found, { is: "offer" }>): string {
  if (isPrivate && !repo.private) return "see its page"
  return offer.answer?.because ?? "it does not say why"
}

function afterTurn(run: Run, release: Release, row: Row, turn: number): Row {
  const place = row.places[turn]
  if (!place) return { ...base(row), is: "out" }
  if (isOwnPlace(place, run.repo)) return release.phase.is === "published" ? goOn(run, row, turn) : row
  const found = offerAt(run, place)
  if (found.is === "none") return stop(row, turn, found.because)
  const { offer } = found
  if (offer.sha !== place.sha) return stop(row, turn, `${placeName(place)} moved since Publish was pressed`)
  if (offer.is === "published") return goOn(run, row, turn)
  if (offer.answer?.row === row.id && offer.answer.is === "failed")
    return stop(row, turn, `${placeName(place)}: ${whyOf(run, found)}`)
  return isPatient(run, row) ? row : stop(row, turn, `${placeName(place)} did not come out within 15 minutes`)
}

/** The place is out (-1: nothing is yet), and the next one that is not has the turn. */
function goOn(run: Run, row: Row, turn: number): Row {
  const places = row.places.map((place, at) => (at === turn ? { ...place, isOut: true } : place))
  const next = places.findIndex(({ isOut }) => !isOut)
  const rest = { ...base(row), since: run.at, places }
  return next < 0 ? { ...rest, is: "out" } : { ...rest, is: "going", turn: next }
}

const until = ({ since }: Row): string => new Date(new Date(since).getTime() + PATIENCE_MS).toISOString()

const isPatient = (run: Run, row: Row): boolean => run.at < until(row)

/** Nothing more goes out; what is out stays out. Where releases go by themselves it is tried again, ever later. */
function stopAt(run: Run, id: string, row: Extract<Row, { is: "stopped" }>): void {
  const release = releaseOf(run.state, id)
  if (!release) return
  record(
    run,
    "row stopped",
    { row: row.id, because: row.because, places: row.places.map(shown) },
    { release: id, by: row.by },
  )
  const said = { by: row.by, did: "publish", counted: false, because: `the row stopped: ${row.because}`, at: run.at }
  const subject = subjectOf(run, release)
  putRelease(run, {
    ...release,
    answers: withAnswer(release.answers, said),
    ...(subject ? { unattended: stopped(release.unattended, subject.hash, row.because, run.now) } : {}),
  })
  tell(run, release, row, "stopped")
}

function tell(run: Run, { id }: Release, row: Row, what: "begun" | "stopped" | "out"): void {
  const nameOf = (isOut: boolean) => row.places.filter((place) => place.isOut === isOut).map(placeName)
  // Behind its lead a row may stop more than once, each time at a later place.
  const where = row.is === "stopped" && row.at !== null ? `:${row.at}` : ""
  reply(run, id, `row:${row.id}:${what}${where}`, {
    is: "row",
    what,
    by: row.by,
    out: nameOf(true),
    left: nameOf(false),
    ...(row.is === "stopped" ? { because: row.because } : {}),
    at: run.at,
  })
}

/** When a row that waits loses its patience. */
export const rowsAt = ({ state }: Run): readonly string[] =>
  state.releases.flatMap((release) => (release.row && isUnderWay(release) ? [until(release.row)] : []))
