import type { HearthEvent } from './event.ts'
import type { Bus } from './platform/bus/index.ts'
import type { Changes } from './platform/changes/index.ts'
import type { Config } from './platform/config/index.ts'
import type { Database, Tx } from './platform/db/index.ts'
import type { Outbound } from './platform/fetch/index.ts'
import type { Files, Places } from './platform/files/index.ts'
import type { NewId } from './platform/ids/index.ts'
import type { Jobs } from './platform/jobs/index.ts'
import type { Limits } from './platform/limits/index.ts'
import type { Log } from './platform/log/index.ts'
import type { Traces } from './platform/traces/index.ts'
import type { Metrics } from './platform/metrics/index.ts'
import type { Mailer } from './platform/mail/index.ts'
import type { Place } from './platform/place/index.ts'
import type { Presence } from './platform/presence/index.ts'
import type { Room } from './platform/room/index.ts'

/** Everything a verb may need, made once in main.ts and passed on as the first argument. */
export type App = {
  config: Config
  /** of the program, as in package.json */
  version: string
  database: Database
  newId: NewId
  /** this process among those that share the database */
  presence: Presence
  now(): Date
  jobs: Jobs
  bus: Bus
  /** What changed, for what is kept ready. */
  changes: Changes
  /** From which country is read. */
  place: Place
  files: Files
  /** Each place that `files` knows, by its name: for moving from one to the other. */
  places: Places
  mailer: Mailer
  /** The one way to other machines. */
  outbound: Outbound
  limits: Limits
  log: Log
  metrics: Metrics
  /** who did what within whose request; does nothing unless asked for */
  traces: Traces
  /** What is left on the disk of the data folder. */
  room: Room
  /** Writes down what happened, in the act's own transaction. */
  record(tx: Tx, event: HearthEvent): Promise<void>
  /** Small process-wide caches that rooms own, keyed by the room's name (no module-level state in src/server). */
  caches: Map<string, unknown>
}
