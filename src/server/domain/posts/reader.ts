import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { countryHere } from '#server/domain/withholding/index.ts'
import type { Reader } from './queries-visible.ts'
import { reader } from './visible.ts'

/** Who reads, and from where: what every condition on posts is given. */
export async function readerOf(app: App, viewer: Viewer): Promise<Reader> {
  const [{ readMode }, country] = await Promise.all([readSettings(app), countryHere(app)])
  return { readerId: reader(viewer), readMode, country }
}
