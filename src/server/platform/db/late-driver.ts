import { PostgresDialect, PostgresDriver } from 'kysely'
import type { CompiledQuery, DatabaseConnection, PostgresDialectConfig, TransactionSettings } from 'kysely'

/** A transaction under way; `begun`: BEGIN was sent, and what became of it. */
type Course = { settings: TransactionSettings; begun?: Promise<void> }
type OwnConnection = Parameters<PostgresDriver['releaseConnection']>[0]

const lasts = new WeakSet<CompiledQuery>()

/** Marks a statement as the last of its transaction: if it is the first as well, BEGIN and COMMIT are left out. Nothing may follow it but the end. */
export function asLast<Query extends CompiledQuery>(query: Query): Query {
  lasts.add(query)
  return query
}

/** PostgreSQL, whose transactions begin with their first statement; one statement that is marked `asLast` is a transaction by itself. Two answers of the database less to wait for. */
export class LateDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig
  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }
  override createDriver() { return new LateDriver(this.#config) }
}

class LateDriver extends PostgresDriver {
  #courses = new WeakMap<DatabaseConnection, Course>()
  #known = new WeakSet<DatabaseConnection>()

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    if (this.#known.has(connection)) return connection
    this.#known.add(connection)
    const execute = connection.executeQuery.bind(connection) as DatabaseConnection['executeQuery']
    const begin = (settings: TransactionSettings) => super.beginTransaction({ executeQuery: execute } as DatabaseConnection, settings)
    connection.executeQuery = async (query, options) => {
      const course = this.#courses.get(connection)
      if (course && (course.begun || !lasts.has(query))) await (course.begun ??= begin(course.settings))
      return execute(query, options)
    }
    return connection
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    this.#courses.set(connection, { settings })
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#end(connection)) await super.commitTransaction(connection)
  }

  override async rollbackTransaction(connection: OwnConnection): Promise<void> {
    if (this.#end(connection)) await super.rollbackTransaction(connection)
  }

  override async releaseConnection(connection: OwnConnection): Promise<void> {
    // Nobody ended it: Kysely leaves that out where another transaction was aborted and its error came through this one. A connection that doesn't take it is thrown away.
    if (this.#courses.has(connection)) await this.rollbackTransaction(connection).catch(() => {})
    await super.releaseConnection(connection)
  }

  /** Is there something to end in the database? Also where ending it failed once. */
  #end(connection: DatabaseConnection): boolean {
    const course = this.#courses.get(connection)
    this.#courses.delete(connection)
    return course === undefined || course.begun !== undefined
  }
}
