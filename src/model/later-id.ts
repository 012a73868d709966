/**
 * Whether GitHub gave the first of two ids later: they are numbers that grow, and are kept as text, since some are beyond
 * what a number in JSON holds. No id (empty) is earlier than any.
 */
export const isLaterId = (a: string, b: string): boolean => (a.length !== b.length ? a.length > b.length : a > b)
