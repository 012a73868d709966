/**
 * What a record has under a key that came from outside. A branch, an environment or a login may be called
 * `constructor`: a plain look-up would find what every object inherits.
 */
export const own = <T>(record: { readonly [key: string]: T } | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
