const NAME = /^([\w.-]{1,100})\/([\w.-]{1,100})$/
const ACCOUNT = /^[\w.-]{1,100}$/

/** The parts of `OWNER/REPO`; undefined: it is none. */
export function repositoryNamed(text: string): { readonly owner: string; readonly repo: string } | undefined {
  const [, owner, repo] = NAME.exec(text) ?? []
  return owner === undefined || repo === undefined ? undefined : { owner, repo }
}

export const isAccount = (text: string): boolean => ACCOUNT.test(text)

export const isAccountOrRepository = (text: string): boolean => isAccount(text) || NAME.test(text)
