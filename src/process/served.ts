/** Whose webhooks count: nobody else's repositories are looked at. */
export interface Served {
  /** Undefined: not listed, and GitHub has not said yet who owns the App. */
  serves(account: string): boolean | undefined
  readonly knowsOwner: () => boolean
  /** GitHub has said who owns the App. */
  owner(login: string): void
}

/** The App's owner and the accounts that ALLOWED_ACCOUNTS names are served, and nobody else. */
export function createServed(allowed: readonly string[] | undefined, known: string | undefined): Served {
  let owner = known?.toLowerCase()
  return {
    serves(account) {
      const login = account.toLowerCase()
      if (allowed?.includes(login)) return true
      return owner === undefined ? undefined : login === owner
    },
    knowsOwner: () => owner !== undefined,
    owner(login) {
      owner = login.toLowerCase()
    },
  }
}
