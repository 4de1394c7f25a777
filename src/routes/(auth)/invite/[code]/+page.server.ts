import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types.ts'

/** A short address for invitations. */
export const load: PageServerLoad = ({ params }) => redirect(303, `/signup?invitation=${encodeURIComponent(params.code)}`)
