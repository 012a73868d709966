import type { Gate } from "../../model/gate.ts"
import { placeName } from "../../model/joint.ts"
import { type Call, calledBy, isLeft, letsOf } from "../joint/called-by.ts"
import { list } from "../wording.ts"
import type { Subject } from "./subject.ts"

/** A release that another repository's plan names comes out with that one's, in its turn, and not before. */
export function togetherGate(subject: Subject): Gate | null {
  const names = letsOf(subject.line)
  if (names.length === 0) return null
  const called = calledBy(subject)
  const is = (state: Gate["state"], because: string): Gate => ({ name: "together", state, because })
  switch (called.is) {
    case "unknown":
      return is("unknown", called.because)
    case "alone":
      return is("passed", `no plan of ${list(names)} names this release: it goes out on its own`)
    case "several":
      return is("failed", `the plans of ${list(called.by)} both name this release: take it out of one of them`)
    case "called":
      return { ...waiting(called.call, subject), evidence: [{ text: nameOf(called.call), url: called.call.lead.url }] }
  }
}

/** Its lead is out, and has no Publish any more: what is left goes by its own, in the order of the list. */
function left(call: Call): Gate {
  const { at, lead } = call
  const is = (state: Gate["state"], because: string): Gate => ({ name: "together", state, because })
  const [first] = lead.places
  // guard: left-in-order
  if (at === 0 || !first)
    return is("passed", `${nameOf(call)} is out, and its row stopped here: it goes by its own Publish`)
  return is(
    "pending",
    `goes out with ${nameOf(call)}, which is out; its row stopped at ${placeName(first)}. Once that is published, it goes on`,
  )
}

const nameOf = ({ by, lead: { component, version } }: Call): string => placeName({ repo: by, component, version })

function waiting(call: Call, { sha, repo }: Subject): Gate {
  const { at, count, lead } = call
  const is = (state: Gate["state"], because: string): Gate => ({ name: "together", state, because })
  const place = `goes out with ${nameOf(call)}, as number ${at + 1} of ${count}`
  const { row } = lead
  if (!row || row.is === "out") return is("pending", `${place}: Publish is pressed there`)
  if (row.is === "stopped" && isLeft(lead)) return left(call)
  if (row.is === "stopped") {
    const out = row.places.filter(({ isOut }) => isOut).map(placeName)
    const done = out.length === 0 ? "nothing is out" : `${list(out, 10)} ${out.length === 1 ? "is" : "are"} out`
    // What a private repository waits for is nobody's business where everybody reads.
    const why = call.isPrivate && !repo.private ? "" : `: ${row.because}`
    return is("pending", `${place}, which stopped${why}; ${done}. It goes on when Publish is pressed there again`)
  }
  if (row.is === "asking")
    return is("pending", `${place}: ${row.by} pressed Publish there, and every release is looked at`)
  // guard: out-of-turn
  if (row.turn !== at) return is("pending", `${place}: ${row.by} pressed Publish there, and others are before it`)
  // guard: turn-of-another-commit
  if (row.places[at]?.sha !== sha)
    return is("failed", `${place}, but with another commit than was ready when ${row.by} pressed Publish there`)
  return is("passed", `it is its turn: ${place}, since ${row.by} pressed Publish there`)
}
