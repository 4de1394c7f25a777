import { redirect } from '@sveltejs/kit'
import type { Account } from '#server/domain/accounts/index.ts'

/** Who reads about themselves here: members, and those who are suspended. */
export function whoReads(locals: App.Locals, url: URL): Account {
  const who = locals.viewer ?? locals.suspended
  if (who) return who
  redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`)
}
