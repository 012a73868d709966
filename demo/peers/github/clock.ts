import type { Row, Table, Tables } from "./rows.ts"

/** The emulator stamps with the machine's clock; a value this close to it was stamped by the emulator. */
const CLOSE_MS = 2_000

/** Makes the emulator's tables stamp with `now`: the emulator itself knows the machine's clock only. */
export function useClock(tables: Tables, now: () => Date): void {
  for (const table of Object.values(tables) as unknown as Table<Row>[]) {
    const { insert, update } = table
    table.insert = (data) => {
      const at = now().toISOString()
      return Object.assign(insert.call(table, restamped(data, at)), { created_at: at, updated_at: at })
    }
    table.update = (id, data) => {
      const at = now().toISOString()
      const row = update.call(table, id, restamped(data, at))
      return row && Object.assign(row, { updated_at: at })
    }
  }
}

function restamped(data: Partial<Row>, at: string): Partial<Row> {
  const entries = Object.entries(data).map(([key, value]) => {
    const stamped = key.endsWith("_at") && typeof value === "string" && isMachineTime(value)
    return [key, stamped ? at : value]
  })
  return Object.fromEntries(entries) as Partial<Row>
}

const isMachineTime = (value: string): boolean => Math.abs(Date.parse(value) - Date.now()) < CLOSE_MS
