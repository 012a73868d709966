const checks = new WeakMap<AbortSignal, () => void>()

/**
 * Lets what holds `signal` ask whether it is in time still, since the signal alone may say so too late: it is aborted by a
 * timer, a timer needs a turn of the event loop, and a process that was paused (SIGSTOP, a virtual machine that is moved)
 * hears what its sockets brought meanwhile before any timer. It would go on from a look at the world that is an hour old.
 *
 * @param check aborts the signal if its time is over
 */
export function checkedBy(signal: AbortSignal, check: () => void): AbortSignal {
  checks.set(signal, check)
  return signal
}

/** For a signal that is made of another: it is in time as long as that one is. */
export function inTimeLike<Signal extends AbortSignal | undefined>(of: Signal, signal: AbortSignal): AbortSignal {
  const check = of && checks.get(of)
  return check ? checkedBy(signal, check) : signal
}

/**
 * To be called immediately before anything is written to the outside.
 *
 * @throws the signal's reason, if it is aborted or its time is over
 */
export function throwIfLate(signal: AbortSignal | null | undefined): void {
  if (!signal) return
  checks.get(signal)?.()
  signal.throwIfAborted()
}
