import { readSettings } from '#server/domain/instance/index.ts'
import { search } from '#server/domain/search/index.ts'
import type { SearchKind } from '#server/domain/search/index.ts'
import { askOf } from '../ask.server.ts'
import { orErrorPage, requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

const kinds: SearchKind[] = ['all', 'people', 'posts', 'tags']

export const load: PageServerLoad = async ({ locals, url, getClientAddress }) => {
  const { app, viewer } = locals
  if ((await readSettings(app)).readMode === 'members') requireViewer(locals, url)
  const q = (url.searchParams.get('q') ?? '').toWellFormed().replaceAll('\0', '').trim().slice(0, 200)
  const kind = kinds.find((known) => known === url.searchParams.get('kind')) ?? 'all'
  return { q, kind, found: q ? await orErrorPage(() => search(app, viewer, { q, kind, address: getClientAddress() }, askOf(url))) : null }
}
