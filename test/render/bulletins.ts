import type { Bulletin, BulletinNews } from "../../src/model/bulletin.ts"

export const NEWS: { readonly [is in BulletinNews["is"] | "taken back"]: BulletinNews } = {
  coming: {
    is: "coming",
    date: "2026-11-30T08:00:00.000Z",
    timeline: [{ what: "code freeze", at: "2026-11-23T00:00:00.000Z" }],
  },
  published: { is: "published", at: "2026-11-30T10:00:00.000Z", by: "cleo" },
  live: { is: "live", environments: [{ name: "production", since: "2026-11-30T10:12:00.000Z" }] },
  "taken back": {
    is: "rolled back",
    environment: "production",
    to: "2.4.1",
    by: "kim",
    at: "2026-11-30T15:30:00Z",
    how: "a flag was switched off, and 2.5.0 stays live",
  },
  "rolled back": {
    is: "rolled back",
    environment: "production",
    to: "2.4.1",
    by: "kim",
    at: "2026-11-30T10:30:00.000Z",
    because: "2.5.0 was judged bad",
  },
}

export const bulletin = (more: Partial<Bulletin> = {}): Bulletin => ({
  repository: "acme/shop",
  version: "2.5.0",
  previous: "2.4.1",
  name: "Spring release",
  zone: "Europe/Berlin",
  news: NEWS.coming,
  counts: { features: 2, fixes: 5, other: 1, breaking: 1 },
  features: ["Pay by invoice", "Faster search"],
  breaking: ["the old checkout is gone"],
  url: "https://github.com/acme/shop/releases",
  ...more,
})
