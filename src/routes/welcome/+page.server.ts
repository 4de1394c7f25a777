import { redirect } from '@sveltejs/kit'
import type { RequestEvent } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import { accountView, markOnboarded } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { popularTags, suggestions } from '#server/domain/discovery/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { follow, followedTags, followTag } from '#server/domain/relationships/index.ts'
import { freshRail } from '#server/rail.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { requireViewer, textOf, tryForm } from '../forms.server.ts'
import { stepAfter, stepsFor } from './steps.ts'
import type { Step } from './steps.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostTags = 30
const mostPeople = 12

/** A member's first run: interests, people, a picture, a first post. Each step can be skipped, and come back to. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { app } = locals
  const viewer = requireViewer(locals, url)
  if (viewer.state === 'pending') redirect(303, '/waiting')
  const { picturePolicy } = await readSettings(app)
  const all = stepsFor(picturePolicy !== 'none')
  const step = all.find((one) => one === url.searchParams.get('step')) ?? 'tags'
  const [tags, followed, people, account] = await Promise.all([
    step === 'tags' ? popularTags(app, mostTags) : [], step === 'tags' ? followedTags(app, viewer) : [],
    step === 'people' ? suggestions(app, viewer, mostPeople) : [], step === 'picture' ? accountView(app, viewer.id) : null,
  ])
  const own = new Set(followed.map((tag) => tag.name))
  return {
    step, key: app.newId(), number: all.indexOf(step) + 1, count: all.length, skip: stepAfter(all, step), picturePolicy, people, avatarUrl: account?.avatarUrl ?? null,
    tags: tags.map((tag) => ({ ...tag, followed: own.has(tag.name) })), audience: viewer.defaultAudience === 'mentioned' ? 'members' as const : viewer.defaultAudience,
  }
}

/** What was chosen may be gone by now, or followed already: that stops nobody. */
const each = async (values: FormDataEntryValue[], most: number, verb: (value: string) => Promise<unknown>) => {
  for (const value of values.slice(0, most)) {
    if (typeof value === 'string') await verb(value).catch((error: unknown) => { if (!isHearthError(error)) throw error })
  }
}

async function goOn(app: HearthApp, viewer: Account, step: Step): Promise<never> {
  const next = stepAfter(stepsFor((await readSettings(app)).picturePolicy !== 'none'), step)
  if (!next) await markOnboarded(app, viewer)
  freshRail(app, viewer)
  redirect(303, next ?? '/')
}

export const actions: Actions = {
  tags: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    await each((await request.formData()).getAll('tag'), mostTags, (tag) => followTag(locals.app, viewer, tag))
    return goOn(locals.app, viewer, 'tags')
  },
  people: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    await each((await request.formData()).getAll('follow'), mostPeople, async (id) => isId(id) && follow(locals.app, viewer, id))
    return goOn(locals.app, viewer, 'people')
  },
  hello: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const text = textOf(data, 'text')
    const failure = text ? await tryForm(data, async () => {
      await createPost(locals.app, viewer, { text, audience: viewer.defaultAudience === 'mentioned' ? 'members' : viewer.defaultAudience, idempotencyKey: textOf(data, 'key').slice(0, 100) || undefined })
      return null
    }) : null
    return failure ?? goOn(locals.app, viewer, 'hello')
  },
  /** All of it, for now. */
  done: async ({ locals, url }: RequestEvent) => {
    const viewer = requireViewer(locals, url)
    await markOnboarded(locals.app, viewer)
    freshRail(locals.app, viewer)
    redirect(303, '/')
  },
}
