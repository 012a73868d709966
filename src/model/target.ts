/** The name under which the engine keeps the id of a release's draft; `publish` looks it up under it as well. */
export const draftTarget = (release: string): string => `draft:${release}`
