import { Readable } from 'node:stream'
import { changeList, connectList, createList, hashActions, hashOverview, importHashes, listCategories, opinions, removeList, rescan, selfTest, sources, tryBytes, updateListNow } from '#server/domain/hashes/index.ts'
import type { ListChange } from '#server/domain/hashes/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({
  ...await hashOverview(locals.app, staffOf(locals, url, 'admin')),
  actions: [...hashActions], opinions: [...opinions], categories: listCategories.filter((one) => one !== 'test'), sources: sources.filter((one) => one !== 'own' && one !== 'test'), open: url.searchParams.get('list'),
})

const changeable = ['name', 'enabledShare', 'severity', 'opinion', 'action', 'actionMiddle', 'actionFar', 'near', 'middle', 'distance', 'frameShare', 'everyHours'] as const

/** The file of a form, in memory: page forms are small. */
async function fileOf(data: FormData): Promise<Buffer> {
  const file = data.get('file')
  if (!(file instanceof File) || file.size === 0) throw invalidForm([{ field: 'file', message: 'error.required' }])
  return Buffer.from(await file.arrayBuffer())
}

export const actions: Actions = {
  create: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'created', id: await createList(locals.app, viewer, { name: textOf(data, 'name'), category: textOf(data, 'category'), source: textOf(data, 'source') }) }))
  },
  change: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    const change: ListChange = { enabled: String(data.get('enabled') === 'yes') }
    for (const field of changeable) if (data.has(field)) change[field] = textOf(data, field)
    return tryForm(data, async () => { await changeList(locals.app, viewer, textOf(data, 'id'), change); return { done: 'saved', id: textOf(data, 'id') } })
  },
  connect: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    const fields = Object.fromEntries([...data.keys()].filter((name) => name !== 'id').map((name) => [name, textOf(data, name)]))
    return tryForm(data, async () => { await connectList(locals.app, viewer, textOf(data, 'id'), fields); return { done: 'fetching', id: textOf(data, 'id') } })
  },
  update: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await updateListNow(locals.app, viewer, textOf(data, 'id')); return { done: 'fetching', id: textOf(data, 'id') } })
  },
  import: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => {
      const bytes = await fileOf(data)
      const { added, changed, withdrawn, refused } = await importHashes(locals.app, viewer, textOf(data, 'id'), { content: Readable.from([bytes]), bytes: bytes.length, replace: data.get('replace') === 'yes' })
      return { done: 'imported', id: textOf(data, 'id'), read: { added, changed, withdrawn, refused } }
    })
  },
  remove: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await removeList(locals.app, viewer, textOf(data, 'id')); return { done: 'removed' } })
  },
  rescan: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => { await rescan(locals.app, viewer); return { done: 'rescan' } })
  },
  test: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => ({ done: 'tested', test: await selfTest(locals.app, viewer) }))
  },
  try: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'tried', tried: await tryBytes(locals.app, viewer, await fileOf(data)) }))
  },
}
