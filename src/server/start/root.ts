import { join } from 'node:path'

/** The project's folder: where package.json, migrations and the built pages are. */
export const root = join(import.meta.dirname, '../../..')
