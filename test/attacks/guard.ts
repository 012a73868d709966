/**
 * What an attack story proves: that it is this guard, and nothing else, by which it ends closed.
 *
 * In the code the guard carries the comment `guard: TAG`. `npm run test:attacks:mutants` takes each guard out of a copy of
 * the tree, runs its stories there, and wants them red.
 */
export interface Guard {
  readonly tag: string
  /** From the root of the repository. */
  readonly file: string
  /** How it is taken out: texts that stand there exactly once, and what takes their place. */
  readonly takenOut: readonly (readonly [text: string, instead: string])[]
  /** A second lock in another file, behind which the story would stay closed: taken out with it. */
  readonly behind?: readonly { readonly file: string; readonly takenOut: Guard["takenOut"] }[]
  /** The test file, and words that are in the title of each of its stories that must turn red. */
  readonly stories: readonly [file: string, ...titles: string[]]
}
