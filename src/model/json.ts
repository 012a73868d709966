/** What survives a round trip through a `jsonb` column. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
