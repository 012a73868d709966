/** What git forbids in a ref's name (https://git-scm.com/docs/git-check-ref-format), as far as a template can show it. */
const FORBIDDEN = /[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock$/u

/** Whether git takes it as the name of a branch or a tag. */
export const isRefName = (name: string): boolean => !FORBIDDEN.test(name)
