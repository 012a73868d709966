import type { Person } from "../../model/change.ts"
import { type Environment, placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { RollbackAsk, RollbackEnd } from "../../model/rollback.ts"
import { putEnvironment, type Run, record } from "../run.ts"
import { beginRollback } from "./begin.ts"
import { askSecond } from "./second-person.ts"
import { standing, wordFor } from "./two-people.ts"

/** What a person asks for: by a button, or by an issue. */
export interface PersonsAsk extends Pick<RollbackAsk, "at" | "to" | "because" | "issue"> {
  readonly by: Person
  /** What the audit is to keep of how it was asked. */
  readonly evidence: NonNullable<RollbackAsk["evidence"]>
}

/** What it comes to. `rollback`: the id of the one that was begun; `until`: how long the first word of two stands. */
export type PersonsAnswer =
  | { readonly is: "begun"; readonly rollback: string; readonly to: RollbackEnd }
  | { readonly is: "waits"; readonly because: string; readonly until: string }
  | { readonly is: "refused"; readonly because: string }

/**
 * Begins a rollback that a person asks for, if their word is enough for it; where two people are asked for, the first word
 * is kept. One way for all that people can ask by, so that none of them lets in more than another.
 *
 * @param environment as it stands in the state
 */
export function askBack(
  run: Run,
  environment: Environment,
  bad: { readonly release: string; readonly branch: string },
  { by, evidence, ...ask }: PersonsAsk,
): PersonsAnswer {
  const { at, to } = ask
  const same = { release: bad.release, ...(to === undefined ? {} : { to }) }
  const word = wordFor(run, environment, { by, at }, { ...bad, ...same })
  if (word.is === "refused") return word
  if (word.is === "waits") {
    if (!standing(environment, same, at)) {
      putEnvironment(run, { ...environment, asked: { ...same, by, at } })
      askSecond(run, environment, { by, at }, bad, word)
    }
    record(
      run,
      "rollback asked",
      { environment: environment.name, ...evidence, because: word.because, at },
      { release: bad.release, by: by.login },
    )
    return word
  }
  const { asked: _, ...rest } = environment
  const answer = beginRollback(run, rest, {
    ...ask,
    from: bad.release,
    by: word.first === undefined ? by.login : `${word.first} and ${by.login}`,
    evidence,
  })
  if (answer.is === "refused") return answer
  const rollback = own(run.state.environments, placeOf(environment))?.rollback?.id ?? ""
  return { is: "begun", rollback, to: answer.to }
}
