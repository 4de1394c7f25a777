/** The SQL tag. Only a room's queries.ts may import this (a lint rule says so). */
export { sql } from 'kysely'
