import { PostgresDriver } from 'kysely'
import type { CompiledQuery, DatabaseConnection, TransactionSettings } from 'kysely'

/** late: BEGIN waits for the first statement · begun: it was sent · alone: all there was to do was one statement, which is a transaction by itself */
type Course = { state: 'late' | 'begun' | 'alone'; settings: TransactionSettings }

const lasts = new WeakSet<CompiledQuery>()

/** Marks a statement as the last of its transaction: if it is the first as well, BEGIN and COMMIT are left out. Nothing may follow it but the end. */
export function asLast<Query extends CompiledQuery>(query: Query): Query {
  lasts.add(query)
  return query
}

/** Begins a transaction with its first statement; one statement that is marked `asLast` needs none. Two answers of the database less to wait for. */
export class LateDriver extends PostgresDriver {
  #courses = new WeakMap<DatabaseConnection, Course>()
  #known = new WeakSet<DatabaseConnection>()

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    if (this.#known.has(connection)) return connection
    this.#known.add(connection)
    const execute = connection.executeQuery.bind(connection) as DatabaseConnection['executeQuery']
    connection.executeQuery = async (query, options) => {
      const course = this.#courses.get(connection)
      if (course?.state === 'late') {
        if (lasts.has(query)) course.state = 'alone'
        else {
          course.state = 'begun'
          await super.beginTransaction(connection, course.settings)
        }
      }
      return execute(query, options)
    }
    return connection
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    this.#courses.set(connection, { state: 'late', settings })
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#end(connection)) await super.commitTransaction(connection)
  }

  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    if (this.#end(connection)) await super.rollbackTransaction(connection)
  }

  /** Is there something to end in the database? */
  #end(connection: DatabaseConnection): boolean {
    const { state } = this.#courses.get(connection) ?? { state: 'begun' }
    this.#courses.delete(connection)
    return state === 'begun'
  }
}
